"""One self-contained HTML file: its template, with style, script and data put in.

Enters: a derivation's data, picture and rules. Leaves: a `LessonPage`. The file loads nothing: its
content security policy allows the one style and the one script that it carries, by their hashes, and
no request at all. Style and script are the files beside this one, put together in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from ..files import write_whole
from ..pages.filling import filled, resource
from ..pages.policy import hashed, policy
from ..render.drawing.circuit import MOST_NODES
from ..render.drawing.diagram import Diagram, Drawn
from ..render.drawing.embedding import framed
from ..render.stage.page_colours import variables
from ..translation import speaking
from .javascript import functions
from .keyed import keyed

__all__ = ["ARRAYS", "NUMBERS", "LessonPage", "page"]

_FIRST = ("kernel.js", "numbers.js")
_SHARED = ("formula.js", "marking.js", "state.js", "quantities.js", "frames.js", "flow.js")
_LAST = ("framed.js", "scrolled.js", "telling.js", "answers-file.js", "controls.js", "listing.js",
         "curve.js", "course.js")

NUMBERS = (
    *_FIRST, "evaluator.js", *_SHARED, "judging.js", "found.js", "frame-numbers.js", "rows.js",
    "picture.js", "explanation.js", "layer-tables.js", "neuron-steps.js", "closer.js", *_LAST,
    "sheet-parts.js", "hints.js", "practice.js", "guesses.js", "asking.js", "review.js", "play.js",
    "edit-in-place.js", "start.js",
)  # fmt: skip
"""The script of a page of single numbers, in order; each file uses what those before it define."""

ARRAYS = (
    *_FIRST, "array-evaluator.js", *_SHARED, "array-found.js", "array-tables.js", "array-sums.js",
    "array-explanation.js", "array-picture.js", "array-closer.js", *_LAST, "sheet-parts.js",
    "array-judging.js", "array-practice.js", "array-sheet.js", "guesses.js", "array-predicting.js",
    "array-play.js", "array-start.js",
)  # fmt: skip
"""The script of a page of vectors and matrices, in order."""


@dataclass(frozen=True)
class LessonPage:
    """A lesson as one HTML file: `.html` is its text, `.save(path)` writes it; notebooks show it."""

    html: str
    title: str
    lang: str = "en"
    first: Diagram | None = field(default=None, repr=False, compare=False)
    """The picture before the first step, for a notebook that runs no scripts."""

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the page, whole or not at all, and return its path.

        Raises:
            FileError: the place cannot be written.
        """
        return write_whole(path, self.html)

    def __repr__(self) -> str:
        return f"<LessonPage {self.title!r}, {len(self.html.encode()) / 1000:.0f} kB>"

    def _repr_html_(self) -> str:
        with speaking(self.lang):
            return framed(self.html, self.title, 720, "" if self.first is None else self.first.svg)


@cache
def _style() -> str:
    return variables(themed=True) + _own("lesson.css") + _own("scales.css")


def _own(name: str) -> str:
    return resource(f"lesson/{name}")


def script(rules: str, names: Sequence[str] = NUMBERS) -> str:
    """Return the page's whole script, with the rules of the graph's operations."""
    parts = "\n".join(_own(name) for name in names)
    table = f"const RULES = {rules};\nconst FUNCTIONS = {functions()};"
    return f'(() => {{\n"use strict";\n{table}\n{parts}\n}})();\n'


def page(
    data: Mapping[str, Any], svg: str, rules: str, theme: str, plate: Drawn, names: Sequence[str] = NUMBERS
) -> LessonPage:
    """Return the page for a lesson's data; `plate` draws the pictures of the scale at which it opens."""
    words, title = data["words"], data["title"]
    style, code = _style(), script(rules, names)
    key, text = keyed(data)
    html = filled(
        "lesson/templates/lesson.html",
        lang=data["lang"], theme=theme, policy=policy(code, hashed(style)), title=title, style=style,
        words=words, svg=svg, key=key, text=text, code=code,
    )  # fmt: skip
    first = Diagram(plate, 0) if len(data["nodes"]) <= MOST_NODES else None
    return LessonPage(html, title, data["lang"], first)
