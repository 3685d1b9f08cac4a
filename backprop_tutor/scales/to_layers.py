"""A program of single numbers with neurons as a program over arrays: each layer a product of a matrix.

Enters: a derivation and its network. Leaves: the program, its point, and which entry each number is. One
sample stands as a column, z = W·x + b. What is no layer (a loss, a feature, neurons whose weights are
shared) stays a formula of single entries; a loss that does the same to each output becomes a sum over a
vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from ..errors import OptionError
from ..language import Apply, Assignment, Expression, Name, Program
from ..matrices.array_derivation import ArrayDerivation, array_derive
from ..once import cached_property
from ..ops.array_rows import PREFIX
from ..sentences import said
from ..steps import Derivation
from .entries import Entries, Entry
from .records import Layer, Network, Neuron
from .vector_losses import summed, tree_of
from .vector_names import fresh_name, stem_of

__all__ = ["MOST_ENTRIES", "Layers", "as_layers", "has_layers", "to_layers"]

MOST_ENTRIES = 20_000
"""A program of more weights stays a program of single numbers."""


@dataclass(frozen=True, slots=True)
class Layers:
    """A program over arrays, its point, and the entries that the numbers are."""

    program: Program
    at: dict[str, Any]
    output: str
    entries: Entries


def to_layers(derivation: Derivation, network: Network) -> Layers | None:
    """Return a network as a program over arrays; None where no layer of it is a matrix.

    Raises:
        OptionError: it has more than 20,000 weights.
    """
    weights = sum(len(neuron.terms) for neuron in network.neurons)
    if weights > MOST_ENTRIES:
        raise OptionError(
            said("a network of {count} weights is not made matrices; {most} are",
                 count=f"{weights:,}", most=f"{MOST_ENTRIES:,}")
        )  # fmt: skip
    writer = _Writer(derivation, network)
    writer.write()
    if not writer.layers:
        return None
    program = Program(tuple(writer.assignments))
    used = {*program.inputs}
    at = {name: value for name, value in writer.at.items() if name in used}
    output = network.name(network.graph.output)
    return Layers(program, at, output, Entries(writer.pairs))


def has_layers(derivation: Derivation, network: Network) -> bool:
    """Return whether a layer of a network is a matrix, so that there is a program over arrays."""
    writer = _Writer(derivation, network)
    return any(map(writer.is_matrix, network.layers))


D = TypeVar("D", bound=ArrayDerivation)


def as_layers(
    derivation: Derivation, network: Network, into: type[D] | None = None
) -> tuple[D, Entries] | tuple[None, None]:
    """Return a network derived over arrays, and which entry each of its numbers is; or nothing."""
    found = to_layers(derivation, network)
    if found is None:
        return None, None
    return array_derive(found.program, found.at, found.output, into), found.entries


@dataclass
class _Writer:
    """Writes assignments, a layer or a box at a time; `terms` says how each number is written by then."""

    derivation: Derivation
    network: Network
    terms: dict[int, Expression] = field(default_factory=dict)
    whole: dict[tuple[int, ...], str] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    at: dict[str, Any] = field(default_factory=dict)
    pairs: list[tuple[Entry, str]] = field(default_factory=list)
    layers: int = 0
    taken: set[str] = field(default_factory=set)

    def write(self) -> None:
        graph, network = self.network.graph, self.network
        matrices = [layer for layer in network.layers if self.is_matrix(layer)]
        own = self._parameters(matrices)
        inside = {p for layer in matrices for place in layer.neurons for p in network.units[place].cone}
        self.taken = {
            node.name for place, node in enumerate(graph.nodes)
            if place not in own and place not in inside and node.kind != "constant"
        } | {network.name(graph.output)}  # fmt: skip
        self._inputs(matrices, own)
        of_layer = {place: layer for layer in matrices for place in layer.neurons}
        done: set[int] = set()
        for place in network.units:
            layer = of_layer.get(place)
            if layer is None:
                self._formulas(place)
            elif layer.neurons[0] not in done:
                done.add(layer.neurons[0])
                self._layer(layer)

    def is_matrix(self, layer: Layer) -> bool:
        """Return whether a layer is a matrix, with a bias for each neuron, one for all, or none."""
        graph = self.network.graph
        neurons = self._neurons(layer)
        biases = [neuron.bias for neuron in neurons]
        known = [bias for bias in biases if bias is not None]
        if known and (len(known) < len(biases) or len({bias.sign for bias in known}) > 1):
            return False
        shared = len({bias.place for bias in known}) == 1 and len(known) > 1
        if not shared and any(not self._own(bias.place) for bias in known):
            return False
        if layer.activation == "softmax" and not self._is_whole_softmax(neurons):
            return False
        options = {graph.nodes[neuron.place].options for neuron in neurons}
        if layer.activation != "softmax" and len(options) > 1:
            return False
        return all(
            neuron.net_sign == 1 and len(neuron.sources) == len(neuron.terms)
            and all(t.sign == 1 and t.weight is not None and self._own(t.weight) for t in neuron.terms)
            for neuron in neurons
        )  # fmt: skip

    def _own(self, place: int) -> bool:
        """Return whether a leaf is a factor or summand of one sum alone: else it is no single entry."""
        kind = self.network.graph.nodes[place].kind
        return kind != "operation" and self.counts.get(place, 0) == 1

    @cached_property
    def counts(self) -> dict[int, int]:
        """Return how often each place is a weight, a bias or a source of a neuron."""
        found: dict[int, int] = {}
        for neuron in self.network.neurons:
            places = [t.weight for t in neuron.terms] + ([neuron.bias.place] if neuron.bias else [])
            for place in [*places, *neuron.sources]:
                if place is not None:
                    found[place] = found.get(place, 0) + 1
        return found

    def _is_whole_softmax(self, neurons: Sequence[Neuron]) -> bool:
        """Return whether the layer has all outputs of one softmax, in its order."""
        graph = self.network.graph
        operands = graph.nodes[neurons[0].place].operands
        order = [int(dict(graph.nodes[n.place].options)["index"]) for n in neurons]
        return order == list(range(len(operands)))

    def _neurons(self, layer: Layer) -> list[Neuron]:
        found = [self.network.units[place] for place in layer.neurons]
        return [neuron for neuron in found if isinstance(neuron, Neuron)]

    def _parameters(self, matrices: Sequence[Layer]) -> set[int]:
        """Return the places of what becomes entries of a matrix or a vector of biases."""
        found: set[int] = set()
        for layer in matrices:
            for neuron in self._neurons(layer):
                found |= {t.weight for t in neuron.terms if t.weight is not None}
                if neuron.bias is not None and self._own(neuron.bias.place):
                    found.add(neuron.bias.place)
        return found

    def _inputs(self, matrices: Sequence[Layer], own: set[int]) -> None:
        """Make vectors of the inputs that the same layers take; all other inputs stay numbers."""
        graph = self.network.graph
        takers: dict[int, tuple[int, ...]] = {}
        for number, layer in enumerate(matrices):
            for source in layer.sources:
                if graph.nodes[source].kind == "input":
                    takers[source] = (*takers.get(source, ()), number)
        groups: dict[tuple[int, ...], list[int]] = {}
        for source in sorted(takers):
            groups.setdefault(takers[source], []).append(source)
        for places in groups.values():
            self.taken -= {self.network.name(place) for place in places}
        for places in groups.values():
            self.vector(places, "x")
        for place, node in enumerate(graph.nodes):
            if node.kind == "input" and place not in own and place not in self.terms:
                self.terms[place] = Name(node.name)
                self.at[node.name] = float(self.derivation.numbers[place])
                self.pairs.append(((node.name, ()), node.name))

    def vector(self, places: Sequence[int], stem: str) -> str:
        """Add an input of the values at some places and return its name."""
        name = self.called(places, stem)
        self.at[name] = np.array([float(self.derivation.numbers[place]) for place in places])
        self._entries(name, places)
        return name

    def called(self, places: Sequence[int], stem: str) -> str:
        """Return a free name for a vector: what its entries' names begin with, or the stem."""
        names = [self.network.name(p) for p in places if self.network.graph.nodes[p].named]
        known = stem_of(names) if len(names) == len(places) > 1 else ""
        name = fresh_name(known or stem, self.taken)
        self.taken.add(name)
        return name

    def _entries(self, name: str, places: Sequence[int]) -> None:
        """Note that a vector's entries are the numbers at some places."""
        self.whole[tuple(places)] = name
        for number, place in enumerate(places):
            key = (("key", str(number)),)
            self.terms[place] = Apply(PREFIX + "index", (Name(name),), key)
            self._pair((name, (number,)), place)

    def _pair(self, entry: Entry, place: int) -> None:
        if self.network.graph.nodes[place].kind != "constant":
            self.pairs.append((entry, self.network.name(place)))

    def assign(self, name: str, tree: Expression) -> None:
        """Add an assignment."""
        self.assignments.append(Assignment((name,), tree))

    def _layer(self, layer: Layer) -> None:
        """Add z = W·x + b and a = σ(z)."""
        self.layers += 1
        number = str(self.layers)
        graph, neurons = self.network.graph, self._neurons(layer)
        source, order = self._source(layer)
        weights = [{t.source: t.weight for t in neuron.terms} for neuron in neurons]
        matrix = fresh_name(f"W{number}", self.taken)
        self.taken.add(matrix)
        self.at[matrix] = np.array(
            [[float(self.derivation.numbers[row[s] or 0]) for s in order] for row in weights]
        )
        for r, row in enumerate(weights):
            for c, place in enumerate(order):
                weight = row[place]
                assert weight is not None  # a matrix has them all
                self._pair((matrix, (r, c)), weight)
                self.terms[weight] = Apply(PREFIX + "index", (Name(matrix),), (("key", f"{r}, {c}"),))
        total: Expression = Apply(PREFIX + "matmul", (Name(matrix), source))
        biases = [neuron.bias for neuron in neurons if neuron.bias is not None]
        if biases:
            places = [bias.place for bias in biases]
            if self._own(places[0]):
                added: Expression = Name(self.vector(places, f"b{number}"))
            else:
                added = tree_of(graph, places[0], self.terms)
            total = Apply("add" if biases[0].sign == 1 else "subtract", (total, added))
        nets, places = [neuron.net for neuron in neurons], list(layer.neurons)
        if not layer.activation:
            name = self.called(places, f"a{number}")
            self.assign(name, total)
            self._entries(name, places)
            self._named_output(places, name)
            return
        net = self.called(nets, f"z{number}")
        self.assign(net, total)
        self._entries(net, nets)
        name = self.called(places, f"a{number}")
        options = graph.nodes[places[0]].options if graph.nodes[places[0]].op == layer.activation else ()
        options = () if layer.activation == "softmax" else options
        self.assign(name, Apply(layer.activation, (Name(net),), options))
        self._entries(name, places)
        self._named_output(places, name)

    def _named_output(self, places: Sequence[int], name: str) -> None:
        """Where the program's output is an entry of the layer, give it its own name."""
        output = self.network.graph.output
        if output in places:
            self.assign(self.network.name(output), self.terms[output])

    def _source(self, layer: Layer) -> tuple[Expression, list[int]]:
        """Return what a layer takes as one vector, and the places of its entries in order."""
        wanted = set(layer.sources)
        whole = [places for places in self.whole if set(places) <= wanted]
        chosen: list[tuple[int, ...]] = []
        for places in whole:
            if not any(set(places) & set(other) for other in chosen):
                chosen.append(places)
        order = [place for places in chosen for place in places]
        if set(order) == wanted:
            names = tuple(Name(self.whole[places]) for places in chosen)
            return (names[0] if len(names) == 1 else Apply(PREFIX + "concatenate", names)), order
        order = list(layer.sources)
        parts = tuple(tree_of(self.network.graph, place, self.terms) for place in order)
        return Apply(PREFIX + "stack", parts), order

    def _formulas(self, head: int) -> None:
        """Add a box, or a neuron that is no row of a matrix, as formulas of single numbers."""
        graph, unit = self.network.graph, self.network.units[head]
        if not isinstance(unit, Neuron) and summed(self, head, unit.cone):
            return
        for place in unit.cone:
            node = graph.nodes[place]
            if node.named or place == head:
                self.assign(node.name, tree_of(graph, place, self.terms))
                self.terms[place] = Name(node.name)
                self.pairs.append(((node.name, ()), node.name))
