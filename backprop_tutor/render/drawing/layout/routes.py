"""The curves of arrows: out of a wire, straight through the label, round into the gate.

Everything is px, y downwards. A path is a piece of an SVG path's `d`. Between two columns an arrow
bends; inside a column it runs straight, so it touches no box but its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["HEAD", "Approach", "Point", "across", "along", "approaches", "entering"]

Point = tuple[float, float]

HEAD = 8.0
"""The length of an arrow's head."""

_STEEPEST = math.radians(50)
"""The angle from which an arrow comes at most; a steeper one would touch what stands above."""

_APART = math.radians(22)


@dataclass(frozen=True, slots=True)
class Approach:
    """How an arrow reaches its gate: the head's tip on the circle, its base, and its direction."""

    tip: Point
    base: Point
    toward: Point


def approaches(centre: Point, radius: float, starts: Sequence[Point]) -> list[Approach]:
    """Return where the arrows that come from `starts` touch the circle, none upon another."""
    order = sorted(range(len(starts)), key=lambda i: (starts[i][1], i))
    angles = _spread([_angle(centre, starts[i]) for i in order])
    found: list[Approach | None] = [None] * len(starts)
    for i, angle in zip(order, angles, strict=True):
        toward = (math.cos(angle), math.sin(angle))
        tip = (centre[0] - radius * toward[0], centre[1] - radius * toward[1])
        base = (tip[0] - HEAD * toward[0], tip[1] - HEAD * toward[1])
        found[i] = Approach(tip, base, toward)
    return [approach for approach in found if approach is not None]


def _angle(centre: Point, start: Point) -> float:
    angle = math.atan2(centre[1] - start[1], max(1.0, centre[0] - start[0]))
    return max(-_STEEPEST, min(_STEEPEST, angle))


def _spread(angles: list[float]) -> list[float]:
    """Return falling angles, at least a head apart as far as the circle's west side has room.

    The first arrow comes from above, at the greatest angle.
    """
    if len(angles) < 2:
        return angles
    apart = min(_APART, 2 * _STEEPEST / (len(angles) - 1))
    spread = list(angles)
    for i in range(1, len(spread)):
        spread[i] = min(spread[i], spread[i - 1] - apart)
    spread[-1] = max(spread[-1], -_STEEPEST)
    for i in range(len(spread) - 2, -1, -1):
        spread[i] = max(spread[i], spread[i + 1] + apart)
    return spread


def move(point: Point) -> str:
    """Return the beginning of a path."""
    return f"M{point[0]:.1f},{point[1]:.1f}"


def across(start: Point, end: Point, left: float, right: float) -> str:
    """Return the path from a wire to the label in the next column; it bends between the columns.

    `left` and `right` are the ends of the free strip.
    """
    if abs(start[1] - end[1]) < 0.05:
        return f"{move(start)}H{end[0]:.1f}"
    middle = (left + right) / 2
    return (
        f"{move(start)}H{left:.1f}"
        f"C{middle:.1f},{start[1]:.1f} {middle:.1f},{end[1]:.1f} {right:.1f},{end[1]:.1f}"
        f"H{end[0]:.1f}"
    )


def along(start: Point, spline: Sequence[Point], end: Point) -> str:
    """Return the path along an engine's curve, lengthened straight to where it starts and ends."""
    first, rest = spline[0], spline[1:]
    curves = "".join(
        "C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in rest[i : i + 3])
        for i in range(0, len(rest), 3)
    )
    return f"{move(start)}L{first[0]:.1f},{first[1]:.1f}{curves}L{end[0]:.1f},{end[1]:.1f}"


def entering(start: Point, approach: Approach) -> str:
    """Return the rest of a path, from the label's left end to the base of the head at the gate."""
    (x, y), (tx, ty), (dx, dy) = start, approach.base, approach.toward
    if abs(y - ty) < 0.05 and abs(dy) < 0.001:
        return f"H{tx:.1f}"
    reach = max(6.0, min(30.0, 0.45 * math.hypot(tx - x, ty - y)))
    lead = max(6.0, 0.6 * (tx - x))
    return (
        f"H{x:.1f}C{x + lead:.1f},{y:.1f} {tx - reach * dx:.1f},{ty - reach * dy:.1f} "
        f"{tx:.1f},{ty:.1f}"
    )
