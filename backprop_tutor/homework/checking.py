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

from ..files import read_text
from ..translation import speaking
from .answers import Refused, Sheet, read_answers
from .answers_csv import Seen
from .batch import Limits, mark_class
from .problems import parse_problems
from .reports.class_table import ClassCounts
from .writing import MarksFolder, Settings

__all__ = ["ClassMarks", "check_class"]

_KEPT = 1000


@dataclass(slots=True)
class ClassMarks:
    """What came of a class.

    Attributes:
        counts: students, scores, slips, cells.
        refused: what could not be read, at most a thousand lines.
        remarks: on the files.
        reused: students whose marks were there from an earlier run.
        folder: where all was written.
    """

    counts: ClassCounts
    refused: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    reused: int = 0
    folder: Path = Path()


def check_class(
    problems: str | Path,
    answers: str | Path | Iterable[str | Path],
    into: str | Path,
    *,
    settings: Settings | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
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
        progress: called with the number of students done, after each.

    Raises:
        FileError: the problems cannot be read, or the folder cannot be written.
        OptionError: an option that does not fit.
    """
    text = read_text(problems)
    source = Path(problems).name
    asked = parse_problems(text, source)
    chosen = settings or Settings()
    with (
        speaking(chosen.lang),
        MarksFolder(into, asked, chosen) as marks,
        closing(Seen()) as taken,
        closing(read_answers(answers, asked)) as events,  # an interrupted run lets go of its files
    ):
        found = ClassMarks(marks.counts, folder=marks.root)
        under_way: deque[Sheet] = deque()

        def sheets() -> Iterator[Sheet]:
            for event in events:
                if not isinstance(event, Sheet):
                    _keep(
                        found.refused if isinstance(event, Refused) else found.remarks, str(event)
                    )
                elif taken.first(event.student, 1) is not None:
                    _keep(found.refused, f"{event.source}: {event.student} has a sheet already")
                else:
                    under_way.append(event)
                    yield event

        marking = mark_class(
            text, sheets(), source=source, executor=executor, workers=workers, limits=limits,
            done=marks.done,
        )  # fmt: skip
        with closing(marking) as results:
            for number, result in enumerate(results, 1):
                marks.write(under_way.popleft(), result)
                if progress is not None:
                    progress(number)
        marks.finish([] if marks.settings.anonymous else found.refused)
        found.reused = marks.reused
    return found


def _keep(lines: list[str], line: str) -> None:
    if len(lines) < _KEPT:
        lines.append(line)
    elif len(lines) == _KEPT:
        lines.append("… and more")
