"""Elementary functions of balls: exp and log, roots, waves, hyperbolic functions and erf.

What certainly has no real value raises `Undefined`; what is too large even for an exponent of four
hundred bits, or has no digit that is known, raises `Unreachable`. A root or an inverse sine on the
edge of its domain within the bound counts as inside.

Bounds follow the mean value theorem: a function's slope, at most, times the bound of its argument.
Where a function hardly depends on its argument any more, as tanh(500), or only along a straight line,
as sin(1e-90), the bits it takes to see more are told to the `Precision`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mpmath import libmp

from .balls import BEYOND, Ball, Precision, Raw, Undefined, Unreachable, top
from .error_function import long_erf

__all__ = ["LARGEST", "ROOM", "Elementary"]

LARGEST = 400
"""Exponents of more than so many bits are not computed."""

_LARGEST_ANGLE = 4000
"""Angles of more than so many bits are not computed; of every float64 the sine is known."""

_ROUNDED = 4.0
"""A function of mpmath's is off by at most so many units of the last bit; in practice by one."""

ROOM = 0.25


class Elementary:
    """Functions of balls of so many bits; its `precision` tells what was lost.

    A number is a `Ball`; what an operation's rule writes as a plain number becomes an exact one.
    """

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.precision: Precision = Precision(bits)
        self.one: Ball = Ball(self.precision, libmp.fone)
        self.nothing: Ball = Ball(self.precision, libmp.fzero)
        self.pi: Ball = self._made(libmp.mpf_pi(bits))
        self.e: Ball = self._made(libmp.mpf_e(bits))
        self.ln2: Ball = self._made(libmp.mpf_ln2(bits))
        self.ln10: Ball = self._made(libmp.mpf_ln10(bits))
        self.sqrt2: Ball = self.sqrt(self.ball(2))
        self.sqrt_pi: Ball = self.sqrt(self.pi)

    def _made(self, raw: Raw, units: float = 1.0) -> Ball:
        return Ball(self.precision, raw, units)

    def ball(self, value: Any) -> Ball:
        """Return a number as a ball; `"pi"` and `"e"` are the constants."""
        if isinstance(value, Ball):
            return value
        if isinstance(value, str):
            return self.pi if value == "pi" else self.e
        if isinstance(value, int | float | Fraction):
            return self.precision.exact(value)
        return self.precision.exact(float(value))

    def _mapped(self, raw: Raw, a: Ball, slope: float = 1.0, power: int = 0) -> Ball:
        """Return a function's value, its slope over the ball being at most slope · 2^power."""
        out = Ball(self.precision, raw, _ROUNDED if raw[1] else 0.0)
        if a.units:
            return out.widened(a.units * slope, a.place + power)
        return out

    def _unknown(self) -> Ball:
        """Return the ball from -1 to 1, of which no digit is known."""
        self.precision.lost(BEYOND)
        return Ball(self.precision, libmp.fzero, 1.0, self.bits)

    def exp(self, a: Any) -> Ball:
        """Return e to the power a."""
        a = self.ball(a)
        if not a.raw[1] and not a.units:
            return self.one
        if a.size() > LARGEST:
            if a.side >= 0:
                raise Unreachable
            # Somewhere from 0 to 2^-(2^390), nobody knows where.
            self.precision.lost(BEYOND)
            return Ball(self.precision, libmp.fzero, 1.0, -(2 ** (LARGEST - 10)))
        if _wide(a):
            raise Unreachable
        if a.raw[1]:
            self.precision.lost(-top(a.raw))
        raw = libmp.mpf_exp(a.raw, self.bits, "n")
        return self._mapped(raw, a, 1.3, top(raw))

    def log(self, a: Any) -> Ball:
        """Return the natural logarithm."""
        a = self.ball(a)
        if a.side <= 0:
            if a.side < 0 or a.zero:
                raise Undefined
            raise Unreachable
        spread = a.spread()
        if spread > ROOM:
            raise Unreachable
        raw = libmp.mpf_log(a.raw, self.bits, "n")
        out = Ball(self.precision, raw, _ROUNDED if raw[1] else 0.0)
        if not a.units:
            return out
        units, place = a.relative()
        return out.widened(1.4 * units, place)

    def log2(self, a: Any) -> Ball:
        """Return the logarithm to base 2."""
        return self.log(a) / self.ln2

    def log10(self, a: Any) -> Ball:
        """Return the logarithm to base 10."""
        return self.log(a) / self.ln10

    def log1p(self, a: Any) -> Ball:
        """Return log(1 + a), with the digits of a small a."""
        a = self.ball(a)
        if a.size() >= -2:
            return self.log(1 + a)
        return self._near_zero(a, lambda x, bits: libmp.mpf_log(libmp.mpf_add(libmp.fone, x), bits), 1)

    def expm1(self, a: Any) -> Ball:
        """Return exp(a) - 1, with the digits of a small a."""
        a = self.ball(a)
        if a.size() >= -2:
            return self.exp(a) - 1
        return self._near_zero(
            a, lambda x, bits: libmp.mpf_sub(libmp.mpf_exp(x, 2 * bits), libmp.fone, bits), 1
        )

    def _near_zero(self, a: Ball, rule: Callable[[Raw, int], Raw], order: int) -> Ball:
        """Return f(a) of slope 1 at 0 for a small a; beyond the bits only the straight line is seen."""
        if a.zero:
            return a
        if not a.raw[1]:
            return self._mapped(libmp.fzero, a, 1.4)
        below = -top(a.raw)
        self.precision.lost(order * below)
        if order * below > self.bits:
            return Ball(self.precision, a.raw, a.units * 1.4 + _ROUNDED, max(a.place, top(a.raw)))
        return self._mapped(libmp.mpf_pos(rule(a.raw, self.bits + 20), self.bits, "n"), a, 1.4)

    def sqrt(self, a: Any) -> Ball:
        """Return the square root; of what is 0 within its bound, near 0."""
        a = self.ball(a)
        if a.side < 0:
            raise Undefined
        spread = a.spread()
        if spread > ROOM:
            size = a.size()
            raw = libmp.fzero if a.raw[0] else libmp.mpf_sqrt(a.raw, self.bits, "n")
            return Ball(self.precision, raw, 1.5, (size + 1) // 2 + self.bits)
        raw = libmp.mpf_sqrt(a.raw, self.bits, "n")
        if not a.units and libmp.mpf_mul(raw, raw) == a.raw:
            return Ball(self.precision, raw)
        return self._relative(raw, a)

    def _relative(self, raw: Raw, a: Ball, times: float = 1.0) -> Ball:
        """Return a number whose bound is so many times that of `a`, each as a share of its size."""
        out = Ball(self.precision, raw, _ROUNDED)
        if not a.units:
            return out
        units, place = a.relative()
        return out.widened(units * times, place + top(raw))

    def cbrt(self, a: Any) -> Ball:
        """Return the real cube root."""
        a = self.ball(a)
        size = libmp.mpf_abs(a.raw)
        spread = a.spread()
        if spread > ROOM:
            return Ball(self.precision, libmp.fzero, 1.5, (a.size() + 2) // 3 + self.bits)
        raw = libmp.mpf_cbrt(size, self.bits, "n")
        if a.raw[0]:
            raw = libmp.mpf_neg(raw)
        if not a.units and libmp.mpf_pow_int(raw, 3, 4 * self.bits) == a.raw:
            return Ball(self.precision, raw)
        return self._relative(raw, a)

    def sin(self, a: Any) -> Ball:
        """Return the sine."""
        return self._wave(a, libmp.mpf_sin)

    def cos(self, a: Any) -> Ball:
        """Return the cosine."""
        a = self.ball(a)
        if a.raw[1]:
            self.precision.lost(-2 * top(a.raw))
        return self._wave(a, libmp.mpf_cos)

    def _wave(self, a: Any, rule: Any) -> Ball:
        a = self.ball(a)
        if a.size() > _LARGEST_ANGLE or _wide(a):
            return self._unknown()
        if rule is libmp.mpf_sin and a.raw[1]:
            self.precision.lost(-2 * top(a.raw))
        return self._mapped(rule(a.raw, self.bits, "n"), a)

    def tan(self, a: Any) -> Ball:
        """Return the tangent; none is known within the bound of a pole."""
        return self.sin(a) / self.cos(a)

    def _ratio(self, a: Any) -> tuple[Ball, Ball]:
        """Return the ratio and its distance from ±1, which is not negative."""
        a = self.ball(a)
        left = 1 - abs(a)
        if left.side < 0:
            raise Undefined
        return a, left

    def asin(self, a: Any) -> Ball:
        """Return the inverse sine."""
        a, left = self._ratio(a)
        if a.raw[1]:
            self.precision.lost(-2 * top(a.raw))
        if left.spread() > ROOM:
            # At the end: within √(2·distance)·1.2 of ±π/2.
            end = self.pi / 2 if not a.raw[0] else -self.pi / 2
            return end.widened(4.0, (left.size() + 1) // 2 + self.bits)
        raw = libmp.mpf_asin(a.raw, self.bits, "n")
        return self._mapped(raw, a, 1.5, (1 - top(left.raw)) // 2 + 1)

    def acos(self, a: Any) -> Ball:
        """Return the inverse cosine."""
        return self.pi / 2 - self.asin(a)

    def atan(self, a: Any) -> Ball:
        """Return the inverse tangent."""
        a = self.ball(a)
        if not a.raw[1]:
            return self._mapped(libmp.fzero, a)
        high = top(a.raw)
        self.precision.lost(-2 * high)
        self.precision.lost(high)
        if a.spread() > 0.5:
            return self._mapped(libmp.mpf_atan(a.raw, self.bits, "n"), a)
        return self._mapped(
            libmp.mpf_atan(a.raw, self.bits, "n"), a, 1.0, min(0, 4 - 2 * high)
        )

    def sinh(self, a: Any) -> Ball:
        """Return the hyperbolic sine."""
        a = self.ball(a)
        if a.size() < -2:
            return self._near_zero(a, lambda x, bits: libmp.mpf_sinh(x, bits, "n"), 2)
        up, down = self.exp(a), self.exp(-a)
        return (up - down) / 2

    def cosh(self, a: Any) -> Ball:
        """Return the hyperbolic cosine."""
        a = self.ball(a)
        if a.raw[1]:
            self.precision.lost(-2 * top(a.raw))
        return (self.exp(a) + self.exp(-a)) / 2

    def tanh(self, a: Any) -> Ball:
        """Return the hyperbolic tangent."""
        a = self.ball(a)
        if a.size() < -2:
            return self._near_zero(a, lambda x, bits: libmp.mpf_tanh(x, bits, "n"), 2)
        if a.side == 0:
            if a.size() > 2:
                return self._unknown()
            return self._mapped(libmp.mpf_tanh(a.raw, self.bits, "n"), a)
        fall = self.exp(-2 * abs(a))
        out: Ball = (1 - fall) / (1 + fall)
        return out if a.side > 0 else -out

    def asinh(self, a: Any) -> Ball:
        """Return the inverse hyperbolic sine."""
        a = self.ball(a)
        if a.size() < -2:
            return self._near_zero(a, _asinh, 2)
        if a.side == 0:
            size = libmp.mpf_add(libmp.mpf_mul(a.raw, a.raw), libmp.fone, self.bits, "n")
            total = libmp.mpf_add(
                libmp.mpf_abs(a.raw), libmp.mpf_sqrt(size, self.bits, "n"), self.bits, "n"
            )
            out = self._mapped(libmp.mpf_log(total, self.bits, "n"), a)
            return -out if a.raw[0] else out
        size = abs(a)
        value: Ball = self.log(size + self.sqrt(size * size + 1))
        return value if a.side > 0 else -value

    def acosh(self, a: Any) -> Ball:
        """Return the inverse hyperbolic cosine; of what is 1 within its bound, near 0."""
        past = self.ball(a) - 1
        return self.log1p(past + self.sqrt(past * (past + 2)))

    def atanh(self, a: Any) -> Ball:
        """Return the inverse hyperbolic tangent."""
        a = self.ball(a)
        if a.size() < -2:
            return self._near_zero(a, _atanh, 2)
        value: Ball = (self.log1p(a) - self.log1p(-a)) / 2
        return value

    def erf(self, a: Any) -> Ball:
        """Return the error function."""
        a = self.ball(a)
        if a.size() < -2:
            if a.raw[1]:
                self.precision.lost(-2 * top(a.raw))
            return self._mapped(self._erf(a.raw), a, 1.2)
        far = a.size() > 40 or self._square(a) * 1.4427 > self.bits + 40
        if a.side and a.raw[1] and far and a.spread() < ROOM:
            self.precision.lost(BEYOND if a.size() > 40 else int(self._square(a) * 1.4427))
            return self.ball(a.side).widened(1.0, 0)
        if a.size() > 40:
            return self._unknown()
        self.precision.lost(int(self._square(a) * 1.4427))
        return self._mapped(self._erf(a.raw), a, 1.2)

    def _erf(self, raw: Raw) -> Raw:
        # mpmath's series has terms of both signs, and takes seconds for thousands of bits.
        short = self.bits < 400 or not raw[1]
        return libmp.mpf_erf(raw, self.bits, "n") if short else long_erf(raw, self.bits)

    def _square(self, a: Ball) -> float:
        size = libmp.to_float(a.raw)
        return float(size * size)


def _wide(a: Ball) -> bool:
    """Return whether a ball's bound is too wide for an angle or an exponent."""
    return bool(a.units) and a.place - a.k.bits + math.frexp(a.units)[1] > -2


def _asinh(x: Raw, bits: int) -> Raw:
    raw: Raw = libmp.mpf_asinh(x, bits, "n")
    return raw


def _atanh(x: Raw, bits: int) -> Raw:
    raw: Raw = libmp.mpf_atanh(x, bits, "n")
    return raw
