"""What an operation is: one frozen record, checked when it is built.

The table's rows are instances of `Operation`. A row says everything about its operation: how it
is computed, its slope along each operand, why the slope is what it is, how it is written, where
it bends, what it may be applied to and where the contract battery tries it. Code walks rows; no
code anywhere asks "is this the sigmoid?".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..errors import OptionError, did_you_mean
from ..sentences import N_, said
from .naming import EVERYWHERE, Keras, Torch
from .stand_ins import read_by, words_of

__all__ = [
    "ATOM",
    "N_",
    "POWER",
    "PRODUCT",
    "SIGN",
    "SUM",
    "Branch",
    "Interval",
    "Keras",
    "Operation",
    "Rule",
    "Torch",
]

Rule = Callable[..., Any]
"""`rule(k, *operands, **options)` for a forward, `rule(k, out, *operands, **options)` for a slope."""

SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5
"""How tightly a written form holds together; an operand that holds less gets brackets."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Which piece of a piecewise operation is in force at given operands.

    `says` is a sentence with `{0}`, `{1}`, ... for the operands' names and `{chosen}` for those
    of `slots`; `kink` is whether the point lies where two pieces meet.

    >>> from backprop_tutor.ops import OPS
    >>> OPS["relu"].branch(-2).says
    '{0} < 0, so relu blocks it: slope 0'
    """

    says: str
    kink: bool = False
    slots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from `low` to `high`; `closed` tells of each end whether it belongs to them.

    >>> Interval(0, 1).within(Interval(0, 1, (True, True))), str(Interval(0, math.inf, (True, False)))
    (True, '[0, ∞)')
    """

    low: float
    high: float
    closed: tuple[bool, bool] = (False, False)

    def __str__(self) -> str:
        low, high = (f"{end:.4g}".replace("inf", "∞").replace("-", "−") for end in (self.low, self.high))
        return f"{'(['[self.closed[0]]}{low}, {high}{')]'[self.closed[1]]}"

    def __contains__(self, number: float) -> bool:
        return self.low < number < self.high or (
            (number == self.low and self.closed[0]) or (number == self.high and self.closed[1])
        )

    def within(self, other: Interval) -> bool:
        """Return whether every number of it belongs to another interval."""
        return all(
            end in other or (end == border and not shut)
            for end, border, shut in (
                (self.low, other.low, self.closed[0]), (self.high, other.high, self.closed[1]),
            )
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One row of the table `OPS`.

    Attributes:
        name: the field's name for it, unique ("multiply").
        spelled: the names by which the language's users call it, the shortest usual one first.
        sign: what stands in its gate in a picture, at most five characters.
        signed: the same where it depends on operands that are constants; from each operand's number,
            None where it is no constant.
        rule: the name of the differentiation rule ("product rule").
        forward: `forward(k, *operands, **options)`, the value.
        partials: for each operand `partial(k, out, *operands, **options)` = ∂out/∂operand, or,
            for operations of any number of operands, a function from the slot to that.
        because: the sentence beside the slope, one for all operands or one for each.
        least, most: how many operands (`most=None` for any number).
        lists: of how many lists of the same length operands of any number are made: a loss takes
            its predictions, then as many targets.
        roles: what the operands of each list are, in the singular ("prediction", "target"); empty
            where their order needs no word.
        options: names and defaults of its numeric options (`slope=0.01`).
        outputs: whether it has one output for each operand, chosen by the option `index`.
        text, latex: the pieces around the operands, or None for `name(a, b)`.
        plain: the same in characters that parse back, or None for `name(a, b)`.
        latex_order: the slots in the order in which LaTeX writes them, where it is not theirs.
        written_as: the name it is written with where that is another row's: `log(x, b)`.
        longer: the operation that the same name calls with other operands.
        binds: how tightly the whole holds together as written by `text` and `latex`.
        operands_bind: how tightly each operand must hold to need no brackets.
        domain: what the operands must be, for messages; empty for "any number".
        branch: `branch(*operands, **options)`, for piecewise operations.
        bends: the pairs of operands that are compared, for piecewise operations of several operands
            whose pieces do not depend on every pair.
        stands_for: for composites, a program in the language over the operands `a1`, `a2`, ...
            (and `index`), whose last value is the output.
        samples: operand tuples, away from kinks, at which the contract battery runs.
        exact: whether fractions in give a fraction out.
        vanishes: whether operands that are not 0 may give exactly 0; where they may not, a result
            of 0 is an underflow.
        keeps_sign: for functions of one operand, whether the value (with the usual options) has the
            operand's sign, and is 0 where that is and nowhere else.
        precise: a rule like `forward` for single numbers, where the usual form loses digits to
            cancellation or overflows on the way (1 + erf in the tail of gelu).
        accurate: from a slot to a rule like `partial(slot)`, for the same reason (1 − σ for a
            saturated σ).
        elementwise: whether the rules apply to arrays element by element, as the engine does.
        activation: whether it stands between the layers of a network.
        taught: whether it is among the activations that every course teaches first: whose rule is
            used by mistake for another's.
        saturates: for functions of one operand that flatten out, the operands below and above
            which they can hardly be told from straight lines.
        argument: the interval in which its first operand must lie; None where it may be any number, or
            any but single ones.
        range: the least interval that holds all its values; None for all numbers.
        takes: for losses, the interval in which predictions must lie; None for all numbers.
        shares: whether its outputs add up to 1, or (a loss) its predictions must.
        gain: the factor by which weights before it are scaled at the start, a number or a function
            of its first option; None where none is agreed on.
        angle: whether its operand is an angle in radians.
        poles: the size beyond which a value is no more than the rounding of an operand at a pole.
        picks: "largest" or "smallest", for operations that pick one of their operands.
        drawn: whether exercises at random are made of it.
        latex_name: its name in LaTeX where it is written as a call; empty for `\\operatorname`.
        operator: the word of Python's operator for it ("add" for `a + b`, `__add__`).
        numpy: NumPy's names for it, where they are not those that users type.
        torch: where it stands in the tensor engine; None where it does not, or not as an
            elementwise function.
        keras: the names by which Keras's layers call an activation; its own if nothing is said.

    >>> from backprop_tutor.ops import OPS
    >>> OPS["tanh"].called, OPS["tanh"].activation
    ('tanh', True)
    """

    name: str
    forward: Rule
    partials: tuple[Rule, ...] | Callable[[int], Rule]
    because: str | tuple[str, ...]
    samples: tuple[tuple[float, ...], ...]
    spelled: tuple[str, ...] = ()
    sign: str = ""
    signed: Callable[..., str] | None = None
    rule: str = ""
    least: int = 1
    most: int | None = 1
    lists: int = 1
    roles: tuple[str, ...] = ()
    options: tuple[tuple[str, float], ...] = ()
    outputs: bool = False
    text: tuple[str, ...] | None = None
    latex: tuple[str, ...] | None = None
    plain: tuple[str, ...] | None = None
    latex_order: tuple[int, ...] = ()
    written_as: str = ""
    longer: str = ""
    binds: int = ATOM
    operands_bind: tuple[int, ...] = ()
    domain: str = ""
    branch: Callable[..., Branch] | None = None
    bends: tuple[tuple[int, int], ...] = ()
    stands_for: Callable[..., str] | None = None
    exact: bool = False
    vanishes: bool = True
    keeps_sign: bool = False
    precise: Rule | None = None
    accurate: Callable[[int], Rule] | None = None
    elementwise: bool = True
    activation: bool = False
    taught: bool = False
    saturates: tuple[float, float] | None = None
    argument: Interval | None = None
    range: Interval | None = None
    takes: Interval | None = None
    shares: bool = False
    gain: float | Callable[[float], float] | None = None
    angle: bool = False
    poles: float = math.inf
    picks: str = ""
    drawn: bool = True
    latex_name: str = ""
    operator: str = ""
    numpy: tuple[str, ...] = ()
    torch: Torch | None = EVERYWHERE
    keras: Keras | None = None
    _slopes: dict[int, Rule] = field(default_factory=dict, init=False, repr=False, compare=False)
    _reads: dict[int, frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise OptionError(f"{self.name}: {fault}")

    def _faults(self) -> Iterator[str]:
        """Yield what cannot be so in any row."""
        name: Any = self.name  # what was given, whatever it is
        forward: Any = self.forward
        partials: Any = self.partials
        spelled: Any = self.spelled
        samples: Any = self.samples
        if not isinstance(name, str) or not name.isidentifier():
            yield "an operation's name is an identifier"
        rules = partials if isinstance(partials, tuple) else (partials,)
        for field_name, rule in (("forward", forward), *(("partials", rule) for rule in rules)):
            if not callable(rule):
                yield f"{field_name}: a function is expected, not {rule!r}"
        if isinstance(self.partials, tuple) and self.most != len(self.partials):
            yield f"{self.most} operands and {len(self.partials)} partials"
        for pieces in (self.text, self.latex, self.plain):
            if pieces is not None and len(pieces) != self.least + 1:
                yield f"{len(pieces)} pieces around {self.least} operands"
        if not isinstance(spelled, tuple) or not all(isinstance(each, str) for each in spelled):
            yield f"spelled is a tuple of names, not {spelled!r}"
        if not samples:
            yield "no sample points for the contract battery"
        for point in samples:
            if not isinstance(point, tuple) or not all(isinstance(x, int | float) for x in point):
                yield f"a sample is a tuple of numbers, not {point!r}"
            elif not self.accepts(len(point)):
                yield f"a sample of {len(point)} operands"
        if len(self.sign) > 5:
            yield f"the sign {self.sign!r} does not fit a gate"

    @property
    def called(self) -> str:
        """Return the name by which it is written: `sigmoid`, `ln`, `log`."""
        return self.written_as or (self.spelled[0] if self.spelled else self.name)

    @property
    def value(self) -> Rule:
        """Return the rule of the value for single numbers, with all its digits."""
        return self.forward if self.precise is None else self.precise

    def slope(self, slot: int) -> Rule:
        """Return the rule of ∂out/∂operand for single numbers, with all its digits."""
        return self.partial(slot) if self.accurate is None else self.accurate(slot)

    def partial(self, slot: int) -> Rule:
        """Return the rule of ∂out/∂operand for the operand number `slot`, from 0."""
        if isinstance(self.partials, tuple):
            return self.partials[slot]
        rule = self._slopes.get(slot)
        if rule is None:
            rule = self._slopes[slot] = self.partials(slot)
        return rule

    def reads(self, slot: int) -> frozenset[str]:
        """Return what the slope along operand `slot`, of the fewest, reads: "out", "0", "1", ..."""
        found = self._reads.get(slot)
        if found is None:
            options = [*self.options, *([("index", 0)] if self.outputs else [])]
            found = self._reads[slot] = read_by(self.partial(slot), self.least, options)
        return found

    def words(self) -> frozenset[str]:
        """Return the functions of a kernel that the value is computed by: "exp", "maximum"."""
        options = [*self.options, *([("index", 0)] if self.outputs else [])]
        return words_of(self.value, max(self.least, self.lists), options)

    @property
    def loss(self) -> bool:
        """Return whether it compares predictions with targets."""
        return bool(self.roles)

    def reason(self, slot: int, count: int) -> str:
        """Return why the slope along operand `slot`, of `count` operands, is what it is."""
        if isinstance(self.because, str):
            return self.because
        return self.because[slot * len(self.because) // count]

    def accepts(self, count: int) -> bool:
        """Return whether the operation takes `count` operands."""
        enough = count >= self.least and (self.most is None or count <= self.most)
        return enough and count % self.lists == 0

    def counts(self) -> str:
        """Return the number of operands it takes, in words for messages."""
        if self.most == self.least:
            return (
                said("1 argument")
                if self.least == 1
                else said("{count} arguments", count=self.least)
            )
        if self.most is None and self.lists > 1:
            return said("{count} lists of the same length", count=self.lists)
        if self.most is None:
            return said("{count} or more arguments", count=self.least)
        return said("{least} to {most} arguments", least=self.least, most=self.most)

    def with_options(self, given: Iterable[tuple[str, float]]) -> dict[str, float]:
        """Return all options, the given ones over the defaults.

        Raises:
            OptionError: an option that the operation does not have.
        """
        values = dict(self.options)
        known = list(values)
        for name, value in given:
            if name not in values and not (self.outputs and name == "index"):
                offered = ", ".join(known) or "none"
                hint = did_you_mean(name, known)
                message = f"{self.name} has no option `{name}`; its options: {offered}"
                raise OptionError(f"{message} ({hint})" if hint else message)
            values[name] = value
        return values
