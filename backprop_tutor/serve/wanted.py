"""What a page asks for, read from its request: a program, values, scale, step, language and theme.

Enters: the JSON of a request. Leaves: a `Wanted`, every part of the kind and size it may have, so that
whoever works on it looks at meaning alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..choices import Scale, ThemeName, words
from ..errors import OptionError, did_you_mean, quoted
from ..sentences import said
from ..translation import languages

__all__ = ["MOST_PROGRAM", "MOST_VALUE", "Wanted", "read_wanted"]

MOST_PROGRAM = 20_000
"""Characters of a program."""

MOST_VALUE = 10_000
"""Characters of one value."""

_MOST_VALUES = 500
_MOST_STEP = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One request: what was typed, and how it is to be seen.

    Attributes:
        values: each input's text, as it stands in its field; "" for none yet.
        scale: None for the one that fits.
        step: None for the finished picture; 0 for what is given alone.
        narrow: whether the picture is for a phone.
    """

    program: str
    values: tuple[tuple[str, str], ...] = ()
    scale: Scale | None = None
    step: int | None = None
    lang: str = "en"
    theme: ThemeName = "light"
    narrow: bool = False

    @property
    def key(self) -> str:
        """Return what this request has in common with its equals alone."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def read_wanted(data: Any) -> Wanted:
    """Return what a request asks for.

    >>> read_wanted({"program": "f = w*x", "values": {"w": "2"}}).values
    (('w', '2'),)

    Raises:
        OptionError: a part that is not there, too long, of another kind, or none of its choices.
    """
    if not isinstance(data, Mapping):
        raise OptionError(said("a request is an object with a program"))
    unknown = sorted(set(data) - set(Wanted.__dataclass_fields__))
    if unknown:
        hint = did_you_mean(unknown[0], Wanted.__dataclass_fields__)
        raise OptionError(
            said("a request has no {name}; {hint}", name=quoted(str(unknown[0])),
                 hint=hint or ", ".join(Wanted.__dataclass_fields__))
        )  # fmt: skip
    values = data.get("values", {})
    if not isinstance(values, Mapping) or len(values) > _MOST_VALUES:
        raise OptionError(
            said("values map at most {most} names to texts", most=_MOST_VALUES)
        )
    return Wanted(
        program=_text("program", data.get("program"), MOST_PROGRAM),
        values=tuple((_text("name", k, 200), _text(k, v, MOST_VALUE)) for k, v in values.items()),
        scale=_choice("scale", data.get("scale"), (None, *words(Scale))),
        step=_step(data.get("step")),
        lang=_choice("lang", data.get("lang", "en"), languages()),
        theme=_choice("theme", data.get("theme", "light"), words(ThemeName)),
        narrow=_choice("narrow", data.get("narrow", False), (False, True)),
    )


def _text(name: object, given: Any, most: int) -> str:
    if not isinstance(given, str):
        raise OptionError(said("{name} is a text", name=quoted(str(name))))
    if len(given) > most:
        raise OptionError(
            said("{name} has {count} characters; at most {most} are taken",
                 name=quoted(str(name)), count=f"{len(given):,}", most=f"{most:,}")
        )  # fmt: skip
    if any("\ud800" <= c <= "\udfff" for c in given):
        raise OptionError(said("{name} is not UTF-8 text", name=quoted(str(name))))
    return given


def _choice(name: str, given: Any, choices: tuple[Any, ...]) -> Any:
    if given in choices and isinstance(given, bool) == isinstance(choices[0], bool):
        return given
    listed = ", ".join(str(choice) for choice in choices if choice is not None)
    raise OptionError(
        said("{name} is one of {choices}, not {given}", name=name, choices=listed, given=quoted(given))
    )


def _step(given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= _MOST_STEP:
        raise OptionError(said("a step is a whole number from 0, not {given}", given=quoted(given)))
    return given
