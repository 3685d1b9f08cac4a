"""A document as HTML with MathML: a fragment for a page or a notebook, with nothing that runs.

Formulas become MathML by latex2mathml, which every browser draws without a script. Prose is escaped by
the template.
"""

from __future__ import annotations

import re
from functools import lru_cache

from latex2mathml.converter import convert

from ...pages.filling import filled, resource
from .document import Document, grid_latex

__all__ = ["html", "mathml", "mathml_row"]

_OUTER = re.compile(r"\A<math[^>]*>(.*)</math>\Z", re.DOTALL)
_SPELLED = re.compile(r'(?:<mi mathvariant="normal">(?:\w|&#x0005F;)</mi>|<mn>\d+</mn>){2,}')


_FENCE = re.compile(r'<mo stretchy="true" fence="true" form="(prefix|postfix)">')
_TALL = re.compile(r"<m(?:frac|sqrt|root|table|under|over|underover)\b")

_SIGN = re.compile(r'(\A(?:<mrow>)*|<mo [^>]*form="prefix">[^<]*</mo>)<mo>&#x02212;</mo>')
"""A minus that nothing stands before: a sign, set close to its number."""


def _plain_brackets(row: str) -> str:
    """Return a row whose brackets stretch only about what is tall.

    Without a mathematics font a browser scales brackets that may stretch, far beyond what they hold.
    """
    open_: list[tuple[int, bool]] = []
    plain: set[int] = set()
    end = 0
    for match in _FENCE.finditer(row):
        if open_ and _TALL.search(row, end, match.start()):
            open_[-1] = open_[-1][0], True
        end = match.end()
        if match.group(1) == "prefix":
            open_.append((match.start(), False))
        elif open_:
            start, tall = open_.pop()
            if tall and open_:
                open_[-1] = open_[-1][0], True
            if not tall:
                plain |= {start, match.start()}
    return _FENCE.sub(lambda m: m[0].replace("true", "false", 1) if m.start() in plain else m[0], row)


def _word(match: re.Match[str]) -> str:
    letters = re.sub(r"<[^>]*>", "", match.group()).replace("&#x0005F;", "_")
    return f'<mi mathvariant="normal">{letters}</mi>'


@lru_cache(maxsize=16384)
def mathml_row(latex: str) -> str:
    """Return a formula as MathML without the `<math>` around it.

    >>> mathml_row("x")
    '<mi>x</mi>'
    """
    match = _OUTER.match(convert(latex))
    inner = match.group(1) if match else ""
    # A name of several letters is one identifier, not a product of letters.
    inner = _plain_brackets(_SPELLED.sub(_word, inner))
    inner = _SIGN.sub(r'\1<mo form="prefix">&#x02212;</mo>', inner)
    if inner.startswith("<mrow>") and inner.endswith("</mrow>") and inner.count("<mrow>") == 1:
        return inner[6:-7]
    return inner


def mathml(latex: str, role: str = "") -> str:
    """Return a formula as a MathML element; `role` becomes its class."""
    kind = f' class="{role}"' if role else ""
    return f"<math{kind}>{mathml_row(latex)}</math>"


def html(document: Document, top: int = 1) -> str:
    """Return the document as a `<div>`; its title is a heading of level `top`."""
    blocks = [(type(block).__name__, block) for block in document.blocks]
    return filled(
        "render/narration/templates/document.html",
        blocks=blocks, top=top, style=resource("render/narration/document.css"), mathml=mathml,
        grid_latex=grid_latex,
    )  # fmt: skip
