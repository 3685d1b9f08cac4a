"""What makes assignments a program: each name assigned once, before its use, and as many names on
the left side as the right side has values.

Enters: assignments already read. Leaves: the faults of what they say together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import Fault, quoted
from ..ops import OPS
from .limits import MOST_FAULTS
from .tree import Apply, Assignment, Expression, Name, postorder

__all__ = ["order_faults", "outputs_fault", "plain_left"]


def order_faults(text: str, assignments: Sequence[Assignment], bare: bool) -> list[Fault]:
    """Return the faults of names assigned twice, and of names used before their assignment.

    `bare` tells that a formula without a left side is among them, and was called `f`.
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
                message = f"{quoted(target)} is assigned twice; first on line {line_of(target)}"
                hint = "give the second another name"
                if bare and target == "f":
                    hint = "a formula without a left side is called `f`; name each: y = …"
                faults.append(Fault(message, assignment.span, hint))
    seen: set[str] = set()
    for assignment in assignments:
        used = _used_early(assignment.expression, first, seen)
        if used is not None and len(faults) < MOST_FAULTS:
            own = first[used.name] is assignment
            what = "its own assignment" if own else f"its assignment on line {line_of(used.name)}"
            hint = ""
            if bare and own and used.name == "f":
                hint = "a formula without a left side is called `f`; name it otherwise: y = …"
            faults.append(Fault(f"{quoted(used.name)} is used before {what}", used.span, hint))
        seen.update(assignment.targets)
    return faults


def _used_early(
    expression: Expression, first: dict[str, Assignment], seen: set[str]
) -> Name | None:
    """Return the first use of a name that is assigned, but not yet."""
    for node in postorder(expression):
        if isinstance(node, Name) and node.name in first and node.name not in seen:
            return node
    return None


def outputs_fault(targets: tuple[str, ...], tree: Expression) -> Fault | None:
    """Return the fault where the left side and an operation's number of outputs disagree."""
    if len(set(targets)) < len(targets):
        return Fault("the same name stands twice on the left side", tree.span)
    for node in postorder(tree):
        if isinstance(node, Apply) and OPS[node.op].outputs and node is not tree:
            message = f"{node.op} has several outputs and stands alone on the right side"
            return Fault(message, node.span, f"p1, p2 = {node.op}(z1, z2)")
    if isinstance(tree, Apply) and OPS[tree.op].outputs:
        count = len(tree.operands)
        if len(targets) == count:
            return None
        wanted = ", ".join(f"p{i + 1}" for i in range(min(count, 4)))
        values = "output" if count == 1 else "outputs"
        names = "name stands" if len(targets) == 1 else "names stand"
        given = f"{len(targets)} {names} on the left side"
        message = f"{tree.op} of {count} has {count} {values}, and {given}"
        return Fault(message, tree.span, f"{wanted}{', …' if count > 4 else ''} = {tree.op}(…)")
    if len(targets) > 1:
        others = [op.name for op in OPS.values() if op.outputs]
        message = f"{len(targets)} names for one value"
        return Fault(message, tree.span, f"only {' and '.join(others)} has several outputs")
    return None


def plain_left(text: str) -> str:
    r"""Return a quantity's name in one spelling: `∂f/∂x`, `df/dx` and `\frac{df}{dx}` are one.

    >>> plain_left(r"\frac{\partial f}{\partial x}"), plain_left("∂f / ∂x")
    ('df/dx', 'df/dx')
    """
    text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", text)
    text = re.sub(r"\\partial\b\s*|∂", "d", text)
    return re.sub(r"[\s()${}]|\\(?![A-Za-z])", "", text)
