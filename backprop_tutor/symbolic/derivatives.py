"""Local derivatives by SymPy: one template for each kind of operation, over parameters.

SymPy differentiates smooth expressions; a choice between pieces is differentiated piece by piece and
never simplified here, since comparing the pieces' formulas takes SymPy exponentially long and fails
for complex ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair

from ..graph import Graph
from ..ops import OPS
from ..ops.sympy_kernel import SYMPY, TooLong, choice, power
from ..steps import Exact
from .limits import MOST_OPERANDS, Late

__all__ = [
    "forward", "has_choices", "local_derivative", "operand_constants", "parameters", "put_in", "symbol",
    "template", "tree_size", "without_choices",
]  # fmt: skip

Constants = tuple[tuple[Exact, str] | None, ...]


def sympy_number(value: Exact, text: str = "") -> Any:
    """Return a constant of the text as SymPy's number."""
    if text == "π":
        return sp.pi
    if text == "e":
        return sp.E
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    return sp.Float(value, 17)


@cache
def parameters(count: int) -> tuple[Any, ...]:
    """Return the symbols that stand for an operation's operands."""
    return tuple(sp.Dummy(f"a{i}", real=True) for i in range(count))


def forward(op: str, options: tuple[tuple[str, float], ...], operands: list[Any]) -> Any:
    """Return an operation's definition over SymPy's expressions.

    Raises:
        Late: a power of its numbers has more digits than SymPy is asked to write out.
    """
    record = OPS[op]
    values = record.with_options(options) if record.options or record.outputs else {}
    given = {
        k: int(v) if k == "index" else sympy_number(_exact_option(v)) for k, v in values.items()
    }
    try:
        return record.forward(SYMPY, *operands, **given)
    except TooLong as error:
        raise Late(str(error)) from error


def _exact_option(value: float) -> Exact:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


@lru_cache(maxsize=4096)
def template(
    op: str, options: tuple[tuple[str, float], ...], constants: Constants, slot: int
) -> Any:
    """Return ∂out/∂operand over `parameters`, derived by SymPy from the operation's definition.

    Raises:
        Late: it has more operands than SymPy is asked about.
    """
    count = len(constants)
    if count > MOST_OPERANDS:
        raise Late(f"{count} operands")
    names = parameters(count)
    operands = [
        p if c is None else sympy_number(*c) for p, c in zip(names, constants, strict=True)
    ]
    operands[slot] = names[slot]
    return _derivative(forward(op, options, operands), names[slot], {})


def _derivative(expression: Any, along: Any, known: dict[Any, Any]) -> Any:
    """Return a derivative; pieces are differentiated one by one, under their own conditions."""
    if expression in known:
        return known[expression]
    if isinstance(expression, sp.Piecewise):
        slopes = [_derivative(piece, along, known) for piece, _ in expression.args]
        if all(slope == slopes[0] for slope in slopes):
            found = slopes[0]
        else:
            conditions = (condition for _, condition in expression.args)
            found = choice(*zip(slopes, conditions, strict=True))
    else:
        held: dict[Any, Any] = {}
        smooth = without_choices(expression, held)
        found = sp.diff(smooth, along)
        for piece, stand_in in held.items():
            found += sp.diff(smooth, stand_in) * _derivative(piece, along, known)
        found = put_in(found, {stand_in: piece for piece, stand_in in held.items()})
    known[expression] = found
    return found


def without_choices(expression: Any, held: dict[Any, Any]) -> Any:
    """Return an expression with a symbol for each choice in it, which is noted in `held`."""
    return _rebuilt(expression, {}, held)


def put_in(expression: Any, given: Mapping[Any, Any]) -> Any:
    """Return an expression with others for its symbols; what has choices in it is not simplified."""
    return _rebuilt(expression, given, None)


def _rebuilt(expression: Any, given: Mapping[Any, Any], held: dict[Any, Any] | None) -> Any:
    done: dict[Any, Any] = dict(given)
    chosen = {value for value in given.values() if has_choices(value)}
    stack = [expression]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        if held is not None and isinstance(node, sp.Piecewise):
            done[node] = held.setdefault(node, sp.Dummy(real=True))
            continue
        waiting = [part for part in node.args if part not in done]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        parts = [done[part] for part in node.args]
        choosing = isinstance(node, sp.Piecewise) or any(part in chosen for part in parts)
        if all(new is old for new, old in zip(parts, node.args, strict=True)):
            done[node] = node
        elif isinstance(node, ExprCondPair):
            done[node] = sp.Tuple.__new__(ExprCondPair, *parts)
        elif isinstance(node, sp.Piecewise):
            done[node] = choice(*(pair.args for pair in parts))
        elif isinstance(node, Relational) or (choosing and isinstance(node, _SIMPLIFYING)):
            done[node] = node.func(*parts, evaluate=False)
        elif isinstance(node, (sp.Pow, sp.exp)):
            done[node] = _powered(node, parts)
        else:
            done[node] = node.func(*parts)
        if choosing:
            chosen.add(done[node])
    return done[expression]


def _powered(node: Any, parts: list[Any]) -> Any:
    try:
        return power(*parts) if isinstance(node, sp.Pow) else SYMPY.exp(*parts)
    except TooLong as error:
        raise Late(str(error)) from error


_SIMPLIFYING = (sp.Mul, sp.Pow, sp.Function)
"""What looks into its operands when it is built, and would fold the choices there."""


def has_choices(expression: Any) -> bool:
    """Return whether there is a choice in an expression, each part of which is looked at once."""
    known: set[Any] = set()
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, sp.Piecewise):
            return True
        if node not in known:
            known.add(node)
            stack += node.args
    return False


def tree_size(expression: Any) -> int:
    """Return how many operations an expression has, written out; parts that are shared count again.

    >>> x = sp.Symbol("x")
    >>> tree_size(sp.exp(x) + 2 * sp.exp(x)**2)
    5
    """
    sizes: dict[Any, int] = {}
    stack = [expression]
    while stack:
        node = stack[-1]
        waiting = [part for part in node.args if part not in sizes]
        if waiting and node not in sizes:
            stack += waiting
            continue
        stack.pop()
        sizes[node] = sum(sizes[part] for part in node.args) + max(
            bool(node.args), len(node.args) - 1
        )
    return sizes[expression]


def operand_constants(graph: Graph, place: int) -> Constants:
    """Return the constants of the text among a node's operands."""
    return tuple(
        (graph.nodes[i].value, graph.nodes[i].text)  # type: ignore[misc]  # constants have a value
        if graph.nodes[i].kind == "constant"
        else None
        for i in graph.nodes[place].operands
    )


def local_derivative(graph: Graph, place: int, slot: int) -> Any:
    """Return ∂node/∂operand of that one operation as a `sympy.Expr` over its operands' names.

    Each operand stands for itself, also where one node is two operands: for x·x the slope along
    the first is x. Of an operation of very many operands it is SymPy's unevaluated `Derivative`.
    """
    node = graph.nodes[place]
    names = [symbol(graph, operand) for operand in node.operands]
    stand_ins = parameters(len(names))
    try:
        found = template(node.op, node.options, operand_constants(graph, place), slot)
        return put_in(found, dict(zip(stand_ins, names, strict=True)))
    except Late:
        whole = sp.Derivative(sp.Function(node.op)(*stand_ins), stand_ins[slot])
        return whole.xreplace(dict(zip(stand_ins, _told_apart(names), strict=True)))


def _told_apart(names: list[Any]) -> list[Any]:
    """Return symbols for operands, of which a derivative can be taken along each."""
    return [
        name if name.is_Symbol and names.count(name) == 1 else sp.Dummy(str(name)) for name in names
    ]


def symbol(graph: Graph, place: int) -> Any:
    """Return a node as it stands in formulas: a constant as its number, else a symbol."""
    node = graph.nodes[place]
    if node.kind == "constant" and node.value is not None:
        return sympy_number(node.value, node.text)
    return sp.Symbol(node.name)
