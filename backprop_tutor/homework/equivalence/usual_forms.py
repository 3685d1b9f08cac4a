"""Usual ways to write a right answer that are another function: the active branch of relu, log a + log b.

Enters: a graph with numbers, and a quantity. Leaves: for each row of `_ROWS` that changes its formula, what
the row does, if the formula so written is right at the point and not everywhere. Trees alone; no text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...errors import TutorError
from ...graph import Graph
from ...language import Apply, Expression, Name, Number, evaluate, postorder
from ...ops import Number as Amount
from ...sentences import N_, sentence
from ..quantities.quantity import Quantity
from .cell_formulas import expected_formula
from .domains import DomainSpec
from .equivalent import equivalent
from .shares import Shares

__all__ = ["refused_forms"]

_USUAL = "usual "
"""Before a name: what it stands for where the answer is written in the usual way."""

Rewrite = Callable[[Apply, tuple[float, ...], Expression], Expression | None]
"""An operation, its operands' numbers, what stands in it: what is usually written for it here, or None."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A usual way of writing, and how it is told."""

    told: str
    rewrites: Mapping[str, Rewrite]


def _constant(value: int) -> Number:
    return Number(Fraction(value), str(value))


def _signed(tree: Expression, sign: int) -> Expression:
    return tree if sign > 0 else Apply("negate", (tree,))


def _parted(op: str, joined: str) -> Rewrite:
    """Return the rewrite of log(a·b) as log a + log b, and of log(a/b), √(a·b)."""

    def rewrite(node: Apply, at: tuple[float, ...], inside: Expression) -> Expression | None:
        if not isinstance(inside, Apply):
            return None
        if inside.op in ("multiply", "divide"):
            parts = tuple(Apply(node.op, (operand,)) for operand in inside.operands)
            return Apply(joined if inside.op == "multiply" else op, parts)
        if inside.op == "power" and node.op == "log":
            return Apply("multiply", (inside.operands[1], Apply("log", (inside.operands[0],))))
        return None

    return rewrite


def _root_of_square(node: Apply, at: tuple[float, ...], inside: Expression) -> Expression | None:
    if not isinstance(inside, Apply) or inside.op != "power":
        return None
    base, exponent = inside.operands
    return base if isinstance(exponent, Number) and exponent.value == 2 else None


_ROWS = (
    _Row(
        N_("only the branch that is active here is written, as 1 for the slope of relu"),
        {
            "relu": lambda node, at, _: node.operands[0] if at[0] > 0 else _constant(0),
            "step": lambda node, at, _: _constant(int(at[0] > 0)) if at[0] else None,
            "sign": lambda node, at, _: _constant(1 if at[0] > 0 else -1) if at[0] else None,
            "abs": lambda node, at, _: _signed(node.operands[0], 1 if at[0] > 0 else -1) if at[0] else None,
            "max": lambda node, at, _: node.operands[at.index(max(at))],
            "min": lambda node, at, _: node.operands[at.index(min(at))],
        },
    ),
    _Row(
        N_("a log or root of a product is written as two; say `domain = \"positive\"` if the names are"),
        {"log": _parted("subtract", "add"), "sqrt": _parted("divide", "multiply")},
    ),
    _Row(
        N_("the root of a square is written without both; say `domain = \"positive\"` if the names are"),
        {"sqrt": _root_of_square},
    ),
)

_LABELS = N_(
    "a label is written as its number, p - 1 for p - y; the labels are names, and a formula with y is "
    "expected"
)


def refused_forms(
    graph: Graph, quantity: Quantity, numbers: Sequence[Amount], *,
    lr: Amount | None = None, domain: DomainSpec = None, shares: Sequence[Shares] = (),
) -> list[str]:
    """Return how the formula of a quantity is usually written and would be refused.

    >>> import backprop_tutor as bt
    >>> from backprop_tutor.homework.quantities.quantity import parse_quantity
    >>> d = bt.derive("f = log(x*y)", {"x": 2, "y": 3})
    >>> quantity = parse_quantity("f", d.graph_table)
    >>> refused_forms(d.graph_table, quantity, d.numbers)[0][:40]
    'a log or root of a product is written as'
    >>> refused_forms(d.graph_table, quantity, d.numbers, domain="positive")
    []
    """
    expected, definitions = expected_formula(graph, quantity, lr)
    names = [node.name for node in graph.nodes if node.kind != "constant"]
    env = {node.name: float(numbers[i]) for i, node in enumerate(graph.nodes) if node.kind != "constant"}
    found = []
    for row in _ROWS:
        usual = {name: _rewritten(tree, row, env, definitions) for name, tree in definitions.items()}
        whole = _rewritten(expected, row, env, definitions)
        if whole is None and not any(usual.values()):
            continue
        meant = dict(definitions)
        for name, tree in definitions.items():
            meant[_USUAL + name] = _renamed(usual[name] or tree, definitions)
        student = _renamed(whole or expected, definitions)
        verdict = equivalent(expected, student, names, domain, definitions=meant, shares=shares)
        if verdict.decided and not verdict.equal:
            found.append(sentence(row.told))
    others = _labels_left_out(graph, quantity, numbers, shares, lr, domain)
    return found + others


def _rewritten(
    tree: Expression, row: _Row, env: Mapping[str, float], definitions: Mapping[str, Expression]
) -> Expression | None:
    """Return a tree written in the row's way; None where nothing of it changes."""
    made: dict[int, Expression] = {}
    changed = False
    for node in postorder(tree):
        if not isinstance(node, Apply):
            made[id(node)] = node
            continue
        operands = tuple(made[id(operand)] for operand in node.operands)
        now = Apply(node.op, operands, node.options, node.span)
        rewrite = row.rewrites.get(node.op)
        at = _numbers(node.operands, env) if rewrite is not None else None
        inside = node.operands[0]
        if isinstance(inside, Name):
            inside = definitions.get(inside.name, inside)
        other = rewrite(now, at, inside) if rewrite is not None and at is not None else None
        changed |= other is not None
        made[id(node)] = now if other is None else other
    return made[id(tree)] if changed else None


def _numbers(operands: Sequence[Expression], env: Mapping[str, float]) -> tuple[float, ...] | None:
    try:
        return tuple(float(evaluate(operand, dict(env))) for operand in operands)
    except (TutorError, OverflowError, KeyError):
        return None  # a gradient's name, or no value: left as it stands


def _renamed(tree: Expression, definitions: Mapping[str, Expression]) -> Expression:
    """Return a tree over what the names stand for in the usual way."""
    made: dict[int, Expression] = {}
    for node in postorder(tree):
        if isinstance(node, Name):
            made[id(node)] = Name(_USUAL + node.name) if node.name in definitions else node
        elif isinstance(node, Apply):
            operands = tuple(made[id(operand)] for operand in node.operands)
            made[id(node)] = Apply(node.op, operands, node.options, node.span)
        else:
            made[id(node)] = node
    return made[id(tree)]


def _labels_left_out(
    graph: Graph, quantity: Quantity, numbers: Sequence[Amount], shares: Sequence[Shares],
    lr: Amount | None, domain: DomainSpec,
) -> list[str]:  # fmt: skip
    """Return that labels of 0 and 1 are usually written as such: p₂ − 1 for p₂ − y₂."""
    labels = {name for group in shares for name in group.names}
    values: dict[str, Any] = {
        node.name: numbers[i] for i, node in enumerate(graph.nodes) if node.name in labels
    }
    if quantity.kind not in ("gradient", "down") or any(v not in (0, 1) for v in values.values()):
        return []
    if not values:
        return []
    return [sentence(_LABELS)]
