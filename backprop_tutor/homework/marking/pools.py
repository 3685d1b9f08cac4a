"""Workers that can be killed, behind the `concurrent.futures.Executor` interface, and clusters.

Enters: functions to call. Leaves: futures. A call that takes too long or too much memory ends with
`TimeoutError`, `MemoryError` or a broken-process error in its own future; the other calls go on.
This file knows nothing of sheets and marks.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from ...errors import OptionError, quoted
from ...processes import FRESH
from ...sentences import said

__all__ = ["KillablePool", "cluster_executor", "memory_can_be_limited"]

T = TypeVar("T")

_MEGABYTE = 2**20


class KillablePool(Executor):
    """A pool of processes, each call with a limit of time, each process with one of memory.

    Args:
        workers: how many processes; as many as there are processors if None.
        seconds: how long a call may take, unless `submit_for` says otherwise.
        megabytes: how much memory a process may take; None for no limit. Kept where the operating
            system can (`memory_can_be_limited`).
    """

    def __init__(
        self, workers: int | None = None, *, seconds: float = 10.0, megabytes: int | None = 2048
    ) -> None:
        from pebble import ProcessPool  # start-up time: only for batches

        self.workers: int = workers or os.cpu_count() or 1
        self.seconds = seconds
        self._pool = ProcessPool(
            max_workers=self.workers, context=FRESH,
            initializer=_limit_memory, initargs=(megabytes,),
        )  # fmt: skip

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return the future of a call, which is killed after the pool's limit of time."""
        return self.submit_for(self.seconds, fn, *args, **kwargs)

    def submit_for(
        self, seconds: float, fn: Callable[..., T], /, *args: Any, **kwargs: Any
    ) -> Future[T]:
        """Return the future of a call, which is killed after `seconds`."""
        # The pool's first call starts its threads, and they its processes.
        with _interrupts_held_back():
            future: Future[T] = self._pool.schedule(fn, args=args, kwargs=kwargs, timeout=seconds)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Close the pool; calls that still run are finished, or killed with `cancel_futures`."""
        if cancel_futures:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's own
        else:
            self._pool.close()  # type: ignore[no-untyped-call]  # pebble's own
        if wait:
            self._pool.join()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold back Ctrl-C from this thread, and from threads and processes started in the block.

    A terminal sends Ctrl-C to all processes; workers would answer with a traceback each. The one that
    started them ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def memory_can_be_limited() -> bool:
    """Return whether this operating system lets a process limit its own memory: not Windows and macOS.

    macOS has the call and refuses it: https://github.com/python/cpython/issues/78783.
    """
    return sys.platform != "darwin" and find_spec("resource") is not None


def _limit_memory(megabytes: int | None) -> None:
    """Limit the memory of this process, where the operating system can."""
    if megabytes is None or not memory_can_be_limited():
        return
    import resource  # POSIX only, and looked for above

    most = megabytes * _MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def cluster_executor(address: str) -> tuple[Executor, Callable[[], None]]:
    """Return the executor of a running Dask cluster, and what disconnects from it.

    Raises:
        OptionError: Dask is not installed, or nothing answers at the address.
    """
    try:
        connect = import_module("distributed").Client  # the extra `cluster`
    except ImportError:
        raise OptionError(
            said("marking on a cluster needs Dask: pip install backprop-tutor[cluster]")
        ) from None
    try:
        client = connect(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise OptionError(
            said("no Dask cluster answers at {address}: {error}", address=quoted(address), error=error)
        ) from None
    return client.get_executor(), client.close
