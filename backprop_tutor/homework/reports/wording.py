"""How a verdict is said: its word, its sign, its colour, and how much of the answer is revealed.

Enters: a marked cell and a level of revealing. Leaves: a `Said`, plain text for every report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ...render.narration.numbers import shown
from ...translation import sentence as _
from ..marking.results import CellResult, ProblemResult, SlipResult, StudentResult
from ..marking.statuses import VERDICTS, Verdict
from ..marking.verdicts import says

__all__ = ["REVEAL", "Reveal", "Said", "number_text", "said", "start_here"]

Reveal = Literal["none", "hints", "answers"]

REVEAL: tuple[Reveal, ...] = ("none", "hints", "answers")
"""Verdicts alone; verdicts, what went wrong and a hint; all of that and then the answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about a cell: the verdict, then as much as is revealed."""

    verdict: Verdict
    sentence: str = ""
    where: str = ""
    hint: str = ""
    ties: tuple[str, ...] = ()
    answer: str = ""
    decided: str = ""

    def lines(self) -> list[str]:
        """Return it line by line, the hint before the answer."""
        found = [self.verdict.shown]
        if self.sentence:
            found.append(self.sentence + (f" ({self.where})" if self.where else ""))
        found += self.ties
        if self.decided:
            found.append(self.decided)
        if self.hint:
            found.append(hint_line(self.hint))
        if self.answer:
            found.append(_("The answer: {answer}").format(answer=self.answer))
        return found


def _tie(slip: SlipResult) -> str:
    """Return a slip that gives the same number, as it stands behind the first: as an equal, or after it."""
    said = slip.sentence + (f" ({slip.where})" if slip.where else "")
    return (_("As likely: {slip}") if slip.equal else _("Or: {slip}")).format(slip=said)


def hint_line(hint: str) -> str:
    """Return a hint with the word that says what it is."""
    return _("Hint: {hint}").format(hint=hint)


def said(cell: CellResult, reveal: Reveal) -> Said:
    """Return what is said about a cell at a level of revealing.

    Why an answer could not be read, or judged, is said at every level.
    """
    verdict = VERDICTS[cell.status]
    if cell.decided and cell.sentence == cell.decided:
        return Said(verdict, decided=cell.decided)
    if cell.decided:
        return replace(said(cell.model_copy(update={"decided": ""}), reveal), decided=cell.decided)
    if cell.status in ("unreadable", "could not be judged"):
        answer = number_text(cell) if reveal == "answers" else ""
        return Said(verdict, cell.sentence.splitlines()[0] if cell.sentence else "", answer=answer)
    if reveal == "none":
        return Said(verdict)
    first = cell.slips[0] if cell.slips else None
    plain = cell.status == "correct" and cell.sentence == says("correct")
    return Said(
        verdict,
        sentence="" if plain or cell.status == "unanswered" else cell.sentence,
        where=first.where if first is not None and cell.status == "slip" else "",
        hint=cell.hint,
        ties=tuple(map(_tie, cell.slips[1:3])),
        answer=number_text(cell) if reveal == "answers" and cell.status != "correct" else "",
    )


def number_text(cell: CellResult) -> str:
    """Return the right number for the eye: exact where it is short, else six figures; of a matrix each."""
    if isinstance(cell.value, list):
        return _matrix_text(cell.value)
    exact = cell.expected.replace("-", "−")
    return exact if len(exact) <= 10 else shown(cell.value, 6)


def _matrix_text(value: Any) -> str:
    """Return nested lists with six figures an entry."""
    if isinstance(value, list):
        return f"[{', '.join(map(_matrix_text, value))}]"
    return f"{value:.6g}".replace("-", "−")


def start_here(problem: ProblemResult, reveal: Reveal) -> str:
    """Return the one sentence that says where to begin; empty where all is right."""
    if not problem.first_wrong or reveal == "none":
        return ""
    if problem.root is None:
        return _("Begin with {cell}.").format(cell=problem.first_wrong)
    text = _("Begin with {cell} ({where}): {sentence}")
    begin = text.format(
        cell=problem.first_wrong, sentence=problem.root.sentence, where=problem.root.where
    )
    follows = sum(cell.status == "follows" for cell in problem.cells)
    if not follows:
        return begin
    more = _("1 answer follows from it.") if follows == 1 else _("{count} answers follow from it.")
    return f"{begin} {more.format(count=follows)}"


def points_text(points: float) -> str:
    """Return points without a needless `.0`.

    >>> points_text(3.0), points_text(2.5)
    ('3', '2.5')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def score_text(result: StudentResult | ProblemResult) -> str:
    """Return `7 of 9 points (78 %)`."""
    share = result.points / result.possible if result.possible else 0.0
    text = _("{points} of {possible} points ({share})")
    return (_("{points} of 1 point ({share})") if result.possible == 1 else text).format(
        points=points_text(result.points), possible=points_text(result.possible),
        share=f"{share:.0%}",
    )  # fmt: skip


def heading(title: str, of: str) -> str:
    """Return the heading of a report: the sheet's title, and whose or what it is."""
    return f"{title or _('Homework')}: {of}"


def not_marked_line(why: str) -> str:
    """Return that a sheet could not be marked, and why."""
    return _("This sheet could not be marked: {why}").format(why=why)


def point_line(point: str) -> str:
    """Return the line with the inputs' values that stands under a program."""
    return _("At {point}").format(point=point)


def point_text(at: Mapping[str, str]) -> str:
    """Return the inputs' values.

    >>> point_text({"x": "-3", "y": "1/2"})
    'x = −3, y = 1/2'
    """
    return ", ".join(f"{n} = {'−' + v[1:] if v.startswith('-') else v}" for n, v in at.items())


def headers() -> tuple[str, ...]:
    """Return the heads of the table of cells."""
    return _("cell"), _("your answer"), _("verdict"), _("points"), _("remark")
