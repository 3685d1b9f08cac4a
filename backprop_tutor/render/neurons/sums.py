"""A sum of products as a line: in symbols, with numbers put in, its terms worked out, its total.

Enters: signed products of named numbers. Leaves: the terms of a line, each equal to the next. Long sums
keep two terms and the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ...sentences import said
from ...steps import Exact
from ..narration.arithmetic import added, summed
from ..narration.document import Math
from ..narration.numbers import latex_number, shown

__all__ = ["Factor", "Line", "Summand", "sum_line"]


class Factor(NamedTuple):
    """A number in a product, and how it is called."""

    symbol: Math
    value: Exact


class Summand(NamedTuple):
    """A product with its sign."""

    sign: int
    factors: tuple[Factor, ...]

    @property
    def value(self) -> Exact:
        """Return what it comes to."""
        total = self.factors[0].value * self.sign
        for factor in self.factors[1:]:
            total = total * factor.value
        return total


@dataclass(frozen=True, slots=True)
class Line:
    """A chain of terms joined by equals signs; `rounded` where its numbers as shown do not give its end."""

    terms: tuple[Math, ...]
    rounded: bool = False

    @property
    def text(self) -> str:
        """Return the line in Unicode."""
        return " = ".join(term.unicode for term in self.terms)


def sum_line(
    lead: Math, terms: Sequence[Summand], total: Exact, role: str, *, precision: int, most: int,
    true: bool, worked: bool = False,
) -> Line:  # fmt: skip
    """Return `lead = symbols = numbers = products = total`.

    Args:
        lead: what the sum is.
        terms: its summands.
        total: what they come to.
        role: of the total.
        precision: significant figures.
        most: how many summands are written before the middle is left out.
        true: whether so many figures are shown that the line is true as it stands; else it says that
            it is not.
        worked: whether the products are worked out one by one as well.
    """
    digits = summed(
        [(term.sign, [factor.value for factor in term.factors]) for term in terms], total, precision
    )
    rounded = digits is None or (not true and digits.numbers > precision)
    figures = digits.numbers if true and digits is not None else precision
    chain = [lead, _joined([_symbols(term) for term in terms], most)]
    if digits is not None or not true:
        chain.append(_joined([_numbers(term, figures) for term in terms], most))
        if worked and len(terms) > 1 and any(len(term.factors) > 1 for term in terms):
            adding = added([term.value for term in terms], total, precision)
            fits = adding is not None and digits is not None and adding.result == digits.result
            if fits or not true:
                own = adding.numbers if true and adding is not None else precision
                chain.append(_joined([_worked(term, own) for term in terms], most))
    result = digits.result if true and digits is not None else precision
    chain.append(Math(shown(total, result), latex_number(total, result), role))
    return Line(_distinct(chain), rounded)


def _distinct(chain: list[Math]) -> tuple[Math, ...]:
    """Return the chain without a term that looks like the next one; the last one, with its role, stays."""
    kept = [
        term
        for term, following in pairwise(chain)
        if term.unicode != following.unicode
    ]
    return (*kept, chain[-1])


Signed = tuple[int, Math]


def _symbols(term: Summand) -> Signed:
    one = "·".join(factor.symbol.unicode for factor in term.factors)
    other = r" \cdot ".join(factor.symbol.latex for factor in term.factors)
    return term.sign, Math(one, other)


def _numbers(term: Summand, digits: int) -> Signed:
    if len(term.factors) == 1:
        return _plain(term.sign, term.factors[0].value, digits)
    return term.sign, Math(
        "·".join(_bracketed(shown(f.value, digits), "({})") for f in term.factors),
        r" \cdot ".join(
            _bracketed(latex_number(f.value, digits), r"\left({}\right)") for f in term.factors
        ),
    )


def _bracketed(text: str, pattern: str) -> str:
    return pattern.format(text) if text.startswith(("−", "-")) else text


def _worked(term: Summand, digits: int) -> Signed:
    return _plain(1, term.value, digits)


def _plain(sign: int, value: Exact, digits: int) -> Signed:
    """Return a number that stands by itself: its own sign joins the sum's."""
    if value < 0:
        sign, value = -sign, -value
    return sign, Math(shown(value, digits), latex_number(value, digits))


def _joined(terms: list[Signed], most: int) -> Math:
    if len(terms) > most:
        left = len(terms) - 3
        more = said("… ({count} more)", count=left)
        dots = Math(more, rf"\dots\text{{({left})}}")
        terms = [*terms[:2], (1, dots), terms[-1]]
    one, other = "", ""
    for place, (sign, term) in enumerate(terms):
        mark = ("−" if sign < 0 else "") if place == 0 else (" − " if sign < 0 else " + ")
        one += mark + term.unicode
        other += mark.replace("−", "-") + term.latex
    return Math(one, other)
