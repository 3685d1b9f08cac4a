"""Slips of the pen on one sheet: cells copied or swapped, points moved, digits exchanged, signs turned.

Enters: a sheet's numbers, and what each cell ought to be: the true number, or the one that follows from the
student's own. Leaves: `Penned` candidates, each with the cells that it explains and how many others as good
there are by chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .broken_pass import Bend
from .cell_slips import COPIED, DIGITS, POINT, SIGN, SWAPPED
from .reading_slips import exchanged_digits
from .sheet_columns import Given, Row
from .slip_record import Slip
from .slip_table import Instance

__all__ = ["Penned", "penned"]

_POWERS = (1, -1, 2, -2, 3, -3)
_NEAR = 1.5


@dataclass(frozen=True, slots=True)
class Penned:
    """One slip of the pen: the cells it explains, the cell it was taken from (or -1), rivals by chance."""

    instance: Instance
    cells: tuple[int, ...]
    source: int = -1
    rivals: int = 1
    far: int = 1


def _made(slip: Slip) -> Instance:
    return Instance(slip, "", (), "here", Bend())


def penned(
    given: Given, faults: Sequence[int], wrong: Sequence[int], ought: Sequence[Row], follows: Sequence[int]
) -> Iterator[Penned]:
    """Yield every slip of the pen that explains cells in `faults`.

    Args:
        given: the student's numbers.
        faults: the columns to be explained.
        wrong: those and the columns that follow from them.
        ought: rows of what the cells ought to be.
        follows: columns whose number follows from a wrong one: no source of a copy.
    """
    numbers = given.numbers
    for c in faults:
        number, half = float(numbers[c]), float(given.halves[c])
        slack = max(half * 1.001, 1e-9 * abs(number))
        targets = [float(row[c]) for row in ought if math.isfinite(row[c]) and row[c]]
        if not number:
            continue
        if any(abs(number + target) <= slack for target in targets):
            yield Penned(_made(SIGN), (c,))
        for power in _POWERS:
            if any(abs(number - target * 10.0**power) <= slack for target in targets):
                yield Penned(_made(POINT), (c,), far=abs(power))
        for turned in _exchanged(number, half):
            if any(abs(turned - target) <= slack for target in targets):
                yield Penned(_made(DIGITS), (c,), rivals=3)
                break
    yield from _copies(given, faults, ought[0], follows)
    yield from _swaps(given, faults, wrong, ought)


def _exchanged(number: float, half: float) -> Iterator[float]:
    if not half:
        text = f"{number:.10g}"
    else:
        decimals = max(0, round(-math.log10(2 * half)))
        text = f"{number:.{decimals}f}"
    if len(text) <= 12 and "e" not in text:
        yield from map(float, exchanged_digits(text))


def _copies(given: Given, faults: Sequence[int], true: Row, follows: Sequence[int]) -> Iterator[Penned]:
    numbers = given.numbers
    for c in faults:
        near = _alike_in_size(numbers, c)
        for other in range(len(numbers)):
            # A cell that follows from this one may well equal it, and is no source.
            same = _same(numbers[c], true[other]) or (
                other not in follows and _same(numbers[c], numbers[other])
            )
            if other != c and same:
                yield Penned(_made(COPIED), (c,), other, near, abs(other - c))


def _alike_in_size(numbers: Row, c: int) -> int:
    """Return how many different numbers on the sheet are about as large as one of them."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = numbers / numbers[c]
    near = (ratio > 1 / _NEAR) & (ratio < _NEAR)
    return max(1, len(np.unique(numbers[near])))


def _swaps(
    given: Given, faults: Sequence[int], wrong: Sequence[int], ought: Sequence[Row]
) -> Iterator[Penned]:
    def is_of(number: float, half: float, column: int) -> bool:
        slack = max(half * 1.001, 1e-9 * abs(number))
        return any(abs(number - row[column]) <= slack for row in ought)

    numbers, halves = given.numbers, given.halves
    for place, c in enumerate(faults):
        for d in wrong:
            if d == c or d in faults[: place + 1] or _same(numbers[c], numbers[d]):
                continue
            there = is_of(numbers[c], halves[c], d) and is_of(numbers[d], halves[d], c)
            if there:
                yield Penned(_made(SWAPPED), (c, d), d, 1, abs(d - c))


def _same(one: float, other: float) -> bool:
    return bool(abs(one - other) <= 1e-9 * max(abs(one), abs(other)))
