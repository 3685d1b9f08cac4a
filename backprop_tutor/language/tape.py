"""What a Python function does to symbolic operands, written down: the tape, and its program.

Enters: operations, one at a time, as a function performs them. Leaves: the assignments that compute
its results, in which everything used more than once has a name, so that it is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import DomainError
from ..ops import OPS
from ..sentences import said
from .tree import Apply, Assignment, Expression, Name, Number

__all__ = ["Output", "Tape", "constant"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tape: an operation on earlier lines, or a leaf."""

    op: str
    operands: tuple[Output, ...] = ()
    options: tuple[tuple[str, float], ...] = ()
    leaf: Expression | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A result: the number of a line, and which of its outputs (an operation of several)."""

    line: int
    index: int = 0


@dataclass(slots=True)
class Tape:
    """The operations of one run in the order performed; an operand is always an earlier line."""

    entries: list[Entry] = field(default_factory=list)

    def leaf(self, expression: Expression) -> Output:
        """Write down a name or a number."""
        return self._written(Entry("", leaf=expression))

    def apply(
        self, op: str, operands: Sequence[Output], options: Iterable[tuple[str, float]] = ()
    ) -> Output:
        """Write down an operation on earlier results."""
        return self._written(Entry(op, tuple(operands), tuple(options)))

    def _written(self, entry: Entry) -> Output:
        self.entries.append(entry)
        return Output(len(self.entries) - 1)

    def assignments(
        self, results: Sequence[tuple[str, Output]], taken: Iterable[str]
    ) -> tuple[Assignment, ...]:
        """Return the assignments that compute the named results, in their order.

        A result that later ones use lends its name; other results used more than once are called
        `v1`, `v2`, ... in the order in which they are needed. `taken` are names not to be used.
        """
        return _Program(self, results, taken).assignments


class _Program:
    """One program on its way out of a tape."""

    def __init__(
        self, tape: Tape, results: Sequence[tuple[str, Output]], taken: Iterable[str]
    ) -> None:
        self.entries = tape.entries
        self.results = results
        self.taken = {*taken, *(name for name, _ in results)}
        self.count = 0
        self.built: dict[int, Expression] = {}
        self.names: dict[Output, str] = {}
        self.uses = self._uses()
        made: list[Assignment] = []
        for place in range(len(results)):
            made += self._needed(place)
        self.assignments = tuple(made)

    def _reachable(self, start: Iterable[int]) -> list[int]:
        """Return the lines that `start` needs, without those already built, in tape order."""
        seen = {line for line in start if line not in self.built}
        stack = list(seen)
        while stack:
            for operand in self.entries[stack.pop()].operands:
                if operand.line not in seen and operand.line not in self.built:
                    seen.add(operand.line)
                    stack.append(operand.line)
        return sorted(seen)

    def _uses(self) -> dict[int, int]:
        uses: dict[int, int] = {}
        for line in self._reachable(result.line for _, result in self.results):
            for operand in self.entries[line].operands:
                uses[operand.line] = uses.get(operand.line, 0) + 1
        for _, result in self.results:
            uses[result.line] = uses.get(result.line, 0) + 1
        return uses

    def _needed(self, place: int) -> list[Assignment]:
        """Return the assignments still to be made for one result, its own last."""
        name, result = self.results[place]
        made: list[Assignment] = []
        for line in self._reachable([result.line]):
            entry = self.entries[line]
            if entry.leaf is not None:
                self.built[line] = entry.leaf
                continue
            tree = Apply(entry.op, tuple(self._use(o) for o in entry.operands), entry.options)
            self.built[line] = tree
            if OPS[entry.op].outputs:
                made.append(Assignment(self._group(line, place), tree))
            elif line == result.line:
                self.names[result] = name
                made.append(Assignment((name,), tree))
            elif self.uses[line] > 1:
                self.names[Output(line)] = self._fresh()
                made.append(Assignment((self.names[Output(line)],), tree))
        if self.names.get(result) != name:
            made.append(Assignment((name,), self._use(result)))
        return made

    def _group(self, line: int, place: int) -> tuple[str, ...]:
        """Return names for all outputs of one operation: those of the results, where they fit."""
        group = [Output(line, i) for i in range(len(self.entries[line].operands))]
        wanted = self.results[place : place + len(group)]
        if [output for _, output in wanted] == group:
            self.names.update((output, name) for name, output in wanted)
        else:
            for output in group:
                last = output == self.results[place][1] and output == group[-1]
                self.names[output] = self.results[place][0] if last else self._fresh()
        return tuple(self.names[output] for output in group)

    def _use(self, output: Output) -> Expression:
        leaf = self.entries[output.line].leaf
        if leaf is not None:
            return leaf
        if output in self.names:
            return Name(self.names[output])
        return self.built[output.line]

    def _fresh(self) -> str:
        self.count += 1
        while f"v{self.count}" in self.taken:
            self.count += 1
        return f"v{self.count}"


def constant(value: int | float | Fraction) -> tuple[Number, Number | None]:
    """Return a constant as the tree holds it: a number, and a divisor where it is a fraction.

    >>> [None if part is None else part.text for part in constant(Fraction(-1, 3))]
    ['−1', '3']
    """
    if isinstance(value, float):
        return Number(value, repr(value).replace("-", "−") if value < 0 else repr(value)), None
    exact = Fraction(value)
    for part in (exact.numerator, exact.denominator):
        if abs(part).bit_length() > 1024:
            raise DomainError(said("a whole number of more than 1024 bits is beyond float64"))
    top = Number(Fraction(exact.numerator), str(exact.numerator).replace("-", "−"))
    if exact.denominator == 1:
        return top, None
    return top, Number(Fraction(exact.denominator), str(exact.denominator))
