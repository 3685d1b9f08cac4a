"""Jupyter's extension: `%load_ext backprop_tutor`, then `%%backprop w=-2 x=5 b=3` over a program.

Enters: the magic's line and its cell. Leaves: a lesson page, a picture, or the derivation itself.
IPython is not imported; it calls what stands here.
"""

from __future__ import annotations

import re
import shlex
from typing import Any

from .errors import OptionError, did_you_mean, quoted
from .language import canonical_name, parse_number
from .lesson import lesson
from .objects.deriving import derive
from .objects.numbers import Derivation
from .ops import Number, plain
from .sentences import said

__all__ = ["backprop", "load_ipython_extension", "unload_ipython_extension"]

_VALUE = re.compile(r"([^\s=+\-*/^()|,;]+)=([^=;]+)\Z")
_SHOWS = ("lesson", "picture", "frames", "derivation")
_OPTIONS = ("--show", "--of", "--expand", "--lang", "--theme", "--title", "--into")


def backprop(line: str, cell: str) -> tuple[Any, str, Derivation]:
    """Return what a cell shows, the name under which its derivation is kept (or ""), and that.

    The line has values (`w=-2 t=1/3`) and options: `--show` lesson (the default), picture, frames or
    derivation; `--of`, `--expand`, `--lang`, `--theme`, `--title`; `--into NAME` keeps the derivation
    in a variable.

    Raises:
        TutorError: whatever in the line or the cell does not fit.

    >>> shown, name, d = backprop("w=-2 x=5 b=3 --show derivation --into d", "f = wx + b")
    >>> shown, name
    (<Derivation of f = -7 at w=-2, x=5, b=3>, 'd')
    """
    at, options = _read(line)
    show = options.get("show", "lesson")
    if show not in _SHOWS:
        hint = did_you_mean(show, _SHOWS) or said("it is one of {names}", names=", ".join(_SHOWS))
        raise OptionError(said("--show is not {show}; {hint}", show=quoted(show), hint=hint))
    into = options.get("into", "")
    if into and not into.isidentifier():
        raise OptionError(
            said("--into takes the name of a variable, not {into}", into=quoted(into))
        )
    d = derive(cell, at, of=options.get("of"), expand=options.get("expand", ""))
    if show == "lesson":
        page = {key: options[key] for key in ("lang", "theme", "title") if key in options}
        return lesson(d, **page), into, d  # type: ignore[arg-type]  # checked by `lesson`
    if show == "picture":
        return d.diagram(), into, d
    if show == "frames":
        return d.frames(), into, d
    return d, into, d


def _read(line: str) -> tuple[dict[str, Number], dict[str, str]]:
    """Return the values and the options of a line."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise OptionError(
            said("the line after %%backprop cannot be read: {error}", error=error)
        ) from None
    at: dict[str, Number] = {}
    options: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word.startswith("--"):
            name, mark, value = word.partition("=")
            if name not in _OPTIONS:
                hint = did_you_mean(name, _OPTIONS) or said(
                    "the options: {names}", names=", ".join(_OPTIONS)
                )
                raise OptionError(
                    said("%%backprop has no option {name}; {hint}", name=quoted(name), hint=hint)
                )
            given = value if mark else next(rest, None)
            if given is None:
                raise OptionError(said("{name} needs a value", name=name))
            options[name[2:]] = given
            continue
        match = _VALUE.match(word)
        if match is None:
            raise OptionError(
                said("{word} is not a value; expected name=number, such as w=-2", word=quoted(word))
            )
        name = canonical_name(match[1])
        if name in at:
            raise OptionError(said("{name} is given twice", name=quoted(name)))
        at[name] = plain(parse_number(match[2], source=f"value of {name}").value)
    return at, options


def load_ipython_extension(shell: Any) -> None:
    """Give a running IPython the cell magic `%%backprop`; called by `%load_ext backprop_tutor`."""

    def magic(line: str, cell: str) -> Any:
        """Derive the program in the cell at the values of the line, and show it."""
        shown, into, derivation = backprop(line, cell)
        if into:
            shell.user_ns[into] = derivation
        return shown

    shell.register_magic_function(magic, magic_kind="cell", magic_name="backprop")


def unload_ipython_extension(shell: Any) -> None:
    """Take the cell magic away again; called by `%unload_ext backprop_tutor`."""
    shell.magics_manager.magics["cell"].pop("backprop", None)
