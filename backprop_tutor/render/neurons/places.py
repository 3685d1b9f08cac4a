"""The records of a layout: where each unit stands and how each wire runs."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians, sin, sqrt

from ..drawing.bands import Stage

__all__ = ["Foot", "Layout", "Point", "Run", "Spot", "curve", "joint"]

Point = tuple[float, float]

_ANGLE = radians(44)
_STRAIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a unit or input stands: its centre and its half width and height; `round` for circles."""

    place: int
    x: float
    y: float
    wide: float
    high: float
    round: bool = True


@dataclass(frozen=True, slots=True)
class Foot:
    """A shared bias: a bare wire from `left` to `right`, its name before it."""

    place: int
    left: float
    right: float
    y: float


@dataclass(frozen=True, slots=True)
class Run:
    """How a wire runs: its path between the two heads, where its arrow and what comes back point.

    `label` is the middle of its level end, where the weight's name and numbers stand; `tail` that of its
    level start, where the contribution stands, if it has one.
    """

    d: str
    tip: Point
    toward: Point
    back: Point
    back_toward: Point
    label: Point | None
    tail: Point | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything's place.

    Attributes:
        stage: the bands, made taller or wider where the network needs it.
        spots: the units and inputs that are shown, by place.
        feet: the shared biases, by place.
        runs: the wires that are shown, by number; in a crowded network one is for the unit at work.
        heads: the columns' headings: where, and the column.
        more: where a column leaves units out: the point, and how many.
        figures: significant figures of the numbers.
        detail: whether sum, gradient and slope stand below each neuron.
        names: whether weights' names stand beside their values.
        crowded: whether only the wires of the unit at work have numbers.
        lettering: the sizes of names, of numbers in units, of labels on wires.
        upright: whether columns are rows, one below the other.
    """

    stage: Stage
    spots: dict[int, Spot]
    feet: dict[int, Foot]
    runs: dict[int, Run]
    busy: dict[int, Run]
    heads: tuple[tuple[float, int], ...]
    more: tuple[tuple[Point, int, int], ...]
    figures: int
    detail: bool
    names: bool
    crowded: bool
    lettering: tuple[float, float, float]
    upright: bool = False


def curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return an S, level at both ends, from one point to another, without its first point."""
    middle = (x1 + x2) / 2
    return f"C{_n(middle)},{_n(y1)} {_n(middle)},{_n(y2)} {_n(x2)},{_n(y2)}"


def joint(
    spot: Spot, offset: float, side: int, gap: float, reach: float
) -> tuple[Point, Point, str, Point]:
    """Return where a level row meets a unit: the point `gap` px off its edge, the direction into it there,
    and the path from the row to that point.

    Args:
        spot: the unit.
        offset: how far the row is below the unit's middle.
        side: −1 for its left side, 1 for its right.
        gap: how far from the edge the path ends.
        reach: how far from the edge the row may bend.

    A row within 0.7 radii runs straight in; others bend to meet the circle at 44°, no control point past
    the row. The last point returned is where the row begins to bend: the path starts there.
    """
    y = spot.y + offset
    if not spot.round:
        x = spot.x + side * (spot.wide + gap)
        return (x, y), (-float(side), 0.0), "", (x, y)
    radius = spot.wide
    if abs(offset) <= _STRAIGHT * radius:
        x = spot.x + side * (sqrt(radius**2 - offset**2) + gap)
        return (x, y), (-float(side), 0.0), "", (x, y)
    down = 1.0 if offset > 0 else -1.0
    dx, dy = side * cos(_ANGLE), down * sin(_ANGLE)
    point = (spot.x + (radius + gap) * dx, spot.y + (radius + gap) * dy)
    begin = (spot.x + side * (radius + reach), y)
    room = abs(y - point[1])
    inward = -1.0 if abs(offset) < abs(point[1] - spot.y) else 1.0
    pull = min(14.0, room / sin(_ANGLE)) if inward > 0 else min(6.0, room)
    second = (
        (point[0] + pull * dx, point[1] + pull * dy)
        if inward > 0
        else (point[0] + side * pull, y)
    )
    first = ((begin[0] + second[0]) / 2, y)
    path = (
        f"C{_n(first[0])},{_n(first[1])} {_n(second[0])},{_n(second[1])} {_n(point[0])},{_n(point[1])}"
    )
    length = hypot(point[0] - spot.x, point[1] - spot.y)
    toward = ((spot.x - point[0]) / length, (spot.y - point[1]) / length)
    return point, toward, path, begin


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
