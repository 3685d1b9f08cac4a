"""A plot as a file: its marks, its size and its words, written as SVG or PNG."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from ..cells import image
from ..errors import OptionError, quoted
from ..files import write_whole
from ..render.drawing.theme import THEMES
from ..render.stage.marks import Mark
from ..render.stage.stage_svg import stage_svg
from ..render.typesetting.raster import png_bytes
from ..sentences import said

__all__ = ["PAPER", "Picture"]

PAPER = THEMES["light"]
"""The theme of all plots."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A finished plot: `svg`, `png()`, `save(path)`; notebooks show it."""

    marks: tuple[Mark, ...]
    size: tuple[float, float]
    title: str
    told: str = ""

    @property
    def svg(self) -> str:
        """Return it as SVG."""
        return stage_svg(self.marks, (), self.size, PAPER, self.title, self.told or self.title)

    def png(self, scale: float = 1.5) -> bytes:
        """Return it as PNG, `scale` pixels a px."""
        return png_bytes(self.svg, scale, self.size)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the SVG or PNG that the path ends in and return the path.

        Raises:
            OptionError: another ending.
            FileError: the place cannot be written.
        """
        place = Path(path)
        kind = place.suffix.lower()
        if kind not in (".svg", ".png"):
            raise OptionError(
                said(
                    "a plot's file name ends in .svg or .png, not {suffix}",
                    suffix=quoted(kind or str(place)),
                )
            )
        return write_whole(place, self.svg if kind == ".svg" else self.png())

    def _repr_html_(self) -> str:
        return image(self.svg)

    def _repr_svg_(self) -> str:
        return self.svg
