"""How precisely a number was typed: its significant figures and the unit of its last digit.

Enters: the text of a number. Leaves: a `Precision`, or None for what has no last digit (`1/3`,
`pi/2`, `sqrt(2)`), which is taken as exact. Whether a number is *right* is not decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Precision", "rounded_to_figures", "rounded_to_unit", "shows_step", "typed_precision"]

_DECIMAL = re.compile(
    r"""[+\-−]?\s*
    (?P<whole>\d*)(?P<point>\.?)(?P<part>\d*)
    (?:[eE](?P<power>[+\-−]?\d{1,6})
     |\s*(?:\*|·|×|\\cdot|\\times)\s*10\s*(?:\^|\*\*)\s*[({]?\s*(?P<raised>[+\-−]?\d{1,6})\s*[)}]?)?
    \Z""",
    re.VERBOSE,
)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Precision:
    """The number as it was typed in decimals.

    Attributes:
        value: the typed decimals, exactly.
        unit: the worth of one step of the last digit typed: 1/100 for `0.40`.
        least, most: how many significant figures it has; `100` has at least 1 and at most 3.
        decimals: digits typed behind the point.
    """

    value: Fraction
    unit: Fraction
    least: int
    most: int
    decimals: int

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """Return the ends of the numbers that are rounded to this one at its last digit.

        >>> [str(end) for end in typed_precision("0.40").interval]
        ['79/200', '81/200']
        """
        return self.value - self.unit / 2, self.value + self.unit / 2


def typed_precision(text: str) -> Precision | None:
    """Return how precisely a decimal number was typed, or None where it is not a plain decimal.

    A zero has the figures behind its point, at least one (`0.00` has two).

    >>> [(p.least, p.most, str(p.unit)) for p in map(typed_precision, ("0.40", "1.5e3", "1200"))]
    [(2, 2, '1/100'), (2, 2, '100'), (2, 4, '1')]
    >>> typed_precision("1/3") is None
    True
    """
    stripped = text.strip()
    match = _DECIMAL.match(stripped) if len(stripped) <= _LONGEST else None
    if match is None or not (match["whole"] or match["part"]):
        return None
    whole, part = match["whole"], match["part"]
    power = int((match["power"] or match["raised"] or "0").replace("−", "-"))
    if abs(power) > _LONGEST:
        return None
    unit = Fraction(10) ** (power - len(part))
    digits = whole + part
    value = int(digits) * unit
    if stripped[0] in "-−":
        value = -value
    significant = digits.lstrip("0")
    if not significant:
        least = most = max(1, len(part))
    else:
        most = len(significant)
        least = most if match["point"] else len(significant.rstrip("0"))
    return Precision(value, unit, least, most, len(part))


def rounded_to_unit(value: Fraction, unit: Fraction) -> Fraction:
    """Return the multiple of `unit` nearest to the value; a tie goes away from zero, as by hand.

    >>> rounded_to_unit(Fraction("0.125"), Fraction(1, 100))
    Fraction(13, 100)
    """
    steps = abs(value) / unit
    whole = int(steps + Fraction(1, 2))
    return (whole if value >= 0 else -whole) * unit


def rounded_to_figures(value: Fraction, figures: int) -> Fraction:
    """Return the value rounded to so many significant figures; a tie goes away from zero.

    >>> rounded_to_figures(Fraction("0.04985"), 3)
    Fraction(499, 10000)
    """
    if value == 0:
        return value
    return rounded_to_unit(value, Fraction(10) ** (leading_power(value) - figures + 1))


def leading_power(value: Fraction) -> int:
    """Return the power of ten of the first significant digit.

    >>> leading_power(Fraction(3, 1000)), leading_power(Fraction(999))
    (-3, 2)
    """
    size = abs(value)
    power = len(str(size.numerator)) - len(str(size.denominator))
    while size < Fraction(10) ** power:
        power -= 1
    while size >= Fraction(10) ** (power + 1):
        power += 1
    return power


def shows_step(before: float | Fraction, after: float | Fraction, figures: int = 3) -> bool:
    """Return whether so many figures tell a parameter after its update from the one before.

    >>> shows_step(1, 0.99875), shows_step(1, 0.99996), shows_step(1, 1)
    (True, False, True)
    """
    old, new = Fraction(before), Fraction(after)
    return old == new or rounded_to_figures(old, figures) != rounded_to_figures(new, figures)
