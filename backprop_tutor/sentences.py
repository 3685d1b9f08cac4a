"""Which language sentences are shown in, and the sentence in it: gettext catalogues under `locale/`.

Sentences are marked where they stand: `N_` in records that are shown later, `_` or `said` where they
are shown now. This module knows no errors, so that errors can speak every language too.
"""

from __future__ import annotations

import gettext
import os
import re
import struct
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from .particles import agreed_text

__all__ = [
    "LOCALE", "N_", "Said", "again", "catalogue_languages", "counted", "current", "said", "sentence",
    "spoken", "whole",
]  # fmt: skip

LOCALE = Path(__file__).parent / "locale"
"""Where our catalogues stand: `<language>/LC_MESSAGES/backprop_tutor.mo`."""
SEARCH_PATH = "BACKPROP_TUTOR_CATALOGUES"
"""The variable of the environment with folders of further catalogues, as PATH has them."""
GROUP = "backprop_tutor.catalogues"
"""The group of entry points that are packages with further catalogues in their folder."""

_DOMAIN = "backprop_tutor"
current: ContextVar[str] = ContextVar("language", default="en")


@cache
def catalogue_languages() -> tuple[str, ...]:
    """Return the languages there are, English first.

    >>> catalogue_languages()[0]
    'en'
    """
    found = {
        path.parent.parent.name
        for folder in catalogue_folders()
        for path in folder.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")
    }
    return ("en", *sorted(name for name in found if name != "en" and _LANGUAGE.fullmatch(name)))


_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


@cache
def catalogue_folders() -> tuple[Path, ...]:
    """Return where catalogues are looked for: the search path's, installed packages', our own.

    What stands in an earlier folder is said in place of what a later one says; what none says stays
    English.
    """
    given = [Path(part) for part in os.environ.get(SEARCH_PATH, "").split(os.pathsep) if part]
    return (*given, *_of_packages(), LOCALE)


def _of_packages() -> Iterator[Path]:
    from importlib.metadata import entry_points  # start-up time
    from importlib.util import find_spec

    for entry in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        try:
            spec = find_spec(entry.value)
        except (ImportError, ValueError):
            spec = None
        if spec is None or not spec.submodule_search_locations:
            warnings.warn(
                f"{entry.name} = {entry.value} of the group {GROUP} is left out: it is no package",
                stacklevel=2,
            )
            continue
        yield from map(Path, spec.submodule_search_locations)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en" and not os.environ.get(SEARCH_PATH):
        return gettext.NullTranslations()
    found: gettext.NullTranslations | None = None
    for folder in catalogue_folders():
        path = folder / language / "LC_MESSAGES" / f"{_DOMAIN}.mo"
        try:
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, struct.error) as error:
            warnings.warn(f"the catalogue {path} is left out: {error}", stacklevel=2)
            continue
        if found is None:
            found = catalogue
        else:
            found.add_fallback(catalogue)
    return found or gettext.NullTranslations()


def N_(text: str) -> str:
    """Mark a sentence for translation where it is shown later, and return it unchanged."""
    return text


def sentence(text: str) -> str:
    """Return a sentence in the current language, itself where there is no translation.

    The empty text stays empty; gettext would give the catalogue's head for it.
    """
    return _catalogue(current.get()).gettext(text) if text else ""


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun, in the current language: `1 edge`, `2,000 edges`.

    Both forms are marked where they stand; the second has a field `{count}`.

    >>> counted(1, N_("1 edge"), N_("{count} edges")), counted(2000, N_("1 edge"), N_("{count} edges"))
    ('1 edge', '2,000 edges')
    """
    return sentence(one) if count == 1 else sentence(many).format(count=whole(count))


_LONGEST_WHOLE = 15
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def whole(count: int) -> str:
    """Return a whole number that is not negative, in groups of three, or rounded where it is long.

    >>> whole(2000), whole(2**60), whole(10**5000)
    ('2,000', '1.153×10¹⁸', '1×10⁵⁰⁰⁰')
    """
    if count < 10**_LONGEST_WHOLE:
        return f"{count:,}"
    # Longer ones may have more digits than Python writes; log10(2) to six places never says too many.
    power = count.bit_length() * 301029 // 1_000_000 - 1
    while 10 ** (power + 1) <= count:
        power += 1
    lead = (count * 2 + 10 ** (power - 3)) // (2 * 10 ** (power - 3))
    if lead == 10_000:
        lead, power = 1_000, power + 1
    digits = f"{lead // 1000}.{lead % 1000:03}".rstrip("0").rstrip(".")
    return f"{digits}×10{str(power).translate(_RAISED)}"


class Said(str):
    """A sentence as it was said, which remembers what it says and can be said again."""

    __slots__ = ("fields", "text")
    text: str
    fields: dict[str, Any]


def said(text: str, **fields: Any) -> str:
    """Return a sentence in the current language with its `{fields}` filled in.

    A sentence without fields is taken as it stands, braces included.

    >>> said("there is no function {name}", name="`Sin`")
    'there is no function `Sin`'
    """
    shown = sentence(text)
    spoken = Said(agreed_text(shown.format(**fields) if fields else shown))
    spoken.text, spoken.fields = text, fields
    return spoken


def again(remark: str) -> str:
    """Return a remark in the current language, whatever language it was first said in.

    A text that is no sentence of ours is returned as it is.
    """
    if not isinstance(remark, Said):
        return remark
    fields = {k: again(v) if isinstance(v, str) else v for k, v in remark.fields.items()}
    return said(remark.text, **fields)


def spoken() -> str:
    """Return the current language, "en" unless something else was chosen."""
    return current.get()
