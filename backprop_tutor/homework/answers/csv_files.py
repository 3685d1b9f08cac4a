"""Answers in CSV: wide (a row a student, a column a quantity) or long (a row an answer).

Enters: a CSV file. Leaves: sheets, in the order of the rows; a student may have several. A long file's
rows are gathered in a temporary file on disk, so that memory does not grow with the class. What a file's
columns hold is `headings`' affair, what its lines are `csv_lines`'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from ...errors import FileError, quoted
from ...sentences import said
from ..problems.columns import role_of
from ..problems.file_limits import ROWS, SHEET
from ..problems.problem_set import ProblemSet
from .csv_lines import NOT_TEXT, Lines, Rows
from .encoded import known_words
from .handed_in import Refused, Remark
from .headings import ANSWER, PROBLEM, QUANTITY, Header, header_place, read_header
from .sheets import Event, Given, SheetDraft
from .speakers import Speaker

__all__ = ["csv_header", "read_csv"]

_PEEKED = 50
"""So many rows are looked at to tell which of several columns names the students."""


def read_csv(path: Path, place: str, speaker: Speaker, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a CSV file; whose they are where no column says, the speaker knows.

    Raises:
        FileError: the file is no text, or larger than is read.
    """
    lines = Lines(path, SHEET if speaker.alone else ROWS, known_words(speaker, problems))
    rows = Rows(lines, place)
    stream = iter(rows)
    head = next(stream, None)
    if head is None:
        yield Refused(place, said("the file is empty"))
        return
    if isinstance(head, Refused):
        yield head
        return
    for remark in lines.remarks:
        yield Remark(place, remark)
    if rows.separator != ",":
        shown = said("a tab") if rows.separator == "\t" else f"`{rows.separator}`"
        yield Remark(place, said("its separator is {shown}", shown=shown))
    header = [" ".join(cell.split()) for cell in head[1]]
    lowered = [cell.casefold() for cell in header]
    if any(c in QUANTITY for c in lowered) and any(c in ANSWER for c in lowered):
        yield from _long(stream, lowered, lines, place, speaker, problems)
    else:
        yield from _wide(stream, header, lines, place, speaker, problems)


def csv_header(path: Path) -> list[str]:
    """Return the headings of a CSV file; none of one that is empty or broken.

    Raises:
        FileError: the file is not text, or larger than is read.
    """
    head = next(iter(Rows(Lines(path, ROWS), path.name)), None)
    return [] if head is None or isinstance(head, Refused) else [" ".join(c.split()) for c in head[1]]


def _speaks_for(speaker: Speaker, who: int | None, cells: list[str], bad: bool) -> str:
    """Return whose answers a row holds.

    Raises:
        FileError: nobody's whom the file may speak for.
    """
    if who is None:
        return speaker.student(None)
    named = cells[who] if who < len(cells) else ""
    if bad and NOT_TEXT in named:
        raise FileError(said("the student's name is not UTF-8 text"))
    return speaker.student(named)


def _cell(text: str, row: int, column: str, place: str, lines: Lines) -> Given:
    where = said("{place}, row {row}, column {column}", place=place, row=row, column=column)
    if row in lines.bad and NOT_TEXT in text:
        return Given(text, where, said("{where}: not UTF-8 text", where=where))
    return Given(text, where)


def _wide(
    stream: Iterator[tuple[int, list[str]] | Refused],
    header: list[str],
    lines: Lines,
    place: str,
    speaker: Speaker,
    problems: ProblemSet,
) -> Iterator[Event]:
    found = read_header(header, place, problems)
    first = list(islice(stream, _PEEKED)) if len(found.who) > 1 else []
    who = _whose(found, first, speaker)
    faults = found.faults
    if who is None and faults and faults[0].place == header_place(place, 1):
        faults, who = faults[1:], 0
        yield Remark(
            place,
            said("the column {header} was taken for the students' names", header=quoted(header[0])),
        )
    yield from (Remark(place, remark) for remark in found.remarks)
    yield from faults
    if who is None:
        speaker.student(None)  # a file whose name is nobody's is refused whole
    if not found.columns:
        yield Refused(
            place, said("no column of the header names a quantity; the first row is the header")
        )
        return
    for item in chain(first, stream):
        if isinstance(item, Refused):
            yield item
            continue
        row, cells = item
        where = said("{place}, row {row}", place=place, row=row)
        try:
            name = _speaks_for(speaker, who, cells, row in lines.bad)
        except FileError as error:
            yield Refused(where, str(error))
            continue
        draft = SheetDraft(problems, name, place)
        for number, key in found.columns:
            if number < len(cells):
                draft.add(key, _cell(cells[number], row, header[number], place, lines))
        extra = [cell for cell in cells[len(header) :] if cell.strip()]
        if extra:
            draft.faults.append(
                said(
                    "{place}, row {row}: {count} cells, and the header has {count_2}",
                    place=place, row=row, count=len(cells), count_2=len(header),
                )
            )
        stamp = cells[found.time].strip() if found.time is not None and found.time < len(cells) else ""
        yield replace(draft.done(), source=where, stamp=stamp)


def _whose(
    found: Header, first: list[tuple[int, list[str]] | Refused], speaker: Speaker
) -> int | None:
    """Return the column that names the students: of several the one with most names of the roster."""
    if len(found.who) < 2 or speaker.roster is None:
        return next(iter(found.who), None)
    rows = [item[1] for item in first if not isinstance(item, Refused)]
    roster = speaker.roster

    def known(column: int) -> int:
        return sum(column < len(cells) and roster.known(cells[column]) is not None for cells in rows)

    return max(found.who, key=known)  # the surest heading, where several are alike


def _long(
    stream: Iterator[tuple[int, list[str]] | Refused],
    header: list[str],
    lines: Lines,
    place: str,
    speaker: Speaker,
    problems: ProblemSet,
) -> Iterator[Event]:
    def column(names: frozenset[str]) -> int | None:
        return next((i for i, cell in enumerate(header) if cell in names), None)

    quantity, answer = column(QUANTITY) or 0, column(ANSWER) or 0
    problem = column(PROBLEM)
    roles = {i: role_of(c) for i, c in enumerate(header) if i not in (quantity, answer, problem)}
    who = next((i for i, role in roles.items() if role == "student"), None)
    stamped = "time" in roles.values()  # a record of answers as they came: a later one counts
    if who is None:
        speaker.student(None)  # a file whose name is nobody's is refused whole
    with closing(sqlite3.connect("")) as base:
        base.execute(
            "CREATE TABLE given (student TEXT, row INTEGER, bad INTEGER, p TEXT, q TEXT, a TEXT)"
        )
        for item in stream:
            if isinstance(item, Refused):
                yield item
                continue
            row, cells = item
            cells = cells + [""] * (len(header) - len(cells))
            try:
                name = _speaks_for(speaker, who, cells, row in lines.bad)
            except FileError as error:
                yield Refused(said("{place}, row {row}", place=place, row=row), str(error))
                continue
            base.execute(
                "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?)",
                (_storable(name), row, int(row in lines.bad),
                 _storable(cells[problem]) if problem is not None else "",
                 _storable(cells[quantity]), _storable(cells[answer])),
            )  # fmt: skip
        base.execute("CREATE INDEX by_student ON given (student, row)")
        order = base.execute("SELECT student FROM given GROUP BY student ORDER BY MIN(row)")
        empty = True
        for (name,) in order:
            empty = False
            draft = SheetDraft(problems, name, place)
            rows = base.execute(
                "SELECT row, bad, p, q, a FROM given WHERE student = ? ORDER BY row", (name,)
            )
            try:
                for row, bad, p, q, a in rows:
                    where = f"{place}, row {row}, column {quantity + 1}"
                    key = draft.name(" ".join(q.split()), where, p.strip())
                    if key is not None:
                        if bad:
                            lines.bad.setdefault(row, 1)
                        if stamped:
                            draft.answers.pop(key, None)
                        draft.add(key, _cell(a, row, header[answer], place, lines))
            except FileError as error:
                yield Refused(f"{place}, {quoted(name)}", str(error))
                continue
            yield draft.done()
        if empty and who is None:
            yield SheetDraft(problems, speaker.student(None), place).done()


def _storable(text: str) -> str:
    """Return a text that the temporary file takes: lone surrogates have no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
