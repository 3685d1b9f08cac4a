"""The language of a whole command, its errors and help included, known before anything is read.

`--lang` anywhere among the arguments decides; without it the environment does. click's own words
(usage errors, the frame of help pages) have a catalogue of their own, `messages.mo`, that stands
beside ours; click looks it up by the process's environment, which is put back afterwards.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from ..errors import did_you_mean, quoted
from ..particles import agreed_text
from ..sentences import LOCALE, said, sentence, spoken
from ..translation import languages, preferred, speaking
from .printing import failed, say

__all__ = ["Command", "Option", "language", "language_asked", "option", "show", "speaking_as_asked"]

F = TypeVar("F", bound=Callable[..., Any])


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
    """Print a mistake on the command line: how the command is used, then what was wrong."""
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


class _Spoken:
    """A text that is kept in English and given in the language of the command."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._kept = f"english_{name}"

    def __get__(self, instance: object, owner: type) -> str | None:
        text: str | None = getattr(instance, self._kept, None)
        return sentence(text) if text else text

    def __set__(self, instance: object, text: str | None) -> None:
        setattr(instance, self._kept, text)


class _SpokenHead(_Spoken):
    """Examples, of which only the first line is words."""

    def __get__(self, instance: object, owner: type) -> str | None:
        text: str | None = getattr(instance, self._kept, None)
        return text.replace("Examples:", sentence("Examples:"), 1) if text else text


class Option(click.Option):
    """An option whose help is shown in the language of the command."""

    help = _Spoken()


class Command(click.Command):
    """A command whose help page is shown in the language of the command."""

    help = _Spoken()
    epilog = _SpokenHead()


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Give a command an option, as `click.option` does, with help in the language of the command."""
    return click.option(*names, cls=Option, **settings)


def language(command: F) -> F:
    """Give a command `--lang`; its function receives the language that is spoken as `lang`."""
    return option(
        "--lang",
        type=click.Choice(languages()),
        callback=lambda ctx, parameter, value: value or spoken(),
        help="The language of every word, errors included; without it BACKPROP_TUTOR_LANG decides, "
        "then the system's language.",
    )(command)
