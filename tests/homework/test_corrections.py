"""The teacher's last word: accepted answers, corrections, the review table filled in and given back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from backprop_tutor.errors import FileError
from backprop_tutor.homework.checking import ClassMarks, check_class
from backprop_tutor.homework.problems.problem_set import parse_problems, read_problems
from backprop_tutor.homework.reports.writing import Settings
from backprop_tutor.homework.review.corrections import read_corrections

PROBLEM = """
[[problem]]
id = "g"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["q", "df/dx", "df/dz"]
points = 2
[problem.cells."df/dz"]
accept = ["three", "3 m"]
"""
ANSWERS = "student,q,df/dx,df/dz\nanna,17,minus four,three\nben,17,-4,3\ncy,18,minus  four,3\n"


def checked(folder: Path, corrections: str | None = None, **options: Any) -> ClassMarks:
    (folder / "p.toml").write_text(PROBLEM, encoding="utf-8")
    (folder / "a.csv").write_text(ANSWERS, encoding="utf-8")
    decided = None
    if corrections is not None:
        (folder / "c.csv").write_text(corrections, encoding="utf-8")
        decided = read_corrections(folder / "c.csv", read_problems(folder / "p.toml"))
    return check_class(
        folder / "p.toml", folder / "a.csv", folder / "marks", workers=0, corrections=decided, **options
    )


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "marks" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def points(folder: Path) -> dict[str, float]:
    return {row["student"]: float(row["points"]) for row in table(folder, "class.csv")}


def cell(folder: Path, student: str, quantity: str) -> dict[str, Any]:
    marks = json.loads((folder / "marks" / "students" / student / "marks.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(c for c in marks["problems"][0]["cells"] if c["quantity"] == quantity)
    return found


def test_the_problem_file_accepts_answers(tmp_path: Path) -> None:
    """What `accept` lists is right, as it is typed, and the report says that a person accepts it."""
    checked(tmp_path)
    assert points(tmp_path) == {"anna": 2, "ben": 4, "cy": 2}
    assert cell(tmp_path, "anna", "df/dz")["decided"] == "The teacher accepts this answer."
    report = (tmp_path / "marks" / "students" / "anna" / "report.md").read_text(encoding="utf-8")
    assert "The teacher accepts this answer." in report
    assert table(tmp_path, "class.csv")[0]["remark"] == "1 answer decided by a person"
    with pytest.raises(FileError, match="accept"):
        parse_problems(PROBLEM.replace('["three", "3 m"]', "true"))


def test_the_review_table_is_filled_in_and_given_back(tmp_path: Path) -> None:
    """The same answers stand in one row, the most frequent first; filled in, they decide for all who gave them."""
    checked(tmp_path)
    rows = table(tmp_path, "review.csv")
    assert [(r["given by"], r["cell"], r["answer"], r["verdict"], r["who"]) for r in rows] == [
        ("2", "df/dx", "minus four", "not readable", "anna, cy"),
        ("2", "q", "17", "not right", "anna, ben"),
        ("1", "q", "18", "not right", "cy"),
    ]
    rows[0]["accept"], rows[0]["comment"] = "yes", "in words"
    rows[1]["points"] = "0,5"
    with (tmp_path / "back.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    marks = checked(tmp_path, (tmp_path / "back.csv").read_text(encoding="utf-8"))
    assert (marks.refused, marks.whole) == ([], True)
    assert points(tmp_path) == {"anna": 4.5, "ben": 4.5, "cy": 4}
    assert cell(tmp_path, "cy", "df/dx")["decided"] == "The teacher accepts this answer. in words"
    assert cell(tmp_path, "ben", "q")["decided"] == "The teacher gave 0.5 of 2 points."
    assert [row["answer"] for row in table(tmp_path, "review.csv")] == ["18"]
    again = checked(tmp_path, (tmp_path / "back.csv").read_text(encoding="utf-8"))
    assert (again.reused, points(tmp_path)) == (3, {"anna": 4.5, "ben": 4.5, "cy": 4})


def test_a_row_for_one_student_comes_first_and_one_that_meets_nothing_is_told(tmp_path: Path) -> None:
    """A student's own row beats that of an answer; a row about nobody's answer is listed, not dropped."""
    marks = checked(
        tmp_path,
        "student,cell,answer,accept,points,comment\n,q,17,,1,half\nben,q,17,yes,,talked\ndora,q,,yes,,\n,q,99,yes,,\n",
    )
    assert points(tmp_path) == {"anna": 3, "ben": 6, "cy": 2}
    assert marks.refused == [
        "c.csv, row 4: no answer to g: q is of `dora`; the row changes nothing",
        "c.csv, row 5: no answer to g: q is of `99`; the row changes nothing",
    ]


def test_corrections_are_taken_back(tmp_path: Path) -> None:
    """Without the file the marks are those of the answers again, though an earlier run's are there."""
    checked(tmp_path, "student,cell,accept\ncy,q,yes\n")
    assert points(tmp_path)["cy"] == 4
    checked(tmp_path)
    assert points(tmp_path)["cy"] == 2


FAULTS = {
    "q,,,yes,,": "a correction names a student, or an answer",
    "q,anna,,maybe,,": "accept is yes or no, not `maybe`",
    "q,anna,,yes,1,": "an answer is accepted or given points, not both",
    "q,anna,,,3,": "points are a number from 0 to 2, not `3`",
    "q,anna,,,all,": "points are a number from 0 to 2, not `all`",
    "q,anna,,,-1,": "points are a number from 0 to 2, not `-1`",
    "df/dw,anna,,yes,,": "`df/dw` is no quantity of this graph; did you mean `df/dz`?",
}


def test_every_fault_of_the_file_is_told(tmp_path: Path) -> None:
    """All faults at once, each with its row; rows that decide nothing are passed over; a header is needed."""
    problems = parse_problems(PROBLEM)
    path = tmp_path / "c.csv"
    path.write_text("cell,student,answer,accept,points,comment\n" + "\n".join(FAULTS) + "\nq,anna,,,,only a note\n", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_corrections(path, problems)
    for row, fault in enumerate(FAULTS.values(), 2):
        assert f"row {row}: {fault}" in str(caught.value)
    assert "row 9" not in str(caught.value)
    for text, told in (("", "the file is empty"), ("student,accept\nanna,yes\n", "the header is `student, accept`")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FileError, match=told):
            read_corrections(path, problems)


def test_what_is_decided_is_said_in_the_report_s_language(tmp_path: Path) -> None:
    """A Korean report says it in Korean; a comment is shown as it is typed, and harmless."""
    checked(tmp_path, "student,cell,accept,comment\ncy,q,yes,<b>ok</b>\n", settings=Settings(lang="ko"))
    page = (tmp_path / "marks" / "students" / "cy" / "report.html").read_text(encoding="utf-8")
    assert '<div class="decided">선생님이 이 답을 인정했습니다. &lt;b&gt;ok&lt;/b&gt;</div>' in page


def test_a_korean_review_table_is_read_back(tmp_path: Path) -> None:
    """Its heads are Korean, and it decides like an English one."""
    checked(tmp_path, settings=Settings(lang="ko"))
    text = (tmp_path / "marks" / "review.csv").read_text(encoding="utf-8")
    assert text.startswith("학생 수,학생,문제,칸,답,판정,이유,맞는 수,인정,점수,의견,누가\n")
    back = text.replace(',,,,"anna, cy"', ',예,,,"anna, cy"')
    assert back != text
    checked(tmp_path, back)
    assert points(tmp_path)["cy"] == 4
