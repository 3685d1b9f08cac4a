"""Several sheets of one student, and which of them counts: the last, the best or the first.

Enters: sheets as they are read. Leaves: each student's, those that are marked, in the order in which the
students came first. Sheets wait on disk, so that memory does not grow with the class. Which is the last is
told by time stamps where all of them have one that can be read, else by the order in which they stand.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime

from ...choices import Attempts
from ...errors import printable
from ...sentences import said
from ...translation import sentence as _
from .sheets import Given, Sheet

__all__ = ["AttemptStore", "moments"]

_DATE = re.compile(
    r"(?P<a>\d{1,4})(?P<sign>[./-])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{1,4})"
    r"(?:[ ,T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?|오전|오후)?)?"
)


def moments(stamp: str) -> tuple[datetime, ...]:
    """Return when a time stamp may mean: nothing if it is none, two moments where day and month may change.

    >>> moments("2026-11-03 10:15:00")[0].day, len(moments("3/11/2026 10:15")), moments("yesterday")
    (3, 2, ())
    """
    text = " ".join(stamp.split())
    try:
        whole = datetime.fromisoformat(text)
        return (whole.astimezone(UTC).replace(tzinfo=None) if whole.tzinfo else whole,)
    except ValueError:
        pass
    found = _DATE.match(text)
    if found is None:
        return ()
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4:
        readings = [(a, b, c)]
    elif len(found["c"]) == 4:
        readings = [(c, b, a)] if found["sign"] == "." else [(c, a, b), (c, b, a)]
    else:
        return ()
    hour = int(found["hour"] or 0)
    half = (found["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half[0] == "p" or half == "오후" else 0)
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    dated: dict[datetime, None] = {}
    for year, month, day in readings:
        try:
            dated[datetime(year, month, day, hour, minute, second)] = None
        except ValueError:
            continue
    return tuple(dated)


def _in_order(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return sheets by their time stamps, as they stand where these do not say one order."""
    read = [moments(sheet.stamp) for sheet in sheets]
    if not all(read):
        return list(sheets)
    orders = {
        tuple(sorted(range(len(sheets)), key=lambda i: (read[i][min(which, len(read[i]) - 1)], i)))
        for which in (0, 1)
    }
    if len(orders) > 1:
        return list(sheets)
    return [sheets[i] for i in orders.pop()]


def _told(chosen: Sheet, count: int, policy: Attempts) -> Sheet:
    """Return a sheet that says which attempt it is."""
    texts = {
        "last": _("{count} attempts were handed in; the last one is marked: {place}"),
        "first": _("{count} attempts were handed in; the first one is marked: {place}"),
        "best": _("{count} attempts were handed in; the best one counts: {place}"),
    }
    stamp = f", {printable(chosen.stamp[:60])}" if chosen.stamp else ""
    line = texts[policy].format(count=count, place=f"{chosen.source}{stamp}")
    return replace(chosen, faults=(line, *chosen.faults))


class AttemptStore:
    """All sheets of a class, by student."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        self._base.execute(
            "CREATE TABLE sheets (number INTEGER PRIMARY KEY, student TEXT, content TEXT)"
        )
        self._base.execute("CREATE INDEX by_student ON sheets (student)")
        self._students = 0

    def add(self, sheet: Sheet, most: int) -> str:
        """Keep a sheet; return why it is not, where it is one student's too many."""
        known = self._base.execute("SELECT 1 FROM sheets WHERE student = ? LIMIT 1", (sheet.student,))
        if known.fetchone() is None:
            if self._students == most:
                return said(
                    "{source}: {student} is one more than the {most:,} students that are "
                    "marked without a roster",
                    source=sheet.source, student=printable(sheet.student), most=most,
                )
            self._students += 1
        answers = [
            [*key, [getattr(given, name) for name in _OF_GIVEN]] for key, given in sheet.answers.items()
        ]
        content = json.dumps([[getattr(sheet, name) for name in _OF_SHEET], answers])
        self._base.execute("INSERT INTO sheets (student, content) VALUES (?, ?)", (sheet.student, content))
        return ""

    def chosen(self, policy: Attempts) -> Iterator[list[Sheet]]:
        """Yield each student's sheets that are marked: one, or with "best" all of them."""
        order = self._base.execute("SELECT student FROM sheets GROUP BY student ORDER BY MIN(number)")
        for (student,) in order:
            rows = self._base.execute(
                "SELECT content FROM sheets WHERE student = ? ORDER BY number", (student,)
            )
            sheets = _in_order([_sheet(content) for (content,) in rows])
            if len(sheets) == 1:
                yield sheets
                continue
            marked = sheets if policy == "best" else [sheets[-1 if policy == "last" else 0]]
            yield [_told(sheet, len(sheets), policy) for sheet in marked]

    def close(self) -> None:
        """Forget all sheets."""
        self._base.close()


_OF_GIVEN = tuple(part.name for part in fields(Given))
_OF_SHEET = tuple(part.name for part in fields(Sheet) if part.name != "answers")
"""What is kept of each, in this order; all are texts, but for a sheet's faults, a tuple of texts."""


def _sheet(content: str) -> Sheet:
    kept, listed = json.loads(content)
    answers = {(problem, cell): Given(*given) for problem, cell, given in listed}
    facts = dict(zip(_OF_SHEET, kept, strict=True))
    return Sheet(**{**facts, "answers": answers, "faults": tuple(facts["faults"])})
