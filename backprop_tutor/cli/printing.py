"""What the commands say on a terminal: results and remarks, with nothing in them that it would obey.

Labels of a data set, keys of a problem file and names of files are a stranger's text. All of it goes
through `out` or `say`; no command prints in another way.
"""

from __future__ import annotations

import click

from ..errors import harmless
from ..sentences import said

__all__ = ["failed", "out", "say", "wrote"]


def out(text: str = "", *, newline: bool = True) -> None:
    """Print a piece of the result on standard output."""
    click.echo(harmless(text), nl=newline)


def say(message: str) -> None:
    """Print a remark that is not the result, on standard error."""
    click.echo(harmless(message), err=True)


def wrote(output: object) -> None:
    """Say on standard error which file or folder was written."""
    say(said("wrote {output}", output=output))


def failed(message: str) -> None:
    """Print what a user did wrong, on standard error."""
    click.echo(f"{click.style(said('Error'), fg='red')}: {harmless(message)}", err=True)
