"""The kernel of balls: the operations' rules on numbers of many digits, with bounds on their errors.

Elementary functions stand in `elementary`; here are powers, activations and choices. An exponent that
is whole within its bound counts as whole; of two numbers that are alike within their bounds neither is
the larger. This module decides nothing: it evaluates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from mpmath import libmp

from .balls import BEYOND, Ball, Undefined, Unreachable, top
from .elementary import LARGEST, ROOM, Elementary
from .record import Operation

__all__ = ["Precise", "applied"]


class Precise(Elementary):
    """The kernel that the operations' rules are run with, on balls of so many bits."""

    def absolute(self, a: Any) -> Ball:
        """Return |a|."""
        return abs(self.ball(a))

    def sign(self, a: Any) -> Ball:
        """Return -1, 0 or 1."""
        a = self.ball(a)
        if a.zero:
            return self.nothing
        return self.ball(a.side) if a.side else self._unknown()

    def sigmoid(self, a: Any) -> Ball:
        """Return 1/(1 + exp(-a))."""
        a = self.ball(a)
        if a.side >= 0:
            return 1 / (1 + self.exp(-a))
        share = self.exp(a)
        return share / (1 + share)

    def softplus(self, a: Any) -> Ball:
        """Return log(1 + exp(a))."""
        a = self.ball(a)
        return self.maximum(a, 0) + self.log1p(self.exp(-abs(a)))

    def softmax(self, index: int, *scores: Any) -> Ball:
        """Return the share of one score."""
        balls = [self.ball(score) for score in scores]
        first = balls[0]
        for z in balls[1:]:
            first = self.maximum(first, z)
        shares = [self.exp(z - first) for z in balls]
        return shares[int(index)] / sum(shares[1:], shares[0])

    def logsumexp(self, *scores: Any) -> Ball:
        """Return log Σ exp(z)."""
        balls = [self.ball(score) for score in scores]
        first = balls[0]
        for z in balls[1:]:
            first = self.maximum(first, z)
        shares = [self.exp(z - first) for z in balls]
        return first + self.log(sum(shares[1:], shares[0]))

    def power(self, a: Any, b: Any) -> Ball:
        """Return a**b over the reals."""
        a, b = self.ball(a), self.ball(b)
        whole = _whole(b)
        if a.zero:
            if b.zero:
                return self.one
            if b.side > 0:
                return self.nothing
            raise Undefined if b.side < 0 else Unreachable
        if whole is not None:
            return self._whole_power(a, b, whole)
        if a.side < 0:
            raise Undefined if b.known else Unreachable
        if a.side == 0:
            if b.side <= 0 or b.spread() > ROOM or b.size() > 60 or a.size() > 0:
                raise Unreachable
            at_most = math.ceil(a.size() * 0.7 * libmp.to_float(b.raw))
            return Ball(self.precision, libmp.fzero, 1.0, at_most + self.bits)
        return self.exp(b * self.log(a))

    def _whole_power(self, a: Ball, b: Ball, whole: int) -> Ball:
        """Return a power of a whole exponent, which `b` is within its bound."""
        if not whole and not b.units:
            return self.one
        count = abs(whole)
        if count.bit_length() + abs(a.size()).bit_length() > LARGEST:
            raise Unreachable
        spread = a.spread()
        if spread > ROOM / max(1, count):
            if whole < 0 or a.spread() < 0.99:
                raise Unreachable
            return Ball(self.precision, libmp.fzero, 1.0, a.size() * count + self.bits)
        raw = libmp.mpf_pow_int(a.raw, whole, self.bits, "n")
        power_of_two = a.raw[1] == 1
        if not a.units and (power_of_two or (whole > 0 and a.raw[3] * count <= self.bits)):
            out = Ball(self.precision, raw)
        else:
            out = self._relative(raw, a, 1.4 * count)
        if b.units:
            steep = libmp.mpf_log(libmp.mpf_abs(a.raw), 30, "n")
            if steep[1]:
                out = out.widened(1.1 * b.units, b.place + top(steep) + top(raw))
        return out

    def maximum(self, a: Any, b: Any) -> Ball:
        """Return the larger; where they are alike within their bounds, either with both bounds."""
        return self._extreme(a, b, 1)

    def minimum(self, a: Any, b: Any) -> Ball:
        """Return the smaller, likewise."""
        return self._extreme(a, b, -1)

    def _extreme(self, one: Any, two: Any, side: int) -> Ball:
        a, b = self.ball(one), self.ball(two)
        order = _order(a, b)
        if order is None:
            nearer, other = (a, b) if libmp.mpf_cmp(a.raw, b.raw) * side >= 0 else (b, a)
            return nearer.widened(other.units, other.place) if other.units else nearer
        return a if order * side >= 0 else b

    def greater(self, a: Any, b: Any) -> bool | None:
        """Return whether a > b; None where that is not known."""
        order = _order(self.ball(a), self.ball(b))
        return None if order is None else order > 0

    def less(self, a: Any, b: Any) -> bool | None:
        """Return whether a < b; None where that is not known."""
        order = _order(self.ball(a), self.ball(b))
        return None if order is None else order < 0

    def equal(self, a: Any, b: Any) -> bool | None:
        """Return whether a = b; None where that is not known."""
        order = _order(self.ball(a), self.ball(b))
        return None if order is None else order == 0

    def where(self, condition: bool | None, a: Any, b: Any) -> Ball:
        """Return a where the condition holds, else b; a ball over both where it is not known."""
        one, other = self.ball(a), self.ball(b)
        if condition is not None:
            return one if condition else other
        apart = one - other
        if apart.zero:
            return one
        if apart.side:
            self.precision.lost(BEYOND)
        return Ball(self.precision, one.raw, one.units, one.place).widened(
            1.0, apart.size() + self.bits
        ).widened(other.units, other.place)

    guard = where


def _order(a: Ball, b: Ball) -> int | None:
    """Return the sign of a − b; None where the bounds overlap."""
    if not a.units and not b.units:
        return int(libmp.mpf_cmp(a.raw, b.raw))
    if a is b:
        return 0
    needed = a.k.needed
    apart = a - b
    a.k.needed = needed  # a comparison loses nothing
    return apart.side or None


def _whole(b: Ball) -> int | None:
    """Return the whole number that an exponent is, or is within a small bound; else None."""
    if b.size() > LARGEST:
        raise Unreachable
    if not b.units:
        return int(libmp.to_int(b.raw)) if b.raw[2] >= 0 or not b.raw[1] else None
    if not b.known and b.size() > -b.k.bits // 2:
        return None
    nearest = int(libmp.to_int(libmp.mpf_nint(b.raw, max(b.k.bits, b.size() + 10))))
    apart = b - b.k.exact(nearest)
    return nearest if apart.side == 0 else None


def applied(
    k: Precise, op: Operation, options: Iterable[tuple[str, float]], operands: Sequence[Ball]
) -> Ball:
    """Return an operation's value in balls, from its definition.

    Raises:
        Undefined: it certainly has no real value there.
        Unreachable: too large a number, or one of which no digit is known.
    """
    given: dict[str, Any] = {}
    if op.options or op.outputs:
        for name, value in op.with_options(options).items():
            exact = isinstance(value, float) and not value.is_integer()
            given[name] = k.ball(Fraction(str(value))) if exact else int(value)
    out = op.forward(k, *operands, **given)
    return out if isinstance(out, Ball) else k.ball(out)
