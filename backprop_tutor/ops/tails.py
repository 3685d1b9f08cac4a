"""The normal distribution's tail and curve with all their digits, from any erfc and exp.

Enters: a number or an array, and the functions of its kernel. Leaves: the same kind. This file
knows neither `math` nor NumPy as the place where the work is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["gaussian_curve", "normal_share"]

_ROOT_HALF, _ROOT_HALF_REST = 0.7071067811865476, -4.833646656726457e-17
"""√½ as the sum of two float64 numbers."""
_SPLITTER = 134217729.0
_TWO_OVER_ROOT_PI = 1.1283791670955126


def normal_share(a: Any, erfc: Callable[[Any], Any], exp: Callable[[Any], Any]) -> Any:
    """Return erfc(−a/√2)/2, with what is lost where a/√2 is rounded put back.

    Where erfc is small its relative error is that of its argument times the argument's square.
    The rounding error of the product is found by Dekker's splitting (Numerische Mathematik 18,
    1971). For numbers and arrays alike, at most 60 in size.
    """
    x = -a * _ROOT_HALF
    wide = _SPLITTER * a
    high = wide - (wide - a)
    low = a - high
    top = _SPLITTER * _ROOT_HALF - (_SPLITTER * _ROOT_HALF - _ROOT_HALF)
    rest = _ROOT_HALF - top
    lost = -(((high * top + x) + high * rest + low * top) + low * rest) - a * _ROOT_HALF_REST
    return (erfc(x) - _TWO_OVER_ROOT_PI * exp(-x * x) * lost) / 2


def gaussian_curve(
    x: Any, share: int, floor: Callable[[Any], Any], exp: Callable[[Any], Any]
) -> Any:
    """Return exp(−x²/share), its exponent in two parts of which the larger has no rounding error."""
    cut = floor(x * 16) / 16
    return exp(-(cut * cut) / share) * exp(-(x - cut) * (x + cut) / share)
