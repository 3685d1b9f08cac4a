"""Tables and listings that notebooks show, as HTML: everything in them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .pages.filling import filled

__all__ = ["listing", "table"]


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """Return an HTML table.

    >>> table(["x"], [["<1>"]])
    '<table><thead><tr><th>x</th></tr></thead><tbody><tr><td>&lt;1&gt;</td></tr></tbody></table>'
    """
    shown = ([str(cell) for cell in row] for row in rows)
    return filled("pages/templates/table.html", headers=headers, rows=shown, caption=caption)


def listing(text: str, *, wrapped: bool = False) -> str:
    """Return text of several lines as HTML; `wrapped` breaks lines that are longer than the cell.

    >>> listing("a < b")
    '<pre>a &lt; b</pre>'
    """
    return filled("pages/templates/listing.html", text=text, wrapped=wrapped)
