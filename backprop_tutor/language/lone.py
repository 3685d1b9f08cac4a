"""A sum or a mean of one number, which is that number: said, since several may have been meant.

Enters: a program's assignments. Leaves: remarks. Such functions are told by their rows alone: they
take any number of operands, and of one give that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ..errors import Fault, quoted
from ..ops import FUNCTIONS, OPS, SCALAR
from ..ops.array_rows import ARRAY_ROWS
from ..sentences import said
from .tree import Apply, Assignment, Expression, postorder
from .write import UNICODE, written

__all__ = ["lone_faults", "lone_remarks"]


def lone_remarks(assignments: Sequence[Assignment]) -> dict[str, None]:
    """Return a remark for each function of several numbers that was given one.

    >>> from backprop_tutor.language import parse
    >>> parse("L = sum(x)").notes[0][:41]
    '`sum(x)` is the sum of one number, which '
    """
    found: dict[str, None] = {}
    for assignment in assignments:
        for node in postorder(assignment.expression):
            if isinstance(node, Apply) and len(node.operands) == 1 and _gives_it_back(node.op):
                name = OPS[node.op].called
                found[
                    said(
                        "{call} is the {name} of one number, which is that number: each name is one "
                        "number; several are listed, {name}(a, b), or written with Σ_{{i=1}}^{{3}}",
                        call=quoted(written(node, UNICODE), 60), name=name,
                    )
                ] = None  # fmt: skip
    return found


def lone_faults(tree: Expression) -> list[Fault]:
    """Return the faults of functions that choose among several numbers and were given one.

    >>> from backprop_tutor.language.tree import Name
    >>> lone_faults(Apply("array_max", (Name("x"),)))[0].message
    '`max` takes 2 or more arguments, and 1 was given'
    """
    found = []
    for node in postorder(tree):
        if isinstance(node, Apply) and node.op in ARRAY_ROWS and not node.options:
            name = ARRAY_ROWS[node.op].called
            if name in FUNCTIONS:
                message = f"{quoted(name)} takes {FUNCTIONS[name].counts()}, and 1 was given"
                found.append(Fault(message, node.span))
    return found


@cache
def _gives_it_back(op: str) -> bool:
    if op not in OPS:
        return False  # of arrays
    row = OPS[op]
    if row.most is not None or row.outputs or row.lists > 1 or not row.accepts(1):
        return False
    return all(row.forward(SCALAR, a) == a for a in (-3.0, 0.5))
