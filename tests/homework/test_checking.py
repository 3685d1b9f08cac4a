from __future__ import annotations

import csv
import json
import os
from collections.abc import Generator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tutor.cli.check import check
from backprop_tutor.cli.problem_check import problem_check
from backprop_tutor.errors import OptionError
from backprop_tutor.homework import checking
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.marking.results import StudentResult
from backprop_tutor.homework.reports import writing
from backprop_tutor.homework.reports.wording import REVEAL, Reveal
from backprop_tutor.homework.reports.writing import Settings

PROBLEMS = """
title = "Sheet 3"
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
"""

ANSWERS = """student,q,f,df/dz,df/dq,df/dx,df/dy
anna,3,-12,3,-4,-4,-4
ben,3,-12,3,4,4,4
../../etc,3,=cmd(),3,4,4,4
Anna,3,-12,,,,
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with problems and answers."""
    (tmp_path / "problems.toml").write_text(PROBLEMS, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    return tmp_path


def mark(place: Path, into: str = "marks", **options: object) -> checking.ClassMarks:
    """Mark the folder's class in this process."""
    return check_class(
        place / "problems.toml", place / "answers.csv", place / into, workers=0,
        settings=Settings(**options),  # type: ignore[arg-type]
    )  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_every_file(place: Path) -> None:
    """All files are written, under names that are safe on every system."""
    marks = mark(place)
    assert marks.counts.students == 4
    written = files(place / "marks")
    students = sorted({name.split("/")[1] for name in written if name.startswith("students/")})
    assert students[0].startswith("anna")
    assert students[1].startswith("anna-")
    assert students[2:] == ["ben", students[3]]
    assert students[3].startswith("etc-")
    assert {name for name in written if "/" not in name} == {
        "class.csv", "class.html", "slips.csv", "cells.csv", "unjudged.csv", "review.csv", "marks.json",
    }  # fmt: skip
    assert {name.split("/")[-1] for name in written if name.startswith("students/ben/")} == {
        "report.md", "report.html", "graph-p1.svg", "results.json", "marks.json",
    }  # fmt: skip
    assert not list(place.rglob("*.part"))
    assert {path.name for path in place.iterdir()} == {"problems.toml", "answers.csv", "marks"}


def test_tables_read_back(place: Path) -> None:
    """The CSV tables and the JSON say the same about the class."""
    mark(place)
    with (place / "marks" / "class.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["anna", "ben", "../../etc", "Anna"]
    assert rows[0]["score"] == "1.0000"
    data = json.loads((place / "marks" / "marks.json").read_text(encoding="utf-8"))
    assert data["version"] == 1
    results = [StudentResult.model_validate(student) for student in data["students"]]
    assert [f"{r.score:.4f}" for r in results] == [row["score"] for row in rows]
    gradescope = json.loads(
        (place / "marks" / "students" / "ben" / "results.json").read_text(encoding="utf-8")
    )
    assert gradescope["score"] == float(rows[1]["points"])


def test_the_published_schema() -> None:
    """The schema in the documentation is that of the records, and JSON files keep to it."""
    path = Path(__file__).parents[2] / "docs" / "schemas" / "marks.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == writing.schema()


def test_the_same_bytes_again(place: Path) -> None:
    """Two runs into two folders write the same bytes."""
    mark(place, "one")
    mark(place, "two")
    assert files(place / "one") == files(place / "two")


def test_resume(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was interrupted goes on where it stopped, and ends with the same files."""
    mark(place, "whole")
    real = writing.MarksFolder.write
    written: list[str] = []

    def interrupted(self: writing.MarksFolder, sheet: object, result: StudentResult) -> None:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(result.student)
        real(self, sheet, result)  # type: ignore[arg-type]

    monkeypatch.setattr(writing.MarksFolder, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mark(place)
    assert not (place / "marks" / "class.csv").exists()
    assert not list(place.rglob("*.part"))
    monkeypatch.undo()
    assert mark(place).reused == 2
    assert files(place / "marks") == files(place / "whole")


def test_changed_answers_are_marked_again(place: Path) -> None:
    """Only sheets that changed, or whose settings changed, are marked again."""
    mark(place)
    assert mark(place).reused == 4
    text = ANSWERS.replace("ben,3", "ben,4")
    (place / "answers.csv").write_text(text, encoding="utf-8")
    assert mark(place).reused == 3
    path = place / "marks" / "students" / "ben" / "marks.json"
    assert json.loads(path.read_text(encoding="utf-8"))["problems"][0]["cells"][0]["given"] == "4"
    assert mark(place, reveal="answers").reused == 0
    broken = place / "marks" / "students" / "anna" / "marks.json"
    broken.write_text("{", encoding="utf-8")
    assert mark(place, reveal="answers").reused == 3


def test_anonymous(place: Path) -> None:
    """With pseudonyms no file but the key has a name in it, and the key leads back."""
    folder = place / "sheets"
    folder.mkdir()
    (folder / "annabel.json").write_text('{"q": true, "zz": 1}', encoding="utf-8")
    (folder / "zebulon.json").write_text("{", encoding="utf-8")
    check_class(
        place / "problems.toml",
        folder,
        place / "marks",
        workers=0,
        settings=Settings(anonymous=True),
    )
    written = files(place / "marks")
    key = written.pop("key.csv").decode()
    assert "annabel" in key
    for name, data in written.items():
        assert "annabel" not in name
        assert b"annabel" not in data
        assert b"zebulon" not in data
    pseudonym = key.splitlines()[1].split(",")[0]
    assert (place / "marks" / "students" / pseudonym / "report.md").is_file()


def test_a_student_in_two_files(place: Path) -> None:
    """Of two sheets of one student the last is marked, and both are told of."""
    (place / "more.csv").write_text("student,q\nanna,7\ncy,3\n", encoding="utf-8")
    marks = check_class(
        place / "problems.toml",
        [place / "answers.csv", place / "more.csv"],
        place / "marks",
        workers=0,
    )
    assert marks.counts.students == 5
    assert marks.refused == []
    rows = (place / "marks" / "class.csv").read_text(encoding="utf-8")
    assert "2 attempts were handed in; the last one is marked: more.csv, row 2" in rows


def test_settings_are_checked() -> None:
    """A misspelt setting is refused with the nearest one."""
    with pytest.raises(OptionError, match="did you mean `answers`"):
        Settings(reveal="answer")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="format is not"):
        Settings(formats=("pdf",))


def test_formats(place: Path) -> None:
    """Only the formats asked for are written."""
    mark(place, formats=("gradescope",))
    assert {p.name for p in (place / "marks" / "students" / "ben").iterdir()} == {"results.json"}


def test_command(place: Path) -> None:
    """The command marks, names what it could not read, and sums up."""
    with (place / "answers.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("\x1b[2Jeve,1,1,1,1,1,1,1,1\n,1\n")
    run = CliRunner().invoke(
        check,
        [
            str(place / "problems.toml"),
            str(place / "answers.csv"),
            "-o",
            str(place / "m"),
            "--workers",
            "0",
        ],
    )
    assert run.exit_code == 1, run.output
    assert "5 students, mean score" in run.output
    assert "not read: answers.csv, row 7: no student is named" in run.output
    assert "\x1b" not in run.output
    assert "sign-of-edge" in run.output
    again = CliRunner().invoke(
        check,
        [
            str(place / "problems.toml"),
            str(place / "answers.csv"),
            "-o",
            str(place / "m"),
            "--workers",
            "0",
            "-q",
        ],
    )
    assert "5 students, 5 from an earlier run" in again.output


def test_command_with_workers(place: Path) -> None:
    """The command's own pool of processes gives the same marks."""
    mark(place, "here")
    run = CliRunner().invoke(
        check,
        [
            str(place / "problems.toml"),
            str(place / "answers.csv"),
            "-o",
            str(place / "there"),
            "--workers",
            "1",
        ],
    )
    assert run.exit_code == 0, run.output
    assert files(place / "here") == files(place / "there")


def test_problem_check_command(place: Path) -> None:
    """The key is shown with its three checks; a proposal tells all slips apart."""
    run = CliRunner().invoke(problem_check, [str(place / "problems.toml"), "--find-values", "1"])
    assert run.exit_code == 0, run.output
    assert "✓ three ways" in run.output
    assert "proposed: values = {" in run.output
    assert "slips that these tell apart: all" in run.output
    assert run.output.endswith("1 problem, 6 points\n")
    strict = CliRunner().invoke(problem_check, [str(place / "problems.toml"), "--strict"])
    assert strict.exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="permissions are of another kind there")
def test_a_folder_that_cannot_be_written(place: Path) -> None:
    """A file in the place of the folder is named in the refusal."""
    (place / "marks").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="is a file, not a folder"):
        mark(place)


_TEXTS = st.text(max_size=15) | st.sampled_from(
    [
        "3",
        "-4",
        "1/3",
        "0.40",
        "1e999",
        "nan",
        "=1+1",
        "x",
        "q*z",
        "9**9**9",
        "\x00",
        "2^(20000*x)",
        "3,1",
    ]
)


@given(st.lists(st.lists(_TEXTS, min_size=4, max_size=4), max_size=4), st.sampled_from(REVEAL))
@settings(max_examples=12, deadline=None)
def test_any_answers_are_marked(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], reveal: Reveal
) -> None:
    """Whatever stands in an answer file, every file is written and nothing is left unsaid."""
    place = tmp_path_factory.mktemp("fuzz")
    problems = PROBLEMS.replace('id = "p1"', 'id = "p1"\nformulas = ["df/dx"]')
    (place / "problems.toml").write_text(problems, encoding="utf-8")
    with (place / "answers.csv").open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([["student", "q", "df/dx", "df/dy"], *rows])
    marks = check_class(
        place / "problems.toml", place / "answers.csv", place / "marks", workers=0,
        settings=Settings(reveal=reveal),
    )  # fmt: skip
    assert marks.counts.stopped == 0
    assert {path.parent for path in (place / "marks").rglob("report.html")} <= {
        *(place / "marks" / "students").iterdir()
    }
    for path in (place / "marks").rglob("*"):
        if path.suffix in (".json", ".svg", ".html", ".md", ".csv"):
            text = path.read_text(encoding="utf-8")
            assert not any(c in text for c in "\x00\x1b\u202e")
    for path in (place / "marks").rglob("*.svg"):
        ElementTree.parse(path)


def test_another_language_is_marked_anew(place: Path) -> None:
    """Marks in English are not taken for Korean ones; the language is English again afterwards."""
    mark(place, lang="ko")
    again = mark(place)
    assert again.reused == 0
    assert "Right" not in (place / "marks" / "students" / "anna" / "report.md").read_text(encoding="utf-8")
    assert "✗ slip" in (place / "marks" / "students" / "ben" / "report.md").read_text(encoding="utf-8")
    with pytest.raises(OptionError, match="no catalogue for the language `fr`"):
        mark(place, lang="fr")


def test_an_interrupted_run_lets_go_of_its_answers(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader of the answers is closed with the run, whoever else still refers to it."""
    held: list[Generator[object, None, None]] = []
    real = checking.read_answers

    def kept(*args: object) -> object:
        held.append(real(*args))  # type: ignore[arg-type]
        return held[0]

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "read_answers", kept)
    monkeypatch.setattr(checking, "mark_class", lambda text, sheets, **_: (next(sheets) for _ in "12"))
    monkeypatch.setattr(checking, "corrected", lambda sheet, *_: sheet)
    monkeypatch.setattr(writing.MarksFolder, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mark(place)
    assert held[0].gi_frame is None
