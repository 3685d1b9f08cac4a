"""Answers in JSON, JSONL and TOML: objects for one student or many, nested by problem or flat.

Enters: a file. Leaves: sheets. Shapes that are read:

    {"student": "anna", "answers": {"q": "3", "df/dx": -4}}     one student; `answers` may be left out
    {"student": "anna", "p1": {"q": 3}, "p2": {"f": 1}}         by problem
    {"anna": {"q": 3}, "ben": {"q": 4}}                         many students
    [{"student": "anna", ...}, {"student": "ben", ...}]         many students

Numbers are kept as they were typed, digit for digit. A key that stands twice is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import FileError, quoted
from ...sentences import N_, said, sentence
from ..problems.file_limits import (
    CLASS,
    ROWS,
    SHEET,
    Bounds,
    Numeral,
    json_within,
    line_within,
    size_within,
    toml_within,
)
from ..problems.problem_set import ProblemSet
from ..quantities.array_texts import nested_text
from .encoded import known_words, opened, whole_text
from .handed_in import Refused, Remark
from .sheets import Event, Given, SheetDraft
from .speakers import Speaker

__all__ = ["read_json", "read_jsonl", "read_toml"]

_STUDENT_KEYS = ("student", "name", "id", "email", "username")
_LONGEST_LINE = SHEET.bytes
_KINDS = {list: N_("a list")}


def _bounds(speaker: Speaker) -> Bounds:
    return SHEET if speaker.alone else CLASS


def read_json(path: Path, place: str, speaker: Speaker, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a JSON file.

    Raises:
        FileError: its encoding cannot be told, it is not JSON, or too large; with line and column.
    """
    bounds = _bounds(speaker)
    text, remarks = whole_text(path, bounds.bytes, known_words(speaker, problems))
    yield from _marked(path, place, remarks)
    yield from _sheets(json_within(text, bounds), place, speaker, problems)


def read_toml(path: Path, place: str, speaker: Speaker, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a TOML file.

    Raises:
        FileError: its encoding cannot be told, it is not TOML, or too large; with line and column.
    """
    bounds = _bounds(speaker)
    text, remarks = whole_text(path, bounds.bytes, known_words(speaker, problems))
    yield from _marked(path, place, remarks)
    table = toml_within(text.removeprefix("\ufeff"), bounds, parse_float=Numeral)
    yield from _sheets(table, place, speaker, problems)


def read_jsonl(path: Path, place: str, speaker: Speaker, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a file with one JSON object a line; a bad line is refused alone.

    Raises:
        FileError: it is one student's and larger than such a file may be.
    """
    bounds = SHEET if speaker.alone else ROWS
    size_within(path, bounds)
    with opened(path, known_words(speaker, problems)) as file:
        yield from _marked(path, place, file.remarks)
        number = 0
        while raw := file.stream.readline(_LONGEST_LINE):
            number += 1
            line_within(number, bounds)
            where = said("{place}, line {number}", place=place, number=number)
            if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
                yield Refused(
                    where,
                    said("a line has at most {longest_line:,} bytes", longest_line=_LONGEST_LINE),
                )
                while raw and not raw.endswith(b"\n"):
                    raw = file.stream.readline(_LONGEST_LINE)
                continue
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    data = json_within(text, SHEET)
                    yield from _sheets(data, where, speaker, problems, listed=True)
            except UnicodeDecodeError as error:
                yield Refused(
                    where,
                    said("it is not UTF-8 text: byte {start} of the line", start=error.start + 1),
                )
            except FileError as error:
                yield Refused(where, str(error))


def _marked(path: Path, place: str, remarks: Sequence[str]) -> Iterator[Event]:
    yield from (Remark(place, remark) for remark in remarks)
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"\xef\xbb\xbf"):
        yield Remark(place, said("a byte order mark at the beginning was left out"))
    if b"\r\n" in start:
        yield Remark(place, said("its lines end in CRLF, as on Windows"))


def _sheets(
    data: Any, place: str, speaker: Speaker, problems: ProblemSet, *, listed: bool = False
) -> Iterator[Event]:
    """Yield the sheets of one JSON value, whichever of the shapes it has.

    One that is `listed` among others names its student.
    """
    if isinstance(data, list):
        for number, item in enumerate(data, 1):
            where = said("{place}, entry {number}", place=place, number=number)
            yield from _one_of_many(item, where, problems, speaker, listed=True)
        return
    if not isinstance(data, Mapping):
        yield Refused(place, said('an object with answers is expected, such as {"q": 3}'))
        return
    several = data.get("students")
    if isinstance(several, list) and len(data) == 1:
        yield from _sheets(several, place, speaker, problems)
        return
    ids = {problem.id for problem in problems}
    named = any(key in data for key in _STUDENT_KEYS)
    nested = bool(data) and all(isinstance(value, Mapping) for value in data.values())
    if nested and not named and not any(key in ids or key == "answers" for key in data):
        for name, answers in data.items():
            yield from _sheet(answers, str(name), f"{place}, {quoted(str(name))}", problems, speaker)
        for name in sorted(getattr(data, "twice", ())):
            yield Refused(
                place, said("{name} stands twice; the last one is marked", name=quoted(name))
            )
        return
    yield from _one_of_many(data, place, problems, speaker, listed=listed)


def _one_of_many(
    item: Any, place: str, problems: ProblemSet, speaker: Speaker, *, listed: bool = False
) -> Iterator[Event]:
    if not isinstance(item, Mapping):
        yield Refused(place, said("an object with a student and answers is expected"))
        return
    asked = {cell.text for problem in problems for cell in problem.cells}
    key = next((k for k in _STUDENT_KEYS if k in item and k not in asked), None)
    nobody = "" if listed and not speaker.alone else None  # alone, the file's name says who
    name = item[key] if key is not None else nobody
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        yield Refused(place, said("the student's name is text, not {name}", name=quoted(str(name))))
        return
    answers = {k: v for k, v in item.items() if k != key}
    twice = set(getattr(item, "twice", ()))
    inner = answers.get("answers")
    if isinstance(inner, Mapping):
        twice |= set(getattr(inner, "twice", ()))
        answers = {**{k: v for k, v in answers.items() if k != "answers"}, **inner}
    named = None if name is None else str(name)
    yield from _sheet(answers, named, place, problems, speaker, frozenset(twice))


def _sheet(
    answers: Any, name: str | None, place: str, problems: ProblemSet, speaker: Speaker,
    twice: frozenset[str] = frozenset(),
) -> Iterator[Event]:  # fmt: skip
    try:
        draft = SheetDraft(problems, speaker.student(name), place)
        _gather(draft, answers, place, twice)
        yield draft.done()
    except FileError as error:
        yield Refused(place, str(error))


def _gather(draft: SheetDraft, answers: Any, place: str, twice: frozenset[str]) -> None:
    """Add the answers of an object, by problem or flat."""
    problems = draft.problems
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


def _add(draft: SheetDraft, label: str, value: Any, place: str, problem: str, twice: bool) -> None:
    where = said("{place}, key {key}", place=place, key=quoted(label))
    key = draft.name(label, where, problem)
    if key is None or value is None:
        return
    if twice:
        draft.add(
            key, Given(str(value)[:100], where, said("{where}: the key stands twice", where=where))
        )
    elif isinstance(value, bool):
        shown = "true" if value else "false"
        draft.add(
            key,
            Given(
                shown,
                where,
                said("{where}: {shown} is a truth value, not a number", where=where, shown=shown),
            ),
        )
    elif isinstance(value, str | int | float):
        draft.add(key, Given(str(value), where))
    elif isinstance(value, list) and draft.problems.problem(key[0]).of_arrays:
        draft.add(key, Given(nested_text(value), where))
    else:
        kind = sentence(
            _KINDS.get(type(value), N_("an object") if isinstance(value, Mapping) else N_("a date"))
        )
        draft.add(
            key,
            Given(kind, where, said("{where}: {kind} is not an answer", where=where, kind=kind)),
        )
