"""Whose sheet it is: rosters, spellings of ids, several attempts, forms' headings, a whole class of 12."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from backprop_tutor.errors import FileError
from backprop_tutor.homework.answers.attempts import moments
from backprop_tutor.homework.answers.heading_table import heading_table
from backprop_tutor.homework.answers.headings import cells_within, read_header
from backprop_tutor.homework.answers.rosters import parse_roster, read_roster, roster_of
from backprop_tutor.homework.answers.speakers import Roster
from backprop_tutor.homework.checking import ClassMarks, check_class
from backprop_tutor.homework.problems.problem_set import parse_problems

PROBLEM = """
[[problem]]
id = "g"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["q", "df/dx", "df/dz"]
"""
DRAWN = PROBLEM.replace("z = -4", "z = { from = -9, to = -2 }")
ROSTER = "student,name,email\n0012345,Anna Å,anna@uni.example\ns106,Fee Li,fee@uni.example\ns107,Gül Ak,gül@uni.example\n"


def checked(folder: Path, answers: str | bytes, problem: str = PROBLEM, **options: Any) -> ClassMarks:
    (folder / "p.toml").write_text(problem, encoding="utf-8")
    data = answers.encode() if isinstance(answers, str) else answers
    (folder / "a.csv").write_bytes(data)
    return check_class(folder / "p.toml", folder / "a.csv", folder / "marks", workers=0, **options)


def table(folder: Path, name: str = "class.csv") -> list[dict[str, str]]:
    with (folder / "marks" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNKNOWN = {
    "S106": "did you mean `s106`?", "12345": "did you mean `0012345`?", "s106 (1)": "did you mean `s106`?",
    "fee@other.example": "did you mean `s106`?", "s 106": "did you mean `s106`?", "zzz": "",
}  # fmt: skip


@pytest.mark.parametrize("given", UNKNOWN)
def test_who_is_not_on_the_roster_is_never_marked(given: str) -> None:
    """An id that is spelled otherwise is refused with the one that is meant; nobody is marked by a guess."""
    roster, _ = roster_of(parse_roster(ROSTER))
    with pytest.raises(FileError) as caught:
        roster.checked(given)
    hint = f"; {UNKNOWN[given]}" if UNKNOWN[given] else ""
    assert str(caught.value) == f"`{given}` is not on the roster{hint}"


def test_an_email_of_the_roster_names_its_student() -> None:
    """The roster's own e-mails are ids, whatever the case; an e-mail of two students is nobody's."""
    roster, people = roster_of(parse_roster(ROSTER))
    assert roster.checked("FEE@uni.example") == "s106"
    assert people["s106"].label == "Fee Li"
    twice, _ = roster_of(parse_roster("student,email\na1,x@y.z\nb2,x@y.z\n"))
    with pytest.raises(FileError, match="is not on the roster"):
        twice.checked("x@y.z")


def test_the_problem_file_names_the_class(tmp_path: Path) -> None:
    """`students` is a roster beside the file, or a list; the option comes before it."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    answers = "student,q\ns106,3\nS107,3\n"
    for students in ('students = "roster.csv"', 'students = ["s106", "s107"]'):
        marks = checked(tmp_path, answers, students + DRAWN)
        assert marks.refused == ["a.csv, row 3: `S107` is not on the roster; did you mean `s107`?"]
        assert "s107" in marks.missing
        assert [row["student"] for row in table(tmp_path)] == ["s106"]
    assert checked(tmp_path, answers, 'students = "roster.csv"' + DRAWN, students=["S107"]).counts.students == 1
    with pytest.raises(FileError, match="there is no file"):
        checked(tmp_path, answers, 'students = "none.csv"' + DRAWN)


def test_values_drawn_without_a_roster_are_remarked_on(tmp_path: Path) -> None:
    """Where values are drawn by name and nobody says which names there are, it is said."""
    assert any("no roster says which names there are" in line for line in checked(tmp_path, "student,q\nx,3\n", DRAWN).remarks)
    assert checked(tmp_path, "student,q\nx,3\n").remarks == []


def test_names_and_emails_stand_in_the_tables(tmp_path: Path) -> None:
    """A roster's names and e-mails are columns of the class's tables, but not where names are hidden."""
    marks = checked(tmp_path, "student,q\ns106,3\n", students=parse_roster(ROSTER))
    (row,) = table(tmp_path)
    assert (row["name"], row["e-mail"]) == ("Fee Li", "fee@uni.example")
    page = (tmp_path / "marks" / "class.html").read_text(encoding="utf-8")
    assert '<td data-head="name">Fee Li</td><td data-head="e-mail">fee@uni.example</td>' in page
    assert "<h2>Students without a sheet</h2><ul><li>0012345</li><li>s107</li></ul>" in page
    assert marks.missing == ["0012345", "s107"]


ATTEMPTS = "Timestamp,student,q,df/dx\n03.11.2026 12:00,anna,3,-4\n04.11.2026 09:00,anna,7,7\n02.11.2026 08:00,anna,3,7\n"


@pytest.mark.parametrize(
    ("policy", "points", "row"), [("last", 0.0, 3), ("first", 1.0, 4), ("best", 2.0, 2), (None, 0.0, 3)]
)
def test_one_attempt_counts(tmp_path: Path, policy: Any, points: float, row: int) -> None:
    """The last, by time stamps and not by rows, the best or the first; the table says which."""
    marks = checked(tmp_path, ATTEMPTS, attempts=policy)
    assert marks.counts.students == 1
    (line,) = table(tmp_path)
    assert float(line["points"]) == points
    told = {"best": "the best one counts", "first": "the first one is marked"}.get(policy, "the last one is marked")
    assert line["remark"].startswith(f"3 attempts were handed in; {told}: a.csv, row {row}, 0")
    again = checked(tmp_path, ATTEMPTS, attempts=policy)
    assert (again.reused, float(table(tmp_path)[0]["points"])) == (1, points)


def test_the_policy_stands_in_the_problem_file(tmp_path: Path) -> None:
    """`attempts` of the file holds where no option says otherwise; another word is refused."""
    checked(tmp_path, ATTEMPTS, 'attempts = "best"' + PROBLEM)
    assert float(table(tmp_path)[0]["points"]) == 2
    with pytest.raises(FileError, match="attempts"):
        parse_problems('attempts = "newest"' + PROBLEM)


STAMPS = [
    ("2026-11-03T10:15:00+01:00", 1), ("2026/11/03 10:15:00 AM GMT+9", 1), ("03.11.2026 10:15:07", 1),
    ("11/25/2026 3:05:00 PM", 1), ("3/4/2026 10:15", 2), ("31/31/2026", 0), ("soon", 0), ("", 0),
]  # fmt: skip


@pytest.mark.parametrize(("stamp", "readings"), STAMPS)
def test_a_time_stamp_may_mean(stamp: str, readings: int) -> None:
    """Stamps of common programs are read; where day and month may change places, both are."""
    assert len(moments(stamp)) == readings


def test_stamps_that_say_no_one_order_give_way_to_the_rows(tmp_path: Path) -> None:
    """3/4 and 4/3 may be March and April either way: then the last row is the last attempt."""
    checked(tmp_path, "Timestamp,student,q\n4/3/2026 9:00,anna,7\n3/4/2026 9:00,anna,3\n")
    assert float(table(tmp_path)[0]["points"]) == 1


HEADINGS = {
    "What is df/dx?": ["df/dx"],
    "Aufgabe 2: Berechne ∂f / ∂x bei x = −2": ["df/dx"],
    "Wert von q:": ["q"],
    "Compute `q` first": ["q"],
    "What is $∂f/∂z$, given q = 3?": ["q", "df/dz"],
    "Problem g: enter q (4 digits)": ["q"],
    "df/dx (the first input)": ["df/dx"],
    "equation": [],
    "d f/dx2": [],
    "faq": [],
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_question_names_a_cell(heading: str) -> None:
    """A cell's name is found as a whole, however it is written, and never inside another word."""
    problems = parse_problems(PROBLEM)
    assert [key[1] for key in cells_within(problems, heading)] == HEADINGS[heading]


def test_a_letter_that_is_a_word_is_a_name_where_a_question_ends_in_it() -> None:
    """The article is no cell; a name at the end of a question is one."""
    problems = parse_problems(PROBLEM.replace("q", "a"))
    assert cells_within(problems, "What is a gradient?") == []
    assert cells_within(problems, "What is a?") == [("g", "a")]
    assert cells_within(problems, "Enter a (4 digits)") == [("g", "a")]
    assert cells_within(problems, "Is there a (short) way?") == []


def test_questions_are_columns_and_what_may_be_two_cells_is_refused() -> None:
    """Each question that was read is told; one that names two cells, or none, is refused; scores are passed over."""
    header = ["Zeitstempel", "Score", "Student ID", "Was ist q?", "df/dz, given q", "The slope"]
    found = read_header(header, "a.csv", parse_problems(PROBLEM))
    assert (found.time, found.who, found.columns) == (0, [2], [(3, ("g", "q"))])
    assert found.remarks == ["the column `Score` is passed over", "column 4, `Was ist q?`, is read as `q`"]
    assert next(str(fault) for fault in found.faults) == (
        "a.csv, row 1, column 5: `df/dz, given q` may mean q, df/dz; say which in the problem file's table "
        "[headings] (`check --headings` writes it)"
    )
    assert "a.csv, row 1, column 6: " in str(found.faults[1])


def test_the_table_of_headings_is_written_and_completed(tmp_path: Path) -> None:
    """`--headings` writes what is known and what may be meant; completed, it decides."""
    (tmp_path / "a.csv").write_text('Your student ID,"df/dz, given q",The slope,Remarks\nanna,3,-4,none\n', encoding="utf-8")
    text = heading_table([tmp_path / "a.csv"], parse_problems(PROBLEM))
    assert text == (
        '[headings]\n"Your student ID" = "student"\n"df/dz, given q" = ""  # may be q, df/dz\n'
        '"The slope" = ""  # names no cell; "student", "time", a cell, or "" to pass it over\n'
        '"Remarks" = ""  # names no cell; "student", "time", a cell, or "" to pass it over\n'
    )
    whole = text.replace('q" = ""', 'q" = "df/dz"').replace('slope" = ""', 'slope" = "df/dx"')
    marks = checked(tmp_path, (tmp_path / "a.csv").read_bytes(), PROBLEM + whole)
    assert (marks.refused, float(table(tmp_path)[0]["points"])) == ([], 2)
    with pytest.raises(FileError, match=r"headings, `Slope`: .*did you mean"):
        parse_problems(PROBLEM + '[headings]\nSlope = "df/dxx"\n')


def test_without_a_roster_the_rows_numbers_are_no_names(tmp_path: Path) -> None:
    """Beside the times of Microsoft Forms, `ID` numbers the rows; elsewhere it names the students."""
    checked(tmp_path, "ID,Start time,Email,q\n1,2026-11-03 10:00,fee@uni.example,3\n")
    assert [row["student"] for row in table(tmp_path)] == ["fee@uni.example"]
    checked(tmp_path, "ID,Email,q\ns1,fee@uni.example,3\n")
    assert [row["student"] for row in table(tmp_path)] == ["s1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rosters_are_read_as_spreadsheets_save_them(tmp_path: Path, encoding: str) -> None:
    """UTF-16 with tabs, a byte order mark, `;`: the names are whole."""
    separator = "\t" if encoding == "utf-16" else ";"
    (tmp_path / "roster.csv").write_bytes(ROSTER.replace(",", separator).encode(encoding))
    assert [s.label for s in read_roster(tmp_path / "roster.csv")] == ["Anna Å", "Fee Li", "Gül Ak"]


def test_the_name_on_the_roster_names_the_student(tmp_path: Path) -> None:
    """A full name that one student of the roster has is that student; one that two have is nobody's."""
    names = Roster(["7", "8", "9"], {"7": ["Ben Özil"], "8": ["Eva Lin"], "9": ["Eva Lin"]})
    assert (names.checked("ben özil"), names.known("Eva Lin")) == ("7", None)
    rows = "id,name\n7,Ben Özil\n8,Eva Lin\n"
    roster, _ = roster_of(parse_roster(rows))
    assert roster.checked("Ben Özil") == "7"


def test_microsofts_numbers_are_no_ids(tmp_path: Path) -> None:
    """A form's column ID counts its rows: with a roster the column that names its students is taken."""
    answers = "ID,Completion time,Email,Name,q\n1,2026-11-03 10:00,fee@uni.example,anonymous,3\n"
    marks = checked(tmp_path, answers, students=parse_roster(ROSTER))
    assert (marks.refused, [row["student"] for row in table(tmp_path)]) == ([], ["s106"])
