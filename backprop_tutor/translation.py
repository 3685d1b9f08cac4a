"""The language in which sentences are shown: gettext catalogues under `locale/`, English without one.

Adding a language is adding a catalogue. Sentences are marked where they stand (`N_` in records, `_`
in `narrate`) and looked up here when they are shown.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from .errors import OptionError, did_you_mean, quoted

__all__ = ["languages", "sentence", "speaking", "spoken"]

_DOMAIN = "backprop_tutor"
_PLACE = Path(__file__).parent / "locale"
_current: ContextVar[str] = ContextVar("language", default="en")


def languages() -> tuple[str, ...]:
    """Return the languages there are, English first.

    >>> languages()[0]
    'en'
    """
    found = sorted(path.parent.parent.name for path in _PLACE.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo"))
    return ("en", *found)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(_DOMAIN, str(_PLACE), languages=[language])


def sentence(text: str) -> str:
    """Return a sentence in the current language, itself where there is no translation."""
    return _catalogue(_current.get()).gettext(text)


def spoken() -> str:
    """Return the current language.

    >>> with speaking("ko"):
    ...     spoken()
    'ko'
    """
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Show sentences in `language` within the block.

    Raises:
        OptionError: there is no catalogue for it.
    """
    offered = languages()
    if language not in offered:
        hint = did_you_mean(language, offered) or f"there are: {', '.join(offered)}"
        raise OptionError(f"no catalogue for the language {quoted(language)}; {hint}")
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)
