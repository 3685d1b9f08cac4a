"""Choosing the language: for a block, or by the environment as the command line does.

Adding a language is adding a catalogue. Within the library the language is English until `speaking`
says otherwise, so that the same input gives the same output on every machine; the command line takes
`--lang`, then `BACKPROP_TUTOR_LANG`, then the system's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .errors import OptionError, did_you_mean, quoted
from .sentences import catalogue_languages, current, said, sentence, spoken

__all__ = [
    "checked_language", "languages", "of_system", "preferred", "said", "sentence", "speaking", "spoken",
]  # fmt: skip

VARIABLE = "BACKPROP_TUTOR_LANG"
_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")


def languages() -> tuple[str, ...]:
    """Return the languages there are, English first.

    >>> languages()[0]
    'en'
    """
    return catalogue_languages()


def checked_language(language: str, source: str = "") -> str:
    """Return the language, if there is a catalogue for it; `source` says who asked for it.

    Raises:
        OptionError: there is none.
    """
    offered = languages()
    if language not in offered:
        hint = did_you_mean(language, offered) or said(
            "there are: {names}", names=", ".join(offered)
        )
        message = said("no catalogue for the language {name}; {hint}", name=quoted(language), hint=hint)
        raise OptionError(f"{source}{message}")
    return language


def preferred(environment: Mapping[str, str]) -> str:
    """Return the language that an environment asks for, English where none of ours is asked for.

    `BACKPROP_TUTOR_LANG` comes first; then the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is
    set, as POSIX has it: `ko_KR.UTF-8` is Korean.

    Raises:
        OptionError: `BACKPROP_TUTOR_LANG` names a language that has no catalogue.

    >>> preferred({"LANG": "ko_KR.UTF-8"}), preferred({"LC_ALL": "C", "LANG": "ko_KR.UTF-8"})
    ('ko', 'en')
    """
    own = environment.get(VARIABLE)
    return checked_language(own, f"{VARIABLE}: ") if own else of_system(environment)


def of_system(environment: Mapping[str, str]) -> str:
    """Return the language of the system that an environment tells of, English where it is none of ours.

    >>> of_system({"LANG": "ko_KR.UTF-8", "BACKPROP_TUTOR_LANG": "en"}), of_system({"LANG": "de_DE"})
    ('ko', 'en')
    """
    system = next((environment[name] for name in _SYSTEM if environment.get(name)), "")
    language = system.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return language if language != "en" and language in languages() else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Show sentences in `language` within the block.

    Raises:
        OptionError: there is no catalogue for it.

    >>> with speaking("ko"):
    ...     spoken()
    'ko'
    """
    token = current.set(checked_language(language))
    try:
        yield
    finally:
        current.reset(token)
