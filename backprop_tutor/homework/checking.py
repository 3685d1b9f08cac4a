"""A class marked from files to files: problems and answers in, a folder of marks out.

Enters: paths. Leaves: a `ClassMarks`, the summary of what was written. The passes stand in
`check_class`, one after the other; each is another module's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ..choices import Attempts
from ..errors import OptionError, printable
from ..files import read_text
from ..sentences import said
from ..translation import speaking
from .answers.attempts import AttemptStore
from .answers.csv_lines import Tell
from .answers.handed_in import Refused
from .answers.reading import read_answers
from .answers.rosters import Student, read_roster, roster_of
from .answers.sheets import Sheet
from .answers.speakers import Roster
from .marking.batch import Limits, checked_executor, mark_class
from .marking.results import StudentResult
from .problems.file_limits import PROBLEMS
from .problems.problem_set import ProblemSet, parse_problems
from .reports.class_table import ClassCounts
from .reports.gradebooks import Grade, grade_of
from .reports.writing import MarksFolder, Settings
from .review.corrections import Corrections, corrected

__all__ = ["MOST_STUDENTS", "ClassMarks", "check_class"]

_KEPT = 10_000

MOST_STUDENTS = 1000
"""So many students are marked where no roster says how many there are."""


@dataclass(slots=True)
class ClassMarks:
    """What came of a class.

    Attributes:
        counts: students, scores, slips, cells.
        refused: what could not be read, at most ten thousand lines.
        not_marked: students whose sheet was read and could not be marked, with the reason.
        remarks: on the files.
        missing: students on the roster who handed in nothing.
        grades: each student's points and a line on the sheet, for gradebooks.
        people: who they are, from the roster.
        reused: students whose marks were there from an earlier run.
        folder: where all was written.
    """

    counts: ClassCounts
    refused: list[str] = field(default_factory=list)
    not_marked: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    grades: list[Grade] = field(default_factory=list)
    people: Mapping[str, Student] = field(default_factory=dict)
    title: str = ""
    reused: int = 0
    folder: Path = Path()

    @property
    def whole(self) -> bool:
        """Return whether all that was handed in was read and marked."""
        return not self.refused and not self.not_marked and self.counts.students > 0


def check_class(
    problems: str | Path,
    answers: str | Path | Iterable[str | Path],
    into: str | Path,
    *,
    settings: Settings | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
    students: Iterable[str | Student] | None = None,
    attempts: Attempts | None = None,
    corrections: Corrections | None = None,
    most_students: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> ClassMarks:
    """Mark a class and write everything; an interrupted call goes on when it is made again.

    Args:
        problems: the TOML file.
        answers: files and folders.
        into: the folder for the marks; made if it is not there.
        settings: what is revealed and written.
        executor: where to mark; killable processes if None.
        workers: how many processes; 0 for this one alone.
        limits: of time and memory, a student.
        students: who is on the roster; a sheet of anyone else is refused. Without it those that the
            problem file names are.
        attempts: which of several sheets of one student counts; as the problem file says if None.
        corrections: what a person has decided on single answers.
        most_students: how many are marked where there is no roster, `MOST_STUDENTS` if None.
        progress: called with the number of students done, after each.

    Raises:
        FileError: the problems cannot be read, answers are not there, or the folder cannot be
            written.
        OptionError: an option that does not fit, or an executor whose workers cannot start.
    """
    checked_executor(executor)
    text = read_text(problems, PROBLEMS.bytes)
    source = Path(problems).name
    asked = parse_problems(text, source)
    told: list[str] = []
    if students is None:
        students = _class_of(asked, Path(problems), told.append)
    roster, people = (None, {}) if students is None else roster_of(students)
    most = _most(roster, most_students)
    policy: Attempts = asked.attempts if attempts is None else attempts
    chosen, decided = settings or Settings(), corrections or Corrections()
    events = read_answers(answers, asked, roster)
    with (
        speaking(chosen.lang),
        MarksFolder(into, asked, chosen, people, decided.digest) as marks,
        closing(AttemptStore()) as store,
        closing(events),  # an interrupted run lets go of its files
    ):
        found = ClassMarks(marks.counts, folder=marks.root, people=people, title=asked.title)
        found.remarks += told
        missing = dict.fromkeys(roster.names if roster is not None else ())
        for event in events:
            if not isinstance(event, Sheet):
                _keep(found.refused if isinstance(event, Refused) else found.remarks, str(event))
            elif too_many := store.add(event, most):
                _keep(found.refused, too_many)
            else:
                missing.pop(event.student, None)
        if roster is None and any(problem.draws for problem in asked):
            _keep(found.remarks, _drawn_without_roster())
        under_way: deque[tuple[Sheet, bool]] = deque()

        def sheets() -> Iterator[Sheet]:
            for attempts_of in store.chosen(policy):
                for number, sheet in enumerate(attempts_of, 1):
                    under_way.append((sheet, number == len(attempts_of)))
                    yield sheet

        marking = mark_class(
            text, sheets(), source=source, executor=executor, workers=workers, limits=limits,
            done=marks.done,
        )  # fmt: skip
        with closing(marking) as results:
            best: tuple[Sheet, StudentResult] | None = None
            done = 0
            for result in results:
                sheet, last = under_way.popleft()
                fixed = corrected(result, decided, asked)
                if best is None or fixed.points >= best[1].points:
                    best = sheet, fixed
                if not last:
                    continue
                marks.write(*best)
                found.grades.append(grade_of(best[1]))
                best, done = None, done + 1
                if marks.stopped:
                    _keep(found.not_marked, f"{marks.shown_name(result.student)}: {marks.stopped}")
                if progress is not None:
                    progress(done)
        found.missing = list(missing)
        if missing:
            _keep(found.remarks, _missing(found.missing))
        for line in decided.unused():
            _keep(found.refused, line)
        hidden = marks.settings.anonymous
        marks.finish([] if hidden else found.refused, [] if hidden else found.missing)
        found.reused = marks.reused
    return found


def _class_of(asked: ProblemSet, problems: Path, tell: Tell) -> Iterable[str | Student] | None:
    """Return the students that a problem file names, or those of the roster beside it; None without."""
    if isinstance(asked.students, str):
        return read_roster(problems.parent / asked.students, tell)
    return asked.students or None


def _drawn_without_roster() -> str:
    return said(
        "values are drawn by the students' names, and no roster says which names there are: a misspelt "
        "one gets values of its own; name the class with --students, or `students =` in the problem file"
    )


def _most(roster: Roster | None, given: int | None) -> int:
    """Return how many students are marked at most.

    Raises:
        OptionError: a number that is none, or one beside a roster.
    """
    if roster is not None:
        if given is not None:
            raise OptionError(
                said("a roster says how many students there are; give no number beside it")
            )
        return len(roster.names)
    if given is not None and given < 1:
        raise OptionError(said("1 or more students are marked, not {given}", given=given))
    return MOST_STUDENTS if given is None else given


def _missing(names: list[str]) -> str:
    shown = ", ".join(map(printable, names[:20])) + (", …" if len(names) > 20 else "")
    return said("no sheet of {count} on the roster: {names}", count=len(names), names=shown)


def _keep(lines: list[str], line: str) -> None:
    if len(lines) < _KEPT:
        lines.append(line)
    elif len(lines) == _KEPT:
        lines.append(said("… and more"))
