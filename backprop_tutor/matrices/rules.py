"""How an operation hands its gradient down, as a formula in matrices and a reason."""

from __future__ import annotations

from typing import Any

from ..language import shown_name
from ..ops import OPS
from ..ops.array_rows import PREFIX
from ..ops.formula_text import Text
from ..ops.matrix_formulas import entrywise_text, gradient_text
from ..ops.tracing import reads
from .array_graph import ArrayGraph, options_of, record_of

__all__ = ["reason_of", "rule_formula", "rule_of", "values_read"]


def rule_formula(graph: ArrayGraph, place: int, slot: int, upstream: str = "δ") -> str:
    """Return what the operation at a place hands to its operand number `slot`: `Xᵀ·δ`, `δ ⊙ B`."""
    node = graph.nodes[place]
    small = not node.op.startswith(PREFIX) or node.op in _OF_ANY_SIZE
    return str(rule_of(graph, place, slot, upstream, small).text)


def rule_of(graph: ArrayGraph, place: int, slot: int, upstream: str | Text, small: bool = False) -> Text:
    """Return the same with another name, or a formula, in place of δ.

    `small`: whether the rule is found at sizes that are small, and equal where the graph's are.
    """
    node = graph.nodes[place]
    shapes: Any = [graph.shapes[i] for i in node.operands]
    if small:
        shapes = _small(shapes)
    value = shown_name(node.name)
    record = record_of(node)
    if record is not None:
        spare = 0 if record.many else len(record.operands) - len(shapes)
        names = [_called(graph, i) for i in node.operands] + [""] * spare
        options = options_of(node)
        return gradient_text(record, slot, names, [*shapes, *[None] * spare], options, upstream, value)
    operands: list[str | int | float] = [_written(graph, i) for i in node.operands]
    return entrywise_text(
        OPS[node.op], slot, operands, shapes, dict(node.options), upstream, value
    )


_OF_ANY_SIZE = frozenset(
    PREFIX + name for name in ("matmul", "linear", "addmm", "dot", "outer", "transpose")
)
"""Their formulas depend on which sizes are equal, and on nothing else of them."""


def _small(shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return shapes whose sizes are equal where the given ones are, and small: formulas are found fast.

    >>> _small([(32, 784), (784, 128)])
    [(2, 3), (3, 4)]
    """
    known = {1: 1}
    return [tuple(known.setdefault(n, len(known) + 1) for n in shape) for shape in shapes]


def _called(graph: ArrayGraph, place: int) -> str:
    node = graph.nodes[place]
    return node.text if node.kind == "constant" else shown_name(node.name)


def _written(graph: ArrayGraph, place: int) -> str | int | float:
    node = graph.nodes[place]
    if node.kind != "constant" or node.value is None:
        return shown_name(node.name)
    value = node.value
    return int(value) if value == int(value) else float(value)


def reason_of(graph: ArrayGraph, place: int, slot: int) -> str:
    """Return why the gradient of an operand is what it is, in English; rooms above translate."""
    node = graph.nodes[place]
    record = record_of(node)
    return record.reason(slot) if record else OPS[node.op].reason(slot, len(node.operands))


def values_read(graph: ArrayGraph, place: int, slot: int) -> tuple[str, ...]:
    """Return the names of the values that the rule of an operand reads."""
    record = record_of(graph.nodes[place])
    if record is None:
        return ()
    return tuple(sorted(reads(record, slot)))
