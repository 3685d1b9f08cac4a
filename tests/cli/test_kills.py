"""A few of the kills of `python -m benchmarks.kills`: what is there is whole, and a rerun completes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from searches import kills

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.mark.parametrize(("name", "count"), [("check", 1), ("draw", 3)])
def test_kills(name: str, count: int, tmp_path: Path) -> None:
    """SIGKILL, and SIGINT and SIGTERM of `draw`, tear no file, leave no process and say one word at most."""
    found = kills.trial(name, count, 5, tmp_path)
    assert {what: found.figures[what] for what in kills.WRONG} == dict.fromkeys(kills.WRONG, 0), found.remarks
    assert found.figures["kills"] == count


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_check_that_is_stopped(how: signal.Signals, status: int, tmp_path: Path) -> None:
    """In the middle of a class, a signal ends the command, its workers and its parts, with a word."""
    place = kills.filled(tmp_path / "class")
    rows = "".join(f"s{i:04},3,-12,4,{i}\n" for i in range(1000))
    (place / "answers.csv").write_text("student,p1:q,p1:f,p1:df/dx,p2:df/dw\n" + rows, encoding="utf-8")
    process = kills.started(kills.COMMANDS["check"], place)
    end = time.monotonic() + 120
    while not list(place.glob("out/students/*/marks.json")) and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, said.strip()) == (status, "Stopped.")
    assert kills.gone(process.pid)
    assert [name for name in kills.files(place) if name.endswith(".part")] == []
    assert not (place / "out" / "class.csv").exists()
