"""The layout of a network of which every number is shown: columns, five zones between them.

Enters: a network, its wires, a stage and the widths of its labels. Leaves: a `Layout`, or None where a
column is so full that rows with a number above and below would meet. Between two columns stand, from
left to right: the join, the tail (contributions), the crossing (no text), the head (weights), the join.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...scales import Box, Network, Neuron
from ..drawing.bands import Stage
from .connections import Wire
from .feet import foot_places
from .places import Foot, Layout, Point, Run, Spot, curve, joint

__all__ = ["Zones", "plain_layout"]

_PITCH, _RADIUS, _ROW = 200.0, 46.0, 46.0
_NUMBERED, _BIAS_ROW = 33.0, 32.0
_JOIN, _ARROW = 24.0, 2.0
_LEAST_RADIUS, _LEAST_TAIL = 26.0, 17.0
_CROSSING, _LEAST_CROSSING = 190.0, 34.0
_BOX_CROSSING = 0.45
_FOOT = 44.0
_LANE = 26.0
_INPUT = 36.0

Zones = Callable[[int, int, bool], tuple[float, float]]
"""From a column and the figures, and whether names are shown: the widths of the tail's and head's texts."""


def plain_layout(
    network: Network, wires: Sequence[Wire], stage: Stage, zones: Zones, figures: int | None
) -> Layout | None:
    """Return where everything stands, all numbers shown; None where there is no room for them."""
    return _Plain(network, wires, stage, zones, figures).layout()


class _Plain:
    def __init__(
        self, network: Network, wires: Sequence[Wire], stage: Stage, zones: Zones, figures: int | None
    ) -> None:
        self.network = network
        self.wires = wires
        self.stage = stage
        self.zones = zones
        self.columns: dict[int, list[int]] = {}
        for place, column in sorted(network.columns.items()):
            self.columns.setdefault(column, []).append(place)
        self.last = max(self.columns)
        self.feet = foot_places(network, wires)
        self.foot_rows = max((row + 1 for _, row in self.feet.values()), default=0)
        self.top = stage.top + 30.0 - (24.0 if self.feet else 0.0)
        self.room = stage.bottom - 2.0 - (stage.top + 30.0) - _FOOT * self.foot_rows
        rows = max(map(len, self.columns.values()))
        self.pitch = min(_PITCH, self.room / rows)
        self.radius = min(_RADIUS, (self.pitch - 42.0) / 2)
        self.figures = figures or (4 if self.radius >= _RADIUS - 2 else 3)
        self.into: dict[int, list[Wire]] = {}
        self.out: dict[int, list[Wire]] = {}
        self.spots: dict[int, Spot] = {}

    def layout(self) -> Layout | None:
        if self.radius < _LEAST_RADIUS or not self._rows_fit():
            return None
        for names in (True, False):
            xs = self._xs(names)
            if xs is not None:
                return self._placed(xs, names)
        return None

    def _pitch(self, column: int) -> float:
        return min(_PITCH, self.room / len(self.columns[column]))

    def _rows_fit(self) -> bool:
        counts: dict[int, int] = {}
        outs: dict[int, int] = {}
        for wire in self.wires:
            counts[wire.target] = counts.get(wire.target, 0) + 1
            if wire.bias is None and wire.source in self.network.units:
                outs[wire.source] = outs.get(wire.source, 0) + 1
        for place, count in counts.items():
            pitch = self._pitch(self.network.columns[place])
            if isinstance(self.network.units[place], Neuron) and pitch < _NUMBERED * count + 4:
                return False
        for place, count in outs.items():
            if count > 1 and (self._pitch(self.network.columns[place]) - 40) / count < _LEAST_TAIL:
                return False
        return True

    def _half(self, place: int) -> tuple[float, float]:
        unit = self.network.units.get(place)
        if unit is None:
            radius = self.radius if self.radius < _RADIUS - 2 else _INPUT
            return radius, radius
        if isinstance(unit, Box):
            count = sum(wire.target == place for wire in self.wires)
            high = max(38.0 if self.radius >= _RADIUS - 2 else 36.0, 17.0 * (count - 1) / 2 + 16.0)
            return (46.0 if self.radius >= _RADIUS - 2 else 42.0), high
        return self.radius, self.radius

    def _xs(self, names: bool) -> dict[int, float] | None:
        """Return the columns' middles; None where there is no room for them."""
        columns = range(self.last + 1)
        wide = {c: max(self._half(p)[0] for p in self.columns[c]) for c in columns}
        fixed, shares = [], []
        for column in columns[1:]:
            tail, head = self.zones(column, self.figures, names)
            source = column - 1
            has_tail = any(p in self.network.units for p in self.columns[source])
            start = _JOIN + tail if has_tail else 0.0
            fixed.append(wide[source] + start + head + _JOIN + wide[column])
            boxes = all(isinstance(self.network.units.get(p), Box) for p in self.columns[column])
            shares.append(_BOX_CROSSING if boxes else 1.0)
        left = max(58.0 if any(column == 0 for column, _ in self.feet.values()) else wide[0] + 6.0, wide[0])
        right = max(wide[self.last], 40.0)
        spare = self.stage.right - self.stage.left - left - right - sum(fixed)
        unit = min(_CROSSING, spare / sum(shares)) if shares else 0.0
        if unit * min(shares, default=1.0) < _LEAST_CROSSING * 0.8 or unit < _LEAST_CROSSING:
            return None
        total = left + right + sum(fixed) + unit * sum(shares)
        x = self.stage.left + left + (self.stage.right - self.stage.left - total) / 2
        xs = {0: x}
        for column in columns[1:]:
            x += fixed[column - 1] + unit * shares[column - 1]
            xs[column] = x
        return xs

    def _placed(self, xs: dict[int, float], names: bool) -> Layout:
        middle = self.top + self.room / 2
        for column, places in self.columns.items():
            pitch = self._pitch(column)
            order = self._ordered(column)
            for row, place in enumerate(order):
                y = middle + (row - (len(places) - 1) / 2) * pitch
                wide, high = self._half(place)
                round_ = not isinstance(self.network.units.get(place), Box)
                self.spots[place] = Spot(place, xs[column], y, wide, high, round_)
        feet = self._feet(xs)
        self._sort_wires()
        lanes = self._lanes()
        big = self.radius >= _RADIUS - 2
        detail = big and self.pitch >= 180.0
        under = 74.0 if detail else 26.0
        bottom = max(spot.y + spot.high + under for spot in self.spots.values())
        bottom = max([bottom, *(foot.y + 20.0 for foot in feet.values())])
        runs = {
            wire.number: self._run(wire, xs, names, feet, lanes, bottom) for wire in self.wires
        }
        deepest = bottom + _LANE * len(lanes) - self.stage.bottom
        more = max(deepest, 0.0) if lanes else 0.0
        return Layout(
            stage=replace(self.stage, height=self.stage.height + more), spots=self.spots, feet=feet,
            runs=runs, busy={}, heads=tuple((xs[c], c) for c in sorted(xs)), more=(),
            figures=self.figures, detail=detail, names=names, crowded=False,
            lettering=(20.0, 14.5, 14.0) if big else (16.0, 13.0, 13.0),
        )  # fmt: skip

    def _ordered(self, column: int) -> list[int]:
        """Return a column's units: neurons and inputs as they come, features among what they belong to."""
        return sorted(self.columns[column])

    def _feet(self, xs: dict[int, float]) -> dict[int, Foot]:
        found: dict[int, Foot] = {}
        for place, (column, row) in self.feet.items():
            y = self.top + self.room + 40.0 + row * _FOOT
            found[place] = Foot(place, xs[column] - 34.0, xs[column] + 44.0, y)
        return found

    def _sort_wires(self) -> None:
        for wire in self.wires:
            self.into.setdefault(wire.target, []).append(wire)
            self.out.setdefault(wire.source, []).append(wire)

        def from_above(wire: Wire) -> tuple[bool, bool, float, int]:
            spot = self.spots.get(wire.source)
            far = self._skips(wire)
            return wire.bias is not None, far, spot.y if spot else 0.0, wire.number

        for wires in self.into.values():
            wires.sort(key=from_above)
        for wires in self.out.values():
            wires.sort(key=lambda w: (self._skips(w), self.spots[w.target].y, w.number))

    def _skips(self, wire: Wire) -> bool:
        columns = self.network.columns
        return wire.bias is None and columns[wire.target] - columns[wire.source] > 1

    def _lanes(self) -> dict[int, int]:
        """Return the lane of each wire that passes a column by, below the picture."""
        skipping = [wire.number for wire in self.wires if self._skips(wire)]
        return {number: lane for lane, number in enumerate(skipping)}

    def _offsets(self, place: int) -> dict[int, float]:
        """Return how far below its unit's middle each wire arrives."""
        wires = self.into[place]
        spot, count = self.spots[place], len(wires)
        if not spot.round:
            gap = 46.0 if count <= 2 else min(33.0, (2 * spot.high - 24.0) / max(count - 1, 1))
            return {w.number: (i - (count - 1) / 2) * gap for i, w in enumerate(wires)}
        pitch = self._pitch(self.network.columns[place])
        biases = sum(wire.bias is not None for wire in wires)
        terms = count - biases
        gap = min(_ROW, (pitch - 4.0 - _NUMBERED * biases) / max(terms, 1))
        first = -(terms - 1) / 2 * gap
        if biases and gap < _ROW:
            first -= biases * _NUMBERED / 2
        found = {}
        for i, wire in enumerate(wires):
            below = i - terms + 1
            found[wire.number] = (
                first + i * gap if below <= 0 else first + (terms - 1) * gap + below * _BIAS_ROW
            )
        return found

    def _start(self, wire: Wire) -> float:
        wires = self.out[wire.source]
        spot = self.spots[wire.source]
        row, count = wires.index(wire), len(wires)
        if wire.source not in self.network.units:
            gap = min(11.0, spot.wide / count)
        else:
            pitch = self._pitch(self.network.columns[wire.source])
            gap = min(_ROW, (pitch - 40.0) / count)
        return (row - (count - 1) / 2) * gap

    def _run(
        self, wire: Wire, xs: dict[int, float], names: bool, feet: dict[int, Foot],
        lanes: dict[int, int], bottom: float,
    ) -> Run:  # fmt: skip
        column = self.network.columns[wire.target]
        target = self.spots[wire.target]
        _, head = self.zones(column, self.figures, names)
        wide = max(self.spots[p].wide for p in self.columns[column])
        x2 = xs[column] - wide - _JOIN - head
        offset = self._offsets(wire.target)[wire.number]
        y2 = target.y + offset
        tip, toward, bend, begin = joint(target, offset, -1, _ARROW, _JOIN + 4.0)
        stop, _, short, _ = joint(target, offset, -1, _ARROW + 7.0, _JOIN + 4.0)
        end = f"L{_n(begin[0])},{_n(begin[1])}{short}" if bend else f"L{_n(stop[0])},{_n(stop[1])}"
        label = (x2 + head / 2, y2)
        if wire.bias is not None:
            foot = feet[wire.source]
            x1 = max(foot.right, xs[column - 1] + 44.0)
            if any(p in self.network.units for p in self.columns[column - 1]):
                x1 = max(x1, self._tail_end(column - 1, xs, names)[0])  # it rises where no number stands
            d = f"M{_n(foot.right)},{_n(foot.y)}L{_n(x1)},{_n(foot.y)}"
            d += self._crossing((x1, foot.y), (x2, y2)) + end
            return Run(d, tip, toward, (foot.right - 4.0, foot.y), (-1.0, 0.0), label)
        source = self.spots[wire.source]
        start = self._start(wire)
        y1 = source.y + start
        tail = None
        point, _, bend_out, out = joint(source, start, 1, 0.0, _JOIN - 4.0)
        d = f"M{_n(point[0])},{_n(point[1])}"
        if bend_out:
            d = f"M{_n(point[0])},{_n(point[1])}" + _reversed(bend_out, out)
        x1 = point[0]
        if wire.source in self.network.units:
            x1, width = self._tail_end(self.network.columns[wire.source], xs, names)
            d += f"L{_n(x1)},{_n(y1)}"
            tail = (x1 - width / 2, y1)
        if wire.number in lanes:
            lane = bottom + 8.0 + _LANE * lanes[wire.number]
            near = min(x1 + 90.0, (x1 + xs[self.network.columns[wire.source] + 1]) / 2 + 20.0)
            far = x2 - 90.0
            d += curve(x1, y1, near, lane) + f"L{_n(far)},{_n(lane)}" + curve(far, lane, x2, y2)
        else:
            d += self._crossing((x1, y1), (x2, y2))
        tip_back, back, _, _ = joint(source, start, 1, _ARROW, _JOIN - 4.0)
        return Run(d + end, tip, toward, tip_back, back, label, tail)

    def _tail_end(self, column: int, xs: dict[int, float], names: bool) -> tuple[float, float]:
        """Return where the tails behind a column end, and how wide they are."""
        width, _ = self.zones(column + 1, self.figures, names)
        edge = max(self.spots[p].wide for p in self.columns[column])
        return xs[column] + edge + _JOIN + width, width

    def _crossing(self, start: Point, end: Point) -> str:
        (x1, y1), (x2, y2) = start, end
        return f"L{_n(x2)},{_n(y2)}" if abs(y1 - y2) < 0.05 else curve(x1, y1, x2, y2)


def _reversed(bend: str, out: Point) -> str:
    """Return a bend from the row to a unit as one from the unit to the row."""
    first, second, _ = (pair for pair in bend.removeprefix("C").split(" "))
    return f"C{second} {first} {_n(out[0])},{_n(out[1])}"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
