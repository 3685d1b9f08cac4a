"""Answers in JSON, JSONL and TOML: objects for one student or many, nested by problem or flat.

Enters: a file. Leaves: sheets. Shapes that are read:

    {"student": "anna", "answers": {"q": "3", "df/dx": -4}}     one student; `answers` may be left out
    {"student": "anna", "p1": {"q": 3}, "p2": {"f": 1}}         by problem
    {"anna": {"q": 3}, "ben": {"q": 4}}                         many students
    [{"student": "anna", ...}, {"student": "ben", ...}]         many students

Numbers are kept as they were typed, digit for digit. A key that stands twice is refused.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import FileError, quoted
from ..files import read_text
from .answers import Event, Given, Refused, Remark, SheetDraft, student_name
from .problems import ProblemSet

__all__ = ["read_json", "read_jsonl", "read_toml"]

_STUDENT_KEYS = ("student", "name", "id", "email", "username")
_LONGEST_LINE = 5_000_000
_KINDS = {list: "a list"}


class _Numeral(str):
    """A number of a file, as its text."""


class _Object(dict[str, Any]):
    """A JSON object that remembers keys which stood twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs)
        self.twice = {key for key, count in counts.items() if count > 1}


def _not_finite(text: str) -> _Numeral:
    return _Numeral(text)


def _loaded(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_Object, parse_float=_Numeral, parse_int=_Numeral,
            parse_constant=_not_finite,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise FileError(
            f"it is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise FileError("it is JSON that nests too deep") from None


def read_json(path: Path, place: str, student: str, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a JSON file.

    Raises:
        FileError: it is not UTF-8 or not JSON; with line and column.
    """
    yield from _marked(path, place)
    yield from _sheets(_loaded(read_text(path)), place, student, problems)


def read_toml(path: Path, place: str, student: str, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a TOML file.

    Raises:
        FileError: it is not UTF-8 or not TOML; with line and column.
    """
    yield from _marked(path, place)
    try:
        table = tomllib.loads(read_text(path).replace("\r\n", "\n"), parse_float=_Numeral)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"it is not TOML: {error}") from None
    except RecursionError:
        raise FileError("it is TOML that nests too deep") from None
    yield from _sheets(table, place, student, problems)


def read_jsonl(path: Path, place: str, student: str, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a file with one JSON object a line; a bad line is refused alone."""
    yield from _marked(path, place)
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(_LONGEST_LINE):
            number += 1
            where = f"{place}, line {number}"
            if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
                yield Refused(where, f"a line has at most {_LONGEST_LINE:,} bytes")
                while raw and not raw.endswith(b"\n"):
                    raw = file.readline(_LONGEST_LINE)
                continue
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield from _sheets(_loaded(text), where, "", problems)
            except UnicodeDecodeError as error:
                yield Refused(where, f"it is not UTF-8 text: byte {error.start + 1} of the line")
            except FileError as error:
                yield Refused(where, str(error))


def _marked(path: Path, place: str) -> Iterator[Event]:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"\xef\xbb\xbf"):
        yield Remark(place, "a byte order mark at the beginning was left out")
    if b"\r\n" in start:
        yield Remark(place, "its lines end in CRLF, as on Windows")


def _sheets(data: Any, place: str, student: str, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of one JSON value, whichever of the shapes it has."""
    if isinstance(data, list):
        for number, item in enumerate(data, 1):
            yield from _one_of_many(item, f"{place}, entry {number}", problems)
        return
    if not isinstance(data, Mapping):
        yield Refused(place, 'an object with answers is expected, such as {"q": 3}')
        return
    several = data.get("students")
    if isinstance(several, list) and len(data) == 1:
        yield from _sheets(several, place, student, problems)
        return
    ids = {problem.id for problem in problems}
    named = any(key in data for key in _STUDENT_KEYS)
    nested = bool(data) and all(isinstance(value, Mapping) for value in data.values())
    if nested and not named and not any(key in ids or key == "answers" for key in data):
        for name, answers in data.items():
            yield from _sheet(answers, str(name), f"{place}, {quoted(str(name))}", problems)
        for name in sorted(getattr(data, "twice", ())):
            yield Refused(place, f"{quoted(name)} stands twice; the last one is marked")
        return
    yield from _one_of_many(data, place, problems, student)


def _one_of_many(item: Any, place: str, problems: ProblemSet, student: str = "") -> Iterator[Event]:
    if not isinstance(item, Mapping):
        yield Refused(place, "an object with a student and answers is expected")
        return
    asked = {cell.text for problem in problems for cell in problem.cells}
    key = next((k for k in _STUDENT_KEYS if k in item and k not in asked), None)
    name = item[key] if key is not None else student
    if isinstance(name, bool) or not isinstance(name, str | int):
        yield Refused(place, f"the student's name is text, not {quoted(str(name))}")
        return
    answers = {k: v for k, v in item.items() if k != key}
    twice = set(getattr(item, "twice", ()))
    inner = answers.get("answers")
    if isinstance(inner, Mapping):
        twice |= set(getattr(inner, "twice", ()))
        answers = {**{k: v for k, v in answers.items() if k != "answers"}, **inner}
    yield from _sheet(answers, str(name), place, problems, frozenset(twice))


def _sheet(
    answers: Any, name: str, place: str, problems: ProblemSet, twice: frozenset[str] = frozenset()
) -> Iterator[Event]:
    try:
        student = student_name(name)
    except FileError as error:
        yield Refused(place, str(error))
        return
    draft = SheetDraft(problems, student, place)
    ids = {problem.id for problem in problems}
    repeated = twice | set(getattr(answers, "twice", ()))
    for label, value in answers.items():
        text = str(label)
        if text in ids and isinstance(value, Mapping):
            for quantity, inner in value.items():
                again = quantity in getattr(value, "twice", ())
                _add(draft, str(quantity), inner, f"{place}, {text}", text, again)
        else:
            _add(draft, text, value, place, "", text in repeated)
    yield draft.done()


def _add(draft: SheetDraft, label: str, value: Any, place: str, problem: str, twice: bool) -> None:
    where = f"{place}, key {quoted(label)}"
    key = draft.name(label, where, problem)
    if key is None or value is None:
        return
    if twice:
        draft.add(key, Given(str(value)[:100], where, f"{where}: the key stands twice"))
    elif isinstance(value, bool):
        shown = "true" if value else "false"
        draft.add(key, Given(shown, where, f"{where}: {shown} is a truth value, not a number"))
    elif isinstance(value, str | int | float):
        draft.add(key, Given(str(value), where))
    else:
        kind = _KINDS.get(type(value), "an object" if isinstance(value, Mapping) else "a date")
        draft.add(key, Given(kind, where, f"{where}: {kind} is not an answer"))
