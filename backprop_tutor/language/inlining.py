"""Calls of a program's own functions written out: `g(w*x + b)` becomes the formula of g at w*x + b.

Enters: assignments whose trees have calls, and the functions, which call each other in no ring. Leaves:
assignments without. An operation that stands for a parameter which a formula uses several times is an
assignment of its own, so that it is worked out once; among arrays also one that is multiplied or raised,
since which product is meant is read from the text around the parameter. Every part stands where it was
typed: those of the formula in its definition, operands where the function is called.
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
    """What the parameters stand for in one call, and where the outermost call stands in the text."""

    operands: Mapping[str, Expression]
    span: Span | None


def without_calls(
    assignments: Sequence[Assignment], lefts: Sequence[Left], declared: Iterable[str], most: int,
    arrays: bool = False,
) -> tuple[list[Assignment], list[Fault]]:  # fmt: skip
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
    inlining = Inlining(functions, taken, most, arrays)
    return [made for one in others for made in inlining.written_out(one)], []


class Inlining:
    """Writes calls out, one assignment after the other; at most `most` nodes are made in all."""

    def __init__(
        self, functions: Mapping[str, Definition], taken: Iterable[str], most: int, arrays: bool = False
    ) -> None:
        self.functions = functions
        self.taken: frozenset[str] = frozenset(taken)
        self.left: int = most
        self.count: Counter[str] = Counter()  # how many names each stem has
        self.named: list[Assignment] = []  # operands that got names, as they are worked out
        self.uses: dict[str, Counter[str]] = {
            one.name: Counter(n.name for n in postorder(one.body) if isinstance(n, Name))
            for one in functions.values()
        }
        self.factors: dict[str, set[str]] = {
            one.name: _factors(one.body) if arrays else set() for one in functions.values()
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
            self.left -= not operands_done
            if self.left < 0:
                raise TooLarge(frame.span or node.span)
            if isinstance(node, Name):
                done.append(_standing(frame.operands.get(node.name, node), node.span))
            elif isinstance(node, Number):
                done.append(node)
            elif not operands_done:
                todo.append((node, frame, True))
                todo += [(each, frame, False) for each in reversed(node.operands)]
            else:
                first = len(done) - len(node.operands)
                operands = tuple(done[first:])
                del done[first:]
                if node.op.startswith(CALL):
                    one = self.functions[node.op[len(CALL) :]]
                    call = _Frame(self._bound(one, operands), frame.span or node.span)
                    todo.append((one.body, call, False))
                else:
                    done.append(Apply(node.op, operands, node.options, node.span))
        return done.pop()

    def _bound(self, one: Definition, operands: Sequence[Expression]) -> dict[str, Expression]:
        """Return what each parameter stands for; an operation that is used several times by a new name."""
        bound = {}
        for parameter, operand in zip(one.of, operands, strict=True):
            several = self.uses[one.name][parameter] > 1 or parameter in self.factors[one.name]
            if several and isinstance(operand, Apply):
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


def _standing(leaf: Expression, span: Span) -> Expression:
    """Return what stands for a parameter: a name or a number at the parameter's place."""
    if isinstance(leaf, Name):
        return Name(leaf.name, span)
    return Number(leaf.value, leaf.text, span) if isinstance(leaf, Number) else leaf


def _factors(tree: Expression) -> set[str]:
    """Return the names that stand in a product or a power themselves."""
    applied = (node for node in postorder(tree) if isinstance(node, Apply))
    operands = (each for node in applied if node.op in ("multiply", "power") for each in node.operands)
    return {each.name for each in operands if isinstance(each, Name)}
