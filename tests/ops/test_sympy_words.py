"""The SYMPY kernel: each word is the function of its name, in numbers."""

from __future__ import annotations

import pytest
import sympy as sp

from backprop_tutor.ops import SCALAR
from backprop_tutor.ops.sympy_kernel import SYMPY, TooLong, power

ONE_OPERAND = (
    "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt", "absolute", "sign", "sin", "cos", "tan",
    "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "atanh", "erf", "sigmoid", "softplus",
)  # fmt: skip


@pytest.mark.parametrize("name", ONE_OPERAND)
@pytest.mark.parametrize("at", [sp.Rational(1, 3), sp.Rational(4, 7)])
def test_a_word_is_the_function_of_its_name(name: str, at: sp.Rational) -> None:
    """At a number, SymPy's expression has the value that float64's function has."""
    formula = getattr(SYMPY, name)(at)
    found = formula.args[0][0] if isinstance(formula, sp.Piecewise) else formula
    assert float(found) == pytest.approx(getattr(SCALAR, name)(float(at)), rel=1e-14)


@pytest.mark.parametrize(("a", "b"), [(sp.Integer(2), 10**9), (sp.Rational(1, 3), -(10**8)), (2 * sp.Symbol("x"), 10**8), (sp.sqrt(2), 10**9)])
def test_a_power_too_long_is_refused(a: object, b: int) -> None:
    """A power that SymPy would write out with millions of digits is not begun."""
    with pytest.raises(TooLong, match="a power of more than 100,000 bits"):
        power(a, sp.Integer(b))
    with pytest.raises(TooLong):
        SYMPY.exp(10**9 * sp.log(2))
