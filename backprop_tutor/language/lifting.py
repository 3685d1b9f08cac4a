"""A Python number of any numeric type as a number of the language: exact where it is exact."""

from __future__ import annotations

import math
import numbers
from fractions import Fraction

from ..errors import DomainError
from ..sentences import said

__all__ = ["lifted"]


def lifted(value: object) -> int | float | Fraction | None:
    """Return a number of any numeric type as `int`, `float` or `Fraction`, or None for others.

    Raises:
        DomainError: `nan` or an infinity.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, numbers.Real):
        number = float(value)
        if not math.isfinite(number):
            raise DomainError(
                said("{number} is not a finite number and cannot stand in a formula", number=number)
            )
        return number
    return None
