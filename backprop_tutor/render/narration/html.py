"""A document as HTML with MathML: a fragment for a page or a notebook, with nothing that runs.

Formulas become MathML by latex2mathml, which every browser draws without a script. Prose is escaped
here and nowhere else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert

from .document import (
    Bullets,
    Document,
    Formulas,
    Grid,
    Heading,
    Inline,
    Math,
    Paragraph,
    Table,
    grid_latex,
)

__all__ = ["STYLE", "html", "mathml", "mathml_row"]

STYLE = (
    ".backprop-text{font-family:system-ui,sans-serif;line-height:1.5;max-width:60rem}"
    ".backprop-text table{border-collapse:collapse;margin:.5em 0}"
    ".backprop-text th,.backprop-text td{padding:.15em .7em;border-bottom:1px solid #8886;text-align:left}"
    ".backprop-text .right{text-align:right}"
    ".backprop-text .formulas{display:grid;grid-template-columns:max-content 1fr;"
    "gap:.2em 1em;margin:.4em 0}"
    ".backprop-text .remark,.backprop-text .lead{opacity:.75}"
    ".backprop-text .value{color:#007a00}.backprop-text .gradient{color:#c00000}"
    ".backprop-text .local{color:#1f5fbf}"
    "@media (prefers-color-scheme:dark){.backprop-text .value{color:#6fd08c}"
    ".backprop-text .gradient{color:#ff8a80}.backprop-text .local{color:#7db3ff}}"
)
"""The style of a fragment; its rules reach nothing outside `.backprop-text`."""

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


def _inline(parts: tuple[Inline, ...]) -> str:
    return "".join(
        mathml(part.latex, part.role) if isinstance(part, Math) else escape(part) for part in parts
    )


def _formulas(block: Formulas) -> str:
    rows = []
    for lead, terms, remark in block.lines:
        chain = "<math><mo>=</mo></math>".join(mathml(term.latex, term.role) for term in terms)
        tail = f' <span class="remark">({escape(remark)})</span>' if remark else ""
        rows.append(f'<span class="lead">{escape(lead)}</span><span>{chain}{tail}</span>')
    return f'<div class="formulas">{"".join(rows)}</div>'


def _table(block: Table) -> str:
    def cell(tag: str, place: int, content: str) -> str:
        side = ' class="right"' if place in block.right else ""
        return f"<{tag}{side}>{content}</{tag}>"

    head = "".join(cell("th", i, escape(text)) for i, text in enumerate(block.headers))
    rows = "".join(
        "<tr>" + "".join(cell("td", i, _inline(parts)) for i, parts in enumerate(row)) + "</tr>"
        for row in block.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def html(document: Document, top: int = 1) -> str:
    """Return the document as a `<div>`; its title is a heading of level `top`."""
    out = []
    for block in document.blocks:
        if isinstance(block, Heading):
            level = min(block.level + top - 1, 6)
            out.append(f"<h{level}>{_inline(block.parts)}</h{level}>")
        elif isinstance(block, Paragraph):
            out.append(f"<p>{_inline(block.parts)}</p>")
        elif isinstance(block, Formulas):
            out.append(_formulas(block))
        elif isinstance(block, Bullets):
            items = "".join(f"<li>{_inline(item)}</li>" for item in block.items)
            out.append(f"<ul>{items}</ul>")
        elif isinstance(block, Grid):
            tail = f' <span class="remark">({escape(block.remark)})</span>' if block.remark else ""
            out.append(f"<p>{mathml(grid_latex(block))}{tail}</p>")
        else:
            out.append(_table(block))
    return f'<div class="backprop-text"><style>{STYLE}</style>{"".join(out)}</div>\n'
