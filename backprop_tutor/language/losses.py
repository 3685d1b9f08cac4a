"""What is said about a loss in the reading: which operand is the prediction, and when they seem swapped.

Enters: a program, and values where there are any. Leaves: remarks. Losses are told by the roles that
their operands have in the table; this file knows no loss by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ..errors import quoted
from ..ops import ACTIVATIONS, OPS, SCALAR
from ..ops.array_rows import row_of
from ..sentences import N_, said, sentence
from .program import Program
from .tree import Apply, Assignment, Expression, Name, Number, postorder
from .write import UNICODE, written

__all__ = ["roles_read", "with_remarks"]

_SEVERAL = {"prediction": N_("predictions"), "target": N_("targets")}
"""What roles are called of several operands; one from outside keeps its word."""

_MOST = 3
"""So many operands of a list are named; the rest are an ellipsis."""


def roles_read(assignments: Sequence[Assignment]) -> dict[str, None]:
    """Return a remark for each loss: which of its operands is the prediction and which the target.

    >>> from backprop_tutor.language import parse
    >>> parse("L = bce(p, t)").notes
    ('in `bce(p, t)`: prediction p, target t',)
    """
    found: dict[str, None] = {}
    for loss, lists in _losses(assignments):
        named = []
        for role, operands in zip(row_of(loss.op).roles, lists, strict=True):
            shown = [_shown(operand) for operand in operands[:_MOST]]
            listed = ", ".join([*shown, "…"] if len(operands) > _MOST else shown)
            named.append(f"{sentence(role if len(operands) == 1 else _SEVERAL.get(role, role))} {listed}")
        parted = ", " if len(lists[0]) == 1 else "; "
        found[said("in {loss}: {roles}", loss=_call(loss), roles=parted.join(named))] = None
    return found


def with_remarks(program: Program, values: Mapping[str, Any]) -> Program:
    """Return the program with a remark on each loss whose prediction and target seem swapped.

    That is where the prediction is 0 or 1, or one-hot, the target the output of an activation, and
    the loss another one the other way round.
    """
    made = {t: a.expression for a in program.assignments for t in a.targets}
    notes = dict.fromkeys(program.notes)
    for loss, lists in _losses(program.assignments):
        if len(lists) != 2 or _symmetric(loss.op):
            continue
        numbers = [_number(operand, made, values) for operand in lists[0]]
        certain = all(n in (0, 1) for n in numbers) and (len(numbers) == 1 or numbers.count(1) == 1)
        if certain and all(_is_activation(operand, made) for operand in lists[1]):
            one = len(numbers) == 1
            turned = Apply(loss.op, (*lists[1], *lists[0]), loss.options)
            notes[
                said(
                    "{loss} has {which} as its prediction and the output of an activation as its target; "
                    "if that is swapped, write {turned}",
                    loss=_call(loss),
                    which="a 0 or 1" if one else said("a one-hot list"),
                    turned=_call(turned),
                )
            ] = None
    return program if len(notes) == len(program.notes) else replace(program, notes=tuple(notes))


def _losses(
    assignments: Sequence[Assignment],
) -> Iterator[tuple[Apply, list[tuple[Expression, ...]]]]:
    """Yield every loss with its operands, one list a role."""
    for assignment in assignments:
        for node in postorder(assignment.expression):
            if isinstance(node, Apply) and row_of(node.op).roles:
                count = len(node.operands) // len(row_of(node.op).roles)
                starts = range(0, len(node.operands), count)
                yield node, [node.operands[i : i + count] for i in starts]


@cache
def _symmetric(op: str) -> bool:
    """Return whether prediction and target may be swapped and the loss stays what it was."""
    row = OPS[op]
    sample = row.samples[0]
    half = len(sample) // 2
    try:
        values = [row.forward(SCALAR, *given) for given in (sample, sample[half:] + sample[:half])]
    except (ValueError, ZeroDivisionError):
        return False  # one way round there is no value at all
    return math.isclose(*values)


def _shown(operand: Expression) -> str:
    text = written(operand, UNICODE)
    return text if len(text) <= 40 else text[:39] + "…"


def _call(loss: Apply) -> str:
    return quoted(written(loss, UNICODE), 60)


def _number(
    operand: Expression, made: Mapping[str, Expression], values: Mapping[str, Any]
) -> Any:
    """Return the number that an operand is known to be, or None."""
    if isinstance(operand, Name):
        given = made.get(operand.name)
        return given.value if isinstance(given, Number) else values.get(operand.name)
    return operand.value if isinstance(operand, Number) else None


def _is_activation(operand: Expression, made: Mapping[str, Expression]) -> bool:
    found = made.get(operand.name) if isinstance(operand, Name) else operand
    return isinstance(found, Apply) and (found.op in ACTIVATIONS or OPS[found.op].outputs)
