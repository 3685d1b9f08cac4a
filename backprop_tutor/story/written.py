"""A story put into a folder: the page, the animation, and every still picture as SVG and PNG.

Enters: a view and a folder. Leaves: the paths. Everything is drawn before anything is written; what
needs a font that this system lacks is left out, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from ..charts.moving import gif_bytes
from ..charts.picture import Picture
from ..files import folder as make_folder
from ..files import write_whole
from ..render.typesetting.raster import MissingFontError
from ..sentences import said
from .frames import SIZE, parts
from .page import Slides, page
from .told import lead, stills
from .view import View

__all__ = ["Content", "Written", "of_pictures", "write_all", "write_story"]

Content = str | bytes | Callable[[], bytes]
"""What a file holds, or, of pixels, how they are drawn."""


class Written(NamedTuple):
    """What was written, and a remark on what could not be; empty where all is there."""

    paths: list[Path]
    remark: str


def write_story(
    view: View, folder: str | Path, command: str, leave: Iterable[str] = ()
) -> Written:
    """Write story.html, story.gif, story.svg and .png (the last frame) and each still.

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
    texts: dict[str, Content] = {
        "story.html": page(title, lead(view), [each.section for each in found], command, slides)
    }
    if find_spec("PIL") is not None:
        texts["story.gif"] = partial(gif_bytes, shown, SIZE)
    whole = Picture(marks=frames[-1], size=SIZE, title=title)
    texts |= of_pictures({"story": whole})
    for each in found:
        if each.name in leave:
            continue
        texts[f"{each.name}.svg"] = each.section.svg
        draw = each.picture.png if each.picture is not None else each.png
        if draw is not None:
            texts[f"{each.name}.png"] = draw
    return write_all(texts, folder)


def of_pictures(pictures: Mapping[str, Picture]) -> dict[str, Content]:
    """Return each picture as name.svg and name.png."""
    files: dict[str, Content] = {}
    for name, picture in pictures.items():
        files |= {f"{name}.svg": picture.svg, f"{name}.png": picture.png}
    return files


def write_all(texts: Mapping[str, Content], folder: str | Path) -> Written:
    """Write files into a folder, which is made if it is not there.

    Pixels that need a font which this system lacks are left out; pictures of lines and pages are not.

    Raises:
        FileError: the folder or a file cannot be written.
    """
    place = make_folder(folder)
    drawn: dict[str, str | bytes] = {}
    left_out: list[str] = []
    reason = ""
    for name, content in texts.items():
        try:
            drawn[name] = content() if callable(content) else content
        except MissingFontError as error:
            left_out.append(name)
            reason = reason or str(error)
    remark = said("left out: {files}: {reason}", files=", ".join(left_out), reason=reason)
    return Written(
        [write_whole(place / name, data) for name, data in drawn.items()], remark if left_out else ""
    )
