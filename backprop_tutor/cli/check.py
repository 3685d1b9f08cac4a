"""`backprop-tutor check`: a class's answers marked, into a folder of reports and tables."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import click

from ..choices import Attempts, words
from ..errors import FileError
from ..files import read_text, write_whole
from ..homework.answers.csv_lines import table_text
from ..homework.answers.escaping import shown_plainly
from ..homework.answers.heading_table import heading_table
from ..homework.answers.rosters import read_roster
from ..homework.autograder import autograder_zip
from ..homework.checking import ClassMarks, check_class
from ..homework.marking.batch import Limits
from ..homework.marking.pools import cluster_executor, memory_can_be_limited
from ..homework.problems.problem_set import read_problems
from ..homework.reports.gradebooks import canvas_gradebook, moodle_table
from ..homework.reports.gradescope import VISIBILITIES
from ..homework.reports.wording import REVEAL
from ..homework.reports.writing import FORMATS, Settings
from ..homework.review.corrections import read_corrections
from ..sentences import N_, counted, said, spoken
from .help_pages import PATH, Command, Number, WholeNumber, language, option
from .printing import out, say, wrote

__all__ = ["check"]


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  backprop-tutor check problems.toml answers.csv -o marks/
  backprop-tutor check problems.toml answers/ --students roster.csv -o marks/
  backprop-tutor check problems.toml answers/ --reveal answers --lang ko -o marks/
  backprop-tutor check problems.toml answers/ --anonymous --format html -o marks/
  backprop-tutor check problems.toml form.csv --corrections marks/review.csv --moodle -o marks/
  backprop-tutor check problems.toml answers/ --canvas grades.csv --assignment "Homework 3" -o marks/
  backprop-tutor check problems.toml --autograder autograder.zip --students roster.csv
"""
)
@click.argument("problems", type=PATH)
@click.argument("answers", type=PATH, nargs=-1)
@option(
    "--output",
    "-o",
    "into",
    type=PATH,
    default="marks",
    show_default=True,
    help="The folder for reports and tables.",
)
@option(
    "--reveal",
    type=click.Choice(REVEAL),
    default="hints",
    show_default=True,
    help="How much the reports tell.",
)
@option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="What is written for each student; all if left out.",
)
@option("--anonymous", is_flag=True, help="Pseudonyms in place of names; key.csv has both.")
@option(
    "--visibility",
    type=click.Choice(VISIBILITIES),
    default="visible",
    show_default=True,
    help="Who sees the tests on Gradescope, and when.",
)
@language
@option("--students", type=PATH, metavar="ROSTER",
              help="A CSV file of the class: nobody else is marked, and who is missing is named.")
@option("--attempts", type=click.Choice(words(Attempts)),
        help="Which of several sheets of one student counts; as the problem file says, else the last.")
@option("--corrections", type=PATH, metavar="FILE",
        help="A CSV file of what you have decided on answers, such as review.csv filled in.")
@option("--headings", is_flag=True,
        help="Mark nothing; print the table [headings] of the answers' columns, to be completed.")
@option("--canvas", type=PATH, metavar="GRADEBOOK",
        help="The gradebook that Canvas exported; canvas.csv is it with the points filled in.")
@option("--assignment", metavar="TITLE",
        help="With --canvas: the task's title there; the problem file's if left out.")
@option("--moodle", is_flag=True, help="Write moodle.csv: e-mail, id number, grade, feedback.")
@option("--autograder", type=PATH, metavar="FILE",
        help="Mark nothing; write the archive that marks the problems on Gradescope.")
@option("--most-students", type=WholeNumber(1), metavar="N",
              help="How many are marked without a roster; 1000 if left out.")
@option("--workers", type=WholeNumber(0), help="Processes; 0 marks in this one alone.")
@option(
    "--time-limit",
    type=Number(0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds a student.",
)
@option(
    "--memory-limit",
    type=WholeNumber(0),
    default=2048,
    show_default=True,
    help="Megabytes a worker, where the system can limit it; 0 for none.",
)
@option("--cluster", metavar="ADDRESS", help="Mark on a running Dask cluster.")
@option("--quiet", "-q", is_flag=True, help="No progress bar and no remarks.")
def check(
    problems: str, answers: tuple[str, ...], into: str, reveal: Any, formats: tuple[str, ...],
    anonymous: bool, visibility: Any, workers: int | None, time_limit: float, memory_limit: int,
    cluster: str | None, quiet: bool, students: str | None, most_students: int | None,
    attempts: Any, corrections: str | None, headings: bool, canvas: str | None, assignment: str | None,
    moodle: bool, autograder: str | None,
) -> None:  # fmt: skip
    """Mark ANSWERS (files or folders: CSV, JSON, JSONL, TOML) against PROBLEMS (TOML).

    In a folder each file is one student's and speaks for nobody else. An interrupted run goes on
    where it stopped when it is called again. Exits with 1 where something could not be read or
    marked; everything else is marked all the same.
    """
    if autograder is not None:
        data = autograder_zip(
            read_text(problems), roster="" if students is None else table_text(students, say),
            reveal=reveal, visibility=visibility, lang=spoken(),
        )  # fmt: skip
        wrote(write_whole(autograder, data))
        return
    if not answers:
        raise click.UsageError(said("give the answers: files or folders"))
    if assignment is not None and canvas is None:
        raise click.UsageError(said("--assignment says a task of the gradebook that --canvas gives"))
    if headings:
        out(heading_table(answers, read_problems(problems)), newline=False, whole=True)
        return
    gradebook = None if canvas is None else table_text(canvas, say)
    roster = None if students is None else read_roster(students, say)
    decided = None
    if corrections is not None:
        decided = read_corrections(corrections, read_problems(problems), say)
    settings = Settings(
        reveal=reveal, anonymous=anonymous, visibility=visibility, formats=formats or FORMATS,
        lang=spoken(),
    )  # fmt: skip
    limits = Limits(time_limit, memory_limit or None)
    if limits.megabytes and _typed("memory_limit") and not memory_can_be_limited() and not quiet:
        say(said("memory is not limited: this system has no such limit"))
    executor: Executor | None = None
    disconnect: Callable[[], None] = _nothing
    if cluster is not None:
        executor, disconnect = cluster_executor(cluster)
    try:
        with _Progress(quiet) as progress:
            marks = check_class(
                problems, answers, into, settings=settings, executor=executor, workers=workers,
                limits=limits, students=roster, most_students=most_students, attempts=attempts,
                corrections=decided, progress=progress.show,
            )  # fmt: skip
    finally:
        disconnect()
    _report(marks, quiet)
    unentered = 0
    if gradebook is not None:
        text, told = canvas_gradebook(gradebook, assignment or marks.title, marks.grades, marks.people)
        wrote(write_whole(marks.folder / "canvas.csv", text))
        for line in told:
            say(f"canvas.csv: {shown_plainly(line)}")
        unentered = len(told)
    if moodle:
        table = moodle_table(marks.title, marks.grades, marks.people)
        wrote(write_whole(marks.folder / "moodle.csv", table))
    if not marks.counts.students:
        raise FileError(said("no sheet was marked: nothing of what was handed in could be read"))
    if not marks.whole or unentered:
        raise click.exceptions.Exit(1)


def _typed(name: str) -> bool:
    """Return whether an option stands on the command line."""
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


def _nothing() -> None:
    """Disconnect from nothing."""


class _Progress:
    """A bar on a terminal; nothing where standard error is not one."""

    def __init__(self, quiet: bool) -> None:
        self._bar: Any = None
        self._task: Any = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console  # start-up time: only a terminal needs it
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn(said("marking")), BarColumn(),
                TextColumn(said("students: {task.completed}")),
                TimeElapsedColumn(), console=Console(stderr=True), transient=True,
            )  # fmt: skip

    def __enter__(self) -> _Progress:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(said("marking"), total=None)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, students: int) -> None:
        """Show how many students are done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=students)


def _report(marks: ClassMarks, quiet: bool) -> None:
    counts = marks.counts
    if not quiet:
        for line in marks.remarks:
            say(shown_plainly(line))
    for line in marks.refused:
        say(said("not read: {line}", line=shown_plainly(line)))
    for line in marks.not_marked:
        say(said("not marked: {line}", line=shown_plainly(line)))
    if counts.unjudged:
        say(
            said(
                "could not be judged, for a person to look at: {unjudged} (see {folder})",
                unjudged=counts.unjudged, folder=marks.folder / "unjudged.csv",
            )
        )
    again = said(", {count} from an earlier run", count=marks.reused) if marks.reused else ""
    out(
        said(
            "{students}{again}, mean score {mean:.0%}",
            students=counted(counts.students, N_("1 student"), N_("{count} students")),
            again=again, mean=counts.mean,
        )
    )  # fmt: skip
    for name, students, share, sentence in counts.slip_rows()[:5]:
        out(f"  {share:>4}  {name} ({students}): {sentence}")
    out(said("wrote {output}", output=marks.folder))
