"""The layout of a crowded network for a phone: rows of small circles, their numbers below, one in focus.

Enters: a page, its wires, a stage. Leaves: a `Layout` in which wires run down, and those into the neuron at
work end level with one another, where their numbers stand. A row holds what the width does with all its
numbers; of a longer one the first are shown, how many are left out, and the last. A shared bias stands at
the end of the row before its neurons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...scales import Box, Network
from ...steps import Exact
from ..drawing.bands import Stage
from ..narration.numbers import shown
from ..typesetting.fonts import width
from .connections import Wire
from .feet import foot_places
from .labels import Labels
from .places import Foot, Layout, Point, Run, Spot

__all__ = ["upright_focus_layout"]

_RADIUS, _BOX = 13.0, (42.0, 27.0)
_STUB, _LINE, _CROSSING, _PLATE, _BEND = 38.0, 22.0, 56.0, 34.0, 38.0
_ARROW, _HEAD = 2.0, 8.0
_SIZE, _APART, _WIDEST = 12.0, 6.0, 104.0
_LEAST, _NAME = 3, 18.0


def upright_focus_layout(labels: Labels, stage: Stage, figures: int | None) -> Layout:
    """Return where everything stands from top to bottom in a network of any size."""
    network, wires, shown_figures = labels.page.network, labels.wires, figures or 3
    rows: dict[int, list[int]] = {}
    for place, column in sorted(network.columns.items()):
        rows.setdefault(column, []).append(place)
    biases: dict[int, list[int]] = {}
    for bias, (column, _) in foot_places(network, wires).items():
        biases.setdefault(column, []).append(bias)
    room = stage.right - stage.left
    spots: dict[int, Spot] = {}
    feet: dict[int, Foot] = {}
    more: list[tuple[Point, int, int]] = []
    y = stage.top + _NAME + _RADIUS
    for column in sorted(rows):
        places, ends = rows[column], biases.get(column, [])
        slots: list[int | None] = list(places)
        held = int(room / (_longest(labels, column, shown_figures) + _APART))
        most = max(held - len(ends), _LEAST)
        if len(places) > most:
            slots = [*places[: most - 2], None, places[-1]]
        boxed = all(isinstance(network.units.get(place), Box) for place in places)
        if column:
            y += _RADIUS + _STUB + (48.0 + _BOX[1] if boxed else _CROSSING + _PLATE + _BEND + _RADIUS)
        count = len(slots) + len(ends)
        pitch = min(_WIDEST, room / count)
        xs = [stage.left + room / 2 + (i - (count - 1) / 2) * pitch for i in range(count)]
        for x, slot in zip(xs, slots, strict=False):
            if slot is None:
                more.append(((x, y), len(places) - len(slots) + 1, column))
            elif isinstance(network.units.get(slot), Box):
                spots[slot] = Spot(slot, x, y, *_BOX, round=False)
            else:
                spots[slot] = Spot(slot, x, y, _RADIUS, _RADIUS)
        feet |= {end: Foot(end, x, x, y) for x, end in zip(xs[len(slots) :], ends, strict=True)}
    drawn = [w for w in wires if w.target in spots and (w.source in spots or w.source in feet)]
    starts = {wire.number: _start(network, wire, spots, feet) for wire in drawn}
    lowest = y + _RADIUS + _STUB
    return Layout(
        stage=replace(stage, height=stage.height + max(0.0, lowest - stage.bottom)), spots=spots,
        feet=feet, runs={w.number: _whole(w, drawn, spots, starts) for w in drawn},
        busy=_busy(network, drawn, spots, starts, stage), heads=(), more=tuple(more),
        figures=shown_figures, detail=False, names=False, crowded=True, upright=True,
        lettering=(14.0, _SIZE, _SIZE),
    )  # fmt: skip


def _longest(labels: Labels, column: int, figures: int) -> float:
    """Return the width, in bold, of the widest number of a row and of the wires that leave it."""
    write, network = labels.page.write, labels.page.network
    columns = network.columns
    numbers: list[Exact | None] = [write.value(place) for place, at in columns.items() if at == column]
    numbers += [write.delta_value(each) for each in network.neurons if columns[each.place] == column]
    for wire in labels.wires:
        if columns[wire.target] == column + 1:
            numbers += [labels.texts[wire.number].value, labels.texts[wire.number].gradient]
    return max(width(shown(n, figures), _SIZE, "bold") for n in numbers if n is not None)


def _start(network: Network, wire: Wire, spots: dict[int, Spot], feet: dict[int, Foot]) -> Point:
    """Return where a wire leaves the numbers below its unit, or below its bias."""
    if wire.source in feet:
        foot = feet[wire.source]
        return foot.left, foot.y + _SIZE + 12.0
    spot = spots[wire.source]
    below = _STUB if wire.source in network.units else _LINE  # an input has no gradient
    return spot.x, spot.y + spot.high + (below if spot.round else 0.0)


def _whole(
    wire: Wire, wires: Sequence[Wire], spots: dict[int, Spot], starts: dict[int, Point]
) -> Run:
    """Return how a wire runs while another neuron is in focus: one S down to its target."""
    x1, y1 = starts[wire.number]
    target = spots[wire.target]
    x2, y2 = target.x, target.y - target.high - _ARROW
    if not target.round:
        into = sorted(
            (w for w in wires if w.target == wire.target), key=lambda w: (starts[w.number][0], w.number)
        )
        gap = min(22.0, (2 * target.wide - 16.0) / max(len(into) - 1, 1))
        x2 += (into.index(wire) - (len(into) - 1) / 2) * gap
    d = f"M{_n(x1)},{_n(y1)}{_down(x1, y1, x2, y2 - _HEAD)}"
    return Run(d, (x2, y2), (0.0, 1.0), (x1, y1), (0.0, -1.0), None)


def _busy(
    network: Network, wires: Sequence[Wire], spots: dict[int, Spot], starts: dict[int, Point],
    stage: Stage,
) -> dict[int, Run]:  # fmt: skip
    """Return how the wires into each neuron run while it is in focus: upright where numbers stand."""
    found: dict[int, Run] = {}
    into: dict[int, list[Wire]] = {}
    for wire in wires:
        if not isinstance(network.units.get(wire.target), Box):
            into.setdefault(wire.target, []).append(wire)
    for target, group in into.items():
        spot = spots[target]
        group.sort(key=lambda w: (starts[w.number][0], w.number))
        gap = min(_WIDEST, (stage.right - stage.left) / len(group))
        half = (len(group) - 1) / 2 * gap
        low, high = stage.left + gap / 2 + half, stage.right - gap / 2 - half
        middle = min(max(spot.x, low), max(high, low))
        tip = (spot.x, spot.y - spot.high - _ARROW)
        level = spot.y - spot.high - _BEND - _PLATE
        for row, wire in enumerate(group):
            x1, y1 = starts[wire.number]
            x = middle - half + row * gap
            d = (
                f"M{_n(x1)},{_n(y1)}{_down(x1, y1, x, level)}L{_n(x)},{_n(level + _PLATE)}"
                + _down(x, level + _PLATE, tip[0], tip[1] - _HEAD)
            )
            label = (x, level + _PLATE / 2)
            found[wire.number] = Run(d, tip, (0.0, 1.0), (x1, y1), (0.0, -1.0), label)
    return found


def _down(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return an S, upright at both ends, from one point to another, without its first point."""
    middle = (y1 + y2) / 2
    return f"C{_n(x1)},{_n(middle)} {_n(x2)},{_n(middle)} {_n(x2)},{_n(y2)}"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
