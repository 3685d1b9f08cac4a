"""What makes assignments a program: each name assigned once, before its use, and as many names on
the left side as the right side has values.

Enters: assignments already read. Leaves: the faults of what they say together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from ..errors import Fault, quoted
from ..ops import OPS, plain
from ..ops.array_rows import row_of
from ..sentences import said
from .evaluate import evaluated
from .limits import MOST_FAULTS
from .shown_names import shown_name
from .tree import Apply, Assignment, Expression, Name, free_names, postorder

__all__ = ["order_faults", "outputs_fault", "plain_left", "used_names", "values_apart"]


def used_names(assignments: Sequence[Assignment]) -> set[str]:
    """Return every name that the right sides use."""
    return {name for a in assignments for name in free_names(a.expression)}


def values_apart(
    assignments: Sequence[Assignment],
) -> tuple[list[Assignment], dict[str, int | float | Fraction]]:
    """Return the assignments without the values at their end, `f = w*x; w = 2, x = 3`, and those.

    Values are constants behind the last formula, where a formula before them uses one of them.

    >>> from backprop_tutor.language import parse
    >>> parse("f = w*x; w = 2, x = 3").values
    {'w': 2, 'x': 3}
    """
    end = len(assignments)
    while end and _is_constant(assignments[end - 1]):
        end -= 1
    formulas, constants = list(assignments[:end]), assignments[end:]
    if not constants:
        return formulas, {}
    named = [target for a in assignments for target in a.targets]
    used = used_names(formulas)
    if len(set(named)) < len(named) or not any(c.targets[0] in used for c in constants):
        return list(assignments), {}
    return formulas, {c.targets[0]: plain(evaluated(c.expression, {}).value) for c in constants}


def _is_constant(assignment: Assignment) -> bool:
    several = isinstance(assignment.expression, Apply) and row_of(assignment.expression.op).outputs
    return not free_names(assignment.expression) and not several and len(assignment.targets) == 1


def order_faults(text: str, assignments: Sequence[Assignment], bare: str) -> list[Fault]:
    """Return the faults of names assigned twice, and of names used before their assignment.

    `bare` is what a formula without a left side was called, if there is one.
    """
    first: dict[str, Assignment] = {}
    faults: list[Fault] = []

    def line_of(name: str) -> int:
        return first[name].span.line_and_column(text)[0]

    for assignment in assignments:
        for target in assignment.targets:
            if target not in first:
                first[target] = assignment
            elif len(faults) < MOST_FAULTS:
                message = said(
                    "{target} is assigned twice; first on line {target_2}",
                    target=quoted(target),
                    target_2=line_of(target),
                )
                hint = said("give the second another name")
                if target == bare:
                    hint = said(
                        "a formula without a left side is called `{bare}`; name each: y = …",
                        bare=bare,
                    )
                faults.append(Fault(message, assignment.span, hint))
    seen: set[str] = set()
    for assignment in assignments:
        used = _used_early(assignment.expression, first, seen)
        if used is not None and len(faults) < MOST_FAULTS:
            own = first[used.name] is assignment
            what = (
                said("its own assignment")
                if own
                else said("its assignment on line {name}", name=line_of(used.name))
            )
            faults.append(
                Fault(
                    said("{name} is used before {what}", name=quoted(used.name), what=what),
                    used.span,
                    _ring(used.name, first),
                )
            )
        seen.update(assignment.targets)
    return faults


def _ring(name: str, first: dict[str, Assignment]) -> str:
    """Return the hint that a name is defined by itself through others; empty where it is not."""
    before: dict[str, str] = {}
    row = [name]
    for now in row:
        for used in free_names(first[now].expression):
            if used == name and now != name:
                ring = [name]
                while now != name:
                    ring.append(now)
                    now = before[now]
                shown = " → ".join(shown_name(each) for each in [name, *reversed(ring)])
                return said(
                    "each of {ring} is made of the next, so none can be worked out first", ring=shown
                )
            if used in first and used != name and used not in before:
                before[used] = now
                row.append(used)
    return ""


def _used_early(
    expression: Expression, first: dict[str, Assignment], seen: set[str]
) -> Name | None:
    """Return the first use of a name that is assigned, but not yet."""
    for node in postorder(expression):
        if isinstance(node, Name) and node.name in first and node.name not in seen:
            return node
    return None


def _has_outputs(node: Expression, arrays: bool) -> bool:
    """Return whether an expression is an operation of several outputs; of an array, softmax has one."""
    if not isinstance(node, Apply) or not row_of(node.op).outputs:
        return False
    return not arrays or len(node.operands) > 1


def outputs_fault(targets: tuple[str, ...], tree: Expression, arrays: bool = False) -> Fault | None:
    """Return the fault where the left side and an operation's number of outputs disagree."""
    if len(set(targets)) < len(targets):
        return Fault(said("the same name stands twice on the left side"), tree.span)
    for node in postorder(tree):
        if isinstance(node, Apply) and _has_outputs(node, arrays) and node is not tree:
            message = said(
                "{op} has several outputs and stands alone on the right side", op=node.op
            )
            return Fault(message, node.span, f"p1, p2 = {node.op}(z1, z2)")
    if isinstance(tree, Apply) and _has_outputs(tree, arrays):
        count = len(tree.operands)
        if len(targets) == count:
            return None
        wanted = ", ".join(f"p{i + 1}" for i in range(min(count, 4)))
        message = said(
            "the outputs of {op} number {count} here; the names on the left side: {given}",
            op=tree.op, count=count, given=len(targets),
        )  # fmt: skip
        return Fault(message, tree.span, f"{wanted}{', …' if count > 4 else ''} = {tree.op}(…)")
    if len(targets) > 1:
        others = [op.name for op in OPS.values() if op.outputs]
        message = said("{count} names for one value", count=len(targets))
        return Fault(
            message, tree.span, said("only {names} has several outputs", names=" and ".join(others))
        )
    return None


def plain_left(text: str) -> str:
    r"""Return a quantity's name in one spelling: `∂f/∂x`, `df/dx` and `\frac{df}{dx}` are one.

    >>> plain_left(r"\frac{\partial f}{\partial x}"), plain_left("∂f / ∂x")
    ('df/dx', 'df/dx')
    """
    text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", text)
    text = re.sub(r"\\partial\b\s*|∂", "d", text)
    return re.sub(r"[\s()${}]|\\(?![A-Za-z])", "", text)
