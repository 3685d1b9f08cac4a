"""Balls: real numbers of many digits, each with a bound on its own error, and their arithmetic.

Enters: exact numbers. Leaves: `Ball`s, in which the true number certainly lies. A bound is kept in
units of the last bit that is computed, so that it costs little. What two numbers of very different
size lose when they are added is told to the ball's `Precision`. This file knows no operation of the
table; functions of balls stand in `precise`.

The bounds are those of interval analysis in midpoint and radius form; source: S. M. Rump, "Fast and
parallel interval arithmetic", BIT 39 (1999). mpmath rounds its four operations and roots correctly.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from mpmath import libmp

__all__ = ["BEYOND", "Ball", "Precision", "Undefined", "Unreachable", "top"]

BEYOND = 10**9
"""So many bits are never computed: what needs them cannot be told apart."""

_SPARE = 20
"""A term that is smaller than the last bits by so many places from their end counts as lost."""

Raw = tuple[int, int, int, int]
"""A number as mpmath keeps it: sign, mantissa, exponent, bits of the mantissa."""


class Undefined(ArithmeticError):
    """No real value: a division by zero, the log of a number that is not positive."""


class Unreachable(ArithmeticError):
    """A number beyond what is computed here, or one of which no digit is known."""


class Precision:
    """So many bits, and how many it would take to see all that was lost with these.

    Attributes:
        bits: of every number that is computed.
        needed: the most bits that anything lost would have taken; 0 where nothing was lost.
    """

    __slots__ = ("bits", "needed")

    def __init__(self, bits: int) -> None:
        self.bits: int = bits
        self.needed: int = 0

    def lost(self, bits: int) -> None:
        """Note that something is seen with so many bits only."""
        if bits > self.bits - _SPARE:
            self.needed = max(self.needed, min(bits + 3 * _SPARE, BEYOND))

    def exact(self, value: int | float | Fraction) -> Ball:
        """Return a number as a ball; fractions are rounded to the bits there are."""
        if isinstance(value, float):
            return Ball(self, libmp.from_float(value))
        if isinstance(value, int) or value.denominator == 1:
            return Ball(self, libmp.from_int(int(value)))
        p, q = value.numerator, value.denominator
        raw = libmp.from_rational(p, q, self.bits, "n")
        if q & (q - 1) == 0 and p.bit_length() <= self.bits:
            return Ball(self, raw)
        return Ball(self, raw, 1.0)


def top(raw: Raw) -> int:
    """Return the power of two just above a number's size; only for numbers that are not 0."""
    return raw[2] + raw[3]


def _share(raw: Raw) -> float:
    """Return a number's size as a share, 0.5 to 1, of the power of two just above it; rounded up."""
    bits = raw[3]
    if bits <= 53:
        return raw[1] / (1 << bits)
    return (raw[1] >> (bits - 53)) / 9007199254740992.0 + 1.2e-16


class Ball:
    """A number `raw`, off by at most `units` times 2^(`place` − bits); exact where `units` is 0.

    `place` is the power of two just above the number, unless it is given.
    """

    __slots__ = ("k", "place", "raw", "units")

    def __init__(self, k: Precision, raw: Raw, units: float = 0.0, place: int | None = None) -> None:
        self.k: Precision = k
        self.raw: Raw = raw
        self.units: float = units
        self.place: int = raw[2] + raw[3] if place is None else place

    def _other(self, other: Any) -> Ball:
        return other if isinstance(other, Ball) else self.k.exact(other)

    def radius(self) -> Raw:
        """Return the bound, rounded up a little."""
        raw: Raw = libmp.mpf_shift(
            libmp.from_float(self.units * (1 + 1e-9)), self.place - self.k.bits
        )
        return raw

    @property
    def zero(self) -> bool:
        """Return whether this is 0 exactly."""
        return not self.raw[1] and not self.units

    @property
    def known(self) -> bool:
        """Return whether half the digits are known; of an exact 0 all are."""
        if not self.units:
            return True
        if not self.raw[1]:
            return False
        units, place = self.relative()
        return place + math.frexp(units)[1] < self.k.bits // 2

    @property
    def side(self) -> int:
        """Return the sign, or 0 where the ball has 0 in it."""
        if not self.raw[1] or (self.units and self.spread() >= 0.99):
            return 0
        return -1 if self.raw[0] else 1

    def relative(self) -> tuple[float, int]:
        """Return the bound as a share of the number's own size, as `units` and `place`; not for 0."""
        return self.units / (_share(self.raw) - 3e-16) * (1 + 1e-9), self.place - top(self.raw)

    def spread(self) -> float:
        """Return the bound as a share of the number's own size, as one float; inf for a number 0."""
        if not self.units:
            return 0.0
        if not self.raw[1]:
            return math.inf
        units, place = self.relative()
        apart = place - self.k.bits
        return math.ldexp(units, apart) if apart < 300 else math.inf

    def size(self) -> int:
        """Return a power of two above all of the ball; far below 1 for an exact 0."""
        own = top(self.raw) if self.raw[1] else -BEYOND * BEYOND
        if not self.units:
            return own
        return max(own, self.place - self.k.bits + math.frexp(self.units)[1]) + 1

    def widened(self, units: float, place: int) -> Ball:
        """Return the ball with so much added to its bound."""
        total, where = _sum(self.units, self.place, units, place)
        return Ball(self.k, self.raw, total, where)

    def __add__(self, other: Any) -> Ball:
        return self._added(self._other(other), False)

    def __radd__(self, other: Any) -> Ball:
        if other == 0 and isinstance(other, int):
            return self  # the start of `sum`
        return self._other(other)._added(self, False)

    def __sub__(self, other: Any) -> Ball:
        return self._added(self._other(other), True)

    def __rsub__(self, other: Any) -> Ball:
        return self._other(other)._added(self, True)

    def _added(self, other: Ball, minus: bool) -> Ball:
        k, a, b = self.k, self.raw, other.raw
        if self is other and minus:
            return Ball(k, libmp.fzero)
        if other.zero:
            return self
        units, place = _sum(self.units, self.place, other.units, other.place)
        if not b[1]:
            return Ball(k, a, units, place if units else None)
        if minus:
            b = libmp.mpf_neg(b)
        if not a[1]:
            return Ball(k, b, units, place if units else None)
        high_a, high_b = a[2] + a[3], b[2] + b[3]
        apart = abs(high_a - high_b)
        if apart > k.bits - _SPARE:
            less = self if high_a < high_b else other
            if less.side:
                k.lost(apart)
        raw: Raw = libmp.mpf_add(a, b, k.bits, "n")
        if max(high_a, high_b) - min(a[2], b[2]) >= k.bits:
            own = raw[2] + raw[3] if raw[1] else max(high_a, high_b)
            units, place = _sum(units, place, 0.5, own)
        return Ball(k, raw, units, place if units else None)

    def __mul__(self, other: Any) -> Ball:
        b = self._other(other)
        k, x, y = self.k, self.raw, b.raw
        if self.zero or b.zero:
            return Ball(k, libmp.fzero)
        raw: Raw = libmp.mpf_mul(x, y, k.bits, "n")
        units, place = 0.0, 0
        if x[3] + y[3] > k.bits:
            units, place = 0.5, raw[2] + raw[3]
        if b.units:
            share, high = (_share(x), x[2] + x[3]) if x[1] else (0.0, 0)
            if share:
                units, place = _sum(units, place, share * b.units, high + b.place)
        if self.units:
            if y[1]:
                units, place = _sum(units, place, _share(y) * self.units, y[2] + y[3] + self.place)
            if b.units:
                both = self.units * b.units
                units, place = _sum(units, place, both, self.place + b.place - k.bits)
        return Ball(k, raw, units, place if units else None)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Ball:
        b = self._other(other)
        k = self.k
        if b.zero:
            raise Undefined
        if self.zero:
            if b.side == 0:
                raise Unreachable
            return Ball(k, libmp.fzero)
        spread = b.spread()
        if spread >= 0.5:
            raise Unreachable
        raw: Raw = libmp.mpf_div(self.raw, b.raw, k.bits, "n")
        units, place = 0.0, 0
        if raw[1]:
            own = raw[2] + raw[3]
            if b.raw[1] != 1 or self.raw[3] > k.bits:
                units, place = 0.5, own
            if b.units:
                share, high = b.relative()
                units, place = _sum(units, place, share / (1 - spread), own + high)
        if self.units:
            more = self.units / (_share(b.raw) - 3e-16) / (1 - spread)
            units, place = _sum(units, place, more, self.place - top(b.raw))
        return Ball(k, raw, units, place if units else None)

    def __rtruediv__(self, other: Any) -> Ball:
        return self._other(other) / self

    def __neg__(self) -> Ball:
        return Ball(self.k, libmp.mpf_neg(self.raw), self.units, self.place)

    def __abs__(self) -> Ball:
        return Ball(self.k, libmp.mpf_abs(self.raw), self.units, self.place)

    def __pow__(self, count: Any) -> Ball:
        if not isinstance(count, int) or count < 1:
            return NotImplemented
        out = self
        for bit in bin(count)[3:]:
            out = out * out
            out = out * self if bit == "1" else out
        return out


def _scaled(units: float, place: int) -> tuple[float, int]:
    """Return a bound with units of a moderate size."""
    share, power = math.frexp(units)
    return share, place + power


def _sum(a: float, at: int, b: float, bt: int) -> tuple[float, int]:
    """Return the sum of two bounds, rounded up."""
    if not a:
        return b, bt
    if not b:
        return a, at
    if at == bt:
        total, place = a + b, at
    elif at > bt:
        total, place = a + math.ldexp(b, max(bt - at, -1000)), at
    else:
        total, place = b + math.ldexp(a, max(at - bt, -1000)), bt
    total *= 1.0000000000000005
    if total > 1e200 or total < 1e-200:
        return _scaled(total, place)
    return total, place
