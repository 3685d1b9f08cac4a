"""What every model of Keras does: compile, fit, evaluate and predict, over the engine's own training loop.

The defaults are Keras's: batches of 32, Adam's ε 10⁻⁷. `sequential.py` is a list of layers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...errors import OptionError
from .. import nn, optim
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor, wrap
from ..training.history import History
from ..training.loop import as_input, as_target, length_of
from ..training.loop import evaluate as measured
from ..training.loop import fit as trained
from ..training.metrics import metrics_for
from .callbacks import Callback, Round
from .losses import loss_named
from .metrics import METRICS
from .optimizers import plan_named
from .progress import Lines, level_of

__all__ = ["Model"]


class Model(nn.Module):
    """A module that is compiled and fitted; subclasses say what its outputs are, and build it.

    `shown` holds the model that callbacks see, where another one stands before this one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[Any, ...] = ()
        self.built = False
        self._plan: Any = None
        self._loss: Any = None
        self._metrics: Any = ()
        self.optimizer: optim.Optimizer | None = None
        self.stop_training = False

    def made_for(self, inputs: Tensor) -> None:
        """Make the weights for such inputs, where they are not made yet."""
        raise NotImplementedError

    def compile(
        self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = ()
    ) -> None:
        """Say how the model is trained: the optimizer, the loss and the metrics, by name or object.

        Raises:
            OptionError: an unknown name.
        """
        self._plan = optimizer if isinstance(optimizer, optim.Optimizer) else plan_named(optimizer)
        self.optimizer = optimizer if isinstance(optimizer, optim.Optimizer) else None
        if loss is None:
            raise OptionError('a model is compiled with a loss, such as loss="mse"')
        self._loss = loss_named(loss)
        self._metrics = metrics_for(metrics or (), self._loss, METRICS)

    def _require_compiled(self) -> None:
        if self._plan is None:
            raise OptionError("the model is not compiled: call compile(optimizer, loss) first")

    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = 32,
        epochs: int = 1,
        verbose: Any = "auto",
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        early_stopping: Any = None,
        callbacks: Iterable[Callback] = (),
    ) -> History:
        """Train on arrays (or a loader as `x`); return the history.

        `validation_split` sets the last fraction of the samples aside. `verbose` prints Keras's lines:
        1 with a bar, 2 without, 0 nothing.
        `callbacks` are told of every epoch.

        Raises:
            OptionError: the model is not compiled, or a setting is impossible.
        """
        self._require_compiled()
        level = level_of(verbose)
        data: Any = x
        if y is not None:
            inputs, targets = as_input(x), as_target(y)
            if not 0 <= validation_split < 1:
                raise OptionError(
                    f"validation_split {validation_split}; expected a fraction below 1"
                )
            if validation_split and validation_data is None:
                kept = int(len(inputs) * (1 - validation_split))
                validation_data = (inputs[kept:], targets[kept:])
                inputs, targets = inputs[:kept], targets[:kept]
            data = (inputs, targets)
            if not self.built:
                self.made_for(inputs)
        elif validation_split:
            raise OptionError("validation_split divides arrays; give x and y")
        if self.optimizer is None:
            if not self.built:
                raise OptionError("give the first layer an input_shape to train from a loader")
            self.optimizer = self._plan.over(self.parameters())
        told = Round(callbacks or (), self.shown[0] if self.shown else self, epochs)
        told.begin()
        history = trained(
            self, self._loss, self.optimizer, data, epochs, self._metrics, validation_data,
            batch_size=_batch(batch_size), shuffle=shuffle,
            progress=(lambda epochs, steps: Lines(level, epochs, steps)) if level else False,
            early_stopping=early_stopping, after_epoch=told.after, compile=True,
        )
        told.end()
        return history

    @property
    def learning_rate(self) -> float:
        """The optimizer's learning rate, once training has begun."""
        if self.optimizer is None:
            raise OptionError("the model has no optimizer before it is compiled and fitted")
        return float(self.optimizer.param_groups[0]["lr"])

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        if self.optimizer is None:
            raise OptionError("the model has no optimizer before it is compiled and fitted")
        for group in self.optimizer.param_groups:
            group["lr"] = float(rate)

    def evaluate(
        self, x: Any, y: Any = None, batch_size: int | None = 32, verbose: Any = "auto",
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, or a list of the loss and the metrics, or a dictionary of them.

        `verbose` prints Keras's line: 1 with a bar, 2 without, 0 nothing.
        """
        self._require_compiled()
        level = level_of(verbose)
        data = x if y is None else (as_input(x), as_target(y))
        size = _batch(batch_size)
        steps = length_of(x) if y is None else -(-len(data[0]) // size)
        began = time.monotonic()
        found = measured(self, self._loss, data, self._metrics, batch_size=size)
        Lines(level, 1, steps).whole(found, time.monotonic() - began)
        if return_dict:
            return found
        return list(found.values()) if len(found) > 1 else found["loss"]

    def predict(
        self, x: Any, batch_size: int | None = 32, verbose: Any = "auto"
    ) -> np.ndarray[Any, Any]:
        """Return the outputs as an array, computed in batches in evaluation mode.

        `verbose` prints Keras's line, as for `evaluate`.
        """
        level, size = level_of(verbose), _batch(batch_size)
        inputs = as_input(x)
        was_training = self.training
        began = time.monotonic()
        self.eval()
        try:
            with no_grad():
                parts = [
                    self(wrap(inputs._a[start : start + size]))._a
                    for start in range(0, max(1, len(inputs._a)), size)
                ]
        finally:
            self.train(was_training)
        Lines(level, 1, len(parts)).whole({}, time.monotonic() - began)
        return np.concatenate(parts)


def _batch(size: int | None) -> int:
    """Return the number of samples in a batch, 32 where none is given.

    Raises:
        OptionError: no whole number above 0.
    """
    if size is None:
        return 32
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise OptionError(f"batch_size {size!r}; expected a whole number above 0")
    return size
