"""The way of every wire, before lines have heights: points whose height is a line's, or a track's between.

Enters: arranged cells with their x. Leaves: `Wire`s. Wires between lines run on tracks of their own in the
channels above and below each line, and pass a line only where no cell of it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .cells import GATE, SIDE, ArrangedCell
from .figures import Figure
from .lines import Link, Plan

__all__ = ["Height", "Wire", "wired"]

Height = tuple[str, int, float]
"""("line", its number, px below its middle) or ("track", its channel, the wire's number)."""

Points = tuple[tuple[float, Height], ...]

_CLEAR = 6.0


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire: where it comes from, the gate it enters (None: it leaves one for its box), its points."""

    key: str
    source: int
    gate: int
    operand: int | None
    points: Points


def wired(
    plan: Plan, cells: Sequence[ArrangedCell], figures: Mapping[int, Figure]
) -> tuple[Wire, ...]:
    """Return every wire of a picture."""
    return tuple(_Wirer(plan, cells, figures).wires())


class _Wirer:
    def __init__(
        self, plan: Plan, cells: Sequence[ArrangedCell], figures: Mapping[int, Figure]
    ) -> None:
        self.plan = plan
        self.cells = cells
        self.figures = figures
        self.by_line: dict[int, list[ArrangedCell]] = {}
        for cell in cells:
            self.by_line.setdefault(cell.line, []).append(cell)
        self.gates = {g.gate: (cell, g) for cell in cells for g in cell.gates}
        self.sides = {s.place: (cell, s) for cell in cells for s in cell.sides}
        self.upright: list[float] = []

    def wires(self) -> list[Wire]:
        found = [self.link(number, link) for number, link in enumerate(self.plan.links)]
        for number, (cell, spot) in self.gates.items():
            result = self.plan.parts.gates[number].result
            if result in self.plan.cell_of_box:
                box = self.cells[self.plan.cell_of_box[result]]
                at = ("line", cell.line, 0.0)
                ends = ((cell.x + spot.x + spot.half, at), (box.x, at))
                found.append(Wire(f"out-{number}", result, number, None, ends))
        return found

    def link(self, number: int, link: Link) -> Wire:
        cell, spot = self.gates[link.gate]
        key = f"wire-{link.gate}-{link.operand}"
        if link.kind == "inline":
            at: Height = ("line", cell.line, 0.0)
            points: Points = ((self.right_of(link.source), at), (cell.x + spot.x - spot.half, at))
        elif link.kind == "side":
            points = self.beside(link, cell, cell.x + spot.ports[link.operand])
        elif link.kind == "join":
            source = self.line_of(link.source)
            port = cell.x + spot.ports[link.operand]
            points = (
                (self.right_of(link.source), ("line", source, 0.0)), (port, ("line", source, 0.0)),
                (port, ("line", cell.line, GATE)),
            )  # fmt: skip
        else:
            points = self.fork(number, link)
        return Wire(key, link.source, link.gate, link.operand, points)

    def right_of(self, place: int) -> float:
        """Return where an array's wire leaves to the right: its box's edge, or its gate's."""
        if place in self.plan.cell_of_box:
            cell = self.cells[self.plan.cell_of_box[place]]
            return cell.x + self.figures[place].box
        cell, spot = self.gates[self.plan.parts.gate_of[place]]
        return cell.x + spot.x + spot.half

    def line_of(self, place: int) -> int:
        if place in self.plan.cell_of_box:
            return self.cells[self.plan.cell_of_box[place]].line
        if place in self.sides:
            return self.sides[place][0].line
        return self.gates[self.plan.parts.gate_of[place]][0].line

    def beside(
        self, link: Link, cell: ArrangedCell, port: float
    ) -> Points:
        _, spot = self.sides[link.source]
        box = self.figures[link.source].box
        sign = -1.0 if spot.side == "above" else 1.0
        left = cell.x + spot.left
        inset = min(10.0, box / 2)
        x = min(max(port, left + inset), left + box - inset)
        edge, gate = ("line", cell.line, sign * SIDE), ("line", cell.line, sign * GATE)
        if abs(x - port) < 0.5:
            return ((port, edge), (port, gate))
        jog = ("line", cell.line, sign * (SIDE - 9.0))
        return ((x, edge), (x, jog), (port, jog), (port, gate))

    def leaves(self, place: int) -> tuple[float, Height, int]:
        """Return where a fork leaves a box, and the channel it enters: the one below, or above."""
        figure = self.figures.get(place)
        if place in self.sides:
            cell, spot = self.sides[place]
            assert figure is not None  # a box beside a gate is an input, and has a figure
            x = cell.x + spot.left + figure.box - 9.0
            far = SIDE + figure.up + figure.down
            if spot.side == "above":
                return x, ("line", cell.line, -far), cell.line
            return x, ("line", cell.line, far), cell.line + 1
        line = self.line_of(place)
        if figure is None or place not in self.plan.cell_of_box:
            x = self.right_of(place) + 6.0
            return x, ("line", line, 0.0), line + 1
        cell = self.cells[self.plan.cell_of_box[place]]
        return cell.x + figure.box / 2, ("line", line, figure.down), line + 1

    def fork(self, number: int, link: Link) -> Points:
        x, start, channel = self.leaves(link.source)
        cell, spot = self.gates[link.gate]
        line = cell.line
        ends: list[tuple[float, Height]]
        if link.side == "left":
            to = cell.x + 2.0
            goal = line if channel <= line else line + 1
            edge: Height = ("line", line, 0.0)
            ends = [(to, edge), (cell.x + spot.x - spot.half, edge)]
        else:
            to = cell.x + spot.ports[link.operand]
            goal = line if link.side == "above" else line + 1
            ends = [(to, ("line", line, -GATE if link.side == "above" else GATE))]
        points = [(x, start)]
        track: Height = ("track", channel, float(number))
        if channel == goal:
            points += [(x, track), (to, track)]
        else:
            over = self.passage(x, to, channel, goal)
            other: Height = ("track", goal, float(number))
            points += [(x, track), (over, track), (over, other), (to, other)]
            self.upright.append(over)
        return (*points, *ends)

    def passage(self, x: float, to: float, channel: int, goal: int) -> float:
        """Return where a wire can pass the lines between two channels."""
        lines = range(min(channel, goal), max(channel, goal))
        edges = sorted({edge for cell in self.cells for edge in (cell.x - 7.0, cell.x + cell.wide + 7.0)})
        tried = sorted((x, to, *edges), key=lambda at: abs(at - x) + abs(at - to))
        for at in tried:
            blocked = any(
                cell.x - _CLEAR < at < cell.x + cell.wide + _CLEAR
                for line in lines for cell in self.by_line.get(line, ())
            )  # fmt: skip
            near = at not in (x, to) and any(abs(at - other) < 5.0 for other in self.upright)
            if not blocked and not near:
                return at
        return max(cell.x + cell.wide for cell in self.cells) + 14.0
