"""The smallest set of slips that explains a sheet.

Enters: a problem's `SheetKey` and a student's numbers. Leaves: an `Explanation`: which wrong cells
are only rounded, which follow from the student's own earlier numbers by the right rules, and which
slips explain the rest, each with the slips that give the same numbers.

A slip is tried on top of the student's own numbers, and alone from the true ones. Of the slips that
explain a wrong cell the one is taken that explains most and is contradicted least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .broken_pass import Bend, Own, Scene
from .sheet import NOT, TYPED, Given, Row, SheetKey, tiers
from .slips import COPIED, Instance, instances

__all__ = ["Explained", "Explanation", "explain_sheet"]

_CONTRADICTION = 0.55
"""What a cell that a slip would have changed, and that is right, costs; a slip itself costs 1."""

_WORSE_FIT = 0.3
_FARTHEST_ROUNDING = 0.25
"""Roundings that were carried on may move a number by this share of itself."""

Flags = NDArray[np.bool_]


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
        follows: right, given the student's own earlier numbers.
        slips: what explains other cells, in step order.
        policy: how the intermediate numbers were rounded, where that was found; else "".
    """

    rounded: frozenset[int] = frozenset()
    follows: frozenset[int] = frozenset()
    slips: tuple[Explained, ...] = ()
    policy: str = ""


def explain_sheet(key: SheetKey, given: Given, right: Flags, loose: float = 0.01) -> Explanation:
    """Return how the wrong cells of a sheet came about.

    Args:
        key: the problem.
        given: the student's numbers.
        right: the columns that are right already.
        loose: the relative tolerance.
    """
    wrong = ~right & ~np.isnan(given.numbers)
    if not wrong.any():
        return Explanation()
    rounded = _rounded(key, given, right, wrong, loose)
    wrong = wrong & ~rounded
    right = right | rounded
    carried = _carried(key, given, ~np.isnan(given.numbers))
    follows = wrong & _follows(key, given, carried, loose)
    faults = wrong & ~follows
    policy = ""
    if faults.any():
        policy, by_policy = _by_rounding_policy(key, given, right, wrong)
        if policy:
            return Explanation(frozenset(_places(rounded | by_policy)), policy=policy)
    slips: tuple[Explained, ...] = ()
    if faults.any():
        slips = tuple(_Search(key, given, carried, right, follows, faults, loose).cover())
    return Explanation(frozenset(_places(rounded)), frozenset(_places(follows)), slips)


def _places(flags: Flags) -> list[int]:
    return [int(c) for c in np.flatnonzero(flags)]


def _rounded(key: SheetKey, given: Given, right: Flags, wrong: Flags, loose: float) -> Flags:
    """Return the wrong cells that are right given the right cells as they were rounded."""
    found = np.zeros_like(wrong)
    if not right.any():
        return found
    while True:
        among = (right | found) & ~np.isnan(given.numbers)
        own = key.own(given.numbers, among)
        row = key.row(key.plan.run(Bend(), own), own)
        fit = tiers(row, given, _carried(key, given, among), key.tiny, loose)
        new = wrong & ~found & (fit < NOT) & _plausible(key.true, given.numbers)
        if not new.any():
            return found
        found |= new


def _plausible(true: Row, numbers: Row) -> Flags:
    """Return where a number may be the true one with roundings carried on."""
    with np.errstate(invalid="ignore"):
        size = np.maximum(np.abs(true), np.abs(numbers))
        near: Flags = np.abs(true - numbers) <= _FARTHEST_ROUNDING * size
        same_side: Flags = true * numbers > 0
    return near & same_side


def _carried(key: SheetKey, given: Given, among: Flags) -> Row:
    """Return how far each cell may be off because the cells before it were typed rounded."""
    total = np.zeros(len(key.columns))
    typed = among & (given.halves > 0)
    if not typed.any():
        return total
    own = key.own(given.numbers, among)
    base = key.row(key.plan.run(Bend(), own), own)
    for c in _places(typed):
        moved = given.numbers.copy()
        moved[c] += given.halves[c]
        shifted = key.own(moved, among)
        with np.errstate(invalid="ignore"):
            effect = np.abs(key.row(key.plan.run(Bend(), shifted), shifted) - base)
        effect[c] = 0.0
        total += np.nan_to_num(effect, nan=0.0, posinf=0.0)
    return total


def _bases(key: SheetKey, own: Own) -> Iterator[Row]:
    """Yield the ordinary pass from the student's own numbers, and from some of them."""
    yield key.row(key.plan.run(Bend(), own), own)
    if own.values:
        gradients = Own(gradients=own.gradients, locals=own.locals, downs=own.downs)
        yield key.row(key.plan.run(Bend(), gradients), gradients)
        values = Own(values=own.values)
        yield key.row(key.plan.run(Bend(), values), values)


def _follows(key: SheetKey, given: Given, carried: Row, loose: float) -> Flags:
    own = key.own(given.numbers)
    fits = [tiers(row, given, carried, key.tiny, loose) < NOT for row in _bases(key, own)]
    found: Flags = np.logical_or.reduce(fits)
    return found


def _decimals(places: int) -> Callable[[float], float]:
    return lambda number: round(number, places) if np.isfinite(number) else number


def _figures(count: int) -> Callable[[float], float]:
    return lambda number: float(f"{number:.{count - 1}e}") if np.isfinite(number) else number


_POLICIES = [
    *((f"rounded to {k} decimal{'s' * (k > 1)}", _decimals(k)) for k in range(1, 6)),
    *((f"rounded to {k} significant figures", _figures(k)) for k in range(2, 6)),
]


def _by_rounding_policy(
    key: SheetKey, given: Given, right: Flags, wrong: Flags
) -> tuple[str, Flags]:
    """Return how every intermediate number was rounded, where that explains all wrong cells."""
    if not _plausible(key.true, given.numbers)[wrong].all():
        return "", wrong
    for name, rounding in _POLICIES:
        for values, slopes in ((False, True), (True, True), (False, False), (True, False)):
            found = key.plan.rounded(Own(), rounding, values=values, slopes=slopes)
            fit = tiers(key.row(found, Own()), given, 0.0, key.tiny, 0.0)
            if (fit[wrong] <= TYPED).all():
                return name, wrong
    return "", wrong


class _Search:
    """The instances of slips laid beside one sheet."""

    def __init__(
        self, key: SheetKey, given: Given, carried: Row, right: Flags, follows: Flags,
        faults: Flags, loose: float,
    ) -> None:  # fmt: skip
        self.key, self.given, self.faults = key, given, faults
        own = key.own(given.numbers)
        here = key.instances
        if own.values and (~right & ~np.isnan(given.numbers)).any():
            values, _ = key.plan.forward(Bend(), own)
            mine = instances(Scene(key.plan, values))
        else:
            mine = here
        base = key.row(key.plan.run(Bend(), own), own)
        rows = np.vstack([key.rows(mine, own), key.pure])
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
        self._add_copies(fit)
        fit = np.vstack([fit, np.zeros((len(self.made) - len(fit), len(key.columns)))])
        best = np.min(np.where(self.explains, fit, NOT), axis=0)
        worse = np.where(self.explains, fit - best, 0.0)
        count = np.maximum(self.explains.sum(axis=1), 1)
        ranks = np.array([instance.slip.rank for instance in self.made])
        self.worse = worse.sum(axis=1) / count
        self.cost = 1 + _CONTRADICTION * self.against + _WORSE_FIT * self.worse + 0.004 * ranks
        sites = np.array([len(instance.sites) for instance in self.made])
        self.cost = self.cost + 0.0001 * sites

    def _add_copies(self, fit: Row) -> None:
        """Add a row for each wrong cell in which another cell's number stands."""
        numbers, true = self.given.numbers, self.key.true
        added: list[Flags] = []
        for c in _places(self.faults):
            for other in range(len(numbers)):
                same = _same(numbers[c], numbers[other]) or _same(numbers[c], true[other])
                if other != c and same:
                    flags = np.zeros(len(numbers), dtype=bool)
                    flags[c] = True
                    added.append(flags)
                    self.made.append(Instance(COPIED, "", (), "here", Bend()))
                    self.sources.append(other)
        if added:
            self.explains = np.vstack([self.explains, *added])
            self.against = np.concatenate([self.against, np.zeros(len(added), dtype=int)])

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
        columns = _places(cells)
        alike = (
            (self.explains & cells == cells).all(axis=1)
            & (self.against == self.against[place])
            & (np.abs(self.worse - self.worse[place]) < 0.5)
        )
        ties: dict[str, Instance] = {}
        for other in sorted(np.flatnonzero(alike), key=lambda i: self.cost[i]):
            name = self.made[other].slip.name
            if name != instance.slip.name:
                ties.setdefault(name, self.made[other])
        direct = {c for c in columns if _bent_at(self.key, instance, c)} or {columns[0]}
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


