"""One process that works for the server and can be killed at any moment: it shares nothing but a pipe.

Enters: functions of ours and what they take. Leaves: what they return. No lock is shared by two processes,
so that one which is killed stops no other, and leaves nothing behind; one whose server is gone ends.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..processes import FRESH

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = ["FailedError", "KillableProcess", "LostError", "OverworkedError", "limited"]

_OVERWORKED = 75
"""The status with which a process ends itself at its limit."""

_VALUE, _MEMORY, _FAILED = "value", "memory", "failed"

_ENDING = 5.0
"""Seconds that a process which has closed its pipe is given to end."""


class OverworkedError(Exception):
    """A call took more time or memory than it may."""


class LostError(Exception):
    """The process ended while it worked, and not by its own limit: somebody may have killed it."""


class FailedError(Exception):
    """A function of ours has a fault; the text is its traceback."""


def limited(seconds: float, call: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a call returns; the process ends if the call works longer than so many seconds.

    Counted is this process's own work, so that a busy machine makes nobody's program too long. Where
    there is no such clock, the server's own remains.
    """
    if not hasattr(signal, "setitimer"):
        return call(*arguments)
    signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return call(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _end(number: int, frame: object) -> None:
    """End the process at once: what was interrupted may be half done, and must not go on."""
    os._exit(_OVERWORKED)


class KillableProcess:
    """A process that answers one call after the other.

    Args:
        setup: called in the process before it is ready.
        arguments: what `setup` is called with.
    """

    def __init__(self, setup: Callable[..., object], *arguments: Any) -> None:
        self._setup = setup, arguments
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any]

    def start(self) -> None:
        """Start the process, and wait until it is ready.

        Raises:
            LostError: it ended before it was.
            OSError: there can be no process.
        """
        self._pipe, theirs = FRESH.Pipe()
        # No daemon: marking has a process of its own for proofs, and those of a daemon are refused.
        self._process = FRESH.Process(target=_work, args=(theirs, *self._setup), daemon=False)
        self._process.start()
        theirs.close()  # its end is then held by the process alone, and closed when that is gone
        try:
            self._pipe.recv()
        except (EOFError, OSError):
            self.kill()
            raise LostError from None

    @property
    def pid(self) -> int | None:
        """Return the number of the process."""
        return None if self._process is None else self._process.pid

    @property
    def lives(self) -> bool:
        """Return whether there is a process."""
        return self._process is not None and self._process.is_alive()

    def ask(self, seconds: float, call: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a call returns; for one thread at a time.

        Raises:
            OverworkedError: it took longer than so many seconds, or all its memory, or ended itself.
            LostError: the process ended otherwise.
            FailedError: the call raised something.
        """
        try:
            self._pipe.send((call, arguments))
            if not self._pipe.poll(seconds):
                self.kill()
                raise OverworkedError
            kind, value = self._pipe.recv()
        except (EOFError, OSError):
            raise self._reason() from None
        if kind == _MEMORY:
            raise OverworkedError
        if kind == _FAILED:
            raise FailedError(value)
        return value

    def _reason(self) -> OverworkedError | LostError:
        """Return why the process closed its pipe."""
        assert self._process is not None  # it was asked something
        self._process.join(_ENDING)
        status = self._process.exitcode
        self.kill()
        return OverworkedError() if status == _OVERWORKED else LostError()

    def kill(self) -> None:
        """End the process at once; a thread that waits for it is told."""
        if self._process is not None:
            with suppress(ValueError):  # another thread has seen its end
                self._process.kill()
            self._process.join(_ENDING)


def _work(pipe: Connection[Any, Any], setup: Callable[..., object], given: tuple[Any, ...]) -> None:
    """Answer calls until the server is gone; this runs in the process."""
    setup(*given)
    try:
        pipe.send(None)
        while True:
            call, arguments = pipe.recv()
            pipe.send(_answer(call, arguments))
    except (EOFError, OSError):
        return


def _answer(call: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return _VALUE, call(*arguments)
    except MemoryError:
        return _MEMORY, ""
    except Exception:  # whatever it is, the server is told, and the process goes on
        return _FAILED, traceback.format_exc()
