"""The SYMPY kernel: the operations' rules on SymPy's expressions. The one place that says what
an operation *is* in SymPy's terms; derivatives of these definitions prove the table's slopes.

Everything enters as a SymPy object, never as text. Importing this module imports SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair

__all__ = ["SYMPY", "Symbols", "TooLong", "choice", "power"]

_MOST_BITS = 100_000
"""A power of rational numbers has at most as many bits; SymPy would write all of 2^(10^9) out."""


class TooLong(ArithmeticError):
    """A power of numbers has more digits than SymPy is asked to write out."""


def power(a: Any, b: Any) -> Any:
    """Return a**b; SymPy writes the powers of rational numbers out, also of those within products.

    Raises:
        TooLong: such a power has more than 100,000 bits.
    """
    for factor in sp.Mul.make_args(a):
        base, inner = factor.as_base_exp()
        times = inner * b
        if base.is_Rational and base.is_finite and times.is_Rational:
            _looked_at(base, times)
    return sp.Pow(a, b)


def _exponential(a: Any) -> Any:
    """Return exp(a), which SymPy makes a power where a is a multiple of a number's logarithm.

    Raises:
        TooLong: such a power has more than 100,000 bits.
    """
    for term in sp.Add.make_args(a):
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, sp.log) and factor.args[0].is_Rational:
                times = term / factor
                if times.is_Rational:
                    _looked_at(factor.args[0], times)
    return sp.exp(a)


def _looked_at(base: Any, times: Any) -> None:
    bits = max(abs(base.p), base.q).bit_length()
    if abs(base) != 1 and abs(times) * bits > _MOST_BITS:
        raise TooLong(f"a power of more than {_MOST_BITS:,} bits")


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

    exp: Callable[..., Any] = staticmethod(_exponential)
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
        return power(a, b)

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
