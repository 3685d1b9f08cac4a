"""The right answer for every cell, as a student would hand it in: a number in full, or a formula.

Enters: a problem and a student. Leaves: texts that marking finds right. Formulas are put together
from local gradients along the graph, in the nodes' names, and are no longer than an answer may be.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..errors import OptionError
from ..homework.problems.problem_set import Cell, Problem
from ..homework.quantities.quantity import Quantity, true_number
from ..language import ANSWER, PLAIN, Apply, Expression, Name, Number, postorder, written
from ..matrices.array_derivation import ArrayDerivation
from ..ops import OPS
from ..ops import Number as Numeral
from ..sentences import said
from ..slopes import slope_everywhere
from ..steps import Derivation
from .array_formulas import array_formula
from .array_tasks import filled_text

__all__ = ["key_answers"]

ZERO, ONE = Number(Fraction(0), "0"), Number(Fraction(1), "1")


def key_answers(problem: Problem, student: str) -> dict[str, str]:
    """Return the right answer for every cell, by its name.

    Raises:
        OptionError: a formula that would be longer than an answer may be.
    """
    derivation = problem.derivation(student)
    if isinstance(derivation, ArrayDerivation):
        return {
            cell.text: array_formula(derivation, cell) if cell.want == "formula"
            else filled_text(derivation, cell.quantity, problem.lr)
            for cell in problem.cells
        }  # fmt: skip
    formulas = _Formulas(derivation, problem.lr)
    return {cell.text: _answer(cell, derivation, formulas, problem.lr) for cell in problem.cells}


def _answer(cell: Cell, derivation: Derivation, formulas: _Formulas, lr: Numeral | None) -> str:
    if cell.want == "formula":
        text = written(formulas.of(cell.quantity), PLAIN)
        if len(text) > ANSWER.characters:
            raise OptionError(
                said(
                    "the formula of {given} has {count:,} characters, and an answer at most "
                    "{characters:,}: ask for its number",
                    given=cell.text, count=len(text), characters=ANSWER.characters,
                )
            )
        return text
    return number_text(true_number(derivation, cell.quantity, lr))


def number_text(number: Numeral) -> str:
    """Return a number with all its digits, as it may be typed: `-3`, `1/3`, `0.1`.

    >>> number_text(Fraction(-1, 3)), number_text(0.1), number_text(-2)
    ('-1/3', '0.1', '-2')
    """
    if isinstance(number, Fraction):
        return str(number)
    return repr(number)


class _Formulas:
    """The formulas of a derivation's quantities, each worked out once.

    No formula is built that has more nodes than an answer may have: sizes are counted first.
    """

    def __init__(self, derivation: Derivation, lr: Numeral | None) -> None:
        self.derivation = derivation
        self.graph = derivation.graph_table
        self.lr = lr
        self.gradients: dict[int, tuple[Expression, int]] = {}

    def of(self, quantity: Quantity) -> Expression:
        found = _KINDS[quantity.kind](self, quantity)
        if sum(1 for _ in postorder(found)) > ANSWER.nodes:
            raise self._too_long(quantity.text)
        return found

    def _too_long(self, text: str) -> OptionError:
        return OptionError(
            said(
                "the formula of {given} has more than {nodes:,} parts, the most that an answer may "
                "have: ask for its number",
                given=text, nodes=ANSWER.nodes,
            )
        )

    def value(self, quantity: Quantity) -> Expression:
        return self.graph.formula(quantity.node)

    def local(self, quantity: Quantity) -> Expression:
        return self._local(quantity.node, quantity.slot)

    def _local(self, place: int, slot: int) -> Expression:
        """Return a local gradient that holds on both sides of every kink."""
        node = self.graph.nodes[place]
        if node.op in _PICKED:
            operands = [self.graph.term(i) for i in node.operands]
            return _chosen(operands, slot, smaller=_PICKED[node.op])
        return slope_everywhere(self.derivation, place, slot)

    def gradient(self, quantity: Quantity) -> Expression:
        return self._gradient(quantity.node)

    def down(self, quantity: Quantity) -> Expression:
        return _product(self._gradient(quantity.node), self.local(quantity))

    def new(self, quantity: Quantity) -> Expression:
        rate = Fraction(self.lr or 0)
        step = _product(Number(rate, number_text(float(rate))), self._gradient(quantity.node))
        return Apply("subtract", (Name(self.graph.nodes[quantity.node].name), step))

    def _gradient(self, wanted: int) -> Expression:
        """Return ∂f/∂node as a formula, from the output down."""
        for place in range(self.graph.output, wanted - 1, -1):
            if place in self.gradients:
                continue
            total: Expression = ONE if place == self.graph.output else ZERO
            size = 1
            for use in self.graph.uses[place]:
                edge = self.derivation.contributions.get((place, use.target, use.slot))
                if edge is None or use.target not in self.gradients:
                    continue
                upstream, more = self.gradients[use.target]
                local = self._local(use.target, use.slot)
                size += more + sum(1 for _ in postorder(local))
                if size > 4 * ANSWER.nodes:
                    raise self._too_long(said("the gradient of {name}", name=self.graph.nodes[place].name))
                total = _sum(total, _product(upstream, local))
            self.gradients[place] = (total, size)
        return self.gradients[wanted][0]


def _step(of: Expression) -> Expression:
    return Apply("step", (of,))


def _chosen(operands: list[Expression], slot: int, smaller: bool) -> Expression:
    """Return 1 where operand `slot` is the largest (or smallest) of all, 0 where it is not."""
    found: Expression = ONE
    for place, other in enumerate(operands):
        if place != slot:
            pair = (other, operands[slot]) if smaller else (operands[slot], other)
            found = _product(found, _step(Apply("subtract", pair)))
    return found


_PICKED = OPS.derived(lambda row: {row.name: row.picks == "smallest"} if row.picks else {})
"""The operations that pick one of their operands, and whether it is the smallest."""

_KINDS: dict[str, Callable[[_Formulas, Quantity], Expression]] = {
    "value": _Formulas.value,
    "gradient": _Formulas.gradient,
    "local": _Formulas.local,
    "down": _Formulas.down,
    "new": _Formulas.new,
}


def _is(tree: Expression, value: int) -> bool:
    return isinstance(tree, Number) and tree.value == value


def _product(one: Expression, other: Expression) -> Expression:
    if _is(one, 0) or _is(other, 0):
        return ZERO
    if _is(one, 1):
        return other
    return one if _is(other, 1) else Apply("multiply", (one, other))


def _sum(one: Expression, other: Expression) -> Expression:
    if _is(one, 0):
        return other
    return one if _is(other, 0) else Apply("add", (one, other))
