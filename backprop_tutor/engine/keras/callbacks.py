"""What is called and what is printed while a model trains, under Keras's name `keras.callbacks`.

Epochs count from 0 here, as Keras counts them for callbacks. The lines are Keras's:

    Epoch 1/5
    1875/1875 ━━━━━━━━━━━━━━━━━━━━ 4s 2ms/step - accuracy: 0.8251 - loss: 0.4960
    313/313 - 1s - 2ms/step - accuracy: 0.8831 - loss: 0.3352

On a terminal the bar grows in its line; elsewhere each epoch writes its line once, when it is done.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...errors import OptionError
from ..training.history import PAUSE, Silence
from ..training.history import EarlyStopping as Stopper

__all__ = [
    "Callback", "EarlyStopping", "LambdaCallback", "LearningRateScheduler", "Lines", "level_of",
]


Sequential = Any
"""The model, which stands on this file."""

Logs = dict[str, float]


class Callback:
    """Subclasses override what they want to be told; `self.model.stop_training = True` ends it.

    >>> class Enough(Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         if logs["loss"] < 0.1:
    ...             self.model.stop_training = True
    """

    model: Sequential

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Hear that training begins."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Hear that an epoch begins."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Hear that an epoch has ended, with the loss and the metrics."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Hear that training has ended, with the numbers of the last epoch."""


class EarlyStopping(Callback):
    """Ends training after `patience` epochs in which `monitor` has not improved by `min_delta`."""

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        restore_best_weights: bool = False,
    ) -> None:
        self.stopper: Stopper = Stopper(monitor, patience, min_delta, mode, restore_best_weights)
        self.stopped_epoch: int = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Forget an earlier training."""
        self.stopper.begin()
        self.stopped_epoch = 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """End training where nothing improves any longer."""
        if self.stopper.ends(epoch, logs or {}, self.model):
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Give the model the weights of its best epoch, if that was asked for."""
        self.stopper.give_back(self.model)


class LambdaCallback(Callback):
    """Calls functions given for single moments."""

    def __init__(
        self,
        on_epoch_begin: Callable[[int, Logs | None], Any] | None = None,
        on_epoch_end: Callable[[int, Logs | None], Any] | None = None,
        on_train_begin: Callable[[Logs | None], Any] | None = None,
        on_train_end: Callable[[Logs | None], Any] | None = None,
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin, "on_train_end": on_train_end,
        }
        vars(self).update({name: function for name, function in given.items() if function})


class LearningRateScheduler(Callback):
    """Sets the learning rate of each epoch to what `schedule(epoch, rate)` returns."""

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        self.schedule = schedule

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Set the epoch's learning rate."""
        self.model.learning_rate = float(self.schedule(epoch, self.model.learning_rate))


class Round:
    """One training's callbacks, told what happens by `after_epoch` of the training loop."""

    def __init__(self, callbacks: Iterable[Any], model: Sequential, epochs: int) -> None:
        self.callbacks: list[Callback] = []
        for each in callbacks:
            if not isinstance(each, Callback):
                raise OptionError(
                    f"a callback is a {type(each).__name__}; expected a keras.callbacks.Callback"
                )
            self.callbacks.append(each)
        self.model = model
        self.epochs = epochs
        self.last: Logs = {}

    def begin(self) -> None:
        """Tell that training and its first epoch begin."""
        self.model.stop_training = False
        for each in self.callbacks:
            each.model = self.model
            each.on_train_begin({})
        self._begin_epoch(0)

    def _begin_epoch(self, epoch: int) -> None:
        for each in self.callbacks:
            each.on_epoch_begin(epoch, {})

    def after(self, epoch: int, values: Logs) -> bool:
        """Tell that an epoch (from 1) has ended and the next begins; return whether to stop."""
        self.last = dict(values)
        for each in self.callbacks:
            each.on_epoch_end(epoch - 1, dict(values))
        if self.model.stop_training:
            return True
        if epoch < self.epochs:
            self._begin_epoch(epoch)
        return False

    def end(self) -> None:
        """Tell that training has ended."""
        for each in self.callbacks:
            each.on_train_end(self.last)


_WIDTH = 20
_LEVELS = {"auto": 1, "0": 0, "1": 1, "2": 2}


def level_of(verbose: Any) -> int:
    """Return how much is printed: 0 nothing, 1 a bar, 2 a line.

    Raises:
        OptionError: none of these, nor "auto", True or False.
    """
    word = str(int(verbose)) if isinstance(verbose, (bool, int)) else str(verbose)
    if word not in _LEVELS:
        raise OptionError(f"verbose {verbose!r}; expected 0 (nothing), 1 (a bar), 2 (a line) or 'auto'")
    return _LEVELS[word]


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def _told(values: Mapping[str, float]) -> str:
    return "".join(f" - {name}: {_number(values[name])}" for name in sorted(values))


def per_step(seconds: float) -> str:
    """Return a step's time as Keras writes it.

    >>> per_step(0.0021), per_step(2.2), per_step(0)
    ('2ms/step', '2s/step', '0us/step')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.0f}{unit}/step"
    return f"{seconds / 1e-6:.0f}us/step"


class Lines(Silence):
    """The lines of a training of so many epochs, each of so many steps where that is known."""

    def __init__(self, level: int, epochs: int, steps: int | None) -> None:
        self._level = level
        self._epochs = epochs
        self._steps = steps
        self._grows = level == 1 and sys.stdout.isatty()
        self._epoch = 0
        self._done = 0
        self._began = self._next = 0.0
        self._width = 0

    def step(self, epoch: int, values: Callable[[], dict[str, float]]) -> None:
        """Name the epoch before its first step, and let the bar grow."""
        self._name(epoch)
        self._done += 1
        now = time.monotonic()
        if self._grows and now >= self._next:
            self._next = now + PAUSE
            self._write(self._bar(self._done, now - self._began, values()), "")

    def epoch(self, epoch: int, values: dict[str, float]) -> None:
        """Write the line of a finished epoch."""
        self._name(epoch)
        self.whole(values, time.monotonic() - self._began, self._done)

    def whole(self, values: Mapping[str, float], seconds: float, done: int | None = None) -> None:
        """Write the line of what is finished, after so many seconds."""
        steps = self._steps if done is None else done
        if self._level == 1:
            self._write(self._bar(steps or 0, seconds, values), "\n")
        elif self._level == 2:
            count = f"{steps}/{steps}" if steps else "0/0"
            pace = per_step(seconds / max(1, steps or 1))
            self._write(f"{count} - {seconds:.0f}s - {pace}{_told(values)}", "\n")

    def _name(self, epoch: int) -> None:
        if epoch == self._epoch or not self._level:
            return
        self._epoch, self._done, self._began = epoch, 0, time.monotonic()
        sys.stdout.write(f"Epoch {epoch}/{self._epochs}\n")

    def _bar(self, done: int, seconds: float, values: Mapping[str, float]) -> str:
        total = self._steps or done
        full = _WIDTH * done // total if total else _WIDTH
        bar, rest = "━" * full, "━" * (_WIDTH - full)
        if self._grows:
            bar, rest = f"\x1b[32m{bar}\x1b[0m", f"\x1b[37m{rest}\x1b[0m"
        count = f"{done:{len(str(total))}d}/{total}"
        return f"{count} {bar}{rest} {seconds:.0f}s {per_step(seconds / max(1, done))}{_told(values)}"

    def _write(self, text: str, end: str) -> None:
        before = "\r" if self._grows else ""
        sys.stdout.write(before + text.ljust(self._width) + end)
        self._width = len(text) if self._grows and not end else 0
        sys.stdout.flush()
