"""What a picture of arrays without numbers holds: shapes in place of values, rules in place of gradients.

Enters: an `UnvaluedPass`. Leaves: its steps, and a `Circuit` with a wire for each node. Above a wire
stands the shape, below it the gradient in the names of those before it, `Xᵀ·∂L/∂Z`; on an arrow the rule,
δ for what comes back. What is too wide stands as its name.
"""

from __future__ import annotations

from ...language import shown_name
from ...matrices.array_graph import record_of
from ...matrices.unvalued import ShapedEdge, UnvaluedPass
from ...ops import OPS
from ...ops.sizes import shown as shown_shape
from ...translation import sentence as _
from ..typesetting.fonts import elided, width
from .circuit import (
    LABEL_SIZE,
    NAME_SIZE,
    NUMBER_SIZE,
    Arrow,
    Circuit,
    Emphasis,
    Gate,
    Text,
    Wire,
    checked_size,
)
from .symbol_circuit import SymbolStep

__all__ = ["shaped_circuit", "shaped_steps", "uses"]

_WIDEST, _LONGEST_NAME = 200.0, 150.0


def uses(found: UnvaluedPass) -> dict[int, list[ShapedEdge]]:
    """Return for each node the edges along which a gradient comes back to it."""
    taken: dict[int, list[ShapedEdge]] = {}
    for edges in found.edges.values():
        for edge in edges:
            taken.setdefault(edge.source, []).append(edge)
    return taken


def shaped_steps(found: UnvaluedPass) -> tuple[SymbolStep, ...]:
    """Return the steps in order: forward, the seed, backward with a sum where all uses are through."""
    graph = found.graph
    steps = [SymbolStep("forward", i) for i, node in enumerate(graph.nodes) if node.kind == "operation"]
    steps.append(SymbolStep("seed", graph.output))
    awaited = {place: len(edges) for place, edges in uses(found).items()}
    several = {place for place, count in awaited.items() if count > 1}
    for target, edges in found.edges.items():
        if not edges:
            continue
        steps.append(SymbolStep("backward", target))
        for edge in edges:
            awaited[edge.source] -= 1
            if not awaited[edge.source] and edge.source in several:
                steps.append(SymbolStep("accumulate", edge.source))
    return tuple(steps)


def shaped_circuit(found: UnvaluedPass, force: bool = False) -> Circuit:
    """Return what the pictures of a pass show.

    Raises:
        OptionError: more than 400 nodes, unless it is forced.
    """
    checked_size(len(found.graph.nodes), force)
    return _Drafter(found).circuit()


class _Drafter:
    """Works out from which step each part is known."""

    def __init__(self, found: UnvaluedPass) -> None:
        self.found, self.graph = found, found.graph
        self.uses = uses(found)
        self.steps = shaped_steps(found)
        self.computed: dict[int, int] = {}
        self.handed: dict[int, int] = {}
        self.summed: dict[int, int] = {}
        for number, step in enumerate(self.steps, 1):
            if step.phase == "forward":
                self.computed[step.quantity] = number
            elif step.phase == "backward":
                self.handed[step.quantity] = number
                self.summed |= {edge.source: number for edge in found.edges[step.quantity]}
            else:  # the seed, and sums
                self.summed[step.quantity] = number

    def circuit(self) -> Circuit:
        """Return the circuit."""
        edges = {(e.target, e.slot): e for taken in self.uses.values() for e in taken}
        arrows: list[Arrow] = []
        for target, node in enumerate(self.graph.nodes):
            for slot, source in enumerate(node.operands):
                arrows.append(self._arrow(len(arrows), source, target, slot, edges.get((target, slot))))
        return Circuit(
            wires=tuple(map(self._wire, range(len(self.graph.nodes)))), arrows=tuple(arrows),
            emphasis=self._emphasis(arrows), output=self.graph.output, blanks=frozenset(),
        )  # fmt: skip

    def _wire(self, place: int) -> Wire:
        node, since = self.graph.nodes[place], self.computed.get(place, 0)
        if node.kind == "constant":
            return Wire(place, node.name, "", Text(node.text, 0), None, None, 0)
        shape = self.graph.shapes[place]
        value = Text(shown_shape(shape) if shape else _("a number"), since)
        gradient = None
        if place in self.summed:
            gradient = Text(self._gradient(place), self.summed[place])
        gate = Gate(node.op, self._sign(place), since) if node.kind == "operation" else None
        label = elided(shown_name(node.name), _LONGEST_NAME, NAME_SIZE, "italic")
        return Wire(place, node.name, label, value, gradient, gate, since)

    def _gradient(self, place: int) -> str:
        if place == self.graph.output:
            return "1"
        named = self.found.named[place]
        if named and width(named, NUMBER_SIZE) <= _WIDEST:
            return named
        names = (shown_name(self.graph.nodes[i].name) for i in (self.graph.output, place))
        return "∂{}/∂{}".format(*names)

    def _sign(self, place: int) -> str:
        node = self.graph.nodes[place]
        record = record_of(node)
        if record is not None:
            return record.sign or record.name[:5]
        row = OPS[node.op]
        if row.signed is not None:
            operands = [self.graph.nodes[i] for i in node.operands]
            return row.signed(*(n.value if n.kind == "constant" else None for n in operands))
        return "⊙" if node.op == "multiply" and self._both_arrays(place) else row.sign or node.op[:5]

    def _both_arrays(self, place: int) -> bool:
        return all(self.graph.shapes[i] for i in self.graph.nodes[place].operands)

    def _arrow(self, number: int, source: int, target: int, slot: int, edge: ShapedEdge | None) -> Arrow:
        since = self.computed[target]
        if edge is None:
            return Arrow(number, source, target, slot, None, None, since)
        known = self.handed[target]
        rule = edge.rule if width(edge.rule, LABEL_SIZE) <= _WIDEST else "…"
        down = None
        if len(self.uses[source]) > 1 and edge.named:
            down = Text(edge.named if width(edge.named, LABEL_SIZE) <= _WIDEST else "…", known)
        return Arrow(number, source, target, slot, Text(rule or "…", known), down, since)

    def _emphasis(self, arrows: list[Arrow]) -> tuple[Emphasis, ...]:
        into: dict[int, set[int]] = {}
        out_of: dict[int, set[int]] = {}
        for arrow in arrows:
            into.setdefault(arrow.target, set()).add(arrow.number)
            out_of.setdefault(arrow.source, set()).add(arrow.number)
        found = [Emphasis()]
        for step in self.steps:
            one = frozenset((step.quantity,))
            if step.phase in ("forward", "backward"):
                found.append(Emphasis(gates=one, arrows=frozenset(into.get(step.quantity, ()))))
            elif step.phase == "accumulate":
                found.append(Emphasis(wires=one, arrows=frozenset(out_of.get(step.quantity, ()))))
            else:
                found.append(Emphasis(wires=one))
        return (*found, Emphasis())
