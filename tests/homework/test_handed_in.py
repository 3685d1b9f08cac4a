"""Whose the files are that a learning platform exports, a folder a student."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backprop_tutor.homework.answers.handed_in import Refused, Remark
from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.answers.speakers import Roster, platform_name
from backprop_tutor.homework.checking import check_class
from backprop_tutor.homework.problems.problem_set import parse_problems

PROBLEMS = """
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
"""
ASKED = parse_problems(PROBLEMS)
FILE = "_assignsubmission_file_"
ONLINE = "_assignsubmission_onlinetext_"


def read(
    place: Path, files: dict[str, str], roster: Roster | None = None, given: tuple[str, ...] = ("export",)
) -> tuple[dict[str, str], list[str], list[str]]:
    """Write files, read what is given; return answers to q by student, what is refused, remarks."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    events = list(read_answers([place / name for name in given], ASKED, roster))
    sheets = {
        e.student: e.answers[("p1", "q")].text if e.answers else ""
        for e in events
        if isinstance(e, Sheet)
    }
    return (
        sheets,
        [str(e) for e in events if isinstance(e, Refused)],
        [str(e) for e in events if isinstance(e, Remark)],
    )


def test_a_folder_a_student(tmp_path: Path) -> None:
    """Moodle's folders are read; the file in each is its student's, whatever it is called."""
    files = {
        f"export/Anna Smith_101{FILE}/answers.csv": "quantity,answer\nq,3\n",
        f"export/Ben Ode_102{FILE}/Anna Smith.json": '{"q": "4"}',
        f"export/Kim Ji-u_103{FILE}/a.toml": 'q = "5"\n',
        f"export/O_Neil_104{FILE}/a.csv": "student,q\nO_Neil,6\n",
        "export/dora.csv": "quantity,answer\nq,7\n",
    }
    assert read(tmp_path, files) == (
        {"Anna Smith": "3", "Ben Ode": "4", "Kim Ji-u": "5", "O_Neil": "6", "dora": "7"}, [], [],
    )  # fmt: skip


def test_a_folder_speaks_for_nobody_else(tmp_path: Path) -> None:
    """Rows for another are refused and listed, and take nobody's marks; so is a class file's row."""
    files = {
        f"export/Aaron Lee_1{FILE}/x.csv": "student,q\nAnna Smith,0\nAaron Lee,1\n",
        f"export/Anna Smith_2{FILE}/x.csv": "student,q\nSmith Anna,3\n",
        f"export/Eve_3{FILE}/x.json": '{"student": "Anna Smith", "q": "0"}',
        "class.csv": "student,q\nAnna Smith,0\nCy,8\n",
    }
    sheets, refused, _ = read(tmp_path, files, given=("export", "class.csv"))
    assert sheets == {"Aaron Lee": "1", "Smith Anna": "3", "Cy": "8"}
    told = "it does not speak for `Anna Smith` (a file that holds a class is given by its own path)"
    assert refused == [
        f"export/Aaron Lee_1{FILE}/x.csv, row 2: this file is `Aaron Lee_1{FILE}`'s; {told}",
        f"export/Eve_3{FILE}/x.json: this file is `Eve_3{FILE}`'s; {told}",
        "class.csv, row 2: `Anna Smith` has a file of their own, "
        "`export/Anna Smith_2_assignsubmission_fi…`",
    ]


def test_two_of_one_name(tmp_path: Path) -> None:
    """Students of one name are told apart by their numbers."""
    files = {f"export/Anna Smith_{n}{FILE}/a.csv": f"quantity,answer\nq,{n}\n" for n in (1, 2)}
    files[f"export/Anna Smith_1{ONLINE}/onlinetext.html"] = "<p>I have uploaded a file</p>"
    sheets, refused, _ = read(tmp_path, files)
    assert sheets == {"Anna Smith 1": "1", "Anna Smith 2": "2"}
    assert refused == [
        f"export/Anna Smith_1{ONLINE}: text typed online is not read; answers are a file that ends in "
        ".csv, .tsv, .json, .jsonl, .ndjson, .toml"
    ]


def test_what_is_in_a_folder_that_nobody_can_mark(tmp_path: Path) -> None:
    """Several files of answers, none, an empty folder, links: listed with the folder and the reason."""
    files = {
        f"export/Anna_1{FILE}/a.csv": "quantity,answer\nq,3\n",
        f"export/Anna_1{FILE}/b.csv": "quantity,answer\nq,4\n",
        f"export/Ben_2{FILE}/scan.pdf": "%PDF",
        f"export/Cy_3{FILE}/a.csv": "quantity,answer\nq,5\n",
        f"export/Cy_3{FILE}/scan.pdf": "%PDF",
        f"export/Cy_3{FILE}/deeper/a.csv": "quantity,answer\nq,6\n",
        "export/old/a.csv": "quantity,answer\nq,9\n",
    }
    (tmp_path / f"export/Dee_4{FILE}").mkdir(parents=True)
    linked = tmp_path / f"export/Eve_5{FILE}"
    linked.mkdir()
    (linked / "a.csv").symlink_to(tmp_path / f"export/Cy_3{FILE}/a.csv")
    sheets, refused, remarks = read(tmp_path, files)
    endings = ".csv, .tsv, .json, .jsonl, .ndjson, .toml"
    assert sheets == {"Cy": "5"}
    assert refused == [
        f"export/Anna_1{FILE}: the student's folder has 2 files of answers, a.csv, b.csv; leave one",
        f"export/Ben_2{FILE}: no file of answers is in the student's folder, only scan.pdf; "
        f"answers end in {endings}",
        f"export/Dee_4{FILE}: the student's folder is empty",
        f"export/Eve_5{FILE}/a.csv: a link is not followed; put the file itself here",
        f"export/Eve_5{FILE}: the student's folder is empty",
    ]
    assert remarks == [
        f"export/Cy_3{FILE}/deeper: no file of answers; it is not read",
        f"export/Cy_3{FILE}/scan.pdf: no file of answers; it is not read",
        "export/old: a folder inside the folder is not looked into",
    ]


def test_folders_and_a_roster(tmp_path: Path) -> None:
    """A roster says who a folder's student is, also where the folder has the bare name."""
    files = {
        f"export/Anna Smith_101{FILE}/a.csv": "quantity,answer\nq,3\n",
        f"export/Someone_0012{FILE}/a.csv": "quantity,answer\nq,4\n",
        f"export/Stranger_7{FILE}/a.csv": "quantity,answer\nq,5\n",
        "export/ben/a.csv": "student,q\nben,6\n",
        "export/zoe/a.csv": "quantity,answer\nq,7\n",
    }
    roster = Roster(["Smith, Anna", "0012", "ben"])
    sheets, refused, remarks = read(tmp_path, files, roster)
    assert sheets == {"Smith, Anna": "3", "0012": "4", "ben": "6"}
    assert [line.partition(": ")[0] for line in refused] == [f"export/Stranger_7{FILE}/a.csv"]
    assert remarks == ["export/zoe: a folder inside the folder is not looked into"]


@pytest.mark.parametrize(
    ("folder", "written"),
    [
        (f"Anna Smith_1234{FILE}", ("Anna Smith", "1234")),
        (f"김지우_1{ONLINE}", ("김지우", "1")),
        (f"A_B_22{FILE}", ("A_B", "22")),
        (f"Eve_1{FILE}Anna_2{FILE}", (f"Eve_1{FILE}Anna", "2")),
        (f"Eve_1{FILE}x", None),
        (f"_1{FILE}", None),
        (f"Eve_{FILE}", None),
        (f"Eve_{'9' * 30}{FILE}", None),
        ("Eve_1_assignfeedback_file_", None),
        ("anna", None),
    ],
)
def test_names_of_folders(folder: str, written: tuple[str, str] | None) -> None:
    """A folder is Moodle's where its whole name is as Moodle writes it."""
    assert platform_name(folder) == written


@pytest.mark.skipif(os.name != "posix", reason="a pipe in the file system")
def test_a_class_goes_on(tmp_path: Path) -> None:
    """A folder with a pipe in it, or one that cannot be read, is listed; the others are marked."""
    (tmp_path / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    for number, name in enumerate(("Anna", "Ben", "Cy")):
        folder = tmp_path / "export" / f"{name}_{number}{FILE}"
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("quantity,answer\nq,3\n", encoding="utf-8")
    os.mkfifo(tmp_path / "export" / f"Ben_1{FILE}" / "pipe.csv")
    marks = check_class(tmp_path / "p.toml", tmp_path / "export", tmp_path / "marks", workers=0)
    assert marks.counts.students == 3
    assert marks.refused == [f"export/Ben_1{FILE}/pipe.csv: is a pipe, not a file"]
