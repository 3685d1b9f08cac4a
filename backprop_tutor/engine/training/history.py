"""What a training says of itself, and when it ends: every epoch's numbers, the bar, early stopping."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import OptionError, did_you_mean
from ...sentences import counted, said
from .. import nn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Bar", "EarlyStopping", "History", "Silence", "bar_for", "stopper_for"]


class History:
    """The loss and the metrics after each epoch.

    `history["loss"]` is a list with one number an epoch; names that begin with "val_" were measured
    on the validation data. `stopped` says why training ended before its time, "" if it did not;
    `interrupted` is whether the user ended it, in which case the last epoch is not whole.

    >>> h = History()
    >>> h.add(1, {"loss": 0.5})
    >>> h["loss"], h.epoch
    ([0.5], [1])
    """

    def __init__(self) -> None:
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}
        self.stopped = ""
        self.interrupted = False
        self.best_epoch: int | None = None

    def add(self, epoch: int, values: dict[str, float]) -> None:
        """Append the numbers of an epoch."""
        self.epoch.append(epoch)
        for name, value in values.items():
            self.history.setdefault(name, []).append(float(value))

    def __getitem__(self, name: str) -> list[float]:
        return self.history[name]

    def __contains__(self, name: object) -> bool:
        return name in self.history

    def __len__(self) -> int:
        return len(self.epoch)

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {values[-1]:.4g}" for name, values in self.history.items())
        ended = f", {self.stopped}" if self.stopped else ""
        return f"<History of {counted(len(self), '1 epoch', '{count} epochs')}: {last}{ended}>"

    def record(self) -> dict[str, Any]:
        """Return everything as plain lists and numbers, ready for JSON."""
        return {
            "epoch": list(self.epoch),
            "history": {name: list(values) for name, values in self.history.items()},
            "stopped": self.stopped,
            "interrupted": self.interrupted,
            "best_epoch": self.best_epoch,
        }

    def plot(self, title: str = "") -> Figure:
        """Return a figure of the losses and, beside them, of each metric over the epochs."""
        from ..plots.figures import curves  # matplotlib is loaded when something is drawn

        return curves(self, title)


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
    """Return the bar asked for: True for one on standard error, False for none, or a console.

    A function makes a bar of one's own, of the numbers of epochs and of steps.
    """
    if progress is False or progress is None:
        return Silence()
    if callable(progress):
        made: Silence = progress(epochs, steps)
        return made
    if progress is True:
        from rich.console import Console  # loaded by those who want a bar

        progress = Console(stderr=True)
    return Bar(progress, epochs, steps)


class EarlyStopping:
    """Stops after `patience` epochs in which `monitor` has not improved by more than `min_delta`.

    A quantity that ends in "accuracy" is to rise, others to fall, unless `mode` says "max" or
    "min". With `restore_best` the model gets back the weights of its best epoch.
    """

    def __init__(
        self,
        monitor: str | None = None,
        patience: int = 5,
        min_delta: float = 0.0,
        mode: str = "auto",
        restore_best: bool = True,
    ) -> None:
        if patience < 0:
            raise OptionError(
                said("patience {patience}; expected a number of epochs, 0 or more", patience=patience)
            )
        if mode not in ("auto", "min", "max"):
            raise OptionError(said("mode `{mode}`; expected auto, min or max", mode=mode))
        self.monitor = monitor
        self.patience = patience
        self.min_delta: float = abs(min_delta)
        self.mode = mode
        self.restore_best = restore_best
        self.begin()

    def begin(self) -> None:
        """Forget what was seen in an earlier training."""
        self.best: float = math.nan
        self.best_epoch: int | None = None
        self._weights: dict[str, np.ndarray[Any, Any]] = {}

    def _value(self, values: dict[str, float]) -> float:
        name = self.monitor or ("val_loss" if "val_loss" in values else "loss")
        if name not in values:
            hint = did_you_mean(name, values)
            raise OptionError(
                said(
                    "early stopping watches `{name}`, which is not measured; there are {names}",
                    name=name, names=", ".join(values),
                )
                + (f" ({hint})" if hint else "")
            )
        self.monitor = name
        return values[name]

    def _improves(self, value: float) -> bool:
        if math.isnan(self.best):
            return not math.isnan(value)
        rising = self.mode == "max" or (
            self.mode == "auto" and str(self.monitor).endswith("accuracy")
        )
        gain = value - self.best if rising else self.best - value
        return gain > self.min_delta

    def ends(self, epoch: int, values: dict[str, float], model: nn.Module) -> bool:
        """Take the numbers of an epoch; return whether training should end."""
        value = self._value(values)
        if self._improves(value):
            self.best, self.best_epoch = value, epoch
            if self.restore_best:
                self._weights = {
                    name: tensor._a.copy() for name, tensor in model.state_dict().items()
                }
            return False
        return epoch - (self.best_epoch or 0) >= max(1, self.patience)

    def give_back(self, model: nn.Module) -> None:
        """Write the weights of the best epoch into the model."""
        if self._weights:
            for name, tensor in model.state_dict().items():
                tensor._a[...] = self._weights[name]
                tensor._ver[0] += 1


def stopper_for(early_stopping: Any) -> EarlyStopping | None:
    """Return early stopping as it is given: itself, a number of epochs, True, or nothing.

    Raises:
        OptionError: something else.
    """
    if early_stopping is None or early_stopping is False:
        return None
    if early_stopping is True:
        return EarlyStopping()
    if isinstance(early_stopping, EarlyStopping):
        early_stopping.begin()
        return early_stopping
    if isinstance(early_stopping, int):
        return EarlyStopping(patience=early_stopping)
    raise OptionError(
        said(
            "early_stopping is a {kind}; expected a number of epochs or an EarlyStopping",
            kind=type(early_stopping).__name__,
        )
    )
