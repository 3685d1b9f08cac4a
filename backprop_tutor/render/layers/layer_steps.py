"""The steps at the scale of layers: one a gate and direction, though the pass has several for some.

Enters: a derivation over arrays and its parts. Leaves: `LayerStep`s, and from which of them each value and
each gradient is known. Repeating a bias and summing over the rows belong to the step of their gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...matrices.array_derivation import ArrayDerivation
from ...steps import AccumulateStep, BackwardStep, Contribution, ForwardStep, SeedStep
from .gates import Operand, Parts

__all__ = ["LayerStep", "Timeline", "layer_steps"]


@dataclass(frozen=True, slots=True)
class LayerStep:
    """One step: its number from 1, what it does, and at which gate or place.

    kind: "forward", "seed", "backward" or "accumulate".
    edges: in a backward step, for each operand that gets one, what the gate hands to it.
    """

    number: int
    kind: str
    place: int
    gate: int | None = None
    edges: tuple[tuple[Operand, Contribution], ...] = ()
    parts: tuple[Contribution, ...] = ()


@dataclass(frozen=True, eq=False)
class Timeline:
    """The steps in order; for each place the step that finds its value, and its gradient."""

    steps: tuple[LayerStep, ...]
    values: Mapping[int, int]
    gradients: Mapping[int, int]


def layer_steps(derivation: ArrayDerivation, parts: Parts) -> Timeline:
    """Return the steps of a derivation at the scale of layers."""
    steps: list[LayerStep] = []
    values = {i: 0 for i, node in enumerate(parts.graph.nodes) if node.kind != "operation"}
    gradients: dict[int, int] = {}
    done: set[int] = set()
    for step in derivation.steps:
        number = len(steps) + 1
        if isinstance(step, ForwardStep):
            gate = parts.gate_of.get(step.place)
            if gate is not None and parts.gates[gate].result == step.place:
                steps.append(LayerStep(number, "forward", step.place, gate))
                values[step.place] = number
        elif isinstance(step, SeedStep):
            steps.append(LayerStep(number, "seed", step.place))
            gradients[step.place] = number
        elif isinstance(step, BackwardStep):
            gate = parts.gate_of.get(step.place)
            if gate is None or gate in done:
                continue
            done.add(gate)
            edges = _edges(derivation, parts, gate)
            if edges:
                steps.append(LayerStep(number, "backward", parts.gates[gate].result, gate, edges))
                for operand, _ in edges:
                    gradients[operand.place] = number
        elif isinstance(step, AccumulateStep):
            made = LayerStep(number, "accumulate", step.place, parts=step.contributions)
            steps.append(made)
            gradients[step.place] = number
    return Timeline(tuple(steps), values, gradients)


def _edges(
    derivation: ArrayDerivation, parts: Parts, gate: int
) -> tuple[tuple[Operand, Contribution], ...]:
    """Return what a gate hands to each of its operands, inputs first; to a repeated one after the sum."""
    found: list[tuple[Operand, Contribution]] = []
    for operand in parts.gates[gate].operands:
        if operand.through is not None:
            edge = derivation.contributions.get((operand.place, operand.through, 0))
        else:
            edge = derivation.contributions.get((operand.place, operand.target, operand.slot))
        if edge is not None:
            found.append((operand, edge))
    # Nobody asks for the gradient of data where the same gate hands one to a parameter.
    asked = [each for each in found if each[0].place not in parts.data] or found
    inputs = [each for each in asked if parts.graph.nodes[each[0].place].kind == "input"]
    return (*inputs, *(each for each in asked if each not in inputs))
