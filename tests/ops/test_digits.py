"""Every row's value and slopes hold their digits over the whole range of float64."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from many_digits import Precise, Undefined, Unreachable

from backprop_tutor.ops import OPS, SCALAR, Operation

EXACT = Precise(420)
"""Digits enough for 1 + erf(a) where that is 1e-310, with more than a hundred to spare."""

SIZES = (
    5e-324, 1e-310, 1e-200, 1e-155, 1e-40, 1e-17, 3e-9, 1e-4, 0.1, 0.4999, 0.9, 1 - 2**-53, 1.0,
    1 + 2**-52, 1.28, 2.5, 5.0, 8.0, 9.0, 16.0, 26.5, 37.0, 38.2, 354.0, 709.7, 745.0, 1e5, 1e17,
    1e100, 1.5e154, 1e200, 1e300, 1.7e308,
)  # fmt: skip
LARGEST = EXACT.mp.mpf("1.7976931348623157e308")
SMALLEST = EXACT.mp.mpf(2.0**-1074)
ROWS = sorted(OPS.values(), key=lambda row: row.name)
NEAR_A_ROOT = {"gelu", "silu", "mish"}
"""Their slopes pass through 0 where two terms of size 1 cancel: measured against those terms."""


def _count(row: Operation) -> int:
    return row.least if row.most is not None else 3 * row.lists if row.lists > 1 else 3


def _points(row: Operation) -> list[tuple[float, ...]]:
    count = _count(row)
    if count == 1:
        signs = (1,) if row.name == "sqrt" else (1, -1)
        return [(sign * size,) for size in SIZES for sign in signs]
    draw = random.Random(row.name)
    if row.name == "binary_cross_entropy":  # a target is a share, else its two terms may cancel
        return [(p, t) for p in SIZES if p < 1 for t in (0.0, 1e-300, 0.25, 0.5, 0.9, 1.0)]
    if row.name == "power":  # its slope along a base below 1e-300 may overflow under tiny exponents
        bases = [size for size in SIZES if size > 1e-300]
        return [(draw.choice(bases), draw.choice((1, -1)) * draw.choice(SIZES)) for _ in range(200)]
    return [
        tuple(draw.choice((1, 1, -1)) * draw.choice(SIZES) for _ in range(count)) for _ in range(70)
    ]


def _judged(row: Operation, what: str, point: Any, found: Any, true: Any, share: float) -> None:
    """Assert that a number is the true one to `share`, or that both are beyond float64."""
    beyond = abs(true) > LARGEST
    if isinstance(found, ArithmeticError) or not math.isfinite(found):
        assert beyond, (row.name, what, point, found, EXACT.mp.nstr(true, 10))
        return
    apart = abs(EXACT.mp.mpf(float(found)) - true)
    rooted = row.name in NEAR_A_ROOT and what != "value" and abs(point[0]) < 3
    allowed = share * (1 + abs(true) if rooted else abs(true))
    assert apart <= allowed + 2000 * SMALLEST, (row.name, what, point, found, EXACT.mp.nstr(true, 20))


def _tried(rule: Any, *given: Any, **options: Any) -> Any:
    try:
        return rule(*given, **options)
    except (OverflowError, ZeroDivisionError) as error:
        return error


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_values_and_slopes_are_those_of_mpmath_over_the_whole_range(row: Operation) -> None:
    """Against 420 digits, from the smallest float to the largest: 1e-14, and no false infinity."""
    options: dict[str, Any] = dict(row.options)
    exact_options: dict[str, Any] = {k: EXACT.mp.mpf(v) for k, v in options.items()}
    if row.outputs:
        options["index"] = exact_options["index"] = 0
    compared = 0
    for point in _points(row):
        operands = [EXACT.mp.mpf(x) for x in point]
        try:
            if row.name == "divide":
                true = EXACT.divide(*operands)
            else:
                true = EXACT.mp.mpf(row.forward(EXACT, *operands, **exact_options))
        except (Undefined, Unreachable, ZeroDivisionError):
            continue
        value = _tried(row.value, SCALAR, *point, **options)
        _judged(row, "value", point, value, true, 1e-14)
        compared += 1
        if isinstance(value, ArithmeticError) or not math.isfinite(value):
            continue
        for slot in range(len(point)):
            try:
                slope = EXACT.mp.mpf(row.partial(slot)(EXACT, true, *operands, **exact_options))
            except (Undefined, Unreachable, ZeroDivisionError):
                continue
            found = _tried(row.slope(slot), SCALAR, value, *point, **options)
            share = 2e-13 if row.name == "power" else 1e-14  # b − 1 is rounded
            _judged(row, f"slope {slot}", point, found, slope, share)
    assert compared >= 5
