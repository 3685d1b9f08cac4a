"""How wide a text is in the font that draws it: DejaVu Sans, read from the files in `dejavu/`.

The files come with the package, under a licence of their own, so that a picture is the same on every
machine. Only the tables needed for a width are read (`cmap`, `hhea`, `hmtx`, `head`). Widths are in the
units of the font size (px in, px out). Kerning is left out: it never makes a text of formulas wider.
Source: the OpenType specification, chapters cmap, head, hhea and hmtx.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

from ...errors import FileError
from ...sentences import said

__all__ = ["FAMILY", "elided", "ending", "font_files", "lacking", "width", "wrapped"]

FAMILY = '"DejaVu Sans", Verdana, sans-serif'
"""The fonts of a picture, first choice first; Verdana has the same widths."""

_FILES = {
    "regular": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "italic": "DejaVuSans-Oblique.ttf",
}


_FOLDER = Path(__file__).with_name("dejavu")


@lru_cache(maxsize=1)
def font_files() -> dict[str, Path]:
    """Return the font files by style: regular, bold, italic.

    Raises:
        FileError: the package is not installed whole.
    """
    found = {style: _FOLDER / name for style, name in _FILES.items()}
    for path in found.values():
        if not path.is_file():
            raise FileError(
                said(
                    "the fonts of the pictures were not found: expected {path}; install backprop-tutor "
                    "again",
                    path=path,
                )
            )
    return found


class _Face:
    """The advance widths of one font file, in thousandths of the size, by character."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        tables = self._tables(data)
        (units,) = struct.unpack_from(">H", data, tables["head"] + 18)
        (measured,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
        self.units: int = units
        metrics = struct.unpack_from(f">{2 * measured}H", data, tables["hmtx"])
        self.advances = metrics[::2]
        self.glyphs = self._glyphs(data, tables["cmap"])
        self.known: dict[str, float] = {}

    @staticmethod
    def _tables(data: bytes) -> dict[str, int]:
        (count,) = struct.unpack_from(">H", data, 4)
        records = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
        return {tag.decode("ascii"): offset for tag, _, offset, _ in records}

    @staticmethod
    def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
        """Return the glyph numbers by code point, from the format 12 table."""
        (count,) = struct.unpack_from(">H", data, cmap + 2)
        for i in range(count):
            _, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)
            (layout,) = struct.unpack_from(">H", data, cmap + offset)
            if layout != 12:
                continue
            (groups,) = struct.unpack_from(">I", data, cmap + offset + 12)
            found: dict[int, int] = {}
            for start, stop, glyph in struct.iter_unpack(
                ">III", data[cmap + offset + 16 : cmap + offset + 16 + 12 * groups]
            ):
                found.update(
                    zip(range(start, stop + 1), range(glyph, glyph + stop - start + 1), strict=True)
                )
            return found
        raise FileError(said("the font has no table of all its characters (cmap format 12)"))

    def advance(self, character: str) -> float:
        found = self.known.get(character)
        if found is None:
            glyph = self.glyphs.get(ord(character), 0)
            if not glyph and unicodedata.east_asian_width(character) in "WF":
                found = _HANGUL if "가" <= character <= "힣" else 1.0  # drawn by a font of the system
            else:
                found = self.advances[min(glyph, len(self.advances) - 1)] / self.units
            self.known[character] = found
        return found


_HANGUL = 0.92
"""How wide a syllable is in Noto Sans CJK and in most Korean fonts, in font sizes."""


@lru_cache(maxsize=3)
def _face(style: str) -> _Face:
    return _Face(font_files()[style])


@lru_cache(maxsize=4096)
def width(text: str, size: float, style: str = "regular") -> float:
    """Return the width of a text at a font size, in px; styles are regular, bold and italic.

    >>> round(width("−2.00", 14), 1)
    42.9
    """
    face = _face(style)
    return size * sum(map(face.advance, text))


def elided(text: str, most: float, size: float, style: str = "regular") -> str:
    """Return the text, its middle replaced by "…" where it is wider than `most` px.

    >>> elided("the_price_of_all_apples", 90, 14)
    'the_p…ples'
    """
    if width(text, size, style) <= most:
        return text
    kept = len(text)
    while kept > 2:
        kept -= 1
        head = (kept + 1) // 2
        short = f"{text[:head]}…{text[len(text) - (kept - head) :]}"
        if width(short, size, style) <= most:
            return short
    return "…"


def ending(text: str, most: float, size: float, style: str = "regular") -> str:
    """Return the text, its beginning replaced by "…" where it is wider than `most` px: out_h1 as …h1.

    >>> ending("out_h1", 40, 16), ending("h1", 40, 16)
    ('…h1', 'h1')
    """
    if width(text, size, style) <= most:
        return text
    tails = (f"…{text[start:]}" for start in range(1, len(text)))
    return next((tail for tail in tails if width(tail, size, style) <= most), "…")


def wrapped(text: str, most: float, size: float, indent: float = 0.0) -> list[str]:
    """Return the text in lines no wider than `most` px, broken at spaces; longer words are elided.

    Lines after the first are `indent` px narrower, for whoever draws them further right.

    >>> wrapped("one two three", 50, 14)
    ['one', 'two', 'three']
    """
    if not text.startswith(" ") and width(text, size) <= most:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        room = most - (indent if lines else 0.0)
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
            room = most - indent
        line = elided(word, room, size)
    return [*lines, line]


def lacking(text: str) -> str:
    """Return the characters of a text that the pictures' font does not have, each once.

    >>> lacking("∂f/∂w₁ = 김")
    '김'
    """
    known = _face("regular").glyphs
    return "".join(c for c in dict.fromkeys(text) if not c.isspace() and ord(c) not in known)
