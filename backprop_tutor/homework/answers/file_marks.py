"""The decimal mark of a whole file: what its numbers show decides `1,000` on a sheet that shows none.

Enters: the events of a file as its reader yields them. Leaves: the same, each sheet with the mark. The
first sheets are held back, so that what stands further down decides for the first one too; how many is
bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ...files.encodings import unicode_kind
from ..spellings.decimal_marks import MarkCount
from .sheets import Event, Sheet

__all__ = ["with_decimal_marks"]

_HELD = 400
"""So many sheets, and remarks among them, are looked at before the first one goes on."""

_HEAD = 65_536


def with_decimal_marks(events: Iterable[Event], path: Path) -> Iterator[Event]:
    """Yield a file's events, the sheets with the decimal mark that the file's numbers show.

    A file whose columns are parted by `;` comes from where the comma is decimal; that counts where no
    number shows a mark.
    """
    count = MarkCount()
    stream = iter(events)
    held: list[Event] = []
    for event in stream:
        _counted(event, count)
        held.append(event)
        if len(held) == _HELD:
            break
    otherwise = "," if not count.any and _parted_by_semicolons(path) else ""
    for event in chain(held, _counting(stream, count)):
        if isinstance(event, Sheet):
            yield replace(event, decimal=count.mark if count.any else otherwise)
        else:
            yield event


def _counting(stream: Iterator[Event], count: MarkCount) -> Iterator[Event]:
    for event in stream:
        _counted(event, count)
        yield event


def _counted(event: Event, count: MarkCount) -> None:
    if isinstance(event, Sheet):
        for given in event.answers.values():
            count.add(given.text)


def _parted_by_semicolons(path: Path) -> bool:
    """Return whether a table's first line is parted by `;`."""
    if path.suffix.lower() != ".csv":
        return False
    with path.open("rb") as file:
        raw = file.read(_HEAD)
    text = raw.decode(unicode_kind(raw[:400]) or "utf-8", "replace")
    first = "".join(text.split("\n", 1)[0].split('"')[::2])
    return first.count(";") > first.count(",")
