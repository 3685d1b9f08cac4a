"""How many multiplications a rule takes: rules run on numbers that remember what they are made of.

What counts, here and in `studies/costs.py`: a product or a quotient of two numbers, one of which is no
constant of the rule. A whole power counts as what squaring and multiplying take (x² 1, x³ 2, x⁴ 2, 1/x² 2);
σ counts the quotient of 1/(1 + e⁻ᶻ), and softmax that of its share. Sums, signs, comparisons and calls of
other functions (exp, ln, √, tanh, a fractional power) count nothing. Of a choice only the piece in force
counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .kernel import SCALAR
from .record import Rule

__all__ = ["multiplications"]


class Counted:
    """A number, how many multiplications its last step took, and what that step took in.

    Where the written form of a rule has no value (it overflows, say) the number is nan; only
    conditions look at it.
    """

    __slots__ = ("parents", "taken", "value")

    def __init__(self, value: Any, taken: int = 0, *parents: Any) -> None:
        self.value: Any = value
        self.taken: int = taken
        self.parents: tuple[Counted, ...] = tuple(p for p in parents if isinstance(p, Counted))

    def __add__(self, other: Any) -> Counted:
        return _made(lambda a, b: a + b, 0, self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Counted:
        return _made(lambda a, b: a - b, 0, self, other)

    def __rsub__(self, other: Any) -> Counted:
        return _made(lambda a, b: a - b, 0, other, self)

    def __mul__(self, other: Any) -> Counted:
        return _made(lambda a, b: a * b, 1, self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Counted:
        return _made(lambda a, b: a / b, 1, self, other)

    def __rtruediv__(self, other: Any) -> Counted:
        return _made(lambda a, b: a / b, 1, other, self)

    def __pow__(self, exponent: int) -> Counted:
        return _made(lambda a, b: a**b, _of_power(exponent), self, exponent)

    def __neg__(self) -> Counted:
        return _made(lambda a: -a, 0, self)


def _number(given: Any) -> Any:
    return given.value if isinstance(given, Counted) else given


def _made(function: Callable[..., Any], taken: int, *operands: Any) -> Counted:
    try:
        value = function(*map(_number, operands))
    except (ArithmeticError, ValueError):
        value = math.nan
    return Counted(value, taken, *operands)


def _of_power(exponent: int | float | Fraction) -> int:
    """Return what squaring and multiplying take for a whole exponent; another is a function's call."""
    if not math.isfinite(exponent) or exponent != int(exponent):
        return 0
    whole = abs(int(exponent))
    powers = max(whole.bit_length() - 1, 0) + max(whole.bit_count() - 1, 0)
    return powers + (exponent < 0)


class Counting:
    """The kernel of such numbers; what it has no word of its own for is a function's call."""

    def __getattr__(self, name: str) -> Any:
        known = getattr(SCALAR, name)
        return (lambda *operands: _made(known, 0, *operands)) if callable(known) else known

    def sigmoid(self, a: Any) -> Counted:
        """Return 1/(1 + exp(-a)): one quotient."""
        return _made(SCALAR.sigmoid, 1, a)

    def softmax(self, index: int, *scores: Any) -> Counted:
        """Return one score's share: one quotient."""
        return _made(lambda *given: SCALAR.softmax(index, *given), 1, *scores)

    def power(self, a: Any, b: Any) -> Counted:
        """Return a power, counted by its exponent; of a constant, an exponential function's call."""
        taken = _of_power(_number(b)) if isinstance(a, Counted) else 0
        return _made(SCALAR.power, taken, a, b)

    def greater(self, a: Any, b: Any) -> bool:
        """Return whether a > b."""
        return bool(_number(a) > _number(b))

    def less(self, a: Any, b: Any) -> bool:
        """Return whether a < b."""
        return bool(_number(a) < _number(b))

    def equal(self, a: Any, b: Any) -> bool:
        """Return whether a = b."""
        return bool(_number(a) == _number(b))

    def where(self, condition: bool, a: Any, b: Any) -> Any:
        """Return the piece in force; the other one is not computed."""
        return a if condition else b

    guard = where


_COUNTING = Counting()


def multiplications(
    rule: Rule, operands: tuple[Any, ...], options: Mapping[str, Any], out: Any = None
) -> int:
    """Return how many multiplications a forward rule takes at its operands, or, given `out`, a slope's.

    >>> multiplications(lambda k, y, t: (y - t) ** 2 / 2, (3, 1), {})
    2
    """
    given = [Counted(a) for a in operands]
    found = (
        rule(_COUNTING, *given, **options)
        if out is None
        else rule(_COUNTING, Counted(out), *given, **options)
    )
    total = 0
    reached = set()
    stack = [found]
    while stack:
        step = stack.pop()
        if isinstance(step, Counted) and id(step) not in reached:
            reached.add(id(step))
            total += step.taken
            stack.extend(step.parents)
    return total
