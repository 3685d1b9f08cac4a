"""Answers in CSV: wide (a row a student, a column a quantity) or long (a row an answer).

Enters: a CSV file. Leaves: sheets, in the order of the students' first rows. Rows are read one by
one; a long file's rows are gathered in a temporary file on disk, so that memory does not grow with
the class. Bytes that are not UTF-8 spoil the cell they stand in, not the file.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import FileError, TutorError, quoted
from ...files import lines_within
from ...reasons import reason
from ...sentences import N_, counted, said
from ..problems.file_limits import ROWS, SHEET, Bounds, line_within, size_within
from ..problems.problem_set import ProblemSet
from .handed_in import Refused, Remark
from .sheets import Event, Given, SheetDraft, find_key, known_keys
from .sheets import Key as AnswerKey
from .speakers import Speaker

__all__ = ["Seen", "read_csv"]

STUDENT = frozenset(
    {"student", "student_id", "studentid", "student id", "student name", "name", "id", "sid",
     "user", "username", "email", "login", "matriculation",
     "학생", "학생 이름", "이름", "학번", "아이디", "이메일"}
)  # fmt: skip
PROBLEM = frozenset({"problem", "exercise", "task", "question", "문제", "문항"})
QUANTITY = frozenset({"quantity", "node", "cell", "양", "칸", "노드"})
ANSWER = frozenset({"answer", "value", "given", "response", "답", "답안", "값"})

_SEPARATORS = (",", ";", "\t")
_NOT_UTF8 = "\N{REPLACEMENT CHARACTER}"
_LONGEST_LINE = 1_000_000
_MOST_FAULTS = 100
"""So many columns that name nothing are listed; the header's other ones are only counted."""


@dataclass(slots=True)
class _Lines:
    """The lines of a file as text; remembers what is worth a remark and which were not UTF-8."""

    path: Path
    bounds: Bounds
    bad: dict[int, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        size_within(self.path, self.bounds)
        with self.path.open("rb") as file:
            for number, raw in enumerate(lines_within(file, _LONGEST_LINE), 1):
                line_within(number, self.bounds)
                if len(raw) >= _LONGEST_LINE:
                    raise FileError(
                        said(
                            "line {number:,} has {longest_line:,} bytes or more; the rest of the "
                            "file is not read",
                            number=number, longest_line=_LONGEST_LINE,
                        )
                    )
                if number == 1:
                    raw = self._first(raw)
                try:
                    yield raw.decode("utf-8")
                except UnicodeDecodeError as error:
                    self.bad[number] = len(raw[: error.start].decode("utf-8", "replace")) + 1
                    if len(self.bad) > 10_000:
                        raise FileError(said("the file is not UTF-8 text")) from None
                    yield raw.decode("utf-8", "replace")

    def _first(self, raw: bytes) -> bytes:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:200]:
            raise FileError(
                said("the file is not UTF-8 text; it looks like UTF-16: save it as UTF-8")
            )
        if raw.startswith(b"\xef\xbb\xbf"):
            self.remarks.append(said("a byte order mark at the beginning was left out"))
            raw = raw[3:]
        if raw.endswith(b"\r\n"):
            self.remarks.append(said("its lines end in CRLF, as on Windows"))
        elif raw.endswith(b"\r"):
            self.remarks.append(said("its lines end in CR alone"))
        return raw


def _separator(header: str) -> str:
    """Return the separator of a header line: the one that stands in it most often unquoted."""
    outside = "".join(header.split('"')[::2])
    bare = outside
    while "(" in bare and ")" in bare[bare.index("(") :]:
        start = bare.index("(")
        bare = bare[:start] + bare[bare.index(")", start) + 1 :]
    counts = {separator: bare.count(separator) for separator in _SEPARATORS}
    return max(_SEPARATORS, key=lambda s: (counts[s], -_SEPARATORS.index(s)))


@dataclass(slots=True)
class _Rows:
    """The rows of a CSV file with their numbers; broken ones come as `Refused`."""

    lines: _Lines
    place: str
    separator: str = ","

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Refused]:
        source = iter(self.lines)
        first = next(source, None)
        if first is None:
            return
        self.separator = _separator(first)

        def again() -> Iterator[str]:
            yield first
            yield from source

        reader = csv.reader(again(), delimiter=self.separator, strict=False)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Refused(
                    said("{place}, row {line_num}", place=self.place, line_num=reader.line_num),
                    said("it is not CSV: {error}", error=reason(error)),
                )
                continue
            if any(cell.strip() for cell in row):
                yield reader.line_num, row


def read_csv(path: Path, place: str, speaker: Speaker, problems: ProblemSet) -> Iterator[Event]:
    """Yield the sheets of a CSV file; whose they are where no column says, the speaker knows.

    Raises:
        FileError: the file is not UTF-8 text, or larger than is read.
    """
    lines = _Lines(path, SHEET if speaker.alone else ROWS)
    rows = _Rows(lines, place)
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


def _speaks_for(speaker: Speaker, who: int | None, cells: list[str], bad: bool) -> str:
    """Return whose answers a row holds.

    Raises:
        FileError: nobody's whom the file may speak for.
    """
    if who is None:
        return speaker.student(None)
    named = cells[who] if who < len(cells) else ""
    if bad and _NOT_UTF8 in named:
        raise FileError(said("the student's name is not UTF-8 text"))
    return speaker.student(named)


def _cell(text: str, row: int, column: str, place: str, lines: _Lines) -> Given:
    where = said("{place}, row {row}, column {column}", place=place, row=row, column=column)
    if row in lines.bad and _NOT_UTF8 in text:
        return Given(text, where, said("{where}: not UTF-8 text", where=where))
    return Given(text, where)


def _wide(
    stream: Iterator[tuple[int, list[str]] | Refused],
    header: list[str],
    lines: _Lines,
    place: str,
    speaker: Speaker,
    problems: ProblemSet,
) -> Iterator[Event]:
    who, columns, faults = _columns(header, place, problems)
    if who is None and faults and faults[0].place == _header_place(place, 1):
        faults, who = faults[1:], 0
        yield Remark(
            place,
            said("the column {header} was taken for the students' names", header=quoted(header[0])),
        )
    yield from faults
    if who is None:
        speaker.student(None)  # a file whose name is nobody's is refused whole
    if not columns:
        yield Refused(
            place, said("no column of the header names a quantity; the first row is the header")
        )
        return
    with closing(Seen()) as seen:
        for item in stream:
            if isinstance(item, Refused):
                yield item
                continue
            row, cells = item
            try:
                name = _speaks_for(speaker, who, cells, row in lines.bad)
            except FileError as error:
                yield Refused(said("{place}, row {row}", place=place, row=row), str(error))
                continue
            first = seen.first(name, row)
            if first is not None:
                yield Refused(
                    said("{place}, row {row}", place=place, row=row),
                    said(
                        "{name} has a row already, {first}; the first one is marked",
                        name=quoted(name), first=first,
                    ),
                )
                continue
            draft = SheetDraft(problems, name, place)
            for number, key in columns:
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
            yield draft.done()


def _header_place(place: str, column: int) -> str:
    return said("{place}, row {row}, column {column}", place=place, row=1, column=column)


def _columns(
    header: list[str], place: str, problems: ProblemSet
) -> tuple[int | None, list[tuple[int, AnswerKey]], list[Refused]]:
    """Return the students' column, the quantities' columns, and what is wrong with the others."""
    who = next((i for i, cell in enumerate(header) if cell.casefold() in STUDENT), None)
    columns: list[tuple[int, AnswerKey]] = []
    faults: list[Refused] = []
    taken: dict[AnswerKey, int] = {}
    twice: set[AnswerKey] = set()
    unknown = 0
    for number, cell in enumerate(header):
        if number == who or not cell:
            continue
        where = _header_place(place, number + 1)
        try:
            if unknown >= _MOST_FAULTS:
                found = known_keys(problems).get(("", cell))
                unknown += found is None
                if found is None:
                    continue
                key = found
            else:
                key = find_key(problems, cell)
        except TutorError as error:
            unknown += 1
            broken = cell.count("(") != cell.count(")")
            hint = (
                said('; a name with a comma stands in quotation marks: "local(q, x)"')
                if broken
                else ""
            )
            faults.append(Refused(where, f"{error}{hint}"))
            continue
        if key in taken:
            faults.append(
                Refused(
                    where,
                    said("{cell} is column {taken} already", cell=quoted(cell), taken=taken[key] + 1),
                )
            )
            twice.add(key)
            continue
        taken[key] = number
        columns.append((number, key))
    if unknown > _MOST_FAULTS:
        more = unknown - _MOST_FAULTS
        faults.append(
            Refused(
                said("{place}, row {row}", place=place, row=1),
                counted(
                    more,
                    N_("1 more column names no quantity"),
                    N_("{count} more columns name no quantity"),
                ),
            )
        )
    if twice:
        columns = [(number, key) for number, key in columns if key not in twice]
    return who, columns, faults


class Seen:
    """Which names came up at which row; on disk, so that memory does not grow."""

    def __init__(self) -> None:
        self.base = sqlite3.connect("")
        self.base.execute("CREATE TABLE seen (name TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def first(self, name: str, row: int) -> int | None:
        """Return the row at which the name came up before; None, and it is remembered, if not."""
        try:
            self.base.execute("INSERT INTO seen VALUES (?, ?)", (name, row))
        except sqlite3.IntegrityError:
            found = self.base.execute("SELECT row FROM seen WHERE name = ?", (name,)).fetchone()
            return int(found[0])
        return None

    def close(self) -> None:
        """Forget all names."""
        self.base.close()


def _long(
    stream: Iterator[tuple[int, list[str]] | Refused],
    header: list[str],
    lines: _Lines,
    place: str,
    speaker: Speaker,
    problems: ProblemSet,
) -> Iterator[Event]:
    def column(names: frozenset[str]) -> int | None:
        return next((i for i, cell in enumerate(header) if cell in names), None)

    quantity, answer = column(QUANTITY) or 0, column(ANSWER) or 0
    who = next(
        (i for i, c in enumerate(header) if c in STUDENT and i not in (quantity, answer)), None
    )
    problem = column(PROBLEM)
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
