"""Answers kept in memory by their request's key, the ones asked for longest ago leaving first.

Everything about what is kept lives here. Two who ask for the same at once wait for one answer.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

__all__ = ["Cache"]


class Cache:
    """Keeps answers up to a number of bytes.

    >>> Cache(10).held
    0
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[bytes | None]] = {}
        self.held: int = 0

    async def get(self, key: str, make: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        """Return the answer of a key; made by `make` where it is not there. None is not kept.

        What `make` raises is raised for everybody who waits, and is not kept.
        """
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return found
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(make())
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        return await asyncio.shield(task)

    def _finished(self, key: str, task: asyncio.Task[bytes | None]) -> None:
        del self._under_way[key]
        if task.cancelled() or task.exception() is not None:
            return
        if (data := task.result()) is not None:
            self.keep(key, data)

    def keep(self, key: str, data: bytes) -> None:
        """Keep an answer, and let go of the oldest while there are too many bytes."""
        if len(data) > self._most // 4:
            return
        self.held += len(data) - len(self._kept.pop(key, b""))
        self._kept[key] = data
        while self.held > self._most:
            _, gone = self._kept.popitem(last=False)
            self.held -= len(gone)
