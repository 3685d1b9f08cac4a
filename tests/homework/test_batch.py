from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from importlib import import_module
from multiprocessing import current_process
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from backprop_tutor.errors import FileError, OptionError
from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.marking import pools, results
from backprop_tutor.homework.marking.batch import Limits, mark_class
from backprop_tutor.homework.marking.pools import (
    KillablePool,
    cluster_executor,
    memory_can_be_limited,
)
from backprop_tutor.homework.marking.results import StudentResult
from backprop_tutor.homework.problems.problem_set import parse_problems

# The package's attribute `check` is the command itself.
check_command = import_module("backprop_tutor.cli.check")

TEXT = """
[[problem]]
id = "p1"
program = "q = x + y; f = q*z"
values = {x = -2, y = 5, z = -4}
"""

RIGHT = {
    ("p1", quantity): Given(str(value))
    for quantity, value in parse_problems(TEXT).problems[0].answers().items()
}


def right_sheets(count: int) -> Iterator[Sheet]:
    """Yield sheets with every answer right."""
    return (Sheet(f"s{number}", RIGHT) for number in range(count))


def test_in_this_process() -> None:
    """Without workers sheets are marked one by one, in order."""
    results = list(mark_class(TEXT, right_sheets(5), workers=0))
    assert [(r.student, r.score) for r in results] == [(f"s{n}", 1.0) for n in range(5)]


def test_any_executor() -> None:
    """Any executor of `concurrent.futures` marks the same, in the same order."""
    with ThreadPoolExecutor(2) as executor:
        results = list(mark_class(TEXT, right_sheets(40), executor=executor, batch=3))
    assert [r.student for r in results] == [f"s{n}" for n in range(40)]
    assert results == list(mark_class(TEXT, right_sheets(40), workers=0))


def test_killable_workers() -> None:
    """The default pool of processes marks the same."""
    results = list(mark_class(TEXT, right_sheets(20), workers=1))
    assert results == list(mark_class(TEXT, right_sheets(20), workers=0))


_UNGUARDED = """
from backprop_tutor.homework.answers.sheets import Given, Sheet
from backprop_tutor.homework.marking.batch import mark_class

sheets = [Sheet("anna", {("p1", "q"): Given("3")}), Sheet("ben", {("p1", "q"): Given("4")})]
marked = mark_class(TEXT, sheets, workers=1)
print([(r.student, round(r.score, 2), r.stopped) for r in marked])
"""


@pytest.mark.parametrize("read_from", ["file", "standard input"])
def test_a_script_without_a_guard(tmp_path: Path, read_from: str) -> None:
    """Workers never run the script that marks: it needs no `if __name__ == "__main__":`."""
    script = tmp_path / "script.py"
    script.write_text(f"TEXT = {TEXT!r}\n{_UNGUARDED}", encoding="utf-8")
    with script.open("rb") as given:
        found = subprocess.run(
            [sys.executable, str(script) if read_from == "file" else "-"], stdin=given,
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
    assert (found.stdout, found.stderr) == ("[('anna', 0.17, ''), ('ben', 0.0, '')]\n", "")


def test_an_executor_that_is_broken_marks_nobody_0() -> None:
    """Where an executor breaks before anything is marked the class is refused; later it is one sheet's."""
    sheets = [Sheet(name, RIGHT) for name in ("runaway", "a")]
    executor = _Runaway(BrokenExecutor("a process ended abruptly"))
    with pytest.raises(OptionError) as caught:
        list(mark_class(TEXT, sheets, executor=executor))
    assert str(caught.value) == (
        "the executor's workers ended before they marked anything; where each of them runs the script "
        'again, put its work under `if __name__ == "__main__":`, or give workers=N in place of an executor'
    )
    later = list(mark_class(TEXT, reversed(sheets), executor=executor, batch=1))
    assert [(r.student, r.score, r.stopped) for r in later] == [
        ("a", 1.0, ""), ("runaway", 0.0, "its worker ended: BrokenExecutor: a process ended abruptly"),
    ]  # fmt: skip


def test_a_worker_that_reads_the_script_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process that is being set up as a worker, a class over an executor is refused in words."""
    monkeypatch.setattr(current_process(), "_inheriting", True, raising=False)
    with pytest.raises(OptionError) as caught, ThreadPoolExecutor(1) as executor:
        next(mark_class(TEXT, right_sheets(1), executor=executor))
    assert str(caught.value) == (
        "a worker of the executor reads the script that marks the class again: put that script's work "
        'under `if __name__ == "__main__":`, or give workers=N in place of an executor'
    )


class _Runaway(Executor):
    """Runs calls at once; a call with the sheet `runaway` ends as a killed or broken worker would."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls: list[list[str]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        students = [sheet.student for sheet in args[2]]
        self.calls.append(students)
        future: Future[Any] = Future()
        if "runaway" in students:
            future.set_exception(self.error)
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (TimeoutError(), "it took longer than 10 s and was stopped"),
        (MemoryError(), "the sheet needs more memory than it may take"),
        (RuntimeError("died"), "its worker ended: RuntimeError: died"),
    ],
)
def test_a_runaway_sheet_stops_no_other(error: Exception, says: str) -> None:
    """A batch that fails is marked again sheet by sheet; the one that fails alone is reported."""
    sheets = [Sheet(name, RIGHT) for name in ("a", "b", "runaway", "c", "d")]
    executor = _Runaway(error)
    results = list(mark_class(TEXT, sheets, executor=executor, batch=4))
    assert [(r.student, r.score, r.stopped) for r in results] == [
        ("a", 1.0, ""), ("b", 1.0, ""), ("runaway", 0.0, says), ("c", 1.0, ""), ("d", 1.0, ""),
    ]  # fmt: skip
    assert executor.calls[0] == ["a", "b", "runaway", "c"]
    assert sorted(executor.calls[2:]) == [["a"], ["b"], ["c"], ["runaway"]]


def test_an_unexpected_failure_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """What should not happen is reported at its sheet, by name, and the others are marked."""
    real = results.marked_sheet

    def broken(problems: Any, sheet: Sheet) -> StudentResult:
        if sheet.student == "s1":
            raise ZeroDivisionError("so it goes")
        return real(problems, sheet)

    monkeypatch.setattr("backprop_tutor.homework.marking.batch.marked_sheet", broken)
    marked = list(mark_class(TEXT, right_sheets(3), workers=0))
    assert [r.stopped for r in marked] == [
        "", "it could not be marked: ZeroDivisionError: so it goes", "",
    ]  # fmt: skip


def test_finished_sheets_are_not_marked_again() -> None:
    """What an earlier run finished is passed through, at its place."""
    executor = _Runaway(RuntimeError())
    before = {r.student: r for r in mark_class(TEXT, right_sheets(6), workers=0)}
    del before["s2"], before["s5"]
    results = list(
        mark_class(
            TEXT,
            right_sheets(6),
            executor=executor,
            batch=2,
            done=lambda sheet: before.get(sheet.student),
        )
    )
    assert [r.student for r in results] == [f"s{n}" for n in range(6)]
    assert executor.calls == [["s2"], ["s5"]]


def test_sheets_are_taken_as_needed() -> None:
    """A stream without an end is no trouble: only a few batches are under way."""
    taken = 0

    def endless() -> Iterator[Sheet]:
        nonlocal taken
        while True:
            taken += 1
            yield Sheet(f"s{taken}", RIGHT)

    with ThreadPoolExecutor(2) as executor:
        stream = mark_class(TEXT, endless(), executor=executor, batch=4)
        for _ in range(10):
            next(stream)
    assert taken < 200


def test_memory_does_not_grow() -> None:
    """Ten times the right sheets take no more memory."""

    def peak(count: int) -> int:
        tracemalloc.start()
        for result in mark_class(TEXT, right_sheets(count), workers=0):
            assert result.score == 1
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return top

    peak(50)
    # What waits for the garbage collector comes and goes, up to a hundred kilobytes and some.
    assert peak(1000) < peak(100) + 150_000


def test_bad_options() -> None:
    """Limits and batches that make no sense are refused; so is a text that is no problem file."""
    with pytest.raises(OptionError, match="positive"):
        Limits(seconds=0)
    with pytest.raises(OptionError, match="256 MB"):
        Limits(megabytes=1)
    with pytest.raises(OptionError, match="1 or more"):
        list(mark_class(TEXT, [], batch=0, workers=0))
    with pytest.raises(FileError):
        list(mark_class("x", [], workers=0))


def test_killable_pool() -> None:
    """A call over its time is killed, one over the memory fails, one that dies fails alone."""
    with KillablePool(1, seconds=30, megabytes=1024) as pool:
        # Functions of the standard library: a new process finds them wherever the tests lie.
        assert pool.submit(abs, -3).result(timeout=30) == 3
        late = pool.submit_for(0.3, time.sleep, 60)
        with pytest.raises(TimeoutError):
            late.result(timeout=30)
        if memory_can_be_limited():
            with pytest.raises(MemoryError):
                pool.submit(bytearray, 4096 * 2**20).result(timeout=30)
        dead = pool.submit(os._exit, 3)
        with pytest.raises(Exception, match=r"(?i)abnormal|exit|expired|terminat"):
            dead.result(timeout=30)
        assert pool.submit(abs, -3).result(timeout=30) == 3


def refused(kind: int, limits: tuple[int, int]) -> None:
    """Refuse a limit, as macOS does."""
    raise ValueError("current limit exceeds maximum limit")


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_systems_without_a_limit_of_memory(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system refuses a limit, or has no such module, none is set and marking goes on."""
    monkeypatch.setattr(sys, "platform", system)
    if system == "win32":
        monkeypatch.setitem(sys.modules, "resource", None)
    else:
        resource = pytest.importorskip("resource", reason="this system has no such module")
        monkeypatch.setattr(resource, "setrlimit", refused)
    assert not memory_can_be_limited()
    pools._limit_memory(256)


def test_memory_is_remarked_upon_where_it_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where memory cannot be limited, a limit that was typed is answered with a remark, the default is not."""
    monkeypatch.setattr(check_command, "memory_can_be_limited", lambda: False)
    (tmp_path / "p.toml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.csv").write_text("student,q\nanna,3\n", encoding="utf-8")
    arguments = [str(tmp_path / "p.toml"), str(tmp_path / "a.csv"), "-o", str(tmp_path / "m"), "--workers", "0"]
    for more, said in (([], False), (["--memory-limit", "512"], True), (["--memory-limit", "0"], False)):
        ran = CliRunner().invoke(check_command.check, [*arguments, *more], catch_exceptions=False)
        assert ("memory is not limited" in ran.output) == said


def test_cluster() -> None:
    """A Dask cluster marks through its executor."""
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        executor, disconnect = cluster_executor(cluster.scheduler_address)
        try:
            results = list(mark_class(TEXT, right_sheets(20), executor=executor))
        finally:
            disconnect()
    assert results == list(mark_class(TEXT, right_sheets(20), workers=0))


def test_no_cluster() -> None:
    """Without Dask, or with nothing at the address, the message says what to do."""
    with pytest.raises(OptionError, match="cluster"):
        cluster_executor("not-an-address")
