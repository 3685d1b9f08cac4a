"""A whole class marked, in order, in batches over any executor; one runaway sheet stops none else.

Enters: the text of a problem file and a stream of sheets. Leaves: a stream of results in the same
order. A few batches are under way at a time, so that memory does not grow with the class. A batch
that fails is marked again sheet by sheet, and what fails alone is reported as such.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ...errors import OptionError
from ...processes import is_starting
from ...sentences import N_, said
from ...translation import sentence as _
from ...translation import speaking, spoken
from ..answers.sheets import Sheet
from ..problems.problem_set import ProblemSet, parse_problems
from .pools import KillablePool
from .results import StudentResult, marked_sheet, not_marked

__all__ = ["Limits", "checked_executor", "mark_class", "mark_here"]

_BATCH = 16
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one student's sheet may take: seconds, and megabytes where these can be limited."""

    seconds: float = 10.0
    megabytes: int | None = 2048

    def __post_init__(self) -> None:
        if not self.seconds > 0:
            raise OptionError(
                said("the time for a sheet is positive, not {seconds}", seconds=self.seconds)
            )
        if self.megabytes is not None and self.megabytes < 256:
            raise OptionError(
                said("a worker needs 256 MB or more, not {megabytes}", megabytes=self.megabytes)
            )


Outcome = tuple[str, StudentResult | None]
"""Why a sheet was not marked, or nothing, and its result."""


@lru_cache(maxsize=4)
def _problems(text: str, source: str) -> ProblemSet:
    return parse_problems(text, source)


def mark_here(problems: ProblemSet, sheet: Sheet) -> StudentResult:
    """Return a sheet's result, marked in this process; a failure is the result's `stopped`."""
    try:
        return marked_sheet(problems, sheet)
    except MemoryError:
        return not_marked(problems, sheet, _("the sheet needs more memory than it may take"))
    except Exception as error:  # the last line of defence: the other sheets must be marked
        return not_marked(
            problems, sheet,
            _("it could not be marked: {fault}").format(fault=f"{type(error).__name__}: {error}"),
        )


def mark_batch(
    text: str, source: str, sheets: list[Sheet], lang: str = "en"
) -> list[StudentResult]:
    """Return the results of a few sheets, in a language; this is what workers run."""
    problems = _problems(text, source)
    with speaking(lang):
        return [mark_here(problems, sheet) for sheet in sheets]


def mark_class(
    text: str,
    sheets: Iterable[Sheet],
    *,
    source: str = "problems",
    executor: Executor | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
    batch: int = _BATCH,
    done: Callable[[Sheet], StudentResult | None] | None = None,
) -> Generator[StudentResult, None, None]:
    """Yield every sheet's result, in the order of the sheets.

    Args:
        text: the problem file's text.
        sheets: any number of them; they are taken as they are needed.
        source: the problem file's name, for messages.
        executor: where to mark; a pool of killable processes if None. Limits hold in that pool.
        workers: processes in that pool; 0 marks in this process, without limits.
        limits: of time and memory, a student.
        batch: so many sheets are sent to a worker at once.
        done: a result that is there already, from an interrupted run; or None.

    Raises:
        FileError: the text is not problems.
        OptionError: an option that does not fit, or an executor whose workers cannot start.
    """
    if batch < 1:
        raise OptionError(said("a batch has 1 or more sheets, not {batch}", batch=batch))
    checked_executor(executor)
    problems = _problems(text, source)
    bounds = limits or Limits()
    stream = iter(sheets)
    if executor is None and workers == 0:
        for sheet in stream:
            yield (done(sheet) if done else None) or mark_here(problems, sheet)
        return
    if executor is not None:
        yield from _Run(text, source, problems, executor, bounds, batch, done).over(stream)
        return
    pool = KillablePool(workers, seconds=bounds.seconds, megabytes=bounds.megabytes)
    finished = False
    try:
        yield from _Run(text, source, problems, pool, bounds, batch, done).over(stream)
        finished = True
    finally:
        pool.shutdown(cancel_futures=not finished)


def checked_executor(executor: Executor | None) -> None:
    """Refuse a caller's executor in a process that is only being set up as its worker.

    Raises:
        OptionError: this process reads the script that marks, to become one of its workers.
    """
    if executor is not None and is_starting():
        raise OptionError(said(_READ_AGAIN))


@dataclass(slots=True)
class _Batch:
    """Sheets that are under way together; those that were done before carry their result."""

    sheets: list[Sheet]
    known: list[StudentResult | None]
    future: Future[list[StudentResult]] | None = None

    @property
    def open(self) -> list[Sheet]:
        return [s for s, result in zip(self.sheets, self.known, strict=True) if result is None]


@dataclass(slots=True)
class _Run:
    """One class on its way over an executor."""

    text: str
    source: str
    problems: ProblemSet
    executor: Executor
    limits: Limits
    batch: int
    done: Callable[[Sheet], StudentResult | None] | None
    answered: bool = False

    def over(self, stream: Iterator[Sheet]) -> Iterator[StudentResult]:
        workers = getattr(self.executor, "workers", None) or os.cpu_count() or 1
        ahead = max(2, int(workers) * _AHEAD)
        waiting: deque[_Batch] = deque()
        while True:
            while len(waiting) < ahead:
                sheets = list(islice(stream, self.batch))
                if not sheets:
                    break
                known = [self.done(sheet) if self.done else None for sheet in sheets]
                one = _Batch(sheets, known)
                if one.open:
                    one.future = self._tried(one.open)
                waiting.append(one)
            if not waiting:
                return
            yield from self._finished(waiting.popleft())

    def _sent(self, sheets: list[Sheet]) -> Future[list[StudentResult]]:
        if isinstance(self.executor, KillablePool):
            # A batch has the time of one sheet: usual sheets take a hundredth of it. What does not
            # finish is sent again, sheet by sheet, each with the whole time.
            seconds = self.limits.seconds + _STARTING
            return self.executor.submit_for(seconds, mark_batch, self.text, self.source, sheets, spoken())
        return self.executor.submit(mark_batch, self.text, self.source, sheets, spoken())

    def _finished(self, one: _Batch) -> Iterator[StudentResult]:
        fresh = iter(self._results(one))
        for sheet, known in zip(one.sheets, one.known, strict=True):
            result = known if known is not None else next(fresh)
            assert result.student == sheet.student  # batches keep their order
            yield result

    def _results(self, one: _Batch) -> list[StudentResult]:
        if one.future is None:
            return []
        sheets = one.open
        try:
            results = one.future.result()
            self.answered = True
            return results
        except Exception as error:
            if isinstance(error, BrokenExecutor) and not self.answered:
                raise OptionError(said(_BROKEN)) from error
            if len(sheets) == 1:
                return [not_marked(self.problems, sheets[0], self._why(error))]
        return list(map(self._alone, sheets, [self._tried([sheet]) for sheet in sheets]))

    def _tried(self, sheets: list[Sheet]) -> Future[list[StudentResult]]:
        """Send sheets; an executor that takes no more gives a future that has failed."""
        try:
            return self._sent(sheets)
        except Exception as error:
            failed: Future[list[StudentResult]] = Future()
            failed.set_exception(error)
            return failed

    def _alone(self, sheet: Sheet, future: Future[list[StudentResult]]) -> StudentResult:
        """Return the result of one sheet of a batch that failed, sent by itself."""
        try:
            return future.result()[0]
        except Exception as error:
            return not_marked(self.problems, sheet, self._why(error))

    def _why(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            text = _("it took longer than {seconds} s and was stopped")
            return text.format(seconds=f"{self.limits.seconds:g}")
        if isinstance(error, MemoryError):
            return _("the sheet needs more memory than it may take")
        if isinstance(error, CancelledError):
            return _("its marking was cancelled")
        return _("its worker ended: {fault}").format(fault=f"{type(error).__name__}: {error}")


_READ_AGAIN = N_(
    "a worker of the executor reads the script that marks the class again: put that script's work under "
    "`if __name__ == \"__main__\":`, or give workers=N in place of an executor"
)
_BROKEN = N_(
    "the executor's workers ended before they marked anything; where each of them runs the script again, "
    "put its work under `if __name__ == \"__main__\":`, or give workers=N in place of an executor"
)

_STARTING = 5.0
"""Seconds that a fresh worker may take before its first sheet, and a busy machine is granted."""
