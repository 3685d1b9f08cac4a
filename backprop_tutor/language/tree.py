"""The frozen tree that text becomes: numbers, names and operations, with where each one stood.

Trees are compared and walked without recursion (`postorder`, `same`), so that ten thousand
chained operations are as good as ten. Nodes are compared by identity; `same` compares trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import Span

__all__ = [
    "Apply",
    "Assignment",
    "Expression",
    "Name",
    "Number",
    "flat",
    "free_names",
    "postorder",
    "renamed",
    "same",
]

_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A constant: exact where it was typed as an integer, float64 where as a decimal.

    `text` is how it is shown: as typed, or `π` and `e` for the named constants.
    """

    value: Fraction | float
    text: str
    span: Span = _NOWHERE


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A use of a name."""

    name: str
    span: Span = _NOWHERE


Options = tuple[tuple[str, Any], ...]
"""An operation's options by name: numbers; of operations on arrays also shapes, axes and places."""


@dataclass(frozen=True, slots=True, eq=False)
class Apply:
    """An operation of the table `OPS`, by name, on its operands in the order typed."""

    op: str
    operands: tuple[Expression, ...]
    options: Options = ()
    span: Span = _NOWHERE

    def __repr__(self) -> str:
        return f"Apply({self.op!r}, {len(self.operands)} operands)"

    def __reduce__(self) -> tuple[Callable[..., Expression], tuple[Postfix]]:
        # Pickled and copied as a flat list: a tree may be ten thousand operations deep.
        return _rebuilt, (_postfix(self),)


Expression = Number | Name | Apply


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """`target = expression`, or several targets for an operation of several outputs."""

    targets: tuple[str, ...]
    expression: Expression
    span: Span = _NOWHERE


def postorder(expression: Expression) -> Iterator[Expression]:
    """Return every node, operands before operations, left to right.

    >>> tree = Apply("add", (Name("x"), Number(Fraction(1), "1")))
    >>> [type(node).__name__ for node in postorder(tree)]
    ['Name', 'Number', 'Apply']
    """
    found: list[Expression] = []  # operations before operands, from the right to the left
    stack = [expression]
    while stack:
        node = stack.pop()
        found.append(node)
        if isinstance(node, Apply):
            stack.extend(node.operands)
    return reversed(found)


Postfix = list[Number | Name | tuple[str, int, Options, Span]]
"""A tree as a flat list: leaves as they are, operations behind their operands."""


def _postfix(expression: Expression) -> Postfix:
    return [
        (node.op, len(node.operands), node.options, node.span) if isinstance(node, Apply) else node
        for node in postorder(expression)
    ]


def _rebuilt(flat: Postfix) -> Expression:
    stack: list[Expression] = []
    for item in flat:
        if isinstance(item, tuple):
            op, count, options, span = item
            operands = tuple(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            stack.append(Apply(op, operands, options, span))
        else:
            stack.append(item)
    return stack.pop()


def renamed(assignment: Assignment, names: Mapping[str, str]) -> Assignment:
    """Return the assignment with names replaced, its spans as they were."""
    made = [
        Name(names.get(part.name, part.name), part.span) if isinstance(part, Name) else part
        for part in _postfix(assignment.expression)
    ]
    targets = tuple(names.get(target, target) for target in assignment.targets)
    return Assignment(targets, _rebuilt(made), assignment.span)


def flat(assignment: Assignment) -> tuple[object, ...]:
    """Return what two assignments are compared by: everything but where it stood in the text."""
    parts: list[object] = []
    for node in postorder(assignment.expression):
        if isinstance(node, Number):
            parts.append((type(node.value), node.value, node.text))
        elif isinstance(node, Name):
            parts.append((type(node.name), node.name))
        else:
            parts.append((node.op, len(node.operands), node.options))
    return assignment.targets, tuple(parts)


def free_names(expression: Expression) -> tuple[str, ...]:
    """Return the names used, in order of first use."""
    return tuple(dict.fromkeys(n.name for n in postorder(expression) if isinstance(n, Name)))


def same(one: Expression, other: Expression) -> bool:
    """Return whether two trees are the same: operations, names and values, wherever they stood."""
    pairs: list[tuple[Expression, Expression]] = [(one, other)]
    while pairs:
        a, b = pairs.pop()
        if isinstance(a, Apply) and isinstance(b, Apply):
            if a.op != b.op or a.options != b.options or len(a.operands) != len(b.operands):
                return False
            pairs.extend(zip(a.operands, b.operands, strict=True))
        elif isinstance(a, Name) and isinstance(b, Name):
            if a.name != b.name:
                return False
        elif isinstance(a, Number) and isinstance(b, Number):
            if a.value != b.value or type(a.value) is not type(b.value):
                return False
        else:
            return False
    return True
