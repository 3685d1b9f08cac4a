"""Files written whole or not at all, and read with a clear word where they cannot be.

Every file the house writes goes through `write_whole` or `Growing`; nothing else opens a file for
writing. Neither changes anything of the process: not its umask, not its working folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

from ..errors import FileError, printable, quoted
from ..reasons import reason
from ..sentences import N_, said, sentence
from .encodings import SHOWN, unicode_kind
from .parts import Part

__all__ = ["Growing", "checked_target", "folder", "lines_within", "read_text", "special", "write_whole"]

P = ParamSpec("P")
T = TypeVar("T")

_KINDS = (
    (stat.S_ISFIFO, N_("is a pipe, not a file"), N_("is a pipe, not a folder")),
    (stat.S_ISCHR, N_("is a device, not a file"), N_("is a device, not a folder")),
    (stat.S_ISBLK, N_("is a device, not a file"), N_("is a device, not a folder")),
    (stat.S_ISSOCK, N_("is a socket, not a file"), N_("is a socket, not a folder")),
)  # fmt: skip
"""What may stand in a file's place that is none: to be read it may never end, written it is lost."""


def special(path: str | os.PathLike[str], wanted: str = "file") -> str:
    """Return what is wrong with a path for a file or folder; "" where one, or nothing, stands there.

    A link is what it points to. A name that is not UTF-8 could be shown in no message and no table.

    Raises:
        OSError: the path cannot be looked at.
    """
    target = Path(path)
    try:
        str(target).encode("utf-8")
    except UnicodeEncodeError:
        return said("has a name that is not UTF-8 text")
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return said("is a link to something that is not there") if target.is_symlink() else ""
    found = next(((here, there) for is_one, here, there in _KINDS if is_one(mode)), ("", ""))
    return sentence(found[wanted == "folder"])


def _of_file(function: Callable[P, T]) -> Callable[P, T]:
    """Return the function of a path so that its errors carry the path as `filename`."""

    @wraps(function)
    def told(*given: P.args, **named: P.kwargs) -> T:
        try:
            return function(*given, **named)
        except FileError as error:
            path = given[0] if given else named.get("path")
            error.about(filename=error.filename or str(path))
            raise

    return told


@_of_file
def write_whole(path: str | os.PathLike[str], data: str | bytes) -> Path:
    """Write a file whole or not at all, and return its path.

    Text is written as UTF-8 with `\\n` line ends. The data goes to a file beside the target, which
    then takes its place in one step; whatever happens before that leaves the old file as it was. A
    link to a file stays a link, and the file it leads to is written.

    Raises:
        FileError: the place does not exist, is no place for a file, or cannot be written.
    """
    growing = Growing(path)
    try:
        growing.write(data)
    except BaseException:
        growing.drop()
        raise
    growing.finish()
    return growing.path


class Growing:
    """A file that is written piece by piece and takes its place when it is finished.

    Raises:
        FileError: the place does not exist, is no place for a file, or cannot be written; also from
            `write` and `finish`, which leave the old file as it was.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Path = checked_target(path)
        with _told(self.path):
            # The part stands beside the file that a link leads to, and takes its place.
            self._part = Part(Path(os.path.realpath(self.path)))

    def write(self, data: str | bytes) -> None:
        """Add text, as UTF-8, or bytes."""
        with _told(self.path):
            self._part.file.write(data.encode("utf-8") if isinstance(data, str) else data)

    def finish(self) -> None:
        """Put the file into its place."""
        with _told(self.path):
            self._part.finish()

    def drop(self) -> None:
        """Leave the old file as it was; after `finish` this does nothing."""
        self._part.drop()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what cannot be written within the block into one message about the path."""
    try:
        yield
    except UnicodeEncodeError as error:
        lone = printable(error.object[error.start])
        shown = quoted(str(path), 200)
        raise FileError(
            said(
                "{shown} cannot be written: {lone} is no character of UTF-8", shown=shown, lone=lone
            )
        ) from None
    except (OSError, ValueError) as error:
        raise FileError(_unwritten(path, error)) from None


@_of_file
def checked_target(path: str | os.PathLike[str]) -> Path:
    """Return a path that a file can be written to.

    Raises:
        FileError: a folder, a pipe, a device, a broken link or a read-only file stands there, or the
            name is not UTF-8.
    """
    target = Path(path)
    try:
        found = special(target)
        if not found and target.is_dir():
            found = said("is a folder, not a file")
        if not found and target.exists() and not os.access(target, os.W_OK):
            found = said("cannot be written: it is read-only")
    except (OSError, ValueError) as error:
        raise FileError(_unwritten(target, error)) from None
    if found:
        raise FileError(said("{shown} {found}", shown=quoted(str(target), 200), found=found))
    return target


def _unwritten(target: Path, error: OSError | ValueError) -> str:
    shown = quoted(str(target), 200)
    if isinstance(error, FileNotFoundError) and not target.parent.exists():
        return said(
            "{shown} cannot be written: there is no folder {parent}",
            shown=shown, parent=quoted(str(target.parent), 200),
        )  # fmt: skip
    return said("{shown} cannot be written: {why}", shown=shown, why=reason(error))


@_of_file
def folder(path: str | os.PathLike[str]) -> Path:
    """Return a folder, made if it was not there.

    Raises:
        FileError: it cannot be made, or a file stands in its place.
    """
    target = Path(path)
    try:
        str(target).encode("utf-8")  # nothing in it could be named in a message
        target.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        found = _no_folder(target, error)
        shown = quoted(str(target), 200)
        raise FileError(said("{shown} {found}", shown=shown, found=found)) from None
    return target


def _no_folder(target: Path, error: OSError | ValueError) -> str:
    """Return what stands where a folder is wanted, or why none can be made."""
    try:
        is_file = target.is_file()
        found = said("is a file, not a folder") if is_file else special(target, "folder")
    except (OSError, ValueError):
        found = ""
    return found or said("cannot be made: {why}", why=reason(error))


_OPEN_ALREADY = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")


def _handed_over(path: Path) -> bool:
    """Return whether a path names what this process was started with: `<(command)` of a shell."""
    return os.path.abspath(path).startswith(_OPEN_ALREADY)


@_of_file
def read_text(path: str | os.PathLike[str], most: int = 20_000_000, encoding: str = "utf-8-sig") -> str:
    """Return a text file's content: UTF-8, or UTF-16 or UTF-32 with a byte order mark.

    Args:
        path: where it is.
        most: so many bytes are read.
        encoding: what it is written in where no byte order mark says it.

    Raises:
        FileError: no such file, not in that encoding, or larger than `most` bytes.
    """
    target = Path(path)
    shown = quoted(str(target), 200)
    try:
        found = "" if _handed_over(target) else special(target)
        found = found or (said("is a folder, not a file") if target.is_dir() else "")
        if found:
            raise FileError(said("{shown} {found}", shown=shown, found=found))
        size = target.stat().st_size
        if size > most:
            raise FileError(
                said(
                    "{shown} has {size:,} bytes; at most {most:,} are read",
                    shown=shown, size=size, most=most,
                )
            )  # fmt: skip
        with target.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise FileError(said("there is no file {shown}", shown=shown)) from None
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(
            said("{shown} cannot be read: {why}", shown=shown, why=reason(error))
        ) from None
    if len(data) > most:
        raise FileError(
            said(
                "{shown} has more than {most:,} bytes; at most {most:,} are read",
                shown=shown, most=most,
            )
        )  # fmt: skip
    kind = unicode_kind(data[:4]) or encoding
    try:
        return data.decode(kind)
    except UnicodeDecodeError as error:
        raise FileError(
            said(
                "{shown} is not {encoding} text: byte {start} is 0x{data:02x}",
                shown=shown, encoding=SHOWN.get(kind, "UTF-8"), start=error.start + 1,
                data=data[error.start],
            )
        ) from None


def lines_within(file: BinaryIO, longest: int) -> Iterator[bytes]:
    """Yield a file's lines with their ends, LF, CR LF or CR, without reading the whole of it.

    A line of more than `longest` bytes is the last one that is given, cut to that length.

    >>> from io import BytesIO
    >>> list(lines_within(BytesIO(b"a,b\\r1,2\\r\\n3,4"), 100))
    [b'a,b\\r', b'1,2\\r\\n', b'3,4']
    """
    rest = b""
    while chunk := file.read(8_192):
        lines = (rest + chunk).splitlines(keepends=True)
        # A CR at the end of what was read may be half of a CR LF.
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        for line in lines:
            yield line[:longest]
            if len(line) > longest:
                return
        if len(rest) > longest:
            yield rest[:longest]
            return
    if rest:
        yield rest[:longest]
