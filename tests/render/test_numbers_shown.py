"""Numbers for the eye: significant figures, exact ones whole, signs, powers of ten."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from backprop_tutor.render.narration.numbers import (
    agrees,
    as_shown,
    latex_number,
    plain_number,
    shown,
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


@pytest.mark.parametrize(
    ("computed", "result", "digits", "same"),
    [
        (Fraction("0.39322"), 0.39322386, 4, True), (Fraction("0.4"), 0.39322386, 2, False),
        (Fraction("0.12345"), 0.1234, 4, True), (Fraction("0.123451"), 0.1234, 4, False),
        (39634.4, 39634.0, 4, True), (39635.2, 39634.0, 4, False), (1, Fraction(1), 4, True),
        (1.00000001, Fraction(1), 4, False), (1e-300, 0.0, 4, False), (0.0, 0.0, 4, True),
    ],
)  # fmt: skip
def test_agreement(
    computed: Fraction | float, result: Fraction | float, digits: int, same: bool
) -> None:
    """What was worked out agrees where it is off by half a unit of the last figure shown at most."""
    assert agrees(computed, result, digits) is same


def test_numbers_as_they_are_shown() -> None:
    """A rounded number is a fraction; what is not finite is none."""
    assert as_shown(-1.23456e-7, 3) == Fraction(-123, 10**9)
    assert as_shown(math.inf, 3) is None
