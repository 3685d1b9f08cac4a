"""Pieces that no sample meets: terms that are 0 but in a sliver, and the honest ones beside them."""

from __future__ import annotations

import doctest
from fractions import Fraction

import pytest

import backprop_tutor as bt
from backprop_tutor.homework.equivalence import ranges as ranges_module
from backprop_tutor.homework.equivalence import squares
from backprop_tutor.homework.equivalence.domains import Domain
from backprop_tutor.homework.equivalence.instructions import compiled
from backprop_tutor.homework.equivalence.ranges import ranges
from backprop_tutor.language import parse_formula

SLIVERS = [
    "relu(1e-300-|x|)", "relu(1e-300-|x|)*1e300", "step(1e-300-|x|)", "step(x)*step(1e-200-x)",
    "max(0, 1e-200-x^2)", "where(|x|<1e-300, 1, 0)", "relu(1e-12-|x-0.3|)", "step(1e-12-|x-0.3|)",
    "max(0, sin(x)-0.99999999)", "step(x-1e15)*step(1.0000001e15-x)", "step(x-1e308)", "1e-320*step(x)",
    "relu(x-0.3)*relu(0.3+1e-9-x)", "step(x-0.3)-step(x-0.3-1e-12)", "step(x)-step(x-1e-300)",
    "abs(x)-abs(x-1e-300)-sign(x)*1e-300", "relu(x)-relu(x-1e-300)-1e-300*step(x)",
    "step(x-1/3)-step(x-1/3-1e-40)", "max(0, 1e-200-x^2-y^2)", "step(1e-30-x^2-(y-1)^2)",
    "relu(1e-12-|x-0.3|)*relu(1e-12-|y-0.7|)", "step(relu(x-0.3))*step(relu(0.3+1e-12-x))*step(relu(y))", "relu(sin(1e5*x)-1+1e-18)", "min(1e-300, |x|)",
    "relu(x-0.3)*relu(0.3+1e-12-x)*relu(y-0.7)*relu(0.7+1e-12-y)", "hardtanh(relu(1e-200-|y|))",
]  # fmt: skip


@pytest.mark.parametrize("sliver", SLIVERS)
def test_slivers(sliver: str) -> None:
    """A formula is not the same with a term added that is 0 but in a sliver."""
    assert not bt.equivalent("2x*y", f"2x*y + {sliver}", names="x y")


@pytest.mark.parametrize("sliver", ["relu(1e-300-|x|)", "step(x)*step(1e-200-x)", "relu(x-1e200)"])
def test_slivers_earn_nothing(sliver: str) -> None:
    """As an answer it earns no points, on either side of the comparison."""
    d = bt.derive("f = x^2", {"x": 3})
    cell = bt.mark(d, {"df/dx": f"2x + {sliver}"}, want="formula").cells["df/dx"]
    assert not cell.points
    assert not bt.equivalent(f"2x + {sliver}", "2x")


HONEST = [
    ("step(x-y) + (1-|sign(x-y)|)/2", "step(x-y)"), ("sign(x*y)", "sign(x)*sign(y)"),
    ("max(x,y) + min(x,y)", "x + y"), ("|x*y|", "|x|*|y|"), ("max(x, max(y, z))", "x + relu(max(y, z)-x)"),
    ("relu(exp(x)-1)", "(exp(x)-1)*step(x)"), ("|x|*|x|", "x^2"), ("max(sin(x)+cos(x), -2)", "sin(x)+cos(x)"),
    ("relu(x-2)*relu(1-x)", "0"), ("relu(-x-5)*relu(x-5)", "0"), ("step(relu(x))", "step(x)"),
    ("relu(x-1)*relu(y-1)*step(-x)", "0"), ("relu(tanh(x))*relu(x)", "x*tanh(x)*step(x)"),
    ("abs(x-1) + abs(x-2)", "max(3-2x, max(1, 2x-3))"), ("|x^2+1|", "x^2+1"), ("relu(-x^2-1)", "0"),
    ("|x^2 - 2x*y + y^2|", "(x-y)^2"), ("|x^4 - 2x^2*y + y^2|", "(x^2-y)^2"), ("|x^2+x+1|", "x^2+x+1"),
    ("max(x^2+y^2, 2x*y)", "x^2+y^2"), ("relu(2x*y - x^2 - y^2)", "0"),
    ("|sin(x)^2 - 2sin(x)*y + y^2|", "(sin(x)-y)^2"), ("|x^2/4 + x*y + y^2|", "(x/2+y)*(x/2+y)"),
    ("|x^4-4x^3*y+6x^2*y^2-4x*y^3+y^4|", "(x-y)^4"), ("|x^2+y^2+z^2-x*y-y*z-z*x|", "x^2+y^2+z^2-x*y-y*z-z*x"),
    ("ln(x^2+x+1) + ln(2)", "ln(2x^2+2x+2)"), ("sqrt(x^2 - 2x*y + y^2)", "|x-y|"),
    ("max(x, y) - x + |max(x, y) - x|", "2*relu(y-x)"), ("|1/(1+x^2)|", "1/(1+x^2)"),
    ("(1-|sign(x-max(x,y))|) + (1-|sign(y-max(x,y))|)", "1"), ("max(sigmoid(x), 0)", "sigmoid(x)"), ("relu(1-tanh(x)^2)", "1-tanh(x)^2"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), HONEST)
def test_honest(one: str, other: str) -> None:
    """A side that cannot be, or was met, takes nothing away from formulas that are the same."""
    assert bt.equivalent(one, other, names="x y z")
    assert bt.equivalent(other, one, names="x y z")


@pytest.mark.parametrize(
    "text", ["x^2+x+1/5", "x^2 - 2x*y + y^2*(1-1e-30)", "2x*y - x^2 - y^2 + 1e-300", "x^3 - x", "x*y"]
)
def test_not_a_square(text: str) -> None:
    """What may be below 0, by however little, is not taken for a square."""
    assert not bt.equivalent(f"|{text}|", text, names="x y")


def test_too_long_for_a_polynomial() -> None:
    """A power of many terms is not expanded, and what is compared with 0 then stays unknown."""
    assert bt.equivalent("relu((x+y+z+1)^8) + 1", "(x+y+z+1)^8 + 1", names="x y z")
    assert not bt.equivalent("relu(-(x+y+z+1)^8*(x-y)^8 + 1e-300)", "0", names="x y z")


@pytest.mark.parametrize(
    "ending",
    ["ln(|x|-1e-300)", "sqrt(|x|-1e-300)", "ln(x^2+y^2-1e-200)", "ln(1e300-x)", "(|x|-1e-300)^0.5",
     "log2(|x-1|-1e-15)", "asin(x/1e250)", "acos(1+1e-9-x^2/1e270)", "acosh(|x|*1e299)",
     "log1p(|y|-1-1e-9)", "atanh(x/1e290)"],
)  # fmt: skip
def test_edges(ending: str) -> None:
    """A formula that ends in a sliver, or far out, is not one that has a value everywhere."""
    for formulas in (("2x*y", f"2x*y + 0*{ending}"), (f"2x*y + 0*{ending}", "2x*y")):
        assert not bt.equivalent(*formulas, names="x y")


def test_not_judged() -> None:
    """Where a piece may be hidden and was not found, that is said."""
    verdict = bt.equivalent("2x", "2x + relu(sin(1e5*x)-1+1e-18)")
    assert not verdict.decided
    assert str(verdict) == (
        "whether the formulas are equal could not be judged: "
        "a piece of it may lie between the points that were looked at"
    )


FAR = 10**308


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("x*x", 0, None), ("x^2 + 1", 1, None), ("1 - |x|", None, 1), ("10^400 + x^2", 0, None),
        ("max(x, y) - x", 0, None), ("x - min(x, y)", 0, None), ("min(x, y) - y", None, 0),
        ("exp(x) + 1", 1, None), ("ln(x^2 + 1)", 0, None), ("sigmoid(x)*(1-sigmoid(x))", 0, 1),
        ("1/(2 + p)", 0, Fraction(1, 2)), ("p^3", 0, None), ("x - x", 0, 0), ("x/x", 1, 1), ("-p", None, 0),
        ("1/(p - 2)", None, None), ("x^3", None, None), ("tanh(p)", 0, 1), ("(-p)^3", None, 0),
        ("x^(-2)", 0, None), ("sqrt(x)*0", 0, 0), ("relu(x) - x", 0, None), ("1e300^40", 0, None),
        ("1/(3*1e308)", Fraction(1, 3 * FAR), Fraction(1, 3 * FAR)), ("1/(x^2 + 3*1e308)", 0, Fraction(1, 3 * FAR)),
        ("1/(-x^2 - 3*1e308)", Fraction(-1, 3 * FAR), 0),
    ],
)  # fmt: skip
def test_ranges(text: str, low: int | None, high: int | None) -> None:
    """What is known of a formula's values from its operations alone; x, y are real, p is positive."""
    listed = compiled([parse_formula(text, ["x", "y", "p"])[0]])
    domains = {"x": Domain(), "y": Domain(), "p": Domain(0.0)}
    found = ranges(listed, domains)[listed.results[0]]
    expected = (float("-inf") if low is None else low, float("inf") if high is None else high)
    assert found == expected


def test_documented() -> None:
    """The examples run."""
    assert doctest.testmod(ranges_module).failed == 0
    assert doctest.testmod(squares).failed == 0
