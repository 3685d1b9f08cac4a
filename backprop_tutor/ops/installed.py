"""What installed packages add: their entry points, loaded, and the operations among them.

A package names what it adds in its own metadata:

    [project.entry-points."backprop_tutor.operations"]
    swish = "my_package:SWISH"

Each entry is what is added, a list of it, or a function that returns either. What cannot be added is
warned about, with the reason, and left out: one package at fault takes nothing from the others.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ..errors import TutorError
from ..sentences import said
from .admission import reason_against
from .record import Operation
from .registry import Table

__all__ = ["OPERATIONS", "add_installed", "add_operation", "loaded"]

T = TypeVar("T")

OPERATIONS = "backprop_tutor.operations"
"""The group of entry points that are operations."""

_SEEN: set[tuple[str, str, str]] = set()
"""The entries that were added, or warned about."""


def loaded(group: str, kind: type[T], add: Callable[[T], object]) -> bool:
    """Add what the entry points of a group hold, once; return whether none is left for later.

    One is left whose module is being imported just now: what it asks of us came before what it adds.
    """
    from importlib.metadata import entry_points  # start-up time

    done = True
    for entry in sorted(entry_points(group=group), key=lambda each: (each.name, each.value)):
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
            told = str(error) if isinstance(error, TutorError) else f"{type(error).__name__}: {error}"
            warnings.warn(
                said(
                    "{name} = {value} of the group {group} is left out: {reason}",
                    name=entry.name, value=entry.value, group=group, reason=told,
                ),
                stacklevel=2,
            )  # fmt: skip
        _SEEN.add(key)
    return done


def _things(found: Any, kind: type[T]) -> Iterator[T]:
    if not isinstance(found, kind) and callable(found):
        found = found()
    for thing in found if isinstance(found, list | tuple) else (found,):
        if not isinstance(thing, kind):
            raise TypeError(f"{kind.__name__} is expected, or a list of them, not {type(thing).__name__}")
        yield thing


def add_operation(table: Table[Operation], row: Operation) -> None:
    """Add a row; one that is there as it is stays.

    Raises:
        OptionError: the row does not fit in, with the reason.
    """
    known = table.known()
    reason_against(row, known)
    if row.name not in known:
        table.add(row.name, row)


def add_installed(table: Table[Operation]) -> bool:
    """Add the installed packages' operations; return whether none is left for later."""
    return loaded(OPERATIONS, Operation, lambda row: add_operation(table, row))
