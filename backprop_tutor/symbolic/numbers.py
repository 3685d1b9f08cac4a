"""The number of a local derivative by SymPy, in balls: its formula worked out part by part.

SymPy's own numerical evaluation is not used: it guesses how many digits it needs, and gives up where
they cancel. A ball knows how many of its digits are known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from ..graph import Graph
from ..ops import Kernel
from ..ops.balls import Ball, Undefined, Unreachable
from ..ops.precise import Precise
from .derivatives import operand_constants, parameters, template

__all__ = ["local_ball"]


def local_ball(
    k: Precise, graph: Graph, place: int, slot: int, operands: Sequence[Ball]
) -> Ball:
    """Return ∂node/∂operand at its operands' values.

    Raises:
        Late: SymPy is not asked about an operation of so many operands.
        Undefined, Unreachable: the formula has no value there, or none that can be computed.
    """
    node = graph.nodes[place]
    formula = template(node.op, node.options, operand_constants(graph, place), slot)
    return worked_out(k, formula, dict(zip(parameters(len(operands)), operands, strict=True)))


def worked_out(k: Precise, formula: Any, given: dict[Any, Ball]) -> Ball:
    """Return the value of a formula at its symbols' values; of a choice only the piece in force.

    Raises:
        Undefined, Unreachable: it has no value there, or none that can be computed.
    """
    known: dict[Any, Any] = dict(given)
    stack = [formula]
    while stack:
        node = stack[-1]
        if node in known:
            stack.pop()
            continue
        parts = _parts(k, node, known)
        waiting = [part for part in parts if part not in known]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        known[node] = _value(k, node, [known[part] for part in parts])
    found = known[formula]
    return found if isinstance(found, Ball) else k.ball(found)


def _parts(k: Precise, node: Any, known: dict[Any, Any]) -> tuple[Any, ...]:
    """Return the parts whose values are needed: of a choice, conditions until one holds."""
    if not isinstance(node, sp.Piecewise):
        return tuple(node.args)
    needed: list[Any] = []
    for piece, condition in node.args:
        if condition is sp.true:
            return (*needed, piece)
        needed.append(condition)
        if condition not in known:
            return tuple(needed)
        if known[condition] is False:
            continue
        needed.append(piece)
        if known[condition] is True:
            return tuple(needed)
    raise Undefined


def _value(k: Precise, node: Any, values: list[Any]) -> Any:
    if node.is_Rational:
        return k.ball(Fraction(int(node.p), int(node.q)))
    if node.is_Float:
        return k.ball(Fraction(*map(int, sp.Rational(node).as_numer_denom())))
    if isinstance(node, sp.Piecewise):
        return _chosen(k, values)
    if isinstance(node, Relational):
        return _RELATIONS[node.rel_op](k, *values)
    if node in _CONSTANTS:
        return _CONSTANTS[node](k)
    rule = _RULES.get(node.func)
    if rule is None:
        raise Unreachable
    return rule(k, *values)


def _chosen(k: Precise, values: list[Any]) -> Any:
    """Return the piece in force; a ball over all that may be, where a condition is not decided."""
    if len(values) == 1:
        return values[0]
    condition, *rest = values
    if condition is False:
        return _chosen(k, rest)
    if condition is True:
        return rest[0]
    return k.where(None, rest[0], _chosen(k, rest[1:]))


def _power(k: Precise, base: Any, exponent: Any) -> Any:
    return k.power(base, exponent)


def _either(_: Precise, *conditions: bool | None) -> bool | None:
    return True if True in conditions else None if None in conditions else False


def _both(_: Precise, *conditions: bool | None) -> bool | None:
    return False if False in conditions else None if None in conditions else True


def _not(condition: bool | None) -> bool | None:
    return None if condition is None else not condition


_CONSTANTS: dict[Any, Callable[[Precise], Any]] = {
    sp.pi: lambda k: k.pi, sp.E: lambda k: k.e, sp.true: lambda _: True,
    sp.false: lambda _: False,
}  # fmt: skip

_RELATIONS: dict[str, Callable[..., bool | None]] = {
    ">": lambda k, a, b: k.greater(a, b), "<": lambda k, a, b: k.less(a, b),
    "==": lambda k, a, b: k.equal(a, b), ">=": lambda k, a, b: _not(k.less(a, b)),
    "<=": lambda k, a, b: _not(k.greater(a, b)), "!=": lambda k, a, b: _not(k.equal(a, b)),
}  # fmt: skip

_RULES: dict[Any, Callable[..., Any]] = {
    sp.Add: lambda k, *terms: reduce(lambda a, b: a + b, terms),
    sp.Mul: lambda k, *factors: reduce(lambda a, b: a * b, factors),
    sp.Pow: _power, sp.And: _both, sp.Or: _either, sp.Not: lambda _, c: _not(c),
    sp.sign: lambda k, a: k.sign(a), sp.Abs: lambda k, a: k.absolute(a),
    sp.sec: lambda k, a: 1 / k.cos(a), sp.csc: lambda k, a: 1 / k.sin(a),
    sp.cot: lambda k, a: k.cos(a) / k.sin(a), sp.sech: lambda k, a: 1 / k.cosh(a),
    sp.csch: lambda k, a: 1 / k.sinh(a), sp.coth: lambda k, a: k.cosh(a) / k.sinh(a),
    **{
        getattr(sp, name): (lambda k, a, name=name: getattr(k, name)(a))
        for name in vars(Kernel)  # the words of rules that are SymPy's, too
        if isinstance(getattr(sp, name, None), sp.FunctionClass)
    },
}  # fmt: skip
