"""A class of 12 through each platform: Canvas's gradebook, Moodle's table, Gradescope's archive, notebooks' points."""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

import backprop_tutor as bt
from backprop_tutor.errors import FileError
from backprop_tutor.homework.answers.rosters import parse_roster, roster_file
from backprop_tutor.homework.autograder import autograder_zip, grade_submission
from backprop_tutor.homework.checking import ClassMarks, check_class
from backprop_tutor.homework.problems.problem_set import parse_problems
from backprop_tutor.homework.reports.gradebooks import Grade, canvas_gradebook, moodle_table
from backprop_tutor.testing import Points, grade

PROBLEM = """
title = "Homework 3"
[[problem]]
id = "g"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = { from = -9, to = -2 } }
ask = ["q", "df/dx", "df/dz"]
points = 2
"""
NAMES = ["Anna Åberg", "Ben Öz", "Chloë Roy", "Dae Kim", "Emil Groß", "Fee Li", "Gül Ak", "Hao Wu", "Ida Noe", "Jon Fox", "Kai Ode", "Lea Sol"]
ROSTER = "student,name,email\n" + "".join(f"00{i + 10},{name},{name.split()[0]}@Uni.example\n" for i, name in enumerate(NAMES))
STUDENTS = parse_roster(ROSTER)
RIGHT = {s.name: parse_problems(PROBLEM).problem("g").answers(s.name) for s in STUDENTS}


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> ClassMarks:
    """Return the class marked: all right but the third's q and the last, who hands in nothing."""
    folder = tmp_path_factory.mktemp("class")
    lines = ["student,q,df/dx,df/dz"]
    for number, student in enumerate(STUDENTS[:-1]):
        answers = RIGHT[student.name]
        lines.append(f"{student.name},{99 if number == 2 else answers['q']},{answers['df/dx']},{answers['df/dz']}")
    (folder / "p.toml").write_text(PROBLEM, encoding="utf-8")
    (folder / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return check_class(folder / "p.toml", folder / "a.csv", folder / "marks", workers=0, students=STUDENTS)


def exported() -> list[list[str]]:
    """Return a gradebook as Canvas exports it, the students in another order."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz (88)", "Homework 3 (4711)", "Final Score"]
    rows = [header, ["", "", "", "", "", "Manual Posting", "", ""], ["    Points Possible", "", "", "", "", "5", "6", "(read only)"]]
    for number, student in reversed(list(enumerate(STUDENTS))):
        last_first = ", ".join(reversed(student.label.split()))
        rows.append([last_first, str(900 + number), f"00{number + 10}", student.email.lower(), "=Lab 1", "4", "", "B"])
    return [*rows, ["Student, Test", "999", "", "abc", "Lab 1", "", "", ""]]


def text_of(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def test_canvas_gets_its_gradebook_back(marks: ClassMarks) -> None:
    """Only the task's cells of students who were marked change; columns, order and all else are kept."""
    before = exported()
    text, told = canvas_gradebook("\ufeff" + text_of(before), "Homework 3", marks.grades, marks.people)
    assert text.startswith("\ufeff")
    after = list(csv.reader(io.StringIO(text[1:])))
    points = {row[2]: row[6] for row in after if row[2]}
    assert [row[:6] + row[7:] for row in after] == [row[:6] + row[7:] for row in before]
    assert points.pop("SIS User ID") == "Homework 3 (4711)"
    assert points == {s.name: "" if s is STUDENTS[-1] else "4" if s is STUDENTS[2] else "6" for s in STUDENTS}
    assert (after[-1][6], told) == ("", [])


def test_what_canvas_cannot_take_is_told(marks: ClassMarks) -> None:
    """A student who is not there, another sum of points, two rows of one student, a task that is not there."""
    rows = exported()
    rows = [row for row in rows if row[2] != "0010"]
    rows[2][6] = "10"
    rows.append(list(rows[5]))
    _, told = canvas_gradebook(text_of(rows), "Homework 3 (4711)", marks.grades, marks.people)
    assert told == [
        "the task has 10 points in Canvas and 6 here; points are entered as they are",
        "row 16 of the gradebook: `0019` is in row 6 already",
        "`0010` is not in the gradebook",
    ]
    for title, message in (("Homework 4", "did you mean `Homework 3`"), ("x", "its tasks: Quiz, Homework 3")):
        with pytest.raises(FileError, match=message):
            canvas_gradebook(text_of(rows), title, marks.grades, marks.people)
    twice = [[*row, ""] for row in rows]
    twice[0][-1] = "Homework 3 (4712)"
    with pytest.raises(FileError, match="the gradebook has 2 tasks `Homework 3`; give its number too"):
        canvas_gradebook(text_of(twice), "Homework 3", marks.grades, marks.people)
    for text in ("", "name,grade\nanna,3\n"):
        with pytest.raises(FileError, match="no gradebook exported by Canvas"):
            canvas_gradebook(text, "Homework 3", marks.grades, marks.people)


def test_canvas_has_other_ways_to_export(marks: ClassMarks) -> None:
    """Columns parted by `;` with decimal commas, two columns for the name: read, and given back in that way."""
    rows = exported()
    rows[0] = ["LastName", "FirstName", *rows[0][1:]]
    rows[1:] = [[*(row[0].split(", ") if ", " in row[0] else (row[0], "")), *row[1:]] for row in rows[1:]]
    rows[2][7] = "6,00"
    text = "\n".join(";".join(row) for row in rows) + "\n"
    after, told = canvas_gradebook(text, "Homework 3", marks.grades, marks.people)
    assert told == []
    back = list(csv.reader(io.StringIO(after), delimiter=";"))
    assert [row[:7] + row[8:] for row in back] == [row[:7] + row[8:] for row in rows]
    assert {row[3]: row[7] for row in back[3:-1]} == {s.name: "" if s is STUDENTS[-1] else "4" if s is STUDENTS[2] else "6" for s in STUDENTS}


def test_who_is_excused_in_canvas_stays_so(marks: ClassMarks) -> None:
    """The cell is kept and told; a task that is read only there takes no points."""
    rows = exported()
    own = next(row for row in rows if row[2] == "0011")
    own[6] = "EX"
    rows[2][6] = "(read only)"
    text, told = canvas_gradebook(text_of(rows), "Homework 3", marks.grades, marks.people)
    assert next(row for row in csv.reader(io.StringIO(text)) if row[2] == "0011")[6] == "EX"
    assert told == [
        "the task is read only in Canvas: its import passes the points over",
        "`0011` is excused in the gradebook; 6 points were not entered",
    ]


def test_moodle_gets_mail_id_grade_and_feedback(marks: ClassMarks) -> None:
    """E-mails are the roster's, letter for letter; an id that is an e-mail stands in its column; nothing is a formula."""
    rows = list(csv.DictReader(io.StringIO(moodle_table(marks.title, marks.grades, marks.people))))
    assert [row["Email address"] for row in rows] == [s.email for s in STUDENTS[:-1]]
    assert rows[2] == {
        "Email address": "Chloë@Uni.example", "ID number": "0012", "Homework 3": "4",
        "Homework 3 (feedback)": "4 of 6 points (67%). Begin with g: q.",
    }  # fmt: skip
    lone = moodle_table("=HYPERLINK()", [Grade("kim@x.y", 1, 2, "=1+1")], {})
    assert lone == "Email address,ID number,'=HYPERLINK(),'=HYPERLINK() (feedback)\nkim@x.y,,1,'=1+1\n"


def submitted(root: Path, data: bytes, users: Any, name: str = "answers.csv") -> dict[str, Any]:
    """Return the results of a submission, graded in the archive's folder."""
    if not (root / "source").exists():
        (root / "source").mkdir(parents=True)
        archive = zipfile.ZipFile(io.BytesIO(autograder_zip(PROBLEM, roster=roster_file(STUDENTS))))
        for own in ("problems.toml", "settings.json", "roster.csv"):
            archive.extract(own, root / "source")
    place = root / "submission"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    (place / name).write_bytes(data)
    (root / "submission_metadata.json").write_text(json.dumps({"users": users}), encoding="utf-8")
    found = grade_submission(root)
    assert json.loads((root / "results" / "results.json").read_text(encoding="utf-8")) == found
    return found


def test_gradescope_marks_twelve_by_their_mail(tmp_path: Path) -> None:
    """Each gets the marks of their own values, whoever they say in the file they are not."""
    for number, student in enumerate(STUDENTS):
        answers = RIGHT[student.name]
        data = f"q,df/dx,df/dz\n{answers['q']},{answers['df/dx']},{answers['df/dz']}\n".encode()
        found = submitted(tmp_path, data, [{"email": student.email.upper(), "id": number, "name": student.label}])
        assert (found["score"], len(found["tests"])) == (6.0, 3)


UNREADABLE: dict[str, tuple[bytes, Any, str]] = {
    "an empty file": (b"", [{"email": "Anna@Uni.example"}], "answers.csv: the file is empty"),
    "somebody else's": (b"student,q\n0011,3\n", [{"email": "Anna@Uni.example"}], "does not speak for `0011`"),
    "nobody on the roster": (b"q\n3\n", [{"email": "eve@x.y", "name": "Eve"}], "`eve@x.y` is not on the roster"),
    "nobody": (b"q\n3\n", [], "the submission names no student"),
    "a group with values each": (b"q\n3\n", [{"email": "Anna@Uni.example"}, {"email": "Ben@Uni.example"}], "have values of their own each"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_gradescope_gets_results_of_what_cannot_be_read(kind: str, tmp_path: Path) -> None:
    """The student reads why, the score is 0, and there is a results file."""
    data, users, why = UNREADABLE[kind]
    found = submitted(tmp_path, data, users)
    assert found["score"] == 0
    assert why in found["output"]


def test_gradescope_says_how_a_sheet_was_read(tmp_path: Path) -> None:
    """A sheet of another encoding is marked, and its student reads what it was taken for."""
    student = STUDENTS[6]
    data = f"student,q\n{student.label},{RIGHT[student.name]['q']}\n".replace(student.label, student.name).encode()
    data += "Jürg Ab,½\n".encode("cp1252")
    found = submitted(tmp_path, data, [{"email": student.email, "name": student.label}])
    assert found["score"] == 2
    assert "it was read as Windows-1252, as in `Jürg Ab`" in found["output"]


def test_gradescope_wants_one_file(tmp_path: Path) -> None:
    """A submission without a file of answers is told what is handed in."""
    found = submitted(tmp_path, b"%PDF", [{"email": "Anna@Uni.example"}], name="scan.pdf")
    assert "one file of answers is handed in, ending in .csv" in found["output"]
    assert "scan.pdf" in found["output"]


def test_the_archive_is_whole_and_the_same_at_every_making() -> None:
    """It has both scripts, runnable, the problems, the roster, the package and what that needs."""
    data = autograder_zip(PROBLEM, roster=ROSTER)
    assert data == autograder_zip(PROBLEM, roster=ROSTER)
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 == 0o100755
        script = archive.read(name)
        assert script.startswith(b"#!/usr/bin/env bash\n")
        assert subprocess.run(["bash", "-n"], input=script, check=False, capture_output=True).stderr == b""
        assert b"\r" not in archive.read(name)
    assert {"requirements.txt", "problems.toml", "roster.csv", "backprop_tutor/homework/autograder.py"} <= {*archive.namelist()}
    needed = archive.read("requirements.txt").decode()
    assert "numpy>=" in needed
    assert "pytest" not in needed
    with pytest.raises(FileError, match="a roster with both is needed"):
        autograder_zip(PROBLEM)


def test_notebooks_get_points_for_what_is_partly_right() -> None:
    """A number that shows as one, with its diagnosis; a function that returns nonsense gets none; copies stay whole."""
    d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    assert (grade({"w": 5, "x": -2, "b": 1}, d, points=3), grade(lambda w, x, b: (x, w, 1), d)) == (3, 1)
    part = grade(lambda w, x, b: (x, w, 7), d, points=3)
    assert (repr(part), part.message.splitlines()[0]) == ("2.0", "1 of 3 answers is not right. Begin with df/db = 7:")
    assert part.marking is not None
    assert grade(lambda w, x, b: None, d).message == "the function returned None; return the gradients"
    for again in (pickle.loads(pickle.dumps(part)), copy.deepcopy(part)):  # noqa: S301  # of our own making
        assert isinstance(again, Points)
        assert (again, again.message) == (part, part.message)
    layer = bt.derive("L = sum(X*X)", {"X": [1.0, 2.0]})
    assert (grade({"X": [2, 4]}, layer), grade({"X": [2, 5]}, layer)) == (1, 0)
    with pytest.raises(bt.UnknownNameError):
        grade({"nothing": 1}, d)
