"""What installed packages add: their entry points, listed and loaded.

A package names what it adds in its own metadata, under a group of ours:

    [project.entry-points."backprop_tutor.operations"]
    gaussian = "my_package:GAUSSIAN"

`loaded` adds all that a group holds, of one kind (operations, slips). `named` finds one by the entry's
name (formats, layouts), and loads no other.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

from .errors import OptionError, TutorError, quoted
from .sentences import said

__all__ = ["LAYOUTS", "listed", "loaded", "named"]

LAYOUTS = "backprop_tutor.layouts"
"""The group of layouts, which the command line asks for before anything is drawn."""

T = TypeVar("T")

_SEEN: set[tuple[str, str, str]] = set()
"""The entries that were added, or warned about."""


@cache
def _entries(group: str) -> tuple[Any, ...]:
    from importlib.metadata import entry_points  # start-up time

    return tuple(sorted(entry_points(group=group), key=lambda each: (each.name, each.value)))


@cache
def listed(group: str) -> tuple[str, ...]:
    """Return the names of a group's entries.

    >>> listed("backprop_tutor.nothing")
    ()
    """
    return tuple(dict.fromkeys(entry.name for entry in _entries(group)))


@cache
def named(group: str, name: str) -> Any:
    """Return what an entry of a group holds.

    Raises:
        OptionError: it cannot be loaded; what its package raised is told.
    """
    entry = next(entry for entry in _entries(group) if entry.name == name)
    try:
        return entry.load()
    except Exception as error:  # whatever another's module raises
        raise OptionError(
            said(
                "{name} = {value} of the group {group} cannot be loaded: {reason}",
                name=name, value=entry.value, group=group, reason=_told(error),
            )
        ) from error  # fmt: skip


def loaded(group: str, kind: type[T], add: Callable[[T], object]) -> bool:
    """Add what the entries of a group hold, once; return whether none is left for later.

    Each is one of the kind, a list of them, or a function that returns either. What cannot be added is
    warned about, with the reason, and left out: one package at fault takes nothing from the others. One
    is left for later whose module is being imported just now: what it asks of us came first.
    """
    done = True
    for entry in _entries(group):
        key = (group, entry.name, entry.value)
        if key in _SEEN:
            continue
        spec = getattr(sys.modules.get(entry.module), "__spec__", None)
        if getattr(spec, "_initializing", False):  # the import system's own mark
            done = False
            continue
        try:
            for thing in _things(entry.load(), kind):
                add(thing)
        except Exception as error:  # whatever another's module raises
            warnings.warn(
                said(
                    "{name} = {value} of the group {group} is left out: {reason}",
                    name=entry.name, value=entry.value, group=group, reason=_told(error),
                ),
                stacklevel=2,
            )  # fmt: skip
        _SEEN.add(key)
    return done


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, TutorError) else f"{type(error).__name__}: {error}"


def _things(found: Any, kind: type[T]) -> Iterator[T]:
    if not isinstance(found, kind) and callable(found):
        found = found()
    for thing in found if isinstance(found, list | tuple) else (found,):
        if not isinstance(thing, kind):
            raise OptionError(
                said("{kind} is expected, or a list of them, not {given}",
                     kind=kind.__name__, given=quoted(type(thing).__name__))
            )  # fmt: skip
        yield thing
