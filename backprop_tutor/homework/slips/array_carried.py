"""Wrong matrices that are no slips: roundings carried on, and right consequences of wrong matrices.

Enters: a problem's `ArrayKey` and a student's matrices. Leaves: which columns are right but for roundings,
and which are right given the student's own earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...translation import sentence as _
from .array_bends import ArrayBend, OwnArrays
from .array_columns import ArrayGiven, ArrayKey, ArrayRow, fit_of, same_array
from .carried import POLICIES
from .sheet_columns import NOT, TYPED

__all__ = ["array_follows", "array_policy", "array_rounded", "carried_arrays"]

_DRAWS = 12
_FARTHEST = 0.25
_SCALE = 0.05
_FIGURES = 99
"""The decimals of a policy that rounds to figures."""
_MOST_DECIMALS = 6
"""A sheet with more was not rounded by hand on the way."""


def carried_arrays(key: ArrayKey, given: ArrayGiven, among: Sequence[int]) -> ArrayRow:
    """Return how far each column may be off because those before it were typed rounded.

    The typed matrices are moved within half a unit of their last digits, in so many ways, by a rule and not
    by chance; three times the root of the mean square is what may be expected at most.
    """
    nothing: ArrayRow = [0.0] * len(key.columns)
    typed = [
        c for c in among
        if given.numbers[c] is not None
        and np.any(given.halves[c] > 1e-9 * np.abs(given.numbers[c]))
    ]  # fmt: skip
    if not typed:
        return nothing
    own = key.own(given.numbers, among)
    base = key.row(key.plan.run(ArrayBend(), own), ArrayBend(), own)
    total: ArrayRow = [None if number is None else np.zeros(np.shape(number)) for number in base]
    chance = np.random.default_rng(20_261)
    for _draw in range(_DRAWS):
        moved = list(given.numbers)
        for c in typed:
            signs = chance.integers(0, 2, np.shape(moved[c])) * 2 - 1
            moved[c] = moved[c] + signs * given.halves[c]
        shifted = key.own(moved, among)
        row = key.row(key.plan.run(ArrayBend(), shifted), ArrayBend(), shifted)
        for c, (one, other) in enumerate(zip(row, base, strict=True)):
            if one is not None and total[c] is not None and np.shape(one) == np.shape(other):
                total[c] += (one - other) ** 2
    return [
        0.0 if square is None else 3 * np.sqrt(np.nan_to_num(square) / _DRAWS) for square in total
    ]


def array_rounded(
    key: ArrayKey, given: ArrayGiven, right: set[int], wrong: set[int], loose: Sequence[float]
) -> set[int]:
    """Return the wrong columns that are right given the right ones as they were rounded."""
    found: set[int] = set()
    while right:
        among = sorted(right | found)
        candidates = [c for c in sorted(wrong - found) if _plausible(key.true[c], given.numbers[c])]
        if not candidates:
            return found
        own = key.own(given.numbers, among)
        carried = carried_arrays(key, given, among)
        new: set[int] = set()
        for row in _roundings(key, given, own):
            for c in candidates:
                moved = not same_array(row[c], key.true[c], key.tiny) or bool(np.any(carried[c]))
                fit = fit_of(
                    row[c], given.numbers[c], given.halves[c], carried[c], key.tiny, loose[c]
                )
                if moved and fit < NOT:
                    new.add(c)
        if not new:
            return found
        found |= new
    return found


def _plausible(true: Any, number: Any) -> bool:
    """Return whether a matrix may be the true one with roundings carried on."""
    if number is None or np.shape(number) != np.shape(true):
        return False
    scale = float(np.max(np.abs(true), initial=0.0))
    size = np.maximum(np.maximum(np.abs(true), np.abs(number)), _SCALE * scale)
    return bool(np.all(np.abs(true - number) <= _FARTHEST * size))


def _decimals(given: ArrayGiven) -> int | None:
    """Return to how many decimals the sheet is typed; None where it is in full."""
    units = [
        2 * float(np.min(halves[halves > 0]))
        for halves in given.halves
        if halves is not None and np.any(halves > 0)
    ]
    return round(-np.log10(min(units))) if units else None


def _to_decimals(places: int) -> Callable[[Any], Any]:
    return lambda number: np.round(number, places)


def _roundings(key: ArrayKey, given: ArrayGiven, own: OwnArrays) -> Iterator[ArrayRow]:
    """Yield the pass from a student's matrices, plain and rounded like the sheet in between."""
    yield key.row(key.plan.run(ArrayBend(), own), ArrayBend(), own)
    places = _decimals(given)
    if places is not None and 0 <= places < 12:
        for values in (True, False):
            found = key.plan.run(ArrayBend(), own, rounding=_to_decimals(places), values=values)
            yield key.row(found, ArrayBend(), own)


def array_follows(
    key: ArrayKey, given: ArrayGiven, wrong: set[int], carried: ArrayRow, loose: Sequence[float]
) -> set[int]:
    """Return the wrong columns that are right given the student's own earlier matrices."""
    found: set[int] = set()
    own = key.own(given.numbers)
    for base in _bases(own):
        row = key.row(key.plan.run(ArrayBend(), base), ArrayBend(), base)
        for c in wrong - found:
            if same_array(row[c], key.true[c], key.tiny):
                continue
            fit = fit_of(row[c], given.numbers[c], given.halves[c], carried[c], key.tiny, loose[c])
            if fit < NOT:
                found.add(c)
    return found


def _bases(own: OwnArrays) -> Iterator[OwnArrays]:
    """Yield the student's matrices, and some of them: who goes on from values need not from gradients."""
    yield own
    if own.values:
        yield OwnArrays(gradients=own.gradients, downs=own.downs)
        yield OwnArrays(values=own.values)


def array_policy(
    key: ArrayKey, given: ArrayGiven, wrong: set[int]
) -> tuple[str, set[int], set[int]] | None:
    """Return how every matrix on the way was rounded, where that explains the whole sheet.

    Besides the words: the columns that are right but for that, and those of which nothing right is left.
    """
    most = _decimals(given)
    if most is None or most > _MOST_DECIMALS:
        return None
    known = [c for c, number in enumerate(given.numbers) if number is not None]
    for name, count, _rounding, decimals in POLICIES:
        if decimals < most:
            continue
        rounding = _to_figures(count) if decimals == _FIGURES else _to_decimals(count)
        for values in (True, False):
            found = key.plan.run(
                ArrayBend(), OwnArrays(), rounding=rounding, values=values
            )
            row = key.row(found, ArrayBend(), OwnArrays())
            fits = {
                c: fit_of(row[c], given.numbers[c], given.halves[c], 0.0, key.tiny, 0.01) for c in known
            }
            if all(fits[c] <= TYPED for c in wrong) and all(fits[c] < NOT for c in known):
                right = {c for c in wrong if _plausible(key.true[c], given.numbers[c])}
                return _(name).format(count=count), right, wrong - right
    return None


def _to_figures(count: int) -> Callable[[Any], Any]:
    """Return what rounds each entry to so many significant figures."""

    def rounding(numbers: Any) -> Any:
        size = np.abs(np.where(numbers == 0, 1.0, numbers))
        unit = 10.0 ** (np.floor(np.log10(size)) - count + 1)
        return np.round(numbers / unit) * unit

    return rounding
