"""Inside a cell: where its gates stand, and the boxes above and below them; measures, no absolute places.

A gate's side boxes stand side by side where there are several. A single one is centred under all gates of
its cell, so that a layer, W above its product and b below its sum, is as wide as the wider of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..typesetting.fonts import width
from .figures import Figure, head_height
from .lines import Cell, Plan

__all__ = ["GATE", "ArrangedCell", "GateSpot", "SideSpot", "arranged"]

GATE = 17.0
"""Half the height of a gate; the radius of a round one."""

SIDE = 41.0
"""From the line to the edge of a box above or below it."""

SIGN, WORD = 16.0, 13.0
_BETWEEN_GATES, _BETWEEN_WIDE = 14.0, 26.0
_BETWEEN_BOXES, _INSET, _PORT = 14.0, 12.0, 20.0
_WIDE_CELL = 116.0
_LEAD = 20.0
"""Room left of a gate for a wire that comes down to its line there."""


@dataclass(slots=True)
class GateSpot:
    """A gate in its cell: its middle, half its width, and the places where side wires enter it."""

    gate: int
    x: float
    half: float
    size: float
    ports: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class SideSpot:
    """A box above or below the gates: its left edge, and where its wire leaves it."""

    place: int
    side: str
    gate: int
    operand: int
    left: float


@dataclass(slots=True)
class ArrangedCell:
    """A cell with everything in it placed, from its own left edge."""

    number: int
    line: int
    column: int
    box: Figure | None
    gates: list[GateSpot] = field(default_factory=list)
    sides: list[SideSpot] = field(default_factory=list)
    wide: float = 0.0
    up: float = 0.0
    down: float = 0.0
    x: float = 0.0
    light: bool = False
    heads: list[tuple[float, float, float]] = field(default_factory=list)
    """For heads wider than their box: by how much they leave the cell, and from where to where, px from
    the line."""

    @property
    def is_light(self) -> bool:
        """Return whether it holds gates and nothing wider."""
        return self.box is None and self.light


def arranged(plan: Plan, cell: Cell, figures: Mapping[int, Figure]) -> ArrangedCell:
    """Return a cell with its gates and boxes placed."""
    if cell.box is not None:
        figure = figures[cell.box]
        up = figure.up + head_height(figure)
        heads = [(figure.overhang, -up, -figure.up)] if figure.overhang else []
        return ArrangedCell(
            cell.number, cell.line, cell.column, figure, wide=figure.box, up=up, down=figure.down,
            heads=heads,
        )  # fmt: skip
    return _Arranger(plan, cell, figures).arranged()


class _Arranger:
    """Places gates from left to right, and their boxes as near to them as the ones before allow."""

    def __init__(self, plan: Plan, cell: Cell, figures: Mapping[int, Figure]) -> None:
        self.plan = plan
        self.figures = figures
        self.out = ArrangedCell(cell.number, cell.line, cell.column, None)
        self.numbers = cell.gates
        self.reach = {"above": -1e9, "below": -1e9}

    def arranged(self) -> ArrangedCell:
        room = max((self.figures[p].wide for p in self.beside()), default=0.0)
        between = _BETWEEN_WIDE if room >= _WIDE_CELL else _BETWEEN_GATES
        right = -between
        for number in self.numbers:
            spot = self.gate(number, right + between)
            right = spot.x + spot.half
        self.centre()
        return self.measured()

    def beside(self) -> list[int]:
        return [place for place, (gate, _) in self.plan.sides.items() if gate in self.numbers]

    def ports(self, number: int, side: str) -> list[tuple[int, int | None]]:
        """Return what enters a gate by a side: operand, and the box beside it if it is one."""
        links = [
            link for link in self.plan.links
            if link.gate == number and link.side == side and link.kind != "inline"
        ]  # fmt: skip
        return [(link.operand, link.source if link.kind == "side" else None) for link in links]

    def gate(self, number: int, least: float) -> GateSpot:
        sign = self.plan.parts.gates[number].sign
        sides = {side: self.ports(number, side) for side in ("above", "below")}
        most = max(map(len, sides.values()))
        size = SIGN if len(sign) < 3 else WORD
        half = max(GATE, width(sign, size) / 2 + 11.0 if len(sign) > 1 else GATE, _PORT * most / 2)
        x = least + half
        for side, ports in sides.items():
            for i, (_, place) in enumerate(ports):
                offset = _PORT * (i - (len(ports) - 1) / 2)
                need = _BETWEEN_BOXES if place is None else _BETWEEN_BOXES + _INSET
                if len(ports) == 1 or i == 0:
                    x = max(x, self.reach[side] + need - offset)
        spot = GateSpot(number, x, half, size)
        for side, ports in sides.items():
            self.enter(spot, side, ports)
        self.out.gates.append(spot)
        return spot

    def enter(self, spot: GateSpot, side: str, ports: list[tuple[int, int | None]]) -> None:
        beside = [self.figures[p] for _, p in ports if p is not None]
        boxes = sum(f.wide for f in beside[:-1]) + sum(f.box for f in beside[-1:])
        left = spot.x - (boxes + _BETWEEN_BOXES * (len(ports) - 1)) / 2
        for i, (operand, place) in enumerate(ports):
            port = spot.x + _PORT * (i - (len(ports) - 1) / 2)
            spot.ports[operand] = port
            if place is None:
                self.reach[side] = max(self.reach[side], port)
                left = max(left, port + _BETWEEN_BOXES)
                continue
            own = max(left, self.reach[side] + _BETWEEN_BOXES)
            self.out.sides.append(SideSpot(place, side, spot.gate, operand, own))
            self.reach[side] = own + self.figures[place].wide
            left = self.reach[side] + _BETWEEN_BOXES

    def centre(self) -> None:
        """Move a side's only box to the middle of the gates, as far as its wire stays straight."""
        gates = self.out.gates
        middle = (gates[0].x + gates[-1].x) / 2
        for side in ("above", "below"):
            spots = [s for s in self.out.sides if s.side == side]
            wires = sum(len(self.ports(g.gate, side)) for g in gates)
            if len(spots) != 1 or wires != 1:
                continue
            spot = spots[0]
            box = self.figures[spot.place].box
            port = next(g.ports[spot.operand] for g in gates if g.gate == spot.gate)
            inset = min(_INSET, box / 2)
            spot.left = min(max(middle - box / 2, port - box + inset), port - inset)

    def measured(self) -> ArrangedCell:
        out = self.out
        left = min([g.x - g.half for g in out.gates] + [s.left for s in out.sides])
        right = max(
            [g.x + g.half for g in out.gates]
            + [s.left + self.figures[s.place].box for s in out.sides]
        )
        gates = max(g.x + g.half for g in out.gates) - min(g.x - g.half for g in out.gates)
        out.light = right - left < gates + 1.0
        for spot in out.sides:
            figure = self.figures[spot.place]
            over = spot.left + figure.wide - right
            if over > 0:
                edge, far = SIDE + figure.up + figure.down, self.taken(spot)
                out.heads.append((over, -far, -edge) if spot.side == "above" else (over, edge, far))
        if any(link.gate == self.numbers[0] and link.side == "left" and link.kind == "fork"
               for link in self.plan.links):  # fmt: skip
            left -= _LEAD
        for gate in out.gates:
            gate.x -= left
            gate.ports = {operand: x - left for operand, x in gate.ports.items()}
        for spot in out.sides:
            spot.left -= left
        out.wide = right - left
        out.up = max([GATE, *(self.taken(s) for s in out.sides if s.side == "above")])
        out.down = max([GATE, *(self.taken(s) for s in out.sides if s.side == "below")])
        return out

    def taken(self, spot: SideSpot) -> float:
        figure = self.figures[spot.place]
        return SIDE + figure.up + figure.down + head_height(figure)
