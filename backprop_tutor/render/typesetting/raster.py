"""A picture's SVG as PNG, with the fonts that the package carries; the system's only for what they lack.

The fonts are given by file, so the pixels are the same on a machine without fonts. A character that
no font has is refused: resvg would draw a box, or nothing, in its place.
"""

from __future__ import annotations

from functools import lru_cache

from ...errors import OptionError, TutorError, quoted
from ...sentences import said
from .fonts import font_files, lacking

__all__ = ["LARGEST_SCALE", "MissingFontError", "check_fonts", "in_no_font", "png_bytes"]


class MissingFontError(TutorError):
    """Pixels cannot be drawn: no font of this system has a character; an SVG can show it elsewhere."""


LARGEST_SCALE = 10.0
_MOST_PIXELS = 32767


def png_bytes(svg: str, scale: float, size: tuple[float, float]) -> bytes:
    """Return the SVG as PNG; `scale` is pixels per px of its `size` (width, height).

    Raises:
        OptionError: a scale that is not a number above 0 and up to 10, or too many pixels.
        MissingFontError: a character that no font of this system has.
    """
    if (
        isinstance(scale, bool)
        or not isinstance(scale, (int, float))
        or not 0 < scale <= LARGEST_SCALE
    ):
        raise OptionError(
            said(
                "scale is a number above 0 and up to {largest_scale:g}, not {scale}",
                largest_scale=LARGEST_SCALE, scale=quoted(repr(scale)),
            )
        )
    longest = max(size) * scale
    if longest > _MOST_PIXELS:
        raise OptionError(
            said(
                "a PNG of {longest:.0f} pixels is too large at scale {scale:g}; {most_pixels} are the "
                "most: a scale up to {fitting:.2g} fits, and an SVG has no limit",
                longest=longest, scale=scale, most_pixels=_MOST_PIXELS,
                fitting=_MOST_PIXELS / max(size),
            )
        )
    return _drawn(svg, scale, check_fonts(svg))


def check_fonts(svg: str) -> bool:
    """Return whether a picture needs fonts of the system, for characters that DejaVu Sans lacks.

    Raises:
        MissingFontError: a character that no font of this system has.
    """
    missing = in_no_font(svg)
    if missing:
        shown = missing[:12] + ("…" if len(missing) > 12 else "")
        raise MissingFontError(
            said(
                "no font of this system has {shown}, so that only an .svg or a .tex can show it: "
                "install a font that has it (Noto Sans CJK has 한글 and 漢字)",
                shown=shown,
            )
        )
    return bool(lacking(svg))


def in_no_font(text: str) -> str:
    """Return the characters of a text that neither DejaVu Sans nor a font of this system has.

    >>> in_no_font("∂f/∂w₁ ŷ")
    ''
    """
    strange = lacking(text)
    return _without_a_glyph(strange) if strange else ""


def _drawn(svg: str, scale: float, system_fonts: bool) -> bytes:
    import resvg_py  # start-up time: only a PNG pays for it

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                skip_system_fonts=not system_fonts,
                dpi=96,
                zoom=scale,
                font_files=[str(path) for path in font_files().values()],
                font_family="DejaVu Sans",
                sans_serif_family="DejaVu Sans",
            )
        )
    except ValueError as error:
        raise TutorError(said("the PNG could not be drawn: {error}", error=error)) from error


_NOBODYS = "\u0378"
"""A code point without a character: what is drawn for it is what is drawn for a missing one."""

_CELL = 40


@lru_cache(maxsize=64)
def _without_a_glyph(characters: str) -> str:
    """Return those of the characters that look like one that no font has."""

    def look(character: str) -> bytes:
        text = f'<text x="0" y="20" font-size="16">&#{ord(character)};</text>'
        size = f'width="{_CELL}" height="{_CELL}"'
        return _drawn(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{text}</svg>', 1.0, True)

    missing = look(_NOBODYS)
    return "".join(character for character in characters if look(character) == missing)
