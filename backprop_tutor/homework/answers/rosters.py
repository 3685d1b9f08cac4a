"""The students of a class as a roster lists them, each once, under the name that answers will carry.

Enters: a CSV file, with a header or one name a line. Leaves: `Student`s in the file's order. A name
is data: it becomes neither a path nor markup nor a spreadsheet's formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import FileError, TutorError, quoted
from ...reasons import reason
from ...sentences import N_, counted, said
from .csv_lines import Tell, table_text
from .escaping import in_spreadsheet, shown_plainly
from .path_names import Apart, path_names
from .speakers import Roster, student_name

__all__ = ["ANYONE", "Student", "parse_roster", "read_roster", "roster_file", "roster_of"]

_KEYS = (
    "student", "student_id", "student id", "studentid", "id", "sid", "matriculation", "username",
    "user", "login", "email", "name", "student name",
    "학생", "학번", "아이디", "이메일", "학생 이름", "이름",
)  # fmt: skip
_NAMES = ("name", "student name", "full name", "full_name", "이름", "학생 이름", "성명")
_EMAILS = (
    "email", "e-mail", "email address", "e-mail address", "mail", "e-mail-adresse", "이메일", "이메일 주소",
)  # fmt: skip
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the roster.

    Attributes:
        name: as answer files carry it; the seed of the student's own values.
        label: as it stands on the worksheet.
        slug: the name's part of a path.
        email: where the roster has one.
        others: the student's other ids in the roster.
    """

    name: str
    label: str
    slug: str
    email: str = ""
    others: tuple[str, ...] = ()


ANYONE = Student("", "", "worksheet")
"""Who gets the worksheet where there is no roster."""


def read_roster(path: str | Path, tell: Tell | None = None) -> tuple[Student, ...]:
    """Return the students of a CSV file.

    The key of a student is the column `student`, `id`, `username`, `email` or `name`, the first that
    there is; a column `name` beside it is what stands on the sheet. A file of one column needs no
    header. One in an encoding before Unicode is read where `tell` is there to say so.

    Raises:
        FileError: no such file, no names, a name twice; every fault with its row.
    """
    return parse_roster(table_text(path, tell), Path(path).name)


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
    email = next((header.index(name) for name in _EMAILS if name in header), None)
    others = [i for i, head in enumerate(header) if head in _KEYS and i not in (key, shown, email)]
    return _students(rows, key, key if shown is None else shown, source, email, others)


def roster_of(students: Iterable[str | Student]) -> tuple[Roster, dict[str, Student]]:
    """Return the roster of students, and those who are more than a name by their names."""
    names: list[str] = []
    known: dict[str, Student] = {}
    for one in students:
        if isinstance(one, Student):
            known[one.name] = one
        names.append(one.name if isinstance(one, Student) else one)
    others = {s.name: (s.email, s.label, *s.others) for s in known.values()}
    return Roster(names, others), known


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


def roster_file(students: Iterable[Student]) -> str:
    """Return a roster's text: what `parse_roster` reads back.

    >>> print(roster_file(parse_roster("id,name\\ns1,Anna\\n")))
    student,name,email
    s1,Anna,
    <BLANKLINE>
    """
    out = io.StringIO()
    rows = [("student", "name", "email"), *((s.name, s.label, s.email) for s in students)]
    csv.writer(out, lineterminator="\n").writerows([[in_spreadsheet(cell) for cell in row] for row in rows])
    return out.getvalue()


def _at(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _students(
    rows: Sequence[tuple[int, list[str]]], key: int, shown: int, source: str, email: int | None,
    others: Sequence[int],
) -> tuple[Student, ...]:  # fmt: skip
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
        mail, *ids = (_at(cells, i) for i in (email, *others))
        slug = apart.of(name, path_names(name))
        found.append(
            Student(name, label or shown_plainly(name), slug, mail, tuple(filter(None, ids)))
        )
    apart.close()
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults[:50])
        count = counted(len(faults), N_("1 fault"), N_("{count} faults"))
        raise FileError(f"{quoted(source, 200)}: {count}\n{listed}")
    if not found:
        raise FileError(said("{source} names no students", source=quoted(source, 200)))
    return tuple(found)
