"""Weighted sums as one gate each: which parts of a graph they take, and the steps that are left.

Enters: a derivation and its network. Leaves: `Sums`. A neuron's sum is one gate where each weight is a
number of its own and nothing is taken away; its steps become one forward and one backward. All other steps
stay.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...graph import Graph
from ...scales import Network, Neuron
from ...steps import BackwardStep, Derivation, ForwardStep, Step

__all__ = ["SumStep", "Sums", "find_sums"]


@dataclass(frozen=True, slots=True)
class SumStep:
    """A step of the picture: one of the derivation's, or all that a weighted sum takes, by `net`."""

    number: int
    records: tuple[Step, ...]
    net: int | None = None

    @property
    def phase(self) -> str:
        """Return the phase of its records."""
        return self.records[0].phase


@dataclass(frozen=True)
class Sums:
    """The sums by the place of their value, what they swallow, and the steps.

    Attributes:
        sums: the neuron of each sum.
        hidden: the places without a wire of their own: partial sums, products, weights.
        steps: the steps.
        number_of: for each of the derivation's steps its number among them.
    """

    sums: dict[int, Neuron]
    hidden: frozenset[int]
    steps: tuple[SumStep, ...]
    number_of: dict[int, int]


def find_sums(derivation: Derivation, network: Network) -> Sums:
    """Return the weighted sums of a network that are one gate each."""
    graph = network.graph
    sums: dict[int, Neuron] = {}
    owner: dict[int, int] = {}
    hidden: set[int] = set()
    for neuron in network.neurons:
        if not _is_one_gate(graph, neuron):
            continue
        inside = _inside(graph, neuron)
        sums[neuron.net] = neuron
        owner |= dict.fromkeys(inside, neuron.net)
        hidden |= inside - {neuron.net}
        hidden |= {term.weight for term in neuron.terms if term.weight is not None}
    steps = _steps(derivation, owner)
    number_of = {record.number: step.number for step in steps for record in step.records}
    return Sums(sums, frozenset(hidden), steps, number_of)


def _is_one_gate(graph: Graph, neuron: Neuron) -> bool:
    signs = [*(term.sign for term in neuron.terms), *([neuron.bias.sign] if neuron.bias else [])]
    weights = [term.weight for term in neuron.terms if term.weight is not None]
    return (
        len(signs) > 1
        and bool(weights)
        and all(sign == 1 for sign in signs)
        and len(set(neuron.sources)) == len(neuron.terms)
        and all(len(graph.uses[weight]) == 1 for weight in weights)
        and all(graph.nodes[weight].kind != "operation" for weight in weights)
    )


def _inside(graph: Graph, neuron: Neuron) -> set[int]:
    """Return the places of a neuron's sum: what leads to it inside the neuron."""
    cone = set(neuron.cone)
    found, stack = set[int](), [neuron.net]
    while stack:
        place = stack.pop()
        if place in cone and place not in found:
            found.add(place)
            stack.extend(graph.nodes[place].operands)
    return found


def _steps(derivation: Derivation, owner: dict[int, int]) -> tuple[SumStep, ...]:
    """Return the steps: a sum forward when its last part is known, backward when its first one is."""
    groups: dict[tuple[str, int], list[Step]] = {}
    for record in derivation.steps:
        grouped = isinstance(record, ForwardStep | BackwardStep) and record.place in owner
        place = owner[record.place] if grouped else -record.number
        groups.setdefault((record.phase, place), []).append(record)

    def when(group: list[Step]) -> int:
        return group[-1].number if group[0].phase == "forward" else group[0].number

    ordered = sorted(groups.items(), key=lambda item: when(item[1]))
    return tuple(
        SumStep(number, tuple(records), place if place >= 0 else None)
        for number, ((_phase, place), records) in enumerate(ordered, 1)
    )
