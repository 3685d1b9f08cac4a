"""Between which numbers each step of formulas certainly lies, from the operations alone: x² + 1 ≥ 1.

Enters: `Instructions` and domains. Leaves: a pair of ends for each step, fractions or infinities. The
ends are sure but not sharp: an operation about which nothing is known may be anything. No point is
looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from ...ops import OPS
from .domains import Domain
from .instructions import Constant, Instructions, Operate, Read

__all__ = ["Range", "difference", "keeps_sign", "ranges"]

End = Fraction | float
"""A fraction, or an infinity."""

Range = tuple[End, End]

_ANY: Range = (-math.inf, math.inf)
_LONG = 4000
"""Bits of a fraction beyond which an end is given up."""

_KNOWN = {"pi": (Fraction(3), Fraction(4)), "e": (Fraction(2), Fraction(3))}


def keeps_sign(step: Operate) -> bool:
    """Return whether a step's value has the sign of its operand, and is 0 only where that is."""
    return OPS[step.op].keeps_sign and _as_usual(step)


def _as_usual(step: Operate) -> bool:
    """Return whether a step has the options for which its row tells of its values."""
    usual = dict(OPS[step.op].options)
    return all(usual.get(name) == number for name, number in step.options)


def ranges(listed: Instructions, domains: Mapping[str, Domain]) -> list[Range]:
    """Return for each step two numbers that no value of it lies beyond.

    >>> from backprop_tutor.language import parse_formula
    >>> from backprop_tutor.homework.equivalence.domains import REAL
    >>> from backprop_tutor.homework.equivalence.instructions import compiled
    >>> listed = compiled([parse_formula("1/4 - tanh(x*x)", ["x"])[0]])
    >>> ranges(listed, {"x": REAL})[listed.results[0]]
    (Fraction(-3, 4), Fraction(1, 4))
    """
    found: list[Range] = []
    for step in listed.steps:
        if isinstance(step, Constant):
            found.append(
                _KNOWN[step.value] if isinstance(step.value, str) else (step.value, step.value)
            )
        elif isinstance(step, Read):
            domain = domains[step.name]
            found.append((_end(domain.low), _end(domain.high)))
        else:
            found.append(_short(_applied(listed, found, step)))
    return found


def _end(number: float) -> End:
    return number if math.isinf(number) else Fraction(number)


def _short(given: Range) -> Range:
    """Return ends of few digits; one that is too long becomes 0 or an infinity, further out."""
    low, high = given
    if isinstance(low, Fraction) and _length(low) > _LONG:
        low = Fraction(0) if low > 0 else -math.inf
    if isinstance(high, Fraction) and _length(high) > _LONG:
        high = Fraction(0) if high < 0 else math.inf
    return low, high


def _length(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def difference(listed: Instructions, known: list[Range], a: int, b: int) -> Range:
    """Return the range of the difference of two steps: max(a, b) − a is never below 0."""
    low, high = _subtract([known[a], known[b]], a == b)
    if _never_below(listed, a, b):
        low = max(low, Fraction(0))
    if _never_below(listed, b, a):
        high = min(high, Fraction(0))
    return low, high


def _never_below(listed: Instructions, a: int, b: int) -> bool:
    above, below = listed.steps[a], listed.steps[b]
    larger = isinstance(above, Operate) and above.op in ("max", "relu", "abs") and b in above.operands
    smaller = isinstance(below, Operate) and below.op == "min" and a in below.operands
    return larger or smaller


def _applied(listed: Instructions, known: list[Range], step: Operate) -> Range:
    operands = [known[i] for i in step.operands]
    if step.op == "subtract":
        return difference(listed, known, *step.operands)
    if step.op in _RULES:
        same = len(step.operands) == 2 and step.operands[0] == step.operands[1]
        return _RULES[step.op](operands, same)
    if step.op == "power":
        return _power(listed, step, operands)
    row = OPS[step.op]
    known_of = row.range if _as_usual(step) else None
    low, high = _ANY if known_of is None else _outward(known_of.low, known_of.high)
    if keeps_sign(step):
        low = max(low, Fraction(0)) if operands[0][0] >= 0 else low
        high = min(high, Fraction(0)) if operands[0][1] <= 0 else high
    return low, high


def _outward(low: float, high: float) -> Range:
    """Return ends of the table, which are rounded where they are not whole."""
    ends = [
        _end(end) if math.isinf(end) or end == int(end) else Fraction(math.nextafter(end, way))
        for end, way in ((low, -math.inf), (high, math.inf))
    ]
    return ends[0], ends[1]


def _plus(a: End, b: End) -> End:
    """Return a sum; a fraction beyond every float meets an infinity too."""
    for end in (a, b):
        if isinstance(end, float):
            return end
    return a + b


def _times(a: End, b: End) -> End:
    if not a or not b:
        return Fraction(0)
    if isinstance(a, float) or isinstance(b, float):
        return math.inf if (a > 0) == (b > 0) else -math.inf
    return a * b


def _add(given: list[Range], _same: bool) -> Range:
    (a, b), (c, d) = given
    return _plus(a, c), _plus(b, d)


def _subtract(given: list[Range], same: bool) -> Range:
    (a, b), (c, d) = given
    return (Fraction(0), Fraction(0)) if same else (_plus(a, -d), _plus(b, -c))


def _multiply(given: list[Range], same: bool) -> Range:
    ends = [_times(a, b) for a in given[0] for b in given[1]]
    return (max(min(ends), Fraction(0)) if same else min(ends)), max(ends)


def _divide(given: list[Range], same: bool) -> Range:
    top, (low, high) = given
    if same:
        return Fraction(1), Fraction(1)
    if low < 0 < high:
        return _ANY
    inverse = (  # floats are infinities alone; a fraction may be beyond all of them
        Fraction(0) if isinstance(high, float) else _one_over(high, low < 0),
        Fraction(0) if isinstance(low, float) else _one_over(low, low < 0),
    )
    return _multiply([top, inverse], False)


def _one_over(end: End, negative: bool) -> End:
    if not end:
        return -math.inf if negative else math.inf
    return 1 / end


def _absolute(given: list[Range], _same: bool) -> Range:
    ((low, high),) = given
    sizes: list[End] = [-low if low < 0 else low, -high if high < 0 else high]
    return Fraction(0) if low <= 0 <= high else min(sizes), max(sizes)


def _maximum(given: list[Range], _same: bool) -> Range:
    return max(low for low, _ in given), max(high for _, high in given)


def _minimum(given: list[Range], _same: bool) -> Range:
    return min(low for low, _ in given), min(high for _, high in given)


def _relu(given: list[Range], _same: bool) -> Range:
    ((low, high),) = given
    return max(low, Fraction(0)), max(high, Fraction(0))


def _exponential(given: list[Range], _same: bool) -> Range:
    ((low, high),) = given
    return Fraction(1 if low >= 0 else 0), Fraction(1) if high <= 0 else math.inf


def _logarithm(given: list[Range], _same: bool) -> Range:
    ((low, high),) = given
    return (
        Fraction(0) if low >= 1 else -math.inf,
        Fraction(0) if high <= 1 else math.inf,
    )


def _above_half(given: list[Range], _same: bool) -> Range:
    ((low, high),) = given
    half = Fraction(1, 2)
    return half if low >= 0 else Fraction(0), half if high <= 0 else Fraction(1)


_RULES: dict[str, Callable[[list[Range], bool], Range]] = {
    "add": _add,
    "multiply": _multiply,
    "divide": _divide,
    "negate": lambda given, _: (-given[0][1], -given[0][0]),
    "abs": _absolute,
    "max": _maximum,
    "min": _minimum,
    "relu": _relu,
    "exp": _exponential,
    "exp2": _exponential,
    "log": _logarithm,
    "log2": _logarithm,
    "log10": _logarithm,
    "sigmoid": _above_half,
    "square": lambda given, _: _multiply([given[0], given[0]], True),
}
"""What is known of an operation's value, given its operands' ends and whether they are one step."""


def _power(listed: Instructions, step: Operate, operands: list[Range]) -> Range:
    (low, high), _ = operands
    exponent = listed.steps[step.operands[1]]
    whole = (
        isinstance(exponent, Constant)
        and isinstance(exponent.value, Fraction)
        and exponent.value.denominator == 1
    )
    if whole and isinstance(exponent, Constant) and isinstance(exponent.value, Fraction):
        count = exponent.value.numerator
        if count == 2:
            return _multiply([_absolute([(low, high)], False)] * 2, True)
        if count % 2 == 0 or low >= 0:
            return Fraction(0), math.inf
        return (-math.inf, Fraction(0)) if high <= 0 else _ANY
    if low >= 0:
        return Fraction(0), math.inf
    return _ANY
