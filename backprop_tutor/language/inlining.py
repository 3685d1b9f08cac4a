"""Calls of a program's own functions written out: `g(w*x + b)` becomes the formula of g at w*x + b.

Enters: assignments whose trees have calls, and the functions, which call each other in no ring. Leaves:
assignments without. An operation that stands for a parameter which a formula uses several times is an
assignment of its own, so that it is worked out once; what is written out stands where its call stood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import Fault, Span, quoted
from ..sentences import said
from .assignments import used_names
from .definitions import CALL, Definition, Definitions, called
from .lefts import Left
from .shown_names import shown_name
from .tree import Apply, Assignment, Expression, Name, Number, postorder

__all__ = ["Inlining", "TooLarge", "without_calls"]


class TooLarge(Exception):
    """Calls that are more nodes when they are written out than a program may have."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span: Span = span


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the parameters stand for in one call, and where the call stands in the text."""

    operands: Mapping[str, Expression]
    span: Span | None


def without_calls(
    assignments: Sequence[Assignment], lefts: Sequence[Left], declared: Iterable[str], most: int
) -> tuple[list[Assignment], list[Fault]]:
    """Return the assignments without the functions that `lefts` define, and the faults found on the way.

    Where there is a fault no call is written out, and assignments with calls are left out. At most
    `most` nodes are made.

    Raises:
        TooLarge: there would be more.
    """
    of = {left.targets[0]: left for left in reversed(lefts)}
    functions: dict[str, Definition] = {}
    others: list[Assignment] = []
    faults: list[Fault] = []
    for one in assignments:
        left = of.get(one.targets[0]) if one.targets else None
        if left is None:
            others.append(one)
        elif left.targets[0] in functions:
            name = quoted(shown_name(one.targets[0]))
            message = said("{name} is assigned twice, and is a function", name=name)
            faults.append(Fault(message, one.span, said("give the second another name")))
        else:
            functions[left.targets[0]] = Definition(left.targets[0], left.of, one.expression, left.span)
    taken = {*declared, *used_names([*assignments])}
    if len(functions) == len(of):
        faults += Definitions(functions, frozenset(taken)).faults(others)
    if faults or len(functions) < len(of):
        return [one for one in others if not called(one.expression)], faults
    inlining = Inlining(functions, taken, most)
    return [made for one in others for made in inlining.written_out(one)], []


class Inlining:
    """Writes calls out, one assignment after the other; at most `most` nodes are made in all."""

    def __init__(self, functions: Mapping[str, Definition], taken: Iterable[str], most: int) -> None:
        self.functions = functions
        self.taken: frozenset[str] = frozenset(taken)
        self.left: int = most
        self.count: Counter[str] = Counter()  # how many names each stem has
        self.named: list[Assignment] = []  # operands that got names, as they are worked out
        self.uses: dict[str, Counter[str]] = {
            one.name: Counter(n.name for n in postorder(one.body) if isinstance(n, Name))
            for one in functions.values()
        }

    def written_out(self, assignment: Assignment) -> list[Assignment]:
        """Return the assignment with its calls written out, behind those of operands that got names.

        Raises:
            TooLarge: more nodes would be made than a program has.
        """
        self.named = []
        tree = self._expanded(assignment.expression)
        return [*self.named, Assignment(assignment.targets, tree, assignment.span)]

    def _expanded(self, tree: Expression) -> Expression:
        """Return the tree without calls: a walk with a stack, through the formulas of what is called."""
        done: list[Expression] = []
        todo: list[tuple[Expression, _Frame, bool]] = [(tree, _Frame({}, None), False)]
        while todo:
            node, frame, operands_done = todo.pop()
            span = frame.span or node.span
            self.left -= not operands_done
            if self.left < 0:
                raise TooLarge(span)
            if isinstance(node, Name):
                done.append(frame.operands.get(node.name) or Name(node.name, span))
            elif isinstance(node, Number):
                done.append(Number(node.value, node.text, span))
            elif not operands_done:
                todo.append((node, frame, True))
                todo += [(each, frame, False) for each in reversed(node.operands)]
            else:
                first = len(done) - len(node.operands)
                operands = tuple(done[first:])
                del done[first:]
                if node.op.startswith(CALL):
                    one = self.functions[node.op[len(CALL) :]]
                    todo.append((one.body, _Frame(self._bound(one, operands), span), False))
                else:
                    done.append(Apply(node.op, operands, node.options, span))
        return done.pop()

    def _bound(self, one: Definition, operands: Sequence[Expression]) -> dict[str, Expression]:
        """Return what each parameter stands for; an operation that is used several times by a new name."""
        bound = {}
        for parameter, operand in zip(one.of, operands, strict=True):
            if self.uses[one.name][parameter] > 1 and isinstance(operand, Apply):
                name = self._free(parameter)
                self.named.append(Assignment((name,), operand, operand.span))
                operand = Name(name, operand.span)
            bound[parameter] = operand
        return bound

    def _free(self, parameter: str) -> str:
        found = re.match("[A-Za-z]+", parameter)
        stem = found[0] if found else "z"
        self.count[stem] += 1
        while not self.taken.isdisjoint((f"{stem}{self.count[stem]}", f"{stem}_{self.count[stem]}")):
            self.count[stem] += 1
        return f"{stem}_{self.count[stem]}"
