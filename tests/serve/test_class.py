"""A class: joining, answers that are on the disk before they are acknowledged, the teacher's counts."""

from __future__ import annotations

import asyncio
import csv
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from backprop_tutor.errors import FileError
from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.problems.problem_set import read_problems
from backprop_tutor.serve import Settings
from backprop_tutor.serve import journal as journals
from backprop_tutor.serve.app import application
from backprop_tutor.serve.counting import Counting
from backprop_tutor.serve.journal import Journal

PROBLEMS = """\
title = "Sheet 1"
[[problem]]
id = "p1"
title = "Two gates"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["q", "df/dx", "df/dz"]
[[problem]]
id = "own"
program = "g = w*v"
values = { w = { choose = [2, 3] }, v = 4 }
ask = ["dg/dv"]
"""


@pytest.fixture
def problems(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.toml"
    path.write_text(PROBLEMS, encoding="utf-8")
    return path


@contextmanager
def serving(problems: Path, **more: Any) -> Iterator[tuple[TestClient, str]]:
    """Serve a class; give the client and the teacher's token."""
    tokens: list[str] = []
    settings = Settings(workers=1, seconds=60, slow_seconds=60, problems=problems, **more)
    app = application(settings, lambda classroom: tokens.append(classroom.journal.teacher))
    with TestClient(app) as client:
        yield client, tokens[0]


def sheets(problems: Path) -> dict[str, dict[tuple[str, str], str]]:
    """Return what `check` reads of the answers beside a problem file; nothing in it is refused."""
    events = list(read_answers([problems.with_name("sheet-answers.csv")], read_problems(problems)))
    assert all(isinstance(event, Sheet) and not event.faults for event in events), events
    return {e.student: {k: g.text for k, g in e.answers.items()} for e in events if isinstance(e, Sheet)}


def test_a_class_from_joining_to_the_teachers_view(problems: Path) -> None:
    """Students join, answer, change an answer, come back after the server was gone; the teacher sees counts."""
    with serving(problems) as (client, teacher):
        anna = client.post("/class/join", json={"name": "Anna Åström, 1"}).json()
        ben = client.post("/class/join", json={"name": "ben"}).json()
        assert client.post("/class/join", json={"name": "ben"}).status_code == 409
        sheet = client.post("/class/sheet", json={"token": anna["token"]}).json()
        assert [cell["label"] for cell in sheet["problems"][0]["cells"]] == ["q", "∂f/∂x", "∂f/∂z"]
        assert sheet["problems"][0]["at"] == "x = −2, y = 5, z = −4"
        assert "−12" not in sheet["problems"][0]["svg"]  # the output is not given away
        given = [(anna, "q", "4"), (anna, "q", "3"), (anna, "df/dx", '=cmd|"x"'), (anna, "df/dx", "-4"),
                 (ben, "q", "3"), (ben, "df/dx", "4"), (ben, "df/dz", "3"), (ben, "df/dz", " ")]  # fmt: skip
        for who, quantity, answer in given:
            data = {"token": who["token"], "problem": "p1", "quantity": quantity, "answer": answer}
            assert client.post("/class/answer", json=data).json()["ok"]
        held = sheets(problems)
    assert held == {
        "Anna Åström, 1": {("p1", "q"): "3", ("p1", "df/dx"): "-4"}, "ben": {("p1", "q"): "3", ("p1", "df/dx"): "4"},
    }  # fmt: skip
    with serving(problems) as (client, again):
        assert again == teacher
        back = client.post("/class/sheet", json={"token": anna["token"]}).json()
        assert {(a["quantity"], a["answer"]) for a in back["answers"]} == {("q", "3"), ("df/dx", "-4")}
        end = time.monotonic() + 60
        while (seen := client.post("/teacher/counts", json={"token": teacher}).json())["waiting"] or not any(
            cell["right"] for cell in seen["cells"]
        ):
            assert time.monotonic() < end
            time.sleep(0.05)
        rows = {cell["quantity"]: (cell["tried"], cell["right"], cell["slips"]) for cell in seen["cells"]}
        assert rows["q"] == (2, 2, [])
        assert rows["∂f/∂x"][:2] == (2, 1)
        assert [slip["count"] for slip in rows["∂f/∂x"][2]] == [1]
        assert rows["∂f/∂z"] == (0, 0, [])
        assert "Anna" not in str(seen)
        assert "ben" not in str(seen)


def refused(client: TestClient, path: str, **data: Any) -> tuple[int, str]:
    response = client.post(path, json=data)
    return response.status_code, response.json()["error"]


def test_what_a_class_may_not_do(problems: Path, tmp_path: Path) -> None:
    """Names off the roster, tokens of nobody, cells that are not asked and endless answers are refused."""
    roster = tmp_path / "roster.csv"
    roster.write_text("student\nanna\nben\n", encoding="utf-8")
    with serving(problems, roster=roster) as (client, teacher):
        token = client.post("/class/join", json={"name": "anna"}).json()["token"]
        assert refused(client, "/class/join", name="eve")[0] == 400
        assert refused(client, "/class/join", name=3) == (400, "the request needs the texts name")
        nobody = (403, "this link is nobody's here; join by your name")
        for false in ("", "616e6e61.0", "616e6e61.é", token[:-1] + ("0" if token[-1] != "0" else "1"), "ben", teacher, "é"):
            assert refused(client, "/class/sheet", token=false) == nobody
        ask = {"token": token, "problem": "p1", "quantity": "q", "answer": "3"}
        assert refused(client, "/class/answer", **{**ask, "problem": "../p1"})[0] == 400
        assert refused(client, "/class/answer", **{**ask, "quantity": "df/dq"})[0] == 400
        assert refused(client, "/class/answer", **{**ask, "answer": "9" * 5001})[0] == 400
        for false in ("", token, "teacher"):
            assert refused(client, "/teacher/counts", token=false) == (403, "this is not the teacher's link")
        assert client.post("/class/answer", json={**ask, "answer": "3\n\0,evil\r\n"}).json()["saved"] == "3 ,evil"
        for lang in ("en", "ko"):
            for path in ("/class", "/teacher"):
                assert client.get(f"{path}?lang={lang}").status_code == 200
    assert sheets(problems) == {"anna": {("p1", "q"): "3 ,evil"}}


def test_a_full_disk_keeps_nothing_of_what_it_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line that could be written is taken back; what is written later stands in lines of its own."""
    journal = Journal(tmp_path / "a.csv")
    journal.add("anna", "p", "q", "3")
    before = (tmp_path / "a.csv").read_bytes()
    with monkeypatch.context() as full:
        full.setattr(journals.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            journal.add("anna", "p", "q", "4")
        with pytest.raises(OSError, match="full"):
            journal.join("ben")
    assert (tmp_path / "a.csv").read_bytes() == before
    assert journal.answers == {"anna": {("p", "q"): "3"}}
    assert journal.join("ben") is not None
    journal.close()
    assert (tmp_path / "a.csv").read_bytes() == before
    again = Journal(tmp_path / "a.csv")
    assert again.joined == 1
    again.close()


def test_one_who_answers_while_being_marked_waits_once(tmp_path: Path, problems: Path) -> None:
    """What is still to be marked are students, not answers."""
    journal = Journal(tmp_path / "a.csv")

    async def marked() -> list[int]:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def mark(student: str, answers: Any) -> Any:
            begun.set()
            await go_on.wait()
            return dict.fromkeys(answers, ("correct", ""))

        counting = Counting(read_problems(problems), journal, mark)
        work = asyncio.ensure_future(counting.go_on())
        journal.add("anna", "p1", "q", "3")
        counting.changed("anna")
        await begun.wait()
        counting.changed("anna")
        seen = [counting.seen()["waiting"]]
        go_on.set()
        while counting.seen()["waiting"]:
            await asyncio.sleep(0)
        work.cancel()
        return [*seen, counting.seen()["cells"][0]["right"]]

    assert asyncio.run(marked()) == [1, 1]
    journal.close()


def test_every_answer_is_forced_onto_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When `add` returns, the line has been written and fsync was called on its file."""
    journal = Journal(tmp_path / "a.csv")
    forced: list[bytes] = []
    monkeypatch.setattr(journals.os, "fsync", lambda handle: forced.append(os.pread(handle, 4096, 0)))
    with (tmp_path / "a.csv").open("rb") as kept:
        monkeypatch.setattr(journals.os, "fsync", lambda handle: forced.append(kept.read()))
        journal.add("anna", "p", "q", "3")
    assert len(forced) == 1
    assert forced[0].decode().endswith(",p,q,3\n")
    journal.close()


def test_tokens_are_compared_in_constant_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a guess takes says nothing of how much of it is right: every token goes through `hmac`."""
    journal = Journal(tmp_path / "a.csv")
    token = journal.join("anna")
    assert token is not None
    compared: list[object] = []
    real = journals.hmac.compare_digest
    monkeypatch.setattr(journals.hmac, "compare_digest", lambda a, b: (compared.append(b), real(a, b))[1])
    guesses = [token[:n] + "x" * (len(token) - n) for n in (9, 12, len(token) - 1)]
    assert [journal.student(guess) for guess in guesses] == [None] * len(guesses)
    assert [journal.is_teacher(guess) for guess in ("", "0" * 22, journal.teacher)] == [False, False, True]
    assert len(compared) == len(guesses) + 3
    journal.close()


def test_a_line_that_was_cut_off_is_removed(tmp_path: Path) -> None:
    """What a machine left half-written was never acknowledged: it goes, and all that was stays."""
    path = tmp_path / "a.csv"
    journal = Journal(path)
    token = journal.join("anna")
    assert token is not None
    journal.add("anna", "p", "q", "3")
    journal.close()
    with path.open("ab") as file:
        file.write(b"anna,2026-01-01T00:00:00.000+00:00,p,df/")
    with (tmp_path / "a.csv.keys").open("ab") as file:
        file.write(b'{"stud')
    journal = Journal(path)
    assert journal.answers == {"anna": {("p", "q"): "3"}}
    assert journal.student(token) == "anna"
    journal.add("anna", "p", "q", "4")
    journal.close()
    with path.open(encoding="utf-8", newline="") as text:
        assert [row[3:] for row in csv.reader(text)] == [["quantity", "answer"], ["q", "3"], ["q", "4"]]
    assert (tmp_path / "a.csv.keys").stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_another_file_is_not_written_to(tmp_path: Path) -> None:
    """A file that is no journal is refused and left as it is."""
    path = tmp_path / "grades.csv"
    path.write_text("student,grade\nanna,1\n", encoding="utf-8")
    with pytest.raises(FileError, match="is no file of answers that this page keeps"):
        Journal(path)
    assert path.read_text(encoding="utf-8") == "student,grade\nanna,1\n"


@pytest.mark.parametrize(("typed", "kept"), [
    ("=1/2", "'=1/2"), ("-x*y", "'-x*y"), ("@sum(1)", "'@sum(1)"), ("-4", "-4"),
])  # fmt: skip
def test_no_answer_is_a_formula_in_a_spreadsheet(tmp_path: Path, typed: str, kept: str) -> None:
    """What would be a formula there is text in the file, and what was typed again after a restart."""
    path = tmp_path / "a.csv"
    journal = Journal(path)
    journal.add("anna", "p", "q", typed)
    journal.close()
    with path.open(encoding="utf-8", newline="") as text:
        assert list(csv.reader(text))[1][4] == kept
    journal = Journal(path)
    assert journal.answers == {"anna": {("p", "q"): typed}}
    journal.close()


def test_no_name_is_a_formula_in_a_spreadsheet(problems: Path) -> None:
    """A student who joins as `=1+1` is called as a roster with that name calls them."""
    with serving(problems) as (client, _):
        assert client.post("/class/join", json={"name": "=1+1"}).json()["name"] == "'=1+1"
