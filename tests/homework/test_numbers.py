from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.errors import OptionError, TutorError
from backprop_tutor.homework.quantities.figures import (
    leading_power,
    rounded_to_figures,
    rounded_to_unit,
    typed_precision,
)
from backprop_tutor.homework.quantities.tolerance import Tolerance, read_tolerance
from backprop_tutor.homework.quantities.typed_numbers import (
    compare,
    is_rounding,
    near,
    read_number,
    within,
)

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "numeric_cases.json").read_text(encoding="utf-8")
)


def tolerance_of(case: dict[str, Any]) -> Tolerance:
    """Return a public case's tolerance as ours."""
    text = case["tolerance"]
    if case["mode"] == "sigfigs":
        return read_tolerance({"figures": json.loads(text)})
    if case["mode"] == "digits":
        count = int(text.split()[0])
        return read_tolerance({"digits": count, "truncation": "truncation allowed" in text})
    amount = text.replace(" (default)", "").replace("(x", "0.05")
    if case["mode"] == "absolute":
        return read_tolerance({"absolute": amount, "rounding": 0})
    return read_tolerance({"relative": amount, "rounding": 0})


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['mode']}-{c['expected']}-{c['student']}")
def test_public_cases(case: dict[str, Any]) -> None:
    """The verdicts of public checkers' own test suites hold in the modes that match."""
    precision = typed_precision(case["expected"])
    true = precision.value if precision else read_number(case["expected"]).exact
    assert bool(compare(true, case["student"], tolerance_of(case))) is case["verdict"]


@pytest.mark.parametrize(
    ("expected", "typed", "verdict"),
    [
        (0.19661193, "0.1966", "right"),
        (0.19661193, "0.20", "rounded"),
        (0.5898357997, "0.6", "rounded"),
        (0.3932238665, "0.4", "rounded"),
        (0.3932238665, "0.5", "wrong"),
        (4e-4, "0", "wrong"),
        (4e-4, "0.00", "wrong"),
        (0, "0.0004", "wrong"),
        (0, "0.00", "right"),
        (0, "0", "right"),
        (Fraction(21), "20", "wrong"),
        (12.4, "12", "rounded"),
        (-4, "4", "wrong"),
        (Fraction(1, 3), "0.33", "right"),
        (Fraction(1, 3), "1/3", "right"),
        (1.5707963, "pi/2", "right"),
        (0.001, "1e-3", "right"),
        (-2, "−2", "right"),
        (0.149, "0.1", "wrong"),
    ],
)
def test_verdicts(expected: float, typed: str, verdict: str) -> None:
    """1 % either way is right; the true number rounded to the digits typed is right to those."""
    assert compare(expected, typed).verdict == verdict


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3,14", "write 3.14: the decimal mark is a point"),
        ("52%", "52% is 0.52"),
        ("nan", "not a finite number"),
        ("inf", "not a finite number"),
        ("-inf", "not a finite number"),
        ("true", "a truth value"),
        ("[1, 2]", "a list is not a number"),
        ("0x10", ""),
        ("", "no number"),
        ("1/0", "division by zero"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    """What is no number is refused with its reason."""
    with pytest.raises(TutorError) as caught:
        read_number(text)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "least", "most", "unit"),
    [
        ("0.40", 2, 2, "1/100"),
        ("-0.0520", 3, 3, "1/10000"),
        ("1200", 2, 4, "1"),
        ("1200.", 4, 4, "1"),
        ("1.5e-3", 2, 2, "1/10000"),
        ("138*10^-3", 3, 3, "1/1000"),
        ("2·10^{3}", 1, 1, "1000"),
        (".5", 1, 1, "1/10"),
        ("0", 1, 1, "1"),
        ("0.00", 2, 2, "1/100"),
    ],
)
def test_precision(text: str, least: int, most: int, unit: str) -> None:
    """Significant figures and the last digit's worth are read from the digits typed."""
    precision = typed_precision(text)
    assert precision is not None
    assert (precision.least, precision.most, str(precision.unit)) == (least, most, unit)


def test_no_precision() -> None:
    """Fractions, constants and words have no last digit."""
    assert [typed_precision(t) for t in ("1/3", "pi", "", ".", "1e9999999", "x")] == [None] * 6


def test_the_edge_of_the_tolerance_is_decided_exactly() -> None:
    """Exactly 1 % off is right, a hair more is wrong, and which is the true one does not matter."""
    assert near(Fraction(99), Fraction(100))
    assert not near(Fraction(9899999, 100000), Fraction(100))
    assert near(Fraction(100), Fraction(99))


def test_carried_rounding() -> None:
    """A number worked out from rounded answers is explained by the interval these allow."""
    assert within(0.39, 0.41, read_number("0.40"))
    assert within(0.38, 0.392, read_number("0.40")) is False
    assert within(0.001, 0.002, read_number("0.00")) is False


def test_zero_is_no_rounding() -> None:
    """However much a rounding is forgiven, nothing but 0 is rounded to 0."""
    assert not is_rounding(0.0004, read_number("0.00"), Tolerance(rounding=Fraction(1)))
    assert is_rounding(0.0049, read_number("0.01"), Tolerance(rounding=Fraction(1))) is False
    assert is_rounding(0.0051, read_number("0.01"), Tolerance(rounding=Fraction(1)))


def test_sign() -> None:
    """A number right but for its sign is said to be that."""
    assert compare(2.5, "-2.5").reason == "only the sign is wrong"


@pytest.mark.parametrize(
    "bad",
    [-1, "x", True, float("nan"), {"relativ": 1}, {"figures": 0}, {"figures": [1, 2, 3]},
     {"figures": 3, "digits": 3}, {"truncation": 1}, "1e999999999", [0.1], None, {"figures": True}],
)  # fmt: skip
def test_bad_tolerances(bad: object) -> None:
    """A tolerance that is none is refused."""
    with pytest.raises(OptionError):
        read_tolerance(bad)


def test_misspelt_tolerance_is_named() -> None:
    """A misspelt setting is answered with the nearest one."""
    with pytest.raises(OptionError, match="did you mean `relative`"):
        read_tolerance({"relativ": 0.1})


@given(st.fractions(max_denominator=10**9), st.integers(1, 8))
@settings(max_examples=200, deadline=None)
def test_rounding_by_hand(value: Fraction, figures: int) -> None:
    """A number rounded to figures differs from it by at most half a unit of its last figure."""
    rounded = rounded_to_figures(value, figures)
    if value:
        unit = Fraction(10) ** (leading_power(value) - figures + 1)
        assert abs(rounded - value) <= unit / 2
        assert rounded_to_unit(rounded, unit) == rounded
    else:
        assert rounded == 0


@given(st.floats(1e-290, 1e290) | st.floats(-1e290, -1e-290), st.integers(2, 15))
@settings(max_examples=300, deadline=None)
def test_rounded_answers_are_right(value: float, figures: int) -> None:
    """A true number typed with two or more significant figures is right or rounded, never wrong."""
    assert compare(value, f"{value:.{figures - 1}e}")


@given(st.text(max_size=30) | st.from_regex(re.compile(r"[-+]?[0-9./*^e()]{1,12}"), fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text gives anything but a number or a refusal."""
    try:
        compare(1.0, text)
    except TutorError as error:
        refusal = str(error)
        assert refusal
