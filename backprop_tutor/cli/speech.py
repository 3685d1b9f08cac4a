"""The language of a whole command, its errors included, known before anything is read.

`--lang` anywhere among the arguments decides; without it the environment does. click's own words
(usage errors, the frame of help pages) have a catalogue of their own, `messages.mo`, that stands
beside ours; click looks it up by the process's environment, which is put back afterwards.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from ..errors import did_you_mean, quoted
from ..particles import agreed_text
from ..sentences import LOCALE, said
from ..translation import languages, preferred, speaking
from .printing import failed, say

__all__ = ["language_asked", "show", "speaking_as_asked"]


def language_asked(arguments: Sequence[str]) -> str | None:
    """Return what `--lang` asks for among the arguments, None where it is not there.

    >>> language_asked(["explain", "f = x", "--lang", "ko"]), language_asked(["--", "--lang=ko"])
    ('ko', None)
    """
    found = None
    for i, argument in enumerate(arguments):
        if argument == "--":
            break
        name, mark, value = argument.partition("=")
        if name == "--lang":
            found = value if mark else next(iter(arguments[i + 1 : i + 2]), None)
    return found


@contextmanager
def speaking_as_asked(arguments: Sequence[str]) -> Iterator[None]:
    """Speak the language of a command line within the block, click's own words too.

    A language that there is not leaves the environment's, in which `--lang` is then refused.

    Raises:
        OptionError: `BACKPROP_TUTOR_LANG` names a language that has no catalogue.
    """
    asked = language_asked(arguments)
    chosen = asked if asked in languages() else preferred(os.environ)
    before = os.environ.get("LANGUAGE")
    gettext.bindtextdomain("messages", str(LOCALE))
    os.environ["LANGUAGE"] = chosen
    try:
        with speaking(chosen):
            yield
    finally:
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def show(error: click.ClickException) -> None:
    """Print a mistake on the command line: how the command is used, then what was wrong.

    Where nothing was asked for, the help page is all there is to say.
    """
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.format_message())
        return
    ctx = getattr(error, "ctx", None)
    if isinstance(ctx, click.Context):
        say(ctx.get_usage())
        help_names = ctx.help_option_names
        if help_names:
            line = gettext.gettext("Try '{command} {option}' for help.")
            line = line.format(command=ctx.command_path, option=help_names[-1])
            say(f"{agreed_text(line)}\n")
    if isinstance(error, click.NoSuchOption):
        hint = f"; {did_you_mean(error.option_name, error.possibilities or ())}".rstrip("; ")
        message = said("there is no option {name}", name=quoted(error.option_name)) + hint
    else:
        message = agreed_text(error.format_message())
    failed(message)
