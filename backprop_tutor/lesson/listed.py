"""The list of steps in words: each step as what it finds, `net_h1 = v₃ + b₁ = 0.3775`, `∂E/∂w₅ = 0.08217`.

Enters: a derivation, at one of its scales, and a step. Leaves: the pieces of its row: texts, and the
quantities whose numbers the page fills in (`["g5"]`), so that they follow when numbers change, and are
blank while they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..language import UNICODE, shown_name, written
from ..render.neurons.page import Told
from ..scales import Neuron, ScaleStep, Unit
from ..steps import AccumulateStep, BackwardStep, Contribution, Derivation, ForwardStep, Step
from ..translation import sentence as _

__all__ = ["Row", "gate_row", "neuron_row"]

Row = list[str | list[str]]
"""Texts and quantities, in order; a quantity is a list of its one name."""


def gate_row(derivation: Derivation, step: Step, uses: Mapping[int, int]) -> Row:
    """Return the row of one step of the gates; `uses` is how often each node hands a gradient down."""
    graph = derivation.graph_table
    if isinstance(step, ForwardStep):
        name = shown_name(graph.nodes[step.place].name)
        return [f"{name} = {written(graph.formula(step.place), UNICODE)} = ", [f"v{step.place}"]]
    if isinstance(step, AccumulateStep):
        row: Row = [f"{_gradient(derivation, step.place)} = "]
        for number, edge in enumerate(step.contributions):
            row += [" + "] if number else []
            row.append([f"d{_key(edge)}", "in brackets"] if number else [f"d{_key(edge)}"])
        return [*row, " = ", [f"g{step.place}"]]
    if isinstance(step, BackwardStep):
        return _joined([_handed(derivation, edge, uses) for edge in step.edges])
    return [f"{_gradient(derivation, step.place)} = ", [f"g{step.place}"]]


def neuron_row(derivation: Derivation, step: ScaleStep, unit: Unit | None, told: Told) -> Row:
    """Return the row of a step of the neurons; `unit` is what is at work, `told` what is said of it."""
    graph = derivation.graph_table
    if step.phase == "forward":
        terms = [term.unicode for term in told.lines[-1].terms]
        return [" = ".join(terms[:2] if len(terms) > 2 else terms[:1]) + " = ", [f"v{step.place}"]]
    if step.phase != "backward":
        return [f"{_gradient(derivation, step.place)} = ", [f"g{step.place}"]]
    rows: list[Row] = []
    if isinstance(unit, Neuron) and unit.net_sign > 0:
        delta = next((t for line in told.lines if (t := line.terms[0].unicode).startswith("δ")), "δ")
        rows.append([f"{delta} = ", [f"g{unit.net}"]])
    for name in step.gradients:
        place = graph.find(name)
        if not isinstance(unit, Neuron) or place not in (unit.place, unit.net):
            rows.append([f"{_gradient(derivation, place)} = ", [f"g{place}"]])
    return _joined(rows)


def _handed(derivation: Derivation, edge: Contribution, uses: Mapping[int, int]) -> Row:
    """Return what an edge hands down: the whole gradient of its source, or a part of it."""
    source = edge.places[0]
    name = _gradient(derivation, source)
    lead = name if uses[source] == 1 else _("part of {gradient}").format(gradient=name)
    return [f"{lead} = ", [f"d{_key(edge)}"]]


def _joined(rows: list[Row]) -> Row:
    found: Row = []
    for row in rows:
        found += [", "] if found else []
        found += row
    return found


def _gradient(derivation: Derivation, place: int) -> str:
    return f"∂{shown_name(derivation.output)}/∂{shown_name(derivation.graph_table.nodes[place].name)}"


def _key(edge: Contribution) -> str:
    return f"{edge.places[1]}.{edge.slot}"
