"""The answers that a person should look at: unreadable, not judged, unexplained; equal ones in one row.

Enters: results. Leaves: a CSV table, the answers that most students gave first, with empty columns
`accept`, `points` and `comment`. Filled in it is a file of corrections.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...translation import sentence as _
from ..marking.results import StudentResult
from ..marking.statuses import VERDICTS
from ..problems.problem_record import ProblemSet

__all__ = ["ReviewTable", "review_header"]

_LOOKED_AT = frozenset({"unreadable", "could not be judged", "unexplained"})
_MOST = 10_000
_NAMED = 12

_Key = tuple[str, str, str, str]


def review_header() -> list[str]:
    """Return the head of the table, in words that `corrections.COLUMNS` knows."""
    return [
        _("given by"), _("student"), _("problem"), _("cell"), _("answer"), _("verdict"), _("why"),
        _("right number"), _("accept"), _("points"), _("comment"), _("who"),
    ]  # fmt: skip


@dataclass(slots=True)
class _Row:
    verdict: str
    why: str
    right: str
    count: int = 0
    names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ReviewTable:
    """Gathers answers, at most ten thousand different ones."""

    problems: ProblemSet
    rows: dict[_Key, _Row] = field(default_factory=dict)
    left_out: int = 0

    def add(self, result: StudentResult) -> None:
        """Add a student's answers on which nobody has decided.

        Where the values are a student's own, the same answer means another thing in another hand, and the
        row is of one student.
        """
        for problem, cell in result.cells():
            if cell.status not in _LOOKED_AT or cell.decided or not cell.given:
                continue
            own = result.student if self.problems.problem(problem.id).draws else ""
            key = (own, problem.id, cell.quantity, " ".join(cell.given.split()))
            row = self.rows.get(key)
            if row is None:
                if len(self.rows) == _MOST:
                    self.left_out += 1
                    continue
                why = cell.sentence.splitlines()[0] if cell.sentence else ""
                row = self.rows[key] = _Row(VERDICTS[cell.status].word, why, cell.expected)
            row.count += 1
            if len(row.names) < _NAMED:
                row.names.append(result.student)

    def lines(self) -> Iterable[list[str]]:
        """Return the rows, the most frequent answers first."""
        ordered = sorted(self.rows.items(), key=lambda item: (-item[1].count, item[0][1:], item[0][0]))
        for (own, problem, cell, answer), row in ordered:
            names = ", ".join(row.names) + (", …" if row.count > len(row.names) else "")
            yield [
                str(row.count), own, problem, cell, answer, row.verdict, row.why, row.right, "", "", "",
                names,
            ]  # fmt: skip
