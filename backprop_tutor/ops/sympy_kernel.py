"""The SYMPY kernel: the operations' rules on SymPy's expressions. The one place that says what
an operation *is* in SymPy's terms; derivatives of these definitions prove the table's slopes.

Everything enters as a SymPy object, never as text. Importing this module imports SymPy.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

__all__ = ["SYMPY", "Symbols"]


def _choice(condition: Any, a: Any, b: Any) -> Any:
    return sp.Piecewise((a, condition), (b, True))


class Symbols:
    """The kernel of SymPy's expressions, over the reals."""

    one = sp.Integer(1)
    pi = sp.pi
    ln2 = sp.log(2)
    ln10 = sp.log(10)
    sqrt2 = sp.sqrt(2)
    sqrt_pi = sp.sqrt(sp.pi)

    exp = staticmethod(sp.exp)
    log = staticmethod(sp.log)
    sqrt = staticmethod(sp.sqrt)
    sin = staticmethod(sp.sin)
    cos = staticmethod(sp.cos)
    tan = staticmethod(sp.tan)
    asin = staticmethod(sp.asin)
    acos = staticmethod(sp.acos)
    atan = staticmethod(sp.atan)
    sinh = staticmethod(sp.sinh)
    cosh = staticmethod(sp.cosh)
    tanh = staticmethod(sp.tanh)
    asinh = staticmethod(sp.asinh)
    acosh = staticmethod(sp.acosh)
    atanh = staticmethod(sp.atanh)
    erf = staticmethod(sp.erf)
    greater = staticmethod(sp.Gt)
    less = staticmethod(sp.Lt)
    equal = staticmethod(sp.Eq)

    def log2(self, a: Any) -> Any:
        """Return the logarithm to base 2."""
        return sp.log(a) / sp.log(2)

    def log10(self, a: Any) -> Any:
        """Return the logarithm to base 10."""
        return sp.log(a) / sp.log(10)

    def log1p(self, a: Any) -> Any:
        """Return log(1 + a)."""
        return sp.log(1 + a)

    def expm1(self, a: Any) -> Any:
        """Return exp(a) - 1."""
        return sp.exp(a) - 1

    def cbrt(self, a: Any) -> Any:
        """Return the real cube root."""
        third = sp.Rational(1, 3)
        return sp.Piecewise((a**third, sp.Ge(a, 0)), (-((-a) ** third), True))

    def absolute(self, a: Any) -> Any:
        """Return |a| over the reals."""
        return sp.Piecewise((a, sp.Gt(a, 0)), (-a, True))

    def sign(self, a: Any) -> Any:
        """Return -1, 0 or 1."""
        return sp.Piecewise((1, sp.Gt(a, 0)), (-1, sp.Lt(a, 0)), (0, True))

    def sigmoid(self, a: Any) -> Any:
        """Return 1/(1 + exp(-a))."""
        return 1 / (1 + sp.exp(-a))

    def softplus(self, a: Any) -> Any:
        """Return log(1 + exp(a))."""
        return sp.log(1 + sp.exp(a))

    def softmax(self, index: int, *scores: Any) -> Any:
        """Return the share of one score."""
        return sp.exp(scores[index]) / sp.Add(*(sp.exp(z) for z in scores))

    def power(self, a: Any, b: Any) -> Any:
        """Return a**b."""
        return sp.Pow(a, b)

    def maximum(self, a: Any, b: Any) -> Any:
        """Return the larger, as a choice between the two."""
        return _choice(sp.Gt(a, b), a, b)

    def minimum(self, a: Any, b: Any) -> Any:
        """Return the smaller, as a choice between the two."""
        return _choice(sp.Lt(a, b), a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Return a where the condition holds, else b."""
        return _choice(condition, a, b)

    def guard(self, condition: Any, a: Any, b: Any) -> Any:
        """Return the general case."""
        return b


SYMPY = Symbols()
