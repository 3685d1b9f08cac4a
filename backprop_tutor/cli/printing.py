"""What the commands say on a terminal: results and remarks, with nothing in them that it would obey.

Labels of a data set, keys of a problem file and names of files are a stranger's text. All of it goes
through `out` or `say`; no command prints in another way. In a terminal lines are broken between words;
into a file or a pipe they go as they are.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from ..errors import harmless
from ..sentences import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..story.written import Content, Written

__all__ = ["columns", "failed", "out", "say", "tell_written", "wrote", "wrote_all"]

_NARROWEST = 20
"""Columns; a terminal that says less is not believed."""


def columns(*, remarks: bool = False) -> int | None:
    """Return the columns of the terminal; None where no terminal reads, and nothing is broken.

    The variable COLUMNS decides where it is set, as it does for help.

    Args:
        remarks: of standard error instead of standard output.
    """
    said_so = os.environ.get("COLUMNS", "")
    if said_so.isascii() and said_so.isdigit() and int(said_so):
        return max(_NARROWEST, int(said_so))
    stream: Any = sys.stderr if remarks else sys.stdout
    with suppress(OSError, ValueError, AttributeError):
        if stream.isatty():
            return max(_NARROWEST, os.get_terminal_size(stream.fileno()).columns or 80)
    return None


def out(text: str = "", *, newline: bool = True, whole: bool = False) -> None:
    """Print a piece of the result on standard output; `whole` for what a program reads, line by line."""
    click.echo(_broken(text, None if whole else columns()), nl=newline)


def _broken(text: str, width: int | None) -> str:
    text = harmless(text)
    if width is None:
        return text
    from ..render.narration.folding import folded_text  # start-up time: only a terminal needs it

    return folded_text(text, width)


def say(message: str) -> None:
    """Print a remark that is not the result, on standard error."""
    click.echo(_broken(message, columns(remarks=True)), err=True)


def wrote(output: object) -> None:
    """Say on standard error which file or folder was written."""
    say(said("wrote {output}", output=output))


def wrote_all(files: Mapping[str, Content], folder: str) -> None:
    """Write the files of a folder, and say which; on standard error, which of them could not be drawn."""
    from ..story.written import write_all  # start-up time: NumPy

    tell_written(write_all(files, folder))


def tell_written(written: Written) -> None:
    """Print the paths that were written; on standard error, what could not be."""
    for path in written.paths:
        out(said("wrote {output}", output=path))
    if written.remark:
        say(written.remark)


def failed(message: str) -> None:
    """Print what a user did wrong, on standard error."""
    word = said("Error")
    text = _broken(f"{word}: {message}", columns(remarks=True))
    click.echo(click.style(text[: len(word)], fg="red") + text[len(word) :], err=True)
