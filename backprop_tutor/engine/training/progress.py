"""The progress bar of a training: one bar over all its steps, the last numbers beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ...sentences import said

__all__ = ["Bar", "Silence", "bar_for"]

PAUSE = 0.05
"""Seconds between two updates of the bar; drawing at every step would cost more than the step."""


class Silence:
    """A bar that shows nothing."""

    def __enter__(self) -> Silence:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def step(self, epoch: int, values: Callable[[], dict[str, float]]) -> None:
        """Note a step; `values` computes the numbers so far, if they are to be shown."""

    def epoch(self, epoch: int, values: dict[str, float]) -> None:
        """Note the end of an epoch."""


class Bar(Silence):
    """A bar on a console of rich; `steps` is the number of batches of an epoch, if it is known."""

    def __init__(self, console: Any, epochs: int, steps: int | None) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn(said("epoch") + " {task.fields[epoch]}/{task.fields[epochs]}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[numbers]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._steps = steps
        self._done = 0
        self._next = 0.0
        total = None if steps is None else epochs * steps
        self._task = self._progress.add_task(
            "", total=total if steps is not None else epochs, epoch=0, epochs=epochs, numbers=""
        )

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _show(self, epoch: int, values: dict[str, float], completed: int) -> None:
        numbers = "  ".join(f"{name} {value:.4f}" for name, value in values.items())
        self._progress.update(self._task, completed=completed, epoch=epoch, numbers=numbers)

    def step(self, epoch: int, values: Callable[[], dict[str, float]]) -> None:
        """Move the bar by one batch, if it is time to draw."""
        self._done += 1
        now = time.monotonic()
        if self._steps is not None and now >= self._next:
            self._next = now + PAUSE
            self._show(epoch, values(), self._done)

    def epoch(self, epoch: int, values: dict[str, float]) -> None:
        """Show the numbers of a finished epoch."""
        self._show(epoch, values, epoch if self._steps is None else self._done)


def bar_for(progress: Any, epochs: int, steps: int | None) -> Silence:
    """Return the bar asked for: True for one on standard error, False for none, or a console."""
    if progress is False or progress is None:
        return Silence()
    if progress is True:
        from rich.console import Console  # loaded by those who want a bar

        progress = Console(stderr=True)
    return Bar(progress, epochs, steps)
