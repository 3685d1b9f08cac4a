"""Whether what is compared with 0 at a kink is never below it, or never above: x² − 2xy + y² is a square.

Enters: `Instructions` and the ranges of their steps. Leaves: the range at a kink, with the ends that
its polynomial tells beside those of `ranges`. A polynomial is in names and in whatever stands in their
place, as sin(x). One of degree 2 is never below 0 where its matrix has no negative pivot, exactly; one
that is another step's, expanded, has that step's range. No point is looked at.
"""

from __future__ import annotations

from fractions import Fraction

from ...once import cached_property
from .bends import Bend
from .instructions import Constant, Instructions, Operate
from .ranges import Range, difference

__all__ = ["KinkRanges", "never_negative"]

Monomial = tuple[tuple[int, int], ...]
"""Places of steps with their exponents, in order."""

Polynomial = dict[Monomial, Fraction]

_TERMS = 24
_DEGREE = 8


class KinkRanges:
    """The ranges of what is compared with 0 at the kinks of formulas."""

    def __init__(self, listed: Instructions, known: list[Range]) -> None:
        self.listed = listed
        self.known = known

    def at(self, kink: Bend) -> Range:
        """Return two numbers that nothing compared with 0 at the kink lies beyond."""
        first, *others = kink.operands
        low, high = (
            difference(self.listed, self.known, first, others[0]) if others else self.known[first]
        )
        if not low < 0 < high:
            return low, high
        own = self._polynomials[first]
        if own is not None and others:
            other = self._polynomials[others[0]]
            own = None if other is None else _added(own, other, Fraction(-1))
        if own is None:
            return low, high
        below = never_negative(own) or self._same_as(own)[0] >= 0
        turned = {monomial: -number for monomial, number in own.items()}
        above = never_negative(turned) or self._same_as(turned)[0] >= 0
        return (Fraction(0) if below else low), (Fraction(0) if above else high)

    def _same_as(self, wanted: Polynomial) -> Range:
        """Return the sharpest range of the steps that are the same polynomial."""
        found = [
            self.known[place]
            for place, polynomial in enumerate(self._polynomials)
            if polynomial == wanted
        ]
        return max((low for low, _ in found), default=-1), min((high for _, high in found), default=1)

    @cached_property
    def _polynomials(self) -> list[Polynomial | None]:
        """Return each step as a polynomial; None for one of too many terms."""
        found: list[Polynomial | None] = []
        for place, step in enumerate(self.listed.steps):
            itself: Polynomial = {((place, 1),): Fraction(1)}
            if isinstance(step, Constant) and isinstance(step.value, Fraction):
                found.append(_tidy({(): step.value}))
            elif isinstance(step, Operate):
                found.append(self._operation(step, [found[i] for i in step.operands], itself))
            else:
                found.append(itself)
        return found

    def _operation(
        self, step: Operate, operands: list[Polynomial | None], itself: Polynomial
    ) -> Polynomial | None:
        """Return an operation on polynomials; one that makes no polynomial stands for itself."""
        given = [operand for operand in operands if operand is not None]
        if len(given) < len(operands):
            return None if step.op in _POLYNOMIAL else itself
        if step.op in ("add", "subtract"):
            return _added(given[0], given[1], Fraction(1 if step.op == "add" else -1))
        if step.op == "negate":
            return _added({}, given[0], Fraction(-1))
        if step.op == "multiply":
            return _multiplied(given[0], given[1])
        if step.op == "square":
            return _multiplied(given[0], given[0])
        by = given[1].get(()) if len(given) == 2 and set(given[1]) <= {()} else None
        if step.op == "divide" and by:
            return _added({}, given[0], 1 / by)
        if step.op == "power" and by and by.denominator == 1 and 0 < by <= _DEGREE:
            power: Polynomial | None = given[0]
            for _ in range(int(by) - 1):
                power = None if power is None else _multiplied(power, given[0])
            return power
        return itself


_POLYNOMIAL = frozenset({"add", "subtract", "negate", "multiply", "square", "divide", "power"})


def _tidy(given: Polynomial) -> Polynomial:
    return {monomial: number for monomial, number in given.items() if number}


def _added(one: Polynomial, other: Polynomial, times: Fraction) -> Polynomial | None:
    found = dict(one)
    for monomial, number in other.items():
        found[monomial] = found.get(monomial, Fraction(0)) + times * number
    found = _tidy(found)
    return found if len(found) <= _TERMS else None


def _multiplied(one: Polynomial, other: Polynomial) -> Polynomial | None:
    found: Polynomial = {}
    for a, number in one.items():
        for b, factor in other.items():
            exponents = dict(a)
            for place, exponent in b:
                exponents[place] = exponents.get(place, 0) + exponent
            if sum(exponents.values()) > _DEGREE:
                return None
            monomial = tuple(sorted(exponents.items()))
            found[monomial] = found.get(monomial, Fraction(0)) + number * factor
        if len(found) > 4 * _TERMS:
            return None
    found = _tidy(found)
    return found if len(found) <= _TERMS else None


def never_negative(polynomial: Polynomial) -> bool:
    """Return whether a polynomial of degree 2 is certainly nowhere below 0.

    A name that has even exponents alone is read as its square: x⁴ − 2x²y + y² is of degree 2 in x²
    and y. The polynomial is then vᵀMv with v = (1, x, y, …), and never below 0 where M is positive
    semidefinite: every pivot of its elimination is above 0, or 0 in a row of zeros.

    >>> square = {((0, 2),): 1, ((0, 1), (1, 1)): -2, ((1, 2),): 1}  # x² − 2xy + y²
    >>> never_negative(square), never_negative({**square, (): -1}), never_negative({((0, 1),): 1})
    (True, False, False)
    """
    odd = {place for monomial in polynomial for place, exponent in monomial if exponent % 2}
    places: dict[int, int] = {}
    entries: dict[tuple[int, int], Fraction] = {}
    for monomial, number in polynomial.items():
        factors: list[int] = []
        for place, exponent in monomial:
            row = places.setdefault(place, len(places) + 1)
            factors += [row] * (exponent if place in odd else exponent // 2)
        if len(factors) > 2:
            return False
        i, j = sorted([*factors, 0, 0][:2])
        entries[i, j] = entries.get((i, j), Fraction(0)) + Fraction(number) / (1 if i == j else 2)
    size = len(places) + 1
    matrix = [
        [entries.get((min(i, j), max(i, j)), Fraction(0)) for j in range(size)] for i in range(size)
    ]
    for k in range(size):
        pivot = matrix[k][k]
        if pivot < 0 or (pivot == 0 and any(matrix[k][k:])):
            return False
        for i in range(k + 1, size):
            if matrix[i][k]:
                share = matrix[i][k] / pivot
                for j in range(k + 1, size):
                    matrix[i][j] -= share * matrix[k][j]
    return True
