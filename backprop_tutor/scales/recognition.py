"""Which nodes of a graph are neurons: an activation of a weighted sum, or a weighted sum by itself.

Enters: a graph. Leaves: its neurons, without their columns. An activation makes a neuron of any sum with
at least one weight. A sum without one is a neuron, a linear one, only where it has a name of its own and
its parts tell which factor is the weight: so `y = w*x + b` is and `q = a*c + d`, `r = y - t` are not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..graph import Graph
from .activations import Activated, activated
from .records import Bias, Neuron, Term
from .sums import (
    Part,
    factor_counts,
    is_leaf,
    likeness,
    parts_of,
    product_of,
    weight_first,
)

__all__ = ["neurons_of"]


def neurons_of(graph: Graph) -> dict[int, Neuron]:
    """Return the neurons of a graph by the place of their value."""
    return _Recogniser(graph).found()


class _Recogniser:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.counts = factor_counts(graph, range(len(graph.nodes)))
        self.neurons: dict[int, Neuron] = {}
        self.taken: set[int] = set()

    def found(self) -> dict[int, Neuron]:
        for one in activated(self.graph):
            if self._held(one):
                neuron = self._neuron(one.net, one.sign, lambda place: True)
                if neuron is not None:
                    self._take(replace(
                        neuron, place=one.place, activation=one.name,
                        cone=tuple(sorted({*neuron.cone, *one.cone})),
                    ))  # fmt: skip
        self._linear()
        return dict(sorted(self.neurons.items()))

    def _held(self, one: Activated) -> bool:
        """Return whether the argument of an activation is a computed sum that nothing else uses."""
        graph, cone = self.graph, set(one.cone)
        if is_leaf(graph, one.net):
            return False
        softmax = graph.nodes[one.place].op == "softmax"
        return all(
            use.target in cone or (softmax and graph.nodes[use.target].op == "softmax")
            for use in graph.uses[one.net]
        )

    def _take(self, neuron: Neuron) -> None:
        self.neurons[neuron.place] = neuron
        self.taken.update(neuron.cone)

    def _neuron(
        self, net: int, sign: int, absorb: Callable[[int], bool], surely: bool = False
    ) -> Neuron | None:
        """Return a sum as a neuron without an activation; None where it has no weight.

        `surely`: only where names tell which factors are the weights.
        """
        graph = self.graph
        parts, inside = parts_of(graph, net, sign, absorb)
        terms: list[Term] = []
        bare: list[Part] = []
        weights = 0
        for part in parts:
            product = product_of(graph, part.place, net, absorb)
            told = product and weight_first(graph, product[0], self.counts)
            if product is None or told is None:
                bare.append(part)
                continue
            (weight, weight_edge), (source, source_edge), sure = told
            if surely and not (sure or source in self.neurons):
                return None
            weights += graph.nodes[weight].kind == "input"
            inside |= product[1]
            terms.append(
                Term(source, source_edge, weight, weight_edge, part.sign * product[0].sign)
            )
        if not terms or (surely and not weights):
            return None
        bias, rest = self._bias(bare)
        terms += [Term(part.place, part.edge, sign=part.sign) for part in rest]
        return Neuron(net, net, sign, "", tuple(terms), bias, tuple(sorted(inside)))

    def _bias(self, bare: list[Part]) -> tuple[Bias | None, list[Part]]:
        """Return which of the summands without a weight is the bias, and the others."""
        leaves = [part for part in bare if is_leaf(self.graph, part.place)]
        if not leaves:
            return None, bare
        chosen = max(leaves, key=self._bias_rank)
        rest = [part for part in bare if part is not chosen]
        return Bias(chosen.place, chosen.edge, chosen.sign), rest

    def _bias_rank(self, part: Part) -> int:
        node = self.graph.nodes[part.place]
        return likeness(node.name) if node.kind == "input" else 0

    def _linear(self) -> None:
        """Find the sums that are neurons by themselves, in creation order."""
        graph = self.graph
        reached: list[bool] = []
        for place, node in enumerate(graph.nodes):
            reached.append(any(reached[operand] for operand in node.operands))
            if place in self.neurons:
                reached[place] = True
                continue
            if place in self.taken or not node.named or node.kind != "operation":
                continue
            neuron = self._linear_at(place, reached)
            if neuron is not None:
                self._take(neuron)
                reached[place] = True

    def _linear_at(self, place: int, reached: list[bool]) -> Neuron | None:
        graph = self.graph
        inner = self._partial(place)
        neuron = self._neuron(
            place, 1, lambda p: p in inner or not graph.nodes[p].named, surely=True
        )
        if neuron is None or not self._plain(neuron, reached):
            return None
        for partial in inner & set(neuron.cone):
            self.neurons.pop(partial, None)
        return neuron

    def _partial(self, place: int) -> set[int]:
        """Return the named parts of a sum that are linear neurons so far and would be swallowed by it.

        They are only where all else that is added is named like a bias: `y = s + b`, and not `r = y - t`.
        """
        graph = self.graph
        parts, _ = parts_of(graph, place, 1, lambda p: not graph.nodes[p].named)
        linear = {
            part.place
            for part in parts
            if part.place in self.neurons
            and not self.neurons[part.place].activation
            and len(graph.uses[part.place]) == 1
            and part.sign == 1
        }
        biases = sum(self.neurons[p].bias is not None for p in linear)
        for part in parts:
            node = graph.nodes[part.place]
            if part.place in linear:
                continue
            if node.kind == "constant" or (node.kind == "input" and likeness(node.name)):
                biases += 1
            elif node.op != "multiply":
                return set()
        if biases > 1:
            return set()
        return {inside for p in linear for inside in self.neurons[p].cone}

    def _plain(self, neuron: Neuron, reached: list[bool]) -> bool:
        """Return whether a linear neuron adds up inputs, neurons and features of inputs alone."""
        graph = self.graph
        for term in neuron.terms:
            known = term.source in self.neurons or is_leaf(graph, term.source)
            if term.weight is None and (not known or is_leaf(graph, term.source)):
                return False
            if not known and reached[term.source]:
                return False
        bias = neuron.bias
        if bias is None or graph.nodes[bias.place].kind == "constant":
            return True
        return likeness(graph.nodes[bias.place].name) > 0
