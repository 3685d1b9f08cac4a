"""How a verdict is said: its word, its sign, its colour, and how much of the answer is revealed.

Enters: a marked cell and a level of revealing. Leaves: a `Said`, plain text for every report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...render.numbers import shown
from ..results import CellResult, ProblemResult, StudentResult

__all__ = ["REVEAL", "VERDICTS", "Reveal", "Said", "Verdict", "number_text", "said", "start_here"]

Reveal = Literal["none", "hints", "answers"]

REVEAL: tuple[Reveal, ...] = ("none", "hints", "answers")
"""Verdicts alone; verdicts, what went wrong and a hint; all of that and then the answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict for the eye: never told by colour alone."""

    word: str
    sign: str
    tone: str


VERDICTS: Mapping[str, Verdict] = {
    "correct": Verdict("right", "✓", "right"),
    "correct (rounded)": Verdict("right (rounded)", "≈", "right"),
    "follows": Verdict("follows", "↳", "follows"),
    "slip": Verdict("slip", "✗", "wrong"),
    "unexplained": Verdict("not right", "✗", "wrong"),
    "unanswered": Verdict("no answer", "–", "blank"),
    "unreadable": Verdict("not readable", "?", "wrong"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about a cell: the verdict, then as much as is revealed."""

    verdict: Verdict
    sentence: str = ""
    where: str = ""
    hint: str = ""
    ties: tuple[str, ...] = ()
    answer: str = ""

    def lines(self) -> list[str]:
        """Return it line by line, the hint before the answer."""
        found = [f"{self.verdict.sign} {self.verdict.word}"]
        if self.sentence:
            found.append(self.sentence + (f" ({self.where})" if self.where else ""))
        found += [f"Or: {tie}" for tie in self.ties]
        if self.hint:
            found.append(f"Hint: {self.hint}")
        if self.answer:
            found.append(f"The answer: {self.answer}")
        return found


def said(cell: CellResult, reveal: Reveal) -> Said:
    """Return what is said about a cell at a level of revealing.

    Why an answer could not be read is said at every level.
    """
    verdict = VERDICTS[cell.status]
    if cell.status == "unreadable":
        answer = number_text(cell) if reveal == "answers" else ""
        return Said(verdict, cell.sentence.splitlines()[0] if cell.sentence else "", answer=answer)
    if reveal == "none":
        return Said(verdict)
    first = cell.slips[0] if cell.slips else None
    plain = cell.status == "correct" and cell.sentence == "Right."
    return Said(
        verdict,
        sentence="" if plain or cell.status == "unanswered" else cell.sentence,
        where=first.where if first is not None and cell.status == "slip" else "",
        hint=cell.hint,
        ties=tuple(f"{slip.sentence} ({slip.where})" for slip in cell.slips[1:3]),
        answer=number_text(cell) if reveal == "answers" and cell.status != "correct" else "",
    )


def number_text(cell: CellResult) -> str:
    """Return the right number for the eye: exact where it is short, else six figures."""
    exact = cell.expected.replace("-", "−")
    return exact if len(exact) <= 10 else shown(cell.value, 6)


def start_here(problem: ProblemResult, reveal: Reveal) -> str:
    """Return the one sentence that says where to begin; empty where all is right."""
    if not problem.first_wrong or reveal == "none":
        return ""
    if problem.root is None:
        return f"Begin with {problem.first_wrong}."
    follows = sum(cell.status == "follows" for cell in problem.cells)
    count = (
        f"{follows} answer{'s follow' if follows > 1 else ' follows'} from it." if follows else ""
    )
    return " ".join(
        part
        for part in (
            f"Begin with {problem.first_wrong}: {problem.root.sentence} ({problem.root.where})",
            count,
        )
        if part
    )


def points_text(points: float) -> str:
    """Return points without a needless `.0`.

    >>> points_text(3.0), points_text(2.5)
    ('3', '2.5')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def score_text(result: StudentResult | ProblemResult) -> str:
    """Return `7 of 9 points (78 %)`."""
    share = result.points / result.possible if result.possible else 0.0
    return f"{points_text(result.points)} of {points_text(result.possible)} points ({share:.0%})"
