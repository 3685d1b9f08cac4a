"""What a student wrote in a cell, read: a number with its precision, a formula, or nothing.

Numbers are read by the fast way where they are plain decimals. A formula may use the names of the
graph's nodes; here it gets the number that it has at the problem's point.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from numbers import Real
from typing import Any

from ...errors import DomainError, ParseError, TutorError, harmless
from ...language import Expression, Name, evaluate, parse_formula, postorder
from ...language.limits import ANSWER, NUMBER, Limits
from ...ops.balls import Undefined
from ...render.narration.numbers import shown
from ...translation import sentence as _
from ..equivalence.cell_formulas import stands_for
from ..equivalence.effort import TooMuchWork, spend
from ..equivalence.instructions import compiled
from ..equivalence.judging import certain_value
from ..equivalence.stand_ins import StoodIn, read_stood_in
from ..quantities.figures import Precision
from ..quantities.typed_numbers import Typed, read_number
from ..slips.sheet_columns import SheetKey
from ..spellings.decimal_marks import shown_mark
from ..spellings.reading import spelled
from ..spellings.spelled import Cell, Spelled

__all__ = ["Written", "fault_line", "half_units", "read_answer", "sheet_mark"]

_PLAIN = re.compile(r"[+\-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d{1,2})?\Z", re.ASCII)
_LONGEST_PLAIN = 40
_SHOWN = 8
_SURELY_ROUNDED = 3
"""A number of so many significant figures may have been rounded to them."""

_POINTED = re.compile(r"[+\-]?[1-9]\d{0,2}\.\d{3}\Z")
_LED_BY_ZERO = re.compile(r"0\d")
_ANYWHERE = Cell()

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
        spelling: what was judged, where it is not the text itself.
        how: how the text was read, where that is not plain.
        readings: what else it may mean.
        several: why it may mean several things, none of which was taken; empty if it does not.
        stood: the formula with its stand-in names.
    """

    text: str
    number: float | None = None
    formula: Expression | None = None
    fault: str = ""
    notes: tuple[str, ...] = ()
    unsure: str = ""
    too_much: bool = False
    worked_out: bool = False
    spelling: str = ""
    how: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    several: str = ""
    stood: StoodIn | None = None

    def typed(self) -> Typed:
        """Return the number with the precision of its digits."""
        if self.worked_out and self.number is not None:
            return Typed(self.number, self.spelling or self.text)
        return _typed(self.spelling or self.text)

    @property
    def shown(self) -> str:
        """Return what was read, for the eye: a number as a number, a formula as it was read."""
        if self.formula is not None or self.number is None:
            return self.spelling or self.text
        return shown(self.number, _SHOWN)

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


def sheet_mark(answers: Sequence[object], otherwise: str = "") -> str:
    """Return the decimal mark of a sheet, where it matters at once: where a comma stands on it."""
    if otherwise != "," and not any(isinstance(given, str) and "," in given for given in answers):
        return ""
    return shown_mark(answers, otherwise)


def fault_line(error: TutorError) -> str:
    """Return an error in one line: what is wrong, and what to do about it.

    >>> from backprop_tutor.language import parse_formula
    >>> try:
    ...     parse_formula("2 + ", ())
    ... except ParseError as error:
    ...     print(fault_line(error))
    the formula ends after `+`; expected a number, a name, a function or a bracket
    """
    if not isinstance(error, ParseError):
        return str(error).splitlines()[0]
    first = error.faults[0]
    return harmless(f"{first.message}; {first.hint}" if first.hint else first.message)


def read_answer(given: object, key: SheetKey, cell: Cell = _ANYWHERE) -> Written:
    """Return what stands in a cell: text, or a number as Python has it."""
    if given is None:
        return Written("")
    if isinstance(given, bool):
        return Written(str(given), fault=_("`{given}` is a truth value, not a number").format(given=given))
    if isinstance(given, str):
        try:
            return _text(given, key, cell)
        except TooMuchWork:
            return Written(given.strip(), unsure=TooMuchWork.why(), too_much=True)
    if isinstance(given, Real):
        return _number(given)
    item = getattr(given, "item", None)
    if callable(item) and getattr(given, "shape", None) == ():
        return read_answer(item(), key, cell)
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


def _text(given: str, key: SheetKey, cell: Cell) -> Written:
    text = given.strip()
    if not text:
        return Written("")
    if len(text) <= _LONGEST_PLAIN and _PLAIN.match(text) and not _LED_BY_ZERO.match(text):
        value = float(text)
        if math.isfinite(value) and not (cell.mark == "," and _POINTED.match(text)):
            return Written(text, value)
    read = spelled(text, cell)
    if read.kind != "read":
        return _not_read(text, read)
    found = _spelled(read.text, key)
    return replace(
        found, text=text, spelling=read.text if read.text != text else "", how=read.how,
        readings=read.readings,
    )  # fmt: skip


def _not_read(text: str, read: Spelled) -> Written:
    """Return what is no answer, has no one meaning, or is none by name."""
    if read.kind == "nothing":
        return Written(text)
    if read.kind == "ambiguous":
        return Written(text, several=read.reason, readings=read.readings)
    return Written(text, fault=read.reason)


def _spelled(text: str, key: SheetKey) -> Written:
    """Return a text in the language's spelling, read as a number or as a formula."""
    try:
        typed = _typed(text) if len(text) <= _LONGEST_PLAIN else read_number(text)
    except ParseError as error:
        return _formula(text, error, key)
    except DomainError as error:
        return _expression(text, fault_line(error))
    except TutorError as error:
        return Written(text, fault=fault_line(error))
    except OverflowError as error:
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
    _about_to_read(text, ANSWER)
    try:
        read = read_stood_in(text, graph)
    except TutorError as error:
        # Of the two readings the one as a formula explains more, unless no name is in the text.
        spoken = error if any(c.isalpha() for c in text) else refused
        return Written(text, fault=fault_line(spoken))
    tree = read.tree
    if not any(isinstance(node, Name) for node in postorder(tree)):
        return Written(text, fault=fault_line(refused))
    env = _env(key, key.plan.numbers)
    for name, place in read.gradients:
        env[name] = key.plan.scene.gradients[place]
    for name, slope in stands_for(graph, replace(read, gradients=())).items():
        at = _value(slope, env)
        if at is not None:
            env[name] = at
    number = _value(tree, env)
    if number is None:
        return replace(_past_floats(text, tree, env, read.notes), stood=read)
    return Written(text, number, tree, notes=read.notes, stood=read)


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

