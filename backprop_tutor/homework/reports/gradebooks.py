"""Marks as learning platforms take them: Canvas's exported gradebook filled in, a table for Moodle.

Enters: each student's grade and who they are. Leaves: CSV texts, and what could not be entered.

Canvas (exported gradebook): the columns Student, ID, SIS User ID, SIS Login ID, Section, then one a task,
named "Title (12345)"; a row "Points Possible" stands before the students. A setting parts columns by `;`
and writes decimal commas, another has LastName and FirstName for Student; "EX" is a student who is excused.
Numbers are taken with either decimal mark. Columns, their order and every other cell are kept. Source:
Canvas's guide to gradebook CSV files, and its importer. Moodle (grade import): any columns, mapped by hand;
e-mails are case sensitive, and feedback goes in only beside its grade. Source: Moodle's documentation,
"Grade import".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...errors import FileError, did_you_mean, quoted
from ...sentences import said
from ...translation import sentence as _
from ..answers.escaping import in_spreadsheet, shown_plainly
from ..answers.rosters import Student
from ..marking.results import StudentResult
from .wording import points_text, score_text

__all__ = ["Grade", "canvas_gradebook", "grade_of", "moodle_table"]

_IDS = ("sis login id", "sis user id", "id", "integration id", "email")
_POINTS = "points possible"
_EXCUSED = "ex"
_READ_ONLY = "read only"
_NUMBERED = re.compile(r"(.+) \(\d+\)")


@dataclass(frozen=True, slots=True)
class Grade:
    """What a student gets: points, of how many, and one line on the sheet."""

    student: str
    points: float
    possible: float
    feedback: str


def grade_of(result: StudentResult) -> Grade:
    """Return the grade of a marked sheet."""
    begin = "; ".join(f"{p.id}: {p.first_wrong}" for p in result.problems if p.first_wrong)
    line = score_text(result)
    if result.stopped:
        line = f"{line}. {result.stopped}"
    elif begin:
        line = f"{line}. {_('Begin with {cell}.').format(cell=begin)}"
    return Grade(result.student, result.points, result.possible, line)


def _names(student: str, people: Mapping[str, Student]) -> list[str]:
    """Return what a student is called, the surest first, without regard to case."""
    one = people.get(student)
    others = (one.email, *one.others) if one is not None else ()
    return [name.strip().casefold() for name in (student, *others) if name.strip()]


def canvas_gradebook(
    text: str, assignment: str, grades: Sequence[Grade], people: Mapping[str, Student]
) -> tuple[str, list[str]]:
    """Return an exported gradebook with one task's points filled in, and what was not entered.

    Args:
        text: the exported file.
        assignment: the task's title in Canvas, with its number in brackets or without.
        grades: of the class.
        people: e-mails and other ids, from the roster.

    Raises:
        FileError: no gradebook, or no such task in it; the nearest is named.
    """
    first_line = text.partition("\n")[0]
    separator = ";" if first_line.count(";") > first_line.count(",") else ","
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator))
    header = [cell.strip() for cell in rows[0]] if rows else []
    lowered = [cell.casefold() for cell in header]
    if not ({"student", "id"} <= {*lowered} or {"lastname", "firstname", "id"} <= {*lowered}):
        raise FileError(said("this is no gradebook exported by Canvas: its header has Student and ID"))
    column = _task(header, assignment)
    places = [lowered.index(name) for name in _IDS if name in lowered]
    own = {name: grade for grade in grades for name in reversed(_names(grade.student, people))}
    entered: dict[str, int] = {}
    told: list[str] = []
    for number, row in enumerate(rows[1:], 2):
        first = row[0].strip().casefold() if row else ""
        row += [""] * (len(header) - len(row))
        if _POINTS in first:
            told += _other_points(row[column], grades)
            continue
        grade = next((own[key] for i in places if (key := row[i].strip().casefold()) in own), None)
        if grade is None:
            continue
        if grade.student in entered:
            told.append(
                said("row {row} of the gradebook: {name} is in row {first} already",
                     row=number, name=quoted(grade.student), first=entered[grade.student])
            )  # fmt: skip
            continue
        entered[grade.student] = number
        if row[column].strip().casefold() == _EXCUSED:
            told.append(
                said("{name} is excused in the gradebook; {points} points were not entered",
                     name=quoted(grade.student), points=points_text(grade.points))
            )  # fmt: skip
            continue
        row[column] = points_text(grade.points)
    told += [
        said("{name} is not in the gradebook", name=quoted(grade.student))
        for grade in grades if grade.student not in entered
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return mark + out.getvalue(), told


def _task(header: Sequence[str], assignment: str) -> int:
    """Return the column of a task.

    Raises:
        FileError: none or several have this title.
    """
    numbered = {i: _NUMBERED.fullmatch(head) for i, head in enumerate(header)}
    titles = {i: found[1] for i, found in numbered.items() if found is not None}
    found = [i for i, title in titles.items() if assignment in (title, header[i])]
    if len(found) == 1:
        return found[0]
    if found:
        raise FileError(
            said("the gradebook has {count} tasks {title}; give its number too, as in {example}",
                 count=len(found), title=quoted(assignment), example=quoted(header[found[0]]))
        )  # fmt: skip
    hint = did_you_mean(assignment, titles.values()) or said(
        "its tasks: {names}", names=", ".join(list(titles.values())[:12]) or said("none")
    )
    raise FileError(said("the gradebook has no task {title}; {hint}", title=quoted(assignment), hint=hint))


def _other_points(cell: str, grades: Iterable[Grade]) -> list[str]:
    possible = next((grade.possible for grade in grades), None)
    if _READ_ONLY in cell.casefold():
        return [said("the task is read only in Canvas: its import passes the points over")]
    try:
        there = float(cell.replace(",", "."))
    except ValueError:
        return []
    if possible is None or abs(there - possible) < 1e-9:
        return []
    return [
        said("the task has {there} points in Canvas and {here} here; points are entered as they are",
             there=points_text(there), here=points_text(possible))
    ]  # fmt: skip


def moodle_table(title: str, grades: Iterable[Grade], people: Mapping[str, Student]) -> str:
    """Return a table for Moodle's grade import: e-mail, id number, grade and feedback.

    The e-mail is the roster's, letter for letter; where it has none, an id that is an e-mail.
    """
    task = shown_plainly(title) or _("Homework")
    rows = [["Email address", "ID number", task, f"{task} (feedback)"]]
    for grade in grades:
        one = people.get(grade.student)
        email = one.email if one is not None else ""
        if not email and "@" in grade.student:
            email = grade.student
        number = "" if "@" in grade.student else grade.student
        rows.append([email, number, points_text(grade.points), grade.feedback])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([[in_spreadsheet(cell) for cell in row] for row in rows])
    return out.getvalue()
