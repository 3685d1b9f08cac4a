"""The reading layer: what a student typed in a cell of one number, read before anything is judged.

Enters: a text and the `Cell` it stands in. Leaves: a `Spelled`: the same answer in the language's own
spelling with how it was read, or that it is no answer, may mean several things, or is none by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from .around import alone
from .characters import plain
from .equalities import last_of_equals
from .nothing import says_nothing
from .numerals import numerals, other_readings
from .powers import powers
from .refusals import refusal
from .spelled import Cell, Spelled, Step
from .wrappings import unwrapped

__all__ = ["plainly", "spelled"]

_LONGEST = 2000
"""A longer text is no number with a remark; the language reads it as it stands."""

_ROUNDS = 12
_PLAIN = re.compile(r"[+\-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d{1,3})?\Z")

Pass = Callable[[str, Cell], Step | Spelled | None]

_PASSES: tuple[Pass, ...] = (unwrapped, refusal, last_of_equals, powers, alone, numerals)
"""Each makes a text plainer, or says that it cannot be read; they go round until nothing changes."""


def spelled(text: str, cell: Cell) -> Spelled:
    """Return a text read.

    >>> for typed in ("≈ 0,5", "(2.5)", "4.386 x 10^-4", "50 %", "idk", "1,000", "1-Feb", "0.5 (rounded)"):
    ...     read = spelled(typed, Cell())
    ...     print(read.kind, read.text)
    read 0.5
    read 2.5
    read 4.386e-4
    read 50e-2
    nothing idk
    ambiguous 1,000
    refused 1-Feb
    read 0.5
    """
    if len(text) > _LONGEST or any(map(_no_character, text)):
        return Spelled(text)
    now = plain(text)
    if _is_nothing(now, cell):
        return Spelled(text, "nothing")
    how: list[str] = []
    readings: tuple[str, ...] = ()
    for _ in range(_ROUNDS):
        step, by = _step(now, cell)
        if step is None:
            break
        if by is numerals:
            cell = replace(cell, mark=".")  # its points are decimal from here on
        if isinstance(step, Spelled):
            return Spelled(text, step.kind, (), step.readings, step.reason)
        now = step.text
        if step.how and step.how not in how:
            how.append(step.how)
        readings = step.readings or readings
        if _is_nothing(now, cell):
            return Spelled(text, "nothing")
    if _PLAIN.match(now) and not readings:
        readings = other_readings(now, cell)
    return Spelled(now, "read", tuple(how), readings)


def _is_nothing(text: str, cell: Cell) -> bool:
    """Return whether a text says that there is no answer; pictures for a formula are refused by name."""
    pictures = cell.formula and not text.isascii() and not any(map(str.isalnum, text))
    return not pictures and says_nothing(text, cell.names)


def _no_character(one: str) -> bool:
    """Return whether something in a text is half of a character, a control, or none that is assigned."""
    return unicodedata.category(one) in ("Cs", "Cc", "Cn", "Co") and not one.isspace()


def plainly(text: str, cell: Cell) -> Spelled:
    """Return a text read, where nothing but a number or a formula may stand: a part of an equality."""
    now = plain(text)
    for one in (powers, numerals):
        step = one(now, cell)
        if isinstance(step, Spelled):
            return step
        now = now if step is None else step.text
    return Spelled(now)


def _step(text: str, cell: Cell) -> tuple[Step | Spelled | None, Pass | None]:
    """Return what the first pass that has something to say makes of a text, and which that is."""
    if _PLAIN.match(text) and cell.mark != "," and not text.startswith("0"):
        return None, None
    for one in _PASSES:
        step = one(text, cell)
        if isinstance(step, Spelled) or (step is not None and (step.text != text or step.readings)):
            return step, one
    return None, None
