"""A network's layers as tables: for each node its weights by where they come from, its sum, its activation.

Enters: a `Network`, and the values where there are some. Leaves: blocks, one table a layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...graph import Graph
from ...language import UNICODE, Apply, Name
from ...scales import Layer, Network, Neuron
from ...sentences import N_, said
from ...steps import Exact
from ...translation import sentence as _
from .document import Block, Heading, Inline, Math, Paragraph, Table
from .formulas import latex, latex_name, unicode
from .numbers import latex_number, shown

__all__ = ["feed_forward"]

_MOST_COLUMNS = 8
"""A layer that more nodes feed has no table: its rows would not fit a page."""


def feed_forward(
    network: Network, numbers: Mapping[int, Exact] | None = None, precision: int = 4
) -> Iterator[Block]:
    """Yield a table for each layer, from the first to the last; `numbers` are values by place."""
    layers = [layer for layer in network.layers if 0 < len(layer.sources) <= _MOST_COLUMNS]
    if not layers:
        return
    yield Heading(2, (_("Feed-forward, layer by layer"),))
    yield from _example(network, layers[0])
    for number, layer in enumerate(network.layers, 1):
        if layer in layers:
            yield Paragraph((said(N_("Layer {number}"), number=number),), indent=1)
            yield _Reader(network, numbers, precision).table(layer)


def _example(network: Network, layer: Layer) -> Iterator[Block]:
    """Yield what a weight's place in the table means, by one of them."""
    neuron = _neuron(network, layer.neurons[-1])
    term = next((term for term in neuron.terms if term.weight is not None), None)
    if term is None or term.weight is None:
        return
    names = [_name(network.graph, place) for place in (term.weight, neuron.place, term.source)]
    yield Paragraph((
        names[0], said(
            ": to {node} from {source}. A row is a node, a column where its weights come from.",
            node=names[1].unicode, source=names[2].unicode,
        ),
    ), indent=1)  # fmt: skip


def _neuron(network: Network, place: int) -> Neuron:
    unit = network.units[place]
    assert isinstance(unit, Neuron)  # layers hold the places of neurons
    return unit


def _name(graph: Graph, place: int) -> Math:
    name = graph.nodes[place].name
    return Math(UNICODE.name(name), latex_name(name))


class _Reader:
    """Writes quantities by name, with their values where there are some."""

    def __init__(self, network: Network, numbers: Mapping[int, Exact] | None, precision: int) -> None:
        self.network = network
        self.numbers = numbers
        self.precision = precision

    def table(self, layer: Layer) -> Table:
        """Return a layer's table."""
        graph = self.network.graph
        neurons = [_neuron(self.network, place) for place in layer.neurons]
        biased = any(neuron.bias is not None for neuron in neurons)
        summed = any(neuron.net != neuron.place for neuron in neurons)
        heads = [_("node")]
        heads += [said("from {source}", source=_name(graph, i).unicode) for i in layer.sources]
        heads += [_("bias")] * biased + [_("weighted sum")] * summed + [_("output")]
        return Table(tuple(heads), tuple(self._row(neuron, layer, biased, summed) for neuron in neurons))

    def _row(
        self, neuron: Neuron, layer: Layer, biased: bool, summed: bool
    ) -> tuple[tuple[Inline, ...], ...]:
        weights: dict[int, list[Inline]] = {}
        for term in neuron.terms:
            cell = weights.setdefault(term.source, [])
            cell += [", "] if cell else []
            cell.append("1" if term.weight is None else self._valued(term.weight, term.sign))
        cells: list[tuple[Inline, ...]] = [(_name(self.network.graph, neuron.place),)]
        cells += [tuple(weights.get(source, ["–"])) for source in layer.sources]
        if biased:
            bias = neuron.bias
            cells.append((self._valued(bias.place, bias.sign),) if bias else ("–",))
        if summed:
            cells.append((self._sum(neuron.net),))
        cells.append((self._output(neuron),))
        return tuple(cells)

    def _valued(self, place: int, sign: int = 1) -> Math:
        """Return a quantity with its value, if it has one: `w₂₁ = 0.3`."""
        name = _name(self.network.graph, place)
        if sign < 0:
            name = Math(f"−{name.unicode}", f"-{name.latex}")
        return self._equal(name, place, sign)

    def _sum(self, place: int) -> Math:
        """Return a weighted sum: one without a name of its own as its number, or as Σ."""
        if self.network.graph.nodes[place].named:
            return self._valued(place)
        if self.numbers is None:
            return Math("Σ", r"\Sigma")
        value = self.numbers[place]
        return Math(shown(value, self.precision), latex_number(value, self.precision), "value")

    def _output(self, neuron: Neuron) -> Math:
        name = _name(self.network.graph, neuron.place)
        net_node = self.network.graph.nodes[neuron.net]
        if neuron.activation not in ("", "softmax") and neuron.net != neuron.place and net_node.named:
            net = Name(net_node.name)
            call = Apply(neuron.activation, (net,))
            if neuron.net_sign < 0:
                call = Apply(neuron.activation, (Apply("negate", (net,)),))
            name = Math(f"{unicode(call)}", latex(call))
        return self._equal(name, neuron.place)

    def _equal(self, name: Math, place: int, sign: int = 1) -> Math:
        if self.numbers is None:
            return name
        value = self.numbers[place] * sign
        one, other = shown(value, self.precision), latex_number(value, self.precision)
        return Math(f"{name.unicode} = {one}", f"{name.latex} = {other}", "value")
