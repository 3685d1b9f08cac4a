"""How likely a slip is before a sheet is seen, and how likely its numbers are by chance.

Costs are in nats: minus the logarithm of a likelihood. A number typed to three figures is met by one number
in about two hundred; the catalogue has many numbers near any one, so that a cell that a seldom slip gives
alone, to few figures, shows nothing, and none is named there.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .slip_table import Instance

Row = NDArray[np.float64]

__all__ = ["chances", "cost", "rivals", "tolerated"]

CHANCE = 0.018
"""A slip is named where numbers that come from no slip would be met less often than about this."""

_RANK = 0.8
_SCOPES = {"here": 0.0, "gate": 0.2, "layer": 0.5, "kind": 0.5, "everywhere": 0.6}
_SITES = 0.002
_SPREAD = math.log(1.5)
_WHOLE = 2e-3
_SURE = 1e-7


def cost(instance: Instance) -> float:
    """Return how unlikely a slip is, and how much it assumes: one place before a rule everywhere."""
    return _RANK * instance.rank + _SCOPES[instance.scope] + _SITES * len(instance.sites)


def chances(numbers: Row, halves: Row, carried: Row) -> Row:
    """Return for each cell how likely one number of about its size is to be taken for it."""
    size = np.abs(numbers)
    with np.errstate(invalid="ignore", divide="ignore"):
        width = (halves + np.minimum(carried, 0.25 * size)) / (size * _SPREAD)
    width = np.where(halves > 0, np.clip(width, _SURE, 0.5), _WHOLE)
    return np.where(size == 0, _WHOLE, width)


def tolerated(cost: float) -> float:
    """Return how often numbers of no rule may be met by a slip that is named all the same.

    More for one that is made often, less for one that is made seldom.

    >>> round(tolerated(0.8), 3), round(tolerated(3.2), 3)
    (0.053, 0.009)
    """
    return CHANCE * min(3.0, max(0.5, math.exp(0.9 * (2.0 - cost))))


def rivals(numbers: Row, costs: Row, typed: float, width: float, most: float) -> int:
    """Return how many different numbers as likely as `most`, or likelier, lie about where one was typed."""
    if not typed:
        return 1
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.log(numbers / typed)
    near: NDArray[np.bool_] = (np.abs(apart) < _SPREAD) & (costs <= most + 1e-9)
    return max(1, len(np.unique(np.round(apart[near] / max(width * _SPREAD, 1e-6)))))
