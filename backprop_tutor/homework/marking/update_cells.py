"""Whether a parameter after its update is right: judged by the step, not by the parameter.

Enters: the true step and what was typed. Leaves: how it compares. One percent of w = 1 is more than most
steps, so that no step at all, and one the wrong way, would pass. A number that is the true one rounded to
the digits that the sheet has is right to these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ...ops import Number
from ..quantities.figures import leading_power, rounded_to_figures, rounded_to_unit
from ..quantities.tolerance import Tolerance
from ..quantities.typed_numbers import as_fraction, near
from .written_answers import Written

__all__ = ["Digits", "Updates", "compared_step", "digits_of"]

_FIGURES = 3
"""So many figures, or decimals, are typed by who rounds; with fewer a step is too easily rounded away."""


@dataclass(frozen=True, slots=True)
class Digits:
    """How precisely the numbers of a sheet are typed: the most figures, and the most decimals."""

    figures: int = 0
    decimals: int = 0


def digits_of(written: Sequence[Written]) -> Digits:
    """Return the most figures and decimals on a sheet."""
    precisions = [p for p in (answer.precision for answer in written) if p is not None]
    return Digits(
        max((p.most for p in precisions), default=0), max((p.decimals for p in precisions), default=0)
    )


def compared_step(
    before: Number, after: Number, written: Written, tolerance: Tolerance, digits: Digits
) -> Literal["right", "rounded", "wrong"]:
    """Return how a typed parameter compares with the true one, by the step that it has made.

    Args:
        before, after: the parameter, and what the update makes of it.
        digits: those of the whole sheet, as trailing zeros may not be typed.
    """
    old, new = as_fraction(before), as_fraction(after)
    typed = written.typed()
    given = typed.exact
    if near(new - old, given - old, tolerance) or abs(given - new) <= tolerance.absolute:
        return "right"
    if typed.precision is None and Fraction(given).denominator != 1:
        return "wrong"
    for unit in _units(new, digits):
        rounded = rounded_to_unit(new, unit)
        cut = int(abs(new) / unit) * unit * (1 if new >= 0 else -1)
        if given in (rounded, cut):
            return "rounded"
    precision = typed.precision
    if precision is not None and precision.most >= 2 and abs(given - old) > precision.unit / 2:
        low, high = precision.interval
        return "rounded" if low <= new <= high else "wrong"
    return "wrong"


def _units(new: Fraction, digits: Digits) -> list[Fraction]:
    """Return the worth of the last digit on a sheet rounded to figures, and to decimals."""
    found = []
    if digits.figures >= _FIGURES and new:
        leading = leading_power(rounded_to_figures(new, digits.figures))
        found.append(Fraction(10) ** (leading - digits.figures + 1))
    if digits.decimals >= _FIGURES:
        found.append(Fraction(1, 10**digits.decimals))
    return found


class Updates:
    """The cells of a sheet that ask for parameters after their update, by place."""

    def __init__(self, steps: Mapping[int, tuple[Number, Number]]) -> None:
        self.steps: Mapping[int, tuple[Number, Number]] = steps

    def __contains__(self, place: int) -> bool:
        return place in self.steps

    def digits(self, written: Sequence[Written]) -> Digits:
        """Return the digits of a sheet, where it has such a cell."""
        return digits_of(written) if self.steps else Digits()

    def compared(
        self, place: int, written: Written, tolerance: Tolerance, digits: Digits
    ) -> Literal["right", "rounded", "wrong"]:
        """Return how what was typed in such a cell compares with the true number."""
        return compared_step(*self.steps[place], written, tolerance, digits)

    def hidden(self, place: int, written: Written) -> bool:
        """Return whether a number is nearer to no step than to the right one; False for other cells."""
        if place not in self.steps or written.number is None:
            return False
        before, after = map(float, self.steps[place])
        return abs(written.number - after) > abs(after - before) / 2

    def half(self, place: int, half: float) -> float:
        """Return how far a typed number may be off: a whole unit of an update, which may be cut off.

        Other numbers have their relative tolerance for that, which an update has of its step alone.
        """
        return 2 * half if place in self.steps else half

    def loose(self, place: int, relative: float) -> float:
        """Return the relative tolerance of a cell's number; of an update that of its step."""
        if place not in self.steps:
            return relative
        before, after = map(float, self.steps[place])
        size = max(abs(before), abs(after))
        return relative * abs(after - before) / size if size else relative
