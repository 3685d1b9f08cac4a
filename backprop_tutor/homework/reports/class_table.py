"""The class at a glance: who has what score, which slips are how frequent, which cells are hardest.

Enters: results, one after the other. Leaves: three CSV tables and one HTML page. Rows are written to
files as they come; what is counted does not grow with the class.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any

from ...files import Growing
from ...pages.filling import pieces
from ...pages.plain import shown_plainly
from ...pages.policy import STILL
from ...translation import sentence as _
from ...translation import spoken
from ..answers.escaping import in_spreadsheet
from ..answers.rosters import Student
from ..marking.results import StudentResult
from ..marking.statuses import VERDICTS
from ..problems.problem_set import ProblemSet
from .html import style
from .wording import heading, points_text

__all__ = [
    "ClassCounts", "ClassPage", "ClassRows", "PeopleColumns", "cell_header", "slip_header", "table_csv",
    "unjudged_header",
]  # fmt: skip

_STATUSES = tuple(VERDICTS)
_LISTED = 10_000
"""So many answers that could not be judged are listed at most."""
_HELD = 2**20
"""So many bytes of the students' rows are held in memory before they go to a file."""


@dataclass(slots=True)
class ClassCounts:
    """What is counted over a class: students, points, slips and the verdicts of every cell."""

    students: int = 0
    stopped: int = 0
    shares: float = 0.0
    slips: Counter[tuple[str, str]] = field(default_factory=Counter)
    cells: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    unjudged: int = 0
    unjudged_rows: list[list[str]] = field(default_factory=list)

    def add(self, result: StudentResult) -> None:
        """Count one student; a slip made several times on a sheet counts once."""
        self.students += 1
        self.stopped += bool(result.stopped)
        self.shares += result.score
        made: set[tuple[str, str]] = set()
        for problem, cell in result.cells():
            key = (problem.id, cell.quantity)
            self.cells.setdefault(key, Counter())[cell.status] += 1
            if cell.status == "slip" and cell.slips:
                made.add((cell.slips[0].name, cell.slips[0].sentence))
            if cell.status == "could not be judged":
                self.unjudged += 1
                row = [result.student, problem.id, cell.quantity, cell.given, cell.expected]
                if self.unjudged <= _LISTED:
                    self.unjudged_rows.append(row)
        self.slips.update(made)

    @property
    def mean(self) -> float:
        """Return the mean share of the points."""
        return self.shares / self.students if self.students else 0.0

    def slip_rows(self) -> list[list[str]]:
        """Return the slips, the most frequent first: name, students, share, sentence."""
        ordered = sorted(self.slips.items(), key=lambda item: (-item[1], item[0]))
        total = max(1, self.students)
        return [
            [name, str(count), f"{count / total:.0%}", sentence]
            for (name, sentence), count in ordered
        ]

    def cell_rows(self) -> list[list[str]]:
        """Return the cells, the hardest first: problem, cell, share right, the verdicts' counts."""
        rows: list[tuple[float, tuple[str, str], list[str]]] = []
        for (problem, quantity), counts in self.cells.items():
            total = sum(counts.values())
            right = _right(counts)
            numbers = [str(counts[status]) for status in _STATUSES]
            share = right / total if total else 0.0
            rows.append((share, (problem, quantity), [problem, quantity, f"{share:.0%}", *numbers]))
        return [row for _, _, row in sorted(rows, key=lambda r: (r[0], r[1]))]


def slip_header() -> list[str]:
    """Return the head of the slips' table."""
    return [_("slip"), _("students"), _("share"), _("sentence")]


def unjudged_header() -> list[str]:
    """Return the head of the table of answers that a person must judge."""
    return [_("student"), _("problem"), _("cell"), _("answer"), _("right number")]


def cell_header() -> list[str]:
    """Return the head of the cells' table, with the statuses as they are called in data."""
    return [_("problem"), _("cell"), _("right"), *map(_, _STATUSES)]


class PeopleColumns:
    """The roster's names and e-mails beside the students' ids, where it has any."""

    def __init__(self, people: Mapping[str, Student]) -> None:
        self._people = people
        self._named = any(one.label != one.name for one in people.values())
        self._mailed = any(one.email and one.email != one.name for one in people.values())

    def heads(self) -> list[str]:
        """Return the heads of the columns."""
        return [*([_("name")] if self._named else []), *([_("e-mail")] if self._mailed else [])]

    def of(self, student: str) -> list[str]:
        """Return a student's entries."""
        one = self._people.get(student)
        label, email = (one.label, one.email) if one is not None else ("", "")
        return [*([label] if self._named else []), *([email] if self._mailed else [])]


class ClassRows:
    """Writes a student a row, to a CSV file and to the page's table."""

    def __init__(
        self, problems: ProblemSet, table: Growing, page: ClassPage, people: PeopleColumns
    ) -> None:
        self._problems = problems
        self._people = people
        self._csv = csv.writer(table, lineterminator="\n")
        self._page = page
        header = [_("student"), *people.heads(), _("score"), _("points"), _("possible")]
        header += [_("points {problem}").format(problem=problem.id) for problem in problems]
        self._csv.writerow([*header, _("begin with"), _("slips"), _("remark")])

    def add(self, result: StudentResult, link: str = "") -> None:
        """Write one student's row; on the page the name leads to `link`."""
        by_id = {problem.id: problem for problem in result.problems}
        points = [points_text(by_id[p.id].points) if p.id in by_id else "" for p in self._problems]
        begin = "; ".join(f"{p.id}: {p.first_wrong}" for p in result.problems if p.first_wrong)
        made = dict.fromkeys(
            cell.slips[0].name for _, cell in result.cells() if cell.status == "slip" and cell.slips
        )
        waiting = sum(cell.status == "could not be judged" for _, cell in result.cells())
        decided = sum(bool(cell.decided) for _, cell in result.cells())
        remark = result.stopped or "; ".join([*result.faults, *_waiting(waiting), *_decided(decided)])
        person = self._people.of(result.student)
        row = [
            result.student, *person, f"{result.score:.4f}", points_text(result.points),
            points_text(result.possible), *points, begin, "; ".join(made), remark,
        ]  # fmt: skip
        self._csv.writerow([in_spreadsheet(cell) for cell in row])
        shown = [result.student, *person, f"{result.score:.0%}", *row[2 + len(person) :]]
        self._page.add(shown, link)


def _waiting(count: int) -> list[str]:
    """Return the remark that so many answers wait for a person, if any do."""
    if not count:
        return []
    one, more = _("1 answer for a person to judge"), _("{count} answers for a person to judge")
    return [one if count == 1 else more.format(count=count)]


def _decided(count: int) -> list[str]:
    """Return the remark that a person has decided on so many answers, if on any."""
    if not count:
        return []
    one, more = _("1 answer decided by a person"), _("{count} answers decided by a person")
    return [one if count == 1 else more.format(count=count)]


def table_csv(header: list[str], rows: list[list[str]]) -> str:
    """Return a small table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([[in_spreadsheet(cell) for cell in row] for row in [header, *rows]])
    return out.getvalue()


class ClassPage:
    """The class as an HTML page; the students' rows wait in a file of their own until all are known."""

    def __init__(self, problems: ProblemSet, people: PeopleColumns) -> None:
        self._heads = [_("student"), *people.heads(), _("score"), _("points"), _("possible")]
        self._heads += [p.id for p in problems]
        self._heads += [_("begin with"), _("slips"), _("remark")]
        self._title = heading(problems.title, _("the class"))
        self._waiting = SpooledTemporaryFile(_HELD, "w+", encoding="utf-8")  # noqa: SIM115  # `close`

    def add(self, row: Sequence[str], link: str = "") -> None:
        """Keep a student's row and the address of their own page."""
        self._waiting.write(json.dumps([link, row], ensure_ascii=True) + "\n")

    def close(self) -> None:
        """Let go of the rows."""
        self._waiting.close()

    def pieces(
        self, counts: ClassCounts, refused: Sequence[str], missing: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the page: summary, what went wrong most, whom a person looks at, then the students."""
        self._waiting.seek(0)
        hard, done = _by_need(counts)
        yield from pieces(
            "homework/reports/templates/class.html",
            lang=spoken(), policy=STILL, style=style(), title=shown_plainly(self._title),
            heads=self._heads, rows=map(json.loads, self._waiting), summary=_summary(counts),
            slips={"heads": slip_header(), "rows": counts.slip_rows()}, listed=_AT_ONCE,
            cells=hard, done=done,
            unjudged={"heads": unjudged_header(), "rows": counts.unjudged_rows},
            missing=missing, refused=refused,
        )  # fmt: skip


_AT_ONCE = 8
"""So many rows of a table stand open; the others are folded behind them."""


def _by_need(counts: ClassCounts) -> tuple[dict[str, list[Any]], list[str]]:
    """Return the table of cells that some have wrong, without empty columns; and what all have right."""
    heads = [_("problem"), _("cell"), _("share right"), *(v.word for v in VERDICTS.values())]
    rows = counts.cell_rows()
    right = {(p, q) for (p, q), c in counts.cells.items() if sum(c.values()) == _right(c)}
    hard = [row for row in rows if (row[0], row[1]) not in right]
    kept = [i for i in range(len(heads)) if i < 3 or any(row[i] != "0" for row in hard)]
    shown = [[row[i] for i in kept] for row in hard]
    return {"heads": [heads[i] for i in kept], "rows": shown}, [f"{p}: {q}" for p, q in sorted(right)]


def _right(counts: Counter[str]) -> int:
    return counts["correct"] + counts["correct (rounded)"]


def _summary(counts: ClassCounts) -> str:
    text = _("{count} students, mean score {mean}")
    summary = (_("1 student, score {mean}") if counts.students == 1 else text).format(
        count=counts.students, mean=f"{counts.mean:.0%}"
    )
    if counts.stopped:
        summary += _(", {count} not marked").format(count=counts.stopped)
    return summary
