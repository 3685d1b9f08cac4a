"""A marked sheet as HTML, for a notebook's output cell."""

from __future__ import annotations

from collections.abc import Iterable

from ...render.narration.document import Block, Document, Heading, Paragraph, Table
from ...render.narration.html import html
from ...translation import sentence as _
from .statuses import Verdict

__all__ = ["marked_html"]


def marked_html(
    cells: Iterable[tuple[str, str, Verdict, str]], score: float, notes: Iterable[str]
) -> str:
    """Return a marked sheet as a table.

    Args:
        cells: the quantity, what was answered, the verdict and why, for each cell.
        score: the share of the points, from 0 to 1.
        notes: remarks that stand below.
    """
    rows = tuple(
        ((quantity,), (given or "–",), (verdict.shown,), (why,))
        for quantity, given, verdict, why in cells
    )
    headers = (_("quantity"), _("answer"), _("verdict"), _("why"))
    reached = _("score {share}").format(share=f"{score:.0%}")
    blocks: list[Block] = [Heading(4, (reached,)), Table(headers, rows)]
    blocks += [Paragraph((note,)) for note in notes]
    return html(Document(tuple(blocks)))
