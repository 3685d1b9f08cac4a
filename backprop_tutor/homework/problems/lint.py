"""What a teacher should know about a problem before students see it.

Enters: a problem. Leaves: its key, derived and checked three ways, and `Finding`s: gradients that
do not agree, points on kinks, answers that are 0 or 1 or equal to each other, slips that the chosen
numbers hide. Where values are drawn, a few students' draws are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ...check import CheckRow, check
from ...errors import DomainError, TutorError
from ...matrices.array_check import ArrayRow, check_arrays
from ...render.narration.numbers import shown
from ...sentences import N_, counted, said, sentence
from ..quantities.quantity import true_number
from ..slips.array_telling import array_resolution
from ..slips.telling_apart import Resolution, on_kinks, resolution
from .cell_faults import cannot_fail, usual_answers_refused
from .problem_set import Problem, ProblemSet

__all__ = ["Finding", "KeyRow", "ProblemLint", "lint_problem", "lint_problems"]

Level = Literal["error", "warning", "note"]

_LEVELS: dict[Level, str] = {"error": N_("error"), "warning": N_("warning"), "note": N_("note")}
_LISTED = 8
_DRAWS = ("student-1", "student-2", "student-3")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One right answer, and for gradients the three numbers that it was checked by."""

    quantity: str
    answer: Any
    checked: CheckRow | ArrayRow | None = None

    @property
    def status(self) -> str:
        """Return how the ways agree: "agree", "kink", ..., or nothing where none was asked."""
        if self.checked is None:
            return ""
        return self.checked.verdict if isinstance(self.checked, ArrayRow) else self.checked.status


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a teacher should know; an "error" makes the problem unfit."""

    level: Level
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{sentence(_LEVELS[self.level])}: {self.message}"


@dataclass(frozen=True, slots=True)
class ProblemLint:
    """A problem looked through: its key, and what was found."""

    problem: str
    at: dict[str, Any]
    key: tuple[KeyRow, ...]
    findings: tuple[Finding, ...] = field(default=())
    hidden: Resolution | None = None

    @property
    def ok(self) -> bool:
        """Return whether nothing makes the problem unfit."""
        return all(finding.level != "error" for finding in self.findings)


def lint_problems(problems: ProblemSet) -> list[ProblemLint]:
    """Return every problem looked through."""
    return [lint_problem(problem) for problem in problems]


def lint_problem(problem: Problem) -> ProblemLint:
    """Return a problem looked through, at its values or at the first draw."""
    if problem.of_arrays:
        return _over_arrays(problem)
    first = _DRAWS[0] if problem.draws else ""
    derivation = problem.derivation(first)
    checks = {row.name: row for row in check(derivation).rows}
    rows = []
    for cell in problem.cells:
        node = problem.graph.nodes[cell.quantity.node].name
        checked = checks.get(node) if cell.quantity.kind == "gradient" else None
        rows.append(KeyRow(cell.text, true_number(derivation, cell.quantity, problem.lr), checked))
    findings = _disagreeing(rows)
    for name in on_kinks(derivation) if problem.kinks == "convention" else ():
        findings.append(
            Finding(
                "warning",
                "kink",
                said("{name} stands on a kink; its slope there is a convention", name=name),
            )
        )
    findings += _special(rows)
    findings += [Finding("warning", "cannot fail", told) for told in cannot_fail(problem, derivation)]
    findings += [
        Finding("warning", "refused", told) for told in usual_answers_refused(problem, derivation)
    ]
    hidden = resolution(
        problem.graph, derivation.at, [cell.quantity for cell in problem.cells], problem.lr
    )
    findings += _hidden(hidden)
    if problem.draws:
        findings += _drawn(problem)
    return ProblemLint(problem.id, dict(derivation.at), tuple(rows), tuple(findings), hidden)


def _over_arrays(problem: Problem) -> ProblemLint:
    """Return a problem over arrays looked through: each gradient checked, zeros, kinks, hidden slips."""
    derivation: Any = problem.derivation(_DRAWS[0] if problem.draws else "")
    checks = {row.name: row for row in check_arrays(derivation).rows}
    rows, findings = [], []
    for cell in problem.cells:
        node = problem.graph.nodes[cell.quantity.node].name
        gradient = cell.quantity.kind == "gradient" and cell.quantity.part != "shape"
        checked = checks.get(node) if gradient else None
        answer = true_number(derivation, cell.quantity, problem.lr)
        rows.append(KeyRow(cell.text, answer, checked))
        if checked is not None and not checked.ok:
            told = said("{quantity}: the gradient is not what differences give", quantity=cell.text)
            findings.append(Finding("error", "differ", told))
        elif checked is not None and checked.kinks:
            told = said("entries of {name} move over a kink; its slope there is a convention", name=node)
            findings.append(Finding("warning", "kink", told))
        if cell.quantity.part != "shape" and not np.any(answer):
            told = said(
                "{which} is {number}: {why}", which=cell.text, number=0,
                why=said("many wrong ways end in 0"),
            )  # fmt: skip
            findings.append(Finding("warning", "special", told))
    hidden = array_resolution(derivation, [cell.quantity for cell in problem.cells], problem.lr)
    findings += _hidden(hidden)
    if problem.draws:
        count = sum(len(draw.choices) for draw in problem.draws.values())
        if problem.together:
            count = len(next(iter(problem.draws.values())).choices)
            told = said("{total:,} different sets of values can be drawn", total=count)
            findings.append(Finding("note", "draws", told))
        for student in _DRAWS[1:]:
            try:
                problem.derivation(student)
            except TutorError as error:
                told = said("a draw has no answers: {error}", error=error)
                findings.append(Finding("error", "draws", told))
    return ProblemLint(problem.id, dict(derivation.at), tuple(rows), tuple(findings), hidden)


def _disagreeing(rows: Sequence[KeyRow]) -> list[Finding]:
    return [
        Finding(
            "error", "differ",
            said(
                "{quantity}: reverse pass {reverse:.10g}, symbolic {symbolic:.10g}, "
                "differences {numeric:.10g}",
                quantity=row.quantity, reverse=row.checked.reverse, symbolic=row.checked.symbolic,
                numeric=row.checked.numeric,
            ),
        )
        for row in rows
        if isinstance(row.checked, CheckRow) and not row.checked.ok
    ]  # fmt: skip


def _special(rows: Sequence[KeyRow]) -> list[Finding]:
    findings = []
    for number in (0, 1):
        which = [row.quantity for row in rows if row.answer == number]
        if which:
            why = (
                said("many wrong ways end in 0")
                if number == 0
                else said("a factor of 1 hides what is left out")
            )
            findings.append(Finding("warning", "special",
                    said("{which} is {number}: {why}", which=_some(which), number=number, why=why)
                    if len(which) == 1
                    else said("{which} are {number}: {why}", which=_some(which), number=number, why=why),
                ))
    counted = Counter(float(row.answer) for row in rows)
    for value, count in counted.items():
        if count > 1 and value not in (0.0, 1.0):
            which = [row.quantity for row in rows if float(row.answer) == value]
            findings.append(
                Finding(
                    "note", "equal",
                    said(
                        "{which} are equal ({value}): one copied from the other is not seen",
                        which=_some(which), value=shown(value),
                    ),
                )
            )  # fmt: skip
    return findings


def _hidden(found: Resolution) -> list[Finding]:
    findings = []
    if found.invisible:
        findings.append(
            Finding(
                "warning", "invisible",
                said(
                    "slips that leave every answer right at these numbers, {count} of {slips}: {invisible}",
                    count=len(found.invisible), slips=found.slips, invisible=_some(found.invisible),
                ),
            )
        )  # fmt: skip
    for group in found.alike[:_LISTED]:
        findings.append(
            Finding(
                "note",
                "alike",
                said("these slips give the same answers here: {group}", group=_some(group)),
            )
        )
    if len(found.alike) > _LISTED:
        one, many = N_("… and 1 more group of slips"), N_("… and {count} more groups of slips")
        findings.append(Finding("note", "alike", counted(len(found.alike) - _LISTED, one, many)))
    return findings


def _drawn(problem: Problem) -> list[Finding]:
    """Look at more draws than the first: kinks and zeros that some students would get."""
    findings = []
    total = 1
    for draw in problem.draws.values():
        total = len(draw.choices) if problem.together else total * len(draw.choices)
    findings.append(
        Finding(
            "note", "draws", said("{total:,} different sets of values can be drawn", total=total)
        )
    )
    for student in _DRAWS[1:]:
        try:
            derivation = problem.derivation(student)
        except DomainError as error:
            findings.append(
                Finding("error", "draws", said("a draw has no answers: {error}", error=error))
            )
            continue
        zero = [
            c.text for c in problem.cells if true_number(derivation, c.quantity, problem.lr) == 0
        ]
        if zero:
            at = ", ".join(f"{name} = {derivation.at[name]}" for name in problem.draws)
            findings.append(
                Finding(
                    "warning",
                    "draws",
                    said("at the draw {at}, {zero} are 0", at=at, zero=_some(zero)),
                )
            )
    return findings


def _some(names: Sequence[str]) -> str:
    shown_names = ", ".join(names[:_LISTED])
    more = len(names) - _LISTED
    return shown_names + (said(" and {count} more", count=more) if more > 0 else "")
