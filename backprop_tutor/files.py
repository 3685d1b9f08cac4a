"""Files written whole or not at all, and read with a clear word where they cannot be.

Every file the house writes goes through `write_whole`; nothing else opens a file for writing.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .errors import FileError, quoted

__all__ = ["folder", "read_text", "write_whole"]


def write_whole(path: str | os.PathLike[str], data: str | bytes) -> Path:
    """Write a file whole or not at all, and return its path.

    Text is written as UTF-8 with `\\n` line ends. The data goes to a file beside the target, which
    then takes its place in one step; whatever happens before that leaves the old file as it was.

    Raises:
        FileError: the place does not exist or cannot be written.
    """
    target = Path(path)
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    except OSError as error:
        raise FileError(_unwritten(target, error)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise FileError(_unwritten(target, error)) from None
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritten(target: Path, error: OSError) -> str:
    if not target.parent.exists():
        place = quoted(str(target.parent), 200)
        return f"{quoted(str(target), 200)} cannot be written: there is no folder {place}"
    if target.is_dir():
        return f"{quoted(str(target), 200)} is a folder, not a file"
    return f"{quoted(str(target), 200)} cannot be written: {error.strerror or error}"


def folder(path: str | os.PathLike[str]) -> Path:
    """Return a folder, made if it was not there.

    Raises:
        FileError: it cannot be made, or a file stands in its place.
    """
    target = Path(path)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = (
            "is a file, not a folder" if target.is_file() else f"cannot be made: {error.strerror}"
        )
        raise FileError(f"{quoted(str(target), 200)} {what}") from None
    return target


def read_text(path: str | os.PathLike[str], most: int = 20_000_000) -> str:
    """Return a text file's content, UTF-8 with or without a byte order mark.

    Raises:
        FileError: no such file, not UTF-8, or larger than `most` bytes.
    """
    target = Path(path)
    shown = quoted(str(target), 200)
    try:
        size = target.stat().st_size
        if target.is_dir():
            raise FileError(f"{shown} is a folder, not a file")
        if size > most:
            raise FileError(f"{shown} has {size:,} bytes; at most {most:,} are read")
        data = target.read_bytes()
    except FileNotFoundError:
        raise FileError(f"there is no file {shown}") from None
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"{shown} cannot be read: {error.strerror or error}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{shown} is not UTF-8 text: byte {error.start + 1} is 0x{data[error.start]:02x}"
        ) from None
