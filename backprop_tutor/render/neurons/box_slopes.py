"""The slope of a box along what enters it, as a formula: o₁ − t₁ for half a squared error.

Enters: a derivation, a box and one of its sources. Leaves: a tree where one path leads through the box
and its slopes multiply to something short; constants are multiplied out.
"""

from __future__ import annotations

from fractions import Fraction

from ...language import Apply, Expression, Name, Number, postorder, written
from ...scales import Box
from ...slopes import local_form
from ...steps import Derivation

__all__ = ["box_slope", "expanded"]

_LONGEST = 28
_MOST = 24


def box_slope(derivation: Derivation, box: Box, source: int) -> Expression | None:
    """Return ∂box/∂source as a short tree; None where it has several paths or grows long."""
    graph = derivation.graph_table
    if source not in box.edges:
        return None
    edges = box.edges[source]
    inside = set(box.cone)
    constant = Fraction(1)
    factors: list[Expression] = []
    while len(edges) == 1:
        _, target, slot = edges[0]
        if (edges[0]) not in derivation.contributions:
            return None
        tree = local_form(derivation, target, slot).shortest
        number, rest = _split(expanded(derivation, tree, inside))
        constant *= number
        factors += rest
        if target == box.place:
            return _product(constant, factors)
        edges = tuple(
            (target, use.target, use.slot)
            for use in graph.uses[target]
            if use.target in inside
        )
    return None


def expanded(derivation: Derivation, tree: Expression, inside: set[int]) -> Expression:
    """Return a tree with the operations inside a box in place of their names, while it is short."""
    graph = derivation.graph_table
    for _ in range(_MOST):
        inner = {
            node.name
            for node in postorder(tree)
            if isinstance(node, Name) and graph.index.get(node.name, -1) in inside
        }
        if not inner:
            break
        grown = _put_in(tree, {name: graph.formula(graph.index[name]) for name in inner})
        if sum(1 for _ in postorder(grown)) > 6 * _MOST:
            break
        tree = grown
    return tree


def _put_in(tree: Expression, trees: dict[str, Expression]) -> Expression:
    done: dict[int, Expression] = {}
    for node in postorder(tree):
        if isinstance(node, Name):
            done[id(node)] = trees.get(node.name, node)
        elif isinstance(node, Apply):
            done[id(node)] = Apply(
                node.op, tuple(done.get(id(o), o) for o in node.operands), node.options
            )
    return done.get(id(tree), tree)


def _split(tree: Expression) -> tuple[Fraction, list[Expression]]:
    """Return a product's constant and its other factors."""
    constant = Fraction(1)
    factors: list[Expression] = []
    pending: list[tuple[Expression, bool]] = [(tree, True)]
    while pending:
        node, above = pending.pop()
        if isinstance(node, Number) and isinstance(node.value, Fraction) and node.value:
            constant = constant * node.value if above else constant / node.value
        elif isinstance(node, Apply) and node.op == "multiply" and above:
            pending += [(operand, True) for operand in reversed(node.operands)]
        elif isinstance(node, Apply) and node.op == "divide" and above:
            bottom = node.operands[1]
            if not isinstance(bottom, Number):
                factors.append(node)
                continue
            pending += [(bottom, False), (node.operands[0], True)]
        elif isinstance(node, Apply) and node.op == "negate" and above:
            constant = -constant
            pending.append((node.operands[0], True))
        else:
            factors.append(node)
    return constant, factors


def _product(constant: Fraction, factors: list[Expression]) -> Expression | None:
    if constant < 0:
        for place, factor in enumerate(factors):
            if isinstance(factor, Apply) and factor.op == "subtract":
                factors[place] = Apply("subtract", factor.operands[::-1])
                constant = -constant
                break
    tree: Expression | None = None
    if abs(constant) != 1 or not factors:
        tree = Number(abs(constant), str(abs(constant)))
    for factor in factors:
        tree = factor if tree is None else Apply("multiply", (tree, factor))
    if tree is None:
        return None
    if constant < 0:
        tree = Apply("negate", (tree,))
    return tree if len(written(tree)) <= _LONGEST else None
