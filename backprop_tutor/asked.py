"""What a caller names: one name, or several as a list or in one text.

A SymPy symbol stands for its name wherever a name is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .errors import OptionError, quoted
from .sentences import said

__all__ = ["name_of", "names_of"]


def name_of(given: Any, what: str) -> str:
    """Return a name that is text, or a symbol's.

    Raises:
        OptionError: anything else; `what` says what was asked for.

    >>> name_of("w1", "wrt")
    'w1'
    """
    if isinstance(given, str):
        return given
    if getattr(given, "is_Symbol", False) is True:
        return str(given)
    raise OptionError(
        said("{what} is a name, not {given}", what=f"`{what}`", given=quoted(repr(given)))
    )


def names_of(given: str | Iterable[Any], what: str) -> tuple[str, ...]:
    """Return several names, given as a list, or in one text with commas or spaces between.

    Raises:
        OptionError: something that lists no names; `what` says what was asked for.

    >>> names_of("w1, w2", "wrt"), names_of(["w1"], "wrt")
    (('w1', 'w2'), ('w1',))
    """
    if isinstance(given, str):
        return tuple(given.replace(",", " ").split())
    if getattr(given, "is_Symbol", False) is True:
        return (str(given),)
    if not isinstance(given, Iterable):
        raise OptionError(
            said(
                "{what} lists names, such as {example}; {given} was given",
                what=f"`{what}`", example='"w1, w2"', given=quoted(repr(given)),
            )
        )  # fmt: skip
    return tuple(name_of(each, what) for each in given)
