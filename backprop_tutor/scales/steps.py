"""The steps of a derivation at the scale of neurons: each stands for some of its gate steps.

Enters: a derivation and its network. Leaves: the steps in order: column by column forward, the seed,
column by column backward, top to bottom in a column both ways; a parameter with several uses adds up in
a step of its own. Every gate step belongs to exactly one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..frozen import FrozenDict
from ..ops import Number, plain
from ..steps import AccumulateStep, BackwardStep, Derivation, Exact, ForwardStep, SeedStep
from .records import Box, Network, Neuron

__all__ = ["ScaleStep", "handed", "scale_steps", "slope", "through"]


@dataclass(frozen=True, slots=True, repr=False)
class ScaleStep:
    """One step: a neuron or a box, forward or backward; the seed; a shared parameter's sum.

    Attributes:
        number: from 1.
        phase: "forward", "seed", "backward" or "accumulate".
        kind: "neuron", "box" or "parameter".
        node: the name of the unit's value, or of the parameter; `place` where it stands in the graph.
        values, gradients: what the step finds, by name. What a shared parameter gets from one neuron is
            no gradient of it yet, and is not among them.
        gates: the numbers of the derivation's own steps that it stands for.
    """

    number: int
    phase: str
    kind: str
    node: str
    place: int
    values: FrozenDict[str, Number]
    gradients: FrozenDict[str, Number]
    gates: tuple[int, ...]

    def __repr__(self) -> str:
        found = ", ".join(
            [f"{name} = {value}" for name, value in self.values.items()]
            + [f"∂/∂{name} = {value}" for name, value in self.gradients.items()]
        )
        return f"<step {self.number}: {self.phase} of {self.kind} {self.node}: {found}>"


def scale_steps(derivation: Derivation, network: Network) -> tuple[ScaleStep, ...]:
    """Return the steps at the scale of neurons."""
    graph = derivation.graph_table
    gates = _gates(derivation, network)
    steps: list[ScaleStep] = []

    def add(phase: str, kind: str, place: int) -> None:
        steps.append(
            ScaleStep(
                len(steps) + 1, phase, kind, network.name(place), place,
                _values(derivation, network, place) if phase == "forward" else FrozenDict(),
                _gradients(derivation, network, phase, place),
                tuple(sorted(gates.get((phase, place), ()))),
            )
        )  # fmt: skip

    for place, unit in network.units.items():
        add("forward", _kind(unit), place)
    add("seed", _kind(network.units.get(graph.output)), graph.output)
    for phase, place in _backward_order(network):
        kind = "parameter" if phase == "accumulate" else _kind(network.units[place])
        add(phase, kind, place)
    return tuple(steps)


def _kind(unit: Neuron | Box | None) -> str:
    return "neuron" if isinstance(unit, Neuron) else "box"


def _backward_order(network: Network) -> list[tuple[str, int]]:
    """Return the units and shared parameters in the order in which their gradients are found."""
    graph, users = network.graph, _users(network)
    order = sorted(network.units, key=lambda place: (-network.columns[place], place))
    found: list[tuple[str, int]] = []
    rank = {place: number for number, place in enumerate(order)}
    due: dict[int, list[int]] = {}
    for parameter in network.shared:
        due.setdefault(max(users[parameter], key=rank.__getitem__), []).append(parameter)
    for place in order:
        cone = network.units[place].cone
        if graph.varies[place] and any(graph.relevant[inside] for inside in cone):
            found.append(("backward", place))
            found.extend(("accumulate", parameter) for parameter in due.get(place, ()))
    return found


def _users(network: Network) -> dict[int, list[int]]:
    """Return for each node the relevant units that take it, by place."""
    graph = network.graph
    owner = {inside: place for place, unit in network.units.items() for inside in unit.cone}
    return {
        place: list(
            dict.fromkeys(
                owner[use.target] for use in graph.uses[place] if graph.relevant[use.target]
            )
        )
        for place in range(len(graph.nodes))
    }


def _gates(derivation: Derivation, network: Network) -> dict[tuple[str, int], list[int]]:
    owner = {inside: place for place, unit in network.units.items() for inside in unit.cone}
    users = _users(network)
    found: dict[tuple[str, int], list[int]] = {}
    for step in derivation.steps:
        place = step.place
        if isinstance(step, ForwardStep):
            key = ("forward", owner[place])
        elif isinstance(step, SeedStep):
            key = ("seed", place)
        elif isinstance(step, AccumulateStep) and place not in owner:
            last = min(users[place], key=lambda p: (network.columns[p], -p))
            key = ("accumulate", place) if place in network.shared else ("backward", last)
        elif isinstance(step, BackwardStep | AccumulateStep):
            key = ("backward", owner[place])
        else:
            continue
        found.setdefault(key, []).append(step.number)
    return found


def handed(derivation: Derivation, edges: tuple[tuple[int, int, int], ...]) -> Exact | None:
    """Return what edges hand down together; None where no gradient passes."""
    total: Exact | None = None
    for edge in edges:
        one = derivation.contributions.get(edge)
        if one is not None:
            total = one.downstream if total is None else total + one.downstream
    return total


def through(derivation: Derivation, head: int, inside: frozenset[int]) -> dict[int, Exact]:
    """Return ∂head/∂node for the nodes of a cone and what enters it, by the slopes inside alone."""
    found: dict[int, Exact] = {head: Fraction(1)}
    for place in sorted(inside, reverse=True):
        if place not in found:
            continue
        for slot, source in enumerate(derivation.graph_table.nodes[place].operands):
            edge = derivation.contributions.get((source, place, slot))
            if edge is not None:
                part = found[place] * edge.local
                found[source] = found[source] + part if source in found else part
    return found


def slope(derivation: Derivation, neuron: Neuron) -> Exact | None:
    """Return the activation's slope ∂h/∂net at the neuron's sum; None where no gradient passes."""
    if not neuron.activation:
        return Fraction(1)
    cone = frozenset(p for p in neuron.cone if p > neuron.net)
    found = through(derivation, neuron.place, cone).get(neuron.net)
    return None if found is None else found * neuron.net_sign


def _values(derivation: Derivation, network: Network, place: int) -> FrozenDict[str, Number]:
    unit = network.units[place]
    places = [place]
    if isinstance(unit, Neuron) and unit.net != place and network.graph.nodes[unit.net].named:
        places.insert(0, unit.net)
    return FrozenDict((network.name(p), plain(derivation.numbers[p])) for p in places)


def _gradients(
    derivation: Derivation, network: Network, phase: str, place: int
) -> FrozenDict[str, Number]:
    if phase == "forward":
        return FrozenDict()
    places = [place]
    unit = network.units.get(place)
    if phase == "backward" and isinstance(unit, Neuron):
        places += [unit.net] if network.graph.nodes[unit.net].named else []
        places += [term.weight for term in unit.terms if term.weight is not None]
        places += [unit.bias.place] if unit.bias else []
    elif phase == "backward" and isinstance(unit, Box):
        places = [p for p in unit.sources if _settled(network, p, place)]
    pairs = {
        p: derivation.upstreams[p]
        for p in places
        if phase == "accumulate" or p not in network.shared
    }
    return FrozenDict(
        (network.name(p), plain(found))
        for p, found in pairs.items()
        if found is not None and network.graph.nodes[p].kind != "constant"
    )


def _settled(network: Network, place: int, box: int) -> bool:
    """Return whether a box is the only relevant one to hand a gradient to what enters it."""
    return place not in network.shared and all(
        use.target in network.units[box].cone
        for use in network.graph.uses[place]
        if network.graph.relevant[use.target]
    )
