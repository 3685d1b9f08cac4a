"""Help pages in the language of the command: commands, options, what their values are, wide letters.

A text is kept in English and looked up when it is shown, so that a process may show both languages.
click counts letters; a Hangul letter takes two columns. Wide letters are therefore followed by a
letter that nobody sees while click breaks and aligns the lines, and it is taken out of the page.
"""

from __future__ import annotations

import gettext
import inspect
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from ..choices import Layout, words
from ..errors import quoted
from ..installed import LAYOUTS, listed
from ..sentences import said, sentence, spoken
from ..translation import languages, speaking

__all__ = [
    "LAYOUT", "PATH", "Added", "Command", "Number", "Option", "Pages", "WholeNumber", "language", "option",
    "with_seed",
]

F = TypeVar("F", bound=Callable[..., Any])

_LANGUAGE = f"{__package__}.language"

_FILLER = "\u3164"
"""A Hangul filler: a letter to the breaking of lines, and in no text of ours."""


def _widened(text: str) -> str:
    """Return the text with as many letters as it takes columns."""
    if text.isascii():
        return text
    return "".join(c + _FILLER if unicodedata.east_asian_width(c) in "WF" else c for c in text)


class _WidePage(click.HelpFormatter):
    """A help page whose lines are broken and aligned by columns, not by letters."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        shown = f"{gettext.gettext('Usage:')} " if prefix is None else prefix
        super().write_usage(_widened(prog), _widened(args), _widened(shown))

    def write_text(self, text: str) -> None:
        super().write_text(_widened(text))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        super().write_dl([(_widened(a), _widened(b)) for a, b in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_FILLER, "")


class _Page(click.Context):
    formatter_class = _WidePage


class _Spoken:
    """A text that is kept in English and given in the language of the command."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._kept = f"english_{name}"

    def __get__(self, instance: object, owner: type) -> str | None:
        text: str | None = getattr(instance, self._kept, None)
        return sentence(text) if text else text

    def __set__(self, instance: object, text: str | None) -> None:
        setattr(instance, self._kept, text and inspect.cleandoc(text))


class _SpokenHead(_Spoken):
    """Examples, of which only the first line is words."""

    def __get__(self, instance: object, owner: type) -> str | None:
        text: str | None = getattr(instance, self._kept, None)
        return text.replace("Examples:", sentence("Examples:"), 1) if text else text


class _SpokenKind:
    """What a value is, in the words that click has for it."""

    def __init__(self, english: str) -> None:
        self._english = english

    def __get__(self, instance: object, owner: type) -> str:
        return gettext.gettext(self._english)

    def __set__(self, instance: object, text: str) -> None:
        """Keep the English word: click gives a path the word of the language it is made in."""


class _Whole(click.types.IntParamType):
    name = _SpokenKind("integer")


class _Decimal(click.types.FloatParamType):
    name = _SpokenKind("float")


class _Text(click.types.StringParamType):
    name = _SpokenKind("text")


class _Path(click.Path):
    name = _SpokenKind("path")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a path; what no file system can name is refused where it was typed."""
        try:
            return super().convert(value, param, ctx)
        except ValueError:  # half a character, or a zero byte
            self.fail(said("no file can be called {path}", path=quoted(value)), param, ctx)


class WholeNumber(click.IntRange):
    """A whole number within bounds."""

    name = _SpokenKind("integer range")


class Number(click.FloatRange):
    """A number within bounds."""

    name = _SpokenKind("float range")


PATH = _Path()
"""A file or a folder, which need not be there."""


class Added(click.Choice[str]):
    """Our names and those of installed packages, which are looked for when none of ours is meant."""

    def __init__(self, ours: Iterable[str], group: str) -> None:
        super().__init__(tuple(ours))
        self.group = group

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the name; one that is not there is refused with all that there are."""
        if value in self.choices:
            return value
        return click.Choice([*self.choices, *listed(self.group)]).convert(value, param, ctx)


LAYOUT = Added(words(Layout), LAYOUTS)
"""Who arranges a picture."""

_KINDS: dict[object, click.ParamType[Any]] = {
    click.INT: _Whole(), click.FLOAT: _Decimal(), click.STRING: _Text(),
}  # fmt: skip


class Option(click.Option):
    """An option whose help is shown in the language of the command."""

    help: Any = _Spoken()

    def __init__(self, *names: Any, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.type = _KINDS.get(self.type, self.type)


def _spoken_help(found: click.Option | None) -> click.Option | None:
    """Return `--help`, which click explains once and for all, in the language of now."""
    if found is not None:
        found.help = gettext.gettext("Show this message and exit.")
    return found


class Command(click.Command):
    """A command that speaks the language of its `--lang`, on its help page too."""

    context_class = _Page
    help: Any = _Spoken()
    epilog: Any = _SpokenHead()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, explained in the language of the command."""
        return _spoken_help(super().get_help_option(ctx))

    def invoke(self, ctx: click.Context) -> Any:
        """Return what the command's function returns, called while its language is spoken."""
        with speaking(ctx.meta.get(_LANGUAGE, spoken())):
            return super().invoke(ctx)


class Pages(click.Group):
    """A group of commands whose help page is shown in the language of the command line."""

    context_class = _Page
    help: Any = _Spoken()
    epilog: Any = _Spoken()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, explained in the language of the command line."""
        return _spoken_help(super().get_help_option(ctx))


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Give a command an option, as `click.option` does, with help in the language of the command."""
    return click.option(*names, cls=Option, **settings)


def with_seed(help: str = "Seed of all random draws.") -> Callable[[F], F]:
    """Give a command `--seed`, 0 if left out."""
    return option("--seed", type=WholeNumber(0, 2**32 - 1), default=0, show_default=True, help=help)


def language(command: F) -> F:
    """Give a command `--lang`: its function is called while that language is spoken."""

    def choose(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
        if value or _LANGUAGE not in ctx.meta:  # it may stand before the command, too
            ctx.meta[_LANGUAGE] = value or spoken()

    return option(
        "--lang", type=click.Choice(languages()), callback=choose, expose_value=False,
        help="The language of every word, errors included; without it BACKPROP_TUTOR_LANG decides, "
        "then the system's language.",
    )(command)  # fmt: skip
