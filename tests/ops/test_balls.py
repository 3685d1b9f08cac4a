from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from mpmath import libmp

from backprop_tutor.ops import OPS
from backprop_tutor.ops.balls import Ball, Undefined, Unreachable
from backprop_tutor.ops.precise import Precise

FUNCTIONS = ["exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt", "absolute", "sign", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "sigmoid", "softplus"]
Tree = tuple[Any, ...]


def written(draw: random.Random, depth: int) -> Tree:
    """Return a random expression over numbers of all sizes."""
    if not depth or draw.random() < 0.15:
        if draw.random() < 0.5:
            return ("n", Fraction(draw.randint(-9, 9), draw.randint(1, 9)))
        size = 10 ** draw.uniform(-30, 30)
        return ("n", draw.choice([draw.uniform(-3, 3), draw.uniform(-800, 800), size, -1 / size]))
    if draw.random() < 0.55:
        return (draw.choice(FUNCTIONS), written(draw, depth - 1))
    pair = written(draw, depth - 1), written(draw, depth - 1)
    return (draw.choice(["+", "-", "*", "/", "power", "maximum", "minimum"]), *pair)


def worked_out(tree: Tree, k: Precise) -> Ball:
    """Return an expression's ball."""
    if tree[0] == "n":
        return k.ball(tree[1])
    a, *more = (worked_out(part, k) for part in tree[1:])
    signs = {
        "+": lambda b: a + b, "-": lambda b: a - b, "*": lambda b: a * b, "/": lambda b: a / b,
    }  # fmt: skip
    if tree[0] in signs:
        return signs[tree[0]](*more)
    out: Ball = getattr(k, tree[0])(a, *more)
    return out


def test_the_true_number_lies_in_the_ball() -> None:
    """A ball of 168 bits has the number in it that 1,300 bits give, where nothing was lost from sight."""
    draw = random.Random(20)
    coarse, fine = Precise(168), Precise(1300)
    compared = 0
    for _ in range(4000):
        tree = written(draw, draw.randint(1, 5))
        try:
            truth: Ball | None = worked_out(tree, fine)
        except Undefined:
            truth = None
        except Unreachable:
            continue
        coarse.precision.needed = 0
        try:
            ball = worked_out(tree, coarse)
        except Unreachable:
            continue
        except Undefined:
            assert truth is None, tree
            continue
        if coarse.precision.needed:
            continue  # as tanh(-118), that looks like the whole exponent -1
        assert truth is not None, tree
        apart = libmp.mpf_abs(libmp.mpf_sub(ball.raw, truth.raw, 2000, "n"))
        allowed = libmp.mpf_add(ball.radius(), truth.radius(), 60, "u")
        assert libmp.mpf_le(apart, allowed), tree
        compared += 1
    assert compared > 1000


def test_every_operation_has_a_ball() -> None:
    """The rule of every operation of the table gives a ball with most digits known, near the float."""
    k = Precise(168)
    for op in OPS.values():
        if op.outputs:
            continue
        for sample in op.samples:
            options = {
                name: k.ball(Fraction(str(value))) if value != int(value) else int(value)
                for name, value in op.options
            }
            ball = k.ball(op.forward(k, *map(k.ball, sample), **options))
            assert ball.known, (op.name, sample)
            value = float(op.value(_scalar(), *sample, **dict(op.options)))
            assert libmp.to_float(ball.raw) == pytest.approx(value, rel=1e-12), (op.name, sample)


def _scalar() -> Any:
    from backprop_tutor.ops.kernel import SCALAR

    return SCALAR


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        (lambda k: k.ball(1) + k.exp(-500), 722),
        (lambda k: k.tanh(500), 1443),
        (lambda k: k.cos(k.ball(2.0**-100)), 198),
        (lambda k: k.sin(k.ball(2.0**-100)), 198),
        (lambda k: k.power(3, k.ball(2.0**-300)), 299),
        (lambda k: k.sigmoid(800), 1155),
        (lambda k: k.atan(k.ball(2.0**300)), 301),
        (lambda k: k.exp(-3), 0),
        (lambda k: k.ball(1) + k.exp(-50), 0),
    ],
)
def test_what_is_too_small_to_be_seen_is_told(rule: Any, needed: int) -> None:
    """Where a term vanishes beside another, the bits it would take are told, with some to spare."""
    k = Precise(168)
    rule(k)
    told = k.precision.needed
    assert (told == 0) if not needed else needed <= told <= needed + 62


def test_an_exponent_near_a_whole_number() -> None:
    """An exponent within its bound of a whole number is that number, of a negative base too."""
    k = Precise(168)
    two = k.sqrt(k.ball(2)) * k.sqrt(k.ball(2))
    assert two.units
    assert (k.power(k.ball(-3), two) - k.ball(9)).side == 0
