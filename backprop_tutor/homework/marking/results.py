"""The marks of a class as data: the documented records that every report and JSON file is made from.

Enters: a sheet and the problems. Leaves: a `StudentResult`. The models' JSON schema is published in
`docs/schemas/marks.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..answers.sheets import Given, Sheet
from ..equivalence.effort import sheet as sheet_limits
from ..problems.problem_set import Problem, ProblemSet
from ..spellings.decimal_marks import shown_mark
from .isolation import marked_apart
from .marker import Marker
from .statuses import UNREADABLE
from .verdicts import Cell as MarkedCell
from .verdicts import FoundSlip, Marking

__all__ = [
    "CellResult",
    "EntryResult",
    "ProblemResult",
    "SlipResult",
    "Status",
    "StudentResult",
    "marked_sheet",
    "not_marked",
]  # fmt: skip

Status = Literal[
    "correct", "correct (rounded)", "follows", "slip", "unexplained", "could not be judged",
    "unanswered", "unreadable",
]


_ENTRIES = 200
"""So many wrong entries of a matrix are kept in its record."""


class _Record(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")


class SlipResult(_Record):
    """A wrong rule that explains an answer."""

    name: str = Field(description="its name in the table of slips")
    family: str = Field(description="what sort of slip it is")
    where: str = Field(description="where in the graph it was made")
    sentence: str = Field(description="what went wrong, for the student")
    hint: str = Field(description="what to look at, without the answer")
    equal: bool = Field(default=False, description="whether it is as likely as the slip named first")


class EntryResult(_Record):
    """One entry of a matrix that is not right."""

    at: list[int] = Field(description="its place, from 0")
    given: str = Field(description="what the student typed")
    expected: float = Field(description="the right number")


class CellResult(_Record):
    """One cell of a marked sheet."""

    quantity: str = Field(
        description="canonical name: q, df/dq, local(q, x), down(q, x), dL/dW[0,2], shape(W)"
    )
    status: Status
    given: str = Field(description="what the student typed")
    expected: str = Field(description="the right number, exact where it is exact; an array as nested lists")
    value: float | list[Any] = Field(description="the right number as float64; an array as nested lists")
    sentence: str = Field(description="the verdict in words")
    hint: str = ""
    slips: list[SlipResult] = Field(
        default_factory=list, description="the slip that explains it, then those that tie with it"
    )
    follows_from: str = Field(default="", description="the cell that a following cell follows from")
    entries: list[EntryResult] = Field(
        default_factory=list, description="of a matrix the entries that are wrong, at most 200"
    )
    points: float
    possible: float
    decided: str = Field(default="", description="what a person has decided on the answer; else empty")


class ProblemResult(_Record):
    """One problem of a marked sheet."""

    id: str
    title: str
    program: str = Field(description="the program, as it was read")
    at: dict[str, str] = Field(description="the inputs' values, this student's own ones")
    cells: list[CellResult]
    root: SlipResult | None = Field(
        default=None, description="the slip behind the first wrong step"
    )
    first_wrong: str = Field(default="", description="the first wrong cell in step order")
    notes: list[str] = Field(default_factory=list)
    points: float
    possible: float


class StudentResult(_Record):
    """One student's marked sheet."""

    student: str
    problems: list[ProblemResult] = Field(default_factory=list)
    points: float = 0.0
    possible: float = 0.0
    faults: list[str] = Field(
        default_factory=list, description="what on the sheet belongs to no cell"
    )
    stopped: str = Field(
        default="", description="why the sheet could not be marked; empty if it was"
    )
    digest: str = Field(default="", description="of the problems, the settings and the answers")

    @property
    def score(self) -> float:
        """Return the share of the points earned, from 0 to 1."""
        return self.points / self.possible if self.possible else 0.0

    def cells(self) -> Iterable[tuple[ProblemResult, CellResult]]:
        """Yield every cell with its problem."""
        return ((problem, cell) for problem in self.problems for cell in problem.cells)


def marked_sheet(problems: ProblemSet, sheet: Sheet) -> StudentResult:
    """Return a student's sheet, marked problem by problem."""
    decimal = shown_mark((given.text for given in sheet.answers.values()), sheet.decimal)
    with sheet_limits():
        done = [_marked_problem(problem, sheet, decimal) for problem in problems]
    return StudentResult(
        student=sheet.student,
        problems=done,
        points=_plain(sum(problem.points for problem in done)),
        possible=_plain(sum(problem.possible for problem in done)),
        faults=list(sheet.faults),
    )


def not_marked(problems: ProblemSet, sheet: Sheet, why: str) -> StudentResult:
    """Return the result of a sheet whose marking was stopped: no points, and the reason."""
    return StudentResult(
        student=sheet.student, possible=_plain(problems.points), faults=list(sheet.faults),
        stopped=why,
    )  # fmt: skip


@lru_cache(maxsize=128)
def _marker(problem: Problem, student: str) -> Marker:
    cells = problem.cells
    return Marker(
        problem.derivation(student),
        asked=[cell.text for cell in cells],
        tolerances={cell.text: cell.tolerance for cell in cells},
        points={cell.text: Fraction(cell.points).limit_denominator(10**6) for cell in cells},
        follow_through=problem.follow_through,
        want={cell.text: cell.want for cell in cells},
        lr=problem.lr,
        domain=problem.domain,
        kinks=problem.kinks,
    )


def _marked_problem(problem: Problem, sheet: Sheet, decimal: str) -> ProblemResult:
    derivation = problem.derivation(sheet.student)
    marker = _marker(problem, sheet.student if problem.draws else "")
    given: Mapping[str, Given] = {
        quantity: answer
        for (owner, quantity), answer in sheet.answers.items()
        if owner == problem.id
    }
    marking, given = marked_apart(marker, given, decimal)
    cells = [_cell(cell, _refused(text, given)) for text, cell in marking.cells.items()]
    first = _first_wrong(marking, cells)
    return ProblemResult(
        id=problem.id,
        title=problem.title,
        program=problem.graph.program.reading,
        at={name: _text(value) for name, value in derivation.at.items()},
        cells=cells,
        root=_slip(marking.root)
        if marking.root is not None and first == marking.first_wrong
        else None,
        first_wrong=first,
        notes=list(marking.notes),
        points=_plain(sum(cell.points for cell in cells)),
        possible=_plain(sum(cell.possible for cell in cells)),
    )


def _first_wrong(marking: Marking, cells: list[CellResult]) -> str:
    """Return the marker's first wrong cell, unless the formulas' equivalence has put it right."""
    wrong = [c.quantity for c in cells if c.status in ("slip", "unexplained", "unreadable")]
    if marking.first_wrong in wrong:
        return marking.first_wrong or ""
    return next(iter(wrong), "")


def _refused(text: str, given: Mapping[str, Given]) -> Given | None:
    """Return the answer of a cell; where it is answered by entries, one of them that is refused."""
    if text in given:
        return given[text]
    begin = f"{text}["
    return next((g for name, g in given.items() if name.startswith(begin) and g.refused), None)


def _cell(cell: MarkedCell, given: Given | None) -> CellResult:
    if given is not None and given.refused:
        cell = replace(cell, status=UNREADABLE, given=given.text, sentence=given.refused, hint="")
    return CellResult(
        quantity=cell.quantity,
        status=cell.status,  # type: ignore[arg-type]  # one of STATUSES; pydantic checks it
        given=cell.given[:400],
        expected=_text(cell.expected),
        value=_value(cell.expected),
        sentence=cell.sentence,
        hint=cell.hint,
        slips=[_slip(slip) for slip in cell.slips],
        follows_from=cell.follows_from,
        entries=[
            EntryResult(at=list(entry.at), given=entry.given[:60], expected=entry.expected)
            for entry in cell.entries[:_ENTRIES]
        ],
        points=_plain(cell.points),
        possible=_plain(cell.possible),
    )


def _slip(slip: FoundSlip) -> SlipResult:
    return SlipResult(
        name=slip.name, family=slip.family, where=slip.where, sentence=slip.sentence, hint=slip.hint,
        equal=slip.equal,
    )  # fmt: skip


def _value(expected: Any) -> float | list[Any]:
    """Return the right number, or nested lists of them."""
    listed = expected.tolist() if hasattr(expected, "tolist") else expected
    return list(listed) if isinstance(listed, list | tuple) else float(listed)


def _text(number: Any) -> str:
    if hasattr(number, "tolist"):
        return str(number.tolist())
    return repr(number) if isinstance(number, float) else str(number)


def _plain(points: Fraction | float) -> float:
    """Return points as shown: rounded to a millionth, so that sums of thirds end."""
    return round(float(points), 6)
