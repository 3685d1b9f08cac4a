"""What practice needs besides the lesson: the wrong numbers that slips give, and their sentences.

Enters: a derivation. Leaves: for each quantity the numbers that the table of slips gives it at this
point, each with a rank, a sentence that says what went wrong, and where. The page compares what a
learner typed with them; it knows no slip of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ..errors import OptionError, quoted
from ..homework.quantities.quantity import asked_quantities
from ..homework.slips.broken_pass import Bend, Own, Pass, Plan
from ..homework.slips.slip_record import different
from ..homework.slips.slip_table import Instance, instances
from ..language import shown_name
from ..ops import OPS
from ..sentences import said
from ..steps import Derivation
from ..translation import sentence as _

__all__ = ["asked_cells", "practice_data"]

_Row = tuple[float, float, int, int]
"""A wrong number, its rank, the places of its sentence and of its whereabouts in their lists."""

_MOST_WORK = 20_000
"""Edges times nodes: a graph beyond that is practised without a look for slips."""

_USUAL = (("multiply", 0), ("add", 0), ("subtract", 1), ("exp", 0), ("tanh", 0), ("relu", 0))

_MOST_ROWS = 60
"""So many wrong numbers are kept for a cell, the readiest explanations first."""


def practice_data(derivation: Derivation) -> dict[str, Any]:
    """Return every cell's wrong numbers as [number, rank, sentence, place], and the sentences."""
    plan = Plan(derivation)
    if len(plan.edges) * len(plan.numbers) > _MOST_WORK:
        return {"slips": {}, "sentences": [], "places": [], "many": True, "reasons": _reasons()}
    made = [instance for instance in instances(plan.scene) if not instance.slip.of_reading]
    true = _cells(plan, plan.run(Bend(), Own()))
    rows: dict[str, list[_Row]] = {cell: [] for cell in true}
    sentences: dict[str, int] = {}
    places: dict[str, int] = {}
    for instance in made:
        says = sentences.setdefault(instance.told, len(sentences))
        where = places.setdefault(instance.where(plan, shown_name), len(places))
        for cell, number in _cells(plan, plan.run(instance.bend, Own())).items():
            if not math.isfinite(number) or not different(number, true[cell]):
                continue
            rows[cell].append((number, _rank(instance, cell), says, where))
    return {
        "slips": {cell: _readiest(found) for cell, found in rows.items() if found},
        "sentences": list(sentences),
        "places": list(places),
        "many": False,
        "reasons": _reasons(),
    }


def _reasons() -> list[str]:
    """Return the rules of usual gates, among which a learner chooses the one at work."""
    found = [_(OPS[name].reason(slot, OPS[name].least)) for name, slot in _USUAL]
    return list(dict.fromkeys(found))


def asked_cells(derivation: Derivation, asked: str | Iterable[str] | None) -> dict[str, Any]:
    """Return the cells that practice asks for, by the page's names of quantities; None for all.

    Raises:
        UnknownNameError, OptionError: a quantity that the graph does not have, or asked for twice.
        OptionError: a quantity that is given, or found by no step.
    """
    if asked is None:
        return {"asked": None}
    cells = []
    for quantity in asked_quantities(derivation.graph_table, asked):
        edge = f"{quantity.node}.{quantity.slot}"
        on_edge = (quantity.source, quantity.node, quantity.slot) in derivation.contributions
        input_ = derivation.graph_table.nodes[quantity.node].kind != "operation"
        if quantity.kind == "new" or (quantity.source >= 0 and not on_edge):
            raise OptionError(
                said("{given} is found by no step of the lesson", given=quoted(quantity.text))
            )
        if quantity.kind == "value" and input_:
            raise OptionError(
                said("{given} is given, so practice cannot ask for it", given=quoted(quantity.text))
            )
        cells.append(
            {"value": f"v{quantity.node}", "gradient": f"g{quantity.node}", "local": f"l{edge}",
             "down": f"d{edge}"}[quantity.kind]
        )  # fmt: skip
    return {"asked": cells}


def _readiest(rows: list[_Row]) -> list[list[float]]:
    """Return the rows by rank, each sentence and place once for a number, at most so many."""
    kept: dict[tuple[str, int, int], _Row] = {}
    for row in sorted(rows, key=lambda row: row[1:]):
        kept.setdefault((f"{row[0]:.9e}", row[2], row[3]), row)
    return [list(row) for row in list(kept.values())[:_MOST_ROWS]]


def _cells(plan: Plan, found: Pass) -> dict[str, float]:
    """Return a pass's numbers by the page's names of quantities."""
    cells: dict[str, float] = {}
    for place, node in enumerate(plan.graph.nodes):
        if node.kind == "operation":
            cells[f"v{place}"] = found.values[place]
        if plan.graph.varies[place] and plan.graph.relevant[place]:
            cells[f"g{place}"] = found.gradients[place]
    for edge in plan.edges:
        key = f"{edge[1]}.{edge[2]}"
        if edge in found.locals:
            cells[f"l{key}"] = found.locals[edge]
            cells[f"d{key}"] = found.downs[edge]
    return cells


def _rank(instance: Instance, cell: str) -> float:
    """Return how ready an explanation a slip is: made at this cell, in one place, a usual one."""
    direct = _made_at(instance, cell)
    scope = {"here": 0, "gate": 1, "layer": 2, "kind": 2, "everywhere": 3}[instance.scope]
    return (0 if direct else 100) + 10 * scope + instance.rank


def _made_at(instance: Instance, cell: str) -> bool:
    if cell[0] in "vg":
        return int(cell[1:]) in instance.places
    target, slot = map(int, cell[1:].split("."))
    return any(edge[1:] == (target, slot) for edge in instance.bend.edges)
