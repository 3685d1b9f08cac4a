"""A picture's SVG as PNG, with the fonts that matplotlib carries and none of the system's.

The fonts are given by file, so the pixels are the same on a machine without fonts; resvg drops texts
without a word where no font is mapped, which a test looks out for.
"""

from __future__ import annotations

from ..errors import OptionError, TutorError, quoted
from .fonts import font_files, lacking

__all__ = ["LARGEST_SCALE", "png_bytes"]

LARGEST_SCALE = 10.0
_MOST_PIXELS = 32767


def png_bytes(svg: str, scale: float, size: tuple[float, float]) -> bytes:
    """Return the SVG as PNG; `scale` is pixels per px of its `size` (width, height).

    Raises:
        OptionError: a scale that is not a number above 0 and up to 10, or too many pixels.
    """
    if (
        isinstance(scale, bool)
        or not isinstance(scale, (int, float))
        or not 0 < scale <= LARGEST_SCALE
    ):
        raise OptionError(
            f"scale is a number above 0 and up to {LARGEST_SCALE:g}, not {quoted(repr(scale))}"
        )
    longest = max(size) * scale
    if longest > _MOST_PIXELS:
        raise OptionError(
            f"a PNG of {longest:.0f} pixels is too large at scale {scale:g}; {_MOST_PIXELS} are the "
            f"most: a scale up to {_MOST_PIXELS / max(size):.2g} fits, and an SVG has no limit"
        )
    import resvg_py  # start-up time: only a PNG pays for it

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                skip_system_fonts=not lacking(svg),
                dpi=96,
                zoom=scale,
                font_files=[str(path) for path in font_files().values()],
                font_family="DejaVu Sans",
                sans_serif_family="DejaVu Sans",
            )
        )
    except ValueError as error:
        raise TutorError(f"the PNG could not be drawn: {error}") from error
