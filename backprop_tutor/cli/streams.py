"""The standard streams and signals of a command: full, closed, cut off, or told to stop.

A result that cannot be printed is an error with one message; a remark on standard error that cannot
be printed is let go, since nobody would see the message either. SIGTERM and SIGHUP end a command as
Ctrl-C does: what was half written is removed, and processes that were started are ended.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from ..errors import FileError
from ..reasons import reason
from ..sentences import said

__all__ = ["OutputClosedError", "OutputError", "Stopped", "standard_streams", "stopping"]


class OutputError(FileError):
    """Standard output that cannot be written: it is closed, or its disk is full."""


class OutputClosedError(Exception):
    """Whoever read standard output reads no more of it."""


class Stopped(BaseException):
    """A signal told the process to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


class _Results(io.TextIOWrapper):
    """Standard output whose failures are this project's own errors."""

    def write(self, text: str) -> int:
        with _told():
            return super().write(text)

    def flush(self) -> None:
        with _told():
            super().flush()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise OutputClosedError from None
    except OSError as error:
        closed = error.errno == errno.EBADF
        why = said("it is closed") if closed else reason(error)
        raise OutputError(said("the output cannot be written: {why}", why=why)) from None


class _Remarks(io.TextIOWrapper):
    """Standard error, where what cannot be written is let go."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


@contextmanager
def standard_streams() -> Iterator[None]:
    """Within the block, standard output and error are UTF-8 and fail as this file says.

    Formulas need more characters than some consoles' encodings have; what has no UTF-8, such as a
    file's name of other bytes, is shown as an escape. Descriptors that are closed are taken, so that
    no file that is opened gets their numbers. Streams that were replaced are left as they are.
    """
    _take_closed_descriptors()
    before = sys.stdout, sys.stderr
    if sys.stdout is sys.__stdout__:
        sys.stdout = _opened(_Results, 1, sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _opened(_Remarks, 2, sys.stderr)
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin is sys.__stdin__:
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _opened(kind: type[io.TextIOWrapper], descriptor: int, stream: Any) -> io.TextIOWrapper:
    if stream is not None:
        with suppress(OSError):
            stream.flush()
    return kind(
        open(descriptor, "wb", closefd=False),
        encoding="utf-8", errors="backslashreplace", line_buffering=descriptor == 2 or _terminal(stream),
    )  # fmt: skip


def _terminal(stream: Any) -> bool:
    return stream is not None and stream.isatty()


def _take_closed_descriptors() -> None:
    """Open the null device under the numbers of closed standard streams.

    It can be read at 0 and at 1, so that writing a result there still fails, and written at 2.
    """
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, mode)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)


_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def stopping() -> Iterator[None]:
    """Within the block, SIGTERM and SIGHUP raise `Stopped`, unless somebody handles or ignores them."""
    handled = []
    if threading.current_thread() is threading.main_thread():
        handled = [s for s in _SIGNALS if signal.getsignal(s) is signal.SIG_DFL]
    for number in handled:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)
