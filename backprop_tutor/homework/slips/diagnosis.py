"""The smallest set of slips that explains a sheet.

Enters: a problem's `SheetKey` and a student's numbers. Leaves: an `Explanation`: which wrong cells
are only rounded, which follow from the student's own earlier numbers by the right rules, and which
slips explain the rest, each with the slips that give the same numbers.

A slip is tried on top of the student's own numbers, and alone from the true ones. Of the slips that
explain a wrong cell the one is taken that explains most and is contradicted least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .broken_pass import Bend, Scene
from .carried import Flags, carried_roundings, following, places, policy_of, rounded_cells
from .sheet_columns import EXACT, NOT, TYPED, Given, Row, SheetKey, tiers
from .slip_record import different
from .slip_table import COPIED, Instance

__all__ = ["Explained", "Explanation", "explain_sheet"]

_CONTRADICTION = 0.55
"""What a cell that a slip would have changed, and that is right, costs; a slip itself costs 1."""

_WORSE_FIT = 0.3
_HIDDEN = 0.006
"""A slip at a node that was not asked for stands behind one at a cell of the sheet."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One slip that explains cells, and those that would give the same numbers.

    Attributes:
        instance: the slip, and where it was made.
        cells: the columns that it explains, in step order.
        direct: those of them at which the wrong rule itself was applied.
        ties: other slips with the same numbers, each once, the readiest first.
        source: for a copied answer, the column it was copied from; else -1.
    """

    instance: Instance
    cells: tuple[int, ...]
    direct: frozenset[int]
    ties: tuple[Instance, ...] = ()
    source: int = -1


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of the wrong cells of a sheet, by column.

    Attributes:
        rounded: right, but for a rounding that was carried on.
        coarse: rounded on the way until nothing right was left of it.
        follows: right, given the student's own earlier numbers.
        slips: what explains other cells, in step order.
        policy: how the intermediate numbers were rounded, where that was found; else "".
    """

    rounded: frozenset[int] = frozenset()
    coarse: frozenset[int] = frozenset()
    follows: frozenset[int] = frozenset()
    slips: tuple[Explained, ...] = ()
    policy: str = ""


def explain_sheet(key: SheetKey, given: Given, right: Flags, loose: Row) -> Explanation:
    """Return how the wrong cells of a sheet came about.

    Args:
        key: the problem.
        given: the student's numbers.
        right: the columns that are right already.
        loose: the relative tolerance of each column.
    """
    wrong = ~right & ~np.isnan(given.numbers)
    if not wrong.any():
        return Explanation()
    # Numbers near the end of float64 go past it in differences and products; inf and nan are no fit.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return _explained(key, given, right, wrong, loose)


def _explained(key: SheetKey, given: Given, right: Flags, wrong: Flags, loose: Row) -> Explanation:
    rounded = rounded_cells(key, given, right, wrong, loose)
    wrong = wrong & ~rounded
    right = right | rounded
    carried = carried_roundings(key, given, right, ~np.isnan(given.numbers))
    follows = wrong & following(key, given, carried, loose)
    faults = wrong & ~follows
    policy = policy_of(key, given, wrong) if faults.any() else None
    if policy is not None:
        right_so = frozenset(places(rounded | policy.right))
        return Explanation(right_so, coarse=frozenset(places(policy.coarse)), policy=policy.name)
    slips: tuple[Explained, ...] = ()
    if faults.any():
        slips = tuple(_Search(key, given, carried, right, follows, faults, loose).cover())
    return Explanation(
        frozenset(places(rounded)), follows=frozenset(places(follows)), slips=slips
    )


class _Search:
    """The instances of slips laid beside one sheet."""

    def __init__(
        self, key: SheetKey, given: Given, carried: Row, right: Flags, follows: Flags,
        faults: Flags, loose: Row,
    ) -> None:  # fmt: skip
        self.key, self.given, self.faults = key, given, faults
        own = key.own(given.numbers)
        close = places(faults)
        alone = key.slips_near(close)
        here = alone.made
        numbers = key.plan.numbers
        if any(different(number, numbers[place]) for place, number in own.values.items()):
            values, _ = key.plan.forward(Bend(), own)
            bent = key.slips_near(close, Scene(key.plan, values))
        else:
            bent = alone
        mine = bent.made
        base = key.row(key.plan.run(Bend(), own), own)
        rows = np.vstack([bent.rows(own), alone.pure])
        bases = np.vstack([np.tile(base, (len(mine), 1)), np.tile(key.true, (len(here), 1))])
        self.made = [*mine, *here]
        fit = tiers(rows, given, carried, key.tiny, loose)
        with np.errstate(invalid="ignore"):
            size = np.maximum(np.abs(rows), np.abs(bases))
            touched = ~(np.abs(rows - bases) <= 1e-7 * size + key.tiny)
        self.explains: Flags = (fit < NOT) & touched & faults
        agreed = (right | follows) & ~np.isnan(given.numbers)
        self.against = (touched & (fit == NOT) & agreed).sum(axis=1)
        self.sources = [-1] * len(self.made)
        self._add_copies(follows)
        coarse = given.halves > 1e-9 * np.abs(given.numbers)
        digits = np.where(coarse, float(TYPED), float(EXACT))
        fit = np.vstack([fit, np.tile(digits, (len(self.made) - len(fit), 1))])
        alike = np.where(coarse & (fit == EXACT), float(TYPED), fit)
        self.fit = (np.where(self.explains, alike, 0.0)).astype(int)
        best = np.min(np.where(self.explains, fit, NOT), axis=0)
        worse = np.where(self.explains, fit - best, 0.0)
        count = np.maximum(self.explains.sum(axis=1), 1)
        ranks = np.array([instance.slip.rank for instance in self.made])
        worse = worse.sum(axis=1) / count
        self.cost = 1 + _CONTRADICTION * self.against + _WORSE_FIT * worse + 0.004 * ranks
        sites = np.array([len(instance.sites) for instance in self.made])
        self.cost = self.cost + 0.0001 * sites + _HIDDEN * self._hidden()

    def _add_copies(self, follows: Flags) -> None:
        """Add a row for each wrong cell in which another cell's number stands."""
        numbers, true = self.given.numbers, self.key.true
        added: list[Flags] = []
        for c in places(self.faults):
            for other in range(len(numbers)):
                # A cell that follows from this one may well equal it, and is no source.
                same = _same(numbers[c], true[other]) or (
                    not follows[other] and _same(numbers[c], numbers[other])
                )
                if other != c and same:
                    flags = np.zeros(len(numbers), dtype=bool)
                    flags[c] = True
                    added.append(flags)
                    self.made.append(Instance(COPIED, "", (), "here", Bend()))
                    self.sources.append(other)
        if added:
            self.explains = np.vstack([self.explains, *added])
            self.against = np.concatenate([self.against, np.zeros(len(added), dtype=int)])

    def _hidden(self) -> NDArray[np.float64]:
        """Return 1.0 for each instance that bends none of the cells it explains, else 0.0."""
        found = np.zeros(len(self.made))
        for row in np.flatnonzero(self.explains.any(axis=1)):
            instance = self.made[row]
            if instance.sites:
                cells = places(self.explains[row])
                found[row] = not any(_bent_at(self.key, instance, c) for c in cells)
        return found

    def cover(self) -> list[Explained]:
        """Return slips that together explain as many faults as can be explained."""
        left = self.faults.copy()
        found: list[Explained] = []
        while left.any():
            new = (self.explains & left).sum(axis=1)
            if not new.any():
                break
            worth = np.where(new > 0, new / self.cost, -1.0)
            place = int(np.argmax(worth))
            cells = self.explains[place] & left
            found.append(self._explained(place, cells, new))
            left &= ~cells
        return sorted(found, key=lambda explained: explained.cells)

    def _explained(self, place: int, cells: Flags, new: NDArray[np.int_]) -> Explained:
        instance = self.made[place]
        columns = places(cells)
        alike = (
            (self.explains & cells == cells).all(axis=1)
            & (self.against == self.against[place])
            & (self.fit[:, columns] == self.fit[place, columns]).all(axis=1)
        )
        ties: dict[str, Instance] = {}
        for other in sorted(np.flatnonzero(alike), key=lambda i: self.cost[i]):
            name = self.made[other].slip.name
            if name != instance.slip.name:
                ties.setdefault(name, self.made[other])
        # The first wrong cell bears the slip, also where the slip's own cell is not on the sheet: it
        # cannot follow from itself.
        direct = {columns[0], *(c for c in columns if _bent_at(self.key, instance, c))}
        if instance.scope == "here" or not instance.sites:
            direct = {min(direct)} if not instance.bend.answers else direct
        return Explained(
            instance, tuple(columns), frozenset(direct), tuple(ties.values()), self.sources[place]
        )


def _bent_at(key: SheetKey, instance: Instance, column: int) -> bool:
    quantity = key.columns[column]
    if quantity.source >= 0:
        return (quantity.source, quantity.node, quantity.slot) in instance.bend.edges
    return quantity.node in instance.places


def _same(one: float, other: float) -> bool:
    return bool(abs(one - other) <= 1e-9 * max(abs(one), abs(other)))


