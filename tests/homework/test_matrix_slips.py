"""Slips over matrices: sheets that plain NumPy makes by one wrong rule are explained by that rule."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import two_layers as nets

import backprop_tutor as bt
from backprop_tutor.homework.slips.array_bends import ArrayBend, ArrayPlan, OwnArrays
from backprop_tutor.homework.slips.array_slip_table import ARRAY_SLIPS, array_instances

SEEDS = range(1, 17)


def marked(net: nets.Network, found: nets.Sheet, how: str) -> Any:
    """Return a sheet typed in a way, marked."""
    answers = {name: nets.as_text(value, how) for name, value in found.items()}
    return bt.mark(bt.derive(net.program, at=net.at), answers, lr=net.rate)


def broken(rule: str, count: int) -> list[tuple[nets.Network, nets.Sheet]]:
    """Return the first networks at which a rule can be broken, with the sheets that come of it."""
    found = []
    for seed in range(1, 2000):
        net = nets.problem(seed)
        try:
            made = nets.sheet(net, rule)
        except nets.Impossible:
            continue
        right = nets.sheet(net)
        seen = any(
            np.shape(made[k]) != np.shape(right[k]) or not np.allclose(made[k], right[k], rtol=0.05)
            for k in made
        )
        if seen:
            found.append((net, made))
        if len(found) == count:
            break
    return found


@pytest.mark.parametrize("rule", list(nets.RULES))
def test_a_broken_rule_is_named(rule: str) -> None:
    """Whole sheets, in full and rounded to three decimals, are explained by the rule that was broken."""
    cases = broken(rule, 2)
    assert cases
    for how, (net, made) in zip(("full", "3 decimals"), cases, strict=False):
        marking = marked(net, made, how)
        names = [name for slip in marking.slips for name in slip.names]
        assert set(names) & set(nets.RULES[rule]), (net.program, how, marking.counts(), names)


def test_right_sheets_are_right() -> None:
    """Right sheets, typed in full or rounded, have no slip and lose no point."""
    for seed in SEEDS:
        net = nets.problem(seed)
        how = nets.ROUNDINGS[seed % len(nets.ROUNDINGS)]
        marking = marked(net, nets.sheet(net), how)
        assert not marking.slips, (seed, how)
        assert marking.score == 1, (seed, how, str(marking))


def test_an_error_of_calculation_is_not_accused() -> None:
    """One entry that is off by any number is no slip's, and stays unexplained."""
    for seed in range(1, 4):
        net = nets.problem(seed)
        found = nets.sheet(net)
        wrong = found["dL/dW1"].copy()
        wrong[0, 0] = wrong[0, 0] * 1.37 + 0.11
        marking = marked(net, {"dL/dW1": wrong}, "full")
        assert marking.cells["dL/dW1"].status == "unexplained"
        assert [entry.at for entry in marking.cells["dL/dW1"].entries] == [(0, 0)]


def test_the_unbent_pass_is_the_derivation() -> None:
    """Without a bend the pass gives the derivation's values and gradients; with one, from a base or whole."""
    for seed in (1, 2, 3, 5):
        net = nets.problem(seed)
        d = bt.derive(net.program, at=net.at)
        plan = ArrayPlan(d, (0.1,))
        base = plan.run(ArrayBend(), OwnArrays())
        for place, upstream in enumerate(plan.upstreams):
            if upstream is not None:
                assert np.allclose(base.gradients[place], upstream, rtol=1e-12, atol=1e-15)
        for made in array_instances(plan)[::7]:
            quick, whole = plan.run(made.bend, OwnArrays(), base), plan.run(made.bend, OwnArrays())
            for one, other in zip(quick.gradients, whole.gradients, strict=True):
                assert (one is None) == (other is None)
                assert one is None or np.allclose(one, other, equal_nan=True), made


def test_every_row_has_a_site() -> None:
    """Each slip of the table can be made in one of these programs; only copies are found otherwise."""
    programs = [
        ("Z = X@W; A = tanh(k*Z); P = sigmoid(A@V); L = bce(P, Y) + k*sum(W**2)/2 - 1/sum(V**2)",
         {"X": [[1, 2], [3, 4]], "W": [[1, 2], [0, 1]], "V": [[1.0, 2], [1, 0]], "Y": [[1, 0], [0, 1]], "k": 2}),
        ("S = softmax(X@W.T + b, axis=1); R = relu(X); E = S - Y; M = mean(exp(E), axis=0); "
         "L = mse(S, Y) + sum(-ln(M)) + sum(R*R) - sum(X) + cross_entropy(X, y)",
         {"X": [[1, 2], [3, 4]], "W": [[1, 2], [0, 1]], "b": [1, 2], "Y": [[1, 0], [0, 1]], "y": [0, 1]}),
        ("L = sum(batchnorm(X, g, b)**2)", {"X": [[1, 2], [3, 5]], "g": [1.0, 2], "b": [0.5, 1]}),
    ]  # fmt: skip
    found = {
        made.slip.name
        for program, at in programs
        for made in array_instances(ArrayPlan(bt.derive(program, at=at), (0.1,)))
    }
    assert set(ARRAY_SLIPS) - found == {"copied"}


def test_updated_values() -> None:
    """A step that was added, one without its rate, and the gradient alone are told apart."""
    d = bt.derive("Z = X@W; L = mean(Z**2)", at={"X": [[1, 2], [3, -1]], "W": [[0.5, 1], [-1, 2]]})
    w, g = np.asarray(d.at["W"]), np.asarray(d.gradients["W"])
    for answer, variant in ((w + 0.1 * g, "climbed"), (w - g, "no rate"), (g, "gradient")):
        cell = bt.mark(d, {"new(W)": answer}, lr=0.1).cells["new(W)"]
        assert (cell.slip.name, cell.slip.variant) == ("update-rule", variant)
    assert bt.mark(d, {"new(W)": w - 0.1 * g}, lr=0.1).score == 1


def test_sheets_without_a_fit_cost_little() -> None:
    """Matrices past the end of float64 are no fit, and no error."""
    d = bt.derive("Z = X@W; L = sum(Z)", at={"X": [[1, 2]], "W": [[3], [4]]})
    cell = bt.mark(d, {"dL/dW": [["1e308"], ["-1e308"]]}).cells["dL/dW"]
    assert cell.status == "unexplained"
    assert not math.isnan(float(cell.points))


A = np.array([[1.3, -2.1], [0.7, 3.2]])
B = np.array([[2.2, 1.7], [-1.4, 0.6]])
SQUARED = "Q = {}; L = sum(Q*Q)"


@pytest.mark.parametrize(
    ("formula", "name", "wrong", "slip", "sentence"),
    [
        ("A/B", "B", 2 * A**2 / B**3, "quotient-rule", "The minus of the quotient rule was left out: a/b falls as b grows."),
        ("A/B", "B", -2 * A**2 / B**2, "quotient-rule", "The denominator of the quotient rule was not squared: it is −a/b²."),
        ("A/B", "B", 2 * A / B**2, "quotient-rule", "The slope along the denominator is −a/b²; 1/b was used for both."),
        ("A/B", "B", -2 * A / B**3, "quotient-rule", "The numerator was left out of −a/b²."),
        ("A - B", "B", 2 * (A - B), "subtract-sign", "The second operand of a subtraction gets a minus; it was given a plus."),
        ("-A", "A", -2 * A, "negate-sign", "The minus in front turns the gradient's sign; it was left out."),
        ("A^3", "A", 2 * A**5, "power-rule", "The exponent was lowered by one, but not brought down as a factor."),
        ("A^3", "A", 6 * A**6, "power-rule", "The exponent was brought down, but not lowered by one."),
        ("exp(A)", "A", 2 * np.exp(A) * A, "exp-rule",
         "The exponent was taken for the derivative: the exponential function is its own derivative."),
        ("ln(A^2)", "A", 4 * A * np.log(A**2) ** 2, "log-rule",
         "The logarithm itself was taken for its derivative: one over the input."),
    ],
)  # fmt: skip
def test_a_wrong_slope_is_named(formula: str, name: str, wrong: Any, slip: str, sentence: str) -> None:
    """Entry by entry the slips are those of numbers, with their words."""
    at = {each: value for each, value in {"A": A, "B": B}.items() if each in formula}
    marking = bt.mark(bt.derive(SQUARED.format(formula), at=at), {f"dL/d{name}": wrong.tolist()})
    assert [(found.name, found.sentence) for found in marking.slips] == [(slip, sentence)]
