"""The kernels that write a rule of `OPS` as a tree: terms that grow when the rule multiplies and adds.

`Trees` writes the piece in force at a point, `Everywhere` writes choices, and `Symbols` writes them
where no operand has a value. Enters: a rule's operands as terms. Leaves: the rule's term.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .language import Apply, Expression, Name, Number
from .ops import OPS, PRODUCT
from .steps import Exact

__all__ = ["Everywhere", "Symbols", "Term", "Trees", "in_full", "term_of", "unvalued"]


def _number(value: Fraction | float | int) -> Number:
    if isinstance(value, float):
        return Number(value, f"{value:.12g}".replace("-", "−"))
    return Number(Fraction(value), str(Fraction(value)).replace("-", "−"))


class Term:
    """A tree under construction; sums and products with 0 and 1 disappear."""

    __slots__ = ("tree", "value")

    def __init__(self, tree: Expression, value: Exact) -> None:
        self.tree = tree
        self.value = value

    def __add__(self, other: Any) -> Term:
        return _sum(self, term_of(other))

    def __radd__(self, other: Any) -> Term:
        return _sum(term_of(other), self)

    def __sub__(self, other: Any) -> Term:
        return _difference(self, term_of(other))

    def __rsub__(self, other: Any) -> Term:
        return _difference(term_of(other), self)

    def __mul__(self, other: Any) -> Term:
        return _product(self, term_of(other))

    def __rmul__(self, other: Any) -> Term:
        return _product(term_of(other), self)

    def __truediv__(self, other: Any) -> Term:
        return _quotient(self, term_of(other))

    def __rtruediv__(self, other: Any) -> Term:
        return _quotient(term_of(other), self)

    def __pow__(self, other: Any) -> Term:
        return _power(self, term_of(other))

    def __neg__(self) -> Term:
        return _negative(self)


_SMALL = 10


@lru_cache(maxsize=2 * _SMALL)
def _small(value: int) -> Term:
    """Return a number that rules are written with: the 1 of 1 − tanh²."""
    return Term(_number(value), Fraction(value))


def term_of(value: Any) -> Term:
    """Return a number as a term; a term as it is."""
    if isinstance(value, Term):
        return value
    if type(value) is int and -_SMALL < value < _SMALL:
        return _small(value)
    return Term(_number(value), value if isinstance(value, float) else Fraction(value))


def _is(term: Term, value: int) -> bool:
    return isinstance(term.tree, Number) and term.tree.value == value


def _both(a: Term, b: Term) -> bool:
    exact = isinstance(a.value, Fraction) and isinstance(b.value, Fraction)
    return exact and isinstance(a.tree, Number) and isinstance(b.tree, Number)


def _apply(op: str, value: Exact, *terms: Term) -> Term:
    return Term(Apply(op, tuple(t.tree for t in terms)), value)


def _sum(a: Term, b: Term) -> Term:
    value = a.value + b.value
    if _both(a, b):
        return term_of(value)
    if _is(a, 0):
        return b
    if _is(b, 0):
        return a
    if isinstance(b.tree, Apply) and b.tree.op == "negate":
        return _difference(a, Term(b.tree.operands[0], -b.value))
    return _apply("add", value, a, b)


def _difference(a: Term, b: Term) -> Term:
    value = a.value - b.value
    if _both(a, b):
        return term_of(value)
    if _is(b, 0):
        return a
    if _is(a, 0):
        return _negative(b)
    return _apply("subtract", value, a, b)


def _negative(a: Term) -> Term:
    if isinstance(a.tree, Number):
        return term_of(-a.value)
    if isinstance(a.tree, Apply) and a.tree.op == "negate":
        return Term(a.tree.operands[0], -a.value)
    if isinstance(a.tree, Apply) and OPS[a.tree.op].binds == PRODUCT:
        # −a·b rather than −(a·b): the sign goes to the first factor.
        first = _negative(unvalued(a.tree.operands[0]))
        return Term(Apply(a.tree.op, (first.tree, a.tree.operands[1])), -a.value)
    return _apply("negate", -a.value, a)


def _product(a: Term, b: Term) -> Term:
    value = a.value * b.value
    if _both(a, b):
        return term_of(value)
    if _is(a, 0) or _is(b, 0):
        return term_of(0)
    if _is(a, 1):
        return b
    if _is(b, 1):
        return a
    if _is(a, -1):
        return _negative(b)
    return _apply("multiply", value, a, b)


def _quotient(a: Term, b: Term) -> Term:
    value = a.value / b.value if b.value else math.nan
    if _both(a, b) and b.value:
        return term_of(value)
    if _is(b, 1):
        return a
    return _apply("divide", value, a, b)


def _power(a: Term, b: Term) -> Term:
    if _is(b, 1):
        return a
    if _is(b, 0):
        return term_of(1)
    return _apply("power", math.nan, a, b)


def _function(op: str) -> Callable[[Any, Any], Term]:
    def apply(self: Any, a: Any) -> Term:
        return _apply(op, math.nan, term_of(a))

    return apply


def _constant(text: str, value: float) -> Term:
    return Term(Number(value, text), value)


class Trees:
    """The kernel whose numbers are terms; conditions are decided by the operands' values."""

    one: Term = Term(_number(1), Fraction(1))
    pi: Term = _constant("π", math.pi)
    ln2: Term = Term(Apply("log", (_number(2),)), math.log(2))
    ln10: Term = Term(Apply("log", (_number(10),)), math.log(10))
    sqrt2: Term = Term(Apply("sqrt", (_number(2),)), math.sqrt(2))
    sqrt_pi: Term = Term(Apply("sqrt", (Number(math.pi, "π"),)), math.sqrt(math.pi))

    exp, sqrt, cbrt = _function("exp"), _function("sqrt"), _function("cbrt")
    log2, log10, erf = _function("log2"), _function("log10"), _function("erf")
    sin, cos, tan = _function("sin"), _function("cos"), _function("tan")
    asin, acos, atan = _function("asin"), _function("acos"), _function("atan")
    sinh, cosh, tanh = _function("sinh"), _function("cosh"), _function("tanh")
    asinh, acosh, atanh = _function("asinh"), _function("acosh"), _function("atanh")
    sigmoid, softplus, absolute = _function("sigmoid"), _function("softplus"), _function("abs")

    def __init__(self, shares: dict[int, str]) -> None:
        self.shares = shares

    def log(self, a: Any) -> Term:
        term = term_of(a)
        if isinstance(term.tree, Number) and term.tree.text == "e":
            return term_of(1)
        return _apply("log", math.nan, term)

    def log1p(self, a: Any) -> Term:
        return self.log(1 + term_of(a))

    def expm1(self, a: Any) -> Term:
        return self.exp(a) - 1

    def power(self, a: Any, b: Any) -> Term:
        return _power(term_of(a), term_of(b))

    def sign(self, a: Any) -> Term:
        value = term_of(a).value
        return term_of((value > 0) - (value < 0))

    def maximum(self, a: Any, b: Any) -> Term:
        one, other = term_of(a), term_of(b)
        return one if one.value >= other.value else other

    def minimum(self, a: Any, b: Any) -> Term:
        one, other = term_of(a), term_of(b)
        return one if one.value <= other.value else other

    def greater(self, a: Any, b: Any) -> bool:
        return bool(term_of(a).value > term_of(b).value)

    def less(self, a: Any, b: Any) -> bool:
        return bool(term_of(a).value < term_of(b).value)

    def equal(self, a: Any, b: Any) -> bool:
        return bool(term_of(a).value == term_of(b).value)

    def where(self, condition: bool, a: Any, b: Any) -> Term:
        return term_of(a if condition else b)

    def guard(self, condition: bool, a: Any, b: Any) -> Term:
        """Return the general case; the exception itself only where a constant makes it."""
        special, general = term_of(a), term_of(b)
        return special if condition and isinstance(general.tree, Number) else general

    def hypot(self, *operands: Any) -> Term:
        terms = [term_of(a) for a in operands]
        return self.sqrt(sum((term**2 for term in terms[1:]), terms[0] ** 2))

    def normal(self, a: Any) -> Term:
        return (1 + self.erf(term_of(a) / self.sqrt2)) / 2

    def gaussian(self, a: Any, share: int) -> Term:
        return self.exp(-(term_of(a) ** 2) / share)

    def total(self, *operands: Any) -> Term:
        return sum((term_of(a) for a in operands[1:]), term_of(operands[0]))

    def average(self, *operands: Any) -> Term:
        return self.total(*operands) / len(operands)

    def logsumexp(self, *scores: Any) -> Term:
        trees = tuple(term_of(s).tree for s in scores)
        return Term(Apply("logsumexp", trees), math.nan)

    def softmax(self, index: int, *scores: Any) -> Term:
        if index in self.shares:
            return Term(Name(self.shares[index]), math.nan)
        trees = tuple(term_of(s).tree for s in scores)
        return Term(Apply("softmax", trees, (("index", index),)), math.nan)


_COMPLEMENT = {"above": "at_most", "below": "at_least", "at_most": "above", "at_least": "below"}


class Everywhere(Trees):
    """As `Trees`, but pieces are written as choices, so that a slope holds on all of them."""

    def sign(self, a: Any) -> Term:
        term = term_of(a)
        return _apply("sign", super().sign(term).value, term)

    def maximum(self, a: Any, b: Any) -> Term:
        return _apply("max", super().maximum(a, b).value, term_of(a), term_of(b))

    def minimum(self, a: Any, b: Any) -> Term:
        return _apply("min", super().minimum(a, b).value, term_of(a), term_of(b))

    def greater(self, a: Any, b: Any) -> Any:
        return "above", term_of(a), term_of(b), super().greater(a, b)

    def less(self, a: Any, b: Any) -> Any:
        return "below", term_of(a), term_of(b), super().less(a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Term:
        word, one, other, holds = condition
        yes, no = term_of(a), term_of(b)
        value = yes.value if holds else no.value
        if _is(yes, 1) and _is(no, 0):
            return _apply(f"indicator_{word}", value, one, other)
        if _is(yes, 0) and _is(no, 1):
            return _apply(f"indicator_{_COMPLEMENT[word]}", value, one, other)
        return _apply(f"where_{word}", value, one, other, yes, no)


class Symbols(Everywhere):
    """As `Everywhere`, where no operand has a value: only constants are compared.

    `picks` is the row's word for what it picks, "largest" or "smallest": there a tie is told by one
    comparison, since what is picked is never exceeded.
    """

    def __init__(self, shares: dict[int, str], picks: str = "") -> None:
        super().__init__(shares)
        self.picks = picks

    def equal(self, a: Any, b: Any) -> Any:
        one, other = term_of(a), term_of(b)
        return "equal", one, other, bool(one.value == other.value)

    def guard(self, condition: Any, a: Any, b: Any) -> Term:
        """Return the general case; the exception itself only where a constant makes it."""
        return super().guard(condition[3], a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Term:
        word, one, other, _ = condition
        yes, no = term_of(a), term_of(b)
        decided = _both(one, other)
        if decided:
            return yes if condition[3] else no
        if word != "equal":
            return super().where(condition, yes, no)
        kept = {"largest": ("at_least",), "smallest": ("at_most",)}
        for sign in kept.get(self.picks, ("at_least", "at_most")):
            yes = self.where((sign, one, other, False), yes, no)
        return yes


def unvalued(tree: Expression) -> Term:
    """Return a tree as a term: a constant has its value, anything else none."""
    return Term(tree, tree.value if isinstance(tree, Number) else math.nan)


def in_full(value: float) -> Term:
    """Return a number with all its digits, whole ones as whole numbers."""
    if value == int(value):
        return term_of(int(value))
    return Term(Number(value, repr(value).replace("-", "−")), value)


