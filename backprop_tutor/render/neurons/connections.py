"""What is joined to what in the picture of a network, and when each part is known and at work.

Enters: a network and its steps. Leaves: the wires between its units, by number, and for each step which
units and wires are at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...scales import Bias, Box, Network, Neuron, ScaleStep, Term

__all__ = ["Schedule", "Wire", "Work", "wires_of"]


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire: from a unit, an input or a shared bias (`source`) to a unit.

    `term` or `bias` is the part of the neuron's sum that it brings; a wire to a box has neither.
    """

    number: int
    source: int
    target: int
    term: Term | None = None
    bias: Bias | None = None


def wires_of(network: Network) -> tuple[Wire, ...]:
    """Return the wires, target by target."""
    found: list[Wire] = []
    known = set(network.units) | set(network.inputs)
    for place, unit in network.units.items():
        if isinstance(unit, Neuron):
            for term in unit.terms:
                found.append(Wire(len(found), term.source, place, term=term))
            if unit.bias is not None and unit.bias.place in network.shared:
                found.append(Wire(len(found), unit.bias.place, place, bias=unit.bias))
        else:
            for source in unit.sources:
                if source in known:
                    found.append(Wire(len(found), source, place))
    return tuple(found)


@dataclass(slots=True)
class Work:
    """What is at work in a step: units, wires, and wires along which something comes back."""

    units: set[int] = field(default_factory=set)
    wires: set[int] = field(default_factory=set)
    back: set[int] = field(default_factory=set)


class Schedule:
    """When each part is known: the number of a step, or None for never."""

    def __init__(self, network: Network, steps: Sequence[ScaleStep], wires: Sequence[Wire]) -> None:
        self.count: int = len(steps)
        self.steps: tuple[ScaleStep, ...] = tuple(steps)
        self.forward: dict[int, int] = {}
        self.backward: dict[int, int] = {}
        self.summed: dict[int, int] = {}
        self.seed: int = 0
        self.output: int = network.graph.output
        for step in steps:
            if step.phase == "forward":
                self.forward[step.place] = step.number
            elif step.phase == "backward":
                self.backward[step.place] = step.number
            elif step.phase == "accumulate":
                self.summed[step.place] = step.number
            else:
                self.seed = step.number
        self._into: dict[int, list[Wire]] = {}
        self._from: dict[int, list[Wire]] = {}
        for wire in wires:
            self._into.setdefault(wire.target, []).append(wire)
            self._from.setdefault(wire.source, []).append(wire)
        self._network = network

    def gradient(self, place: int) -> int | None:
        """Return when the gradient of a unit's value is complete: after the last unit that takes it."""
        if place == self.output:
            return self.seed
        if place not in self.backward:
            return None
        takers = [self.backward.get(wire.target) for wire in self._from.get(place, ())]
        return max((number for number in takers if number is not None), default=self.backward[place])

    def work(self, step: int) -> Work:
        """Return what is at work in a step; nothing before the first and after the last."""
        found = Work()
        if not 1 <= step <= self.count:
            return found
        record = self.steps[step - 1]
        place = record.place
        if record.phase == "accumulate":
            for wire in self._users(place):
                found.wires.add(wire.number)
                if wire.bias is not None:
                    found.back.add(wire.number)
            found.units.add(place)
            return found
        found.units.add(place)
        if record.phase == "seed":
            return found
        incoming = self._into.get(place, ())
        found.wires.update(wire.number for wire in incoming)
        if record.phase == "backward":
            if isinstance(self._network.units[place], Box):
                found.back.update(w.number for w in incoming if w.source in self._network.units)
            else:
                outgoing = self._from.get(place, ())
                found.wires.update(wire.number for wire in outgoing)
                found.back.update(wire.number for wire in outgoing)
        return found

    def _users(self, place: int) -> list[Wire]:
        return [
            wire
            for wires in self._into.values()
            for wire in wires
            if (wire.bias and wire.bias.place == place) or (wire.term and wire.term.weight == place)
        ]
