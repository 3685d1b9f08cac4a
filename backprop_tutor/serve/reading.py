"""What was typed becomes a derivation, or faults with their places: the program, then each value.

Enters: a `Wanted`. Leaves: a `Reading`. A value that was not typed yet is drawn, small and always the
same for a name, so that there is a picture as soon as there is a formula; where shapes matter it is
asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..errors import DomainError, ParseError, TutorError
from ..language import Program, canonical_name, parse, parse_number
from ..matrices.exact_pass import MOST_EXACT
from ..matrices.given import array_given, is_array, looks_like_an_array, matrix_text
from ..objects.deriving import derive
from ..ops import plain
from .wanted import Wanted

__all__ = ["Reading", "fault_rows", "read"]

_SMALL = ("0.5", "-1", "2", "-0.5", "1.5", "-2", "1", "3")
_SMALLER = ("0.1", "-0.2", "0.3", "-0.4", "0.5", "0.6", "-0.7", "0.8")
_FAR = ("4", "-4", "10", "0.01", "-10", "6", "0.25", "20")
_NEAR_TRIES = 20
"""After so many draws values may lie further out: log(x - 3) has none among the small ones."""

_MANY = 6
"""More inputs than these belong to a network, whose sums are kept from saturating."""

_TRIES = 40


@dataclass(kw_only=True)
class Reading:
    """What was made of a request.

    Attributes:
        names: the inputs, in the order of the program.
        values: their texts, those that were drawn among them.
        drawn: which were drawn.
        faults: what is wrong, each with where it stands: `field` is "program" or an input's name.
        derivation: the derivation, where nothing is wrong.
    """

    names: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    drawn: tuple[str, ...] = ()
    faults: list[dict[str, Any]] = field(default_factory=list)
    derivation: Any = None


def read(wanted: Wanted) -> Reading:
    """Return a request's reading; called while its language is spoken.

    >>> read(Wanted(program="f = w*x", values=(("w", "2"),))).values
    {'w': '2', 'x': '2'}
    """
    found = Reading()
    if not wanted.program.strip():
        return found
    typed = {canonical(name): text for name, text in wanted.values if text.strip()}
    given, wrong = _numbers(typed)
    over_arrays = any(map(is_array, given.values())) or any(map(looks_like_an_array, typed.values()))
    try:
        program = _parsed(wanted.program, tuple(typed), over_arrays, wanted.lang)
    except TutorError as error:
        found.faults = [row | {"field": "program"} for row in fault_rows(error)]
        return found
    found.names = tuple(name for name in program.inputs if name not in program.values)
    found.values = {name: typed.get(name, "") for name in found.names}
    found.faults = [row for row in wrong if row["field"] in found.values]
    if not found.faults:
        at = {name: number for name, number in given.items() if name in found.values}
        _derive(found, program, at)
    return found


@lru_cache(maxsize=64)
def _parsed(text: str, names: tuple[str, ...], arrays: bool, lang: str) -> Program:
    """Return a program, read once while only its values change; its notes are in a language."""
    return parse(text, names, arrays=arrays)


def canonical(name: str) -> str:
    """Return a name as programs have it; one that can be none stays as it is."""
    try:
        return canonical_name(name)
    except TutorError:
        return name


def fault_rows(error: TutorError) -> Iterator[dict[str, Any]]:
    """Yield an error's faults as data: the message, the line with its caret, the place in the text."""
    if not isinstance(error, ParseError):
        yield {"message": str(error), "names": list(error.names), "node": error.node}
        return
    for fault in error.faults:
        line, column = fault.span.line_and_column(error.text)
        one = ParseError(error.text, [fault])
        yield {
            "message": fault.message, "hint": fault.hint, "caret": one.caret, "line": line,
            "column": column, "start": fault.span.start, "stop": fault.span.stop,
        }  # fmt: skip


def _numbers(typed: dict[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    found, wrong = {}, []
    for name, text in typed.items():
        try:
            found[name] = _number(name, text)
        except TutorError as error:
            wrong += [row | {"field": name} for row in fault_rows(error)]
    return found, wrong


def _number(name: str, text: str) -> Any:
    if not looks_like_an_array(text):
        return _plain_number(text)
    rows = matrix_text(name, text.strip())
    array = array_given(name, rows)
    return rows if array.dtype.kind == "f" and array.size <= MOST_EXACT else array


@lru_cache(maxsize=1024)
def _plain_number(text: str) -> Any:
    """Return a number, read once: of all fields one changes at a key."""
    return plain(parse_number(text).value)


def _derive(found: Reading, program: Program, at: dict[str, Any]) -> None:
    """Put the derivation into a reading, values drawn for what has none; or what is wrong."""
    missing = tuple(name for name in found.names if name not in at)
    draws = missing and not any(map(is_array, at.values()))
    error: TutorError | None = None
    for salt in range(_TRIES if draws else 1):
        drawn = {name: _drawn(name, salt, len(found.names)) for name in missing} if draws else {}
        try:
            found.derivation = derive(
                program, at | {name: _plain_number(text) for name, text in drawn.items()}
            )
        except DomainError as reason:
            error = error or reason
            continue
        except TutorError as reason:
            error = reason
            break
        found.values |= drawn
        found.drawn = missing if draws else ()
        return
    if error is not None:
        found.faults += [row | {"field": "program"} for row in fault_rows(error)]


def _drawn(name: str, salt: int, inputs: int) -> str:
    pool = _FAR if salt >= _NEAR_TRIES else _SMALLER if inputs > _MANY else _SMALL
    digest = hashlib.sha256(f"{name}\n{salt}".encode()).digest()
    return pool[digest[0] % len(pool)]
