"""The frames as SVG with a band above each: its title, and how far the passes have come.

Enters: a plate and titles. Leaves: a `Reel`, whose frames all have one size. The picture inside is
`render`'s, untouched; the bar's forward part ends where the backward pass begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from ..render.drawing.diagram import Diagram, Drawn
from ..render.typesetting.fonts import FAMILY, elided
from .titles import steps_of

__all__ = ["Reel"]

_MARGIN = 24.0
_TITLE_SIZE = 17
_TITLED_BAND, _BARE_BAND = 58.0, 26.0
_BAR = 4.0
_GAP = 5.0
_OPENING = re.compile(r"\A<svg ([^>]*?)width=\"[0-9.]+\" height=\"[0-9.]+\"")


class Reel:
    """All frames of a plate, titled: `size`, `len(reel)`, `reel.svg(step)` for steps from 1."""

    def __init__(self, plate: Drawn, titles: Sequence[str]) -> None:
        self._plate = plate
        self._titles = tuple(titles)
        self._band = _TITLED_BAND if any(self._titles) else _BARE_BAND
        self._forward = sum(step.phase == "forward" for step in steps_of(plate))
        # Whole numbers: every frame has the same count of pixels at every scale.
        width, height = Diagram(plate, 1).size
        self._inner = (width, height)
        self.size: tuple[float, float] = (float(-(-width // 1)), float(-(-(height + self._band) // 1)))

    def __len__(self) -> int:
        return self._plate.steps

    def svg(self, step: int) -> str:
        """Return the frame after a step, as SVG."""
        width, height = self.size
        theme = self._plate.theme
        inner = placed(Diagram(self._plate, step).svg, (0.0, self._band), self._inner)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}"><rect width="{width:.0f}" '
            f'height="{height:.0f}" fill="{theme.paper}"/>{self._title(step)}{self._bar(step)}'
            f"{inner}</svg>\n"
        )

    def _title(self, step: int) -> str:
        title = elided(self._titles[step - 1], self.size[0] - 2 * _MARGIN, _TITLE_SIZE, "bold")
        if not title:
            return ""
        return (
            f'<text x="{_MARGIN:g}" y="28" font-family="{escape(FAMILY)}" font-weight="bold" '
            f'font-size="{_TITLE_SIZE}" fill="{self._plate.theme.ink}">{escape(title)}</text>'
        )

    def _bar(self, step: int) -> str:
        """Return the bar: a forward and a backward part, each filled as far as it is done."""
        theme, count = self._plate.theme, len(self)
        room = self.size[0] - 2 * _MARGIN - _GAP
        y = self._band - 2 * _BAR
        forward = room * self._forward / count
        parts = (
            (_MARGIN, forward, min(step, self._forward), self._forward, theme.value),
            (
                _MARGIN + forward + _GAP, room - forward, max(0, step - self._forward),
                count - self._forward, theme.gradient,
            ),
        )  # fmt: skip
        found = []
        for x, width, done, steps, colour in parts:
            for wide, fill in ((width, theme.slot), (width * done / steps if steps else 0.0, colour)):
                if wide > 0:
                    found.append(
                        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{_BAR:g}" '
                        f'rx="2" fill="{fill}"/>'
                    )
        return "".join(found)


def placed(svg: str, corner: tuple[float, float], size: tuple[float, float]) -> str:
    """Return a picture's SVG as an element of another: its upper left corner and its size there."""
    (x, y), (width, height) = corner, size
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return _OPENING.sub(lambda m: f"<svg {m[1]}{place}", svg.strip(), count=1)
