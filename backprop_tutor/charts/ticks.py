"""Where an axis has its marks, and how their numbers are written.

Steps are 1, 2 or 5 times a power of ten; on a logarithmic axis the marks are powers of ten.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

__all__ = ["decades", "nice_ticks", "power", "tick_labels"]

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def nice_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return at most `most` round numbers from `low` to `high`, both included where they are round.

    >>> nice_ticks(0, 1), nice_ticks(-1.3, 7.2, 5)
    ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 2.0, 4.0, 6.0])
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return [low]
    rough = (high - low) / max(1, most - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 5, 10, 20, 50):
        step = factor * size
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        if last - first < most:
            break
    digits = max(0, 1 - math.floor(math.log10(step)))
    return [round(i * step, digits) + 0.0 for i in range(first, last + 1)]


def decades(low: float, high: float, most: int = 6) -> list[float]:
    """Return powers of ten from `low` to `high`, at most `most` of them, evenly spread.

    >>> decades(0.5, 2000, 3)
    [1.0, 100.0]
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = max(1, -(-(last - first + 1) // most))
    return [10.0**exponent for exponent in range(first, last + 1, step)]


def power(value: float) -> str:
    """Return a power of ten as it is written.

    >>> power(0.001), power(1.0), power(10.0)
    ('10⁻³', '1', '10')
    """
    exponent = round(math.log10(value))
    return str(10**exponent) if exponent in (0, 1) else f"10{str(exponent).translate(_RAISED)}"


def tick_labels(ticks: Sequence[float]) -> list[str]:
    """Return the numbers of an axis, all with as many decimals as the finest step needs.

    >>> tick_labels([-0.5, 0.0, 0.5]), tick_labels([0.0, 200.0]), tick_labels([0.0, 2e6])
    (['−0.5', '0.0', '0.5'], ['0', '200'], ['0', '2·10⁶'])
    """
    largest = max((abs(tick) for tick in ticks), default=0.0)
    if largest and not 1e-4 <= largest < 1e5:
        return [_scientific(tick) for tick in ticks]
    step = min((b - a for a, b in itertools.pairwise(ticks)), default=largest or 1.0)
    decimals = next((d for d in range(9) if abs(round(step, d) - step) < 1e-6 * abs(step)), 9)
    return [f"{tick:.{decimals}f}".replace("-", "−") for tick in ticks]


def _scientific(value: float) -> str:
    if not value:
        return "0"
    exponent = math.floor(math.log10(abs(value)) + 1e-12)
    lead = f"{value / 10.0**exponent:.3g}".replace("-", "−")
    return f"{lead}·10{str(exponent).translate(_RAISED)}"
