"""What a student wrote in a cell, read: a number with its precision, a formula, or nothing.

Numbers are read by the fast way where they are plain decimals. A formula may use the names of the
graph's nodes; here it gets the number that it has at the problem's point.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from numbers import Real
from typing import Any

from ...errors import DomainError, ParseError, TutorError
from ...language import Expression, Name, evaluate, parse_formula, postorder
from ...language.limits import ANSWER, NUMBER, Limits
from ...ops.balls import Undefined
from ...translation import sentence as _
from ..equivalence.effort import TooMuchWork, spend
from ..equivalence.instructions import compiled
from ..equivalence.judging import certain_value
from ..quantities.figures import Precision
from ..quantities.typed_numbers import Typed, read_number
from ..slips.sheet_columns import SheetKey

__all__ = ["Written", "half_units", "read_answer"]

_PLAIN = re.compile(r"[+\-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d{1,2})?\Z")
_LONGEST_PLAIN = 40
_SURELY_ROUNDED = 3
"""A number of so many significant figures may have been rounded to them."""

_FRACTION = re.compile(r"[+\-−]?\d{1,15}\s*/\s*\d{1,15}\Z")
_TINY = re.compile(r"[+\-−]?0*\.?\d*[1-9]\d*\.?\d*[eE][\-−]\d+\Z")
"""A number other than 0 with a power of ten of its own."""

_SMALLEST = 5e-324

_A_CHARACTER = 15
"""Units of work to read a character of a formula."""


@dataclass(frozen=True, slots=True)
class Written:
    """One answer, as read.

    Attributes:
        text: as the student wrote it.
        number: its value at the problem's point; None if there is none.
        formula: the tree, where names occur in it.
        fault: why it cannot be read; empty if it can.
        unsure: why no digit of it is known; empty if digits are.
        too_much: whether that is for the work it takes.
        worked_out: whether the number is the value of an expression, worked out with many digits.
        notes: remarks on the reading.
    """

    text: str
    number: float | None = None
    formula: Expression | None = None
    fault: str = ""
    notes: tuple[str, ...] = ()
    unsure: str = ""
    too_much: bool = False
    worked_out: bool = False

    def typed(self) -> Typed:
        """Return the number with the precision of its digits."""
        if self.worked_out and self.number is not None:
            return Typed(self.number, self.text)
        return _typed(self.text)

    @property
    def precision(self) -> Precision | None:
        """Return how precisely it was typed; None for a formula, a fraction, or nothing."""
        if self.formula is not None or self.number is None:
            return None
        return self.typed().precision


@lru_cache(maxsize=4096)
def _typed(text: str) -> Typed:
    return read_number(text)


def half_units(written: Sequence[Written]) -> list[float]:
    """Return for each answer half a unit of its last digit; 0 where it is taken as exact.

    Small whole numbers are exact, a bare 0 among them. Where other answers on the sheet have more digits, a
    number of one or two digits is one whose trailing zeros were not typed.
    """
    precisions = [answer.precision for answer in written]
    decimals = max((p.decimals for p in precisions if p is not None), default=0)
    figures = max((p.most for p in precisions if p is not None), default=1)
    halves: list[float] = []
    for answer, precision in zip(written, precisions, strict=True):
        number = answer.number or 0.0
        if precision is None or (precision.unit == 1 and abs(number) < 10):
            halves.append(0.0)
            continue
        if not number:
            # The unit of `0e318` is beyond float64.
            unit = float(min(precision.unit, Fraction(1, 10**decimals)))
        else:
            unit = float(precision.unit)
        if number and precision.most < _SURELY_ROUNDED:
            by_figures = 10.0 ** (math.floor(math.log10(abs(number))) - figures + 1)
            unit = min(unit, max(10.0**-decimals, by_figures))
        halves.append(unit / 2)
    return halves


def read_answer(given: object, key: SheetKey) -> Written:
    """Return what stands in a cell: text, or a number as Python has it."""
    if given is None:
        return Written("")
    if isinstance(given, bool):
        return Written(str(given), fault=_("`{given}` is a truth value, not a number").format(given=given))
    if isinstance(given, str):
        try:
            return _text(given, key)
        except TooMuchWork:
            return Written(given.strip(), unsure=TooMuchWork.why(), too_much=True)
    if isinstance(given, Real):
        return _number(given)
    item = getattr(given, "item", None)
    if callable(item) and getattr(given, "shape", None) == ():
        return read_answer(item(), key)
    fault = _("an answer is a text or a number, not a {kind}").format(kind=type(given).__name__)
    return Written(repr(given)[:80], fault=fault)


def _number(given: Real) -> Written:
    try:
        value = float(given)
    except OverflowError:
        return Written("…", fault=_too_large())
    if not math.isfinite(value):
        return Written(str(value), fault=_("`{given}` is not a finite number").format(given=value))
    return Written(str(given) if isinstance(given, int | Fraction) else repr(value), value)


def _text(given: str, key: SheetKey) -> Written:
    text = given.strip()
    if not text:
        return Written("")
    if len(text) <= _LONGEST_PLAIN and _PLAIN.match(text):
        value = float(text)
        if math.isfinite(value):
            return Written(text, value)
    try:
        typed = _typed(text) if len(text) <= _LONGEST_PLAIN else read_number(text)
    except ParseError as error:
        return _formula(text, error, key)
    except DomainError as error:
        return _expression(text, str(error))
    except (TutorError, OverflowError) as error:
        return Written(text, fault=str(error))
    value = _nearest(typed.exact)
    if typed.precision is None and not (_FRACTION.match(text) and value):
        if not value and _TINY.match(text):
            return Written(text, _nearest(Fraction(-1 if text[0] in "-−" else 1, 10**400)), worked_out=True)
        return _expression(text, "", typed.notes)
    if not math.isfinite(value):
        return Written(text, fault=_too_large())
    return Written(text, value, notes=typed.notes)


def _expression(text: str, fault: str, notes: tuple[str, ...] = ()) -> Written:
    """Return a number typed as an expression, as far as its digits are certain.

    `fault` says why float64 gives it no value; many digits may: exp(800)/exp(799) is e.
    """
    _about_to_read(text, NUMBER)
    try:
        tree = parse_formula(text, (), limits=NUMBER)[0]
        number = certain_value(compiled([tree]), {})
    except TutorError:
        return Written(text, fault=fault)
    except Undefined:
        return Written(text, fault=fault or _("`{given}` has no value").format(given=text))
    if number is None:
        return Written(text, fault=fault, unsure="" if fault else _("no digit of its number is certain"))
    value = _nearest(number)
    if not math.isfinite(value):
        return Written(text, fault=fault or _too_large())
    return Written(text, value, notes=notes, worked_out=True)


def _about_to_read(text: str, limits: Limits) -> None:
    """Count the work of reading a text; one that is too long is refused unread.

    Raises:
        TooMuchWork: past a limit of the work.
    """
    if len(text) <= limits.characters:
        spend(_A_CHARACTER * len(text))


def _too_large() -> str:
    return _("the number is beyond float64, which ends near 1.8e308")


def _nearest(number: Any) -> float:
    """Return the nearest float64; of what is too small for it the smallest one, as it is not 0."""
    try:
        value = float(number)
    except OverflowError:
        return math.inf
    if value or not number:
        return value
    return math.copysign(_SMALLEST, number)


def _formula(text: str, refused: TutorError, key: SheetKey) -> Written:
    graph = key.plan.graph
    names = [node.name for node in graph.nodes if node.kind != "constant"]
    _about_to_read(text, ANSWER)
    try:
        tree, notes = parse_formula(text, names)
    except TutorError as error:
        # Of the two readings the one as a formula explains more, unless no name is in the text.
        spoken = error if any(c.isalpha() for c in text) else refused
        return Written(text, fault=str(spoken))
    if not any(isinstance(node, Name) for node in postorder(tree)):
        return Written(text, fault=str(refused))
    env = _env(key, key.plan.numbers)
    number = _value(tree, env)
    if number is None:
        return _past_floats(text, tree, env, notes)
    return Written(text, number, tree, notes=notes)


def _past_floats(
    text: str, tree: Expression, env: dict[str, float], notes: tuple[str, ...]
) -> Written:
    """Return a formula that float64 has no value of at the point; with many digits it may have one."""
    try:
        number = certain_value(compiled([tree]), env)
    except (Undefined, KeyError):
        number = math.inf
    if number is None:
        unsure = _("no digit of its number is certain")
        return Written(text, None, tree, notes=notes, unsure=unsure)
    value = _nearest(number)
    if not math.isfinite(value):
        return Written(text, fault=_("the formula has no finite value at the point of the problem"))
    return Written(text, value, tree, notes=notes)


def _env(key: SheetKey, values: list[float]) -> dict[str, float]:
    return {
        node.name: values[place]
        for place, node in enumerate(key.plan.graph.nodes)
        if node.kind != "constant" and math.isfinite(values[place])
    }


def _value(tree: Expression, env: dict[str, Any]) -> float | None:
    try:
        value = float(evaluate(tree, env))
    except (TutorError, OverflowError):
        return None
    return value if math.isfinite(value) else None

