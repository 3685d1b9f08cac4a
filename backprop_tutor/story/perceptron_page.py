"""The perceptron's story as files: the page with its slider, the animation, the last picture.

Enters: courses of tables. Leaves: texts by their files' names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec

from ..charts.moving import Part, gif_bytes
from ..charts.picture import Picture
from ..sentences import said
from .page import Slides, page
from .perceptron import Learnt, shown_places
from .perceptron_pictures import ending, frame, frame_size
from .written import Content, of_pictures

__all__ = ["perceptron_files", "perceptron_lines"]

_MOST = 60


def perceptron_lines(found: Sequence[Learnt]) -> list[str]:
    """Return what is said of each table: how its training ended."""
    return [f"{each.table.name}: {ending(each)}" for each in found]


def perceptron_files(
    found: Sequence[Learnt], command: str, count: int = _MOST
) -> dict[str, Content]:
    """Return story.html, story.gif (with Pillow), story.svg and story.png."""
    places = shown_places(found, count)
    frames = [frame(found, place) for place in places]
    size = frame_size(found)
    title = said("the perceptron: {names}", names=", ".join(each.table.name for each in found))
    labels = [said("before the first row") if not n else said("mistake {n}", n=n) for n in places]
    told = said(
        "The line where w·x + b = 0, after each mistake. The ring is the row that was told wrong."
    )
    rule = said(
        "Labels are −1 and 1, the answer is the sign of w·x + b, and all begins at 0. Rows are taken in "
        "order; where y·(w·x + b) is not above 0 the rule is w ← w + y·x and b ← b + y."
    )
    slides = Slides(frames=frames, labels=labels, size=size, told=told)
    whole = Picture(marks=frames[-1], size=size, title=title)
    files: dict[str, Content] = {
        "story.html": page(title, [rule, *perceptron_lines(found)], [], command, slides),
        **of_pictures({"story": whole}),
    }
    if find_spec("PIL") is not None:
        moving = [[Part(area=(0, 0, *size), marks=each)] for each in frames]
        files["story.gif"] = partial(gif_bytes, moving, size, seconds=0.9)
    return files
