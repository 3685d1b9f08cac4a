"""Wrong numbers that are no slips: roundings carried on, and right consequences of wrong numbers.

Enters: a problem's `SheetKey` and a student's numbers. Leaves: which columns are right but for
roundings, and which are right given the student's own earlier numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ...ops.record import N_
from ...translation import sentence as _
from .broken_pass import Bend, Own
from .sheet_columns import NOT, TYPED, Given, Row, SheetKey, tiers

__all__ = [
    "POLICIES", "Flags", "Policy", "carried_roundings", "following", "places", "policy_of",
    "rounded_cells",
]  # fmt: skip

_FARTHEST = 0.25
"""Roundings that were carried on may move a right number by this share of itself."""

_FINE, _FARTHEST_FINE = 3, 0.5
"""Where every number of a sheet was rounded to three figures or more, what cancels may lose more."""

Flags = NDArray[np.bool_]


def places(flags: Flags) -> list[int]:
    """Return the columns that are set."""
    return [int(c) for c in np.flatnonzero(flags)]


def rounded_cells(
    key: SheetKey, given: Given, right: Flags, wrong: Flags, loose: Row
) -> Flags:
    """Return the wrong cells that are right given the right cells as they were rounded."""
    found = np.zeros_like(wrong)
    if not right.any():
        return found
    while True:
        among = (right | found) & ~np.isnan(given.numbers)
        own = key.own(given.numbers, among)
        carried = carried_roundings(key, given, among, among)
        new = wrong & ~found & _plausible(key.true, given.numbers)
        if new.any():
            rows = np.vstack(list(_roundings(key, given, own)))
            moved = (np.abs(rows - key.true) > key.tiny) | (carried > 0)
            fits = (tiers(rows, given, carried, key.tiny, loose) < NOT) & moved
            new &= np.any(fits, axis=0)
        if not new.any():
            return found
        found |= new


def _plausible(true: Row, numbers: Row, farthest: float = _FARTHEST) -> Flags:
    """Return where a number may be the true one with roundings carried on."""
    size = np.maximum(np.abs(true), np.abs(numbers))
    near: Flags = np.abs(true - numbers) <= farthest * size
    same_side: Flags = np.sign(true) == np.sign(numbers)
    return near & same_side


def carried_roundings(key: SheetKey, given: Given, right: Flags, among: Flags) -> Row:
    """Return how far each column may be off because the cells before it were typed rounded."""
    total = np.zeros(len(key.columns))
    # A right number was carried on as typed or unrounded; of a wrong one only its digits are known.
    off = np.nan_to_num(np.where(right, np.abs(given.numbers - key.true), given.halves))
    typed = among & (off > 1e-9 * np.abs(np.nan_to_num(given.numbers)))
    if not typed.any():
        return total
    own = key.own(given.numbers, among)
    for by_output in (False, True):
        base = key.row(key.plan.run(Bend(), own, by_output=by_output), own)
        moving = np.zeros(len(key.columns))
        for c in places(typed):
            moved = given.numbers.copy()
            moved[c] = key.true[c] if right[c] else moved[c] + off[c]
            shifted = key.own(moved, among)
            with np.errstate(invalid="ignore"):
                there = key.row(key.plan.run(Bend(), shifted, by_output=by_output), shifted)
                effect = np.abs(there - base)
            effect[c] = 0.0
            moving += np.nan_to_num(effect, nan=0.0, posinf=0.0)
        total = np.maximum(total, moving)
        if not key.plan.by_output:
            break
    return total


def _bases(key: SheetKey, own: Own) -> Iterator[Row]:
    """Yield the ordinary pass from the student's own numbers, and from some of them."""
    yield key.row(key.plan.run(Bend(), own), own)
    if own.values:
        if key.plan.by_output:
            yield key.row(key.plan.run(Bend(), own, by_output=True), own)
        gradients = Own(gradients=own.gradients, locals=own.locals, downs=own.downs)
        yield key.row(key.plan.run(Bend(), gradients), gradients)
        values = Own(values=own.values)
        yield key.row(key.plan.run(Bend(), values), values)


def following(key: SheetKey, given: Given, carried: Row, loose: Row) -> Flags:
    """Return the columns that are right given the student's own earlier numbers.

    These may be cut off, not rounded, so that they are off by twice as much.
    """
    own = key.own(given.numbers)
    fits = [
        ((tiers(row, given, 2 * carried, key.tiny, loose) < NOT) | _whole(row, given, loose))
        & (np.abs(row - key.true) > key.tiny)
        for row in _bases(key, own)
    ]
    found: Flags = np.logical_or.reduce(fits)
    return found


def _whole(row: Row, given: Given, loose: Row) -> Flags:
    """Return which numbers have no digits to be off by, as a bare 2, and are within the tolerance."""
    size = np.maximum(np.abs(row), np.abs(given.numbers))
    with np.errstate(invalid="ignore"):
        near: Flags = np.abs(row - given.numbers) <= loose * size
    found: Flags = near & (given.halves == 0) & (given.numbers != 0) & (np.abs(row) > 0)
    return found


def _decimals(places: int) -> Callable[[float], float]:
    return lambda number: round(number, places) if np.isfinite(number) else number


def _figures(count: int) -> Callable[[float], float]:
    return lambda number: float(f"{number:.{count - 1}e}") if np.isfinite(number) else number


POLICIES = [
    (N_("rounded to 1 decimal"), 1, _decimals(1), 1),
    *((N_("rounded to {count} decimals"), k, _decimals(k), k) for k in range(2, 6)),
    *((N_("rounded to {count} significant figures"), k, _figures(k), 99) for k in range(2, 6)),
]
_WAYS = (
    (False, True, False), (True, True, False), (True, True, True),
    (False, False, False), (True, False, False), (True, False, True),
)  # fmt: skip
"""Whether values, and whether slopes, are rounded too, and whether slopes are read off the outputs."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a whole sheet was rounded on the way: right but for that, or rounded too coarsely."""

    name: str
    right: Flags
    coarse: Flags


_Way = tuple[Callable[[float], float], bool, bool, bool]
"""A rounding, whether values and slopes are rounded, and whether slopes are read off the outputs."""

_ROWS: WeakKeyDictionary[SheetKey, dict[_Way, Row]] = WeakKeyDictionary()
"""The sheet of someone who rounds in a way and makes no slip: the same for all students of a problem."""


def _rounded_row(key: SheetKey, way: _Way) -> Row:
    rows = _ROWS.setdefault(key, {})
    if way not in rows:
        rounding, values, slopes, by_output = way
        found = key.plan.rounded(
            Own(), rounding, values=values, slopes=slopes, by_output=by_output
        )
        rows[way] = key.row(found, Own())
    return rows[way]


def policy_of(key: SheetKey, given: Given, wrong: Flags) -> Policy | None:
    """Return how every intermediate number was rounded, where that explains the whole sheet."""
    known = ~np.isnan(given.numbers)
    if (wrong & (given.numbers == 0) & (given.halves == 0)).any():
        return None  # a bare 0 is no number that was rounded
    typed = given.halves[known & (given.halves > 0)]
    most = max((round(-math.log10(2 * half)) for half in typed), default=0)
    for name, count, rounding, decimals in POLICIES:
        if decimals < most:
            continue
        for values, slopes, by_output in _WAYS:
            if by_output and not key.plan.by_output:
                continue
            way = (rounding, values, slopes, by_output)
            fit = tiers(_rounded_row(key, way), given, 0.0, key.tiny, 0.01)
            if (fit[wrong] <= TYPED).all() and (fit[known] < NOT).all():
                farthest = _FARTHEST_FINE if count >= _FINE else _FARTHEST
                right = wrong & _plausible(key.true, given.numbers, farthest)
                return Policy(_(name).format(count=count), right, wrong & ~right)
    return None


def _roundings(key: SheetKey, given: Given, own: Own) -> Iterator[Row]:
    """Yield the pass from a student's numbers, plain and rounded like the sheet in between."""
    yield key.row(key.plan.run(Bend(), own), own)
    if own.values and key.plan.by_output:
        yield key.row(key.plan.run(Bend(), own, by_output=True), own)
    typed = given.halves[given.halves > 0]
    if len(typed):
        most = max(round(-math.log10(2 * half)) for half in typed)
        for slopes in (True, False):
            found = key.plan.rounded(own, _decimals(most), values=True, slopes=slopes)
            yield key.row(found, own)
            if key.plan.by_output:
                found = key.plan.rounded(
                    own, _decimals(most), values=True, slopes=slopes, by_output=True
                )
                yield key.row(found, own)
