"""Korean particles in documents: `을(를)` becomes 을 or 를 by what stands before, formulas included."""

from __future__ import annotations

from dataclasses import replace

from ...particles import agreed_text
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
    Table,
)

__all__ = ["agreed", "agreed_parts"]


def agreed_parts(parts: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return a line with its particles chosen, those behind formulas too."""
    out: list[Inline] = []
    before = ""
    for part in parts:
        if isinstance(part, Math):
            out.append(part)
            before = part.unicode
        else:
            chosen = agreed_text(part, before)
            out.append(chosen)
            before += chosen
    return tuple(out)


def agreed(document: Document) -> Document:
    """Return a document with every particle chosen."""
    return Document(tuple(_block(block) for block in document.blocks))


def _block(block: Block) -> Block:
    if isinstance(block, Heading):
        return Heading(block.level, agreed_parts(block.parts))
    if isinstance(block, Paragraph):
        return Paragraph(agreed_parts(block.parts), block.indent)
    if isinstance(block, Bullets):
        return Bullets(tuple(agreed_parts(item) for item in block.items))
    if isinstance(block, Formulas):
        lines = tuple((agreed_text(a), terms, agreed_text(b)) for a, terms, b in block.lines)
        return Formulas(lines, block.indent)
    if isinstance(block, Grid):
        return replace(block, remark=agreed_text(block.remark))
    rows = tuple(tuple(agreed_parts(cell) for cell in row) for row in block.rows)
    return Table(tuple(map(agreed_text, block.headers)), rows, block.right)
