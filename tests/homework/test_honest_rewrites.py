from __future__ import annotations

import pytest

from backprop_tutor.homework.equivalence.equivalent import equivalent

RIGHT = [
    ("2*x*y", "y*x + x*y"),
    ("x*cos(w*x) + 3*w^2", "x*sin(w*x + pi/2) + 3w*w"),
    ("-2*x*exp(-x^2)*y", "-2x*y/exp(x*x)"),
    ("sigmoid(w*x)*(1 - sigmoid(w*x))*x", "x*exp(-w*x)/(1 + exp(-w*x))^2"),
    ("sigmoid(40*x)*(1 - sigmoid(40*x))*40", "40/(exp(20*x) + exp(-20*x))^2"),
    ("1 - tanh(w)^2", "4/(e^w + e^(-w))^2"),
    ("5*(1 - tanh(5*x)^2)", "20*e^(10x)/(e^(10x) + 1)^2"),
    ("step(w*x + y)*x", "x*relu(w*x + y)/(w*x + y)"),
    ("step(w*x)*x", "x*(sign(w*x) + 1)/2"),
    ("sign(x*y)*y", "abs(x*y)/x"),
    ("max(x, w)", "w + relu(x - w)"),
    ("2*x/(x^2 + 1)/y", "(x + x)*(x^2 + 1)^(-1)*y^(-1)"),
    ("-2*x*w/(w^2 + y^2)^2", "-x*(w + w)/(w^4 + 2*w^2*y^2 + y^4)"),
    ("w/sqrt(x^2 + w^2)", "w*(x^2 + w^2)^(-0.5)"),
    ("(sigmoid(x) - y)*w", "w/(1 + exp(-x)) - w*y"),
    ("x^3*ln(x)", "x^3*log2(x)*ln(2)"),
    ("y*x^(y - 1)", "y*exp((y - 1)*ln(x))"),
    ("softplus(x)", "x + ln(1 + e^(-x))"),
    ("gelu(x)", "0.5*x*(1 + erf(x/2^0.5))"),
    ("silu(x)", "x*e^x/(1 + e^x)"),
    ("(x - y)^2/2", "half_se(y, x)"),
    ("-w/x^2", "-w*x^(-2)"),
    ("abs(x)", "max(x, -x)"),
    ("1/(2*sqrt(x))", "0.5*x^(-1/2)"),
    ("(x - w)*(x + w)", "x^2 - w^2"),
]
"""Right formulas, and how somebody else would write them."""

WAYS = [
    "{0}",
    "({0})/2 + ({0})*0.5",
    "-(-1*({0})) + 0",
    "({0})*(x^2 + 1)/(x*x + 1)",
    "exp(ln(2))*({0})/2",
    "({0})*(sin(y)^2 + cos(y)^2)",
    "1e6*({0})*10^(-6)",
    "({0})*e^w*e^(-w) + x - x",
]
"""Ways of writing a formula longer than it need be."""


@pytest.mark.parametrize(("right", "rewritten"), RIGHT)
def test_honest_answers_in_unusual_clothes_are_right(right: str, rewritten: str) -> None:
    """Two hundred rewritten formulas are equal to what they were: none is left to a person."""
    for way in WAYS:
        verdict = equivalent(right, way.format(rewritten), names=["x", "w", "y"])
        assert verdict.equal, (right, way.format(rewritten), str(verdict))
        assert verdict.compared >= 6


@pytest.mark.parametrize(("right", "rewritten"), RIGHT)
def test_a_slip_in_the_same_clothes_is_told(right: str, rewritten: str) -> None:
    """The same rewritten formulas with one more term are decided too, as different."""
    for way in WAYS:
        wrong = way.format(rewritten) + " + x/1000"
        verdict = equivalent(right, wrong, names=["x", "w", "y"])
        assert (verdict.equal, verdict.decided) == (False, True)
