"""Processes that can be killed, for the server: a call has a limit of time, a process one of memory.

Enters: functions of `worker` and what they take. Leaves: their results, awaited. Calls wait in a line;
one that nobody waits for any more leaves it before its turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from ..processes import FRESH
from .worker import limited, started, warm

__all__ = ["BusyError", "OverworkedError", "WorkPool"]

T = TypeVar("T")

_MOST_WAITING = 500
"""A longer line is refused at once: who stands at its end would have gone before the turn came."""


_PATIENCE = 5
"""So many times as long as a call may work it may take, on a machine that has other work to do."""


class OverworkedError(Exception):
    """A call took more time or memory than it may; its process was ended."""


class BusyError(Exception):
    """Too many calls wait already."""


def _awaited(future: Future[T]) -> asyncio.Future[T]:
    """Return a call's future for the loop; what it ends with may be nobody's concern any more."""
    wrapped = asyncio.wrap_future(future)
    wrapped.add_done_callback(lambda done: done.cancelled() or done.exception())
    return wrapped


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
        self.workers = workers
        self._turns = asyncio.Semaphore(workers)
        self._waiting = 0
        self._pool = ProcessPool(
            max_workers=workers, context=FRESH, initializer=started, initargs=(megabytes, nice)
        )

    async def warm(self) -> None:
        """Start every process and wait until it has loaded what it needs."""
        calls = [self._pool.schedule(warm) for _ in range(self.workers)]
        await asyncio.gather(*map(_awaited, calls))

    async def run(self, wanted: Callable[[], bool], call: Callable[..., T], *arguments: Any) -> T | None:
        """Return what a call returns; None where, when its turn comes, it is not wanted any more.

        Raises:
            OverworkedError: it took too long, too much memory, or broke its process.
            BusyError: too many calls are waiting.
        """
        if self._waiting >= _MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._turns:
                if not wanted():
                    return None
                future: Future[T] = self._pool.schedule(
                    limited, args=(self.seconds, call, *arguments), timeout=self.seconds * _PATIENCE
                )
                return await asyncio.shield(_awaited(future))
        except (TimeoutError, MemoryError, ProcessExpired, BrokenExecutor) as error:
            raise OverworkedError from error
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """End every process at once."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's own
        self._pool.join()
