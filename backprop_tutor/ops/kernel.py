"""What an operation's rule may call: the vocabulary of a kernel, and the SCALAR kernel.

A rule in `OPS` is written once, as `lambda k, a, b: ...`, with Python's arithmetic operators and
the functions of a kernel `k`. The same rule then runs

* on exact fractions and floats with `SCALAR` (this file, only the `math` module),
* on arrays with `NUMPY` (`numpy_kernel.py`),
* on SymPy's expressions with `SYMPY` (`sympy_kernel.py`),

and on whatever else brings a kernel of the same vocabulary (trees, tensors, mpmath numbers).

Two habits keep a rule good on all of them: its constants are `int`s or the kernel's own
(`k.pi`, `k.ln2`; `k.one` over a whole number where the fraction has no operand), never
`Fraction` or `0.5`; and it halves by `/ 2`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

from .tails import gaussian_curve, normal_share

__all__ = ["EXACT_BITS", "SCALAR", "Kernel", "Number", "Scalar", "exact", "plain"]

Number = int | float | Fraction
"""A number as a user sees it; whole numbers are `int`, other exact ones `Fraction`."""

EXACT_BITS = 1024
"""Exact results keep at most this many bits above or below the fraction bar; longer ones become
float64, so that a number never grows without bound."""


class Kernel(Protocol):
    """The functions that rules may call. Operands are the kernel's own numbers throughout.

    `where(c, a, b)` chooses by a condition made by `greater`, `less` or `equal`;
    `guard(c, a, b)` does too, but says that `c` is an isolated exception: kernels that write
    formulas show `b` alone.

    The last group serves the `precise` and `accurate` forms of rows, which run on numbers alone
    (single ones, arrays, JavaScript's, mpmath's).
    """

    one: Any
    pi: Any
    ln2: Any
    ln10: Any
    sqrt2: Any
    sqrt_pi: Any

    def exp(self, a: Any) -> Any: ...
    def log(self, a: Any) -> Any: ...
    def log2(self, a: Any) -> Any: ...
    def log10(self, a: Any) -> Any: ...
    def log1p(self, a: Any) -> Any: ...
    def expm1(self, a: Any) -> Any: ...
    def sqrt(self, a: Any) -> Any: ...
    def cbrt(self, a: Any) -> Any: ...
    def absolute(self, a: Any) -> Any: ...
    def sign(self, a: Any) -> Any: ...
    def sin(self, a: Any) -> Any: ...
    def cos(self, a: Any) -> Any: ...
    def tan(self, a: Any) -> Any: ...
    def asin(self, a: Any) -> Any: ...
    def acos(self, a: Any) -> Any: ...
    def atan(self, a: Any) -> Any: ...
    def sinh(self, a: Any) -> Any: ...
    def cosh(self, a: Any) -> Any: ...
    def tanh(self, a: Any) -> Any: ...
    def asinh(self, a: Any) -> Any: ...
    def acosh(self, a: Any) -> Any: ...
    def atanh(self, a: Any) -> Any: ...
    def erf(self, a: Any) -> Any: ...
    def sigmoid(self, a: Any) -> Any: ...
    def softplus(self, a: Any) -> Any: ...
    def softmax(self, index: int, *scores: Any) -> Any: ...
    def power(self, a: Any, b: Any) -> Any: ...
    def maximum(self, a: Any, b: Any) -> Any: ...
    def minimum(self, a: Any, b: Any) -> Any: ...
    def greater(self, a: Any, b: Any) -> Any: ...
    def less(self, a: Any, b: Any) -> Any: ...
    def equal(self, a: Any, b: Any) -> Any: ...
    def where(self, condition: Any, a: Any, b: Any) -> Any: ...
    def guard(self, condition: Any, a: Any, b: Any) -> Any: ...

    def normal(self, a: Any) -> Any: ...
    def gaussian(self, a: Any, share: int) -> Any: ...
    def hypot(self, *operands: Any) -> Any: ...
    def total(self, *operands: Any) -> Any: ...
    def average(self, *operands: Any) -> Any: ...
    def logsumexp(self, *scores: Any) -> Any: ...


def exact(number: Number) -> Fraction | float:
    """Return the number as rules want it: a `Fraction` where it is exact, else a `float`."""
    if isinstance(number, float):
        return number
    return bounded(Fraction(number))


def plain(number: Fraction | float | int) -> Number:
    """Return the number as users see it: an `int` where it is whole and exact.

    >>> plain(Fraction(6, 2)), plain(Fraction(1, 3)), plain(2.0)
    (3, Fraction(1, 3), 2.0)
    """
    if isinstance(number, Fraction) and number.denominator == 1:
        return number.numerator
    return number


def bounded(number: Fraction | float) -> Fraction | float:
    """Return the number, as a float where its exact form is longer than `EXACT_BITS`.

    Raises:
        OverflowError: beyond the range of float64.
    """
    if isinstance(number, float):
        return number
    if (
        number.numerator.bit_length() > EXACT_BITS
        or number.denominator.bit_length() > EXACT_BITS
    ):
        return float(number)
    return number


def real_power(base: float, exponent: float) -> float:
    """Return base**exponent over the reals.

    Raises:
        ValueError: a negative base under an exponent that is not whole.
        ZeroDivisionError: zero under a negative exponent.
        OverflowError: beyond the range of float64.
    """
    if base == 0 and exponent < 0:
        raise ZeroDivisionError("zero to a negative power")
    return math.pow(base, exponent)


def _lost(a: Any, b: Any) -> Any:
    """Return what rounding takes from the difference of two numbers (Knuth's TwoSum)."""
    if a.__class__ is not float or b.__class__ is not float:
        return 0
    found = a - b
    shift = found - a
    lost = (a - (found - shift)) - (b + shift)
    return lost if abs(lost) < 1 else 0


def nearest_float(a: Any) -> float:
    """Return a number as a float, an infinity where it is beyond the range of float64."""
    try:
        return float(a)
    except OverflowError:
        return math.inf if a > 0 else -math.inf


class Scalar:
    """The kernel of single numbers: exact on fractions where the result is, float64 elsewhere."""

    one = Fraction(1)
    pi: float = math.pi
    ln2: float = math.log(2.0)
    ln10: float = math.log(10.0)
    sqrt2: float = math.sqrt(2.0)
    sqrt_pi: float = math.sqrt(math.pi)

    log2: Callable[..., Any] = staticmethod(math.log2)
    log10: Callable[..., Any] = staticmethod(math.log10)
    expm1: Callable[..., Any] = staticmethod(math.expm1)
    sqrt: Callable[..., Any] = staticmethod(math.sqrt)
    cbrt: Callable[..., Any] = staticmethod(math.cbrt)
    absolute: Callable[..., Any] = staticmethod(abs)
    sin: Callable[..., Any] = staticmethod(math.sin)
    cos: Callable[..., Any] = staticmethod(math.cos)
    tan: Callable[..., Any] = staticmethod(math.tan)
    asin: Callable[..., Any] = staticmethod(math.asin)
    acos: Callable[..., Any] = staticmethod(math.acos)
    atan: Callable[..., Any] = staticmethod(math.atan)
    sinh: Callable[..., Any] = staticmethod(math.sinh)
    cosh: Callable[..., Any] = staticmethod(math.cosh)
    tanh: Callable[..., Any] = staticmethod(math.tanh)
    asinh: Callable[..., Any] = staticmethod(math.asinh)
    acosh: Callable[..., Any] = staticmethod(math.acosh)
    atanh: Callable[..., Any] = staticmethod(math.atanh)
    erf: Callable[..., Any] = staticmethod(math.erf)
    hypot: Callable[..., Any] = staticmethod(math.hypot)

    def exp(self, a: Any) -> float:
        """Return e to the power a; 0 for an exact number far below any float."""
        return math.exp(a if a.__class__ is float else nearest_float(a))

    def log(self, a: Any) -> float:
        """Return the natural logarithm, with all digits of exact numbers near 1."""
        if isinstance(a, Fraction) and 1 < 2 * a < 4:
            return math.log1p(a - 1)
        return math.log(a)

    def log1p(self, a: Any) -> float:
        """Return log(1 + a), with all digits of exact numbers near −1."""
        if isinstance(a, Fraction) and a > -1 and 2 * a < -1:
            return math.log(1 + a)
        return math.log1p(a)

    def normal(self, a: Any) -> float:
        """Return the share of the normal distribution below a, (1 + erf(a/√2))/2."""
        return float(normal_share(max(-60.0, min(60.0, nearest_float(a))), math.erfc, math.exp))

    def gaussian(self, a: Any, share: int) -> float:
        """Return exp(−a²/share)."""
        x = min(60.0, abs(nearest_float(a)))
        return float(gaussian_curve(x, share, math.floor, math.exp))

    def total(self, *operands: Any) -> Any:
        """Return the sum, rounded once; exact where all operands are."""
        found = sum(map(Fraction, operands))
        return float(found) if any(a.__class__ is float for a in operands) else Fraction(found)

    def average(self, *operands: Any) -> Any:
        """Return the mean, rounded once; exact where all operands are."""
        found = sum(map(Fraction, operands)) / Fraction(len(operands))
        return float(found) if any(a.__class__ is float for a in operands) else found

    def sign(self, a: Any) -> Any:
        """Return -1, 0 or 1."""
        return Fraction((a > 0) - (a < 0)) if isinstance(a, Fraction) else float((a > 0) - (a < 0))

    def sigmoid(self, a: Any) -> float:
        """Return 1/(1 + exp(-a)) without overflow."""
        z = nearest_float(a)
        if z >= 0:
            return 1.0 / (1.0 + math.exp(-z))
        e = math.exp(z)
        return e / (1.0 + e)

    def softplus(self, a: Any) -> float:
        """Return log(1 + exp(a)) without overflow."""
        z = nearest_float(a)
        return max(z, 0.0) + math.log1p(math.exp(-abs(z)))

    def softmax(self, index: int, *scores: Any) -> float:
        """Return the share of one score, exp(z_index) / Σ exp(z), without overflow."""
        top = max(scores)
        shares = [self.exp(z - top) * (1 + _lost(z, top)) for z in scores]
        return float(shares[index] / math.fsum(shares))

    def logsumexp(self, *scores: Any) -> float:
        """Return log Σ exp(z) without overflow, the largest score taken out of the logarithm."""
        top = max(range(len(scores)), key=scores.__getitem__)
        rest = [self.exp(z - scores[top]) for i, z in enumerate(scores) if i != top]
        return float(scores[top]) + math.log1p(math.fsum(rest))

    def power(self, a: Any, b: Any) -> Any:
        """Return a**b, exact for a fraction under a whole exponent while it is short."""
        if isinstance(b, int):
            b = Fraction(b)
        if isinstance(a, Fraction) and isinstance(b, Fraction) and b.denominator == 1:
            size = max(abs(a.numerator).bit_length(), a.denominator.bit_length())
            if abs(a) in (0, 1) or (size - 1) * abs(b.numerator) <= EXACT_BITS:
                return a ** int(b)
        return real_power(float(a), float(b))

    def maximum(self, a: Any, b: Any) -> Any:
        """Return the larger of the two."""
        return a if a >= b else b

    def minimum(self, a: Any, b: Any) -> Any:
        """Return the smaller of the two."""
        return a if a <= b else b

    def greater(self, a: Any, b: Any) -> bool:
        """Return whether a > b."""
        return bool(a > b)

    def less(self, a: Any, b: Any) -> bool:
        """Return whether a < b."""
        return bool(a < b)

    def equal(self, a: Any, b: Any) -> bool:
        """Return whether a == b."""
        return bool(a == b)

    def where(self, condition: bool, a: Any, b: Any) -> Any:
        """Return a where the condition holds, else b; integers become exact fractions."""
        chosen = a if condition else b
        return Fraction(chosen) if isinstance(chosen, int) else chosen

    guard = where


SCALAR: Kernel = Scalar()
