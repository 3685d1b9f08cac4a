"""What would fit in place of operands that do not: one of them turned, set upright, or another axis.

Enters: a typed operation, its operands' shapes, and how a shape is found. Leaves: texts in the user's own
notation, each with the shape it would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..errors import Span
from ..language import Apply, Expression, Name
from ..ops.array_rows import PREFIX
from ..ops.sizes import Misfit, Shape
from .meant import MATMUL, TRANSPOSE, called

__all__ = ["repairs"]

_MOST = 2
_JOINED, _RESHAPED, _DOT = PREFIX + "concatenate", PREFIX + "reshape", PREFIX + "dot"

Found = tuple[str, Shape]


def repairs(
    tree: Apply, shapes: Sequence[Shape], text: str,
    shape_of: Callable[[Sequence[Shape], dict[str, Any]], Shape], turns: bool,
) -> tuple[Found, ...]:  # fmt: skip
    """Return what could be typed instead, with its shape; at most two, nothing where nothing fits.

    `shape_of` gives the operation's shape from its operands' and from options that replace typed ones;
    `turns` tells whether its operands may have been meant turned or upright.
    """
    if tree.span == Span(0, 0):
        return ()
    found: dict[str, Shape] = {}
    for written, others, options in _tried(tree, shapes, text, turns):
        try:
            found.setdefault(written.replace("{", "{{").replace("}", "}}"), shape_of(others, options))
        except Misfit:
            continue
    if not found and tree.op in (MATMUL, _DOT):
        found |= _of_vectors(tree, shapes)
    return tuple(found.items())[:_MOST]


def _tried(
    tree: Apply, shapes: Sequence[Shape], text: str, turns: bool
) -> Iterator[tuple[str, list[Shape], dict[str, Any]]]:
    whole = text[tree.span.start : tree.span.stop]
    for slot in reversed(range(len(shapes))):
        operand, shape = tree.operands[slot], shapes[slot]
        other: tuple[str, Shape] | None = None
        typed = text[operand.span.start : operand.span.stop]
        if turns and len(shape) == 2 and shape[0] != shape[1]:
            other = _turned(operand, typed), shape[::-1]
        elif turns and len(shape) == 1 and shape[0] != 1:
            other = f"reshape({typed}, {shape[0]}, 1)", (shape[0], 1)
        if other is not None:
            start, stop = (each - tree.span.start for each in (operand.span.start, operand.span.stop))
            yield (
                f"{whole[:start]}{other[0]}{whole[stop:]}",
                [*shapes[:slot], other[1], *shapes[slot + 1 :]], {},
            )  # fmt: skip
    options = dict(tree.options)
    if tree.op == _JOINED and "axis" not in options:
        for axis in range(1, len(shapes[0])):
            yield f"{whole[:-1]}, axis={axis})", list(shapes), {"axis": axis}
    if tree.op == _RESHAPED and all(isinstance(n, int) for n in options.get("shape", ())):
        sizes = list(map(int, options["shape"]))
        for i in reversed(range(len(sizes))):
            wanted = tuple(-1 if i == j else n for j, n in enumerate(sizes))
            operand = tree.operands[0]
            listed = ", ".join([text[operand.span.start : operand.span.stop], *map(str, wanted)])
            yield f"reshape({listed})", list(shapes), {"shape": wanted}


def _turned(operand: Expression, typed: str) -> str:
    if isinstance(operand, Apply) and operand.op == TRANSPOSE:
        return called(operand.operands[0])
    return f"{typed}.T" if isinstance(operand, Name) else f"({typed}).T"


def _of_vectors(tree: Apply, shapes: Sequence[Shape]) -> dict[str, Shape]:
    """Return what two operands of a scalar product could be instead: all pairs, a matrix and a vector."""
    first, second = shapes
    one, other = map(called, tree.operands)
    if len(first) == len(second) == 1:
        return {f"outer({one}, {other})": (*first, *second)}
    if len(first) == 2 and first[-1:] == second[:1]:
        return {f"{one} @ {other}": (*first[:-1], *second[1:])}
    return {}
