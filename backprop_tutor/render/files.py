"""Files written whole or not at all: into a neighbour first, which then takes the file's place."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from ..errors import FileError

__all__ = ["make_folder", "write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, replacing what was there; after a failure the old file stands untouched.

    Raises:
        FileError: the place cannot be written, with the system's reason.
    """
    neighbour = ""
    try:
        handle, neighbour = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(neighbour, 0o666 & ~_umask())
        os.replace(neighbour, path)
    except OSError as error:
        if neighbour:
            with suppress(FileNotFoundError):
                os.unlink(neighbour)
        raise FileError(f"{path} cannot be written: {error.strerror or error}") from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they do not exist.

    Raises:
        FileError: it cannot be made, or something else has its name.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"the folder {path} cannot be made: {error.strerror or error}") from error


def _umask() -> int:
    """Return the mode bits that new files do without."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
