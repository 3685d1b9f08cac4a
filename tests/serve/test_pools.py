"""Processes that can be killed: one that is gone loses nobody's call, and is started again."""

from __future__ import annotations

import asyncio
import operator
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from backprop_tutor.serve import pools
from backprop_tutor.serve.killable import FailedError, KillableProcess, LostError, OverworkedError
from backprop_tutor.serve.pools import BusyError, WorkPool


@pytest.fixture
def process() -> Iterator[KillableProcess]:
    """A process that is ready at once."""
    found = KillableProcess(operator.not_, 0)
    found.start()
    yield found
    found.kill()


def test_a_process_answers_and_outlives_faults_of_what_it_is_asked(process: KillableProcess) -> None:
    """What is raised comes back as its traceback, the memory's end as too much work; then it goes on."""
    with pytest.raises(FailedError, match="ZeroDivisionError: division by zero"):
        process.ask(60, operator.truediv, 1, 0)
    with pytest.raises(OverworkedError):
        process.ask(60, operator.mul, "x", 2**60)
    assert process.ask(60, operator.add, "a", "b") == "ab"


ENDS: list[tuple[float, Callable[..., Any], tuple[Any, ...], type[Exception]]] = [
    (0.1, time.sleep, (60,), OverworkedError), (60, os._exit, (75,), OverworkedError),
    (60, os._exit, (1,), LostError),
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "call", "given", "expected"), ENDS)
def test_why_a_process_ended(
    process: KillableProcess, seconds: float, call: Callable[..., Any], given: tuple[Any, ...],
    expected: type[Exception],
) -> None:  # fmt: skip
    """One that is too slow or ends itself has worked too much; any other end may be somebody else's deed."""
    with pytest.raises(expected):
        process.ask(seconds, call, *given)
    assert not process.lives


@asynccontextmanager
async def pool(monkeypatch: pytest.MonkeyPatch, workers: int = 1) -> AsyncIterator[WorkPool]:
    """A pool whose processes need nothing loaded."""
    monkeypatch.setattr(pools, "started", operator.add)
    found = WorkPool(workers, 30, 0)
    try:
        await found.warm()
        yield found
    finally:
        found.stop()


def always() -> bool:
    return True


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_killed_process_loses_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it works or while it waits: the call is made by the next process."""

    async def calls() -> None:
        async with pool(monkeypatch) as found:
            first = await found.run(always, os.getpid)
            assert first is not None
            asked = asyncio.ensure_future(found.run(always, time.sleep, 0.5))
            await asyncio.sleep(0.2)
            os.kill(first, signal.SIGKILL)
            await asked
            second = await found.run(always, os.getpid)
            assert second is not None
            os.kill(second, signal.SIGKILL)
            third = await found.run(always, os.getpid)
            assert len({first, second, third}) == 3

    asyncio.run(calls())


def test_what_kills_every_process_is_too_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that ends its process is tried once more, then refused; the pool goes on."""

    async def calls() -> None:
        async with pool(monkeypatch) as found:
            with pytest.raises(OverworkedError):
                await found.run(always, os._exit, 1)
            assert await found.run(always, operator.add, 1, 2) == 3

    asyncio.run(calls())


def test_a_line_is_left_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is not wanted at its turn is not made; one too many is refused at once."""

    async def calls() -> None:
        async with pool(monkeypatch) as found:
            assert await found.run(lambda: False, operator.add, 1, 2) is None
            monkeypatch.setattr(pools, "_MOST_WAITING", 1)
            asked = asyncio.ensure_future(found.run(always, time.sleep, 0.2))
            await asyncio.sleep(0)
            with pytest.raises(BusyError):
                await found.run(always, operator.add, 1, 2)
            await asked

    asyncio.run(calls())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pool")]
