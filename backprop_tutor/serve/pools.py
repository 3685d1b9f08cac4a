"""A number of processes for the server's work: a call has a limit of time, a process one of memory.

Enters: functions of `worker` and what they take. Leaves: their results, awaited. Calls wait in a line;
one that nobody waits for any more leaves it before its turn. A process that is gone is started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from .killable import KillableProcess, LostError, OverworkedError, limited
from .worker import started

__all__ = ["BusyError", "WorkPool"]

T = TypeVar("T")

_MOST_WAITING = 500
"""A longer line is refused at once: who stands at its end would have gone before the turn came."""

_PATIENCE = 5
"""So many times as long as a call may work it may take, on a machine that has other work to do."""

_AGAIN = 1.0
"""Seconds until a process that could not be started is tried again."""


class BusyError(Exception):
    """Too many calls wait already."""


class WorkPool:
    """A pool of processes.

    Args:
        workers: how many processes.
        seconds: how long a call may work once it has its turn.
        megabytes: how much memory a process may take.
        nice: by how much its processes give way to others.
    """

    def __init__(self, workers: int, seconds: float, megabytes: int, nice: int = 0) -> None:
        self.seconds = seconds
        self._processes = [KillableProcess(started, megabytes, nice) for _ in range(workers)]
        # The one that worked last is asked first: what it has kept is of use to who asks again.
        self._idle: asyncio.LifoQueue[KillableProcess] = asyncio.LifoQueue()
        self._threads = ThreadPoolExecutor(workers, "pool")  # each waits for one process
        self._starting: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._stopped = False

    async def warm(self) -> None:
        """Start every process and wait until it has loaded what it needs."""
        await asyncio.gather(*map(self._begin, self._processes))

    async def _begin(self, process: KillableProcess) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, process.start)
        self._idle.put_nowait(process)

    async def _begin_again(self, process: KillableProcess) -> None:
        while not self._stopped:
            try:
                return await self._begin(process)
            except (LostError, OSError):
                await asyncio.sleep(_AGAIN)

    def _free(self, process: KillableProcess) -> None:
        """Let a process have the next call; start it again if it is gone."""
        if process.lives:
            self._idle.put_nowait(process)
        elif not self._stopped:
            task = asyncio.ensure_future(self._begin_again(process))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def run(self, wanted: Callable[[], bool], call: Callable[..., T], *arguments: Any) -> T | None:
        """Return what a call returns; None where, when its turn comes, it is not wanted any more.

        Raises:
            OverworkedError: it took too long, too much memory, or broke its process, twice.
            BusyError: too many calls are waiting.
        """
        if self._waiting >= _MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            for last in (False, True):
                process = await self._living()
                if not wanted():
                    self._free(process)
                    return None
                try:
                    return await self._asked(process, call, arguments)
                except LostError:  # killed, it may be, by somebody else than this call
                    if last or self._stopped:
                        raise OverworkedError from None
        finally:
            self._waiting -= 1
        return None

    async def _living(self) -> KillableProcess:
        """Return the next process whose turn it is; one that was killed meanwhile is started again."""
        while not (process := await self._idle.get()).lives:
            self._free(process)
        return process

    async def _asked(self, process: KillableProcess, call: Callable[..., T], arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(
            self._threads, process.ask, self.seconds * _PATIENCE, limited, self.seconds, call, *arguments
        )
        answer.add_done_callback(lambda _: self._free(process))
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # or nobody asks for it
        found: T = await asyncio.shield(answer)
        return found

    def stop(self) -> None:
        """End every process at once."""
        self._stopped = True
        for process in self._processes:
            process.kill()
        self._threads.shutdown(wait=True)
