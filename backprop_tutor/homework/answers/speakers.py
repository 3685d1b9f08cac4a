"""Who may speak for whom: a file that is one student's says nothing about another.

Enters: a file's name, the names in it, a roster where there is one. Leaves: the student whose
answers a row holds, or the reason why it holds nobody's. The files of a folder, as a learning
platform exports them, are one student's each; a file that is given by itself may hold a class, but
not a student who has a file of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, permutations
from types import MappingProxyType

from ...errors import FileError, did_you_mean, printable, quoted
from ...sentences import said
from .path_names import path_names

__all__ = ["Roster", "Speaker", "own_keys", "platform_name", "student_name"]

LONGEST_NAME = 200

_FORMS = 4
"""A name may be a file's as it is, or with 8, 16 or 32 digits of its digest."""
_AGAIN = re.compile(r" ?\(\d{1,3}\)\Z")
"""What a browser adds to a file that is saved again: `s106 (1)`."""
_PLATFORM = re.compile(r"(?P<name>.+?)_(?P<number>[0-9]{1,20})_assignsubmission_[a-z]+_\Z")
_DIGEST = re.compile(r"-[0-9a-f]{8}")
_MOST_WORDS = 4
_MOST_HINTS = 50


def student_name(text: str) -> str:
    """Return a student's name as it is kept: blanks around it cut, letters composed (NFC).

    Raises:
        FileError: none, a longer one than 200 characters, or half a character in it.

    >>> student_name("  Anna   M. ")
    'Anna M.'
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise FileError(said("no student is named"))
    if len(name) > LONGEST_NAME:
        raise FileError(
            said("a student's name has at most {longest_name} characters", longest_name=LONGEST_NAME)
        )
    lone = next((c for c in name if "\ud800" <= c <= "\udfff"), "")
    if lone:
        raise FileError(
            said("the student's name has {lone} in it, half a character", lone=printable(lone))
        )
    return name


def _plain(text: str) -> str:
    """Return the letters and digits of a text, without regard to case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def _name_keys(name: str) -> frozenset[str]:
    """Return what a file may be called that belongs to a student of this name."""
    words = [_plain(word) for word in re.split(r"[\s,]+", name)]
    turned = permutations(words) if 1 < len(words) <= _MOST_WORDS else ()
    found = {name, _plain(name), *islice(path_names(name), _FORMS), *map("".join, turned)}
    return frozenset(found - {""})


def own_keys(stem: str) -> tuple[str, ...]:
    """Return under which keys a file called so is its student's own, the surest first."""
    return tuple(dict.fromkeys(key for key in (stem, _plain(_AGAIN.sub("", stem))) if key))


def platform_name(folder: str) -> tuple[str, str] | None:
    """Return the name and the number of the student for whom Moodle made a folder; None for another.

    Moodle names it: the student's choice are the files in it.

    >>> platform_name("Anna Smith_1234_assignsubmission_file_")
    ('Anna Smith', '1234')
    """
    found = _PLATFORM.match(folder)
    return None if found is None else (found["name"], found["number"])


def _stem_keys(stem: str) -> tuple[str, ...]:
    """Return the keys of a file's name; learning platforms put the name or number of the student first.

    Canvas writes `smithanna_1234_5678_answers`, Moodle `Anna Smith_1234_assignsubmission_file_answers`.
    What stands behind that is the student's to choose and is not looked at.
    """
    first, *rest = stem.split("_")
    numbers = [part for part in rest[:2] if part.isdecimal()]
    led = (_plain(first), *numbers) if rest else ()
    written = platform_name(stem)
    if written is not None:
        led = (_plain(written[0]), written[1])  # a name may have an underscore, too
    return tuple(key for key in dict.fromkeys((*own_keys(stem), *led)) if key)


@lru_cache(maxsize=64)
def _file_keys(stem: str) -> tuple[str, ...]:
    """Return the keys of a file's name, once for all of its rows."""
    return _stem_keys(student_name(stem))


def _is_named(stem: str, name: str) -> bool:
    """Return whether a file called so is the student's."""
    keys = _file_keys(stem)
    length = len(_plain(name))
    if name not in keys and not _DIGEST.search(stem) and length not in map(len, keys):
        return False  # as most names that are not: without working out what else it might be called
    return not _name_keys(name).isdisjoint(keys)


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the names by key, of keys that are one name's."""
    found: dict[str, str | None] = {}
    for key, name in pairs:
        found[key] = name if found.get(key, name) == name else None
    return {key: name for key, name in found.items() if key and name is not None}


class Roster:
    """The students of a class: who is on it, and whose a file is.

    >>> roster = Roster(["anna", "Ben Ode"])
    >>> roster.owner("odeben_12_34_answers"), roster.owner("cy")
    ('Ben Ode', None)

    Args:
        names: as answer files carry them.
        others: what else each student is called in the roster, an e-mail or another id, by name.
    """

    def __init__(self, names: Iterable[str], others: Mapping[str, Iterable[str]] | None = None) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(map(student_name, names)))
        self._known = frozenset(self.names)
        self._by_key: dict[str, str | None] = {}
        self._hints = 0
        for name in self.names:
            for key in _name_keys(name):
                taken = self._by_key.get(key, name)
                self._by_key[key] = name if taken == name else None  # two students': nobody's
        self._bare = _unique((_plain(name).lstrip("0"), name) for name in self.names)
        self._others = _unique(
            (other.strip().casefold(), name)
            for name, listed in (others or {}).items() for other in listed if other.strip()
        )
        self._local = _unique((other.partition("@")[0], name) for other, name in self._others.items())

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def known(self, name: str) -> str | None:
        """Return the student whose name this is, or whose e-mail or other id in the roster."""
        text = unicodedata.normalize("NFC", " ".join(name.split()))
        return text if text in self._known else self._others.get(text.casefold())

    def _near(self, name: str) -> str | None:
        """Return whose name this may be: of another case, without its zeros, an e-mail, saved again."""
        plain = _plain(_AGAIN.sub("", name).partition("@")[0])
        return (
            self._by_key.get(plain) or self._bare.get(plain.lstrip("0"))
            or self._local.get(name.partition("@")[0].casefold())
        )

    def owner(self, stem: str) -> str | None:
        """Return the one student that a file's name may mean."""
        if (found := self.known(stem)) is not None:
            return found
        return next((found for key in _stem_keys(stem) if (found := self._by_key.get(key))), None)

    def checked(self, name: str) -> str:
        """Return the name of a student who is on the roster, given by it, an e-mail or another id.

        Raises:
            FileError: it is not; the nearest is suggested.
        """
        if (found := self.known(name)) is not None:
            return found
        self._hints += 1
        near = self._near(name)
        if near is not None:
            hint = said("did you mean {near}?", near=quoted(near))
        else:
            hint = did_you_mean(name, self.names) if self._hints <= _MOST_HINTS else ""
        raise FileError(
            said("{name} is not on the roster", name=quoted(name)) + (f"; {hint}" if hint else "")
        )


_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Speaker:
    """A file that says whose its answers are, within what it may say.

    Attributes:
        stem: the file's name without its ending.
        alone: whether it is one student's.
        elsewhere: who has a file of their own: its keys, and what that file is called.
        roster: the students there are, where that is known.
        own: how the student is called where neither the file nor a roster says it; as `stem` if empty.
    """

    stem: str
    alone: bool = False
    elsewhere: Mapping[str, str] = field(default_factory=lambda: _NONE)
    roster: Roster | None = None
    own: str = ""
    _spoken_for: str = ""

    def student(self, named: str | None) -> str:
        """Return whose answers a row or an object holds that names `named`, or nobody.

        Raises:
            FileError: a name that is none, not on the roster, or one that this file cannot speak for.
        """
        if named is None:
            return self._own()
        name = student_name(named)
        if self.roster is not None:
            name = self.roster.known(name) or name
        if self.alone:
            self._must_be_own(name)
        else:
            self._must_not_be_elsewhere(name)
        if self.roster is not None:
            self.roster.checked(name)
        self._spoken_for = name
        return name

    def _own(self) -> str:
        """Return the student whom the file is named after."""
        if self.roster is None:
            return self._spoken_for or student_name(self.own or self.stem)
        found = self.roster.owner(student_name(self.stem))
        return found if found is not None else self.roster.checked(student_name(self.stem))

    def _must_be_own(self, name: str) -> None:
        if not (name == self._spoken_for if self._spoken_for else _is_named(self.stem, name)):
            of = quoted(self._spoken_for or self.stem)
            raise FileError(
                said(
                    "this file is {of}'s; it does not speak for {name} (a file that holds a class is "
                    "given by its own path)",
                    of=of, name=quoted(name),
                )
            )

    def _must_not_be_elsewhere(self, name: str) -> None:
        for key in _name_keys(name):
            other = self.elsewhere.get(key)
            if other is not None and key not in own_keys(self.stem):
                raise FileError(
                    said(
                        "{name} has a file of their own, {other}",
                        name=quoted(name), other=quoted(other),
                    )
                )
