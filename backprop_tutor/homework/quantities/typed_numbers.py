"""Whether a number that a student typed is right, right to the precision typed, or wrong.

Enters: the true number and what was typed. Leaves: a `Comparison`. Comparisons are made in exact
fractions, so that a number on the edge of the tolerance is decided the same everywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ...errors import OptionError
from ...language import parse_number
from ...sentences import said
from ...translation import sentence as _
from .figures import Precision, leading_power, rounded_to_figures, rounded_to_unit, typed_precision
from .tolerance import DEFAULT, Tolerance, read_tolerance

__all__ = ["Comparison", "Typed", "Verdict", "compare", "near", "read_number", "within"]

Verdict = Literal["right", "rounded", "wrong"]


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as a student typed it.

    `precision` is None where the number has no last digit: it is exact, as `1/3` or `pi/2`.
    """

    value: Fraction | float
    text: str = ""
    precision: Precision | None = None
    notes: tuple[str, ...] = ()

    @property
    def exact(self) -> Fraction:
        """Return the number as typed, exactly."""
        return self.precision.value if self.precision is not None else Fraction(self.value)

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """Return the numbers that would be typed like this: rounded to the last digit typed."""
        return self.precision.interval if self.precision is not None else (self.exact, self.exact)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A typed number beside the true one.

    Attributes:
        verdict: "right", "rounded" (right to the precision typed) or "wrong".
        expected, given: the two numbers, exactly.
        error: |given − expected| relative to the larger of the two; 0 where both are 0.
        reason: why it is not simply right, as a sentence; empty where it is.
    """

    verdict: Verdict
    expected: Fraction
    given: Fraction
    error: float
    reason: str = ""

    def __bool__(self) -> bool:
        return self.verdict != "wrong"


def read_number(text: str, *, source: str = "") -> Typed:
    """Return the number that was typed, with the precision of its digits.

    Raises:
        ParseError, LimitError, DomainError: as `parse_number`: `3,14`, `52%`, `nan`, `true`, lists.

    >>> read_number("0.40").precision.least, read_number("pi/2").precision
    (2, None)
    """
    value = parse_number(text, source=source)
    return Typed(value.value, text.strip(), typed_precision(text), value.notes)


def compare(
    expected: int | float | Fraction,
    given: Typed | str | int | float | Fraction,
    tolerance: Tolerance | float | str = DEFAULT,
) -> Comparison:
    """Return how a typed number compares with the true one.

    A number within the tolerance is right. One outside that is the true number rounded to the last
    digit typed is "rounded", as long as the rounding moved it by at most `tolerance.rounding`.

    Raises:
        ParseError, DomainError: `given` is a text that is no number.
        OptionError: the tolerance is none; a number that is not finite.

    >>> compare(0.393, "0.39").verdict, compare(-0.5898, "-0.6").verdict, compare(4e-4, "0").verdict
    ('right', 'rounded', 'wrong')
    """
    policy = read_tolerance(tolerance)
    true = as_fraction(expected)
    typed = read_number(given) if isinstance(given, str) else _typed(given)
    value = typed.exact
    error = _relative_error(true, value)

    def result(verdict: Verdict, reason: str = "") -> Comparison:
        return Comparison(verdict, true, value, error, reason)

    if policy.judge is not None:
        right = policy.accepts(float(value), float(true))
        return result("right" if right else "wrong", "" if right else _("by the problem's own rule"))
    if policy.figures is not None:
        reason = _figures_fault(true, typed, policy)
        return result("wrong", reason) if reason else result("right")
    if policy.digits is not None:
        reason = _digits_fault(true, typed, policy)
        return result("wrong", reason) if reason else result("right")
    if near(true, value, policy):
        return result("right")
    if is_rounding(true, typed, policy):
        return result("rounded", _right_to(typed))
    if true == 0:
        return result("wrong", _("the true value is exactly 0"))
    if value == 0:
        return result("wrong", _("the true value is not 0"))
    if near(true, -value, policy):
        return result("wrong", _("only the sign is wrong"))
    return result("wrong")


def near(one: Fraction | float, other: Fraction | float, tolerance: Tolerance = DEFAULT) -> bool:
    """Return whether two numbers agree within the tolerance, whichever comes first.

    >>> near(10.0, 10.1), near(0, 0), near(0, 4e-4)
    (True, True, False)
    """
    share = float(tolerance.relative)
    x, y = float(one), float(other)
    if not tolerance.absolute and 1e-300 < abs(x) < 1e300 and 1e-300 < abs(y) < 1e300:
        # Far from the edge of the tolerance float64 decides, forty times as fast.
        apart, allowed = abs(x - y), share * max(abs(x), abs(y))
        if apart > allowed * (1 + 1e-9) + 1e-12 * max(abs(x), abs(y)):
            return False
        if apart < allowed * (1 - 1e-9) - 1e-12 * max(abs(x), abs(y)):
            return True
    a, b = as_fraction(one), as_fraction(other)
    distance = abs(a - b)
    return distance <= tolerance.relative * max(abs(a), abs(b)) or distance <= tolerance.absolute


def is_rounding(true: Fraction | float, typed: Typed, tolerance: Tolerance = DEFAULT) -> bool:
    """Return whether the typed number is the true one rounded (or cut) to the last digit typed.

    Zero is never the rounding of another number, and a rounding moves it by at most
    `tolerance.rounding`.

    >>> is_rounding(0.5898, read_number("0.6")), is_rounding(0.0004, read_number("0.00"))
    (True, False)
    """
    precision = typed.precision
    if precision is None or precision.value == 0:
        return False
    exact = as_fraction(true)
    if _relative_distance(exact, precision.value) > tolerance.rounding:
        return False
    low, high = precision.interval
    return low <= exact <= high


def within(
    low: Fraction | float,
    high: Fraction | float,
    typed: Typed,
    tolerance: Tolerance = DEFAULT,
) -> bool:
    """Return whether a typed number is explained by a true one anywhere from `low` to `high`.

    For answers worked out from rounded answers: the interval is what those roundings allow, and the
    typed number's own rounding is added to it.

    >>> within(0.39, 0.41, read_number("0.40"))
    True
    """
    bottom, top = sorted((as_fraction(low), as_fraction(high)))
    first, last = typed.interval
    if first <= top and bottom <= last:
        return typed.exact != 0 or bottom <= 0 <= top
    return near(bottom, typed.exact, tolerance) or near(top, typed.exact, tolerance)


def as_fraction(number: int | float | Fraction) -> Fraction:
    """Return a finite number exactly.

    Raises:
        OptionError: infinities and nan.
    """
    if isinstance(number, float) and not math.isfinite(number):
        raise OptionError(said("only finite numbers are compared, not {number}", number=number))
    return Fraction(number)


def _typed(given: Typed | int | float | Fraction) -> Typed:
    if isinstance(given, Typed):
        return given
    as_fraction(given)
    return Typed(float(given) if isinstance(given, float) else Fraction(given))


def _relative_distance(a: Fraction, b: Fraction) -> Fraction:
    largest = max(abs(a), abs(b))
    return abs(a - b) / largest if largest else Fraction(0)


def _relative_error(a: Fraction, b: Fraction) -> float:
    return float(_relative_distance(a, b))


def _right_to(typed: Typed) -> str:
    count = typed.precision.most if typed.precision is not None else 0
    text = _("right to the {count} significant figures typed")
    return (_("right to the one significant figure typed") if count == 1 else text).format(count=count)


def _figures_fault(true: Fraction, typed: Typed, policy: Tolerance) -> str:
    """Return what is wrong where so many significant figures are asked for, or nothing."""
    asked, precision = policy.figures or 0, typed.precision
    if precision is None:
        text = _("{asked} significant figures are asked for, as a decimal number")
        if abs(asked) == 1:
            text = _("one significant figure is asked for, as a decimal number")
        return text.format(asked=abs(asked))
    right = precision.most >= -asked if asked < 0 else precision.least <= asked <= precision.most
    if not right:
        text = _("{asked} significant figures are asked for; this has {count}")
        if asked < 0:
            text = _("{asked} or more significant figures are asked for; this has {count}")
        elif asked == 1:
            text = _("one significant figure is asked for; this has {count}")
        return text.format(asked=abs(asked), count=_count(precision))
    accurate = abs(asked) if policy.accurate is None else policy.accurate
    if accurate and not _same_figures(true, precision.value, accurate):
        text = _("not right to {count} significant figures")
        if accurate == 1:
            text = _("not right to one significant figure")
        return text.format(count=accurate)
    return ""


def _same_figures(true: Fraction, given: Fraction, figures: int) -> bool:
    if true == 0 or given == 0:
        return true == given
    unit = Fraction(10) ** (leading_power(rounded_to_figures(true, figures)) - figures + 1)
    return rounded_to_figures(true, figures) == rounded_to_unit(given, unit)


def _digits_fault(true: Fraction, typed: Typed, policy: Tolerance) -> str:
    """Return what is wrong where at least so many right digits are asked for, or nothing."""
    asked, precision = policy.digits or 0, typed.precision
    if precision is None:
        close = near(true, typed.exact, Tolerance(relative=Fraction(1, 10**12)))
        return "" if close else _("not right")
    if precision.most < asked:
        text = _("{asked} or more digits are asked for; this has {count}")
        return text.format(asked=asked, count=_count(precision))
    unit = precision.unit
    if rounded_to_unit(true, unit) == precision.value:
        return ""
    cut = int(abs(true) / unit) * unit
    if policy.truncation and (cut if true >= 0 else -cut) == precision.value:
        return ""
    text = _("not right to the {count} digits typed")
    return (_("not right to the digit typed") if precision.most == 1 else text).format(
        count=precision.most
    )


def _count(precision: Precision) -> str:
    if precision.least == precision.most:
        return str(precision.most)
    return _("{least} to {most}").format(least=precision.least, most=precision.most)
