"""`backprop-tutor check`: a class's answers marked, into a folder of reports and tables."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import click

from ..homework.batch import Limits
from ..homework.checking import MOST_STUDENTS, ClassMarks, check_class
from ..homework.pools import cluster_executor, memory_can_be_limited
from ..homework.reports.escaping import shown_plainly
from ..homework.reports.gradescope import VISIBILITIES
from ..homework.reports.wording import REVEAL
from ..homework.writing import FORMATS, Settings
from ..worksheets.roster import read_roster
from .printing import out, say
from .speech import language

__all__ = ["check"]


@click.command(
    epilog="""\b
Examples:
  backprop-tutor check problems.toml answers.csv -o marks/
  backprop-tutor check problems.toml answers/ --students roster.csv -o marks/
  backprop-tutor check problems.toml answers/ --reveal answers --lang ko -o marks/
  backprop-tutor check problems.toml answers/ --anonymous --format html -o marks/
"""
)
@click.argument("problems", type=click.Path())
@click.argument("answers", type=click.Path(), nargs=-1, required=True)
@click.option(
    "--output",
    "-o",
    "into",
    type=click.Path(),
    default="marks",
    show_default=True,
    help="The folder for reports and tables.",
)
@click.option(
    "--reveal",
    type=click.Choice(REVEAL),
    default="hints",
    show_default=True,
    help="How much the reports tell.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="What is written for each student; all if left out.",
)
@click.option("--anonymous", is_flag=True, help="Pseudonyms in place of names; key.csv has both.")
@click.option(
    "--visibility",
    type=click.Choice(VISIBILITIES),
    default="visible",
    show_default=True,
    help="Who sees the tests on Gradescope, and when.",
)
@language
@click.option("--students", type=click.Path(), metavar="ROSTER",
              help="A CSV file of the class: nobody else is marked, and who is missing is named.")
@click.option("--most-students", type=click.IntRange(1), metavar="N",
              help=f"How many are marked without a roster; {MOST_STUDENTS} if left out.")
@click.option("--workers", type=click.IntRange(0), help="Processes; 0 marks in this one alone.")
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds a student.",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(0),
    default=2048,
    show_default=True,
    help="Megabytes a worker, where the system can limit it; 0 for none.",
)
@click.option("--cluster", metavar="ADDRESS", help="Mark on a running Dask cluster.")
@click.option("--quiet", "-q", is_flag=True, help="No progress bar and no remarks.")
def check(
    problems: str, answers: tuple[str, ...], into: str, reveal: Any, formats: tuple[str, ...],
    anonymous: bool, visibility: Any, lang: str, workers: int | None, time_limit: float, memory_limit: int,
    cluster: str | None, quiet: bool, students: str | None, most_students: int | None,
) -> None:  # fmt: skip
    """Mark ANSWERS (files or folders: CSV, JSON, JSONL, TOML) against PROBLEMS (TOML).

    In a folder each file is one student's and speaks for nobody else. An interrupted run goes on
    where it stopped when it is called again. Exits with 1 where something could not be read or
    marked; everything else is marked all the same.
    """
    roster = None if students is None else [one.name for one in read_roster(students)]
    settings = Settings(
        reveal=reveal, anonymous=anonymous, visibility=visibility, formats=formats or FORMATS,
        lang=lang,
    )  # fmt: skip
    limits = Limits(time_limit, memory_limit or None)
    if limits.megabytes and _typed("memory_limit") and not memory_can_be_limited() and not quiet:
        say("memory is not limited: this system has no such limit")
    executor: Executor | None = None
    disconnect: Callable[[], None] = _nothing
    if cluster is not None:
        executor, disconnect = cluster_executor(cluster)
    try:
        with _Progress(quiet) as progress:
            marks = check_class(
                problems, answers, into, settings=settings, executor=executor, workers=workers,
                limits=limits, students=roster, most_students=most_students, progress=progress.show,
            )  # fmt: skip
    finally:
        disconnect()
    _report(marks, quiet)
    if not marks.whole:
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
                TextColumn("marking"), BarColumn(), TextColumn("{task.completed} students"),
                TimeElapsedColumn(), console=Console(stderr=True), transient=True,
            )  # fmt: skip

    def __enter__(self) -> _Progress:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("marking", total=None)
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
        say(f"not read: {shown_plainly(line)}")
    for line in marks.not_marked:
        say(f"not marked: {shown_plainly(line)}")
    if counts.unjudged:
        say(
            f"could not be judged, for a person to look at: {counts.unjudged} "
            f"(see {marks.folder / 'unjudged.csv'})"
        )
    again = f", {marks.reused} from an earlier run" if marks.reused else ""
    out(f"{counts.students} students{again}, mean score {counts.mean:.0%}")
    for name, students, share, sentence in counts.slip_rows()[:5]:
        out(f"  {share:>4}  {name} ({students}): {sentence}")
    out(f"wrote {marks.folder}")
