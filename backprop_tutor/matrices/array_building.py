"""A program over arrays becomes a graph whose nodes have shapes; what does not fit is refused at once.

Enters: a program and its inputs' shapes, of numbers or symbols. Leaves: an `ArrayGraph`. What an operation
means at its operands' shapes is decided here and in `meant`: `Wx` is the product of matrices, `softmax(S)`
runs along the last axis, a vector added to each row is first repeated, in a step that can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..errors import Fault, MissingValueError, ShapeError, Span, quoted
from ..graph import Node
from ..graph_builder import fresh_names
from ..language import Apply, Expression, Name, Number, Program, postorder, shown_name, written
from ..ops import OPS
from ..ops.array_rows import PREFIX, REMARKS, array_record
from ..ops.places import key_of
from ..ops.sizes import Misfit, Shape, broadcast, shown
from ..ops.tensor_record import TensorOperation
from ..ops.tensors import TENSOR_OPS
from ..sentences import said
from .array_graph import ArrayGraph
from .composites import composites, scalar_program
from .meant import (
    MATMUL,
    TRANSPOSE,
    BothWays,
    called,
    is_indexed,
    meant,
    open_size,
    refuse_all_pairs,
    refuse_unpaired,
)
from .repairs import as_typed, place_of, repairs, told_at, untwisted
from .turning import Turning

__all__ = ["build_array_graph"]

_OF_PAIRS = frozenset({"mse", "mae", "bce", "bce_with_logits", "huber", "smooth_l1", "kl_div"})
"""The losses that compare entry by entry, and broadcast as NumPy does."""
_TURNS = frozenset({"concatenate", "stack", "dropout", "cross_entropy", "batch_norm", "layer_norm"})
"""Operations of arrays side by side, one of which may have been meant turned."""


@dataclass(slots=True)
class _Builder:
    """Adds nodes with their shapes; misfits are gathered and told together."""

    text: str
    given: Mapping[str, Shape]
    expand: frozenset[str] = frozenset()
    nodes: list[Node] = field(default_factory=list)
    shapes: list[Shape | None] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    products: set[Span] = field(default_factory=set)
    along: set[int] = field(default_factory=set)
    turned: Turning = field(default_factory=Turning)

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
            told = _flat(shapes[0], as_typed(tree.operands[0], self.text))
            self.turned.turn(tree, Fault(told, tree.span))
            if not name:
                return operands[0]  # of one axis it is what it was; wᵀx is told by its parent
            if id(tree) not in self.turned.pending:  # turned twice
                return self.add(Node(name, "operation", "identity", operands), shapes[0])
            shapes = [None]
        role, faults = self.turned.role(tree, shapes)
        self.faults += faults
        if role == "refused":
            shapes = [None]
        if any(shape is None for shape in shapes):  # told already
            return self.add(Node(name, "operation", tree.op, operands, named=bool(name)), None)
        known = [shape for shape in shapes if shape is not None]
        op = tree.op
        try:
            self._runs_along(tree, known)
            op, remark = meant(tree, known, self.text, role)
            if role == "row" and len(known[1]) == 1 and self.nodes[operands[0]].named:
                self.notes[said("{name} is a vector: its transpose times a vector is their scalar product",
                                name=shown_name(self.nodes[operands[0]].name))] = None  # fmt: skip
            if remark and op == MATMUL:
                self.products.add(tree.span)
            if remark and role != "row":
                self.notes[remark] = None
            record = array_record(op) if self._is_of_arrays(op, known) else None
            if record is not None:
                return self._of_record(record, tree, operands, known, name)
            return self._entrywise(op, tree, operands, known, name)
        except Misfit as misfit:
            names = [called(each) for each in tree.operands]
            flat = [len(shape) < 2 for shape in known]
            typed = [as_typed(each, self.text, v) for each, v in zip(tree.operands, flat, strict=True)]
            if not misfit.fits and not isinstance(misfit, BothWays):
                misfit = misfit.offering(self._repairs(op, tree, known))
            for each in (misfit, *(() if misfit.fits else misfit.also)):
                told = untwisted(each, tree, self.text).told([*names, "", ""], [*typed, "", ""])
                self.faults.append(Fault(told, place_of(each, tree, self.text)))
        return self.add(Node(name, "operation", op, operands, named=bool(name)), None)

    def _repairs(self, op: str, tree: Apply, shapes: list[Shape]) -> tuple[tuple[str, Shape], ...]:
        """Return what would fit in place of an operation's operands or options."""
        record = array_record(op) if self._is_of_arrays(op, shapes) else None

        def shape_of(others: Sequence[Shape], options: dict[str, Any]) -> Shape:
            if record is None:
                refuse_all_pairs(others, tree.operands)
                whole = broadcast(*others)
                if whole not in others:  # it would fit, but hardly be meant: every entry with every other
                    raise Misfit("")
                return whole
            if record.name in _OF_PAIRS:
                refuse_unpaired(others, tree.operands)
            spare = 0 if record.many else len(record.operands) - len(others)
            chosen = record.with_options({**_options(record, tree.options), **options})
            if isinstance(chosen.get("key"), str):
                chosen["key"] = key_of(chosen["key"])
            return record.shape(*others, *[None] * spare, **chosen)

        turns = record is None or record.name in _OF_PAIRS | _TURNS
        return repairs(tree, shapes, self.text, shape_of, turns)

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
                         "indices", name=called(each))
                )  # fmt: skip

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
            refuse_unpaired(shapes, tree.operands)
        options = _options(record, tree.options)
        return self.record(record, operands, options, name)

    def record(
        self, record: TensorOperation, operands: tuple[int, ...], options: dict[str, Any], name: str
    ) -> int:
        """Add a tensor record's operation, taken apart where that is asked."""
        defaults = dict(record.options)
        options = {name: value for name, value in options.items() if value != defaults[name]}
        shapes = [self.shapes[i] for i in operands]
        spare = len(record.operands) - len(operands)
        padded: list[Shape | None] = [*shapes, *([None] * (0 if record.many else spare))]
        if isinstance(options.get("key"), str):
            shape = record.shape(*padded, key=key_of(options["key"]))
        else:
            shape = record.shape(*padded, **record.with_options(options))
        if record.name in self.expand and record.stands_for is not None:
            apart = self._apart(record, operands, padded, options, name)
            if apart is not None:
                return apart
        made = Node(
            name, "operation", PREFIX + record.name, operands, tuple(sorted(options.items())),
            named=bool(name),
        )  # fmt: skip
        return self.add(made, shape)

    def _apart(
        self, record: TensorOperation, operands: tuple[int, ...], shapes: list[Shape | None],
        options: dict[str, Any], name: str,
    ) -> int | None:  # fmt: skip
        """Add the lines that a fused operation is equal to; None where its options have none."""
        assert record.stands_for is not None  # only such are asked
        lines = record.stands_for(*shapes, **record.with_options(options))
        known = dict(zip((record.named(slot) for slot in range(len(operands))), operands, strict=True))
        place = None
        for line in lines:
            inputs = tuple(
                known[each] if isinstance(each, str) else self.constant(each) for each in line.operands
            )
            last = name if line is lines[-1] else ""
            inner = TENSOR_OPS.get(line.operation)
            if inner is not None:
                place = self.record(inner, inputs, dict(line.options), last)
            else:
                place = self.entrywise(line.operation, inputs, line.options, last)
            known[line.name] = place
        return place

    def constant(self, value: float) -> int:
        """Add a number of a formula."""
        exact = Fraction(value) if isinstance(value, int) else value
        text = f"{value:g}" if float(f"{value:g}") == value else repr(value)
        return self.add(
            Node("", "constant", value=exact, text=text.replace("-", "−"), named=False), ()
        )

    def _scalar_apart(self, op: str, operands: tuple[int, ...], name: str) -> int:
        """Add the formula that a composite of single numbers stands for, entry by entry."""
        known = {f"a{i + 1}": place for i, place in enumerate(operands)}
        place = operands[0]
        lines = scalar_program(op, len(operands)).assignments
        for line in lines:
            stack: list[int] = []
            for node in postorder(line.expression):
                last = name if line is lines[-1] and node is line.expression else ""
                if isinstance(node, Number):
                    made = Node("", "constant", value=node.value, text=node.text, named=False)
                    stack.append(self.add(made, ()))
                elif isinstance(node, Name):
                    stack.append(known[node.name])
                else:
                    count = len(node.operands)
                    inner = tuple(stack[len(stack) - count :])
                    del stack[len(stack) - count :]
                    stack.append(self.entrywise(node.op, inner, node.options, last))
            place = known[line.targets[0]] = stack.pop()
        return place

    def _entrywise(
        self, op: str, tree: Apply, operands: tuple[int, ...], shapes: list[Shape], name: str
    ) -> int:
        if OPS[op].outputs:
            raise Misfit(said("{name} of single numbers among arrays", name=op))
        refuse_all_pairs(shapes, tree.operands)
        return self.entrywise(op, operands, tree.options, name)

    def entrywise(
        self, op: str, operands: tuple[int, ...], options: tuple[tuple[str, Any], ...], name: str
    ) -> int:
        """Add an operation that goes entry by entry, its operands repeated where they broadcast."""
        if op in self.expand and OPS[op].stands_for is not None and OPS[op].most is not None:
            return self._scalar_apart(op, operands, name)
        shapes = [shape for i in operands if (shape := self.shapes[i]) is not None]
        shape = broadcast(*shapes)
        repeated = tuple(
            self._repeated(place, shape) if own and own != shape else place
            for place, own in zip(operands, shapes, strict=True)
        )
        return self.add(
            Node(name, "operation", op, repeated, options, named=bool(name)), shape
        )

    def _repeated(self, place: int, shape: Shape) -> int:
        """Add the step that repeats an array to a larger shape."""
        made = Node("", "operation", PREFIX + "expand", (place,), (("shape", shape),), named=False)
        return self.add(made, shape)


def _flat(shape: Shape, name: str) -> str:
    n, size = shape[0], open_size(shape[0])
    return Misfit(
        said("only what has rows and columns can be turned, and {shape} has not", shape=shown(shape)),
        ((f"reshape({name}, 1, {size})", (1, n)), (f"reshape({name}, {size}, 1)", (n, 1))),
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
    program: Program, shapes: Mapping[str, Shape], of: str | None = None,
    expand: str | Iterable[str] = (),
) -> ArrayGraph:  # fmt: skip
    """Return the graph of a program whose inputs have these shapes.

    `expand` names composites to take apart into what they stand for, or is "all".

    Raises:
        MissingValueError: inputs without a shape, all of them.
        ShapeError: operands that do not fit, all at once, each with its place and what would fit.
        UnknownNameError: `of` is no name of the program.
    """
    apart = composites(expand)
    builder = _Builder(program.text, shapes, apart)
    for assignment in program.assignments:
        if len(assignment.targets) > 1:
            first = ", ".join(assignment.targets)
            raise ShapeError(
                said(
                    "{names} are several numbers; among arrays one name holds them all", names=first
                )
            )
        builder.expression(assignment.expression, assignment.targets[0])
        builder.faults += builder.turned.left_over()
    if builder.missing:
        listed = ", ".join(map(shown_name, builder.missing))
        raise MissingValueError(said("no value and no shape for {listed}", listed=listed)).about(
            names=builder.missing
        )
    if builder.faults:
        raise ShapeError("\n".join(told_at(program.text, fault) for fault in dict.fromkeys(builder.faults)))
    nodes = _named(builder.nodes)
    known = tuple(shape for shape in builder.shapes if shape is not None)
    found = known, tuple(builder.notes), frozenset(builder.products), apart
    graph = ArrayGraph(program, nodes, len(nodes) - 1, *found)
    return ArrayGraph(program, nodes, graph.find(program.output if of is None else of), *found)


def _named(nodes: list[Node]) -> tuple[Node, ...]:
    """Give every nameless node its name: v1, v2, ... for operations, then for constants."""
    fresh = fresh_names(node.name for node in nodes if node.named)
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
