"""The verdict on two formulas at one point, at high precision: same, differ, one has no value.

Enters: `Instructions` of two formulas and a point. Leaves: a `Judgement` with both values. Digits
lost to cancellation are told from a true difference by a second evaluation with twice the digits:
what is noise shrinks, what is a difference stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .instructions import Instructions
from .precise import Undefined, Unreachable, evaluate_precisely, magnitude

__all__ = ["Judgement", "judged"]

_DIGITS = 50
_SLACK = 10
_MOST = 2500

Outcome = Literal["same", "differ", "one", "neither"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What two formulas are at a point; a value is None where there is none.

    `reached` tells whether both were computed: a number beyond reach is not one without a value.
    """

    outcome: Outcome
    expected: Any = None
    student: Any = None
    reached: bool = True


def judged(listed: Instructions, at: Mapping[str, float]) -> Judgement:
    """Return the verdict on the first two formulas of a list at a point."""
    digits = _DIGITS + listed.digits
    first = _once(listed, at, digits)
    if first.outcome in ("same", "neither"):
        return first
    digits = 2 * digits + _SLACK
    sizes: list[int] = []
    again = _once(listed, at, digits, sizes)
    if first.outcome == "differ" == again.outcome:
        if _shrunk(first, again):
            return Judgement("same", again.expected, again.student)
        apart = abs(again.expected - again.student)
        needed = int((max(sizes) - magnitude(apart)) * 0.302) + 2 * _SLACK
        if needed > digits:
            # The difference is smaller than the digits of what was added up: 1 − tanh(500)².
            if needed > _MOST:
                return Judgement("neither", again.expected, again.student, False)
            last = _once(listed, at, needed + digits)
            return Judgement("same", last.expected, last.student) if _shrunk(again, last) else last
    return again


def _shrunk(before: Judgement, after: Judgement) -> bool:
    """Return whether more digits have made a difference go away: it was noise."""
    if before.outcome != "differ" or after.outcome != "differ":
        return False
    apart = abs(after.expected - after.student)
    return bool(apart * 10**_SLACK < abs(before.expected - before.student))


def _once(
    listed: Instructions, at: Mapping[str, float], digits: int, sizes: list[int] | None = None
) -> Judgement:
    values: list[Any] = []
    reached = True
    for formula in (0, 1):
        try:
            values.append(evaluate_precisely(listed, formula, at, digits, sizes))
        except Undefined:
            values.append(None)
        except Unreachable:
            values.append(None)
            reached = False
    a, b = values
    if a is None and b is None:
        return Judgement("neither", None, None, reached)
    if a is None or b is None:
        return Judgement("one", a, b, reached)
    apart, largest = abs(a - b), max(abs(a), abs(b))
    if not apart or apart * 10 ** (digits - _SLACK) <= largest:
        return Judgement("same", a, b)
    return Judgement("differ", a, b)
