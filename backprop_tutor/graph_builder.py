"""A program's assignments added node by node to the table that a `Graph` is; composites taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import count

from .asked import names_of
from .errors import OptionError, ShapeError, did_you_mean, quoted
from .graph import Graph, Node
from .language import (
    Apply,
    Expression,
    Name,
    Number,
    Program,
    parse,
    postorder,
    shown_name,
    written,
)
from .language.elsewhere import way_out
from .ops import FUNCTIONS, OPS
from .ops.array_rows import ARRAY_ROWS, row_of
from .sentences import said

__all__ = ["build_graph", "fresh_names"]


@dataclass(slots=True)
class _Draft:
    """A node before it has its number."""

    kind: str
    name: str = ""
    op: str = ""
    operands: tuple[int, ...] = ()
    options: tuple[tuple[str, float], ...] = ()
    value: Fraction | float | None = None
    text: str = ""


class _Builder:
    """Adds nodes in creation order; holds what a name stands for."""

    def __init__(self, expand: frozenset[str], merge: bool) -> None:
        self.expand = expand
        self.merge = merge
        self.drafts: list[_Draft] = []
        self.place: dict[str, int] = {}
        self.known: dict[tuple[object, ...], int] = {}

    def add(self, draft: _Draft) -> int:
        key = (draft.kind, draft.op, draft.operands, draft.options, draft.value, draft.text)
        if self.merge and not draft.name and key in self.known:
            return self.known[key]
        self.drafts.append(draft)
        place = len(self.drafts) - 1
        if draft.kind != "input":
            self.known.setdefault(key, place)
        if draft.name:
            self.place[draft.name] = place
        return place

    def leaf(self, name: str) -> int:
        if name not in self.place:
            self.add(_Draft("input", name=name))
        return self.place[name]

    def expression(
        self, tree: Expression, target: str = "", scope: dict[str, int] | None = None
    ) -> int:
        """Add a tree's nodes; its last one is called `target`. Names in `scope` come first."""
        stack: list[int] = []
        for node in postorder(tree):
            name = target if node is tree else ""
            if isinstance(node, Number):
                if name:
                    stack.append(self.add(_Draft("input", name=name, value=node.value)))
                else:
                    stack.append(self.add(_Draft("constant", value=node.value, text=_text(node))))
            elif isinstance(node, Name):
                place = scope[node.name] if scope and node.name in scope else self.leaf(node.name)
                if name:
                    place = self.add(
                        _Draft("operation", name=name, op="identity", operands=(place,))
                    )
                stack.append(place)
            else:
                count = len(node.operands)
                operands = tuple(stack[len(stack) - count :])
                del stack[len(stack) - count :]
                stack.append(self.operation(node.op, operands, node.options, name))
        return stack.pop()

    def operation(
        self, op: str, operands: tuple[int, ...], options: tuple[tuple[str, float], ...], name: str,
        inner: dict[str, int] | None = None,
    ) -> int:  # fmt: skip
        if op in self.expand:
            index = int(dict(options).get("index", -1))
            return self.taken_apart(op, operands, index, name, inner if inner is not None else {})
        return self.add(_Draft("operation", name, op, operands, options))

    def taken_apart(
        self, op: str, operands: tuple[int, ...], index: int, name: str, inner: dict[str, int]
    ) -> int:
        """Add the formula that a composite stands for; `inner` shares its parts between outputs."""
        scope = {f"a{i + 1}": place for i, place in enumerate(operands)} | inner
        *parts, last = _composite(op, len(operands), index).assignments
        for part in parts:
            part_name = part.targets[0]
            if part_name not in inner:
                inner[part_name] = self.expression(part.expression, "", scope)
            scope[part_name] = inner[part_name]
        return self.expression(last.expression, name, scope)


def _text(number: Number) -> str:
    return number.text.replace("-", "−")


@lru_cache(maxsize=256)
def _composite(op: str, count: int, index: int) -> Program:
    record = OPS[op]
    assert record.stands_for is not None  # `expand` holds composites only
    if record.outputs:
        text = record.stands_for(count, index)
    else:
        text = record.stands_for(count) if record.most is None else record.stands_for()
    return parse(text)


def _expand_set(expand: str | Iterable[str]) -> frozenset[str]:
    composites = {op.name for op in OPS.values() if op.stands_for}
    if expand == "all":
        return frozenset(composites)
    found = set()
    for name in names_of(expand, "expand"):
        op = OPS.get(name) or FUNCTIONS.get(name)
        if op is None or op.name not in composites:
            hint = did_you_mean(name, composites)
            listed = ", ".join(sorted(composites))
            raise OptionError(
                said(
                    "{name} is not a composite that can be taken apart; {hint}",
                    name=quoted(name),
                    hint=hint or said("those are: {listed}, or all", listed=listed),
                )
            )
        found.add(op.name)
    return frozenset(found)


def build_graph(
    program: Program,
    *,
    of: str | None = None,
    expand: str | Iterable[str] = (),
    merge: bool = False,
) -> Graph:
    """Return the graph of a program.

    Args:
        program: the program.
        of: the output's name; the last assigned one if None.
        expand: composites to take apart into their formula: names, or "all".
        merge: whether the same text typed twice becomes one node.

    Raises:
        UnknownNameError: `of` is no name of the program.
        OptionError: `expand` names something that cannot be taken apart.

    >>> from backprop_tutor.language import parse
    >>> [n.name for n in build_graph(parse("f = wx + b")).nodes]
    ['w', 'x', 'v1', 'b', 'f']
    """
    _refuse_arrays(program)
    builder = _Builder(_expand_set(expand), merge)
    for assignment in program.assignments:
        tree = assignment.expression
        if isinstance(tree, Apply) and row_of(tree.op).outputs:
            operands = tuple(builder.expression(operand) for operand in tree.operands)
            inner: dict[str, int] = {}
            for i, target in enumerate(assignment.targets):
                builder.operation(tree.op, operands, (("index", i),), target, inner)
        else:
            builder.expression(tree, assignment.targets[0])
    nodes = _numbered(builder.drafts)
    graph = Graph(program, nodes, len(nodes) - 1)
    return Graph(program, nodes, graph.find(program.output if of is None else of))


def _refuse_arrays(program: Program) -> None:
    """Refuse operations on arrays where every name is a single number."""
    for assignment in program.assignments:
        for node in postorder(assignment.expression):
            if isinstance(node, Apply) and node.op in ARRAY_ROWS:
                message = said(
                    "{formula} is an operation on vectors and matrices, and here each name is a "
                    "single number; matrices are given as values, [[1, 2], [3, 4]], or without "
                    "numbers by their shapes, N,3",
                    formula=quoted(written(node)),
                )
                hint = way_out(ARRAY_ROWS[node.op].called)
                raise ShapeError(f"{message} ({hint})" if hint else message)


def fresh_names(given: Iterable[str]) -> Iterator[str]:
    """Yield v1, v2, ... but those that a user's names are, or look like: `v_1` is shown as v₁.

    >>> fresh = fresh_names(["x", "v_1", "v3"])
    >>> next(fresh), next(fresh)
    ('v2', 'v4')
    """
    taken = {shown for name in given for shown in (name, shown_name(name))}
    return (
        name for n in count(1) if not {name := f"v{n}", shown_name(name)} & taken
    )


def _numbered(drafts: list[_Draft]) -> tuple[Node, ...]:
    """Give every nameless node its name: v1, v2, ... for operations, then for constants."""
    fresh = fresh_names(draft.name for draft in drafts)
    nameless = {
        id(draft): next(fresh)
        for kind in ("operation", "constant")
        for draft in drafts
        if draft.kind == kind and not draft.name
    }
    return tuple(
        Node(
            draft.name or nameless[id(draft)], draft.kind, draft.op, draft.operands, draft.options,
            draft.value, draft.text, bool(draft.name),
        )
        for draft in drafts
    )  # fmt: skip
