"""A contact sheet: all frames of a derivation in rows with one legend, to print or to put on a slide.

Enters: a derivation. Leaves: a `ContactSheet`, one SVG in which every frame is a picture of its own;
PNG is made from that SVG; a PDF has pages of A4 on which the smallest text is 6 pt high.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from os import PathLike
from pathlib import Path

from ..cells import image
from ..choices import Blank, Layout, ThemeName
from ..errors import OptionError, quoted
from ..files import write_whole
from ..frozen import Final
from ..language import shown_name
from ..once import cached_property
from ..render.drawing.diagram import Diagram, Drawn, Plate
from ..render.drawing.svg import NOTE_SIZE
from ..render.drawing.theme import Theme
from ..render.typesetting.fonts import FAMILY, elided
from ..render.typesetting.fonts import width as text_width
from ..render.typesetting.raster import LARGEST_SCALE, png_bytes
from ..render.typesetting.typeset import pictures_pdf
from ..sentences import counted, said
from ..steps import Derivation
from .legible import legible
from .reel import placed
from .titles import frame_titles

__all__ = ["ContactSheet", "columns_for", "contact_sheet"]

_MARGIN, _GAP = 28.0, 16.0
_TITLE_SIZE = 22
_PAGE_RATIO = math.sqrt(2)
_WIDE = 2400.0
_A4 = (194.0, 281.0), (281.0, 194.0)
"""Millimetres of a page, upright and on its side, within margins of 8 mm."""

_EDGE = 4.0
"""The least room beside frames on a page that has margins of its own."""

_LEAST = 6.0
"""Points of the smallest text on such a page."""

_LEGEND = 30.0
_LEGIBLE, _LONGEST = 0.5, 12_000.0
_ID = re.compile(r' id="')
_SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
_FRAMES_LEGEND = re.compile(r'<g class="legend">.*?</g>', re.DOTALL)
_KEY = re.compile(r'<text class="key ([^"]*)"[^>]*>([^<]*)</text>')
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


class ContactSheet(Final):
    """All frames on one page: `.svg`, `.png()`, `.pdf()`, `.save(path)`; notebooks show it."""

    columns: int
    rows: int
    _plate: Drawn
    _title: str
    _cell: tuple[float, float]

    def __init__(self, plate: Drawn, title: str, columns: int | None) -> None:
        count = plate.steps
        if columns is not None and (
            isinstance(columns, bool) or not isinstance(columns, int) or not 1 <= columns <= count
        ):
            raise OptionError(
                said(
                    "columns is a whole number from 1 to {count}, not {columns}",
                    count=count,
                    columns=quoted(repr(columns)),
                )
            )
        cell = Diagram(plate, 1).size
        across = columns or columns_for(count, cell)
        self.__dict__.update(
            columns=across, rows=-(-count // across), _plate=plate, _title=title, _cell=cell
        )

    def _parts(self) -> tuple[object, ...]:
        return self._plate, self._title, self.columns

    def __repr__(self) -> str:
        name = shown_name(self._plate.derivation.output)
        frames = counted(self._plate.steps, "1 frame", "{count} frames")
        rows = counted(self.rows, "1 row", "{count} rows")
        return f"<ContactSheet of {name}, {frames} in {rows}>"

    @property
    def size(self) -> tuple[float, float]:
        """The page's width and height in px, at scale 1."""
        wide = math.ceil(2 * _MARGIN + self.columns * (self._cell[0] + _GAP) - _GAP)
        return wide, math.ceil(self._high(self.rows))

    @cached_property
    def svg(self) -> str:
        """The page as SVG text; the ids of frame 3 begin with `frame-3-`."""
        return self._page(range(self._plate.steps), self.columns, self.size)

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """The same on pages of A4, upright or on its side, whichever holds more frames; all of one size."""
        across, down, size = max(map(self._on_paper, _A4), key=self._held)
        each = across * down
        starts = range(0, self._plate.steps, each)
        return tuple(self._page(range(s, min(s + each, self._plate.steps)), across, size) for s in starts)

    def _on_paper(self, paper: tuple[float, float]) -> tuple[int, int, tuple[float, float]]:
        """Return how many frames a page holds across and down, and its size in px."""
        width, height = self._cell
        most = paper[0] / 25.4 * 72 / _LEAST * NOTE_SIZE
        across = min(self._plate.steps, max(1, int((most - 2 * _EDGE + _GAP) // (width + _GAP))))
        wide = max(most, 2 * _EDGE + width)
        high = wide * paper[1] / paper[0]
        room = high - self._high(0)
        return across, max(1, int(room // (height + _GAP))), (wide, max(high, self._high(1)))

    def _held(self, page: tuple[int, int, tuple[float, float]]) -> tuple[bool, int]:
        """Return how good a page is: whether its text is as large as it should, then what it holds."""
        across, down, (wide, high) = page
        paper = _A4[wide > high][0]
        return wide <= paper / 25.4 * 72 / _LEAST * NOTE_SIZE, across * down

    def _high(self, rows: int) -> float:
        """Return the height of a page with so many rows, in px."""
        top = _MARGIN + (_TITLE_SIZE + _GAP if self._title else 0.0)
        below = _LEGEND if self._keys else 0.0
        return top + rows * (self._cell[1] + _GAP) - _GAP + below + _MARGIN

    @cached_property
    def _keys(self) -> tuple[tuple[str, str], ...]:
        """The legend that every frame would have: classes and texts."""
        found = _FRAMES_LEGEND.search(Diagram(self._plate, 1).svg)
        return tuple(_KEY.findall(found.group())) if found is not None else ()

    def _page(self, places: range, columns: int, size: tuple[float, float]) -> str:
        (wide, high), (width, height), theme = size, self._cell, self._plate.theme
        subject = self._title or shown_name(self._plate.derivation.output)
        label = escape(f"{counted(self._plate.steps, '1 step', '{count} steps')}: {subject}")
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
            f'viewBox="0 0 {wide:.0f} {high:.0f}" role="img"><title>{label}</title>'
            f'<rect width="{wide:.0f}" height="{high:.0f}" fill="{theme.paper}"/>'
        ]
        top, left = _MARGIN, (wide - columns * (width + _GAP) + _GAP) / 2
        if self._title:
            shown = elided(self._title, wide - 2 * left, _TITLE_SIZE, "bold")
            parts.append(
                f'<text x="{left:g}" y="{_MARGIN + 16:g}" font-family="{escape(FAMILY)}" '
                f'font-weight="bold" font-size="{_TITLE_SIZE}" fill="{theme.ink}">{escape(shown)}</text>'
            )
            top += _TITLE_SIZE + _GAP
        for place in places:
            row, column = divmod(place - places.start, columns)
            x, y = left + column * (width + _GAP), top + row * (height + _GAP)
            picture = _FRAMES_LEGEND.sub("", Diagram(self._plate, place + 1).svg)
            if place > places.start:
                picture = _STYLE.sub("", picture, count=1)  # one style serves all frames
            picture = _ID.sub(f' id="frame-{place + 1}-', picture)
            parts.append(placed(picture, (x, y), self._cell))
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" '
                f'fill="none" stroke="{theme.pending}"/>'
            )
        parts.append(self._legend(left, top + -(-len(places) // columns) * (height + _GAP) + 14.0))
        return "".join(parts) + "</svg>\n"

    def _legend(self, x: float, y: float) -> str:
        """Return the one legend of the page, under its frames."""
        parts = []
        for kind, text in self._keys:
            parts.append(
                f'<text class="key {kind}" x="{x:.1f}" y="{y:.1f}" style="text-anchor:start">{text}</text>'
            )
            x += text_width(unescape(text), NOTE_SIZE) + 28.0
        scope = f'class="backprop {self._plate.theme.name} legend"'
        return f"<g {scope} font-family=\"{escape(FAMILY)}\">{''.join(parts)}</g>" if parts else ""

    def _repr_html_(self) -> str:
        return image(self.svg)

    def _repr_svg_(self) -> str:
        return self.svg

    def png(self, scale: float | None = None) -> bytes:
        """Return the page as PNG; without a `scale` it is about 2400 pixels wide, wider where its
        smallest text would be less than six pixels high.

        Raises:
            OptionError: a scale that is none, or too many pixels.
        """
        if scale is None:
            legible = min(_LEGIBLE, _LONGEST / max(self.size))
            scale = min(2.0, LARGEST_SCALE, max(_WIDE / self.size[0], legible))
        return png_bytes(self.svg, scale, self.size)

    def pdf(self) -> bytes:
        """Return the frames as PDF (extra `pdf`), on pages of A4 without its margins, as many as they take.

        Raises:
            OptionError: the extra is not installed.
        """
        box = _SIZE.search(self.pages[0])
        assert box is not None  # as `_page` writes it
        wide, high = float(box[1]), float(box[2])
        scale = _A4[wide > high][0] / 25.4 * 96 / wide
        return pictures_pdf(self.pages, (wide * scale, high * scale))

    def save(self, path: str | PathLike[str], *, scale: float | None = None) -> Path:
        """Write the page and return its path; the suffix says the format: .svg, .png or .pdf.

        Raises:
            OptionError: another suffix, or a scale that is none.
            FileError: the place cannot be written.
        """
        place = Path(path)
        write = _FORMATS.get(place.suffix.lower())
        if write is None:
            raise OptionError(
                said(
                    "a contact sheet's file name ends in .svg, .png or .pdf, not {suffix}",
                    suffix=quoted(place.suffix or str(place)),
                )
            )
        return write_whole(place, write(self, scale))


_FORMATS: dict[str, Callable[[ContactSheet, float | None], bytes]] = {
    ".svg": lambda sheet, scale: sheet.svg.encode("utf-8"),
    ".png": ContactSheet.png,
    ".pdf": lambda sheet, scale: sheet.pdf(),
}


def columns_for(count: int, cell: tuple[float, float]) -> int:
    """Return the number of columns at which the page is nearest to A4 on its side.

    >>> columns_for(23, (800, 400)), columns_for(1, (800, 400)), columns_for(17, (2000, 370))
    (4, 1, 2)
    """
    width, height = cell

    def away(columns: int) -> float:
        rows = -(-count // columns)
        return abs(math.log(columns * width / (rows * height) / _PAGE_RATIO))

    return min(range(1, count + 1), key=away)


def contact_sheet(
    derivation: Derivation, *, columns: int | None = None, title: str = "{program}",
    precision: int = 4, blank: Blank | Iterable[Blank] = (), layout: Layout = "embedded",
    force: bool = False, theme: ThemeName | Theme = "light",
) -> ContactSheet:  # fmt: skip
    """Return all frames of a derivation on one page.

    Args:
        derivation: the derivation.
        columns: how many frames stand beside each other; by default so many that the page is
            nearest to A4 on its side. A PDF has pages of A4, its text at least 6 pt high.
        title: at the top, with the fields `{program}` and `{count}`; "" for none.
        precision, blank, layout, force, theme: as for `diagram`.

    Raises:
        OptionError: an option that is none, or too many nodes.
    """
    plate = Plate(
        derivation, precision=precision, blank=blank, layout=layout, force=force, theme=theme
    )
    return ContactSheet(legible(plate), frame_titles(derivation, title)[-1], columns)
