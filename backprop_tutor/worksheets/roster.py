"""Who gets a worksheet: the students of a roster, each once, under the name that answers will carry.

Enters: a CSV file, with a header or one name a line. Leaves: `Student`s in the file's order. A name
is data: it becomes neither a path nor markup nor a spreadsheet's formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import FileError, TutorError, quoted
from ..files import read_text
from ..homework.answers.path_names import Apart, path_names
from ..homework.answers.speakers import student_name
from ..homework.reports.escaping import in_spreadsheet, shown_plainly
from ..reasons import reason
from ..sentences import N_, counted, said

__all__ = ["ANYONE", "Student", "parse_roster", "read_roster"]

_KEYS = (
    "student", "student_id", "student id", "studentid", "id", "sid", "matriculation", "username",
    "user", "login", "email", "name", "student name",
    "학생", "학번", "아이디", "이메일", "학생 이름", "이름",
)  # fmt: skip
_NAMES = ("name", "student name", "full name", "full_name", "이름", "학생 이름", "성명")
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the roster.

    Attributes:
        name: as answer files carry it; the seed of the student's own values.
        label: as it stands on the worksheet.
        slug: the name's part of a path.
    """

    name: str
    label: str
    slug: str


ANYONE = Student("", "", "worksheet")
"""Who gets the worksheet where there is no roster."""


def read_roster(path: str | Path) -> tuple[Student, ...]:
    """Return the students of a CSV file.

    The key of a student is the column `student`, `id`, `username`, `email` or `name`, the first that
    there is; a column `name` beside it is what stands on the sheet. A file of one column needs no
    header.

    Raises:
        FileError: no such file, no names, a name twice; every fault with its row.
    """
    return parse_roster(read_text(path), Path(path).name)


def parse_roster(text: str, source: str = "roster") -> tuple[Student, ...]:
    """Return the students that a roster's text names.

    >>> [s.name for s in parse_roster("student,group\\nanna,1\\nben,2\\n")]
    ['anna', 'ben']
    """
    rows = _rows(text, source)
    if not rows:
        raise FileError(said("{source} names no students", source=quoted(source, 200)))
    if len(rows) > _MOST:
        raise FileError(
            said(
                "{source} has {count:,} rows; at most {most:,} are read",
                source=quoted(source, 200), count=len(rows), most=_MOST,
            )
        )
    header = [" ".join(cell.split()).casefold() for cell in rows[0][1]]
    key = next((header.index(name) for name in _KEYS if name in header), None)
    shown = next((header.index(name) for name in _NAMES if name in header), key)
    if key is not None:
        rows = rows[1:]
    elif max(len(cells) for _, cells in rows) == 1:
        key = shown = 0
    else:
        raise FileError(
            said(
                "{source}: no column of the header names the students; expected one of {names}, name",
                source=quoted(source, 200), names=", ".join(_KEYS[:5]),
            )
        )
    return _students(rows, key, key if shown is None else shown, source)


def _rows(text: str, source: str) -> list[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, cells))
    except csv.Error as error:
        raise FileError(
            said(
                "{source}, row {line_num}: not CSV: {error}",
                source=quoted(source, 200), line_num=reader.line_num, error=reason(error),
            )
        ) from None
    return found


def _students(
    rows: Sequence[tuple[int, list[str]]], key: int, shown: int, source: str
) -> tuple[Student, ...]:
    found: list[Student] = []
    rows_of: dict[str, int] = {}
    faults = []
    apart = Apart()
    for row, cells in rows:
        try:
            name = student_name(in_spreadsheet(cells[key] if key < len(cells) else "", 10_000))
        except TutorError as error:
            faults.append(said("row {row}: {error}", row=row, error=error))
            continue
        if name in rows_of:
            faults.append(
                said(
                    "row {row}: {name} is in row {first} already",
                    row=row, name=quoted(name), first=rows_of[name],
                )
            )  # fmt: skip
            continue
        rows_of[name] = row
        label = shown_plainly(cells[shown]) if shown < len(cells) else ""
        found.append(Student(name, label or shown_plainly(name), apart.of(name, path_names(name))))
    apart.close()
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults[:50])
        count = counted(len(faults), N_("1 fault"), N_("{count} faults"))
        raise FileError(f"{quoted(source, 200)}: {count}\n{listed}")
    if not found:
        raise FileError(said("{source} names no students", source=quoted(source, 200)))
    return tuple(found)
