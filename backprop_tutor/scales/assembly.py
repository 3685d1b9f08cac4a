"""A graph's neurons put together: columns, layers, boxes for all that is no neuron.

Enters: a graph. Leaves: a `Network`, or None where the graph has no neuron. A box is a largest group of
operations that lead to one value, so it has one value and one gradient, as a neuron has.
"""

from __future__ import annotations

from dataclasses import replace

from ..frozen import FrozenDict
from ..graph import Graph
from .recognition import neurons_of
from .records import Box, Edge, Layer, Network, Neuron, Unit

__all__ = ["recognise"]


def recognise(graph: Graph) -> Network | None:
    """Return the network that a program is, or None where it has no neuron.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse
    >>> recognise(build_graph(parse("h = tanh(w1*x1 + w2*x2 + b); L = (h - t)^2")))
    <Network: 2 inputs, layers of 1, 1 boxes>
    >>> recognise(build_graph(parse("f = (x + y)*z"))) is None
    True
    """
    neurons = neurons_of(graph)
    if not neurons:
        return None
    units: dict[int, Unit] = {**neurons, **_boxes(graph, neurons)}
    parameters = {
        place
        for neuron in neurons.values()
        for place in (
            *(term.weight for term in neuron.terms),
            neuron.bias.place if neuron.bias else None,
        )
        if place is not None and graph.nodes[place].kind == "input"
    }
    inputs = _inputs(graph, units, parameters)
    columns = _columns(graph, units, inputs)
    placed = {place: replace(units[place], column=columns[place]) for place in units}
    ordered = sorted(placed, key=lambda place: (columns[place], place))
    return Network(
        graph=graph,
        inputs=inputs,
        units=FrozenDict((place, placed[place]) for place in ordered),
        layers=_layers([placed[place] for place in ordered]),
        shared=tuple(
            place
            for place in sorted(parameters)
            if sum(graph.relevant[use.target] for use in graph.uses[place]) > 1
        ),
        columns=FrozenDict(columns),
    )


def _boxes(graph: Graph, neurons: dict[int, Neuron]) -> dict[int, Box]:
    """Return the boxes by place: each operation outside neurons joins the one box that uses it."""
    owner: dict[int, int] = {
        place: neuron.place for neuron in neurons.values() for place in neuron.cone
    }
    inside: dict[int, list[int]] = {}
    for place in range(len(graph.nodes) - 1, -1, -1):
        if place in owner or graph.nodes[place].kind != "operation":
            continue
        users = {owner[use.target] for use in graph.uses[place]}
        head = users.pop() if len(users) == 1 else place
        if head in neurons or place == graph.output:
            head = place
        owner[place] = head
        inside.setdefault(head, []).append(place)
    return {head: _box(graph, head, sorted(cone)) for head, cone in sorted(inside.items())}


def _box(graph: Graph, head: int, cone: list[int]) -> Box:
    own = set(cone)
    edges: dict[int, list[Edge]] = {}
    for place in cone:
        for slot, operand in enumerate(graph.nodes[place].operands):
            if operand not in own and graph.nodes[operand].kind != "constant":
                edges.setdefault(operand, []).append((operand, place, slot))
    entering = FrozenDict({source: tuple(each) for source, each in edges.items()})
    return Box(head, tuple(edges), entering, tuple(cone))


def _inputs(graph: Graph, units: dict[int, Unit], parameters: set[int]) -> tuple[int, ...]:
    """Return what neurons, and boxes that neurons take, have as data.

    What enters the last boxes alone (targets) stands on their wires.
    """
    wanted: set[int] = set()
    added: set[int] = set()
    for place in sorted(units, reverse=True):
        unit = units[place]
        if isinstance(unit, Neuron):
            added.update(unit.sources)
        if isinstance(unit, Neuron) or place in wanted:
            wanted.update(unit.sources)
    return tuple(
        place
        for place in sorted(wanted)
        if graph.nodes[place].kind != "operation" and (place not in parameters or place in added)
    )


def _columns(graph: Graph, units: dict[int, Unit], inputs: tuple[int, ...]) -> dict[int, int]:
    """Return how far each unit stands from the inputs; an input stands before its first use."""
    columns: dict[int, int] = {}
    groups = _softmax_groups(graph, units)
    for place in sorted(units):
        members = groups.get(place, (place,))
        found = 0
        for member in members:
            for source in units[member].sources:
                found = max(found, columns.get(source, 0))
        columns[place] = found + 1
    last = max(columns.values())
    if graph.output in units and isinstance(units[graph.output], Box):
        columns[graph.output] = last  # a loss stands behind all others
    first: dict[int, int] = {}
    for unit in units.values():
        for source in unit.sources:
            column = columns[unit.place]
            first[source] = min(first.get(source, column), column)
    columns.update((place, first[place] - 1) for place in inputs)
    return columns


def _softmax_groups(graph: Graph, units: dict[int, Unit]) -> dict[int, tuple[int, ...]]:
    """Return for each output of a softmax all outputs of it: they stand in one column."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, unit in units.items():
        if isinstance(unit, Neuron) and graph.nodes[place].op == "softmax":
            groups.setdefault(graph.nodes[place].operands, []).append(place)
    return {place: tuple(group) for group in groups.values() for place in group}


def _layers(units: list[Unit]) -> tuple[Layer, ...]:
    found: dict[tuple[int, frozenset[int], str], list[Neuron]] = {}
    for unit in units:
        if isinstance(unit, Neuron):
            key = (unit.column, frozenset(unit.sources), unit.activation)
            found.setdefault(key, []).append(unit)
    return tuple(
        Layer(tuple(n.place for n in group), group[0].sources, activation, column)
        for (column, _sources, activation), group in found.items()
    )
