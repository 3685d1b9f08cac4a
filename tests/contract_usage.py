"""What courses make of an operation: activations, saturation, ranges, predictions, angles.

The checks of `contract` that hold these fields of a row to the rules, or to the usage that stands here.
"""

from __future__ import annotations

import math
from itertools import pairwise

from contract_numbers import slope, value

from backprop_tutor.ops import SCALAR, Operation

ACTIVATIONS = {
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "softplus",
    "silu",
    "gelu",
    "selu",
    "celu",
    "mish",
    "softsign",
    "logsigmoid",
    "hardtanh",
    "hardsigmoid",
    "relu6",
    "softmax",
}


OTHERS = {
    "identity",
    "negate",
    "abs",
    "sign",
    "step",
    "exp",
    "sin",
    "cos",
    "erf",
    "atan",
    "sinh",
    "cosh",
    "asinh",
    "cbrt",
    "square",
    "expm1",
    "exp2",
    "add",
    "multiply",
    "max",
    "sum",
    "norm",
    "logsumexp",
    "squared_error",
}
"""Functions that are defined everywhere and that no course calls an activation."""


GAINS = {"sigmoid": 1, "tanh": 5 / 3, "relu": 2**0.5, "selu": 0.75, "identity": 1}
"""What PyTorch's `calculate_gain` returns."""


def single(row: Operation) -> bool:
    """Return whether it is a function of one operand alone."""
    return row.least == row.most == 1 and not row.outputs


def usage_is_as_courses_have_it(row: Operation) -> None:
    """Activations, those that are taught first, and gains are the usual ones; new rows may be any."""
    if row.name in OTHERS | ACTIVATIONS:
        assert row.activation == (row.name in ACTIVATIONS)
    if row.activation and not row.outputs:
        assert single(row)
        assert all(math.isfinite(value(row, x)) for x in (-1e3, -1.0, 0.0, 0.5, 1e3))
    assert row.taught == (row.name in ("sigmoid", "tanh", "relu"))
    if callable(row.gain):
        assert [row.gain(s) for s in (0.0, 1.0)] == [2**0.5, 1.0]
    else:
        assert row.gain == GAINS.get(row.name)
    assert callable(row.gain) == (row.name == "leaky_relu")


def saturation_is_told(row: Operation) -> None:
    """A smooth function of one operand that turns into straight lines says where, and no other does."""
    if not single(row):
        assert row.saturates is None
        return
    if any(math.isnan(slope(row, x)) for x in (-60.0, -1.0, 0.0, 1.0)):
        assert row.saturates is None
        return
    ends = [[slope(row, sign * x) for x in (15.0, 30.0, 60.0)] for sign in (1, -1)]
    straight = all(abs(a - b) < 1e-2 for line in ends for a, b in pairwise(line))
    middle = {round(slope(row, x / 8), 6) for x in range(-60, 61)} - {round(e[0], 6) for e in ends}
    bends = straight and (len(middle) > 3 or (row.branch is not None and len(middle) > 0))
    jumps = row.branch is not None and not row.branch(0.0, **dict(row.options)).kink
    if row.name in ("abs", "sign", "step", "relu", "leaky_relu"):
        bends = False  # two lines that meet at 0
    assert (row.saturates is not None) == (bends or jumps or row.name == "relu6"), (bends, middle)
    if row.saturates is not None:
        low, high = row.saturates
        assert abs(slope(row, high + 1e-9) - ends[0][2]) < 0.1
        assert abs(slope(row, low - 1e-9) - ends[1][2]) < 0.1
        assert low < high <= low + 8


GRID = [x / 64 for x in range(-640, 641)] + [1e3, -1e3, 1e6, -1e6, 1e-6, -1e-6, 1 - 1e-7, 1e-7 - 1]


def the_range_is_the_least(row: Operation) -> None:
    """All values lie in the range, and come near both of its ends; rows without one take all sizes."""
    if row.most is None or row.outputs or row.least > 2:
        assert row.range is None or row.outputs or row.roles or row.written_as
        return
    pairs = [(x, y) for x in (0.0, *GRID[::20]) for y in (0.0, *GRID[::31])]
    points = [(x,) for x in GRID] if row.least == 1 else pairs
    if row.takes is not None:
        points = [(p, t) for p in (1e-9, 0.25, 0.5, 1 - 1e-9) for t in (0.0, 0.5, 1.0)]
    values = [v for v in (value(row, *point) for point in points) if not math.isnan(v)]
    least, most = min(values), max(values)
    if row.range is None:
        assert (
            least < -2.9
            or (row.least == 2 and row.domain)
            or (row.options and least < 0)
            or row.poles < math.inf
        ), least
        assert most > 2.9 or row.name == "log_base", most
        return
    ends = (row.range.low, row.range.high)
    for v in values:
        assert v in row.range or any(abs(v - end) < 1e-9 for end in ends), v
    assert least < row.range.low + 2e-2 if row.range.low > -math.inf else least < -100
    assert most > row.range.high - 2e-2 if row.range.high < math.inf else most > 9
    modest = [value(row, *point) for point in points if max(map(abs, point)) < 10]
    for end, closed in zip((row.range.low, row.range.high), row.range.closed, strict=True):
        if closed and row.least == 1:
            assert any(math.isclose(v, end, abs_tol=1e-3) for v in modest)
        elif not closed and math.isfinite(end) and row.least == 1:
            inner = [value(row, x / 16) for x in range(-80, 81)]
            assert all(v != end for v in inner)


def the_argument_is_as_said(row: Operation) -> None:
    """There is no value outside of the argument's interval, and one at every point within it."""
    if row.most is None or row.outputs or row.roles or row.most > 2 or row.name == "power":
        assert row.argument is None
        return
    others = [2.0] * (row.most - 1)
    for x in (x for x in GRID if abs(x) < 100):
        inside = row.argument is None or x in row.argument
        undefined = math.isnan(value(row, x, *others))
        single_point = inside and (x == 0 or row.poles < math.inf)
        assert inside != undefined or single_point, x


def predictions_are_bounded_as_said(row: Operation) -> None:
    """A loss says which predictions it takes; and that they must add up to 1 where only then t is best."""
    if not row.roles:
        assert row.takes is None
        assert row.shares == row.outputs
        return
    half = max(1, row.lists)
    for p in (-0.5, 0.25, 1.5):
        inside = row.takes is None or p in row.takes
        assert inside != math.isnan(value(row, *[p] * half, *[0.5] * half)), p
    t = [0.2, 0.8][:half] if row.lists == 2 else [0.3]
    out = row.value(SCALAR, *t, *t)
    pulls = [float(row.slope(i)(SCALAR, out, *t, *t)) for i in range(len(t))]
    assert row.shares == any(abs(pull) > 1e-9 for pull in pulls)


def angles_are_told(row: Operation) -> None:
    """Functions of period 2π, and no others, take angles; those with poles say how large is too large."""
    if not single(row):
        assert not row.angle
        return
    turned = [(value(row, x), value(row, x + 2 * math.pi)) for x in (0.3, 1.1, 2.5, -0.7)]
    periodic = all(math.isclose(a, b, rel_tol=1e-9) for a, b in turned) and len(
        {round(a, 9) for a, _ in turned}
    ) == len(turned)
    assert row.angle == periodic
    highest = max(abs(value(row, x)) for x in (math.pi / 2, math.pi)) if row.angle else 0.0
    assert (row.poles < math.inf) == (highest > 1e15)
    assert highest == 0.0 or row.poles in (1e15, math.inf)
