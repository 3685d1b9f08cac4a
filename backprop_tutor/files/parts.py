"""Parts of files being written, beside their target, known by their names and their writers' locks.

Enters: a target's path. Leaves: an open part that takes the target's place in one step or goes away.
A process that is killed leaves its part behind; the next one that writes into that folder removes it.
Whether a writer is still alive is asked of the operating system, not of a clock or a process number:
a part is locked while it is written, a lock ends with its process, and it holds across machines that
share the folder. Where a lock cannot be had, nothing is removed.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["Part", "drop_unfinished"]

_NAME = re.compile(r"\.backprop-tutor-[0-9a-f]{16}\.part")
"""Names that nothing but this file gives, short enough for every folder, whatever the target's is."""

fcntl: Any = import_module("fcntl") if find_spec("fcntl") else None
"""None on Windows: there a file that is open cannot be removed, which tells the same as a lock."""

_BINARY = getattr(os, "O_BINARY", 0)

_unfinished: set[Path] = set()
"""The parts of this process that neither took their target's place nor went away."""
_swept: set[str] = set()
"""Folders that this process has looked through for parts of killed ones: once each."""


class Part:
    """An open part of a target, which `finish` puts into its place and `drop` removes.

    The file has the mode of the one it replaces, or what the process's umask leaves of 0666.

    Raises:
        OSError: the folder does not exist, cannot be written, or the disk is full.
    """

    path: Path

    def __init__(self, target: Path) -> None:
        self.target = target
        _sweep_once(str(target.parent))
        old = _mode(target)
        self.path, descriptor = _locked(target.parent, 0o666 if old is None else old)
        self.file: BinaryIO = os.fdopen(descriptor, "wb")
        if old is not None and hasattr(os, "fchmod"):
            try:
                os.fchmod(descriptor, old)
            except BaseException:
                self.drop()
                raise

    def finish(self) -> None:
        """Put the part into the target's place; on an error it is removed and the target stands.

        Raises:
            OSError: what was written last did not fit, or the place cannot be taken.
        """
        try:
            self.file.flush()
            os.close(os.dup(self.file.fileno()))  # network folders say on closing what did not fit
            if fcntl is None:
                self.file.close()  # Windows moves no open file
            os.replace(self.path, self.target)
            _unfinished.discard(self.path)
            self.file.close()
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Remove the part; the target stands as it was, also when the part is in its place already."""
        with suppress(OSError):  # a folder made read-only meanwhile: the next run removes it
            if fcntl is not None:
                self.path.unlink(missing_ok=True)  # before closing ends the lock
        with suppress(OSError):  # a full disk: what does not fit is thrown away anyway
            self.file.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
            _unfinished.discard(self.path)


def drop_unfinished() -> None:
    """Remove this process's parts: for its end, where a signal came between making one and keeping it."""
    for path in list(_unfinished):
        with suppress(OSError):
            path.unlink(missing_ok=True)
            _unfinished.discard(path)


def _mode(target: Path) -> int | None:
    """Return the permissions of the file that stands there, or None."""
    try:
        found = os.stat(target)
    except FileNotFoundError:
        return None
    return stat.S_IMODE(found.st_mode) & 0o777


def _locked(folder: Path, mode: int) -> tuple[Path, int]:
    """Return a new part's path and descriptor, locked where that can be done."""
    while True:
        path = folder / f".backprop-tutor-{secrets.token_hex(8)}.part"
        _unfinished.add(path)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
        except FileExistsError:
            _unfinished.discard(path)
            continue
        except OSError:
            _unfinished.discard(path)
            raise
        if fcntl is None:
            return path, descriptor
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # another run takes it for one whose writer is dead, and removes it
        except OSError:
            return path, descriptor  # this file system has no locks: then nobody removes parts
        else:
            if os.path.lexists(path):  # nobody took it for abandoned before it was locked
                return path, descriptor
        os.close(descriptor)
        path.unlink(missing_ok=True)
        _unfinished.discard(path)


def _sweep_once(folder: str) -> None:
    """Remove the parts of killed processes from a folder, the first time this process asks."""
    folder = os.path.realpath(folder)
    if folder in _swept:
        return
    try:
        names = [name for name in os.listdir(folder) if _NAME.fullmatch(name)]
    except OSError:
        return  # no such folder, or one that cannot be listed: writing will say so, or works
    _swept.add(folder)
    for name in names:
        _remove_if_abandoned(os.path.join(folder, name))


def _remove_if_abandoned(path: str) -> None:
    """Remove a part whose writer holds no lock on it any more; leave it where that is not known."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return  # ours are files
        if fcntl is None:
            os.unlink(path)
            return
        descriptor = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(path)
        finally:
            os.close(descriptor)
    except OSError:
        return  # still being written, another user's, or gone meanwhile
