"""Formulas as one flat list of instructions, each shared part once, ready to be run many times.

Enters: trees, and the formulas that names of nodes stand for. Leaves: `Instructions`, in which
every operand stands before its operation. Names that a definition explains are replaced by it, once,
so that a node varies consistently wherever it is named. Nothing is evaluated here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ...errors import OptionError, quoted
from ...language import Apply, Expression, Name, Number
from ...once import cached_property
from ...sentences import said
from ..quantities.figures import typed_precision

__all__ = [
    "Constant",
    "Instruction",
    "Instructions",
    "Operate",
    "Read",
    "compiled",
    "constant_value",
]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number: exact as typed, or "pi" or "e"."""

    value: Fraction | str

    def as_float(self) -> float:
        """Return the number in float64; inf where it is beyond."""
        if isinstance(self.value, str):
            return math.pi if self.value == "pi" else math.e
        try:
            return float(self.value)
        except OverflowError:
            return math.inf if self.value > 0 else -math.inf


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a name at the point."""

    name: str


@dataclass(frozen=True, slots=True)
class Operate:
    """An operation of the table on the results of earlier instructions."""

    op: str
    operands: tuple[int, ...]
    options: tuple[tuple[str, float], ...] = ()


Instruction = Constant | Read | Operate


@dataclass(frozen=True, eq=False)
class Instructions:
    """Formulas as one list.

    Attributes:
        steps: the instructions, operands first.
        results: for each formula, the step with its value.
        reach: for each formula, the steps it is made of, in order.
        names: the names that are read, sorted.
    """

    steps: tuple[Instruction, ...]
    results: tuple[int, ...]
    reach: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]

    @property
    def constants(self) -> tuple[float, ...]:
        """Return the sizes of the finite constants other than 0, sorted."""
        sizes = {abs(s.as_float()) for s in self.steps if isinstance(s, Constant)}
        return tuple(sorted(size for size in sizes if 0 < size < math.inf))

    @cached_property
    def shared(self) -> frozenset[int]:
        """Return the steps that the first two formulas are both made of."""
        one, other = self.reach[:2]
        return frozenset(one) & frozenset(other)

    @cached_property
    def digits(self) -> int:
        """Return how many decimal digits the longest constant spans, at most 400."""
        spans = [0]
        for step in self.steps:
            if isinstance(step, Constant) and isinstance(step.value, Fraction):
                size = max(step.value.numerator.bit_length(), step.value.denominator.bit_length())
                spans.append(size * 3 // 10)
        return min(400, max(spans))


def constant_value(number: Number) -> Fraction | str:
    """Return a constant of a tree exactly as it was typed: 0.1 is one tenth.

    >>> constant_value(Number(0.1, "0.1")), constant_value(Number(math.pi, "π"))
    (Fraction(1, 10), 'pi')
    """
    if isinstance(number.value, Fraction):
        return number.value
    if number.text in ("π", "pi") and number.value == math.pi:
        return "pi"
    if number.text == "e" and number.value == math.e:
        return "e"
    if number.value == 0:
        return Fraction(0)
    typed = typed_precision(number.text)
    if typed is not None and abs(float(typed.value) - number.value) <= 1e-15 * abs(number.value):
        return typed.value
    return Fraction(number.value)


class _Compiler:
    """Adds steps, each only once."""

    def __init__(self, definitions: Mapping[str, Expression]) -> None:
        self.definitions = definitions
        self.steps: list[Instruction] = []
        self.known: dict[Instruction, int] = {}
        self.resolved: dict[str, int] = {}

    def add(self, step: Instruction) -> int:
        place = self.known.get(step)
        if place is None:
            place = self.known[step] = len(self.steps)
            self.steps.append(step)
        return place

    def formula(self, tree: Expression) -> int:
        """Add a formula and, before they are used, the definitions it needs; no recursion."""
        results: list[int] = []
        open_names: set[str] = set()
        work: list[tuple[Expression | str, bool]] = [(tree, False)]
        while work:
            node, seen = work.pop()
            if isinstance(node, str):
                self.resolved[node] = results.pop()
                open_names.discard(node)
            elif isinstance(node, Number):
                results.append(self.add(Constant(constant_value(node))))
            elif isinstance(node, Name):
                self._name(node, open_names, results, work)
            elif not seen:
                work.append((node, True))
                work.extend((operand, False) for operand in reversed(node.operands))
            else:
                count = len(node.operands)
                operands = tuple(results[len(results) - count :])
                del results[len(results) - count :]
                results.append(self._operation(node, operands))
        return results.pop()

    def _name(
        self,
        node: Name,
        open_names: set[str],
        results: list[int],
        work: list[tuple[Expression | str, bool]],
    ) -> None:
        name = node.name
        if name in self.resolved:
            results.append(self.resolved[name])
        elif name not in self.definitions:
            results.append(self.add(Read(name)))
        elif name in open_names:
            raise OptionError(
                said("the definition of {name} leads back to {name}", name=quoted(name))
            )
        else:
            open_names.add(name)
            work.append((node, False))
            work.append((name, True))
            work.append((self.definitions[name], False))

    def _operation(self, node: Apply, operands: tuple[int, ...]) -> int:
        if node.op == "identity":
            return operands[0]
        return self.add(Operate(node.op, operands, node.options))


def compiled(
    formulas: Iterable[Expression], definitions: Mapping[str, Expression] | None = None
) -> Instructions:
    """Return formulas as one list of instructions.

    Args:
        formulas: trees.
        definitions: what names of nodes stand for, by canonical name; these may use each other.

    Raises:
        OptionError: a definition that leads back to itself.

    >>> from backprop_tutor.language import parse_formula
    >>> trees = [parse_formula(text, ["x"])[0] for text in ("x*x + 1", "x*x")]
    >>> listed = compiled(trees)
    >>> len(listed.steps), listed.results
    (4, (3, 1))
    """
    compiler = _Compiler(definitions or {})
    results = tuple(compiler.formula(tree) for tree in formulas)
    steps = tuple(compiler.steps)
    names = tuple(sorted(step.name for step in steps if isinstance(step, Read)))
    return Instructions(steps, results, tuple(_reach(steps, r) for r in results), names)


def _reach(steps: tuple[Instruction, ...], result: int) -> tuple[int, ...]:
    needed = {result}
    for place in range(result, -1, -1):
        step = steps[place]
        if place in needed and isinstance(step, Operate):
            needed.update(step.operands)
    return tuple(sorted(needed))
