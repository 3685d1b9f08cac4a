"""The lines of a picture of layers: which boxes and gates stand on which line, and what joins them.

Enters: `Parts`. Leaves: a `Plan`. The longest way to the output is the first line; an operation that enters
a gate from the side has a line of its own below; an input used once stands above or below its gate. Every
cell has a column: cells that need each other stand in order, as far right as they can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from .gates import Gate, Operand, Parts

__all__ = ["Cell", "Link", "Plan", "make_plan"]

_ABOVE_FIRST = frozenset({"@"})
"""Signs whose side operand stands above; of the others it is the first below, as a bias is."""


@dataclass(slots=True)
class Cell:
    """A box on a line, or gates in a row with no box between them."""

    number: int
    line: int
    box: int | None = None
    gates: list[int] = field(default_factory=list)
    column: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A wire from an array to an operand of a gate.

    kind: "inline" from the left on the same line, "side" from a box above or below, "join" from the end of
    another line, "fork" from a box that something else uses too.
    side: by which side it enters the gate: "left", "above", "below".
    """

    source: int
    gate: int
    operand: int
    kind: str
    side: str


@dataclass(slots=True)
class Plan:
    """Cells by line, boxes beside gates, and every wire."""

    parts: Parts
    cells: list[Cell] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sides: dict[int, tuple[int, str]] = field(default_factory=dict)
    """For boxes beside a gate: the gate, and "above" or "below"."""
    cell_of_gate: dict[int, int] = field(default_factory=dict)
    cell_of_box: dict[int, int] = field(default_factory=dict)
    columns: int = 0


def make_plan(parts: Parts) -> Plan:
    """Return the lines of a program's picture, with the column of every cell."""
    plan = _Planner(parts).plan()
    if not _number_columns(plan):  # a way that leaves a row of gates comes back into it
        plan = _Planner(parts, apart=True).plan()
        _number_columns(plan)
    return plan


class _Planner:
    """Follows operands back from the output, line by line, without recursion.

    With `apart` every gate is a cell of its own.
    """

    def __init__(self, parts: Parts, apart: bool = False) -> None:
        self.apart = apart
        self.parts = parts
        self.graph = parts.graph
        self.out = Plan(parts)
        self.depth = self.depths()
        self.main: dict[int, int | None] = {}
        self.placed: set[int] = set()

    def depths(self) -> dict[int, int]:
        """Return how many gates lead to each place, at most."""
        found: dict[int, int] = {}
        for gate in self.parts.gates:
            inner = max((found.get(o.place, 0) for o in gate.operands), default=0)
            found[gate.result] = inner + 1
        return found

    def plan(self) -> Plan:
        ends = [self.graph.output] + [
            gate.result for gate in reversed(self.parts.gates)
            if gate.result != self.graph.output and gate.result not in self.parts.takers
        ]  # fmt: skip
        for end in ends:
            waiting: list[tuple[int, tuple[int, int] | None]] = [(end, None)]
            while waiting:
                place, goal = waiting.pop()
                waiting.extend(reversed(list(self.line(place, goal))))
        self.links()
        return self.out

    def line(
        self, end: int, goal: tuple[int, int] | None
    ) -> Iterator[tuple[int, tuple[int, int] | None]]:
        """Add the line that ends at a place; yield the ends of lines that enter it from the side."""
        if end in self.placed:
            return
        number = len(self.out.lines)
        cells: list[Cell] = []
        here: int | None = end
        while here is not None and here not in self.placed and here not in self.out.sides:
            self.placed.add(here)
            if here in self.parts.boxes:
                cells.append(self.cell(number, box=here))
            gate_number = self.parts.gate_of.get(here)
            if gate_number is None:
                break
            if not cells or cells[-1].box is not None or self.apart:
                cells.append(self.cell(number))
            cells[-1].gates.insert(0, gate_number)
            self.out.cell_of_gate[gate_number] = cells[-1].number
            here = self.follow(self.parts.gates[gate_number])
        self.out.lines.append([cell.number for cell in reversed(cells)])
        for cell in reversed(cells):
            for gate_number in cell.gates:
                for place in self.branches(self.parts.gates[gate_number]):
                    yield place, (gate_number, place)

    def cell(self, line: int, box: int | None = None) -> Cell:
        made = Cell(len(self.out.cells), line, box)
        self.out.cells.append(made)
        if box is not None:
            self.out.cell_of_box[box] = made.number
        return made

    def follow(self, gate: Gate) -> int | None:
        """Return the operand that stands left of a gate on its line; None if all enter otherwise."""
        best: tuple[tuple[int, ...], int] | None = None
        for number, operand in enumerate(gate.operands):
            if operand.place in self.placed or operand.place in self.out.sides:
                continue
            rank = (*self.rank(operand), -number)
            if best is None or rank > best[0]:
                best = (rank, number)
        if best is None or self.outranked(gate, best[0]):
            self.main[gate.number] = None
            return None
        self.main[gate.number] = best[1]
        return gate.operands[best[1]].place

    def outranked(self, gate: Gate, rank: tuple[int, ...]) -> bool:
        """Return whether what is already drawn should enter from the left, and the rest from the side."""
        drawn = [o for o in gate.operands if o.place in self.placed]
        return bool(drawn) and rank[0] == 0 and rank[1] == 0

    def rank(self, operand: Operand) -> tuple[int, ...]:
        """Return how much an operand belongs on the line: longest way, then data before parameters."""
        place = operand.place
        node = self.graph.nodes[place]
        repeated = operand.through is not None
        parameter = node.kind == "input" and self.is_parameter(place)
        return (self.depth.get(place, 0), int(not parameter), int(not repeated))

    def is_parameter(self, place: int) -> bool:
        name = self.graph.nodes[place].name
        return name[:1] in "wWbB" or name[:5] in ("theta", "gamma")

    def branches(self, gate: Gate) -> Iterator[int]:
        """Yield the operands of a gate that need a line of their own."""
        for number, operand in enumerate(gate.operands):
            place = operand.place
            if number == self.main[gate.number] or place in self.placed:
                continue
            if place in self.parts.gate_of:
                yield place
            elif place not in self.out.sides:
                self.out.sides[place] = (gate.number, "")

    def links(self) -> None:
        """Add a wire for every operand, and choose the side by which it enters."""
        for gate in self.parts.gates:
            taken: list[str] = []
            sides: list[tuple[int, str]] = []
            main = self.main[gate.number]
            for number, operand in enumerate(gate.operands):
                if number == main:
                    self.link(operand.place, gate, number, "inline", "left")
                elif operand.place in self.out.sides and self.out.sides[operand.place][0] == gate.number:
                    if any(p == operand.place for p, _ in sides):
                        self.link(operand.place, gate, number, "fork", self.free(taken, ("below", "above")))
                    else:
                        sides.append((operand.place, ""))
                elif main is None and "left" not in taken:
                    taken.append("left")
                    self.link(operand.place, gate, number, "fork", "left")
                else:
                    kind = "join" if self.ends_line(operand.place, gate) else "fork"
                    side = self.free(taken, ("below", "above"))
                    self.link(operand.place, gate, number, kind, side)
            for place, _ in sides:
                order = ("above", "below") if self.goes_above(gate) else ("below", "above")
                side = self.free(taken, order)
                self.out.sides[place] = (gate.number, side)
                number = next(n for n, o in enumerate(gate.operands) if o.place == place)
                self.link(place, gate, number, "side", side)

    def goes_above(self, gate: Gate) -> bool:
        return gate.sign in _ABOVE_FIRST or gate.sign not in ("+", "−", "⊙")

    def ends_line(self, place: int, gate: Gate) -> bool:
        """Return whether a place ends a line that belongs to this gate alone."""
        last = [self.out.cells[line[-1]] for line in self.out.lines[1:] if line]
        ends = any(
            cell.box == place or (cell.box is None and self.parts.gates[cell.gates[-1]].result == place)
            for cell in last
        )
        return ends and len(self.parts.takers[place]) == 1

    def free(self, taken: list[str], order: tuple[str, ...]) -> str:
        """Return the side that has the fewest wires yet, the first of `order` among equals."""
        side = min(order, key=lambda each: (taken.count(each), order.index(each)))
        taken.append(side)
        return side

    def link(self, place: int, gate: Gate, number: int, kind: str, side: str) -> None:
        self.out.links.append(Link(place, gate.number, number, kind, side))


def _number_columns(plan: Plan) -> bool:
    """Give every cell its column: right of all it needs, and as near as possible to what needs it.

    Returns whether that can be: not where two cells need each other.
    """
    after: list[set[int]] = [set() for _ in plan.cells]
    for line in plan.lines:
        for left, right in pairwise(line):
            after[left].add(right)
    for link in plan.links:
        target = plan.cell_of_gate[link.gate]
        source = _cell_of(plan, link.source)
        if source != target:
            after[source].add(target)
    back: dict[int, int] = {}
    waiting = [len(each) for each in after]
    before: list[list[int]] = [[] for _ in plan.cells]
    for number, targets in enumerate(after):
        for target in targets:
            before[target].append(number)
    ready = [number for number, count in enumerate(waiting) if not count]
    for number in ready:
        back[number] = 1 + max((back[t] for t in after[number]), default=-1)
        for source in before[number]:
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    if len(back) < len(plan.cells):
        return False
    plan.columns = 1 + max(back.values(), default=0)
    for cell in plan.cells:
        cell.column = plan.columns - 1 - back[cell.number]
    return True


def _cell_of(plan: Plan, place: int) -> int:
    """Return the cell in which an array stands, or from which it comes."""
    if place in plan.cell_of_box:
        return plan.cell_of_box[place]
    if place in plan.sides:
        return plan.cell_of_gate[plan.sides[place][0]]
    return plan.cell_of_gate[plan.parts.gate_of[place]]
