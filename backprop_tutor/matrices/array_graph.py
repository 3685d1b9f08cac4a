"""The graph of a program over arrays: nodes with shapes, each an operation of the tables.

`array_building` makes it; what a node's record, its options and its targets are is said here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Span
from ..graph import Graph, Node, Use
from ..language import Apply, Expression, postorder
from ..once import cached_property
from ..ops import OPS
from ..ops.array_kernel import RAW
from ..ops.array_rows import PREFIX
from ..ops.places import key_of
from ..ops.sizes import Shape
from ..ops.tensor_record import TensorOperation
from ..ops.tensors import TENSOR_OPS
from .meant import MATMUL

__all__ = ["WANTED", "ArrayGraph", "Bound", "is_target", "options_of", "record_of"]


class Bound:
    """The rules of one operation of a graph on the kernel of arrays, and its options, looked up once.

    A pass asks for them at every node; a graph is kept while a model trains or a descent goes on.
    """

    __slots__ = ("back", "mixes", "options", "rule", "spare", "targets")

    def __init__(self, node: Node) -> None:
        record = record_of(node)
        self.mixes: bool = record is not None
        slots = range(len(node.operands))
        self.targets: frozenset[int] = frozenset(slot for slot in slots if is_target(node, slot))
        self.spare: tuple[None, ...] = ()
        if record is not None:
            self.rule: Any = record.forward
            self.back: tuple[Any, ...] = tuple(map(record.gradient, slots))
            self.options: dict[str, Any] = options_of(node)
            if not record.many:
                self.spare = (None,) * (len(record.operands) - len(node.operands))
        else:
            row = OPS[node.op]
            self.rule, self.back = row.value, tuple(map(row.slope, slots))
            self.options = row.with_options(node.options)

    def value(self, operands: Sequence[Any]) -> Any:
        """Return the operation's value from its operands' values."""
        return self.rule(RAW, *operands, *self.spare, **self.options)

    def handed(self, slot: int, g: Any, out: Any, operands: Sequence[Any]) -> tuple[Any, Any]:
        """Return f′ entry by entry, and what is handed back to an operand; None where it has none.

        f′ is nan where the operation mixes entries.
        """
        rule = self.back[slot]
        if self.mixes:
            if rule is None:
                return _NO_SLOPE, None
            return _NO_SLOPE, rule(RAW, g, out, *operands, *self.spare, **self.options)
        local = rule(RAW, out, *operands, **self.options)
        return local, RAW.fit(g * local, operands[slot].shape)


_NO_SLOPE = float("nan")


@dataclass(frozen=True, eq=False)
class ArrayGraph(Graph):
    """A graph whose nodes have shapes; `()` is that of a single number."""

    shapes: tuple[Shape, ...] = ()
    notes: tuple[str, ...] = ()
    products: frozenset[Span] = frozenset()
    expand: frozenset[str] = frozenset()

    def has_inputs(self, shapes: Mapping[str, Shape]) -> bool:
        """Return whether these are the inputs' shapes, which decide what the program means."""
        return all(
            shapes.get(node.name, ()) == shape
            for node, shape in zip(self.nodes, self.shapes, strict=True)
            if node.kind == "input"
        )

    @cached_property
    def bound(self) -> tuple[Bound | None, ...]:
        """Return each operation's rules; None for leaves."""
        return tuple(Bound(node) if node.kind == "operation" else None for node in self.nodes)

    @cached_property
    def awaited(self) -> tuple[int, ...]:
        """Return for each node how many of its uses the output depends on."""
        return tuple(sum(self.relevant[use.target] for use in each) for each in self.uses)

    def _asked(self, place: int) -> bool:
        """Return whether some use hands a gradient back: a mask's, or class weights', do not."""
        uses = self.uses[place]
        return not uses or any(self._hands(use) for use in uses)

    def _hands(self, use: Use) -> bool:
        record = record_of(self.nodes[use.target])
        return record is None or record.gradient(use.slot) is not None

    def reading(self) -> tuple[tuple[str, Expression], ...]:
        """Return the assignments as they were read: products of matrices as such."""
        return tuple(
            (a.targets[0], _with_products(a.expression, self.products))
            for a in self.program.assignments
        )

    def __getstate__(self) -> dict[str, object]:
        return {**super().__getstate__(), "shapes": self.shapes, "notes": self.notes,
                "products": self.products, "expand": self.expand}  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return (
            super().__eq__(other) and isinstance(other, ArrayGraph) and self.shapes == other.shapes
        )

    def __hash__(self) -> int:
        return super().__hash__()


def record_of(node: Node) -> TensorOperation | None:
    """Return the tensor record of a node; None where it goes entry by entry, by a row of `OPS`."""
    return TENSOR_OPS[node.op.removeprefix(PREFIX)] if node.op.startswith(PREFIX) else None


def options_of(node: Node) -> dict[str, Any]:
    """Return all options of a node of a tensor record, the places of an index as arrays take them."""
    record = record_of(node)
    assert record is not None  # asked of records alone
    given = dict(node.options)
    if isinstance(given.get("key"), str):
        given["key"] = key_of(given["key"])
    return record.with_options(given)


WANTED = frozenset({"target", "labels", "places"})
"""The operands that hold labels, or what else is wanted."""


def is_target(node: Node, slot: int) -> bool:
    """Return whether an operation takes the operand as what is wanted: labels, or shares."""
    record = record_of(node)
    return record is not None and record.named(slot) in WANTED


def _with_products(tree: Expression, products: frozenset[Span]) -> Expression:
    stack: list[Expression] = []
    for node in postorder(tree):
        if isinstance(node, Apply):
            count = len(node.operands)
            operands = tuple(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            op = MATMUL if node.op == "multiply" and node.span in products else node.op
            stack.append(Apply(op, operands, node.options, node.span))
        else:
            stack.append(node)
    return stack.pop()
