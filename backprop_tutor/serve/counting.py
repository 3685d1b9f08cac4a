"""What the teacher sees: for each cell how many tried, how many are right, which slips are commonest.

Enters: verdicts of single students. Leaves: numbers without names. Sheets are marked one after the other,
behind everything that students wait for; of a sheet that changes meanwhile only the last state is marked.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from ..homework.problems.problem_record import ProblemSet
from ..homework.quantities.quantity_words import shown_quantity
from .journal import Journal
from .killable import OverworkedError
from .pools import BusyError

__all__ = ["Counting"]

Answers = dict[tuple[str, str], str]
Verdicts = dict[tuple[str, str], tuple[str, str]]
Mark = Callable[[str, Answers], Awaitable[Verdicts | None]]

_RIGHT = frozenset({"correct", "correct (rounded)"})
_MOST_SLIPS = 3


class Counting:
    """Marks sheets as they change, and counts."""

    def __init__(self, problems: ProblemSet, journal: Journal, mark: Mark) -> None:
        self._problems, self._journal, self._mark = problems, journal, mark
        self._verdicts: dict[str, Verdicts] = {}
        self._changed: dict[str, None] = dict.fromkeys(name for name, _ in journal.sheets())
        self._at_work: set[str] = set()
        self._news = asyncio.Event()
        self._news.set()

    def changed(self, student: str) -> None:
        """Note that a student's sheet has changed."""
        self._changed.pop(student, None)
        self._changed[student] = None
        self._news.set()

    async def go_on(self) -> None:
        """Mark whatever changes, until this is cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._changed:
                student = next(iter(self._changed))
                del self._changed[student]
                self._at_work = {student}
                answers = dict(self._journal.answers.get(student, {}))
                try:
                    verdicts = await self._mark(student, answers)
                except OverworkedError:
                    verdicts = dict.fromkeys(answers, ("could not be judged", ""))
                except BusyError:
                    self._changed[student] = None
                    await asyncio.sleep(1)
                    continue
                self._verdicts[student] = verdicts or {}
                self._at_work = set()

    def seen(self) -> dict[str, Any]:
        """Return the counts of every cell, in the order of the problem file."""
        found = []
        for problem in self._problems:
            for cell in problem.cells:
                key = (problem.id, cell.text)
                tried = sum(key in sheet for _, sheet in self._journal.sheets())
                verdicts = [sheet[key] for sheet in self._verdicts.values() if key in sheet]
                slips = Counter(slip for _, slip in verdicts if slip)
                ordered = sorted(slips.items(), key=lambda item: (-item[1], item[0]))
                found.append({
                    "problem": problem.title or problem.id,
                    "quantity": shown_quantity(problem.graph, cell.quantity, problem.lr),
                    "tried": tried, "right": sum(status in _RIGHT for status, _ in verdicts),
                    "slips": [{"said": said, "count": count} for said, count in ordered[:_MOST_SLIPS]],
                })  # fmt: skip
        answered = sum(bool(sheet) for _, sheet in self._journal.sheets())
        waiting = len(self._at_work | self._changed.keys())  # one who answers while being marked is one
        return {"joined": self._journal.joined, "answered": answered, "waiting": waiting, "cells": found}
