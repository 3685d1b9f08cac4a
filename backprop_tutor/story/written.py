"""A story put into a folder: the page, the animation, and every still picture as SVG and PNG.

Enters: a view and a folder. Leaves: the paths. Everything is drawn before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from ..charts.moving import gif_bytes
from ..charts.picture import Picture
from ..files import folder as make_folder
from ..files import write_whole
from ..sentences import said
from .frames import SIZE, parts
from .page import Slides, page
from .told import lead, stills
from .view import View

__all__ = ["write_all", "write_story"]


def write_story(
    view: View, folder: str | Path, command: str, leave: Iterable[str] = ()
) -> list[Path]:
    """Write story.html, story.gif, story.svg and .png (the last frame) and each still; return their paths.

    `leave` are names of stills that are not written. Without Pillow there is no story.gif.

    Raises:
        FileError: the folder or a file cannot be written.
    """
    shown = [parts(view, place) for place in range(view.count)]
    frames = [tuple(mark for part in each for mark in part.marks) for each in shown]
    title = said("{name}: the story of a training", name=view.table.name)
    found = stills(view)
    labels = [
        said("before the training")
        if moment.epoch == 0
        else said("epoch {epoch}", epoch=moment.epoch)
        for moment in view.course.moments
    ]
    slides = Slides(
        frames=frames,
        labels=labels,
        size=SIZE,
        told=said("All of it over the training: move the slider. Pale lines are still to come."),
    )
    texts: dict[str, str | bytes] = {
        "story.html": page(title, lead(view), [each.section for each in found], command, slides)
    }
    if find_spec("PIL") is not None:
        texts["story.gif"] = gif_bytes(shown, SIZE)
    whole = Picture(marks=frames[-1], size=SIZE, title=title)
    texts |= {"story.svg": whole.svg, "story.png": whole.png()}
    for each in found:
        if each.name in leave:
            continue
        texts[f"{each.name}.svg"] = each.section.svg
        draw = each.picture.png if each.picture is not None else each.png
        if draw is not None:
            texts[f"{each.name}.png"] = draw()
    return write_all(texts, folder)


def write_all(texts: dict[str, str | bytes], folder: str | Path) -> list[Path]:
    """Write files into a folder, which is made if it is not there; return their paths."""
    place = make_folder(folder)
    return [write_whole(place / name, data) for name, data in texts.items()]
