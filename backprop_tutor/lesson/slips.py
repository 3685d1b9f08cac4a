"""What practice needs besides the lesson: the wrong numbers that slips give, and their sentences.

Enters: a derivation. Leaves: for each quantity the numbers that the table of slips gives it at this
point, each with a rank, a sentence that says what went wrong, and where. The page compares what a
learner typed with them; it knows no slip of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, NamedTuple

from ..errors import OptionError, quoted
from ..homework.quantities.quantity import asked_quantities
from ..homework.slips.broken_pass import Bend, Edge, Own, Pass, Plan
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
    cells = _cells(plan)
    true = cells.numbers(plan.run(Bend(), Own()))
    in_turn = sorted(cells.all, key=lambda cell: (cell.edge is not None, cell.place))
    rows: dict[str, list[_Row]] = {cell.name: [] for cell in in_turn}
    sentences: dict[str, int] = {}
    places: dict[str, int] = {}
    wheres: dict[tuple[str, Any], int] = {}
    for instance in made:
        says = sentences.setdefault(instance.told, len(sentences))
        key = (instance.scope, instance.sites[0].at if instance.sites else None)
        if key not in wheres:
            wheres[key] = places.setdefault(instance.where(plan, shown_name), len(places))
        ready = _Readiness(instance)
        numbers = cells.numbers(plan.run(instance.bend, Own()))
        for cell, number, right in zip(cells.all, numbers, true, strict=True):
            if number == right:
                continue  # as nearly all are: a slip changes few
            if math.isfinite(number) and different(number, right):
                rows[cell.name].append((number, ready.rank(cell), says, wheres[key]))
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
    for row in sorted(rows, key=itemgetter(1, 2, 3)):
        kept.setdefault((f"{row[0]:.9e}", row[2], row[3]), row)
        if len(kept) == _MOST_ROWS:
            break
    return [list(row) for row in kept.values()]


class _Cell(NamedTuple):
    """A quantity by the page's name, and where it stands: at a node, or at an edge's (target, slot)."""

    name: str
    place: int
    edge: tuple[int, int] | None = None


class _Cells(NamedTuple):
    """The quantities of a plan; numbers of a pass come in the order of `all`."""

    values: tuple[_Cell, ...]
    gradients: tuple[_Cell, ...]
    edges: tuple[Edge, ...]
    all: tuple[_Cell, ...]

    def numbers(self, found: Pass) -> list[float]:
        """Return a pass's numbers."""
        values, gradients, locals_, downs = found.values, found.gradients, found.locals, found.downs
        numbers = [values[cell.place] for cell in self.values]
        numbers += [gradients[cell.place] for cell in self.gradients]
        return numbers + [number for edge in self.edges for number in (locals_[edge], downs[edge])]


def _cells(plan: Plan) -> _Cells:
    """Return the quantities that a pass finds."""
    graph, found = plan.graph, plan.run(Bend(), Own())
    values = [_Cell(f"v{i}", i) for i, node in enumerate(graph.nodes) if node.kind == "operation"]
    asked = [i for i in range(len(graph.nodes)) if graph.varies[i] and graph.relevant[i]]
    gradients = [_Cell(f"g{i}", i) for i in asked]
    edges = [edge for edge in plan.edges if edge in found.locals]
    on_edges = [_Cell(f"{kind}{t}.{slot}", -1, (t, slot)) for _, t, slot in edges for kind in "ld"]
    return _Cells(tuple(values), tuple(gradients), tuple(edges), (*values, *gradients, *on_edges))


class _Readiness:
    """How ready an explanation a slip is: made at a cell itself, in one place, a usual one."""

    def __init__(self, instance: Instance) -> None:
        scope = {"here": 0, "gate": 1, "layer": 2, "kind": 2, "everywhere": 3}[instance.scope]
        self.here, self.elsewhere = (far + 10 * scope + instance.rank for far in (0, 100))
        self.places = instance.places
        self.edges = {edge[1:] for edge in instance.bend.edges}

    def rank(self, cell: _Cell) -> float:
        """Return the rank for a cell; the lower the readier."""
        made_here = cell.place in self.places if cell.edge is None else cell.edge in self.edges
        return self.here if made_here else self.elsewhere
