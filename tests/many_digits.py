"""A kernel of mpmath's numbers with as many digits as are asked for, as a judge of the table's rules.

What has no real value raises `Undefined`; what is larger than an exponent of fifty bits raises
`Unreachable`. Numbers never overflow or underflow before that.
"""


from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath

__all__ = ["Precise", "Undefined", "Unreachable"]

_LARGEST_POWER = 2**50
_LARGEST_ANGLE = 2**400


class Undefined(ArithmeticError):
    """No real value: a division by zero, the log of a number that is not positive."""


class Unreachable(ArithmeticError):
    """A number beyond what is computed here."""


class Precise:
    """The kernel of mpmath's numbers at one precision, in decimal digits.

    A negative number within the noise of the precision counts as 0 under a root, and an exponent
    that near to a whole number as whole: `x^(3·(1/3))` is x.
    """

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.mp: Any = mpmath.MPContext()
        self.mp.dps = digits
        self.noise = self.mp.mpf(10) ** -(digits - 10)
        self.small = self.mp.mpf(10) ** -(digits // 2)
        number = self.mp.mpf
        self.one = self.mp.one
        self.pi, self.e = +self.mp.pi, +self.mp.e
        self.ln2, self.ln10 = self.mp.ln(2), self.mp.ln(10)
        self.sqrt2, self.sqrt_pi = self.mp.sqrt(number(2)), self.mp.sqrt(self.mp.pi)

    def number(self, value: Fraction | str | float) -> Any:
        """Return a constant at this precision."""
        if isinstance(value, str):
            return self.pi if value == "pi" else self.e
        if isinstance(value, float):
            return self.mp.mpf(value)
        if value.denominator == 1:
            return self.mp.mpf(value.numerator)
        return self.mp.mpf(value.numerator) / value.denominator

    def divide(self, a: Any, b: Any) -> Any:
        """Return a/b."""
        if not b:
            raise Undefined
        return a / b

    def exp(self, a: Any) -> Any:
        """Return e to the power a."""
        if abs(a) > _LARGEST_POWER:
            if a < 0:
                return self.mp.zero
            raise Unreachable
        return self.mp.exp(a)

    def log(self, a: Any) -> Any:
        """Return the natural logarithm."""
        if a <= 0:
            raise Undefined
        return self.mp.ln(a)

    def log2(self, a: Any) -> Any:
        """Return the logarithm to base 2."""
        return self.log(a) / self.ln2

    def log10(self, a: Any) -> Any:
        """Return the logarithm to base 10."""
        return self.log(a) / self.ln10

    def log1p(self, a: Any) -> Any:
        """Return log(1 + a)."""
        if a <= -1:
            raise Undefined
        return self.mp.log1p(a)

    def expm1(self, a: Any) -> Any:
        """Return exp(a) - 1."""
        return self.mp.expm1(a) if abs(a) < 1 else self.exp(a) - 1

    def sqrt(self, a: Any) -> Any:
        """Return the square root."""
        if a < 0:
            if -a > self.small:
                raise Undefined
            return self.mp.zero
        return self.mp.sqrt(a)

    def cbrt(self, a: Any) -> Any:
        """Return the real cube root."""
        return -self.mp.cbrt(-a) if a < 0 else self.mp.cbrt(a)

    def absolute(self, a: Any) -> Any:
        """Return |a|."""
        return abs(a)

    def sign(self, a: Any) -> Any:
        """Return -1, 0 or 1."""
        return self.mp.mpf((a > 0) - (a < 0))

    def _angle(self, a: Any) -> Any:
        if abs(a) > _LARGEST_ANGLE:
            raise Unreachable
        return a

    def sin(self, a: Any) -> Any:
        """Return the sine."""
        return self.mp.sin(self._angle(a))

    def cos(self, a: Any) -> Any:
        """Return the cosine."""
        return self.mp.cos(self._angle(a))

    def tan(self, a: Any) -> Any:
        """Return the tangent; none within the noise of a pole."""
        out = self.mp.tan(self._angle(a))
        if abs(out) * self.small > 1:
            raise Undefined
        return out

    def _ratio(self, a: Any) -> Any:
        if abs(a) > 1:
            if abs(a) - 1 > self.small:
                raise Undefined
            return self.mp.mpf(1 if a > 0 else -1)
        return a

    def asin(self, a: Any) -> Any:
        """Return the inverse sine."""
        return self.mp.asin(self._ratio(a))

    def acos(self, a: Any) -> Any:
        """Return the inverse cosine."""
        return self.mp.acos(self._ratio(a))

    def atan(self, a: Any) -> Any:
        """Return the inverse tangent."""
        return self.mp.atan(a)

    def _moderate(self, a: Any) -> Any:
        if abs(a) > _LARGEST_POWER:
            raise Unreachable
        return a

    def sinh(self, a: Any) -> Any:
        """Return the hyperbolic sine."""
        return self.mp.sinh(self._moderate(a))

    def cosh(self, a: Any) -> Any:
        """Return the hyperbolic cosine."""
        return self.mp.cosh(self._moderate(a))

    def tanh(self, a: Any) -> Any:
        """Return the hyperbolic tangent."""
        if abs(a) > 4 * self.digits:
            return self.sign(a)
        return self.mp.tanh(a)

    def asinh(self, a: Any) -> Any:
        """Return the inverse hyperbolic sine."""
        return self.mp.asinh(a)

    def acosh(self, a: Any) -> Any:
        """Return the inverse hyperbolic cosine."""
        if a < 1:
            if 1 - a > self.small:
                raise Undefined
            return self.mp.zero
        return self.mp.acosh(a)

    def atanh(self, a: Any) -> Any:
        """Return the inverse hyperbolic tangent."""
        if abs(a) >= 1:
            raise Undefined
        return self.mp.atanh(a)

    def erf(self, a: Any) -> Any:
        """Return the error function."""
        if abs(a) > 4 * self.digits:
            return self.sign(a)
        return self.mp.erf(a)

    def sigmoid(self, a: Any) -> Any:
        """Return 1/(1 + exp(-a))."""
        if a >= 0:
            return 1 / (1 + self.exp(-a))
        share = self.exp(a)
        return share / (1 + share)

    def softplus(self, a: Any) -> Any:
        """Return log(1 + exp(a))."""
        return max(a, self.mp.zero) + self.mp.log1p(self.exp(-abs(a)))

    def softmax(self, index: int, *scores: Any) -> Any:
        """Return the share of one score."""
        top = max(scores)
        shares = [self.exp(z - top) for z in scores]
        return shares[int(index)] / self.mp.fsum(shares)

    def power(self, a: Any, b: Any) -> Any:
        """Return a**b over the reals."""
        b = b if isinstance(b, self.mp.mpf) else self.mp.mpf(b)
        whole = self.mp.nint(b)
        if abs(b - whole) <= self.noise * max(1, abs(b)):
            b = whole
        if not a:
            if b < 0:
                raise Undefined
            return self.mp.mpf(1 if not b else 0)
        if a < 0 and b != whole:
            raise Undefined
        size = abs(b) * (abs(self.mp.mag(a)) + 1)
        if size > _LARGEST_POWER:
            raise Unreachable
        return a ** int(whole) if b == whole else self.mp.power(a, b)

    def maximum(self, a: Any, b: Any) -> Any:
        """Return the larger."""
        return a if a >= b else b

    def minimum(self, a: Any, b: Any) -> Any:
        """Return the smaller."""
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
        """Return a where the condition holds, else b."""
        return self.mp.mpf(a) if condition else self.mp.mpf(b)

    guard = where
