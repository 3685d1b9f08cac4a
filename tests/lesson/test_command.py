"""`backprop-tutor lesson` on the command line, and what practice may ask for."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import backprop_tutor as bt
from backprop_tutor.cli.lesson import lesson as command
from backprop_tutor.errors import OptionError, UnknownNameError
from backprop_tutor.lesson import lesson


def data_of(html: str) -> Any:
    """Return the data that a page carries."""
    key, text = (
        base64.b64decode(re.search(rf'id="{name}">([^<]*)<', html)[1])  # type: ignore[index]
        for name in ("lesson-key", "lesson-data")
    )
    return json.loads(bytes(byte ^ key[i % len(key)] for i, byte in enumerate(text)))


def test_a_page_is_written(tmp_path: Path) -> None:
    """The command writes the page and says so on standard error."""
    path = tmp_path / "lesson.html"
    arguments = ["f = wx + b", "w=-2", "x=5", "b=3", "-o", str(path), "--lang", "ko", "--title", "선"]
    arguments += ["--ask", "f", "--ask", "df/dw", "--problem", "p1"]
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert "썼습니다" in done.output
    html = path.read_text(encoding="utf-8")
    assert "<title>선</title>" in html
    assert data_of(html)["words"]["practice"] == "연습"
    assert data_of(html)["practice"]["asked"] == ["v4", "g0"]
    assert data_of(html)["practice"]["problem"] == "p1"


def test_a_page_needs_a_place(tmp_path: Path) -> None:
    """Without -o the command says what is missing."""
    done = CliRunner().invoke(command, ["f = w", "w=1"])
    assert done.exit_code == 2
    assert "-o" in done.output


def test_practice_asks_for_what_a_problem_asks() -> None:
    """`asked` takes a problem file's words; quantities are kept in the page under its own names."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    page = lesson(d, asked=["all values", "df/dq", "local(f, q)"], problem="p1")
    practice = data_of(page.html)["practice"]
    place = d.graph_table.find
    assert practice["asked"] == [
        f"v{place('q')}", f"v{place('f')}", f"g{place('q')}", f"l{place('f')}.0",
    ]  # fmt: skip
    assert practice["problem"] == "p1"


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (["df/dnothing"], UnknownNameError, "no quantity of this graph"),
        (["x"], OptionError, "is given"),
        (["new(x)"], OptionError, "found by no step"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: list[str], error: type[Exception], message: str) -> None:
    """A quantity that the page could not ask for is an error that says why."""
    d = bt.derive("q = x + y; f = q*z", at={"x": -2, "y": 5, "z": -4})
    with pytest.raises(error, match=message):
        lesson(d, asked=asked)


def test_a_page_without_practice_has_no_slips() -> None:
    """`practice=False` leaves the tab and its data out."""
    d = bt.derive("f = w*x", at={"w": 2, "x": 3})
    assert "practice" not in data_of(lesson(d, practice=False).html)
    assert data_of(lesson(d).html)["practice"]["slips"]
