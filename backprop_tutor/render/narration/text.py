"""A document as text for the terminal: plain Unicode, or rich's `Text` with colours.

With a width no line is wider: prose is broken between words, formulas before an equals sign, and a table
that does not fit becomes a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...errors import columns_of as width
from .document import (
    Block,
    Bullets,
    Document,
    Formulas,
    Grid,
    Heading,
    Inline,
    Math,
    Paragraph,
)
from .folding import Segment, columns, folded, hang_of

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["STYLES", "laid_out", "segments", "text", "text_coloured"]

Line = list[Segment]
Cell = list[Segment]

STYLES = {
    "value": "green", "gradient": "red", "local": "blue", "heading": "bold", "title": "bold",
    "quiet": "dim",
}  # fmt: skip
"""The terminal's style for each role; roles are told by position and sign as well."""


def segments(document: Document, most: int | None = None) -> Iterator[Line]:
    """Yield the lines of a document, each a list of pieces with their roles.

    Args:
        document: the document.
        most: the columns there are; None for lines as long as they are.
    """
    for number, block in enumerate(document.blocks):
        if isinstance(block, Heading) and number:
            yield []
        for line in _block(block, most):
            if most is None or columns(line) <= most:
                yield line
            else:
                yield from folded(line, most, hang_of("".join(piece for piece, _ in line)))


def _block(block: Block, most: int | None) -> Iterator[Line]:
    if isinstance(block, Heading):
        role = "title" if block.level == 1 else "heading"
        yield [(piece, role) for piece, _ in _inline(block.parts)]
    elif isinstance(block, Paragraph):
        yield [("  " * block.indent, ""), *_inline(block.parts)]
    elif isinstance(block, Formulas):
        yield from _formulas(block, most)
    elif isinstance(block, Bullets):
        for item in block.items:
            yield [("  • ", ""), *_inline(item)]
    elif isinstance(block, Grid):
        yield from _grid(block, most)
    else:
        cells = [[_inline(cell) for cell in row] for row in block.rows]
        yield from _table([(head, "quiet") for head in block.headers], cells, block.right, most)


def _inline(parts: tuple[Inline, ...]) -> list[Segment]:
    return [(p.unicode, p.role) if isinstance(p, Math) else (p, "") for p in parts]


def _formulas(block: Formulas, most: int | None) -> Iterator[Line]:
    leads = max((width(lead) for lead, _, _ in block.lines), default=0)
    for lead, terms, remark in block.lines:
        start: Line = [("  " * block.indent, "")]
        if leads:
            start.append((lead + " " * (leads - width(lead) + 2), "quiet"))
        line = [*start, *_equated(terms)]
        whole = most is None or columns(line) <= most
        lines = [line] if whole or most is None else list(_chain(start, terms, most))
        told = [(f"   ({remark})", "quiet")] if remark else []
        if most is not None and columns([*lines[-1], *told]) > most:
            yield from lines
            hang = columns(start)
            yield from folded([(" " * hang, ""), (f"({remark})", "quiet")], most, hang)
        else:
            yield from lines[:-1]
            yield [*lines[-1], *told]


def _equated(terms: tuple[Math, ...]) -> Line:
    found: Line = []
    for i, term in enumerate(terms):
        found += [(" = ", "")] if i else []
        found.append((term.unicode, term.role))
    return found


def _chain(start: Line, terms: tuple[Math, ...], most: int) -> Iterator[Line]:
    """Yield a chain of equal terms, each on a line of its own, the equals signs below each other."""
    first, *others = terms
    at = columns(start) + width(first.unicode) + 1
    if at > most // 2:
        at = columns(start) + 2
    line = [*start, (first.unicode, first.role)]
    for number, term in enumerate(others):
        if number or columns(line) >= at:
            yield from folded(line, most, at + 2)
            line = [(" " * at, "")]
        else:
            line.append((" ", ""))
        line += [("= ", ""), (term.unicode, term.role)]
    yield from folded(line, most, at + 2)


def _grid(block: Grid, most: int | None) -> Iterator[Line]:
    """Yield a matrix: the terms before its first row, its columns aligned at the right.

    The terms have a line of their own where there is no room for both.
    """
    lead: Line = [("  " * block.indent, "")]
    for term in block.terms:
        lead += [(term.unicode, term.role), (" = ", "")]
    space = " " * columns(lead)
    places = range(max(map(len, block.rows), default=0))
    widths = [max(width(row[i].unicode) for row in block.rows) for i in places]
    if most is not None and columns(lead) + sum(widths) + 2 * len(widths) + 2 > most:
        yield [*lead[:-1], (" =", "")] if block.terms else lead
        space = "  " * (block.indent + 1)
        lead = [(space, "")]
    for number, row in enumerate(block.rows):
        line = list(lead) if number == 0 else [(space, "")]
        line.append(("[ ", "quiet"))
        for i, entry in enumerate(row):
            gap = " " * (widths[i] - width(entry.unicode) + (2 if i else 0))
            line += [(gap, ""), (entry.unicode, entry.role)]
        line.append((" ]", "quiet"))
        if block.remark and number == len(block.rows) - 1:
            line.append((f"   ({block.remark})", "quiet"))
        if most is None:
            yield line
        else:
            yield from folded(line, most, width(space) + 2)


def _table(
    heads: list[Segment], rows: list[list[Cell]], right: frozenset[int], most: int | None
) -> Iterator[Line]:
    widths = [width(head) for head, _ in heads]
    for row in rows:
        for i, cell in enumerate(row):
            widths[i] = max(widths[i], columns(cell))
    if most is not None and 2 * len(widths) + sum(widths) > most:
        yield from _as_list(heads, rows, most)
        return
    yield [("  ", ""), *_row([[head] for head in heads], widths, right)]
    yield [("  " + "  ".join("─" * w for w in widths), "quiet")]
    for row in rows:
        yield [("  ", ""), *_row(row, widths, right)]


def _as_list(heads: list[Segment], rows: list[list[Cell]], most: int, indent: str = "  ") -> Iterator[Line]:
    """Yield the rows of a table one below the other: the first cell, then each other behind its head."""
    named = max((width(head) for head, _ in heads[1:]), default=0)
    for row in rows:
        title, *others = row
        yield from folded([(indent, ""), (f"{heads[0][0]} " if heads[0][0] else "", "quiet"), *title],
                          most, width(indent) + 2)  # fmt: skip
        for (head, role), cell in zip(heads[1:], others, strict=True):
            if columns(cell):
                lead = f"{indent}  {head}" + " " * (named - width(head) + 2)
                yield from folded([(lead, role), *cell], most, width(lead))


def _row(cells: list[Cell], widths: list[int], right: frozenset[int]) -> Line:
    found: Line = []
    for i, cell in enumerate(cells):
        space = " " * (widths[i] - columns(cell))
        last = i == len(widths) - 1
        found += [(space, ""), *cell] if i in right else [*cell, ("" if last else space, "")]
        found += [] if last else [("  ", "")]
    return found


def laid_out(rows: list[tuple[str, ...]], left: frozenset[int], most: int | None) -> str:
    """Return rows of which the first is the head as columns, those in `left` to the left, or as a list."""
    heads, *others = rows
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    cells = [[[(text, "")] for text in row] for row in others]
    if most is not None and sum(widths) + 2 * len(widths) - 2 > most:
        lines = list(_as_list([(head, "") for head in heads], cells, most, ""))
    else:
        right = frozenset(range(len(heads))) - left
        lines = [_row(row, widths, right) for row in [[[(head, "")] for head in heads], *cells]]
    return "\n".join("".join(piece for piece, _ in line).rstrip() for line in lines)


def text(document: Document, most: int | None = None) -> str:
    """Return the document as plain text, lines ending in a newline, none with trailing blanks.

    Args:
        document: the document.
        most: the columns there are; None for lines as long as they are.
    """
    lines = ("".join(piece for piece, _ in line).rstrip() for line in segments(document, most))
    return "\n".join(lines) + "\n"


def text_coloured(document: Document, most: int | None = None) -> Text:
    """Return the document as rich's `Text`, with the colours of `STYLES`; `most` as in `text`."""
    from rich.text import Text  # start-up time: only a terminal needs it

    whole = Text()
    for line in segments(document, most):
        for piece, role in line:
            whole.append(piece, STYLES.get(role))
        whole.append("\n")
    return whole
