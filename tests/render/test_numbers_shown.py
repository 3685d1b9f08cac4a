"""Numbers for the eye: significant figures, exact ones whole, signs, powers of ten."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from backprop_tutor.render.numbers import (
    latex_number,
    plain_number,
    product_agrees,
    shown,
    sum_agrees,
)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.1464466, 4, "0.1464"), (-0.19661193, 2, "−0.2"), (0.00043856773, 4, "0.0004386"),
        (4.3856e-7, 4, "4.386×10⁻⁷"), (123456.7, 4, "123457"), (1234567.0, 4, "1.235×10⁶"),
        (2.0, 4, "2"), (-0.0, 4, "0"), (0.99999, 4, "1"), (999999.6, 4, "1×10⁶"),
        (Fraction(1, 3), 4, "1/3"), (Fraction(10**13, 7), 4, "1.429×10¹²"), (10**15, 4, "1×10¹⁵"),
        (math.nan, 4, "undefined"), (1 / 3, 17, "0.33333333333333331"),
    ],
)  # fmt: skip
def test_shown(value: float, digits: int, expected: str) -> None:
    """A float has at most so many significant figures; a short exact number stands whole."""
    assert shown(value, digits) == expected


def test_other_notations() -> None:
    """The same number in plain characters and in LaTeX."""
    assert plain_number(-4.3856e-7) == "-4.386e-7"
    assert latex_number(Fraction(-2, 3)) == r"-\frac{2}{3}"
    assert latex_number(math.nan) == r"\text{undefined}"


def test_one_and_one_point_zero() -> None:
    """Exact and float numbers that are equal keep their own form."""
    assert (shown(10**6), shown(1e6), shown(10**6)) == ("1000000", "1×10⁶", "1000000")


def test_agreement() -> None:
    """Products and sums of numbers as shown are compared with the result as shown."""
    assert product_agrees([0.5, 0.25], 0.125)
    assert product_agrees([0.19661193, -2.0], -0.39322386)
    assert not product_agrees([0.19661193, -2.0], -0.39322386, digits=2)
    assert sum_agrees([0.1464466, -0.1035534], 0.0428932) is False
    assert sum_agrees([Fraction(1, 3), Fraction(1, 6)], Fraction(1, 2))
