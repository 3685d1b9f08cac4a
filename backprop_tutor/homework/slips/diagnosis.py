"""The smallest set of slips that explains a sheet.

Enters: a problem's `SheetKey` and a student's numbers. Leaves: an `Explanation`: which wrong cells
are only rounded, which follow from the student's own earlier numbers by the right rules, and which
slips explain the rest, each with the slips that give the same numbers.

A slip is tried on top of the student's own numbers, and alone from the true ones. Of the slips that
explain wrong cells the likeliest is taken: the one that explains most, is contradicted least, and assumes
least. Where numbers of no rule would be met as often, none is named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .broken_pass import Bend, Scene
from .carried import Flags, carried_roundings, following, places, policy_of, rounded_cells
from .evidence import chances, cost, rivals, tolerated
from .penned import Penned, penned
from .sheet_columns import EXACT, LOOSE, NOT, TYPED, Given, Row, SheetKey, tiers
from .slip_record import different
from .slip_table import Instance

__all__ = ["Explained", "Explanation", "explain_sheet"]

_AGAINST = 4.0
"""What a cell that a slip would have changed, and that is right, costs, in nats."""
_NOT_CARRIED = 3.0
_STRICTER = 0.1
_CARRIED_ON = 6.0
"""A wrong number that was carried on is no slip of the typing hand: so much more chance is taken."""
_EXACTLY = 0.1
_SHORT = 0.004
"""A number of one or two figures that is met exactly, not only within its rounding: so seldom by chance."""
_MISSED = 0.5
_LOOSE_FIT = 1.0
_TOLD = 0.7
"""How much of what a number tells counts: its digits depend on those of the cells before it."""
_LEAST_TOLD = 4.0
"""A slip more is less likely than one that explains a cell more, whatever that cell's digits tell."""
_FAR = 0.4
_AS_LIKELY = 0.3
"""Slips whose likelihoods differ by less are said as equals."""
_HIDDEN = 0.25
"""A slip at a node that was not asked for stands behind one at a cell of the sheet."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One slip that explains cells, and those that would give the same numbers.

    Attributes:
        instance: the slip, and where it was made.
        cells: the columns that it explains, in step order.
        direct: those of them at which the wrong rule itself was applied.
        ties: other slips with the same numbers, each once, the readiest first.
        equals: how many of the ties are as likely as the slip.
        source: for a copied answer, the column it was copied from; else -1.
    """

    instance: Instance
    cells: tuple[int, ...]
    direct: frozenset[int]
    ties: tuple[Instance, ...] = ()
    source: int = -1
    equals: int = 0


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
    if not faults.any():  # what follows from right numbers alone is right, but for their rounding
        rounded, follows = rounded | (follows & (given.numbers != 0)), follows & (given.numbers == 0)
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
    """The instances of slips, and slips of the pen, laid beside one sheet."""

    def __init__(
        self, key: SheetKey, given: Given, carried: Row, right: Flags, follows: Flags,
        faults: Flags, loose: Row,
    ) -> None:  # fmt: skip
        self.key, self.given, self.faults = key, given, faults
        own = key.own(given.numbers)
        close = places(faults)
        alone = key.slips_near(close)
        bent = alone
        numbers = key.plan.numbers
        if any(different(number, numbers[place]) for place, number in own.values.items()):
            values, _ = key.plan.forward(Bend(), own)
            bent = key.slips_near(close, Scene(key.plan, values))
        self.made: list[Instance] = [*bent.made, *alone.made]
        base = key.row(key.plan.run(Bend(), own), own)
        self.rows: Row = np.vstack([bent.rows(own), alone.pure])
        bases = np.vstack([np.tile(base, (len(bent.made), 1)), np.tile(key.true, (len(alone.made), 1))])
        fit = tiers(self.rows, given, carried, key.tiny, loose)
        with np.errstate(invalid="ignore"):
            size = np.maximum(np.abs(self.rows), np.abs(bases))
            touched = ~(np.abs(self.rows - bases) <= 1e-7 * size + key.tiny)
        self.explains: Flags = (fit < NOT) & touched & faults
        agreed = (right | follows) & ~np.isnan(given.numbers)
        for renewed, gradient in key.updates:  # a wrong step is never blamed on a gradient that is right
            if agreed[gradient]:
                self.explains[touched[:, gradient] & (fit[:, gradient] == NOT), renewed] = False
        against = (touched & (fit == NOT) & agreed).sum(axis=1).astype(float)
        # Alone from the true numbers a slip has to give those that follow from a wrong one, too.
        missed = (~touched & (fit == NOT) & follows).sum(axis=1)
        against[len(bent.made) :] += np.minimum(2.0, _MISSED * missed[len(bent.made) :])
        self.against: Row = against
        self.touched: Flags = touched
        self.costs: Row = np.concatenate([bent.costs, alone.costs])
        self.pens: list[Penned] = list(
            penned(given, close, places(faults | follows), (key.true, base), places(follows))
        )
        self._add_pens()
        coarse = given.halves > 1e-9 * np.abs(given.numbers)
        digits = np.where(coarse, float(TYPED), float(EXACT))
        fit = np.vstack([fit, np.tile(digits, (len(self.made) - len(fit), 1))])
        self.worse: Row = np.where(self.explains & (fit == LOOSE), _LOOSE_FIT, 0.0)
        short = given.halves > _SHORT * np.abs(given.numbers)
        self.exact: Flags = self.explains & (fit == EXACT) & short
        alike = np.where(coarse & (fit == EXACT), float(TYPED), fit)
        self.fit = (np.where(self.explains, alike, 0.0)).astype(int)
        self.chance: Row = chances(given.numbers, given.halves, carried)
        self.alone, self.carried_on = self._carried_on(base, right, follows, carried, loose)
        self.costs = self.costs + _HIDDEN * self._hidden()

    def _add_pens(self) -> None:
        """Add a row for each slip of the pen, behind those of the slips of rules."""
        self.rules = len(self.made)
        found = self.pens
        flags = np.zeros((len(found), len(self.faults)), dtype=bool)
        for row, pen in enumerate(found):
            flags[row, list(pen.cells)] = True
            self.made.append(pen.instance)
        self.explains = np.vstack([self.explains, flags & self.faults])
        self.against = np.concatenate([self.against, np.zeros(len(found))])
        costs = [cost(pen.instance) + _FAR * math.log(pen.far) for pen in found]
        self.costs = np.concatenate([self.costs, costs])

    def _carried_on(
        self, base: Row, right: Flags, follows: Flags, carried: Row, loose: Row
    ) -> tuple[Flags, Flags]:
        """Return the wrong cells from which nothing was worked out, and those from which something was."""
        alone = np.zeros(len(self.faults), dtype=bool)
        carried_on = np.zeros(len(self.faults), dtype=bool)
        fits = tiers(base[None, :], self.given, carried, self.key.tiny, loose)[0] < NOT
        for c in places(self.faults):
            below = self.key.below[c]
            alone[c] = bool((below & right & ~np.isnan(self.given.numbers) & ~fits).any())
            carried_on[c] = bool((below & follows).any()) and not alone[c]
        return alone, carried_on

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
        """Return slips that together explain as many faults as can be explained beyond chance."""
        left = self.faults.copy()
        found: list[Explained] = []
        refused = np.zeros(len(self.made), dtype=bool)
        told = np.where(self.faults, np.maximum(-_TOLD * np.log(self.chance), _LEAST_TOLD), 0.0)
        # What depends on a wrong cell and is right was not worked out by a wrong rule at that cell.
        aside = np.where(self.alone, _NOT_CARRIED, 0.0)
        rule = np.arange(len(self.made)) < self.rules
        while left.any():
            now = self.explains & left & ~refused[:, None]
            worth = (now * (told - self.worse)).sum(axis=1) - self.costs - _AGAINST * self.against
            worth -= rule * (now * aside).sum(axis=1)
            worth = np.where(now.any(axis=1), worth, -np.inf)
            place = int(np.argmax(worth))
            if worth[place] == -np.inf:
                break
            cells = now[place]
            if not self._beyond_chance(place, cells):
                refused[place] = True
                continue
            found.append(self._explained(place, cells))
            left &= ~cells
            refused[:] = False
        return sorted(found, key=lambda explained: explained.cells)

    def _beyond_chance(self, place: int, cells: Flags) -> bool:
        """Return whether a slip gives these numbers more often than numbers of no rule would be met."""
        columns = places(cells)
        least = min(columns, key=lambda c: self.chance[c])
        by_chance = float(np.prod(self.chance[columns]))
        if place < self.rules:
            by_chance *= _EXACTLY ** int(self.exact[place].sum())
        costs = self.costs + _AGAINST * self.against
        among = self.touched[:, least]
        several: float = rivals(
            self.rows[among, least], costs[: self.rules][among], float(self.given.numbers[least]),
            float(self.chance[least]), float(costs[place]),
        )  # fmt: skip
        limit = tolerated(float(self.costs[place]))
        if place >= self.rules:
            aside = _STRICTER if self.alone[least] else 1.0
            several = self.pens[place - self.rules].rivals + aside * several
        else:
            for _ in range(int(self.alone[columns].sum() + self.against[place])):
                limit *= _STRICTER
        if self.carried_on[columns].any():
            limit *= _CARRIED_ON
        return by_chance * several <= limit

    def _explained(self, place: int, cells: Flags) -> Explained:
        instance = self.made[place]
        columns = places(cells)
        alike = (
            (self.explains & cells == cells).all(axis=1)
            & (self.against == self.against[place])
            & (self.fit[:, columns] == self.fit[place, columns]).all(axis=1)
        )
        ties: dict[str, Instance] = {}
        equals = 0
        for other in sorted(np.flatnonzero(alike), key=lambda i: self.costs[i]):
            name = self.made[other].slip.name
            if name != instance.slip.name:
                near = self.costs[other] <= self.costs[place] + _AS_LIKELY
                equals += name not in ties and bool(near)
                ties.setdefault(name, self.made[other])
        # The first wrong cell bears the slip, also where the slip's own cell is not on the sheet: it
        # cannot follow from itself.
        direct = {columns[0], *(c for c in columns if _bent_at(self.key, instance, c))}
        source = -1
        if place >= self.rules:
            direct, source = set(columns), self.pens[place - self.rules].source
        elif instance.scope == "here" and not instance.bend.answers:
            direct = {min(direct)}
        return Explained(instance, tuple(columns), frozenset(direct), tuple(ties.values()), source, equals)


def _bent_at(key: SheetKey, instance: Instance, column: int) -> bool:
    quantity = key.columns[column]
    if quantity.source >= 0:
        return (quantity.source, quantity.node, quantity.slot) in instance.bend.edges
    return quantity.node in instance.places
