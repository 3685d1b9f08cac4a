"""Worksheets as HTML that prints well: no script, no network, one file for one student or for all."""

from __future__ import annotations

from collections.abc import Sequence

from ..pages.filling import filled
from ..pages.plain import shown_plainly
from ..pages.policy import STILL
from ..render.drawing.strips import Strip
from ..render.narration.html import mathml
from ..render.stage.page_colours import variables
from . import words
from .content import Page

__all__ = ["html_pages"]

_SCALE = 0.79
"""Px of paper a px of picture: 14 px become 8.3 pt."""

_PAPER = {"a4": "A4", "us-letter": "letter"}


def html_pages(
    pages: Sequence[Page], paper: str = "a4", answer_files: Sequence[str] = (), lang: str = "en"
) -> str:
    """Return worksheets as one HTML page; on paper each begins on a sheet of its own.

    Args:
        pages: the worksheets, or keys.
        paper: "a4" or "us-letter".
        answer_files: for each, the name of its answer file.
        lang: the language that is spoken, for screen readers and hyphens.
    """
    names = [*answer_files, *[""] * len(pages)]
    first = pages[0]
    title = first.heading
    if len(pages) == 1 and first.student.label:
        title += f": {first.student.label}"
    return filled(
        "worksheets/templates/worksheets.html",
        lang=lang, policy=STILL, style=variables() + _own_style(_PAPER[paper]), title=shown_plainly(title),
        pages=list(zip(pages, names, strict=False)), words=words, displayed=_displayed, strip=_strip,
    )  # fmt: skip


def _own_style(paper: str) -> str:
    return filled("worksheets/templates/worksheets.css", paper=paper)


def _displayed(formula: str) -> str:
    """Return a formula as MathML with fractions at their full size."""
    return mathml(formula).replace("<math", '<math displaystyle="true"', 1)


def _strip(strip: Strip, prefix: str) -> dict[str, str]:
    """Return a strip's picture, its ids apart from those of others on the page, and its width on paper."""
    return {"svg": strip.svg.replace(' id="', f' id="{prefix}'), "width": f"{_SCALE * strip.width:.0f}px"}
