"""What rows of several pieces say at a point, and PyTorch's conventions where the pieces meet."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

import backprop_tutor as bt
from backprop_tutor.ops import OPS, SCALAR

TORCHS = {
    "hardtanh": {-1.0: 0.0, 1.0: 0.0, 0.5: 1.0, 2.0: 0.0},
    "hardsigmoid": {-3.0: 0.0, 3.0: 0.0, 0.0: 1 / 6},
    "relu6": {0.0: 0.0, 6.0: 0.0, 3.0: 1.0},
    "selu": {0.0: 1.7580993408473766, 1.0: 1.0507009873554805},
    "celu": {0.0: 1.0, -1.0: math.exp(-1)},
    "norm": {0.0: 0.0, -2.0: -1.0},
    "softsign": {0.0: 1.0},
}
"""Slopes at points on and beside the kinks, from PyTorch 2.13's autograd in float64."""


@pytest.mark.parametrize("name", sorted(TORCHS))
def test_conventions_at_kinks_are_those_of_pytorch(name: str) -> None:
    """On a kink and beside it the slope is PyTorch's."""
    row = OPS[name]
    for point, wanted in TORCHS[name].items():
        options = dict(row.options)
        out = row.value(SCALAR, point, **options)
        assert float(row.slope(0)(SCALAR, out, point, **options)) == pytest.approx(wanted, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "x", "says"),
    [
        ("hardtanh(x)", 1, "x lies on a bound; by convention the slope there is 0"),
        ("hardtanh(x)", 0.5, "x lies between the bounds, so the slope passes"),
        ("hardtanh(x, -2, 2)", 3, "x lies beyond a bound, so nothing moves: slope 0"),
        ("hardsigmoid(x)", -3, "x lies on a bound; by convention the slope there is 0"),
        ("selu(x)", 0, "x = 0 lies on the kink of selu; by convention the exponential piece holds there"),
        ("selu(x)", 2, "x > 0, so the straight piece of selu holds"),
        ("celu(x)", 0, "x = 0 lies where the two pieces of celu meet, both with slope 1"),
        ("norm(x)", 0, "every number is 0: the norm has its tip there, and by convention slope 0"),
    ],
)
def test_an_explanation_says_which_piece_holds(text: str, x: float, says: str) -> None:
    """The branch taken is said, and the check lets a kink pass."""
    derivation = bt.derive(f"f = {text}", at={"x": x})
    assert says in derivation.explain("text").replace("\n", " ")
    assert derivation.check().ok


@pytest.mark.parametrize(
    ("text", "at", "slopes"),
    [
        ("f = x/y", {"x": 1.0, "y": 1e200}, {"x": 1e-200, "y": 0.0}),
        ("f = atan(x)", {"x": 1e200}, {"x": 0.0}),
        ("f = softsign(x)", {"x": 1e200}, {"x": 0.0}),
        ("f = asinh(x)", {"x": 1e200}, {"x": 1e-200}),
        ("f = gelu(x)", {"x": 1e200}, {"x": 1.0}),
        ("f = erf(x)", {"x": -1e200}, {"x": 0.0}),
        ("f = log10(x)", {"x": 1.5e308}, {"x": 2.895296546021679e-309}),
        ("f = tanh(x)", {"x": 10**308}, {"x": 0.0}),
        ("f = half_se(y, t)", {"y": 1.5e154, "t": 0}, {"y": 1.5e154, "t": -1.5e154}),
        ("f = bce(p, t)", {"p": 1e-20, "t": 0}, {"p": 1.0}),
        ("f = norm(x, y)", {"x": 3e200, "y": 4e200}, {"x": 0.6, "y": 0.8}),
    ],
)
def test_no_slope_is_infinite_that_only_overflows_on_the_way(text: str, at: dict, slopes: dict) -> None:
    """Far out, where a square is beyond float64 and the slope is not, the slope is a number."""
    found = bt.derive(text, at=at).gradients
    for name, slope in slopes.items():
        assert float(found[name]) == pytest.approx(slope, rel=1e-14, abs=0)


def test_a_slope_beyond_float64_is_not_called_infinite() -> None:
    """1/x at 1e-200 falls steeply, with a slope that float64 cannot hold; √x at 0 is infinite."""
    with pytest.raises(bt.TutorError) as steep:
        bt.derive("f = 1/x", at={"x": 1e-200})
    assert str(steep.value) == (
        "the slope of f = 1/x along x is beyond float64, which ends near 1.8e308; at x = 1e−200"
    )
    with pytest.raises(bt.TutorError) as infinite:
        bt.derive("f = sqrt(x)", at={"x": 0})
    assert str(infinite.value) == "f = sqrt(x) has an infinite slope along x; at x = 0"


@pytest.mark.parametrize(
    ("text", "value"),
    [("gelu(x)", -5.0e-15), ("bce(p, t)", 1e-20), ("mean(x, y)", 1.5e308), ("sum(a, b, c)", 1.0)],
)
def test_values_keep_their_digits(text: str, value: float) -> None:
    """A tail, a tiny loss, a mean near float64's end, and a sum whose large terms cancel."""
    at = {"x": -8.0, "p": 1e-20, "t": 0, "a": 1e16, "b": 1.0, "c": -1e16}
    if text.startswith("mean"):
        at |= {"x": 1.6e308, "y": 1.4e308}
    names = [name for name in at if name in text.partition("(")[2]]
    found = bt.derive(f"f = {text}", at={name: at[name] for name in names}).values["f"]
    assert float(found) == pytest.approx(value, rel=0.01 if "gelu" in text else 1e-15, abs=0)


def test_sums_and_means_of_fractions_are_exact() -> None:
    """Fractions in, fractions out: values and slopes."""
    found = bt.derive("f = mean(x, y, z)", at={"x": 1, "y": Fraction(1, 2), "z": 0})
    assert found.values["f"] == Fraction(1, 2)
    assert found.gradients["x"] == Fraction(1, 3)
