"""A marked sheet as HTML, for a notebook's output cell."""

from __future__ import annotations

from ..render.document import Block, Document, Heading, Paragraph, Table
from ..render.html import html
from ..translation import sentence as _
from .reports.wording import VERDICTS
from .verdicts import Marking

__all__ = ["marking_html"]


def marking_html(marking: Marking) -> str:
    """Return a marked sheet as a table: what was answered, the verdict, and why."""
    rows = tuple(
        ((cell.quantity,), (cell.given or "–",), (VERDICTS[cell.status].shown,), (cell.sentence,))
        for cell in marking.cells.values()
    )
    headers = (_("quantity"), _("answer"), _("verdict"), _("why"))
    score = _("score {share}").format(share=f"{marking.score:.0%}")
    blocks: list[Block] = [Heading(4, (score,)), Table(headers, rows)]
    blocks += [Paragraph((note,)) for note in marking.notes]
    return html(Document(tuple(blocks)))
