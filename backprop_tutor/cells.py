"""Tables, listings and pictures that notebooks show, as HTML: everything in them is escaped.

A notebook that is not trusted takes scripts, frames, SVG and MathML out of HTML; tables and
images stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape
from urllib.parse import quote

from .pages.filling import filled

__all__ = ["image", "listing", "table"]

_TOLD = re.compile(r"<(?:title|desc)[^>]*>([^<]*)</(?:title|desc)>")
_PLAIN = " =:/?;,()!*@$+~"
"""What stands in an address as it is, beside letters and digits."""


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


def image(svg: str) -> str:
    """Return a picture, given as SVG text, as an image that scrolls where it is wider than its cell.

    Its title and its description are told in place of it. As an image it is shown where a notebook is not
    trusted, too, and its ids and styles are its own.

    >>> image('<svg><title>A &amp; B</title></svg>')[:58]
    '<div style="overflow-x:auto"><img alt="A &amp; B" style="m'
    """
    told = ". ".join(unescape(part).strip(" .") for part in _TOLD.findall(svg.split("<g", 1)[0]))
    source = "data:image/svg+xml," + quote(svg, safe=_PLAIN)
    return filled("pages/templates/picture.html", told=told, source=source)
