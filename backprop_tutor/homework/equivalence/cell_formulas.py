"""The right formula for a quantity of a graph, true at every point, and a student's beside it.

Enters: a graph and a quantity. Leaves: a tree over the graph's names with what these stand for, so
that ∂f/∂w is a short sum over gradients of later nodes, not a closed form that swells. Pieces are
kept (`step`, `sign`): the formula holds on both sides of every kink. `same_formula` hands both to
`equivalent`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from ...graph import Graph
from ...language import Apply, Expression, Name, Number, postorder
from ...ops import OPS
from ...ops import Number as Amount
from ..quantities.quantity import Quantity
from .domains import DomainSpec
from .equivalent import Equivalence, equivalent
from .pairs_read import definitions_of
from .shares import Shares
from .stand_ins import StoodIn, read_stood_in

__all__ = ["expected_formula", "presupposed", "same_formula", "stands_for"]

_GRADIENT = "gradient of "
"""Before a node's name: the name of its gradient, which nobody can type."""


def same_formula(
    graph: Graph,
    quantity: Quantity,
    student: str | Expression | StoodIn,
    *,
    lr: Amount | None = None,
    domain: DomainSpec = None,
    shares: Sequence[Shares] = (),
) -> Equivalence:
    """Return whether a student's formula is a quantity's, with a witness over the inputs if not.

    Names of nodes may be used; they stand for those nodes' values. So may gradients, `dL/dz`, and slopes of
    functions, `σ'(z)`.

    Raises:
        ParseError: a text that is no formula over the graph's names.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.language import parse
    >>> from backprop_tutor.homework.quantities.quantity import parse_quantity
    >>> graph = build_graph(parse("a = relu(w*x); f = a^2"))
    >>> bool(same_formula(graph, parse_quantity("df/dw", graph), "2*a*x"))
    True
    """
    expected, definitions = expected_formula(graph, quantity, lr)
    names = [node.name for node in graph.nodes if node.kind != "constant"]
    if isinstance(student, str):
        student = read_stood_in(student, graph)
    if not isinstance(student, StoodIn):
        return equivalent(expected, student, names, domain, definitions=definitions, shares=shares)
    if student.gradients:
        definitions = _gradients(graph) | definitions
    definitions = {**definitions, **stands_for(graph, student)}
    tree = student.tree
    return equivalent(expected, tree, names, domain, definitions=definitions, shares=shares)


def stands_for(graph: Graph, read: StoodIn) -> dict[str, Expression]:
    """Return what the stand-in names of a formula mean, in terms of `expected_formula`'s names."""
    found: dict[str, Expression] = {
        name: Name(_GRADIENT + graph.nodes[place].name) for name, place in read.gradients
    }
    for name, function, inside in read.slopes:
        op = OPS[function]
        given: dict[str, Any] = op.with_options({}) if op.options else {}
        options = {key: _Tree(_number(Fraction(str(value)))) for key, value in given.items()}
        out = _Tree(Apply(function, (inside,)))
        found[name] = _tree(op.partial(0)(_KERNEL, out, _Tree(inside), **options)).tree
    return found


def presupposed(
    graph: Graph, quantity: Quantity, student: Expression, read: StoodIn | None = None
) -> str:
    """Return a name in a formula for a node's value that the value itself is needed for; "" if none.

    For a gradient that is one which is found from it, or itself: `dL/dw` is no answer to what dL/dz is.

    `f` is no answer to what f is, nor is `sqrt(f)` to what a is where f = a². Slopes may be written with
    every node's value.

    >>> from backprop_tutor.graph_builder import build_graph
    >>> from backprop_tutor.homework.quantities.quantity import parse_quantity
    >>> from backprop_tutor.language import parse
    >>> graph = build_graph(parse("a = w*x; f = a^2"))
    >>> from backprop_tutor.language import parse_formula
    >>> trees = [parse_formula(text, ["a", "f", "w", "x"])[0] for text in ("f", "sqrt(f)", "w*x")]
    >>> [presupposed(graph, parse_quantity("a", graph), tree) for tree in trees]
    ['f', 'f', '']
    """
    if quantity.kind == "gradient" and read is not None and read.gradients:
        return _presupposed_gradient(graph, quantity, read)
    if quantity.kind != "value" or not graph.nodes[quantity.node].operands:
        return ""
    later = {quantity.node}
    waiting = [quantity.node]
    while waiting:
        for use in graph.uses[waiting.pop()]:
            if use.target not in later:
                later.add(use.target)
                waiting.append(use.target)
    names = {graph.nodes[place].name for place in later}
    return next((n.name for n in postorder(student) if isinstance(n, Name) and n.name in names), "")


def _presupposed_gradient(graph: Graph, quantity: Quantity, read: StoodIn) -> str:
    before, waiting = {quantity.node}, [quantity.node]
    while waiting:
        for operand in graph.nodes[waiting.pop()].operands:
            if operand not in before:
                before.add(operand)
                waiting.append(operand)
    output = graph.nodes[graph.output].name
    return next(
        (f"d{output}/d{graph.nodes[place].name}" for _, place in read.gradients if place in before), ""
    )


def expected_formula(
    graph: Graph, quantity: Quantity, lr: Amount | None = None
) -> tuple[Expression, dict[str, Expression]]:
    """Return a quantity as a tree, and what the names in it stand for."""
    definitions = definitions_of(graph)
    name = graph.nodes[quantity.node].name
    if quantity.kind == "value":
        return Name(name), definitions
    if quantity.kind == "local":
        return _local(graph, quantity.node, quantity.slot), definitions
    definitions |= _gradients(graph)
    gradient = Name(_GRADIENT + name)
    if quantity.kind == "down":
        local = _local(graph, quantity.node, quantity.slot)
        return Apply("multiply", (gradient, local)), definitions
    if quantity.kind == "new":
        step = Apply("multiply", (_number(lr if lr is not None else 0), gradient))
        return Apply("subtract", (Name(name), step)), definitions
    return gradient, definitions


def _gradients(graph: Graph) -> dict[str, Expression]:
    """Return each node's gradient as the sum of what its uses hand down."""
    found: dict[str, Expression] = {}
    for place, node in enumerate(graph.nodes):
        total: Expression | None = None
        if place == graph.output:
            total = _number(1)
        else:
            for use in graph.uses[place]:
                if not graph.relevant[use.target]:
                    continue
                upstream = Name(_GRADIENT + graph.nodes[use.target].name)
                part = Apply("multiply", (upstream, _local(graph, use.target, use.slot)))
                total = part if total is None else Apply("add", (total, part))
        found[_GRADIENT + node.name] = total if total is not None else _number(0)
    return found


def _local(graph: Graph, place: int, slot: int) -> Expression:
    node = graph.nodes[place]
    op = OPS[node.op]
    given = op.with_options(node.options) if op.options or op.outputs else {}
    options: dict[str, Any] = {
        name: int(value) if name == "index" else _Tree(_number(Fraction(str(value))))
        for name, value in given.items()
    }
    operands = [_Tree(graph.term(i)) for i in node.operands]
    return _tree(op.partial(slot)(_KERNEL, _Tree(Name(node.name)), *operands, **options)).tree


def _number(value: Amount) -> Number:
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    return Number(exact, str(exact))


class _Tree:
    """A formula under construction: arithmetic on it adds operations."""

    def __init__(self, tree: Expression) -> None:
        self.tree = tree

    def __add__(self, other: Any) -> _Tree:
        return _applied("add", self, other)

    def __radd__(self, other: Any) -> _Tree:
        return _applied("add", other, self)

    def __sub__(self, other: Any) -> _Tree:
        return _applied("subtract", self, other)

    def __rsub__(self, other: Any) -> _Tree:
        return _applied("subtract", other, self)

    def __mul__(self, other: Any) -> _Tree:
        return _applied("multiply", self, other)

    def __rmul__(self, other: Any) -> _Tree:
        return _applied("multiply", other, self)

    def __truediv__(self, other: Any) -> _Tree:
        return _applied("divide", self, other)

    def __rtruediv__(self, other: Any) -> _Tree:
        return _applied("divide", other, self)

    def __pow__(self, other: Any) -> _Tree:
        return _applied("power", self, other)

    def __neg__(self) -> _Tree:
        return _applied("negate", self)


def _tree(given: Any) -> _Tree:
    return given if isinstance(given, _Tree) else _Tree(_number(given))


def _applied(op: str, *operands: Any) -> _Tree:
    return _Tree(Apply(op, tuple(_tree(operand).tree for operand in operands)))


def _function(op: str) -> Callable[..., _Tree]:
    return lambda self, *operands: _applied(op, *operands)


class _Formulas:
    """The kernel that writes formulas which hold everywhere; a condition is a formula of 0 or 1."""

    one = _Tree(Number(Fraction(1), "1"))
    pi = _Tree(Number(math.pi, "π"))
    ln2 = _applied("log", 2)
    ln10 = _applied("log", 10)
    sqrt2 = _applied("sqrt", 2)
    sqrt_pi = _applied("sqrt", pi)

    absolute = _function("abs")
    maximum = _function("max")
    minimum = _function("min")

    def __getattr__(self, name: str) -> Any:
        """Return what applies the row of that name."""
        if name not in OPS:
            raise AttributeError(name)
        return lambda *operands: _applied(name, *operands)

    def log1p(self, a: Any) -> _Tree:
        """Return log(1 + a)."""
        return _applied("log", 1 + _tree(a))

    def expm1(self, a: Any) -> _Tree:
        """Return exp(a) - 1."""
        return _applied("exp", a) - 1

    def softmax(self, index: int, *scores: Any) -> _Tree:
        """Return the share of one score."""
        trees = tuple(_tree(score).tree for score in scores)
        return _Tree(Apply("softmax", trees, (("index", index),)))

    def greater(self, a: Any, b: Any) -> _Tree:
        """Return 1 where a > b, else 0."""
        return _applied("step", _tree(a) - b)

    def less(self, a: Any, b: Any) -> _Tree:
        """Return 1 where a < b, else 0."""
        return _applied("step", _tree(b) - a)

    def equal(self, a: Any, b: Any) -> _Tree:
        """Return 1 where a = b, else 0."""
        return 1 - _applied("abs", _applied("sign", _tree(a) - b))

    def where(self, condition: Any, a: Any, b: Any) -> _Tree:
        """Return a where the condition is 1, b where it is 0."""
        chosen = _tree(condition)
        return chosen * _tree(a) + (1 - chosen) * _tree(b)

    def guard(self, condition: Any, a: Any, b: Any) -> _Tree:
        """Return the general case."""
        return _tree(b)


_KERNEL = _Formulas()
