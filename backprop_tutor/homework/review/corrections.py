"""What a person has decided on single answers: a file of corrections read, and put upon the marks.

Enters: a CSV file and results. Leaves: results whose cells say what was decided. A row names a cell, and a
student, an answer, or both; it accepts the answer or gives it points. The review table, filled in, is such
a file. A row that meets no answer is told: nothing is dropped in silence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import FileError, TutorError, quoted
from ...sentences import said
from ...translation import sentence as _
from ..answers.csv_lines import Tell, table_text
from ..answers.escaping import in_spreadsheet
from ..answers.path_names import digest
from ..answers.sheets import Key, find_key
from ..marking.results import CellResult, ProblemResult, StudentResult
from ..marking.statuses import CORRECT
from ..problems.columns import heading_key
from ..problems.problem_faults import listed_faults
from ..problems.problem_record import Cell, ProblemSet

__all__ = ["COLUMNS", "Corrections", "Decision", "corrected", "read_corrections"]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "student": ("student", "학생"),
    "problem": ("problem", "문제"),
    "cell": ("cell", "quantity", "칸"),
    "answer": ("answer", "답"),
    "accept": ("accept", "accepted", "인정"),
    "points": ("points", "점수"),
    "comment": ("comment", "의견"),
}
"""What a column may hold, and how it is headed. Other columns, as the review table has them, are notes."""

_YES = frozenset({"accept", "accepted", "yes", "y", "x", "1", "true", "ok", "ja", "예", "인정"})
_NO = frozenset({"", "no", "n", "0", "false", "nein", "아니요"})


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: whose and which answer, and what a person has decided on it.

    Attributes:
        student: "" for whoever gave the answer.
        answer: "" for whatever the student answered.
        points: None to accept the answer, with all points.
    """

    place: str
    key: Key
    student: str
    answer: str
    points: float | None
    comment: str

    def meets(self, student: str, given: str) -> bool:
        """Return whether it is about this answer."""
        return (not self.student or self.student == student) and (
            not self.answer or _same(self.answer, given)
        )


@dataclass(slots=True)
class Corrections:
    """All decisions, by cell."""

    decisions: Sequence[Decision] = ()
    digest: str = ""
    _used: set[str] = field(default_factory=set)

    def on(self, key: Key, student: str, given: str) -> Decision | None:
        """Return the decision on an answer; one that names the student comes before one that does not."""
        met = [d for d in self.decisions if d.key == key and d.meets(student, given)]
        self._used.update(d.place for d in met)
        return max(met, key=lambda d: (bool(d.student), bool(d.answer)), default=None)

    def unused(self) -> Iterator[str]:
        """Yield what the rows say that met no answer."""
        for decision in self.decisions:
            if decision.place not in self._used:
                yield said(
                    "{place}: no answer to {cell} is of {whom}; the row changes nothing",
                    place=decision.place, cell=": ".join(decision.key),
                    whom=quoted(decision.student or decision.answer),
                )


def _same(one: str, other: str) -> bool:
    """Return whether two answers are the same as they are typed, blanks and a spreadsheet's guard aside.

    >>> _same("'=1/2", "=1/2"), _same("0,5", "0.5")
    (True, False)
    """
    return _cell_text(one) == _cell_text(other)


def _cell_text(text: str) -> str:
    return in_spreadsheet(" ".join(text.split()).removeprefix("'"))


def read_corrections(path: str | Path, problems: ProblemSet, tell: Tell | None = None) -> Corrections:
    """Return the decisions of a CSV file; rows on which nothing is decided are passed over.

    One in an encoding before Unicode is read where `tell` is there to say so.

    Raises:
        FileError: no such file, no such cell, points that are none; every fault with its row.
    """
    text, source = table_text(path, tell), Path(path).name
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))
    rows = [[cell.strip() for cell in row] for row in rows]
    head = next((i for i, row in enumerate(rows) if any(row)), None)
    if head is None:
        raise FileError(said("{source}: the file is empty", source=quoted(source, 200)))
    places = _columns(rows[head])
    lacking = [name for name in ("cell",) if name not in places] + (
        [] if {"accept", "points"} & {*places} else ["accept"]
    )
    if lacking or not {"student", "answer"} & {*places}:
        raise FileError(
            said(
                "{source}: corrections have the columns student (or answer), cell, accept or points, "
                "comment; the header is {header}",
                source=quoted(source, 200), header=quoted(", ".join(rows[head])),
            )
        )
    found: list[Decision] = []
    faults: list[str] = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        cells = {name: row[i] if i < len(row) else "" for name, i in places.items()}
        try:
            decision = _decision(cells, said("{place}, row {row}", place=source, row=number), problems)
        except TutorError as error:
            faults.append(said("row {row}: {error}", row=number, error=error))
            continue
        if decision is not None:
            twice = next((d for d in found if (d.key, d.student, d.answer) == _what(decision)), None)
            if twice is not None:
                faults.append(
                    said("row {row}: it decides what {place} has decided", row=number, place=twice.place)
                )
            found.append(decision)
    if faults:
        raise FileError(listed_faults(source, faults))
    return Corrections(tuple(found), digest("\n".join(map(repr, found))))


def _what(decision: Decision) -> tuple[Key, str, str]:
    return decision.key, decision.student, decision.answer


def _columns(header: Sequence[str]) -> dict[str, int]:
    headings = [heading_key(cell) for cell in header]
    return {
        name: place
        for name, words in COLUMNS.items()
        if (place := next((i for i, heading in enumerate(headings) if heading in words), None)) is not None
    }


def _decision(cells: Mapping[str, str], place: str, problems: ProblemSet) -> Decision | None:
    """Return what a row decides; None where it decides nothing.

    Raises:
        TutorError: it cannot be read.
    """
    accept, points = cells.get("accept", ""), cells.get("points", "")
    word = accept.casefold()
    if word not in _YES | _NO:
        raise FileError(said("accept is yes or no, not {given}", given=quoted(accept)))
    if word in _NO and not points:
        return None
    if word in _YES and points:
        raise FileError(said("an answer is accepted or given points, not both"))
    if not cells.get("student") and not cells.get("answer"):
        raise FileError(said("a correction names a student, or an answer"))
    key = find_key(problems, cells["cell"], cells.get("problem", ""))
    possible = problems.problem(key[0]).cell(key[1]).points
    return Decision(
        place, key, cells.get("student", ""), cells.get("answer", ""),
        _points(points, possible) if points else None, cells.get("comment", ""),
    )  # fmt: skip


def _points(text: str, possible: float) -> float:
    try:
        given = float(text.replace(",", "."))
    except ValueError:
        given = -1.0
    if not 0 <= given <= possible:
        raise FileError(
            said(
                "points are a number from 0 to {possible:g}, not {given}",
                possible=possible, given=quoted(text),
            )
        )
    return given


def corrected(result: StudentResult, decided: Corrections, asked: ProblemSet) -> StudentResult:
    """Return a student's result with what `accept` of the problem file and the corrections decide."""
    problems = [_problem(problem, result.student, decided, asked) for problem in result.problems]
    if problems == result.problems:
        return result
    points = round(sum(problem.points for problem in problems), 6)
    return result.model_copy(update={"problems": problems, "points": points})


def _problem(
    problem: ProblemResult, student: str, decided: Corrections, asked: ProblemSet
) -> ProblemResult:
    known = {cell.text: cell for cell in asked.problem(problem.id).cells}
    cells = [
        _cell(cell, decided.on((problem.id, cell.quantity), student, cell.given), known[cell.quantity])
        for cell in problem.cells
    ]
    if cells == problem.cells:
        return problem
    wrong = [c.quantity for c in cells if c.status in ("slip", "unexplained", "unreadable")]
    stays = problem.first_wrong in wrong
    return problem.model_copy(
        update={
            "cells": cells,
            "points": round(sum(cell.points for cell in cells), 6),
            "first_wrong": problem.first_wrong if stays else next(iter(wrong), ""),
            "root": problem.root if stays else None,
        }
    )


def _cell(cell: CellResult, decision: Decision | None, asked: Cell) -> CellResult:
    if cell.decided:  # of an earlier run
        return cell
    if decision is None:
        listed = cell.given and any(_same(answer, cell.given) for answer in asked.accept)
        if not listed or cell.points >= cell.possible:
            return cell
        return _accepted(cell, _("The teacher accepts this answer."))
    comment = f" {decision.comment}" if decision.comment else ""
    if decision.points is None:
        return _accepted(cell, _("The teacher accepts this answer.") + comment)
    told = _("The teacher gave {points} of {possible} points.").format(
        points=f"{decision.points:g}", possible=f"{cell.possible:g}"
    )
    return cell.model_copy(update={"points": decision.points, "decided": told + comment})


def _accepted(cell: CellResult, told: str) -> CellResult:
    return cell.model_copy(
        update={
            "status": CORRECT, "points": cell.possible, "decided": told, "sentence": told, "hint": "",
            "slips": [], "follows_from": "", "entries": [],
        }
    )
