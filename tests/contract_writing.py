"""A row of `OPS` is written as text, plain text and LaTeX, and read back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction

from contract_numbers import close

from backprop_tutor.errors import DomainError
from backprop_tutor.language import PLAIN, Apply, Name, Number, evaluate, parse, same, written
from backprop_tutor.ops import OPS, Operation
from backprop_tutor.ops.array_rows import row_of
from backprop_tutor.render.narration.formulas import LATEX

__all__ = ["writing_is_read_back"]

TREES: dict[str, Callable[[Apply], Apply]] = {
    "under a square": lambda tree: Apply("power", (tree, Number(Fraction(2), "2"))),
    "under a sign": lambda tree: Apply("negate", (tree,)),
    "subtracted": lambda tree: Apply("subtract", (Name("u"), tree)),
    "a factor": lambda tree: Apply("multiply", (tree, Name("u"))),
    "a second factor": lambda tree: Apply("multiply", (Name("u"), tree)),
    "a numerator": lambda tree: Apply("divide", (tree, Name("u"))),
    "a denominator": lambda tree: Apply("divide", (Name("u"), tree)),
}


def trees(row: Operation) -> Iterator[Apply]:
    """Yield formulas of the row with names, sums, products, signs and powers as operands."""
    if not (row.spelled or row.text is not None or row.written_as) or row.outputs:
        return
    count = max(row.least, row.lists)
    names = [Name(letter) for letter in "abcd"[:count]]
    kinds = {
        "name": lambda n: n,
        "sum": lambda n: Apply("add", (n, Name("u"))),
        "product": lambda n: Apply("multiply", (n, Name("u"))),
        "quotient": lambda n: Apply("divide", (n, Name("u"))),
        "sign": lambda n: Apply("negate", (n,)),
        "power": lambda n: Apply("power", (n, Name("u"))),
    }
    for kind in kinds.values():
        for slot in range(count):
            operands = tuple(kind(n) if i == slot else n for i, n in enumerate(names))
            yield Apply(row.name, operands)


@contextmanager
def written_by(row: Operation) -> Iterator[None]:
    """Let formulas be written by this row in place of the table's own."""
    rooms = [
        sys.modules[f"backprop_tutor.{name}"]
        for name in ("language.write", "render.narration.formulas")
    ]
    table = {**OPS, row.name: row}
    for room in rooms:
        room.OPS, room.row_of = table, table.__getitem__  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for room in rooms:
            room.OPS, room.row_of = OPS, row_of  # type: ignore[attr-defined]


AT = {"a": 0.7, "b": 0.3, "c": 0.4, "d": 2.1, "u": 0.6}


def writing_is_read_back(row: Operation) -> None:
    """Text, plain text and LaTeX of the row read back, around every operation and inside it."""
    inside = list(trees(row))
    for tree in [*inside, *(around(inside[0]) for around in TREES.values() if inside)]:
        for notation in (None, PLAIN, LATEX):
            with written_by(row):
                text = written(tree, notation)
            back = parse(f"f = {text}", tuple(AT)).assignments[0].expression
            if not same(back, tree):
                try:
                    wanted = evaluate(tree, AT)
                except DomainError:
                    continue
                assert close(float(wanted), float(evaluate(back, AT))), (text, written(back))
