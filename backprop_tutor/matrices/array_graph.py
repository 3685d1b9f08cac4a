"""A program over arrays becomes a graph whose nodes have shapes; what does not fit is refused at once.

Enters: a program and its inputs' shapes, of numbers or symbols. Leaves: an `ArrayGraph`. Here it is
decided what an operation means at its operands' shapes: `Wx` is the product of matrices, `softmax(S)`
runs along the last axis, a vector added to each row is first repeated, in a step that can be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..errors import Fault, MissingValueError, ShapeError, Span, caret, quoted
from ..graph import Graph, Node, Use
from ..language import Apply, Expression, Name, Number, Program, postorder, shown_name, written
from ..ops import OPS
from ..ops.array_rows import PREFIX, REMARKS, array_record, row_of
from ..ops.places import key_of
from ..ops.sizes import Misfit, Shape, broadcast, shown
from ..ops.tensor_record import TensorOperation
from ..ops.tensors import TENSOR_OPS
from ..sentences import said
from .meant import MATMUL, TRANSPOSE, is_indexed, meant, refuse_all_pairs

__all__ = ["WANTED", "ArrayGraph", "build_array_graph", "is_target", "options_of", "record_of"]


@dataclass(frozen=True, eq=False)
class ArrayGraph(Graph):
    """A graph whose nodes have shapes; `()` is that of a single number."""

    shapes: tuple[Shape, ...] = ()
    notes: tuple[str, ...] = ()
    products: frozenset[Span] = frozenset()

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
                "products": self.products}  # fmt: skip

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


WANTED = frozenset({"target", "labels"})
"""The operands that hold labels, or what else is wanted."""


def is_target(node: Node, slot: int) -> bool:
    """Return whether an operation takes the operand as what is wanted: labels, or shares."""
    record = record_of(node)
    return record is not None and record.named(slot) in WANTED


_OF_PAIRS = frozenset({"mse", "mae", "bce", "bce_with_logits", "huber", "smooth_l1", "kl_div"})
"""The losses that compare entry by entry, and broadcast as NumPy does."""


@dataclass(slots=True)
class _Builder:
    """Adds nodes with their shapes; misfits are gathered and told together."""

    text: str
    given: Mapping[str, Shape]
    nodes: list[Node] = field(default_factory=list)
    shapes: list[Shape | None] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    products: set[Span] = field(default_factory=set)
    along: set[int] = field(default_factory=set)
    turned: dict[int, Fault] = field(default_factory=dict)

    def add(self, node: Node, shape: Shape | None) -> int:
        self.nodes.append(node)
        self.shapes.append(shape)
        place = len(self.nodes) - 1
        if node.named:
            self.place[node.name] = place
        return place

    def leaf(self, name: str, value: Fraction | float | None = None) -> int:
        if name not in self.place:
            shape = self.given.get(name, () if value is not None else None)
            if shape is None:
                self.missing[name] = None
            self.add(Node(name, "input", value=value), shape)
        return self.place[name]

    def expression(self, tree: Expression, target: str) -> None:
        stack: list[int] = []
        for node in postorder(tree):
            name = target if node is tree else ""
            if isinstance(node, Number):
                if name:
                    stack.append(self.leaf(name, node.value))
                else:
                    made = Node("", "constant", value=node.value, text=node.text, named=False)
                    stack.append(self.add(made, ()))
            elif isinstance(node, Name):
                place = self.leaf(node.name)
                if name:
                    place = self.add(
                        Node(name, "operation", "identity", (place,)), self.shapes[place]
                    )
                stack.append(place)
            else:
                count = len(node.operands)
                operands = tuple(stack[len(stack) - count :])
                del stack[len(stack) - count :]
                stack.append(self.operation(node, operands, name))

    def operation(self, tree: Apply, operands: tuple[int, ...], name: str) -> int:
        """Add an operation, as what it means at its operands' shapes."""
        shapes = [self.shapes[i] for i in operands]
        if tree.op == TRANSPOSE and shapes[0] is not None and len(shapes[0]) == 1:
            self.turned[id(tree)] = Fault(_flat(shapes[0], self._called(tree.operands[0])), tree.span)
            if not name:
                return operands[0]  # of one axis it is what it was; wᵀx is told by its parent
            shapes = [None]
        turned = self._turned(tree)
        if turned is None:
            shapes = [None]
        if any(shape is None for shape in shapes):  # told already
            return self.add(Node(name, "operation", tree.op, operands, named=bool(name)), None)
        known = [shape for shape in shapes if shape is not None]
        op = tree.op
        try:
            self._runs_along(tree, known)
            named = [self._called(each) for each in tree.operands]
            op, remark = meant(tree, known, self.text, named, bool(turned))
            if turned:
                self.notes[said("{name} is a vector: its transpose times a vector is their scalar product",
                                name=shown_name(self.nodes[operands[0]].name))] = None  # fmt: skip
            if remark:
                self.products.add(tree.span)
            if remark and not turned:
                self.notes[remark] = None
            record = array_record(op) if self._is_of_arrays(op, known) else None
            if record is not None:
                return self._of_record(record, tree, operands, known, name)
            return self._entrywise(op, tree, operands, known, name)
        except Misfit as misfit:
            names = [self._called(each) for each in tree.operands]
            self.faults.append(Fault(misfit.told([*names, "", ""]), tree.span))
        return self.add(Node(name, "operation", op, operands, named=bool(name)), None)

    def _runs_along(self, tree: Apply, shapes: list[Shape]) -> None:
        """Note that an operation runs along an index that was left out, under a sum.

        Raises:
            Misfit: an array without an index beside one with it: which entries meet is not said.
        """
        along = [id(each) in self.along or is_indexed(each, self.text) for each in tree.operands]
        if not any(along) or tree.op not in OPS or tree.op == "sum":
            return
        self.along.add(id(tree))
        for each, runs, shape in zip(tree.operands, along, shapes, strict=True):
            if shape and not runs:
                raise Misfit(
                    said("{name} has no index here, and stands beside what has one; write sum( … ) without "
                         "indices", name=self._called(each))
                )  # fmt: skip

    def _turned(self, tree: Apply) -> bool | None:
        """Return whether a product's left factor is a turned vector; None for any other use of one."""
        left = tree.op in (MATMUL, "multiply") and self.turned.pop(id(tree.operands[0]), None) is not None
        for operand in tree.operands:
            fault = self.turned.pop(id(operand), None)
            if fault is not None:
                self.faults.append(fault)
                return None
        return left

    def _called(self, tree: Expression) -> str:
        text = written(tree)
        return f"({text})" if isinstance(tree, Apply) and row_of(tree.op).text else text

    def _is_of_arrays(self, op: str, shapes: list[Shape]) -> bool:
        if op.startswith(PREFIX):
            return True
        record = array_record(op)
        if record is None or not any(shapes):
            return False
        least = len(record.operands) - len(record.optional)
        return record.many or least <= len(shapes) <= len(record.operands)

    def _of_record(
        self, record: TensorOperation, tree: Apply, operands: tuple[int, ...], shapes: list[Shape],
        name: str,
    ) -> int:  # fmt: skip
        if record.name in REMARKS:
            self.notes[said(REMARKS[record.name], formula=quoted(written(tree)))] = None
        if record.name in _OF_PAIRS:
            refuse_all_pairs(shapes, [self._called(each) for each in tree.operands])
        options = _options(record, tree.options)
        spare = len(record.operands) - len(operands)
        padded: list[Shape | None] = [*shapes, *([None] * (0 if record.many else spare))]
        if isinstance(options.get("key"), str):
            shape = record.shape(*padded, key=key_of(options["key"]))
        else:
            shape = record.shape(*padded, **record.with_options(options))
        made = Node(
            name, "operation", PREFIX + record.name, operands, tuple(sorted(options.items())),
            named=bool(name),
        )  # fmt: skip
        return self.add(made, shape)

    def _entrywise(
        self, op: str, tree: Apply, operands: tuple[int, ...], shapes: list[Shape], name: str
    ) -> int:
        if OPS[op].outputs:
            raise Misfit(said("{name} of single numbers among arrays", name=op))
        refuse_all_pairs(shapes, [self._called(each) for each in tree.operands])
        shape = broadcast(*shapes)
        repeated = tuple(
            self._repeated(place, shape) if own and own != shape else place
            for place, own in zip(operands, shapes, strict=True)
        )
        return self.add(
            Node(name, "operation", op, repeated, tree.options, named=bool(name)), shape
        )

    def _repeated(self, place: int, shape: Shape) -> int:
        """Add the step that repeats an array to a larger shape."""
        made = Node("", "operation", PREFIX + "expand", (place,), (("shape", shape),), named=False)
        return self.add(made, shape)


def _flat(shape: Shape, name: str) -> str:
    n = shape[0]
    return Misfit(
        said("only what has rows and columns can be turned, and {shape} has not", shape=shown(shape)),
        ((f"reshape({name}, 1, {n})", (1, n)), (f"reshape({name}, {n}, 1)", (n, 1))),
    ).told(())  # fmt: skip


def _options(record: TensorOperation, given: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Return a tree's options as the record takes them: axes are whole numbers, `keepdims` a truth."""
    known = record.with_options({})
    found: dict[str, Any] = {}
    for name, value in given:
        if isinstance(known[name], bool):
            found[name] = bool(value)
        elif isinstance(value, tuple):
            found[name] = tuple(map(int, value))
        elif isinstance(value, str):
            found[name] = value
        else:
            found[name] = int(value) if float(value).is_integer() else value
    return found


def build_array_graph(
    program: Program, shapes: Mapping[str, Shape], of: str | None = None
) -> ArrayGraph:
    """Return the graph of a program whose inputs have these shapes.

    Raises:
        MissingValueError: inputs without a shape, all of them.
        ShapeError: operands that do not fit, all at once, each with its place and what would fit.
        UnknownNameError: `of` is no name of the program.
    """
    builder = _Builder(program.text, shapes)
    for assignment in program.assignments:
        if len(assignment.targets) > 1:
            first = ", ".join(assignment.targets)
            raise ShapeError(
                said(
                    "{names} are several numbers; among arrays one name holds them all", names=first
                )
            )
        builder.expression(assignment.expression, assignment.targets[0])
        builder.faults += builder.turned.values()
        builder.turned.clear()
    if builder.missing:
        listed = ", ".join(map(shown_name, builder.missing))
        raise MissingValueError(said("no value and no shape for {listed}", listed=listed)).about(
            names=builder.missing
        )
    if builder.faults:
        raise ShapeError("\n".join(_told(program.text, fault) for fault in builder.faults))
    nodes = _named(builder.nodes)
    known = tuple(shape for shape in builder.shapes if shape is not None)
    found = known, tuple(builder.notes), frozenset(builder.products)
    graph = ArrayGraph(program, nodes, len(nodes) - 1, *found)
    return ArrayGraph(program, nodes, graph.find(program.output if of is None else of), *found)


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


def _told(text: str, fault: Fault) -> str:
    if fault.span == Span(0, 0):
        return fault.message
    line, column = fault.span.line_and_column(text)
    place = said(
        "line {line}, column {column}: {message}", line=line, column=column, message=fault.message
    )
    return f"{place}\n{caret(text, fault.span)}"


def _named(nodes: list[Node]) -> tuple[Node, ...]:
    """Give every nameless node its name: v1, v2, ... for operations, then for constants."""
    taken = {node.name for node in nodes if node.named}
    fresh = (f"v{n}" for n in range(1, 2 * len(nodes) + 2) if f"v{n}" not in taken)
    names = {
        id(node): next(fresh)
        for kind in ("operation", "constant")
        for node in nodes
        if node.kind == kind and not node.named
    }
    return tuple(
        node if node.named else Node(
            names[id(node)], node.kind, node.op, node.operands, node.options, node.value, node.text, False
        )
        for node in nodes
    )  # fmt: skip
