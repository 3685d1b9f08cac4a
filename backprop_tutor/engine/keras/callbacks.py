"""What is called while a model trains, under Keras's name `keras.callbacks`.

Epochs count from 0 here, as Keras counts them for callbacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ...errors import OptionError
from ..training.stopping import EarlyStopping as Stopper

__all__ = ["Callback", "EarlyStopping", "LambdaCallback", "LearningRateScheduler"]

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
