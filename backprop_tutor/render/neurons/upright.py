"""The layout of a small network for a phone: columns become rows, wires run down.

Enters: a network of at most two units a column and two weights a neuron, its wires, a stage. Leaves: a
`Layout`, or None for a larger network. Numbers stand on plates of two lines that interrupt the wires; a
shared bias stands between its two neurons, names stand outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import cos, radians, sin, sqrt

from ...scales import Box, Network
from ..drawing.bands import Stage
from .connections import Wire
from .places import Foot, Layout, Point, Run, Spot

__all__ = ["upright_layout"]

_APART, _PORT = 178.0, 43.0
_RADIUS, _INPUT, _BOX = 39.0, 25.0, (42.0, 27.0)
_PLATE, _NEAR, _CROSSING = 34.0, 9.0, 70.0
_ARROW, _HEAD = 2.0, 7.0
_ANGLE = radians(44)
_MOST = 2


def upright_layout(
    network: Network, wires: Sequence[Wire], stage: Stage, figures: int | None
) -> Layout | None:
    """Return where everything stands from top to bottom; None where a row would not hold it."""
    columns: dict[int, list[int]] = {}
    for place, column in sorted(network.columns.items()):
        columns.setdefault(column, []).append(place)
    if not _fits(network, wires, columns):
        return None
    spots: dict[int, Spot] = {}
    middle = stage.width / 2
    y = stage.top + 20.0
    for column in sorted(columns):
        places = columns[column]
        if column:
            y += _pitch(network, columns[column - 1], places)
        for row, place in enumerate(places):
            x = middle + (row - (len(places) - 1) / 2) * _APART
            unit = network.units.get(place)
            if isinstance(unit, Box):
                spots[place] = Spot(place, x, y, *_BOX, round=False)
            else:
                radius = _INPUT if unit is None else _RADIUS
                spots[place] = Spot(place, x, y, radius, radius)
    feet = _feet(wires, spots)
    runs = {wire.number: _run(wire, wires, spots, feet) for wire in wires}
    lowest = max(spot.y + spot.high for spot in spots.values()) + 10.0
    return Layout(
        stage=replace(stage, height=stage.height + max(0.0, lowest - stage.bottom)), spots=spots,
        feet=feet, runs=runs, busy={}, heads=(), more=(), figures=figures or 4, detail=False,
        names=True, crowded=False, upright=True, lettering=(17.0, 12.5, 12.0),
    )  # fmt: skip


def _fits(network: Network, wires: Sequence[Wire], columns: dict[int, list[int]]) -> bool:
    if any(len(places) > _MOST for places in columns.values()):
        return False
    last = max(columns)
    for column, places in columns.items():
        boxes = [place for place in places if isinstance(network.units.get(place), Box)]
        if boxes and (column != last or len(places) > 1):
            return False
    into: dict[int, int] = {}
    out: dict[int, int] = {}
    users: dict[int, list[int]] = {}
    for wire in wires:
        if wire.bias is not None:
            users.setdefault(wire.source, []).append(wire.target)
            continue
        if network.columns[wire.target] - network.columns[wire.source] != 1:
            return False
        into[wire.target] = into.get(wire.target, 0) + 1
        out[wire.source] = out.get(wire.source, 0) + 1
    shared = all(
        len(targets) == _MOST and network.columns[targets[0]] == network.columns[targets[1]]
        for targets in users.values()
    )
    return shared and max([*into.values(), *out.values()], default=0) <= _MOST


def _pitch(network: Network, above: list[int], below: list[int]) -> float:
    """Return how far a row stands below the one before it."""
    inputs = all(place not in network.units for place in above)
    start = _INPUT if inputs else _RADIUS + _NEAR + _PLATE
    if isinstance(network.units.get(below[0]), Box):
        return start + 48.0
    return start + _CROSSING + _PLATE + _NEAR + _RADIUS


def _feet(wires: Sequence[Wire], spots: dict[int, Spot]) -> dict[int, Foot]:
    found: dict[int, Foot] = {}
    for wire in wires:
        if wire.bias is not None:
            users = [spots[w.target] for w in wires if w.source == wire.source and w.bias]
            middle = sum(spot.x for spot in users) / len(users)
            found[wire.source] = Foot(wire.source, middle, middle, users[0].y)
    return found


def _run(
    wire: Wire, wires: Sequence[Wire], spots: dict[int, Spot], feet: dict[int, Foot]
) -> Run:
    target = spots[wire.target]
    if wire.bias is not None:
        foot = feet[wire.source]
        side = -1.0 if target.x > foot.left else 1.0
        edge = target.x + side * (target.wide + _ARROW)
        d = f"M{_n(foot.left)},{_n(foot.y)}L{_n(edge + side * _HEAD)},{_n(foot.y)}"
        start = (foot.left, foot.y)
        return Run(d, (edge, foot.y), (-side, 0.0), start, (side, 0.0), None)
    source = spots[wire.source]
    out = [w for w in wires if w.source == wire.source and w.bias is None]
    out.sort(key=lambda w: (spots[w.target].x, w.number))
    spread = _PORT if wire.term is not None and source.wide > _INPUT else 8.0
    shift = (out.index(wire) - (len(out) - 1) / 2) * 2 * spread
    begin, bend, leave, away = _out(source, shift)
    tail = None
    d = f"M{_n(begin[0])},{_n(begin[1])}{bend}"
    y1 = leave[1]
    if source.wide > _INPUT:
        tail = (leave[0], source.y + source.high + _NEAR + _PLATE / 2)
        y1 = tail[1] + _PLATE / 2
        d += f"L{_n(leave[0])},{_n(y1)}"
    if not target.round:
        return _into_box(source, target, (leave[0], y1), d, begin, away, tail)
    into = [w for w in wires if w.target == wire.target and w.bias is None]
    into.sort(key=lambda w: (spots[w.source].x, w.number))
    x2 = target.x + (into.index(wire) - (len(into) - 1) / 2) * 2 * _PORT
    level = target.y - target.high - _NEAR - _PLATE
    half = (y1 + level) / 2
    d += f"C{_n(leave[0])},{_n(half)} {_n(x2)},{_n(half)} {_n(x2)},{_n(level)}"
    tip, toward, end = _in(target, x2, level + _PLATE)
    label = (x2, level + _PLATE / 2)
    return Run(d + end, tip, toward, begin, away, label, tail)


def _out(spot: Spot, shift: float) -> tuple[Point, str, Point, Point]:
    """Return where a wire leaves a circle, its bend to its own line, that line's top, the way back in."""
    if abs(shift) <= 0.7 * spot.wide:
        y = spot.y + sqrt(spot.wide**2 - shift**2)
        point = (spot.x + shift, y + _ARROW)
        return point, "", point, (0.0, -1.0)
    side = 1.0 if shift > 0 else -1.0
    dx, dy = side * sin(_ANGLE), cos(_ANGLE)
    point = (spot.x + (spot.wide + _ARROW) * dx, spot.y + (spot.wide + _ARROW) * dy)
    line = (spot.x + shift, spot.y + spot.high + _NEAR)
    bend = (
        f"C{_n(point[0] + 8 * dx)},{_n(point[1] + 8 * dy)} {_n(line[0])},{_n(line[1] - 10)} "
        f"{_n(line[0])},{_n(line[1])}"
    )
    return point, bend, line, (-dx, -dy)


def _in(spot: Spot, x: float, below: float) -> tuple[Point, Point, str]:
    """Return where a wire on the line `x` meets a circle, its direction there, and the path's end."""
    shift = x - spot.x
    if abs(shift) <= 0.7 * spot.wide:
        y = spot.y - sqrt(spot.wide**2 - shift**2) - _ARROW
        return (x, y), (0.0, 1.0), f"L{_n(x)},{_n(y - _HEAD)}"
    side = 1.0 if shift > 0 else -1.0
    dx, dy = side * sin(_ANGLE), -cos(_ANGLE)
    tip = (spot.x + (spot.wide + _ARROW) * dx, spot.y + (spot.wide + _ARROW) * dy)
    stop = (tip[0] + _HEAD * dx, tip[1] + _HEAD * dy)
    end = (
        f"L{_n(x)},{_n(below)}C{_n(x)},{_n(below + 5)} {_n(stop[0] + 4 * dx)},{_n(stop[1] + 4 * dy)} "
        f"{_n(stop[0])},{_n(stop[1])}"
    )
    return tip, (-dx, -dy), end


def _into_box(
    source: Spot, target: Spot, at: Point, d: str, begin: Point, away: Point, tail: Point | None
) -> Run:
    x = at[0]
    if abs(source.x - target.x) < target.wide:
        tip = (x, target.y - target.high - _ARROW)
        return Run(d + f"L{_n(x)},{_n(tip[1] - _HEAD)}", tip, (0.0, 1.0), begin, away,
                   (x, tip[1] - 12.0), tail)  # fmt: skip
    side = 1.0 if target.x > x else -1.0
    tip = (target.x - side * (target.wide + _ARROW), target.y)
    turn = f"L{_n(x)},{_n(target.y - 18)}Q{_n(x)},{_n(target.y)} {_n(x + 18 * side)},{_n(target.y)}"
    end = f"L{_n(tip[0] - side * _HEAD)},{_n(target.y)}"
    return Run(d + turn + end, tip, (side, 0.0), begin, away, (x - side * 10.0, target.y + 5.0), tail)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
