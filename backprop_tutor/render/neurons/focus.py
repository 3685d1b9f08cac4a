"""The layout of a crowded network: small circles, their numbers beside them, one neuron in focus.

Enters: a network, its wires, a stage. Leaves: a `Layout` in which every wire has one run for the whole
picture, and those into a neuron another, level where its numbers stand, for when it is at work. A column
of more than twelve shows ten, how many are left out, and the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...scales import Box, Network
from ..drawing.bands import Stage
from ..typesetting.fonts import width
from .connections import Wire
from .feet import foot_places
from .page import Page
from .places import Foot, Layout, Point, Run, Spot, curve

__all__ = ["LABEL", "MOST_SHOWN", "STUB", "focus_layout"]

RADIUS, STUB, LABEL = 15.0, 74.0, 78.0
MOST_SHOWN = 12
_KEPT = 10
_PITCH, _ROW, _FOOT = 111.0, 33.0, 40.0
_LEAST = 264.0
_BEND = 36.0
_BOX = (42.0, 36.0)
_ARROW, _HEAD = 2.0, 8.0


def focus_layout(
    page: Page, wires: Sequence[Wire], stage: Stage, figures: int | None
) -> Layout:
    """Return where everything stands in a network of which not every number can be shown at once."""
    network = page.network
    columns: dict[int, list[int]] = {}
    for place, column in sorted(network.columns.items()):
        columns.setdefault(column, []).append(place)
    feet = foot_places(network, wires)
    names = max((width(page.write.name(p).unicode, 14, "italic") for p in columns[0]), default=0.0)
    left = stage.left + max(names + 8.0, 30.0 if feet else 0.0) + RADIUS
    last = max(columns)
    right = stage.right - (_BOX[0] if _boxed(network, columns[last]) else RADIUS + STUB)
    pitch = (right - left) / max(last, 1)
    if pitch < _LEAST:
        stage = replace(stage, width=stage.width + (_LEAST - pitch) * last)
        pitch = _LEAST
    xs = {column: left + column * pitch for column in columns}
    top = stage.top + 30.0
    below = _FOOT * max((row + 1 for _, row in feet.values()), default=0)
    rows = min(max(map(len, columns.values())), MOST_SHOWN)
    stage = stage.taller(_ROW * rows - (stage.bottom - 2.0 - top - below))
    room = stage.bottom - 2.0 - top - below
    spots, more = _spots(network, columns, xs, top, room)
    placed = _feet(feet, xs, top + room + 26.0)
    starts = {
        w.number: _start(w, spots, placed, xs[max(network.columns[w.target] - 1, 0)])
        for w in wires
        if _shown(w, spots)
    }
    along = {
        w.number: f"M{_n(placed[w.source].right)},{_n(placed[w.source].y)}L"
        for w in wires
        if w.bias is not None and w.number in starts
    }
    runs = {w.number: _whole(w, wires, spots, starts, along) for w in wires if _shown(w, spots)}
    busy = _busy(wires, spots, starts, along, (top, top + room))
    return Layout(
        stage=stage, spots=spots, feet=placed, runs=runs, busy=busy,
        heads=tuple((xs[c], c) for c in sorted(xs)), more=tuple(more), figures=figures or 3,
        detail=False, names=False, crowded=True, lettering=(14.0, 12.0, 12.0),
    )  # fmt: skip


def _boxed(network: Network, places: list[int]) -> bool:
    return all(isinstance(network.units.get(place), Box) for place in places)


def _feet(
    columns: dict[int, tuple[int, int]], xs: dict[int, float], y: float
) -> dict[int, Foot]:
    return {
        place: Foot(place, xs[column], xs[column] + RADIUS + STUB, y + _FOOT * row)
        for place, (column, row) in columns.items()
    }


def _spots(
    network: Network, columns: dict[int, list[int]], xs: dict[int, float], top: float, room: float
) -> tuple[dict[int, Spot], list[tuple[Point, int, int]]]:
    spots: dict[int, Spot] = {}
    more: list[tuple[Point, int, int]] = []
    for column, places in columns.items():
        slots: list[int | None] = list(places)
        if len(places) > MOST_SHOWN:
            slots = [*places[:_KEPT], None, places[-1]]
        pitch = min(_PITCH, room / len(slots))
        for row, place in enumerate(slots):
            y = top + room / 2 + (row - (len(slots) - 1) / 2) * pitch
            if place is None:
                more.append(((xs[column], y), len(places) - _KEPT - 1, column))
            elif isinstance(network.units.get(place), Box):
                spots[place] = Spot(place, xs[column], y, *_BOX, round=False)
            else:
                spots[place] = Spot(place, xs[column], y, RADIUS, RADIUS)
    return spots, more


def _shown(wire: Wire, spots: dict[int, Spot]) -> bool:
    return wire.target in spots and (wire.bias is not None or wire.source in spots)


def _start(wire: Wire, spots: dict[int, Spot], feet: dict[int, Foot], before: float) -> Point:
    """Return where a wire leaves its level start; `before` is the middle of the column before its end."""
    if wire.bias is not None:
        foot = feet[wire.source]
        return max(foot.right, before + RADIUS + STUB), foot.y
    spot = spots[wire.source]
    return spot.x + spot.wide + (STUB if spot.round else 0.0), spot.y


def _whole(
    wire: Wire, wires: Sequence[Wire], spots: dict[int, Spot], starts: dict[int, Point],
    along: dict[int, str],
) -> Run:  # fmt: skip
    """Return how a wire runs while another neuron is in focus: one S to its target."""
    x1, y1 = starts[wire.number]
    target = spots[wire.target]
    x2, y2 = target.x - target.wide - _ARROW, target.y
    if not target.round:
        into = [w for w in wires if w.target == wire.target and w.source in spots]
        into.sort(key=lambda w: (spots[w.source].y, w.number))
        gap = min(17.0, (2 * target.high - 16.0) / max(len(into) - 1, 1))
        y2 += (into.index(wire) - (len(into) - 1) / 2) * gap
    d = f"{along.get(wire.number, 'M')}{_n(x1)},{_n(y1)}" + curve(x1, y1, x2 - _HEAD, y2)
    return Run(d, (x2, y2), (1.0, 0.0), (x1, y1), (-1.0, 0.0), None)


def _busy(
    wires: Sequence[Wire], spots: dict[int, Spot], starts: dict[int, Point], along: dict[int, str],
    band: tuple[float, float],
) -> dict[int, Run]:  # fmt: skip
    """Return how the wires into each neuron run while it is in focus: level where numbers stand."""
    found: dict[int, Run] = {}
    into: dict[int, list[Wire]] = {}
    for wire in wires:
        if _shown(wire, spots) and (wire.term is not None or wire.bias is not None):
            into.setdefault(wire.target, []).append(wire)
    for target, group in into.items():
        spot = spots[target]
        group.sort(key=lambda w: (w.bias is not None, starts[w.number][1], w.number))
        gap = min(_ROW, (band[1] - band[0]) / len(group))
        half = (len(group) - 1) / 2 * gap
        low, high = band[0] + 24.0 + half, band[1] - 20.0 - half
        middle = min(max(spot.y, low), max(high, low))
        right = spot.x - spot.wide - _ARROW - _BEND
        for row, wire in enumerate(group):
            x1, y1 = starts[wire.number]
            y = middle - half + row * gap
            tip = (spot.x - spot.wide - _ARROW, spot.y)
            d = (
                f"{along.get(wire.number, 'M')}{_n(x1)},{_n(y1)}"
                + curve(x1, y1, right - LABEL, y) + f"L{_n(right)},{_n(y)}"
                + curve(right, y, tip[0] - _HEAD, tip[1])
            )  # fmt: skip
            found[wire.number] = Run(
                d, tip, (1.0, 0.0), (x1, y1), (-1.0, 0.0), (right - LABEL / 2, y)
            )
    return found


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
