"""How numbers are compared, and how slopes are measured: the tolerance policy, centred differences.

One place for both, so that a test, a check and a mark never disagree about "equal". This module
knows neither graphs nor operations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["CLOSE", "Slope", "close", "ladder", "settled_slope"]

CLOSE = 1e-9
"""Relative distance within which two float64 computations of one number count as equal."""

_RUNGS = 9
_FIRST = 2.0**-4
_SHRINK = 8.0
_APART = 1e8
_EPSILON = 2.0**-52


def close(a: float, b: float, relative: float = CLOSE, absolute: float = 0.0) -> bool:
    """Return whether two numbers agree: |a - b| ≤ relative · max(|a|, |b|) + absolute.

    There is no hidden absolute tolerance: 4e-4 is not close to 0. Infinities and nan agree with
    nothing but themselves.

    >>> close(1.0, 1.0 + 1e-12), close(0.0, 4e-4)
    (True, False)
    """
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return a == b
    return abs(a - b) <= relative * max(abs(a), abs(b)) + absolute


def ladder(x: float) -> list[float]:
    """Return the steps at which a slope at `x` is measured, from wide to narrow."""
    wide = [_FIRST * max(1.0, abs(x)) / _SHRINK**rung for rung in range(_RUNGS)]
    if 0 < abs(x) < 1e-3:
        wide += [_FIRST * abs(x) / _SHRINK**rung for rung in range(_RUNGS)]
    return wide


@dataclass(frozen=True, slots=True)
class Slope:
    """A measured slope, and how far off it may be."""

    value: float
    error: float


def settled_slope(steps: Sequence[float], above: Sequence[Any], below: Sequence[Any]) -> Slope:
    """Return the slope where centred differences at neighbouring steps agree best.

    Args:
        steps: the distances between the two points of each difference (twice the half step).
        above: the function's values at the upper points.
        below: at the lower points; nan where the function is not defined.

    Two differences at steps h and h/8 are combined by Richardson's rule, (64·D(h/8) - D(h))/63,
    whose error is of the order h⁴; round-off is of the order ε·|f|/h. The step at which their sum,
    estimated from neighbours, is least is taken. Source: C. J. F. Ridders, "Accurate computation
    of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982).

    >>> import math
    >>> hs = ladder(1.0)
    >>> up, down = [math.sin(1 + h) for h in hs], [math.sin(1 - h) for h in hs]
    >>> abs(settled_slope([2 * h for h in hs], up, down).value - math.cos(1)) < 1e-10
    True
    """
    best = Slope(math.nan, math.inf)
    differences = [
        (float(a) - float(b)) / h if math.isfinite(a) and math.isfinite(b) and h else math.nan
        for a, b, h in zip(above, below, steps, strict=True)
    ]
    for n in range(len(steps) - 1):
        wide, narrow = differences[n], differences[n + 1]
        if math.isnan(wide) or math.isnan(narrow) or not steps[n + 1] < steps[n]:
            continue
        # Between two ladders steps may lie more than 1e160 apart: then the wide one tells nothing.
        ratio = float(steps[n] / steps[n + 1])
        value = narrow if ratio > _APART else narrow + (narrow - wide) / (ratio * ratio - 1)
        size = max(abs(float(above[n + 1])), abs(float(below[n + 1])))
        error = abs(value - narrow) / 8 + 2 * _EPSILON * size / float(steps[n + 1])
        if error < best.error:
            best = Slope(value, error)
    return best
