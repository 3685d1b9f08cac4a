"""What a program consists of at the scale of neurons, as frozen records that hold places in its graph."""

from __future__ import annotations

from dataclasses import dataclass

from ..frozen import FrozenDict
from ..graph import Graph

__all__ = ["Bias", "Box", "Edge", "Layer", "Network", "Neuron", "Term", "Unit"]

Edge = tuple[int, int, int]
"""The places of an operand and of what uses it, and the operand's number: a key of `contributions`."""


@dataclass(frozen=True, slots=True)
class Term:
    """One weighted input of a neuron's sum: `sign`·weight·source.

    `weight` is None where the source is added as it stands. `source_edge` and `weight_edge` are the
    edges by which they enter the sum: what the pass hands back along them is the contribution to the
    source, and to the weight.
    """

    source: int
    source_edge: Edge
    weight: int | None = None
    weight_edge: Edge | None = None
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Bias:
    """A number that a neuron adds to its weighted sum, or subtracts."""

    place: int
    edge: Edge
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Neuron:
    """An activation of a weighted sum.

    Attributes:
        place: the node that holds the neuron's value.
        net: the node that holds the weighted sum; `place` itself in a linear neuron.
        net_sign: −1 where the program has minus the sum, as `1/(1 + exp(-w*x - b))` does.
        activation: the activation's row in `OPS`; empty for a linear neuron.
        terms, bias: the sum.
        cone: the places of all its operations, in creation order.
        column: how far it stands from the inputs.
    """

    place: int
    net: int
    net_sign: int
    activation: str
    terms: tuple[Term, ...]
    bias: Bias | None
    cone: tuple[int, ...]
    column: int = 0

    @property
    def sources(self) -> tuple[int, ...]:
        """Return the places of what it adds up, each once."""
        return tuple(dict.fromkeys(term.source for term in self.terms))


@dataclass(frozen=True, slots=True)
class Box:
    """Operations that form no neuron and lead to one value: a loss, a feature.

    `sources` are the nodes that enter it, in order of first use, constants left out; `edges`
    the edges by which each does.
    """

    place: int
    sources: tuple[int, ...]
    edges: FrozenDict[int, tuple[Edge, ...]]
    cone: tuple[int, ...]
    column: int = 0


Unit = Neuron | Box


@dataclass(frozen=True, slots=True)
class Layer:
    """Neurons with equal inputs and activation, by place, top to bottom."""

    neurons: tuple[int, ...]
    sources: tuple[int, ...]
    activation: str
    column: int


@dataclass(frozen=True, slots=True)
class Network:
    """A program's neurons, and what else it has.

    Attributes:
        graph: the graph they were found in.
        inputs: the places of what enters neurons' sums, and boxes before them, as data.
        units: neurons and boxes by place, in the order in which they can be computed: column by column.
        layers: the neurons grouped.
        shared: parameters with more than one use, whose parts add up in a step of their own.
        columns: the column of each input and unit, by place.
    """

    graph: Graph
    inputs: tuple[int, ...]
    units: FrozenDict[int, Unit]
    layers: tuple[Layer, ...]
    shared: tuple[int, ...]
    columns: FrozenDict[int, int]

    @property
    def neurons(self) -> tuple[Neuron, ...]:
        """Return the neurons, in the order of `units`."""
        return tuple(unit for unit in self.units.values() if isinstance(unit, Neuron))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Return the boxes, in the order of `units`."""
        return tuple(unit for unit in self.units.values() if isinstance(unit, Box))

    @property
    def outputs(self) -> tuple[int, ...]:
        """Return the places of the neurons that no other neuron or box before one takes."""
        inner = {source for neuron in self.neurons for source in neuron.sources}
        for box in reversed(self.boxes):
            if box.place in inner:
                inner.update(box.sources)
        return tuple(n.place for n in self.neurons if n.place not in inner)

    def name(self, place: int) -> str:
        """Return a node's name."""
        return self.graph.nodes[place].name

    def __repr__(self) -> str:
        sizes = ", ".join(str(len(layer.neurons)) for layer in self.layers)
        return f"<Network: {len(self.inputs)} inputs, layers of {sizes}, {len(self.boxes)} boxes>"
