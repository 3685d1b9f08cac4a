"""A sheet's matrices as columns: the true ones, what a broken pass makes of them, and how near is near.

An `ArrayKey` is made once for a problem; columns are quantities, each a matrix, an entry or a shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...once import cached_property
from ...steps import Derivation
from ..quantities.array_quantities import true_array
from ..quantities.quantity_record import Quantity
from .array_bends import ArrayBend, ArrayPass, ArrayPlan, OwnArrays
from .array_slip_table import ArrayInstance, array_instances
from .sheet_columns import EXACT, LOOSE, NOT, TYPED

__all__ = ["ArrayGiven", "ArrayKey", "ArrayRow", "fit_of", "same_array"]

ArrayRow = list[Any]
"""A matrix for each column; None where a wrong shape leads nowhere."""

_EXACT = 1e-7
_LOOSE_UNITS = 6.0
_COARSEST = 0.05
_MOST_CARRIED = 0.25
_LARGE = 150
"""From so many edges on, a wrong matrix is explained by slips nearby or by those made everywhere."""
_NEAREST = 60
_KEPT = 5_000_000
"""So many numbers of slips' rows are kept from student to student."""


@dataclass(frozen=True, slots=True)
class ArrayGiven:
    """The matrices on a student's sheet, by column; None where there is none.

    `halves` is half a unit of each entry's last digit; 0 where it is exact.
    """

    numbers: tuple[Any, ...]
    halves: tuple[Any, ...]


class ArrayKey:
    """A problem's plan and columns.

    Attributes:
        plan: the program, made ready.
        columns: the quantities on the sheet, in step order.
        true: the right matrices.
        rate: the learning rate, for `new(W)`.
        tiny: what rounding leaves of a true 0.
    """

    def __init__(
        self, derivation: Derivation, plan: ArrayPlan, columns: Sequence[Quantity], rate: float = 0.0
    ) -> None:
        self.plan = plan
        self.columns: tuple[Quantity, ...] = tuple(columns)
        self.rate = rate
        self._locals = {
            c: np.asarray(true_array(derivation, quantity))
            for c, quantity in enumerate(self.columns)
            if quantity.kind == "local"
        }
        self.base: ArrayPass = plan.run(ArrayBend(), OwnArrays())
        self.true: ArrayRow = self.row(self.base, ArrayBend(), OwnArrays())
        numbers = [*plan.numbers, *(u for u in plan.upstreams if u is not None)]
        sizes = [float(np.max(np.abs(number), initial=0.0)) for number in numbers]
        self.tiny: float = 1e-14 * max(sizes, default=0.0)

    @cached_property
    def instances(self) -> list[ArrayInstance]:
        """Return every instance of every slip that may change what is asked for."""
        values = {q.node for q in self.columns if q.kind == "value"}
        gradients = {q.node for q in self.columns if q.kind == "gradient"}
        news = {q.node for q in self.columns if q.kind == "new"}

        def matters(bend: ArrayBend) -> bool:
            if bend.values or bend.edges or bend.dropped or bend.totals:
                return True
            return bool(
                values & set(bend.written) or gradients & set(bend.answers) or news & set(bend.news)
            )

        return [made for made in array_instances(self.plan) if matters(made.bend)]

    @cached_property
    def pure(self) -> list[ArrayRow] | None:
        """Return for each instance the sheet of someone who makes it alone; None of large programs."""
        if len(self.plan.edges) > _LARGE or self.plan.size * len(self.instances) > _KEPT:
            return None
        return [self.bent(made, OwnArrays(), self.base) for made in self.instances]

    def near(self, columns: Iterable[int]) -> list[ArrayInstance]:
        """Return the instances that may explain columns: all, but in a large program those nearby."""
        plan = self.plan
        if len(plan.edges) <= _LARGE:
            return self.instances
        waiting = [self.columns[c].node for c in columns]
        near: set[int] = set()
        for place in waiting:
            if len(near) >= _NEAREST:
                break
            if place not in near:
                near.add(place)
                waiting += [edge[1] for edge in plan.gathered[place]]
                waiting += [edge[0] for edge in plan.from_target.get(place, ())]
        return [made for made in self.instances if made.scope != "here" or made.places & near]

    def bent(self, made: ArrayInstance, own: OwnArrays, base: ArrayPass) -> ArrayRow:
        """Return what a slip makes of the sheet, from the student's own matrices."""
        return self.row(self.plan.run(made.bend, own, base), made.bend, own)

    def row(self, found: ArrayPass, bend: ArrayBend, own: OwnArrays) -> ArrayRow:
        """Return a pass's matrices by column."""
        row: ArrayRow = []
        for c, quantity in enumerate(self.columns):
            number = self._whole(c, quantity, found, bend, own)
            if number is not None and quantity.part == "shape":
                number = np.array(np.shape(number), float)
            elif number is not None and quantity.part == "entry":
                fits = np.shape(number) == self._shape(quantity)
                number = np.asarray(number[quantity.entry]) if fits else None
            row.append(number)
        return row

    def _shape(self, quantity: Quantity) -> tuple[int, ...]:
        place = quantity.source if quantity.source >= 0 else quantity.node
        return tuple(np.shape(self.plan.numbers[place]))

    def _whole(
        self, c: int, quantity: Quantity, found: ArrayPass, bend: ArrayBend, own: OwnArrays
    ) -> Any:
        place = quantity.node
        if quantity.kind == "value":
            return found.values[place]
        if quantity.kind == "gradient":
            return found.gradients[place]
        if quantity.kind == "down":
            return found.downs.get((quantity.source, place, quantity.slot))
        if quantity.kind == "local":
            return self._locals[c]
        gradient = own.gradients.get(place, found.gradients[place])
        old = found.values[place]
        if gradient is None or np.shape(gradient) != np.shape(old):
            return None
        if place in bend.news:
            return np.asarray(bend.news[place](old, gradient, self.rate))
        return np.asarray(old - self.rate * gradient)

    def own(self, given: Sequence[Any], among: Iterable[int] | None = None) -> OwnArrays:
        """Return the sheet's matrices by what they are of; only the columns in `among`, if given.

        One that is written down transposed is taken as it is meant; one of another shape not at all.
        """
        kept = None if among is None else set(among)
        values: dict[int, Any] = {}
        gradients: dict[int, Any] = {}
        downs: dict[tuple[int, int, int], Any] = {}
        for c, quantity in enumerate(self.columns):
            number = given[c]
            if number is None or quantity.part or (kept is not None and c not in kept):
                continue
            shape = np.shape(self.true[c])
            if np.shape(number) != shape:
                if np.shape(number)[::-1] != shape:
                    continue
                number = number.T
            if quantity.kind == "value":
                values[quantity.node] = number
            elif quantity.kind == "gradient":
                gradients[quantity.node] = number
            elif quantity.kind == "down":
                downs[quantity.source, quantity.node, quantity.slot] = number
        return OwnArrays(values, gradients, downs)


def same_array(one: Any, other: Any, tiny: float) -> bool:
    """Return whether two matrices are the same but for rounding in float64."""
    if one is other:
        return True
    if one is None or other is None or np.shape(one) != np.shape(other):
        return False
    size = np.maximum(np.abs(one), np.abs(other))
    return bool(np.all(np.abs(one - other) <= 1e-7 * size + tiny))


def fit_of(
    row: Any, typed: Any, halves: Any, carried: NDArray[np.float64] | float, tiny: float, loose: float
) -> int:
    """Return how well a matrix fits the typed one: EXACT, TYPED, LOOSE, or NOT; the worst of its entries.

    A matrix is typed to so many decimals throughout: small entries may be rounded to 0, but not all.
    """
    if row is None or np.shape(row) != np.shape(typed) or not np.all(np.isfinite(row)):
        return NOT
    apart = np.abs(row - typed)
    size = np.maximum(np.abs(row), np.abs(typed))
    exact = apart <= _EXACT * size + tiny
    if np.all(exact):
        return EXACT
    scale = float(np.max(np.abs(typed), initial=0.0))
    if scale == 0:
        return NOT
    halves = np.minimum(halves, _COARSEST * scale)
    if np.shape(carried) not in ((), np.shape(typed)):
        carried = np.max(carried, initial=0.0)  # of a matrix that is written transposed
    carried = np.minimum(carried, _MOST_CARRIED * np.maximum(np.abs(typed), _COARSEST * scale))
    nearly = exact | (apart <= halves * 1.0001 + carried)
    if np.all(nearly):
        return TYPED
    loosely = nearly | (apart <= np.minimum(loose * size, _LOOSE_UNITS * 2 * halves) + carried)
    return LOOSE if np.all(loosely) else NOT
