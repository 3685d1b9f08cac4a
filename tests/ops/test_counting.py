"""How many multiplications the rules of the table take, against counts made by hand and by running."""

from __future__ import annotations

import math
from typing import Any

import pytest

from backprop_tutor.ops import OPS, SCALAR
from backprop_tutor.ops.counting import multiplications

BY_HAND: dict[str, tuple[tuple[float, ...], int, tuple[int, ...]]] = {
    "identity": ((2,), 0, (0,)), "add": ((2, 3), 0, (0, 0)), "subtract": ((2, 3), 0, (0, 0)),
    "multiply": ((2, 3), 1, (0, 0)),
    "divide": ((2, 3), 1, (1, 2)),  # 1/b, and −a/b²: a square and a quotient
    "negate": ((2,), 0, (0,)),
    "power": ((2.0, 4.0), 2, (3, 1)),  # squared twice; 4·a³; a⁴·ln a
    "sqrt": ((2,), 0, (2,)), "cbrt": ((2,), 0, (3,)), "abs": ((2,), 0, (0,)),
    "exp": ((2,), 0, (0,)), "log": ((2,), 0, (1,)), "log2": ((2,), 0, (2,)),
    "sin": ((2,), 0, (0,)), "cos": ((2,), 0, (0,)), "tanh": ((2,), 0, (1,)),
    "sigmoid": ((2,), 1, (1,)),  # 1/(1 + e⁻ᶻ); σ·(1 − σ)
    "relu": ((2,), 0, (0,)),
    "softplus": ((2,), 0, (1,)),  # its slope is a sigmoid
    "silu": ((2,), 2, (4,)),  # a·σ; σ·(1 + a·(1 − σ)), both σ worked out
    "max": ((2, 3), 0, (0, 0)), "min": ((2, 3), 0, (0, 0)),
    "squared_error": ((2, 3), 1, (1, 1)), "half_squared_error": ((2, 3), 2, (0, 0)),
    "mean_squared_error": ((2, 3, 4, 5), 3, (2, 2, 2, 2)),
    "binary_cross_entropy": ((0.3, 1), 2, (2, 0)),
    "cross_entropy": ((0.3, 0.7, 1, 0), 2, (1, 1, 0, 0)),
    "softmax": ((2, 3, 4), 1, (1, 2, 2)),
    "mean": ((2, 3, 4), 1, (0, 0, 0)), "sum": ((2, 3, 4), 0, (0, 0, 0)),
    "norm": ((3, 4), 2, (1, 1)),
}  # fmt: skip
"""Operands, the multiplications of the value, and those of each slope, counted on paper."""


def _counts(name: str, operands: tuple[float, ...]) -> tuple[int, tuple[int, ...]]:
    op = OPS[name]
    options: dict[str, Any] = dict(op.options) | ({"index": 0} if op.outputs else {})
    value = multiplications(op.forward, operands, options)
    out = op.value(SCALAR, *operands, **options)
    slopes = (multiplications(op.partial(i), operands, options, out) for i in range(len(operands)))
    return value, tuple(slopes)


@pytest.mark.parametrize("name", BY_HAND)
def test_counted_by_hand(name: str) -> None:
    """What the table of operations takes is what one counts on paper."""
    operands, value, slopes = BY_HAND[name]
    assert _counts(name, operands) == (value, slopes)


class Ticking(float):
    """A float that counts its products and quotients while they are computed."""

    ticks = 0

    def _of(self, value: Any, more: int = 0) -> Any:
        Ticking.ticks += more
        return Ticking(value)

    def __add__(self, other: Any) -> Any: return self._of(float(self) + float(other))
    def __radd__(self, other: Any) -> Any: return self._of(float(other) + float(self))
    def __sub__(self, other: Any) -> Any: return self._of(float(self) - float(other))
    def __rsub__(self, other: Any) -> Any: return self._of(float(other) - float(self))
    def __mul__(self, other: Any) -> Any: return self._of(float(self) * float(other), 1)
    def __rmul__(self, other: Any) -> Any: return self._of(float(other) * float(self), 1)
    def __truediv__(self, other: Any) -> Any: return self._of(float(self) / float(other), 1)
    def __rtruediv__(self, other: Any) -> Any: return self._of(float(other) / float(self), 1)
    def __neg__(self) -> Any: return self._of(-float(self))

    def __pow__(self, n: Any, mod: None = None) -> Any:
        """Multiply by squaring, and see how often."""
        return _power(self, n)


def _power(base: Any, exponent: Any) -> Any:
    n = float(exponent)
    if n != int(n) or not isinstance(base, Ticking):
        return Ticking(math.pow(float(base), n))
    result, square, left = None, base, abs(int(n))
    while left:
        if left & 1:
            result = square if result is None else result * square
        left >>= 1
        if left:
            square = square * square
    result = Ticking(1) if result is None else result
    return 1 / result if n < 0 else result


class Kernel:
    """A kernel of ticking floats, which computes only what it is told to."""

    one, pi, ln2, ln10 = 1, math.pi, math.log(2), math.log(10)
    sqrt2, sqrt_pi = math.sqrt(2), math.sqrt(math.pi)

    def __getattr__(self, name: str) -> Any:
        return lambda *a: Ticking(getattr(math, name)(*map(float, a)))

    absolute = staticmethod(lambda a: Ticking(abs(float(a))))
    sign = staticmethod(lambda a: Ticking((float(a) > 0) - (float(a) < 0)))
    sigmoid = staticmethod(lambda a: 1 / (1 + Ticking(math.exp(-float(a)))))
    softplus = staticmethod(lambda a: Ticking(math.log1p(math.exp(float(a)))))
    softmax = staticmethod(
        lambda i, *a: Ticking(math.exp(float(a[i]))) / Ticking(sum(math.exp(float(x)) for x in a))
    )
    power = staticmethod(_power)
    maximum, minimum = staticmethod(max), staticmethod(min)
    greater = staticmethod(lambda a, b: float(a) > float(b))
    less = staticmethod(lambda a, b: float(a) < float(b))
    equal = staticmethod(lambda a, b: float(a) == float(b))
    where = guard = staticmethod(lambda condition, a, b: a if condition else b)
    logsumexp = staticmethod(lambda *a: Ticking(math.log(sum(math.exp(float(x)) for x in a))))


CHOOSING = {
    name for name, op in OPS.items() if op.branch is not None and name not in ("abs", "max", "min")
}
"""Rules in which a choice leaves a piece uncomputed; Python would compute both."""


@pytest.mark.parametrize("name", sorted(set(OPS) - CHOOSING))
def test_counted_by_running(name: str) -> None:
    """Run on numbers that tick, every rule without a choice multiplies as often as is said."""
    op = OPS[name]
    for point in op.samples:
        options: dict[str, Any] = dict(op.options) | ({"index": 0} if op.outputs else {})
        numbers = tuple(map(Ticking, point))
        Ticking.ticks = 0
        out = op.forward(Kernel(), *numbers, **options)
        value = Ticking.ticks
        slopes = []
        for slot in range(len(point)):
            Ticking.ticks = 0
            op.partial(slot)(Kernel(), out, *numbers, **options)
            slopes.append(Ticking.ticks)
        found = (
            multiplications(op.forward, point, options),
            [multiplications(op.partial(i), point, options, float(out)) for i in range(len(point))],
        )
        assert found == (value, slopes), point


@pytest.mark.parametrize(
    ("name", "operand", "value", "slope"),
    [
        ("leaky_relu", 2.0, 0, 0), ("leaky_relu", -3.0, 1, 0), ("elu", 2.0, 0, 0), ("elu", -1.5, 1, 1),
        ("selu", 2.0, 1, 0), ("selu", -1.5, 2, 2),
    ],
)  # fmt: skip
def test_only_the_piece_in_force_counts(name: str, operand: float, value: int, slope: int) -> None:
    """Of a choice, what the other piece would take is not counted."""
    assert _counts(name, (operand,)) == (value, (slope,))


def test_a_form_without_a_value_is_counted() -> None:
    """A written form that overflows takes as many multiplications as anywhere else."""
    assert multiplications(OPS["half_squared_error"].forward, (1e200, 0.0), {}) == 2


@pytest.mark.parametrize(
    ("exponent", "value", "slope"), [(0.0, 0, 1), (1.0, 0, 1), (-1.0, 1, 3), (-2.0, 2, 4), (0.5, 0, 1)]
)
def test_powers(exponent: float, value: int, slope: int) -> None:
    """Whole powers are squared and multiplied, a negative one is a quotient besides; others are calls."""
    assert _counts("power", (2.0, exponent)) == (value, (slope, 1))
