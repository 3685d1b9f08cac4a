"""A document as text for the terminal: plain Unicode, or rich's `Text` with colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...errors import columns_of as width
from .document import Bullets, Document, Formulas, Grid, Heading, Inline, Math, Paragraph, Table

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["STYLES", "segments", "text", "text_coloured"]

Segment = tuple[str, str]
"""A piece of a line and its role."""

STYLES = {
    "value": "green", "gradient": "red", "local": "blue", "heading": "bold", "title": "bold",
    "quiet": "dim",
}  # fmt: skip
"""The terminal's style for each role; roles are told by position and sign as well."""


def segments(document: Document) -> Iterator[list[Segment]]:
    """Yield the lines of a document, each a list of pieces with their roles."""
    first = True
    for block in document.blocks:
        if isinstance(block, Heading):
            if not first:
                yield []
            role = "title" if block.level == 1 else "heading"
            yield [(piece, role) for piece, _ in _inline(block.parts)]
        elif isinstance(block, Paragraph):
            yield [("  " * block.indent, ""), *_inline(block.parts)]
        elif isinstance(block, Formulas):
            yield from _formulas(block)
        elif isinstance(block, Bullets):
            for item in block.items:
                yield [("  • ", ""), *_inline(item)]
        elif isinstance(block, Grid):
            yield from _grid(block)
        else:
            yield from _table(block)
        first = False


def _inline(parts: tuple[Inline, ...]) -> list[Segment]:
    return [(p.unicode, p.role) if isinstance(p, Math) else (p, "") for p in parts]


def _formulas(block: Formulas) -> Iterator[list[Segment]]:
    leads = max((width(lead) for lead, _, _ in block.lines), default=0)
    for lead, terms, remark in block.lines:
        line: list[Segment] = [("  " * block.indent, "")]
        if leads:
            line.append((lead + " " * (leads - width(lead) + 2), "quiet"))
        for i, term in enumerate(terms):
            if i:
                line.append((" = ", ""))
            line.append((term.unicode, term.role))
        if remark:
            line.append((f"   ({remark})", "quiet"))
        yield line


def _grid(block: Grid) -> Iterator[list[Segment]]:
    """Yield a matrix: the terms before its first row, its columns aligned at the right."""
    lead: list[Segment] = [("  " * block.indent, "")]
    for term in block.terms:
        lead += [(term.unicode, term.role), (" = ", "")]
    space = " " * sum(width(piece) for piece, _ in lead)
    columns = range(max(map(len, block.rows), default=0))
    widths = [max(width(row[i].unicode) for row in block.rows) for i in columns]
    for number, row in enumerate(block.rows):
        line = list(lead) if number == 0 else [(space, "")]
        line.append(("[ ", "quiet"))
        for i, entry in enumerate(row):
            gap = " " * (widths[i] - width(entry.unicode) + (2 if i else 0))
            line += [(gap, ""), (entry.unicode, entry.role)]
        line.append((" ]", "quiet"))
        if block.remark and number == len(block.rows) - 1:
            line.append((f"   ({block.remark})", "quiet"))
        yield line


def _table(block: Table) -> Iterator[list[Segment]]:
    cells = [[_inline(cell) for cell in row] for row in block.rows]
    widths = [width(header) for header in block.headers]
    for row in cells:
        for i, cell in enumerate(row):
            widths[i] = max(widths[i], sum(width(piece) for piece, _ in cell))
    header: list[Segment] = [("  ", "")]
    for i, title in enumerate(block.headers):
        header += _padded([(title, "quiet")], widths[i], i in block.right, i == len(widths) - 1)
    yield header
    yield [("  " + "  ".join("─" * w for w in widths), "quiet")]
    for row in cells:
        line: list[Segment] = [("  ", "")]
        for i, cell in enumerate(row):
            line += _padded(cell, widths[i], i in block.right, i == len(widths) - 1)
        yield line


def _padded(cell: list[Segment], to: int, right: bool, last: bool) -> list[Segment]:
    space = " " * (to - sum(width(piece) for piece, _ in cell))
    padded = [(space, ""), *cell] if right else [*cell, ("" if last else space, "")]
    return padded if last else [*padded, ("  ", "")]


def text(document: Document) -> str:
    """Return the document as plain text, lines ending in a newline, none with trailing blanks."""
    lines = ("".join(piece for piece, _ in line).rstrip() for line in segments(document))
    return "\n".join(lines) + "\n"


def text_coloured(document: Document) -> Text:
    """Return the document as rich's `Text`, with the colours of `STYLES`."""
    from rich.text import Text  # start-up time: only a terminal needs it

    whole = Text()
    for line in segments(document):
        for piece, role in line:
            whole.append(piece, STYLES.get(role))
        whole.append("\n")
    return whole
