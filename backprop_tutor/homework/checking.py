"""A class marked from files to files: problems and answers in, a folder of marks out.

Enters: paths. Leaves: a `ClassMarks`, the summary of what was written. The passes stand in
`check_class`, one after the other; each is another module's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import OptionError, printable
from ..files import read_text
from ..sentences import said
from ..translation import speaking
from .answers.csv_files import Seen
from .answers.handed_in import Refused
from .answers.reading import read_answers
from .answers.sheets import Sheet
from .answers.speakers import Roster
from .marking.batch import Limits, checked_executor, mark_class
from .problems.file_limits import PROBLEMS
from .problems.problem_set import parse_problems
from .reports.class_table import ClassCounts
from .reports.writing import MarksFolder, Settings

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
        reused: students whose marks were there from an earlier run.
        folder: where all was written.
    """

    counts: ClassCounts
    refused: list[str] = field(default_factory=list)
    not_marked: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
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
    students: Iterable[str] | None = None,
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
        students: the names on the roster; a sheet of anyone else is refused.
        most_students: how many are marked where there is no roster, `MOST_STUDENTS` if None.
        progress: called with the number of students done, after each.

    Raises:
        FileError: the problems cannot be read, answers are not there, or the folder cannot be
            written.
        OptionError: an option that does not fit, or an executor whose workers cannot start.
    """
    checked_executor(executor)
    roster = None if students is None else Roster(students)
    most = _most(roster, most_students)
    text = read_text(problems, PROBLEMS.bytes)
    source = Path(problems).name
    asked = parse_problems(text, source)
    chosen = settings or Settings()
    events = read_answers(answers, asked, roster)
    with (
        speaking(chosen.lang),
        MarksFolder(into, asked, chosen) as marks,
        closing(Seen()) as taken,
        closing(events),  # an interrupted run lets go of its files
    ):
        found = ClassMarks(marks.counts, folder=marks.root)
        under_way: deque[Sheet] = deque()
        missing = dict.fromkeys(roster.names if roster is not None else ())

        def sheets() -> Iterator[Sheet]:
            number = 0
            for event in events:
                if not isinstance(event, Sheet):
                    _keep(
                        found.refused if isinstance(event, Refused) else found.remarks, str(event)
                    )
                elif taken.first(event.student, 1) is not None:
                    shown = printable(event.student)
                    _keep(
                        found.refused,
                        said("{source}: {shown} has a sheet already", source=event.source, shown=shown),
                    )
                elif number == most:
                    _keep(
                        found.refused,
                        said(
                            "{source}: {student} is one more than the {most:,} students that are "
                            "marked without a roster",
                            source=event.source, student=printable(event.student), most=most,
                        ),
                    )
                else:
                    number += 1
                    missing.pop(event.student, None)
                    under_way.append(event)
                    yield event

        marking = mark_class(
            text, sheets(), source=source, executor=executor, workers=workers, limits=limits,
            done=marks.done,
        )  # fmt: skip
        with closing(marking) as results:
            for number, result in enumerate(results, 1):
                marks.write(under_way.popleft(), result)
                if marks.stopped:
                    _keep(found.not_marked, f"{marks.shown_name(result.student)}: {marks.stopped}")
                if progress is not None:
                    progress(number)
        if missing:
            _keep(found.remarks, _missing(list(missing)))
        marks.finish([] if marks.settings.anonymous else found.refused)
        found.reused = marks.reused
    return found


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
