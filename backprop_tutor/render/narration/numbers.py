"""Numbers as they are shown: rounded to significant figures for the eye, whole where they are exact.

Rounding happens here and nowhere else, and never before a multiplication. How many figures a line
needs so that it is true as shown is `arithmetic.py`'s.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from ...errors import OptionError, quoted
from ...sentences import said

__all__ = [
    "agrees",
    "as_shown",
    "checked_precision",
    "latex_number",
    "plain_number",
    "shown",
]

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_EXACT = 12


@lru_cache(maxsize=8192, typed=True)  # typed: 1 and 1.0 are equal and are shown differently
def _parts(value: Fraction | float | int, digits: int) -> tuple[str, str, int | None]:
    """Return the sign, the digits and the power of ten of a number rounded for the eye."""
    if isinstance(value, int):
        value = Fraction(value)
    if isinstance(value, Fraction):
        text = str(abs(value))
        if len(text) <= _LONGEST_EXACT:
            return ("-" if value < 0 else ""), text, None
        value = float(value)
    if math.isnan(value):
        return "", "undefined", None
    if math.isinf(value):
        return ("-" if value < 0 else ""), "∞", None
    if value == 0:
        return "", "0", None
    mantissa, _, exponent = f"{abs(value):.{digits - 1}e}".partition("e")
    power = int(exponent)
    sign = "-" if value < 0 else ""
    if -5 < power < max(digits, 6):
        decimals = max(0, digits - 1 - power)
        text = f"{abs(value):.{decimals}f}"
        return sign, text.rstrip("0").rstrip(".") if "." in text else text, None
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return sign, mantissa, power


def shown(value: Fraction | float | int, digits: int = 4) -> str:
    """Return a number for the eye, in Unicode.

    Integers and short fractions stand whole; floats have `digits` significant figures at most.

    >>> [shown(v) for v in (3, Fraction(-1, 3), -0.19661193, 4.385677e-7, 0.5, 123456.789)]
    ['3', '−1/3', '−0.1966', '4.386×10⁻⁷', '0.5', '123457']
    """
    sign, text, power = _parts(value, digits)
    tail = "" if power is None else f"×10{str(power).translate(_RAISED)}"
    return f"{'−' if sign else ''}{text}{tail}"


def plain_number(value: Fraction | float | int, digits: int = 4) -> str:
    """Return the same number in plain characters.

    >>> plain_number(-4.385677e-7)
    '-4.386e-7'
    """
    sign, text, power = _parts(value, digits)
    return f"{sign}{text}" + ("" if power is None else f"e{power}")


def latex_number(value: Fraction | float | int, digits: int = 4) -> str:
    r"""Return the same number in LaTeX.

    >>> latex_number(Fraction(-1, 3)), latex_number(4.385677e-7)
    ('-\\frac{1}{3}', '4.386 \\times 10^{-7}')
    """
    sign, text, power = _parts(value, digits)
    if "/" in text:
        top, _, bottom = text.partition("/")
        text = rf"\frac{{{top}}}{{{bottom}}}"
    elif text == "∞":
        text = r"\infty"
    elif text == "undefined":
        text = r"\text{undefined}"
    return f"{sign}{text}" + ("" if power is None else rf" \times 10^{{{power}}}")


@lru_cache(maxsize=8192, typed=True)
def as_shown(value: Fraction | float | int, digits: int) -> Fraction | None:
    """Return a number as it is shown, exactly; None for what is not a finite number.

    >>> as_shown(0.19661193, 2), as_shown(Fraction(1, 3), 2), as_shown(math.nan, 2)
    (Fraction(1, 5), Fraction(1, 3), None)
    """
    sign, text, power = _parts(value, digits)
    if text in ("undefined", "∞"):
        return None
    number = Fraction(text) * (Fraction(10) ** power if power is not None else 1)
    return -number if sign else number


def checked_precision(precision: object) -> int:
    """Return the number of significant figures.

    Raises:
        OptionError: it is not a whole number from 1 to 17.
    """
    if isinstance(precision, bool) or not isinstance(precision, int) or not 1 <= precision <= 17:
        raise OptionError(
            said(
                "precision is a whole number from 1 to 17, not {precision}",
                precision=quoted(repr(precision)),
            )
        )
    return precision


def agrees(computed: Fraction | float, result: Fraction | float | int, digits: int) -> bool:
    """Return whether what was worked out from numbers as shown is the true result, as it is shown.

    It may be off by half a unit of the last figure. A result that stands whole is compared to twelve
    figures.

    >>> agrees(Fraction(39322, 100000), 0.39322386, 4), agrees(Fraction(4, 10), 0.39322386, 4)
    (True, False)
    """
    if computed == result:
        return True
    if isinstance(result, (int, Fraction)) and len(str(abs(Fraction(result)))) <= _LONGEST_EXACT:
        digits = _LONGEST_EXACT
    seen = as_shown(result, digits)
    if not seen:
        return False
    power = int(f"{float(seen):.{digits - 1}e}".partition("e")[2])
    last = power - digits + 1
    if power < max(digits, 6):
        last = min(last, 0)  # whole numbers stand whole
    return abs(Fraction(computed) - seen) * 2 <= _power_of_ten(last)


@lru_cache(maxsize=256)
def _power_of_ten(power: int) -> Fraction:
    return Fraction(10) ** power
