"""A loss of single numbers that does the same to each output, as a sum over a vector.

Enters: a box. Leaves: whether its parts are one formula, entry by entry, and the assignments that say so.
Losses of several numbers are written out first, by what their rows stand for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..graph import Graph
from ..language import Apply, Assignment, Expression, Name, Number, parse, postorder
from ..ops import OPS
from ..ops.array_rows import PREFIX

__all__ = ["summed", "tree_of"]

_WRITTEN_OUT = frozenset({
    "sum", "mean", "squared_error", "half_squared_error", "mean_squared_error", "cross_entropy",
})  # fmt: skip

_MOST = 4_000
"""Formulas of more operations stay as they are."""


class Writer(Protocol):
    """What the writer of a program over arrays is asked."""

    @property
    def network(self) -> Any: ...
    @property
    def terms(self) -> dict[int, Expression]: ...
    @property
    def whole(self) -> dict[tuple[int, ...], str]: ...
    @property
    def taken(self) -> set[str]: ...
    @property
    def pairs(self) -> list[Any]: ...
    @property
    def at(self) -> dict[str, Any]: ...
    def vector(self, places: Sequence[int], stem: str) -> str: ...
    def assign(self, name: str, tree: Expression) -> None: ...


def tree_of(graph: Graph, place: int, terms: Mapping[int, Expression]) -> Expression:
    """Return the formula of a node over the terms that are known, without recursion."""
    built: dict[int, Expression] = {}
    stack = [place]
    while stack:
        here = stack[-1]
        node = graph.nodes[here]
        if here in built:
            stack.pop()
        elif here in terms:
            built[here] = terms[here]
        elif node.kind == "constant":
            built[here] = Number(node.value or 0, node.text)
        elif missing := [i for i in node.operands if i not in built]:
            stack.extend(missing)
        else:
            operands = tuple(built[i] for i in node.operands)
            built[here] = Apply(node.op, operands, node.options)
    return built[place]


def _placed(graph: Graph, head: int, inside: frozenset[int]) -> Expression:
    """Return a box's formula whose names are places, losses of several numbers written out."""
    terms: dict[int, Expression] = {}
    for place in sorted(inside):
        node = graph.nodes[place]
        for operand in node.operands:
            if operand not in inside and graph.nodes[operand].kind != "constant":
                terms.setdefault(operand, Name(str(operand)))
        tree = tree_of(graph, place, terms)
        if node.op in _WRITTEN_OUT and isinstance(tree, Apply):
            tree = _written_out(tree)
        terms[place] = tree
    return terms[head]


def _written_out(tree: Apply) -> Expression:
    row = OPS[tree.op]
    assert row.stands_for is not None  # asked of those alone
    text = row.stands_for(len(tree.operands)) if row.most is None else row.stands_for()
    names = {f"a{i + 1}": operand for i, operand in enumerate(tree.operands)}
    return _replaced(parse(text, list(names)).assignments[-1], names)


def _replaced(assignment: Assignment, names: Mapping[str, Expression]) -> Expression:
    stack: list[Expression] = []
    for node in postorder(assignment.expression):
        if isinstance(node, Apply):
            count = len(node.operands)
            operands = tuple(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            stack.append(Apply(node.op, operands, node.options))
        else:
            stack.append(names.get(node.name, node) if isinstance(node, Name) else node)
    return stack.pop()


def summed(writer: Writer, head: int, cone: Sequence[int]) -> bool:
    """Add a box as a sum over vectors, and return whether it is one.

    The parts of its sum have to be one formula, whose places hold in turn the entries of a vector, or
    numbers that nothing else uses, or in all parts the same.
    """
    graph: Graph = writer.network.graph
    if head != graph.output or len(cone) > _MOST:
        return False
    tree = _placed(graph, head, frozenset(cone))
    around, parts = _parts(tree)
    flat = [list(postorder(part)) for part in parts]
    if any(list(map(_form, each)) != list(map(_form, flat[0])) for each in flat):
        return False
    inner: list[tuple[int, ...]] = [
        tuple(int(leaf.name) for leaf in leaves)
        for leaves in zip(*flat, strict=True)
        if isinstance(leaves[0], Name)
    ]
    named = _vectors(writer, inner)
    if named is None:
        return False
    columns = iter(inner)
    stack: list[Expression] = []
    for node in flat[0]:
        if isinstance(node, Apply):
            count = len(node.operands)
            operands = tuple(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            stack.append(_of_vectors(node, operands))
        elif isinstance(node, Name):
            stack.append(named[next(columns)])
        else:
            stack.append(node)
    total: Expression = Apply(PREFIX + "sum", (stack.pop(),))
    for op, slot, other, options in reversed(around):
        operands = (total,) if other is None else (total, other) if slot == 0 else (other, total)
        total = Apply(op, operands, options)
    name = graph.nodes[head].name
    writer.assign(name, total)
    writer.terms[head] = Name(name)
    writer.pairs.append(((name, ()), name))
    return True


def _of_vectors(node: Apply, operands: tuple[Expression, ...]) -> Apply:
    """Return an operation entry by entry; that of arrays has another name where it would add up."""
    if node.op == "binary_cross_entropy":
        return Apply(PREFIX + "bce", operands, (("reduction", "none"),))
    return Apply(node.op, operands, node.options)


Around = tuple[str, int, Expression | None, Any]


def _parts(tree: Expression) -> tuple[list[Around], list[Expression]]:
    """Return the operations around a sum, outermost first, and its parts."""
    around: list[Around] = []
    while isinstance(tree, Apply):
        inner = [i for i, each in enumerate(tree.operands) if not isinstance(each, Number)]
        if tree.op not in ("multiply", "divide", "negate") or len(inner) != 1:
            break
        slot = inner[0]
        if tree.op == "divide" and slot == 1:
            break
        other = tree.operands[1 - slot] if len(tree.operands) > 1 else None
        around.append((tree.op, slot, other, tree.options))
        tree = tree.operands[slot]
    parts: list[Expression] = []
    stack = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, Apply) and part.op == "add":
            stack.extend(reversed(part.operands))
        else:
            parts.append(part)
    return around, parts


def _form(node: Expression) -> tuple[object, ...]:
    if isinstance(node, Apply):
        return node.op, len(node.operands), node.options
    return ("name",) if isinstance(node, Name) else (type(node.value), node.value)


def _vectors(
    writer: Writer, columns: Sequence[tuple[int, ...]]
) -> dict[tuple[int, ...], Expression] | None:
    """Return the vector, or the number, that stands at each place of the formula; None if one is none."""
    graph: Graph = writer.network.graph
    known: dict[tuple[int, ...], Expression] = {}
    fresh: list[tuple[int, ...]] = []
    for column in dict.fromkeys(columns):
        if column in writer.whole:
            known[column] = Name(writer.whole[column])
        elif len(column) > 1 and len(set(column)) == 1:
            known[column] = writer.terms[column[0]]
        elif all(_is_free(graph, writer, place) for place in column) and len(set(column)) == len(column):
            fresh.append(column)
        else:
            return None
    if not known or not any(column in writer.whole for column in known):
        return None
    if len({place for column in fresh for place in column}) != sum(map(len, fresh)):
        return None
    for column in fresh:
        for place in column:
            name = graph.nodes[place].name
            writer.taken.discard(name)
            writer.at.pop(name, None)
            writer.pairs[:] = [pair for pair in writer.pairs if pair[1] != name]
        known[column] = Name(writer.vector(column, "t"))
    return known


def _is_free(graph: Graph, writer: Writer, place: int) -> bool:
    return graph.nodes[place].kind == "input" and isinstance(writer.terms.get(place), Name)
