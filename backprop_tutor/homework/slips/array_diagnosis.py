"""The smallest set of slips that explains a sheet of matrices.

Enters: a problem's `ArrayKey` and a student's matrices. Leaves: an `ArrayExplanation`: which wrong ones are
only rounded, which follow from the student's own earlier ones, and which slips explain the rest. A slip
explains a matrix only if it gives every entry of it, so that a wrong one is rather left unexplained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .array_bends import ArrayBend, OwnArrays
from .array_carried import array_follows, array_policy, array_rounded, carried_arrays
from .array_columns import ArrayGiven, ArrayKey, ArrayRow, fit_of, same_array
from .array_slip_table import ArrayInstance
from .sheet_columns import EXACT, NOT, TYPED
from .slip_table import COPIED

__all__ = ["ArrayExplained", "ArrayExplanation", "explain_arrays"]

_CONTRADICTION = 0.55
"""What a matrix that a slip would have changed, and that is right, costs; a slip itself costs 1."""

_WORSE_FIT = 0.3
_OF_SHAPES = "transposed"
"""A shape that is asked for by itself may be turned round; how it came about nobody can see."""

_HIDDEN = 0.006
"""A slip at a node that was not asked for stands behind one at a cell of the sheet."""


@dataclass(frozen=True, slots=True)
class ArrayExplained:
    """One slip that explains matrices, and those that would give the same ones.

    Attributes:
        instance: the slip, and where it was made.
        cells: the columns that it explains, in step order.
        direct: those of them at which the wrong rule itself was applied.
        ties: other slips with the same matrices, each once, the readiest first.
        source: for a copied answer, the column it was copied from; else -1.
    """

    instance: ArrayInstance
    cells: tuple[int, ...]
    direct: frozenset[int]
    ties: tuple[ArrayInstance, ...] = ()
    source: int = -1


@dataclass(frozen=True, slots=True)
class ArrayExplanation:
    """What became of the wrong matrices of a sheet, by column; as `Explanation` for numbers."""

    rounded: frozenset[int] = frozenset()
    coarse: frozenset[int] = frozenset()
    follows: frozenset[int] = frozenset()
    slips: tuple[ArrayExplained, ...] = ()
    policy: str = ""


def explain_arrays(
    key: ArrayKey, given: ArrayGiven, right: set[int], loose: Sequence[float]
) -> ArrayExplanation:
    """Return how the wrong matrices of a sheet came about.

    Args:
        key: the problem.
        given: the student's matrices.
        right: the columns that are right already.
        loose: the relative tolerance of each column.
    """
    wrong = {c for c, number in enumerate(given.numbers) if number is not None} - right
    if not wrong:
        return ArrayExplanation()
    with np.errstate(all="ignore"):
        rounded = array_rounded(key, given, right, wrong, loose)
        wrong -= rounded
        right = right | rounded
        known = [c for c, number in enumerate(given.numbers) if number is not None]
        carried = carried_arrays(key, given, known)
        follows = array_follows(key, given, wrong, carried, loose)
        faults = wrong - follows
        if not faults:  # the first of them follows from right matrices: these were only rounded
            return ArrayExplanation(frozenset(rounded | follows))
        policy = array_policy(key, given, wrong) if faults else None
        if policy is not None:
            name, right_so, coarse = policy
            return ArrayExplanation(frozenset(rounded | right_so), frozenset(coarse), policy=name)
        slips: tuple[ArrayExplained, ...] = ()
        if faults:
            search = _Search(key, given, carried, right, follows, faults, loose)
            slips = tuple(search.cover())
    return ArrayExplanation(frozenset(rounded), follows=frozenset(follows), slips=slips)


class _Search:
    """The instances of slips laid beside one sheet."""

    def __init__(
        self, key: ArrayKey, given: ArrayGiven, carried: ArrayRow, right: set[int], follows: set[int],
        faults: set[int], loose: Sequence[float],
    ) -> None:  # fmt: skip
        self.key, self.given, self.loose, self.carried = key, given, loose, carried
        self.faults = faults
        self.agreed = {c for c in right | follows if given.numbers[c] is not None}
        self.made: list[ArrayInstance] = []
        self.explains: list[set[int]] = []
        self.fits: list[dict[int, int]] = []
        self.against: list[int] = []
        self.sources: list[int] = []
        self._alone()
        self._on_top()
        self._copies(follows)
        best = {c: min((f[c] for f in self.fits if c in f), default=NOT) for c in faults}
        self.cost = np.array([self._cost(i, best) for i in range(len(self.made))])

    def _alone(self) -> None:
        """Lay down each slip as if it was the only thing that went wrong."""
        key = self.key
        kept = key.pure
        for i, made in enumerate(key.near(sorted(self.faults))):
            row = kept[i] if kept is not None else key.bent(made, OwnArrays(), key.base)
            self._lay(made, row, key.true)

    def _on_top(self) -> None:
        """Lay down each slip on top of the student's own matrices, where these are not the true ones."""
        key = self.key
        own = key.own(self.given.numbers)
        if not own:
            return
        base = key.plan.run(ArrayBend(), own)
        ordinary = key.row(base, ArrayBend(), own)
        for made in key.near(sorted(self.faults)):
            self._lay(made, key.bent(made, own, base), ordinary)

    def _lay(self, made: ArrayInstance, row: ArrayRow, base: ArrayRow) -> None:
        tiny = self.key.tiny
        touched = [
            c for c in range(len(row))
            if self.given.numbers[c] is not None and not same_array(row[c], base[c], tiny)
            and (self.key.columns[c].part != "shape" or made.slip.name == _OF_SHAPES)
        ]  # fmt: skip
        if not self.faults.intersection(touched):
            return
        fits: dict[int, int] = {}
        against = 0
        for c in touched:
            fit = fit_of(
                row[c], self.given.numbers[c], self.given.halves[c], self.carried[c], tiny, self.loose[c]
            )
            if fit < NOT and c in self.faults:
                fits[c] = fit
            elif fit == NOT and c in self.agreed:
                against += 1
        if fits:
            self._add(made, fits, against)

    def _add(self, made: ArrayInstance, fits: dict[int, int], against: int, source: int = -1) -> None:
        self.made.append(made)
        self.explains.append(set(fits))
        self.fits.append(fits)
        self.against.append(against)
        self.sources.append(source)

    def _copies(self, follows: set[int]) -> None:
        """Add a row for each wrong matrix that is another column's."""
        numbers, true, tiny = self.given.numbers, self.key.true, self.key.tiny
        for c in sorted(self.faults):
            for other in range(len(numbers)):
                if other == c:
                    continue
                fit = fit_of(true[other], numbers[c], self.given.halves[c], 0.0, tiny, 0.0)
                mine = other not in follows and same_array(numbers[c], numbers[other], tiny)
                if fit < NOT or mine:
                    made = ArrayInstance(COPIED, "", (), "here", ArrayBend())
                    self._add(made, {c: min(fit, TYPED)}, 0, other)

    def _cost(self, i: int, best: dict[int, int]) -> float:
        made, fits = self.made[i], self.fits[i]
        worse = sum(self._alike(c, fit) - self._alike(c, best[c]) for c, fit in fits.items())
        hidden = bool(made.sites) and not any(self._bent_at(made, c) for c in fits)
        return (
            1 + _CONTRADICTION * self.against[i] + _WORSE_FIT * worse / max(len(fits), 1)
            + 0.004 * made.slip.rank + 0.0001 * len(made.sites) + _HIDDEN * hidden
        )  # fmt: skip

    def _alike(self, c: int, fit: int) -> int:
        """Return a fit; of a matrix that is typed rounded an exact one is no better than its digits."""
        coarse = bool(np.any(self.given.halves[c] > 1e-9 * np.abs(self.given.numbers[c])))
        return TYPED if coarse and fit == EXACT else fit

    def _bent_at(self, made: ArrayInstance, column: int) -> bool:
        quantity = self.key.columns[column]
        if quantity.source >= 0:
            return (quantity.source, quantity.node, quantity.slot) in made.bend.edges
        return quantity.node in made.places

    def cover(self) -> list[ArrayExplained]:
        """Return slips that together explain as many faults as can be explained."""
        left = set(self.faults)
        found: list[ArrayExplained] = []
        while left:
            new: NDArray[np.int_] = np.array([len(each & left) for each in self.explains], dtype=int)
            if not new.any():
                break
            place = int(np.argmax(np.where(new > 0, new / self.cost, -1.0)))
            cells = self.explains[place] & left
            found.append(self._explained(place, cells))
            left -= cells
        return sorted(found, key=lambda explained: explained.cells)

    def _explained(self, place: int, cells: set[int]) -> ArrayExplained:
        made = self.made[place]
        columns = sorted(cells)
        fits = [self._alike(c, self.fits[place][c]) for c in columns]
        alike = [
            i for i in range(len(self.made))
            if cells <= self.explains[i] and self.against[i] == self.against[place]
            and [self._alike(c, self.fits[i][c]) for c in columns] == fits
        ]  # fmt: skip
        ties: dict[str, ArrayInstance] = {}
        for other in sorted(alike, key=lambda i: float(self.cost[i])):
            name = self.made[other].slip.name
            if name != made.slip.name:
                ties.setdefault(name, self.made[other])
        # The first wrong cell bears the slip, also where the slip's own cell is not on the sheet: it
        # cannot follow from itself.
        direct = {columns[0], *(c for c in columns if self._bent_at(made, c))}
        if made.scope == "here" or not made.sites:
            direct = {min(direct)} if not made.bend.answers else direct
        return ArrayExplained(
            made, tuple(columns), frozenset(direct), tuple(ties.values()), self.sources[place]
        )
