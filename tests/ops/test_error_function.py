"""The error function to many bits, beside mpmath's."""

from __future__ import annotations

import random

import pytest
from mpmath import libmp

from backprop_tutor import equivalent
from backprop_tutor.ops.error_function import long_erf


@pytest.mark.parametrize("bits", [64, 300, 1000, 2500])
def test_as_mpmath(bits: int) -> None:
    """Numbers of both signs from 1e-18 to 60, of all bits, agree to one unit of the last bit."""
    draw = random.Random(bits)
    for _ in range(40):
        size = draw.choice([draw.uniform(0.1, 6), draw.uniform(0, 60), 10 ** draw.uniform(-18, 1.5)])
        x = libmp.mpf_div(libmp.from_float(draw.choice([-1, 1]) * size), libmp.mpf_sqrt(libmp.ftwo, bits), bits)
        mine, theirs = long_erf(x, bits), libmp.mpf_erf(x, bits + 200, "n")
        off = libmp.mpf_sub(mine, theirs, 53)
        unit = theirs[2] + theirs[3] - bits
        assert not off[1] or off[2] + off[3] <= unit, libmp.to_str(x, 20)


def test_formulas_that_differ_far_out() -> None:
    """gelu(6/x) and 6/x differ by less than any float64 where x is small, and are told apart."""
    found = equivalent("gelu(6/min(10, x))", "3/x")
    assert not found.equal
    assert str(found) == "the formulas differ: at x = 2 the expected one is 2.99595, the other 1.5"
