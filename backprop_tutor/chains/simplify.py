"""A formula made shorter: equal terms gathered, products ordered, multiplied out where that is shorter.

Enters: a tree. Leaves: a tree of the same function. Rational arithmetic is exact; functions are
opaque, only what stands in their brackets is simplified. Terms and powers are bounded, so that no
power of a sum can grow. The tests hold it to SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from ..language import Apply, Expression, Name, Number, postorder, written
from .sizes import Sizes

__all__ = ["put_in", "simplified"]

_MOST_TERMS = 24
"""A sum is multiplied out only while it has at most so many terms."""

_MOST_POWER = 4
"""A sum is raised to a power only up to this exponent."""

_ARITHMETIC = {"identity", "negate", "add", "subtract", "multiply", "divide", "power"}

Monomial = tuple[tuple[int, Fraction], ...]
"""Numbers of atoms and their exponents, in order of the numbers; no exponent is 0."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """Terms by their monomial, in order of first appearance; no coefficient is 0."""

    terms: dict[Monomial, Fraction]

    @property
    def number(self) -> Fraction | None:
        """Return the number that it is, if it is one."""
        if not self.terms:
            return Fraction(0)
        return self.terms.get(()) if len(self.terms) == 1 else None


def simplified(tree: Expression) -> Expression:
    """Return the shortest of a tree's forms: as it is, gathered, multiplied out, factored.

    >>> from backprop_tutor.language import parse
    >>> print(written(simplified(parse("f = 2(u + v) + 1*v*1 + 0").assignments[0].expression)))
    2·u + 3·v
    >>> print(written(simplified(parse("f = (a - t)*a*(1 - a)*w").assignments[0].expression)))
    (a − t)·a·(1 − a)·w
    """
    if not isinstance(tree, Apply):
        return tree
    if tree.op not in _ARITHMETIC and not any(isinstance(part, Apply) for part in tree.operands):
        return tree
    forms = []
    for expand in (False, True):
        algebra = _Algebra(expand)
        found = algebra.read(tree)
        if found is None:
            continue
        forms.append(algebra.tree(found))
        factored = algebra.factored(found)
        if factored is not None:
            forms.append(factored)
    forms.append(tree)
    sizes = Sizes()
    ranks = [(sizes.of(form), _names(form), place) for place, form in enumerate(forms)]
    return forms[min(ranks)[2]]


def _names(tree: Expression) -> int:
    """Return how often names occur, written out."""
    return sum(isinstance(node, Name) for node in postorder(tree))


def put_in(tree: Expression, given: Callable[[str], Expression]) -> Expression:
    """Return a tree with other trees for its names; parts that are used twice stay shared."""
    done: dict[int, Expression] = {}
    for node in postorder(tree):
        if id(node) in done:
            continue
        if isinstance(node, Name):
            done[id(node)] = given(node.name)
        elif isinstance(node, Apply):
            operands = tuple(done[id(part)] for part in node.operands)
            same = all(new is old for new, old in zip(operands, node.operands, strict=True))
            done[id(node)] = node if same else Apply(node.op, operands, node.options)
        else:
            done[id(node)] = node
    return done[id(tree)]


class _Algebra:
    """Sums of products of atoms; with `expand`, products of sums are multiplied out."""

    def __init__(self, expand: bool) -> None:
        self.expand = expand
        self.atoms: list[Expression] = []
        self.places: dict[str, int] = {}
        self.orders: dict[Monomial, tuple[int, ...]] = {}
        self.decimal = False

    def read(self, tree: Expression) -> _Sum | None:
        """Return a tree as a sum; None where multiplying out takes too many terms."""
        found: dict[int, _Sum] = {}
        for node in postorder(tree):
            if id(node) in found:
                continue
            value = self._leaf(node) if not isinstance(node, Apply) else None
            if isinstance(node, Apply):
                value = self._applied(node, [found[id(part)] for part in node.operands])
            if value is None or len(value.terms) > _MOST_TERMS:
                return None
            found[id(node)] = value
        return found[id(tree)]

    def _leaf(self, node: Expression) -> _Sum:
        if isinstance(node, Number) and not any(c.isalpha() for c in node.text.replace("e", "")):
            exact = _exact(node)
            if exact is not None:
                self.decimal = self.decimal or isinstance(node.value, float)
                return _constant(exact)
        return self._atom(node)

    def _atom(self, tree: Expression) -> _Sum:
        key = written(tree)
        if key not in self.places:
            self.places[key] = len(self.atoms)
            self.atoms.append(tree)
        return _Sum({((self.places[key], Fraction(1)),): Fraction(1)})

    def _applied(self, node: Apply, operands: list[_Sum]) -> _Sum | None:
        if node.op == "identity":
            return operands[0]
        if node.op == "negate":
            return _scaled(operands[0], Fraction(-1))
        if node.op in ("add", "subtract"):
            sign = Fraction(1 if node.op == "add" else -1)
            return _added(operands[0], _scaled(operands[1], sign))
        if node.op == "multiply":
            return self._times(operands[0], operands[1])
        if node.op == "divide":
            under = self._power(operands[1], Fraction(-1))
            return None if under is None else self._times(operands[0], under)
        if node.op == "power":
            exponent = operands[1].number
            if exponent is not None and exponent.denominator == 1 and abs(exponent) < 100:
                raised = self._power(operands[0], exponent)
                if raised is not None:
                    return raised
        trees = tuple(self.tree(operand) for operand in operands)
        return self._atom(Apply(node.op, trees, node.options))

    def _times(self, one: _Sum, other: _Sum) -> _Sum | None:
        if not self.expand:
            one, other = self._single(one), self._single(other)
        if len(one.terms) * len(other.terms) > _MOST_TERMS:
            return None
        terms: dict[Monomial, Fraction] = {}
        for left, a in one.terms.items():
            for right, b in other.terms.items():
                product = _joined(left, right)
                self._ordered(product, left, right)
                _put(terms, product, a * b)
        return _Sum(terms)

    def _ordered(self, product: Monomial, *parts: Monomial) -> None:
        """Note in which order a product's factors were written when it was first met."""
        if product not in self.orders:
            atoms = [a for part in parts for a in self._order(part)]
            kept = {a for a, _ in product}
            self.orders[product] = tuple(a for a in dict.fromkeys(atoms) if a in kept)

    def _order(self, monomial: Monomial) -> tuple[int, ...]:
        return self.orders.get(monomial) or tuple(a for a, _ in monomial)

    def _single(self, total: _Sum) -> _Sum:
        """Return a sum as one factor: its common number times an atom."""
        if len(total.terms) < 2:
            return total
        share = _share(total.terms.values())
        return _scaled(self._atom(self.tree(_scaled(total, 1 / share))), share)

    def _power(self, base: _Sum, exponent: Fraction) -> _Sum | None:
        if not base.terms:
            return _Sum({}) if exponent > 0 else _constant(Fraction(1)) if not exponent else None
        if exponent == 0:
            return _constant(Fraction(1))
        if len(base.terms) > 1:
            if self.expand and 0 < exponent <= _MOST_POWER:
                total: _Sum | None = base
                for _ in range(int(exponent) - 1):
                    total = None if total is None else self._times(total, base)
                return total
            base = self._single(base)
        (monomial, coefficient), = base.terms.items()
        raised = tuple((a, e * exponent) for a, e in monomial)
        self._ordered(raised, monomial)
        return _Sum({raised: coefficient**int(exponent)})

    def factored(self, total: _Sum) -> Expression | None:
        """Return a sum with what all its terms share before a bracket, if they share a name."""
        if len(total.terms) < 2:
            return None
        first, *others = total.terms
        common = dict(first)
        for monomial in others:
            powers = dict(monomial)
            common = {a: min(e, powers[a]) for a, e in common.items() if a in powers}
        if not common:
            return None
        share = _share(total.terms.values())
        shared = tuple(common.items())
        away = tuple((a, -e) for a, e in shared)
        rest: dict[Monomial, Fraction] = {}
        for monomial, coefficient in total.terms.items():
            left = _joined(monomial, away)
            self._ordered(left, monomial)
            rest[left] = coefficient / share
        (bracket, _), = self._atom(self.tree(_Sum(rest))).terms.items()
        product = _joined(shared, bracket)
        front = [a for a in self._order(first) if a in common]
        self.orders[product] = (*front, bracket[0][0])
        return self.tree(_Sum({product: share}))

    def tree(self, total: _Sum) -> Expression:
        """Return a sum as a tree."""
        found: Expression | None = None
        # A sum begins with a term that has no minus sign, where there is one: b − a, not −a + b.
        terms = list(total.terms.items())
        if terms and terms[0][1] < 0:
            terms.sort(key=lambda term: term[1] < 0)
        for monomial, coefficient in terms:
            if found is None:
                found = self._product(monomial, coefficient)
            elif coefficient < 0:
                found = Apply("subtract", (found, self._product(monomial, -coefficient)))
            else:
                found = Apply("add", (found, self._product(monomial, coefficient)))
        return _number(Fraction(0), self.decimal) if found is None else found

    def _product(self, monomial: Monomial, coefficient: Fraction) -> Expression:
        size = abs(coefficient)
        powers = dict(monomial)
        order = self._order(monomial)
        above = [self._raised(a, powers[a]) for a in order if powers[a] > 0]
        below = [self._raised(a, -powers[a]) for a in order if powers[a] < 0]
        whole, under = Fraction(size.numerator), Fraction(size.denominator)
        if self.decimal and _terminates(size):
            whole, under = size, Fraction(1)
        if whole != 1 or not above:
            above.insert(0, _number(whole, self.decimal))
        if under != 1:
            below.insert(0, _number(under, False))
        found = _multiplied(above)
        if below:
            found = Apply("divide", (found, _multiplied(below)))
        if coefficient < 0:
            return _signed(above, below)
        return found

    def _raised(self, atom: int, exponent: Fraction) -> Expression:
        if exponent == 1:
            return self.atoms[atom]
        return Apply("power", (self.atoms[atom], _number(exponent, False)))


def _signed(above: list[Expression], below: list[Expression]) -> Expression:
    """Return minus a quotient of products, the sign at its first factor."""
    first = above[0]
    if isinstance(first, Number):
        signed: Expression = Number(-first.value, f"−{first.text}")
    else:
        signed = Apply("negate", (first,))
    product = _multiplied([signed, *above[1:]])
    return Apply("divide", (product, _multiplied(below))) if below else product


def _multiplied(factors: Iterable[Expression]) -> Expression:
    found: Expression | None = None
    for factor in factors:
        found = factor if found is None else Apply("multiply", (found, factor))
    assert found is not None  # a product has a factor
    return found


def _constant(value: Fraction) -> _Sum:
    return _Sum({(): value} if value else {})


def _exact(node: Number) -> Fraction | None:
    """Return a constant's number as it was typed, or None where its text is no number."""
    if isinstance(node.value, Fraction):
        return node.value
    try:
        return Fraction(node.text.replace("−", "-") or repr(node.value))
    except ValueError:
        return None


def _number(value: Fraction, decimal: bool) -> Number:
    if decimal and value.denominator != 1 and _terminates(value):
        return Number(float(value), repr(float(value)))
    return Number(value, str(value))


def _terminates(value: Fraction) -> bool:
    """Return whether a fraction is a short decimal: 0.125, not 1/3."""
    return value == Fraction(repr(float(value)))


def _scaled(total: _Sum, factor: Fraction) -> _Sum:
    return _Sum({m: c * factor for m, c in total.terms.items()} if factor else {})


def _added(one: _Sum, other: _Sum) -> _Sum:
    terms = dict(one.terms)
    for monomial, coefficient in other.terms.items():
        _put(terms, monomial, coefficient)
    return _Sum(terms)


def _put(terms: dict[Monomial, Fraction], monomial: Monomial, coefficient: Fraction) -> None:
    total = terms.get(monomial, Fraction(0)) + coefficient
    if total:
        terms[monomial] = total
    else:
        terms.pop(monomial, None)


def _joined(one: Monomial, other: Monomial) -> Monomial:
    if not one or not other:
        return one or other
    powers = dict(one)
    for atom, exponent in other:
        before = powers.get(atom)
        powers[atom] = exponent if before is None else before + exponent
    return tuple((a, e) for a, e in sorted(powers.items()) if e)


def _share(numbers: Iterable[Fraction]) -> Fraction:
    """Return the largest number of which all are whole multiples."""
    top, bottom = 0, 1
    for number in numbers:
        top = gcd(top, number.numerator)
        bottom = bottom * number.denominator // gcd(bottom, number.denominator)
    return Fraction(top, bottom)
