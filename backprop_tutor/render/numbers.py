"""Numbers as they are shown: rounded to significant figures for the eye, whole where they are exact.

Rounding happens here and nowhere else, and never before a multiplication. `agrees` tells whether the
numbers of a line, as shown, still multiply or add up to the result as shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from ..errors import OptionError, quoted

__all__ = [
    "agrees",
    "checked_precision",
    "latex_number",
    "plain_number",
    "product_agrees",
    "shown",
    "sum_agrees",
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
def _rounded(value: Fraction | float | int, digits: int) -> Fraction | None:
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
            f"precision is a whole number from 1 to 17, not {quoted(repr(precision))}"
        )
    return precision


def agrees(computed: Fraction, result: Fraction | float | int, digits: int) -> bool:
    """Return whether a result worked out from rounded numbers is shown like the true result."""
    value: Fraction | float = computed
    if not (
        isinstance(result, (int, Fraction)) and len(str(abs(Fraction(result)))) <= _LONGEST_EXACT
    ):
        value = float(computed)
    return _parts(value, digits) == _parts(result, digits)


def product_agrees(
    factors: Iterable[Fraction | float | int], product: Fraction | float | int, digits: int = 4
) -> bool:
    """Return whether the factors as shown multiply to the product as shown.

    >>> product_agrees([0.19661193, -2.0], -0.39322386, digits=2)
    False
    """
    total = Fraction(1)
    for factor in factors:
        rounded = _rounded(factor, digits)
        if rounded is None:
            return True
        total *= rounded
    return agrees(total, product, digits)


def sum_agrees(
    terms: Iterable[Fraction | float | int], total: Fraction | float | int, digits: int = 4
) -> bool:
    """Return whether the terms as shown add up to the total as shown."""
    added = Fraction(0)
    for term in terms:
        rounded = _rounded(term, digits)
        if rounded is None:
            return True
        added += rounded
    return agrees(added, total, digits)
