"""Whether points lie on every combination of sides that several kinks have together.

Enters: for each kink what is compared with 0 there, at the same points. Leaves: yes or no. Kinks that
are one kink, and sides that never meet, are told from the numbers; no formula is looked at.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import numpy.typing as npt

__all__ = ["all_sides"]

_ALIKE = 1e-9
"""Numbers are nearly one where they differ by such a share."""

_LARGE = 1e4
_COMBINED = 8

Points = npt.NDArray[np.float64]


def all_sides(arguments: list[Points]) -> bool:
    """Return whether every combination of sides was met that there is, of kinks apart from each other.

    What is 0 over whole regions, as max(x, y) − x, is left to the kinks that it is made of.
    """
    different: list[Points] = []
    for argument in arguments:
        if np.count_nonzero(argument == 0) > len(argument) // 100:
            continue
        if not any(_proportional(argument, other) for other in different):
            different.append(argument)
    count = len(different)
    if count < 2:
        return True  # of one kink both sides were met, or cannot be
    if count > _COMBINED:
        return False
    met = {
        tuple(column) for column in np.sign(np.stack(different)).astype(int).T.tolist()
    }
    never = [
        (i, one, j, other)
        for i, j in combinations(range(count), 2)
        for one in (1, -1)
        for other in (1, -1)
        if _never_both(one * different[i], other * different[j])
    ]
    return all(
        sides in met or any(sides[i] == one and sides[j] == other for i, one, j, other in never)
        for sides in product((1, -1), repeat=count)
    )


def _never_both(one: Points, other: Points) -> bool:
    """Return whether two numbers, each linear in the other, are never both above 0: −x − 5 and x − 5."""
    with np.errstate(invalid="ignore"):
        usable = (np.absolute(one) < _LARGE) & (np.absolute(other) < _LARGE)
    one, other = one[usable], other[usable]
    if len(one) < 2 or not np.ptp(one) or not np.ptp(other):
        return False
    share = np.ptp(one) / np.ptp(other)
    total = one + share * other
    return bool(total.max() < 0 and np.ptp(total) <= _ALIKE * np.absolute(total).min())


def _proportional(one: Points, other: Points) -> bool:
    with np.errstate(all="ignore"):
        ratio = one / other
    ratio = ratio[np.isfinite(ratio)]
    return bool(len(ratio)) and bool(np.ptp(ratio) <= _ALIKE * np.absolute(ratio).max())
