"""The steps of a derivation over arrays at the scale of layers, as records that users hold.

Enters: a derivation over arrays. Leaves: a `ScaleStep` for each frame of its pictures.
"""

from __future__ import annotations

from ...frozen import FrozenDict
from ...matrices.array_derivation import ArrayDerivation
from ...ops import plain
from ...scales import ScaleStep
from .gates import Parts, find_parts
from .layer_steps import Timeline, layer_steps

__all__ = ["layer_scale_steps"]


def layer_scale_steps(derivation: ArrayDerivation) -> tuple[ScaleStep, ...]:
    """Return the steps: a product, a sum, an activation, a loss, forward and back.

    `gates` are the numbers of the derivation's own steps over arrays.
    """
    parts = find_parts(derivation.graph_table)
    timeline = layer_steps(derivation, parts)
    own = _own_steps(derivation, parts, timeline)
    nodes = derivation.graph_table.nodes
    return tuple(
        ScaleStep(
            step.number, step.kind, "parameter" if step.kind == "accumulate" else "layer",
            nodes[step.place].name, step.place,
            FrozenDict(
                (nodes[place].name, plain(derivation.numbers[place]))
                for place, number in timeline.values.items()
                if number == step.number
            ),
            FrozenDict(
                (nodes[place].name, plain(found))
                for place, number in timeline.gradients.items()
                if number == step.number and (found := derivation.upstreams[place]) is not None
            ),
            tuple(own.get(step.number, ())),
        )
        for step in timeline.steps
    )  # fmt: skip


def _own_steps(
    derivation: ArrayDerivation, parts: Parts, timeline: Timeline
) -> dict[int, list[int]]:
    """Return for each step the numbers of the derivation's steps that it stands for."""
    by_gate: dict[tuple[str, int | None], int] = {
        (step.kind, step.gate): step.number for step in timeline.steps if step.gate is not None
    }
    by_place = {(step.kind, step.place): step.number for step in timeline.steps if step.gate is None}
    found: dict[int, list[int]] = {}
    for step in derivation.steps:
        gate = parts.gate_of.get(step.place)
        if gate is None and step.phase in ("forward", "backward"):  # an array repeated first
            users = derivation.graph_table.uses[step.place]
            gate = parts.gate_of.get(users[0].target) if users else None
        number = by_place.get((step.phase, step.place)) or by_gate.get((step.phase, gate))
        if number is not None:
            found.setdefault(number, []).append(step.number)
    return found
