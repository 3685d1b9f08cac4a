"""The SYMPY kernel: the operations' rules on SymPy's expressions. The one place that says what
an operation *is* in SymPy's terms; derivatives of these definitions prove the table's slopes.

Everything enters as a SymPy object, never as text. Importing this module imports SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair

__all__ = ["SYMPY", "Symbols", "choice"]


def choice(*pieces: tuple[Any, Any]) -> Any:
    """Return a choice between pieces `(expression, condition)`, as it stands.

    SymPy's own constructor compares and folds the pieces' formulas, which takes exponentially long
    for nested choices and fails for complex ones; the object is the same.
    """
    pairs = (
        sp.Tuple.__new__(ExprCondPair, sp.S(piece), sp.S(condition)) for piece, condition in pieces
    )
    return sp.Basic.__new__(sp.Piecewise, *pairs)


def _compared(relation: Any) -> Any:
    def compare(a: Any, b: Any) -> Any:
        return relation(a, b, evaluate=False)

    return staticmethod(compare)


class Symbols:
    """The kernel of SymPy's expressions, over the reals."""

    one: Any = sp.Integer(1)
    pi = sp.pi
    ln2: Any = sp.log(2)
    ln10: Any = sp.log(10)
    sqrt2: Any = sp.sqrt(2)
    sqrt_pi: Any = sp.sqrt(sp.pi)

    exp: Callable[..., Any] = staticmethod(sp.exp)
    log: Callable[..., Any] = staticmethod(sp.log)
    sqrt: Callable[..., Any] = staticmethod(sp.sqrt)
    sin: Callable[..., Any] = staticmethod(sp.sin)
    cos: Callable[..., Any] = staticmethod(sp.cos)
    tan: Callable[..., Any] = staticmethod(sp.tan)
    asin: Callable[..., Any] = staticmethod(sp.asin)
    acos: Callable[..., Any] = staticmethod(sp.acos)
    atan: Callable[..., Any] = staticmethod(sp.atan)
    sinh: Callable[..., Any] = staticmethod(sp.sinh)
    cosh: Callable[..., Any] = staticmethod(sp.cosh)
    tanh: Callable[..., Any] = staticmethod(sp.tanh)
    asinh: Callable[..., Any] = staticmethod(sp.asinh)
    acosh: Callable[..., Any] = staticmethod(sp.acosh)
    atanh: Callable[..., Any] = staticmethod(sp.atanh)
    erf: Callable[..., Any] = staticmethod(sp.erf)
    greater: Callable[..., Any] = _compared(sp.Gt)
    less: Callable[..., Any] = _compared(sp.Lt)
    equal: Callable[..., Any] = _compared(sp.Eq)
    _at_least: Callable[..., Any] = _compared(sp.Ge)

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
        return choice((a**third, self._at_least(a, 0)), (-((-a) ** third), True))

    def absolute(self, a: Any) -> Any:
        """Return |a| over the reals."""
        return choice((a, self.greater(a, 0)), (-a, True))

    def sign(self, a: Any) -> Any:
        """Return -1, 0 or 1."""
        return choice((1, self.greater(a, 0)), (-1, self.less(a, 0)), (0, True))

    def sigmoid(self, a: Any) -> Any:
        """Return 1/(1 + exp(-a))."""
        return 1 / (1 + sp.exp(-a))

    def softplus(self, a: Any) -> Any:
        """Return log(1 + exp(a))."""
        return sp.log(1 + sp.exp(a))

    def softmax(self, index: int, *scores: Any) -> Any:
        """Return the share of one score."""
        return sp.exp(scores[index]) / sp.Add(*(sp.exp(z) for z in scores))

    def logsumexp(self, *scores: Any) -> Any:
        """Return log Σ exp(z)."""
        return sp.log(sp.Add(*(sp.exp(z) for z in scores)))

    def power(self, a: Any, b: Any) -> Any:
        """Return a**b."""
        return sp.Pow(a, b)

    def maximum(self, a: Any, b: Any) -> Any:
        """Return the larger, as a choice between the two."""
        return choice((a, self.greater(a, b)), (b, True))

    def minimum(self, a: Any, b: Any) -> Any:
        """Return the smaller, as a choice between the two."""
        return choice((a, self.less(a, b)), (b, True))

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Return a where the condition holds, else b."""
        return choice((a, condition), (b, True))

    def guard(self, condition: Any, a: Any, b: Any) -> Any:
        """Return the general case."""
        return b


SYMPY = Symbols()
