"""A box in space, drawn from the side: its axes, points with the feet they stand on, and a plane's piece.

Enters: ranges of three coordinates. Leaves: marks. The projection is parallel, so that equal ways look
equal; what is nearer is drawn later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..render.stage.marks import Mark, Path, words
from .ticks import nice_ticks, tick_labels

__all__ = ["Space"]

Triple = tuple[float, float, float]
Span = tuple[float, float]

_CORNERS = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
_EDGES = [
    (a, b)
    for a in _CORNERS
    for b in _CORNERS
    if sum(abs(p - q) for p, q in zip(a, b, strict=True)) == 1 and a < b
]


def between(a: Triple, b: Triple, share: float) -> Triple:
    """Return the point that far on the way from one point to another.

    >>> between((0, 0, 0), (2, 4, 6), 0.5)
    (1.0, 2.0, 3.0)
    """
    x, y, z = (p + share * (q - p) for p, q in zip(a, b, strict=True))
    return x, y, z


@dataclass(frozen=True, kw_only=True)
class Space:
    """Three axes in a box of px (left, top, width, height), seen from `turn` and `lift` degrees."""

    box: tuple[float, float, float, float]
    x: Span
    y: Span
    z: Span
    turn: float = 32.0
    lift: float = 20.0

    def _seen(self, at: Triple) -> tuple[float, float, float]:
        """Return a point of the unit cube as across, up and how near, each around 0."""
        a, b, c = (value - 0.5 for value in at)
        turn, lift = math.radians(self.turn), math.radians(self.lift)
        across = a * math.cos(turn) + b * math.sin(turn)
        away = -a * math.sin(turn) + b * math.cos(turn)
        return across, c * math.cos(lift) + away * math.sin(lift), -away

    def _placed(self, at: Triple) -> tuple[float, float]:
        seen = [self._seen(corner) for corner in _CORNERS]
        left, top, wide, high = self.box
        reach_x, reach_y = max(s[0] for s in seen), max(s[1] for s in seen)
        scale = min(wide / 2 / reach_x, high / 2 / reach_y)
        across, up, _ = self._seen(at)
        return left + wide / 2 + scale * across, top + high / 2 - scale * up

    def unit(self, point: Triple) -> Triple:
        """Return a point of the data in the unit cube."""
        a, b, c = (
            (value - low) / (high - low)
            for value, (low, high) in zip(point, (self.x, self.y, self.z), strict=True)
        )
        return a, b, c

    def place(self, point: Triple) -> tuple[float, float]:
        """Return where a point of the data stands, in px."""
        return self._placed(self.unit(point))

    def nearness(self, point: Triple) -> float:
        """Return how near a point is to the one who looks."""
        return self._seen(self.unit(point))[2]

    def frame(self, names: Sequence[str]) -> list[Mark]:
        """Return the box's edges behind and below, with the axes' numbers and names."""
        far = min(_CORNERS, key=lambda corner: self._seen(corner)[2] + 0.1 * corner[2])
        d = "".join(self._line(a, b) for a, b in _EDGES if far in (a, b) or (a[2] == b[2] == 0))
        marks: list[Mark] = [Path(d=d, stroke="pending", width=1.0, kind="axes")]
        marks += self._along((0, 0, 0), (1, 0, 0), self.x, names[0], (-6, 18))
        marks += self._along((1, 0, 0), (1, 1, 0), self.y, names[1], (14, 14))
        marks += self._along((0, 0, 0), (0, 0, 1), self.z, names[2], (-14, 4))
        return marks

    def _line(self, a: Triple, b: Triple) -> str:
        (x0, y0), (x1, y1) = self._placed(a), self._placed(b)
        return f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"

    def _along(
        self, a: Triple, b: Triple, span: Span, name: str, off: tuple[float, float]
    ) -> list[Mark]:
        ticks = nice_ticks(*span, 4)
        marks: list[Mark] = [Path(d=self._line(a, b), stroke="quiet", width=1.2, kind="axes")]
        anchor = "end" if off[0] < -10 else "middle"
        for value, label in zip(ticks, tick_labels(ticks), strict=True):
            share = (value - span[0]) / (span[1] - span[0])
            x, y = self._placed(between(a, b, share))
            marks.append(
                words(label, x + off[0], y + off[1], 12, fill="quiet", anchor=anchor, kind="tick")
            )
        x, y = self._placed(b if off[0] < -10 else between(a, b, 0.5))
        far = (0, -12) if off[0] < -10 else (2.2 * off[0], 2.1 * off[1] + 4)
        marks.append(
            words(name, x + far[0], y + far[1], 14, style="italic", anchor="middle", kind="name")
        )
        return marks

    def foot(self, point: Triple) -> Mark:
        """Return the line from a point straight down to the floor."""
        a, b, c = self.unit(point)
        return Path(
            d=self._line((a, b, c), (a, b, 0.0)), stroke="quiet", width=1.0, dash="2 3", kind="foot"
        )

    def plane(self, slopes: Triple, offset: float, fill: str) -> list[Mark]:
        """Return the piece in the box of the plane where slopes · point + offset is 0."""
        spans = (self.x, self.y, self.z)
        inner = [slope * (high - low) for slope, (low, high) in zip(slopes, spans, strict=True)]
        rest = offset + sum(slope * low for slope, (low, _) in zip(slopes, spans, strict=True))
        corners = []
        for a, b in _EDGES:
            at_a = rest + sum(s * p for s, p in zip(inner, a, strict=True))
            at_b = rest + sum(s * p for s, p in zip(inner, b, strict=True))
            if at_a != at_b and at_a * at_b <= 0:
                share = at_a / (at_a - at_b)
                corners.append(self._placed(between(a, b, share)))
        if len(corners) < 3:
            return []
        cx = sum(x for x, _ in corners) / len(corners)
        cy = sum(y for _, y in corners) / len(corners)
        corners.sort(key=lambda at: math.atan2(at[1] - cy, at[0] - cx))
        d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"
        return [Path(d=d, fill=fill, stroke="ink", width=1.2, opacity=0.45, kind="plane")]
