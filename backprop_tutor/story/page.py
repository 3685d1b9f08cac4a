"""A story as one HTML file: the frames with a slider, and the still pictures with what they show.

The file loads nothing: its content security policy allows the one style and the one script that it
carries, by their hashes. The template escapes every text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..pages.filling import filled, resource
from ..pages.policy import hashed, policy
from ..render.stage.frame_pictures import pictures
from ..render.stage.marks import Mark, Words
from ..render.stage.page_colours import variables
from ..render.typesetting.fonts import FAMILY
from ..sentences import said, spoken

__all__ = ["Section", "Slides", "page"]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A still picture, its heading and what it shows; `wide` takes the page's whole width.

    `svg` is a picture's markup, made from escaped texts; the rest is text: `rows` of a table of names and
    what there is to say of each, and `text` that keeps its lines.
    """

    heading: str
    told: str
    svg: str = ""
    rows: Sequence[tuple[str, str]] = ()
    text: str = ""
    wide: bool = False

    @property
    def least(self) -> int:
        """Return the least width at which the picture's texts are legible, in px."""
        box = _BOX.search(self.svg)
        return _least_width(float(box[1]), map(float, _SIZE.findall(self.svg))) if box else 0


@dataclass(frozen=True, kw_only=True)
class Slides:
    """Frames that a slider goes through, each with its label."""

    frames: Sequence[Sequence[Mark]]
    labels: Sequence[str]
    size: tuple[float, float]
    told: str


_SIZE = re.compile(r'font-size="([0-9.]+)"')
_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ')
_LEAST = 11.0
"""No text of a picture is shown smaller, in px; a picture that would be is scrolled sideways."""


def _least_width(wide: float, sizes: Iterable[float]) -> int:
    """Return the width below which a picture's smallest text would not be legible."""
    return math.ceil(wide * _LEAST / min(sizes, default=_LEAST))


def _style(widths: Iterable[int]) -> str:
    own = filled("story/templates/story.css", widths=sorted(set(widths)))
    return variables() + own


def _slides(slides: Slides, title: str) -> dict[str, Any]:
    """Return what the slider's section says: sizes, words, the frames as JSON that may stand in a page."""
    found: dict[str, Any] = pictures(slides.frames, slides.size[0], title)
    held = {
        "marks": found["marks"],
        "steps": found["steps"],
        "labels": list(slides.labels),
        "play": said("play"),
        "pause": said("pause"),
    }
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    wide, high = slides.size
    sizes = (mark.size for frame in slides.frames for mark in frame if isinstance(mark, Words))
    return {
        "frames": text, "wide": f"{wide:g}", "high": f"{high:g}", "last": len(slides.frames) - 1,
        "told": slides.told, "family": FAMILY, "least": _least_width(wide, sizes),
    }  # fmt: skip


def page(
    title: str,
    lead: Sequence[str],
    sections: Sequence[Section],
    command: str,
    slides: Slides | None = None,
) -> str:
    """Return the whole page; `command` is what made it."""
    moving = None if slides is None else _slides(slides, title)
    code = f'(() => {{\n"use strict";\n{resource("story/story.js")}}})();\n' if moving else ""
    style = _style([moving["least"] if moving else 0, *(each.least for each in sections)])
    return filled(
        "story/templates/story.html",
        lang=spoken(), policy=policy(code, hashed(style)), title=title, style=style, lead=lead,
        sections=sections, slides=moving, command=command, code=code,
    )  # fmt: skip
