"""A sheet's numbers as columns: the true ones, those of every single slip, and how near is near.

A `SheetKey` is made once for a problem. Its rows, one for each instance of a slip, are worked out
when the first wrong sheet arrives, and used for all students.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...once import cached_property
from ..quantities.quantity import Quantity
from .broken_pass import Bend, Own, Pass, Plan, Scene, tried
from .evidence import cost
from .slip_table import Instance, all_slips, instances
from .sweep import Sweep, Swept

__all__ = ["EXACT", "LOOSE", "NOT", "TYPED", "Bent", "Given", "Row", "SheetKey", "tiers"]

Row = NDArray[np.float64]

EXACT, TYPED, LOOSE, NOT = 0, 1, 2, 3
"""How well a number fits a typed one: to float64, to the digits typed, nearly, or not at all."""

_EXACT = 1e-7
_LOOSE_UNITS = 6.0
_COARSEST = 0.05
_LARGE = 600
"""From so many edges on, a wrong cell is explained by slips nearby or by those made everywhere."""
_NEAREST = 48
_MANY_COLUMNS = 200
_NUMBERS_AT_ONCE = 1_000_000
"""So many values of nodes are held at once for bends that change values."""


@dataclass(frozen=True, slots=True)
class Given:
    """The numbers on a student's sheet, by column.

    Attributes:
        numbers: nan where there is none.
        halves: half a unit of the last digit typed; 0 where the number is exact.
    """

    numbers: Row
    halves: Row


class SheetKey:
    """A problem's plan and columns, with the rows of all single slips.

    Attributes:
        plan: the graph, made ready.
        columns: the quantities on the sheet, in step order.
        true: the right numbers.
        rate: the learning rate, for `new(w)`.
    """

    def __init__(self, plan: Plan, columns: Sequence[Quantity], rate: float = 0.0) -> None:
        self.plan = plan
        self.columns: tuple[Quantity, ...] = tuple(columns)
        self.rate = rate
        self.nodes: frozenset[int] = frozenset(q.node for q in columns if q.kind in ("gradient", "new"))
        self.edges: frozenset[tuple[int, int, int]] = frozenset(
            (q.source, q.node, q.slot) for q in columns if q.source >= 0
        )
        self.true: Row = self.row(plan.run(Bend(), Own()), Own())
        finite = self.true[np.isfinite(self.true)]
        self.tiny: float = 1e-12 * float(np.max(np.abs(finite), initial=0.0))

    @cached_property
    def slips(self) -> Bent:
        """Return every instance of every slip, at the true numbers."""
        return Bent(self, instances(self.plan.scene))

    @cached_property
    def _fixed(self) -> list[Instance]:
        """Return the instances that are the same at all values."""
        return instances(self.plan.scene, [slip for slip in all_slips(self.plan) if slip.fixed])

    def slips_near(self, columns: Iterable[int], scene: Scene | None = None) -> Bent:
        """Return the instances that may explain cells: all, but in a large graph those nearby.

        With a scene other than the true one the instances are made at its numbers.
        """
        large = len(self.plan.edges) > _LARGE
        if scene is None and not large:
            return self.slips
        if scene is None:
            made = instances(self.plan.scene)
        else:
            anew = [slip for slip in all_slips(self.plan) if not slip.fixed]
            made = [*self._fixed, *instances(scene, anew)]
        if large:
            near = self._near(columns)
            made = [i for i in made if i.scope in ("everywhere", "kind") or i.places & near]
        return Bent(self, made)

    @cached_property
    def below(self) -> NDArray[np.bool_]:
        """Return for each column which others are worked out from it, where it is on the sheet."""
        count = len(self.columns)
        found = np.zeros((count, count), dtype=bool)
        if count > _MANY_COLUMNS:
            return found
        for c in range(count):
            moved = self.true.copy()
            moved[c] = 1.1 * moved[c] + 0.1
            only = np.zeros(count, dtype=bool)
            only[c] = True
            own = self.own(moved, only)
            with np.errstate(invalid="ignore", over="ignore"):
                found[c] = np.abs(self.row(self.plan.run(Bend(), own), own) - self.true) > (
                    1e-7 * np.abs(self.true) + self.tiny
                )
            found[c, c] = False
        return found

    @cached_property
    def updates(self) -> tuple[tuple[int, int], ...]:
        """Return the columns of new parameters, each with that of its gradient, where both are."""
        gradients = {q.node: c for c, q in enumerate(self.columns) if q.kind == "gradient"}
        found = ((c, gradients.get(q.node)) for c, q in enumerate(self.columns) if q.kind == "new")
        return tuple((c, gradient) for c, gradient in found if gradient is not None)

    def _near(self, columns: Iterable[int]) -> frozenset[int]:
        """Return the nodes nearest to some columns' nodes, above them first."""
        near: set[int] = set()
        waiting = [self.columns[c].node for c in columns]
        for place in waiting:
            if len(near) >= _NEAREST:
                break
            if place not in near:
                near.add(place)
                waiting += [e[1] for e in self.plan.gathered[place][:_NEAREST]]
                waiting += [e[0] for e in self.plan.from_target.get(place, ())]
        return frozenset(near)

    def row(self, found: Pass, own: Own) -> Row:
        """Return a pass's numbers by column."""
        row = np.empty(len(self.columns))
        for c, quantity in enumerate(self.columns):
            place = quantity.node
            if quantity.kind == "value":
                row[c] = found.values[place]
            elif quantity.kind == "gradient":
                row[c] = found.gradients[place]
            elif quantity.kind == "new":
                gradient = own.gradients.get(place, found.gradients[place])
                value, renewed = found.values[place], found.news.get(place)
                usual = value - self.rate * gradient
                row[c] = usual if renewed is None else tried(renewed, value, gradient)
            else:
                edge = (quantity.source, place, quantity.slot)
                numbers = found.locals if quantity.kind == "local" else found.downs
                row[c] = numbers.get(edge, self.aside(quantity))
        return row

    def aside(self, quantity: Quantity) -> float:
        """Return the number of an edge that the backward pass does not take."""
        if quantity.kind == "down":
            return 0.0
        operator = self.plan.at[quantity.node]
        operands = [self.plan.numbers[i] for i in operator.operands]
        return operator.slope(quantity.slot, self.plan.numbers[quantity.node], operands)

    def own(self, numbers: Row, among: NDArray[np.bool_] | None = None) -> Own:
        """Return the sheet's numbers by what they are of; only the columns in `among`, if given."""
        own: dict[str, dict[object, float]] = {
            "value": {}, "gradient": {}, "local": {}, "down": {}
        }  # fmt: skip
        for c, quantity in enumerate(self.columns):
            if among is not None and not among[c]:
                continue
            if np.isnan(numbers[c]) or quantity.kind == "new":
                continue
            edge = (quantity.source, quantity.node, quantity.slot)
            own[quantity.kind][quantity.node if quantity.source < 0 else edge] = float(numbers[c])
        return Own(own["value"], own["gradient"], own["local"], own["down"])  # type: ignore[arg-type]


class Bent:
    """Instances of slips, ready to be made on any sheet of a problem.

    Those of the way back alone share their forward values; the others go through the graph with values of
    their own, so many at once as fit into little memory.
    """

    def __init__(self, key: SheetKey, made: Sequence[Instance]) -> None:
        self.key = key
        self.made: list[Instance] = list(made)
        plan = key.plan
        forward = np.array([instance.bend.forward for instance in made], dtype=bool)
        at_once = max(16, _NUMBERS_AT_ONCE // max(1, len(plan.numbers)))
        parts = [np.flatnonzero(~forward)]
        bent = np.flatnonzero(forward)
        parts += [bent[i : i + at_once] for i in range(0, len(bent), at_once)]
        self._parts = [
            (rows, Sweep(plan, [self.made[i].bend for i in rows])) for rows in parts if len(rows)
        ]

    @cached_property
    def costs(self) -> Row:
        """Return how unlikely each instance is before a sheet is seen."""
        return np.array([cost(instance) for instance in self.made])

    @cached_property
    def pure(self) -> Row:
        """Return for each instance the whole sheet of someone who makes that slip and no other."""
        return self.rows(Own())

    def rows(self, own: Own) -> Row:
        """Return a row for each instance, worked out from `own`."""
        key = self.key
        rows = np.empty((len(self.made), len(key.columns)))
        for places, sweep in self._parts:
            found = sweep.run(own, key.nodes, key.edges)
            for c, quantity in enumerate(key.columns):
                rows[places, c] = self._column(quantity, sweep, found, own)
        return rows

    def _column(self, quantity: Quantity, sweep: Sweep, found: Swept, own: Own) -> Row | float:
        place = quantity.node
        edge = (quantity.source, place, quantity.slot)
        if quantity.kind == "value":
            return found.values[place]
        if quantity.kind == "gradient":
            return found.gradients.get(place, 0.0)
        if quantity.kind == "new":
            return self._new(place, sweep, found, own)
        numbers = found.locals if quantity.kind == "local" else found.downs
        return numbers.get(edge, self.key.aside(quantity))

    def _new(self, place: int, sweep: Sweep, found: Swept, own: Own) -> Row | float:
        value = found.values[place]
        gradient = own.gradients.get(place, found.gradients.get(place, 0.0))
        new = np.array(np.broadcast_to(value - self.key.rate * gradient, (sweep.count,)))
        for row, renewed in sweep.news.get(place, ()):
            one = value[row] if isinstance(value, np.ndarray) else value
            slope = gradient[row] if isinstance(gradient, np.ndarray) else gradient
            new[row] = tried(renewed, float(one), float(slope))
        return new


def tiers(
    rows: Row, given: Given, carried: Row | float, tiny: float, loose: Row | float
) -> Row:
    """Return how well each number of `rows` fits the typed one beside it: EXACT, TYPED, LOOSE, NOT.

    `carried` is how far off the rows' numbers may be because of roundings before them; `loose` the
    relative tolerance of a number that is off by a few units of its last digit.
    """
    typed = given.numbers
    with np.errstate(invalid="ignore", over="ignore"):
        # Nothing fits what is past float64: every number is as far from inf as any other.
        apart = np.where(np.isfinite(rows), np.abs(rows - typed), np.nan)
        size = np.maximum(np.abs(rows), np.abs(typed))
        halves = np.minimum(given.halves, _COARSEST * np.abs(typed))
        carried = np.minimum(carried, 0.25 * np.abs(typed))
        exact = apart <= _EXACT * size + tiny
        nearly = apart <= halves * 1.0001 + carried
        loosely = apart <= np.minimum(loose * size, _LOOSE_UNITS * 2 * halves) + carried
        zero = (typed == 0) | (np.abs(rows) <= tiny)
        found = np.full(np.broadcast(rows, typed).shape, float(NOT))
        found[loosely & ~zero] = LOOSE
        found[nearly & ~zero] = TYPED
        found[exact] = EXACT
    return found
