"""Local gradients as people write them: `x`, `σ(z)·(1 − σ(z))`, `1/(2·f)`, as trees of our own.

The rules of `OPS` are run on terms that build trees (a kernel of their own), so the formula shown
is the rule that computed the number. Terms know their operands' values, and a piecewise operation
shows the piece in force at the point; `branch` says which that is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .graph import Graph
from .language import Apply, Expression, Name, Number, same, written
from .ops import OPS, PRODUCT, Branch
from .steps import Derivation, Exact

__all__ = ["LocalForm", "branch", "local_form", "slope_everywhere"]


@dataclass(frozen=True, slots=True)
class LocalForm:
    """A local gradient as a formula: in the inputs, with the output's name where it occurs, and in
    the form that loses no digits where the usual one does (σ(z)·σ(−z)), None where it is the usual.
    """

    by_inputs: Expression
    by_output: Expression
    accurate: Expression | None = None

    @property
    def shortest(self) -> Expression:
        """Return the shorter of the two, the one in the inputs where they are alike."""
        one, other = self.by_inputs, self.by_output
        return other if len(written(other)) < len(written(one)) else one


def _number(value: Fraction | float | int) -> Number:
    if isinstance(value, float):
        return Number(value, f"{value:.12g}".replace("-", "−"))
    return Number(Fraction(value), str(Fraction(value)).replace("-", "−"))


class _Term:
    """A tree under construction; sums and products with 0 and 1 disappear."""

    __slots__ = ("tree", "value")

    def __init__(self, tree: Expression, value: Exact) -> None:
        self.tree = tree
        self.value = value

    def __add__(self, other: Any) -> _Term:
        return _sum(self, _term(other))

    def __radd__(self, other: Any) -> _Term:
        return _sum(_term(other), self)

    def __sub__(self, other: Any) -> _Term:
        return _difference(self, _term(other))

    def __rsub__(self, other: Any) -> _Term:
        return _difference(_term(other), self)

    def __mul__(self, other: Any) -> _Term:
        return _product(self, _term(other))

    def __rmul__(self, other: Any) -> _Term:
        return _product(_term(other), self)

    def __truediv__(self, other: Any) -> _Term:
        return _quotient(self, _term(other))

    def __rtruediv__(self, other: Any) -> _Term:
        return _quotient(_term(other), self)

    def __pow__(self, other: Any) -> _Term:
        return _power(self, _term(other))

    def __neg__(self) -> _Term:
        return _negative(self)


def _term(value: Any) -> _Term:
    if isinstance(value, _Term):
        return value
    return _Term(_number(value), value if isinstance(value, float) else Fraction(value))


def _is(term: _Term, value: int) -> bool:
    return isinstance(term.tree, Number) and term.tree.value == value


def _both(a: _Term, b: _Term) -> bool:
    exact = isinstance(a.value, Fraction) and isinstance(b.value, Fraction)
    return exact and isinstance(a.tree, Number) and isinstance(b.tree, Number)


def _apply(op: str, value: Exact, *terms: _Term) -> _Term:
    return _Term(Apply(op, tuple(t.tree for t in terms)), value)


def _sum(a: _Term, b: _Term) -> _Term:
    value = a.value + b.value
    if _both(a, b):
        return _term(value)
    if _is(a, 0):
        return b
    if _is(b, 0):
        return a
    if isinstance(b.tree, Apply) and b.tree.op == "negate":
        return _difference(a, _Term(b.tree.operands[0], -b.value))
    return _apply("add", value, a, b)


def _difference(a: _Term, b: _Term) -> _Term:
    value = a.value - b.value
    if _both(a, b):
        return _term(value)
    if _is(b, 0):
        return a
    if _is(a, 0):
        return _negative(b)
    return _apply("subtract", value, a, b)


def _negative(a: _Term) -> _Term:
    if isinstance(a.tree, Number):
        return _term(-a.value)
    if isinstance(a.tree, Apply) and a.tree.op == "negate":
        return _Term(a.tree.operands[0], -a.value)
    if isinstance(a.tree, Apply) and OPS[a.tree.op].binds == PRODUCT:
        # −a·b rather than −(a·b): the sign goes to the first factor.
        first = _negative(_Term(a.tree.operands[0], math.nan))
        return _Term(Apply(a.tree.op, (first.tree, a.tree.operands[1])), -a.value)
    return _apply("negate", -a.value, a)


def _product(a: _Term, b: _Term) -> _Term:
    value = a.value * b.value
    if _both(a, b):
        return _term(value)
    if _is(a, 0) or _is(b, 0):
        return _term(0)
    if _is(a, 1):
        return b
    if _is(b, 1):
        return a
    if _is(a, -1):
        return _negative(b)
    return _apply("multiply", value, a, b)


def _quotient(a: _Term, b: _Term) -> _Term:
    value = a.value / b.value if b.value else math.nan
    if _both(a, b) and b.value:
        return _term(value)
    if _is(b, 1):
        return a
    return _apply("divide", value, a, b)


def _power(a: _Term, b: _Term) -> _Term:
    if _is(b, 1):
        return a
    if _is(b, 0):
        return _term(1)
    return _apply("power", math.nan, a, b)


def _function(op: str) -> Callable[[Any, Any], _Term]:
    def apply(self: Any, a: Any) -> _Term:
        return _apply(op, math.nan, _term(a))

    return apply


def _constant(text: str, value: float) -> _Term:
    return _Term(Number(value, text), value)


class _Trees:
    """The kernel whose numbers are terms; conditions are decided by the operands' values."""

    one = _Term(_number(1), Fraction(1))
    pi = _constant("π", math.pi)
    ln2 = _Term(Apply("log", (_number(2),)), math.log(2))
    ln10 = _Term(Apply("log", (_number(10),)), math.log(10))
    sqrt2 = _Term(Apply("sqrt", (_number(2),)), math.sqrt(2))
    sqrt_pi = _Term(Apply("sqrt", (Number(math.pi, "π"),)), math.sqrt(math.pi))

    exp, sqrt, cbrt = _function("exp"), _function("sqrt"), _function("cbrt")
    log2, log10, erf = _function("log2"), _function("log10"), _function("erf")
    sin, cos, tan = _function("sin"), _function("cos"), _function("tan")
    asin, acos, atan = _function("asin"), _function("acos"), _function("atan")
    sinh, cosh, tanh = _function("sinh"), _function("cosh"), _function("tanh")
    asinh, acosh, atanh = _function("asinh"), _function("acosh"), _function("atanh")
    sigmoid, softplus, absolute = _function("sigmoid"), _function("softplus"), _function("abs")

    def __init__(self, shares: dict[int, str]) -> None:
        self.shares = shares

    def log(self, a: Any) -> _Term:
        term = _term(a)
        if isinstance(term.tree, Number) and term.tree.text == "e":
            return _term(1)
        return _apply("log", math.nan, term)

    def log1p(self, a: Any) -> _Term:
        return self.log(1 + _term(a))

    def expm1(self, a: Any) -> _Term:
        return self.exp(a) - 1

    def power(self, a: Any, b: Any) -> _Term:
        return _power(_term(a), _term(b))

    def sign(self, a: Any) -> _Term:
        value = _term(a).value
        return _term((value > 0) - (value < 0))

    def maximum(self, a: Any, b: Any) -> _Term:
        one, other = _term(a), _term(b)
        return one if one.value >= other.value else other

    def minimum(self, a: Any, b: Any) -> _Term:
        one, other = _term(a), _term(b)
        return one if one.value <= other.value else other

    def greater(self, a: Any, b: Any) -> bool:
        return bool(_term(a).value > _term(b).value)

    def less(self, a: Any, b: Any) -> bool:
        return bool(_term(a).value < _term(b).value)

    def equal(self, a: Any, b: Any) -> bool:
        return bool(_term(a).value == _term(b).value)

    def where(self, condition: bool, a: Any, b: Any) -> _Term:
        return _term(a if condition else b)

    def guard(self, condition: bool, a: Any, b: Any) -> _Term:
        """Return the general case; the exception itself only where a constant makes it."""
        special, general = _term(a), _term(b)
        return special if condition and isinstance(general.tree, Number) else general

    def hypot(self, *operands: Any) -> _Term:
        terms = [_term(a) for a in operands]
        return self.sqrt(sum((term**2 for term in terms[1:]), terms[0] ** 2))

    def normal(self, a: Any) -> _Term:
        return (1 + self.erf(_term(a) / self.sqrt2)) / 2

    def gaussian(self, a: Any, share: int) -> _Term:
        return self.exp(-(_term(a) ** 2) / share)

    def total(self, *operands: Any) -> _Term:
        return sum((_term(a) for a in operands[1:]), _term(operands[0]))

    def average(self, *operands: Any) -> _Term:
        return self.total(*operands) / len(operands)

    def logsumexp(self, *scores: Any) -> _Term:
        trees = tuple(_term(s).tree for s in scores)
        return _Term(Apply("logsumexp", trees), math.nan)

    def softmax(self, index: int, *scores: Any) -> _Term:
        if index in self.shares:
            return _Term(Name(self.shares[index]), math.nan)
        trees = tuple(_term(s).tree for s in scores)
        return _Term(Apply("softmax", trees, (("index", index),)), math.nan)


_COMPLEMENT = {"above": "at_most", "below": "at_least"}


class _Everywhere(_Trees):
    """As `_Trees`, but pieces are written as choices, so that a slope holds on all of them."""

    def sign(self, a: Any) -> _Term:
        term = _term(a)
        return _apply("sign", super().sign(term).value, term)

    def maximum(self, a: Any, b: Any) -> _Term:
        return _apply("max", super().maximum(a, b).value, _term(a), _term(b))

    def minimum(self, a: Any, b: Any) -> _Term:
        return _apply("min", super().minimum(a, b).value, _term(a), _term(b))

    def greater(self, a: Any, b: Any) -> Any:
        return "above", _term(a), _term(b), super().greater(a, b)

    def less(self, a: Any, b: Any) -> Any:
        return "below", _term(a), _term(b), super().less(a, b)

    def where(self, condition: Any, a: Any, b: Any) -> _Term:
        word, one, other, holds = condition
        yes, no = _term(a), _term(b)
        value = yes.value if holds else no.value
        if _is(yes, 1) and _is(no, 0):
            return _apply(f"indicator_{word}", value, one, other)
        if _is(yes, 0) and _is(no, 1):
            return _apply(f"indicator_{_COMPLEMENT[word]}", value, one, other)
        return _apply(f"where_{word}", value, one, other, yes, no)


def _in_full(value: float) -> _Term:
    """Return a number with all its digits, whole ones as whole numbers."""
    if value == int(value):
        return _term(int(value))
    return _Term(Number(value, repr(value).replace("-", "−")), value)


def slope_everywhere(derivation: Derivation, place: int, slot: int) -> Expression:
    """Return the local gradient of a node as a formula in its inputs that holds on every piece.

    Where a row has one rule for each number of operands, as `max` has, it is that of the point.
    """
    graph, numbers = derivation.graph_table, derivation.numbers
    node = graph.nodes[place]
    op = OPS[node.op]
    if not isinstance(op.partials, tuple):
        return local_form(derivation, place, slot).by_inputs
    given = op.with_options(node.options) if op.options else {}
    options = {name: _in_full(value) for name, value in given.items()}
    operands = [_Term(graph.term(i), numbers[i]) for i in node.operands]
    own = _Term(graph.formula(place), numbers[place])
    return _term(op.partials[slot](_Everywhere({}), own, *operands, **options)).tree


def local_form(derivation: Derivation, place: int, slot: int) -> LocalForm:
    """Return the local gradient of a node along its operand number `slot`, as formulas.

    `place` is the node's place in the graph's nodes.
    """
    graph, numbers = derivation.graph_table, derivation.numbers
    node = graph.nodes[place]
    op = OPS[node.op]
    options = op.with_options(node.options) if op.options or op.outputs else {}
    operands = [_Term(graph.term(i), numbers[i]) for i in node.operands]
    kernel = _Trees(_shares(graph, place))
    named = _Term(Name(node.name), numbers[place])
    own = named if op.outputs else _Term(graph.formula(place), numbers[place])
    rule = op.partial(slot)
    by_inputs = _term(rule(kernel, own, *operands, **options)).tree
    by_output = _term(rule(kernel, named, *operands, **options)).tree
    by_output = by_inputs if same(by_inputs, by_output) else by_output
    if op.accurate is None:
        return LocalForm(by_inputs, by_output)
    accurate = _term(op.accurate(slot)(kernel, named, *operands, **options)).tree
    usual = same(accurate, by_inputs) or same(accurate, by_output)
    return LocalForm(by_inputs, by_output, None if usual else accurate)


def _shares(graph: Graph, place: int) -> dict[int, str]:
    """Return the names of the outputs of the softmax that the node belongs to, by number."""
    node = graph.nodes[place]
    if not OPS[node.op].outputs:
        return {}
    return {
        int(dict(graph.nodes[use.target].options)["index"]): graph.nodes[use.target].name
        for use in graph.uses[node.operands[0]]
        if graph.nodes[use.target].op == node.op
        and graph.nodes[use.target].operands == node.operands
        and use.target != place
    }


def branch(derivation: Derivation, place: int) -> Branch | None:
    """Return which piece of a piecewise operation is in force; None for the smooth ones."""
    node = derivation.graph_table.nodes[place]
    op = OPS.get(node.op)
    if op is None or op.branch is None:
        return None
    options = op.with_options(node.options) if op.options else {}
    return op.branch(*(derivation.numbers[i] for i in node.operands), **options)
