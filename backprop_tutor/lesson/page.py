"""One self-contained HTML file: its skeleton, with style, script and data put in.

Enters: a derivation's data, picture and rules. Leaves: a `LessonPage`. The file loads nothing: its
content security policy allows the one style and the one script that it carries, by their hashes, and
no request at all. Style and script are the files beside this one, put together in order.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

from ..files import write_whole
from ..render.drawing.embedding import framed
from .javascript import functions
from .keyed import keyed
from .picture import theme_rules

__all__ = ["ARRAYS", "NUMBERS", "LessonPage", "page", "policy", "resource", "script_hash"]

_FIRST = ("kernel.js", "numbers.js")
_SHARED = ("formula.js", "marking.js", "state.js", "frames.js", "flow.js")
_LAST = ("framed.js", "telling.js", "answers-file.js", "controls.js", "curve.js", "course.js")

NUMBERS = (
    *_FIRST, "evaluator.js", *_SHARED, "found.js", "frame-numbers.js", "picture.js", "explanation.js",
    "neuron-steps.js", "closer.js", *_LAST, "hints.js", "practice.js", "asking.js",
    "review.js", "play.js", "edit-in-place.js", "start.js",
)  # fmt: skip
"""The script of a page of single numbers, in order; each file uses what those before it define."""

ARRAYS = (
    *_FIRST, "array-evaluator.js", *_SHARED, "array-found.js", "array-tables.js", "array-sums.js",
    "array-explanation.js", "array-picture.js", "array-closer.js", *_LAST, "array-judging.js",
    "array-practice.js", "array-sheet.js", "array-play.js", "array-start.js",
)  # fmt: skip
"""The script of a page of vectors and matrices, in order."""

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class LessonPage:
    """A lesson as one HTML file: `.html` is its text, `.save(path)` writes it; notebooks show it."""

    html: str
    title: str

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the page, whole or not at all, and return its path.

        Raises:
            FileError: the place cannot be written.
        """
        return write_whole(path, self.html)

    def __repr__(self) -> str:
        return f"<LessonPage {self.title!r}, {len(self.html.encode()) / 1000:.0f} kB>"

    def _repr_html_(self) -> str:
        return framed(self.html, self.title, 720)


@cache
def resource(name: str) -> str:
    """Return one of the files of styles and scripts beside this one."""
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    return theme_rules() + resource("lesson.css") + resource("scales.css")


def script_hash(text: str) -> str:
    """Return the hash by which a content security policy names a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def policy(code: str, styles: str) -> str:
    """Return the content security policy of a page: its one script, its styles, and no request."""
    return (
        f"default-src 'none'; script-src '{script_hash(code)}'; style-src {styles}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def script(rules: str, names: Sequence[str] = NUMBERS) -> str:
    """Return the page's whole script, with the rules of the graph's operations."""
    parts = "\n".join(resource(name) for name in names)
    table = f"const RULES = {rules};\nconst FUNCTIONS = {functions()};"
    return f'(() => {{\n"use strict";\n{table}\n{parts}\n}})();\n'


def page(
    data: Mapping[str, Any], svg: str, rules: str, theme: str, names: Sequence[str] = NUMBERS
) -> LessonPage:
    """Return the page for a lesson's data."""
    words, title = data["words"], data["title"]
    style, code = _style(), script(rules, names)
    key, text = keyed(data)
    chosen = "" if theme == "auto" else f' data-theme="{theme}"'
    html = _SKELETON.format(
        lang=escape(data["lang"]), chosen=chosen, policy=policy(code, f"'{script_hash(style)}'"),
        title=escape(title), style=style,
        skip=escape(words["skip"]), noscript=escape(words["no-script"]),
        picture=escape(words["picture"]), svg=svg, key=key, text=text, code=code,
    )  # fmt: skip
    return LessonPage(html, title)


_SKELETON = """<!DOCTYPE html>
<html lang="{lang}"{chosen}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#explanation">{skip}</a>
<header id="top"></header>
<main id="main">
<section id="picture" aria-label="{picture}"><div id="canvas">{svg}</div></section>
<noscript><p>{noscript}</p></noscript>
</main>
<div id="speech" class="unseen" aria-live="polite"></div>
<script type="text/plain" id="lesson-key">{key}</script>
<script type="text/plain" id="lesson-data">{text}</script>
<script>{code}</script>
</body>
</html>
"""
