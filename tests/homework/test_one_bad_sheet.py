"""A fault of one sheet, whatever it is, is that sheet's: the class is marked, the sheet is listed."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import backprop_tutor as bt
from backprop_tutor.cli.check import check
from backprop_tutor.errors import FileError
from backprop_tutor.homework.checking import ClassMarks, check_class
from backprop_tutor.homework.marking import results
from backprop_tutor.homework.marking.marker import Marker
from backprop_tutor.homework.reports import writing

PROBLEMS = """
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
ask = ["q", "df/dx", "df/dz"]
"""
CLEAN = {
    "anna.csv": "student,q,df/dx,df/dz\nanna,3,-4,3\n",
    "ben.json": '{"student": "ben", "q": 3, "df/dx": 4, "df/dz": 3}',
    "zoe.toml": 'q = 3\n"df/dx" = -4\n"df/dz" = 3\n',
}
SCORES = {"anna": "1.0000", "ben": "0.6667", "zoe": "1.0000"}
NINES = "9" * 5000

REFUSED: list[tuple[str, str | bytes, str]] = [
    ("eve.json", '{"student": "\\ud800", "q": 3}', "the student's name has \\ud800 in it, half a character"),
    ("eve.toml", f"q = {NINES}\n", "line 1: a number or a bare key has 5,000 characters; at most 400 are read"),
    ("eve.toml", f"q = 0x{'f' * 5000}\n", "line 1: a number or a bare key has 5,002 characters; at most 400 are read"),
    ("eve.toml", "a." * 30_000 + "a = 1\n", "line 1: it nests too deep; at most 12 levels are read"),
    ("eve.json", json.dumps({f"k{i}": 1 for i in range(100_000)}), "{path} has 1,288,890 bytes; at most 250,000 are read"),
    ("eve.json", json.dumps({f"k{i}": 1 for i in range(15_000)}), "line 1: it has too many keys and items; at most 10,000 are read"),
    ("eve.json", "[" * 100_000, "line 1: it nests too deep; at most 12 levels are read"),
    ("eve.csv", "q\n" + "1\n" * 20_000, "it has more than 20,000 lines; the rest is not read"),
    ("eve.csv", "q\n" + "1" * 240_000, "it is not CSV: field larger than field limit (131072)"),
    ("eve.csv", b"\0\xff\xfe", "the file is not text: it has zero bytes"),
    ("eve.json", b'{"q": "\xff"}', "it is not UTF-8 text, and what it is written in is not certain: `ÿ` in Windows-1252, `ˇ` in MacRoman, `\\xa0` in CP850; save it as UTF-8"),
    ("eve.csv", "student,q\nanna,0\n", "this file is `eve`'s; it does not speak for `anna` (a file that holds a class is given by its own path)"),
]  # fmt: skip


def mark(place: Path, hostile: dict[str, str | bytes] | None = None) -> ClassMarks:
    """Mark a folder of clean sheets and hostile ones."""
    (place / "p.toml").write_text(PROBLEMS, encoding="utf-8")
    folder = place / "in"
    folder.mkdir(exist_ok=True)
    for name, data in {**CLEAN, **(hostile or {})}.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return check_class(place / "p.toml", folder, place / "marks", workers=0)


def rows(place: Path) -> dict[str, dict[str, str]]:
    """Return the class table by student."""
    with (place / "marks" / "class.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def others(place: Path) -> dict[str, str]:
    """Return the scores of those whose sheets are clean."""
    return {name: row["score"] for name, row in rows(place).items() if name in SCORES}


@pytest.mark.parametrize(("name", "data", "says"), REFUSED, ids=lambda v: str(v)[:24])
def test_a_sheet_that_cannot_be_read(tmp_path: Path, name: str, data: str | bytes, says: str) -> None:
    """The sheet is listed with its reason, the tables are written, nobody else's mark changes."""
    marks = mark(tmp_path, {name: data})
    assert others(tmp_path) == SCORES
    assert [line.partition(":")[0].partition(",")[0] for line in marks.refused] == [
        f"in/{name}" for _ in marks.refused
    ]
    place = f"`{tmp_path / 'in' / name}`"
    assert any(line.endswith(f": {says.format(path=place)}") for line in marks.refused)
    assert not marks.whole
    page = (tmp_path / "marks" / "class.html").read_text(encoding="utf-8")
    assert f"in/{name}" in page


SPOILT = [
    ('{"q": "\\ud800", "df/dx": -4, "df/dz": 3}', "in/eve.json, key `q`: \\ud800 is half a character"),
    ('{"q": "3\\udfff", "df/dx": -4, "df/dz": 3}', "in/eve.json, key `q`: \\udfff is half a character"),
    ('{"q": ' + "9" * 30_000 + ', "df/dx": -4, "df/dz": 3}', "in/eve.json, key `q`: more than 20,000 characters"),
    ('{"q": "' + "(" * 19_000 + '", "df/dx": -4, "df/dz": 3}', None),
    ('{"q": ' + NINES + ', "df/dx": -4, "df/dz": 3}', None),
    ('{"q": "0x' + "f" * 5000 + '", "df/dx": -4, "df/dz": 3}', None),
    ('{"q": "softmax(x, y, z)", "df/dx": -4, "df/dz": 3}', None),
    ('{"q": "1e400 - 1e400", "df/dx": -4, "df/dz": 3}', None),
    ('{"q": "10**400", "df/dx": -4, "df/dz": 3}', None),
    ('{"q": "1e-400", "df/dx": -4, "df/dz": 3}', None),
    ('{"q": "0e318", "df/dx": -4, "df/dz": 3}', None),
    ('{"q": "0e-318", "df/dx": -4, "df/dz": 3}', None),
]  # fmt: skip


@pytest.mark.parametrize(("data", "says"), SPOILT, ids=lambda v: str(v)[:24])
def test_one_answer_spoils_no_sheet(tmp_path: Path, data: str, says: str | None) -> None:
    """An answer that cannot be read takes its own points alone."""
    marks = mark(tmp_path, {"eve.json": data})
    assert marks.refused == []
    assert marks.not_marked == []
    assert marks.whole
    assert others(tmp_path) == SCORES
    assert rows(tmp_path)["eve"]["points"] == "2"
    result = json.loads(
        (tmp_path / "marks" / "students" / "eve" / "marks.json").read_text(encoding="utf-8")
    )
    cell = result["problems"][0]["cells"][0]
    assert cell["points"] == 0
    if says is not None:
        assert (cell["status"], cell["sentence"]) == ("unreadable", says)


def test_an_answer_that_breaks_the_marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours in one answer costs that answer, and says so."""
    real = Marker.mark

    def broken(self: Marker, answers: dict[str, str], **more: str) -> object:
        if "boom" in answers.values():
            raise ZeroDivisionError("ours")
        return real(self, answers, **more)

    monkeypatch.setattr(Marker, "mark", broken)
    marks = mark(tmp_path, {"eve.json": '{"q": "boom", "df/dx": -4, "df/dz": 3}'})
    assert marks.not_marked == []
    assert rows(tmp_path)["eve"]["points"] == "2"
    text = (tmp_path / "marks" / "students" / "eve" / "report.md").read_text(encoding="utf-8")
    assert "this answer could not be judged: ZeroDivisionError: ours" in text

    monkeypatch.setattr(Marker, "mark", lambda self, answers, **more: 1 / 0 if len(answers) > 1 else None)
    marks = mark(tmp_path, {"eve.json": '{"q": 1, "df/dx": 1}', "flo.json": "{}"})
    assert "eve: it could not be marked: ZeroDivisionError: division by zero" in marks.not_marked


def test_a_report_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet whose page breaks is listed with the reason; a full disk ends the run."""
    real = writing.student_html

    def broken(result: results.StudentResult, *rest: object) -> str:
        if result.student == "ben":
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "ours")
        return real(result, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "student_html", broken)
    marks = mark(tmp_path)
    assert [line.partition(": ")[0] for line in marks.not_marked] == ["ben"]
    assert others(tmp_path) == {**SCORES, "ben": "0.0000"}
    assert "its report could not be written" in rows(tmp_path)["ben"]["remark"]

    def full(*_: object) -> str:
        raise FileError("no space left")

    monkeypatch.setattr(writing, "student_html", full)
    with pytest.raises(FileError, match="no space left"):
        mark(tmp_path, {"cy.json": "{}"})


@pytest.mark.skipif(os.name == "nt", reason="pipes, devices and bytes in names are POSIX's")
def test_what_is_no_answer_file(tmp_path: Path) -> None:
    """A pipe, a broken link, a link to a device and a name of other bytes are skipped in words."""
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "folder.csv").mkdir()
    (folder / "broken.csv").symlink_to(tmp_path / "nothing")
    (folder / "device.csv").symlink_to("/dev/zero")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.csv")).write_text("q\n3\n", encoding="utf-8")
    marks = mark(tmp_path)
    assert others(tmp_path) == SCORES
    assert marks.refused == [
        "in/broken.csv: a link is not followed; put the file itself here",
        "in/device.csv: a link is not followed; put the file itself here",
        "in/pipe.csv: is a pipe, not a file",
        "in/\\udcff.csv: has a name that is not UTF-8 text",
    ]
    assert marks.remarks == ["in/folder.csv: a folder inside the folder is not looked into"]
    given = [folder / "anna.csv", *(folder / one[3:].partition(":")[0] for one in marks.refused[:3])]
    again = check_class(tmp_path / "p.toml", [*given, "/dev/null"], tmp_path / "m", workers=0)
    assert again.counts.students == 1
    assert again.refused == [
        "broken.csv: is a link to something that is not there",
        "device.csv: is a device, not a file",
        "pipe.csv: is a pipe, not a file",
        "null: is a device, not a file",
    ]


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    """All of them are named before anything is read or written."""
    mark(tmp_path)
    with pytest.raises(FileError, match=r"no file or folder `.*/a`, `.*/b`"):
        check_class(tmp_path / "p.toml", [tmp_path / "a", tmp_path / "in", tmp_path / "b"], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_many_unknown_names_are_not_looked_up_one_by_one(tmp_path: Path) -> None:
    """After a hundred unknown names, in a sheet or a header, only names as written are looked for."""
    answers = {**{f"k{i}": 1 for i in range(5000)}, "q": 3, "p1: df/dx": -4, "df / dz": 3}
    header = ["student", *(f"k{i}" for i in range(5000)), "q"]
    marks = mark(
        tmp_path,
        {
            "eve.json": json.dumps(answers),
            "flo.csv": ",".join(header) + "\n" + "flo," + "1," * 5000 + "3\n",
            "gil.csv": "quantity,answer\n" + "".join(f"k{i},1\n" for i in range(500)) + "q,3\n",
        },
    )
    assert [rows(tmp_path)[name]["points"] for name in ("eve", "flo", "gil")] == ["2", "1", "1"]
    assert len(marks.refused) == 21
    assert marks.refused[-1] == "in/flo.csv: 81 more of its rows or columns are refused"
    path = tmp_path / "marks" / "students" / "eve" / "marks.json"
    faults = json.loads(path.read_text(encoding="utf-8"))["faults"]
    assert len(faults) == 101
    assert faults[-1] == (
        "in/eve.json: 100 names are unknown; from here on only names written as in the problem "
        "file are looked for"
    )


def test_the_exit_status(tmp_path: Path) -> None:
    """0 where all was read and marked, 1 where something was not, 2 where nothing could begin."""
    mark(tmp_path)
    args = [str(tmp_path / "p.toml"), str(tmp_path / "in"), "-o", str(tmp_path / "m"), "--workers", "0"]
    run = CliRunner().invoke(check, args)
    assert (run.exit_code, "not read" in run.output) == (0, False)
    (tmp_path / "in" / "eve.json").write_text("{", encoding="utf-8")
    run = CliRunner().invoke(check, args)
    assert run.exit_code == 1
    assert "not read: in/eve.json: it is not JSON" in run.output
    assert "3 students, 3 from an earlier run" in run.output
    (tmp_path / "none").mkdir()
    run = CliRunner().invoke(check, [args[0], str(tmp_path / "none"), *args[2:]])
    assert run.exit_code == 1
    (tmp_path / "roster.csv").write_text("student\nanna\nben\nzoe\ncy\n", encoding="utf-8")
    (tmp_path / "in" / "eve.json").unlink()
    run = CliRunner().invoke(check, [*args, "--students", str(tmp_path / "roster.csv")])
    assert run.exit_code == 0, run.output
    assert "no sheet of 1 on the roster: cy" in run.output


@pytest.mark.parametrize("program", ["q = x*y; f = exp(q)*z", "q = x + y; f = q*z"])
@pytest.mark.parametrize("number", ["1.7e308", "-1.7e308", "5e-324", "-0"])
def test_numbers_near_the_end_of_floats(program: str, number: str) -> None:
    """Answers of any size are laid beside slips without a warning of overflow, beside right ones too."""
    d = bt.derive(program, at={"x": 20, "y": 30, "z": 1e40})
    answers = {"q": d.values["q"], "f": number, "df/dx": "-1e308", "df/dq": number}
    marking = bt.mark(d, answers)
    assert [marking.cells[name].points for name in ("q", "f", "df/dx")] == [1, 0, 0]
