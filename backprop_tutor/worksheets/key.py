"""The right answer for every cell, as a student would hand it in: a number in full, or a formula.

Enters: a problem and a student. Leaves: texts that marking finds right. Formulas are put together
from local gradients along the graph, in the nodes' names, and are no longer than an answer may be.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from ..errors import OptionError
from ..homework.problems import Cell, Problem
from ..homework.quantities import Quantity, true_number
from ..language import ANSWER, PLAIN, Apply, Expression, Name, Number, postorder, written
from ..ops import COMPARISONS, OPS
from ..ops import Number as Numeral
from ..sentences import said
from ..slopes import local_form
from ..steps import Derivation

__all__ = ["key_answers"]

ZERO, ONE = Number(Fraction(0), "0"), Number(Fraction(1), "1")


def key_answers(problem: Problem, student: str) -> dict[str, str]:
    """Return the right answer for every cell, by its name.

    Raises:
        OptionError: a formula that would be longer than an answer may be.
    """
    derivation = problem.derivation(student)
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
        everywhere = _PIECEWISE.get(node.op)
        if everywhere is None:
            return local_form(self.derivation, place, slot).by_inputs
        operands = [self.graph.term(i) for i in node.operands]
        return everywhere(operands, slot, OPS[node.op].with_options(node.options))

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


def _two_slopes(of: Expression, below: Expression) -> Expression:
    """Return 1 for numbers above 0 and `below` for numbers under it."""
    rest = Apply("subtract", (ONE, _step(of)))
    return _sum(_step(of), _product(below, rest))


def _decimal(value: float) -> Number:
    return Number(value, repr(value))


def _whole(value: int) -> Number:
    return Number(Fraction(value), str(value).replace("-", "−"))


def _where(of: Expression, above: Expression, below: Expression) -> Expression:
    """Return `above` for numbers above 0 and `below` for others."""
    return Apply("where_above", (of, ZERO, above, below))


def _between(of: Expression, low: Expression, high: Expression) -> Expression:
    """Return 1 between two numbers, 0 at and beyond them."""
    return _product(Apply("indicator_above", (of, low)), Apply("indicator_below", (of, high)))


def _decided(word: str, x: list[Expression], slot: int, options: dict[str, float]) -> Expression:
    """Return the slope of `where` along an operand: 1 where the comparison chooses it."""
    if slot < 2:
        return ZERO
    chosen = Apply(f"indicator_{word}", (x[0], x[1]))
    return chosen if slot == 2 else Apply("subtract", (ONE, chosen))


Piecewise = Callable[[list[Expression], int, dict[str, float]], Expression]

_PIECEWISE: dict[str, Piecewise] = {
    "abs": lambda x, slot, o: Apply("sign", (x[0],)),
    "relu": lambda x, slot, o: _step(x[0]),
    "leaky_relu": lambda x, slot, o: _two_slopes(x[0], _decimal(o["slope"])),
    "elu": lambda x, slot, o: _two_slopes(
        x[0], _product(_decimal(o["alpha"]), Apply("exp", (x[0],)))
    ),
    "selu": lambda x, slot, o: _where(
        x[0], _decimal(o["scale"]),
        _product(_decimal(o["scale"]), _product(_decimal(o["alpha"]), Apply("exp", (x[0],)))),
    ),
    "celu": lambda x, slot, o: _where(
        x[0], ONE, Apply("exp", (Apply("divide", (x[0], _decimal(o["alpha"]))),))
    ),
    "hardtanh": lambda x, slot, o: _between(x[0], _decimal(o["low"]), _decimal(o["high"])),
    "hardsigmoid": lambda x, slot, o: Apply(
        "divide", (_between(x[0], _whole(-3), _whole(3)), _whole(6))
    ),
    "relu6": lambda x, slot, o: _between(x[0], ZERO, _whole(6)),
    **{
        f"where_{sign.word}": partial(_decided, sign.word) for sign in COMPARISONS.values()
    },
    "max": lambda x, slot, o: _chosen(x, slot, smaller=False),
    "min": lambda x, slot, o: _chosen(x, slot, smaller=True),
}
"""The slopes of operations in pieces, as one formula for all of them."""

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
