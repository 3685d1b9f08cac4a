"""The verdict on two formulas at one point, at known accuracy: same, differ, one has no value, unknown.

Enters: `Instructions` of two formulas and a point. Leaves: a `Judgement` with both values. Every
number carries a bound on its error (`precise`), so that "same" says: the numbers overlap, and at
least half of the digits computed are known; or both are 0 as closely as digits allow, however many
there are. Where digits were lost to cancellation, or something was too small to be seen beside
something large, as many more are computed as that takes, up to a limit; past that nothing is known.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import mpmath

from ...ops import OPS
from ...ops.balls import Ball, Undefined, Unreachable
from ...ops.kernel import SCALAR
from ...ops.precise import Precise, applied
from .effort import precise_units, spend
from .instructions import Constant, Instructions, Operate, Read

__all__ = ["ROUNDS", "Judgement", "certain_value", "judged"]

_BITS = 168
_MOST = 8400
"""So many bits, 2,500 digits, are computed at most."""

ROUNDS = 4
"""So many times the bits are doubled, or made as many as it takes."""

Outcome = Literal["same", "differ", "one", "neither", "unknown"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What two formulas are at a point; a value is None where there is none, or none is known.

    Attributes:
        outcome: "unknown" where at least one has no digit that is known.
        expected, student: the values, as `mpmath.mpf`.
        reached: for each formula, whether its value, or that it has none, is known.
        needed: the bits that it takes to see all that matters; 0 if all was seen. A judgement "same"
            that has not seen all tells little: 1 − tanh(500) looks like 0.
        values: the steps' values, where anything was decided.
    """

    outcome: Outcome
    expected: Any = None
    student: Any = None
    reached: tuple[bool, bool] = (True, True)
    needed: int = 0
    values: Mapping[int, Ball] = field(default_factory=dict, repr=False, compare=False)

    @property
    def telling(self) -> bool:
        """Return whether the formulas are the same here, with all seen that matters."""
        return self.outcome == "same" and not self.needed


class _Kernels(threading.local):
    """One kernel for each precision and thread."""

    def __init__(self) -> None:
        self.made: dict[int, Precise] = {}

    def at(self, bits: int) -> Precise:
        if bits not in self.made:
            if len(self.made) > 40:
                self.made.clear()
            self.made[bits] = Precise(bits)
        return self.made[bits]


_KERNELS = _Kernels()


def judged(
    listed: Instructions, at: Mapping[str, float], thorough: bool = False, rounds: int = ROUNDS
) -> Judgement:
    """Return the verdict on the first two formulas of a list at a point.

    Args:
        thorough: whether to compute as many digits as it takes to see all, up to the limit.
        rounds: how often more digits are tried where they are needed.

    Raises:
        TooMuchWork: past a limit of the work.
    """
    bits = _BITS + int(3.33 * listed.digits)
    first = _Both(listed, at, bits)
    found = first.judgement()
    for _ in range(rounds):
        if found is not None and found.outcome != "unknown" and not (found.needed and thorough):
            return found
        bits = _more(bits, max(first.needed))
        if bits > _MOST:
            break
        again = _Both(listed, at, bits)
        found = again.judgement() or again.nothing(first)
        first = again
    if found is not None and found.outcome != "same":
        return found
    if found is not None and not found.needed:
        return found
    return Judgement("unknown", *first.mpfs(), first.reached(), max(first.needed) or 2 * bits)


def _more(bits: int, needed: int) -> int:
    """Return the next precision: twice the last, or what is needed; one of few different ones.

    Where more is needed than is ever computed, as for the sine of what is known to no digit yet,
    twice as many bits may still help.
    """
    wanted = max(2 * bits + 40, needed if needed <= _MOST else 0)
    return -(-wanted // 64) * 64


class _Both:
    """Two formulas at one point, with so many bits."""

    def __init__(self, listed: Instructions, at: Mapping[str, float], bits: int) -> None:
        self.k = _KERNELS.at(bits)
        self.balls: list[Ball | None] = []
        self.unreached: list[bool] = []
        self.needed: list[int] = []
        self.values, lost, failed = _evaluated(listed, at, self.k)
        shared = listed.shared if lost else frozenset()
        for formula in (0, 1):
            reach = listed.reach[formula]
            faults = [failed[place] for place in reach if place in failed]
            undefined = any(fault is Undefined for fault in faults)
            self.unreached.append(bool(faults) and not undefined)
            self.balls.append(None if faults else self.values[listed.results[formula]])
            # What both formulas are made of is the same in both, whatever was lost in it.
            self.needed.append(
                max((bits for p, bits in lost.items() if p in reach and p not in shared), default=0)
            )

    def judgement(self) -> Judgement | None:
        """Return the verdict; None where more digits may tell."""
        a, b = self.balls
        if a is None or b is None:
            if any(self.unreached):
                return Judgement("unknown", *self.mpfs(), self.reached(), max(self.needed))
            outcome: Outcome = "neither" if a is None and b is None else "one"
            if outcome == "one" and not (a or b).known:  # type: ignore[union-attr]  # one is a ball
                return None
            return Judgement(outcome, *self.mpfs(), values=self.values)
        needed = max(self.needed)
        if a.zero and b.zero:
            return Judgement("same", *self.mpfs(), needed=needed, values=self.values)
        apart = _apart(a, b)
        if apart:
            if a.known and b.known:
                return Judgement("differ", *self.mpfs(), values=self.values)
            return None
        if a.known and b.known:
            return Judgement("same", *self.mpfs(), needed=needed, values=self.values)
        return None

    def nothing(self, before: _Both) -> Judgement | None:
        """Return "same" where both numbers go to 0 as digits are added; None if that is not so."""
        a, b = self.balls
        if a is None or b is None or _apart(a, b):
            return None
        limit = -(self.k.bits // 3)
        for now, then in zip(self.balls, before.balls, strict=True):
            if now is None or then is None:
                return None
            if now.zero or now.known:
                continue
            if now.size() > min(limit, then.size() - before.k.bits // 2):
                return None
        if (a.known and not a.zero) or (b.known and not b.zero):
            return None
        return Judgement("same", *self.mpfs(), needed=max(self.needed), values=self.values)

    def reached(self) -> tuple[bool, bool]:
        """Return for each formula whether its value, or that it has none, is known."""
        one, other = (
            not unreached and (ball is None or ball.known)
            for ball, unreached in zip(self.balls, self.unreached, strict=True)
        )
        return one, other

    def mpfs(self) -> tuple[Any, Any]:
        """Return the values that are known as mpmath's numbers."""
        one, other = (
            None if ball is None or not ball.known else mpmath.mp.make_mpf(ball.raw)
            for ball in self.balls
        )
        return one, other


def _apart(a: Ball, b: Ball) -> int:
    """Return the sign of a − b; 0 where the numbers may be equal."""
    needed = a.k.needed
    side = (a - b).side
    a.k.needed = needed  # a comparison loses nothing
    return side


def _evaluated(
    listed: Instructions, at: Mapping[str, float], k: Precise
) -> tuple[dict[int, Ball], dict[int, int], dict[int, type[ArithmeticError]]]:
    """Return the steps' values, the bits that were lost in each, and the steps without a value."""
    values: dict[int, Ball] = {}
    lost: dict[int, int] = {}
    failed: dict[int, type[ArithmeticError]] = {}
    precision = k.precision
    for place, step in enumerate(listed.steps):
        if isinstance(step, Constant):
            values[place] = k.ball(step.value)
        elif isinstance(step, Read):
            values[place] = precision.exact(float(at[step.name]))
        else:
            operands = [values[i] for i in step.operands if i in values]
            if len(operands) < len(step.operands):
                continue
            precision.needed = 0
            try:
                values[place] = applied(k, OPS[step.op], step.options, operands)
                spend(precise_units(step.op, k.bits))  # what fails does so at once
            except (ZeroDivisionError, Undefined):
                failed[place] = Undefined
            except (Unreachable, OverflowError):
                failed[place] = Unreachable
            if precision.needed:
                lost[place] = precision.needed
    return values, lost, failed


def certain_value(listed: Instructions, at: Mapping[str, float]) -> Any:
    """Return the first formula's value at a point, certain to half its digits; None if there is none.

    Raises:
        Undefined: it certainly has no real value there.
        TooMuchWork: past a limit of the work.

    >>> from backprop_tutor.language import parse_formula
    >>> from backprop_tutor.homework.equivalence.instructions import compiled
    >>> float(certain_value(compiled([parse_formula("exp(700) + 5 - exp(700)", ())[0]]), {}))
    5.0
    >>> certain_value(compiled([parse_formula("sin(10^10^10^10)", ())[0]]), {}) is None
    True
    """
    exact = _exact_value(listed)
    if exact is not None:
        return mpmath.mpf(exact.numerator) / exact.denominator
    bits = _BITS + int(3.33 * listed.digits)
    while bits <= _MOST:
        k = _KERNELS.at(bits)
        values, lost, failed = _evaluated(listed, at, k)
        if any(fault is Undefined for fault in failed.values()):
            raise Undefined
        ball = values.get(listed.results[0])
        needed = max(lost.values(), default=0)
        if ball is not None and ball.known and (ball.raw[1] or not needed):
            return mpmath.mp.make_mpf(ball.raw)
        bits = _more(bits, needed)
    return None


def _exact_value(listed: Instructions) -> Fraction | None:
    """Return the first formula's value where it is made of fractions alone: 0.1·3 − 0.3 is 0.

    Raises:
        Undefined: a division by zero among them.
    """
    values: list[Fraction] = []
    for step in listed.steps[: listed.results[0] + 1]:
        if isinstance(step, Constant) and isinstance(step.value, Fraction):
            values.append(step.value)
            continue
        if not isinstance(step, Operate) or not OPS[step.op].exact or step.options:
            return None
        try:
            value = OPS[step.op].forward(SCALAR, *(values[i] for i in step.operands))
        except ZeroDivisionError:
            raise Undefined from None
        except (ArithmeticError, ValueError):
            return None
        if not isinstance(value, int | Fraction):
            return None
        values.append(Fraction(value))
    return values[listed.results[0]]
