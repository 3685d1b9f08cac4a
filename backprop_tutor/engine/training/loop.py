"""The training loop: `fit`, which trains a model, and `evaluate`, which measures one.

What a loop written out by hand does, in the same order and with the same random draws: for every
batch the loss, the gradients, the step; after every epoch the validation, the schedule, the stop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from ...errors import OptionError
from ...sentences import said
from .. import nn, optim
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor
from .batches import batches_of, length_of
from .choices import loss_for, optimizer_for
from .history import History
from .metrics import metrics_for
from .progress import bar_for
from .stopping import stopper_for

__all__ = ["evaluate", "fit"]


class _Means:
    """Running means of the loss and the metrics, each batch weighing as many as its samples."""

    def __init__(self, names: Iterable[str]) -> None:
        self.sums = dict.fromkeys(names, 0.0)
        self.samples = 0

    def add(self, size: int, values: Iterable[float]) -> None:
        self.samples += size
        for name, value in zip(self.sums, values, strict=True):
            self.sums[name] += value * size

    def values(self, prefix: str = "") -> dict[str, float]:
        count = max(1, self.samples)
        return {prefix + name: total / count for name, total in self.sums.items()}


def _pair(batch: Any) -> tuple[Any, Tensor]:
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        size = said(" of {count}", count=len(batch)) if isinstance(batch, (tuple, list)) else ""
        raise OptionError(
            said(
                "a batch is a {kind}{size}; expected a pair of inputs and targets",
                kind=type(batch).__name__, size=size,
            )
        )
    return batch[0], batch[1]


def evaluate(
    model: nn.Module,
    loss: Any,
    data: Any,
    metrics: Any = (),
    *,
    batch_size: int = 256,
) -> dict[str, float]:
    """Return the loss and the metrics on data, the model in evaluation mode and nothing recorded."""
    compare = loss_for(loss)
    measures = metrics_for(metrics, compare)
    return _measure(model, compare, measures, batches_of(data, batch_size, False), "")


def _measure(
    model: nn.Module,
    compare: Callable[[Tensor, Tensor], Tensor],
    measures: dict[str, Any],
    batches: Iterable[Any],
    prefix: str,
) -> dict[str, float]:
    means = _Means(["loss", *measures])
    was_training = model.training
    model.eval()
    try:
        with no_grad():
            for batch in batches:
                inputs, targets = _pair(batch)
                outputs = model(inputs)
                values = [float(compare(outputs, targets))]
                values += [float(measure(outputs, targets)) for measure in measures.values()]
                means.add(len(targets), values)
    finally:
        model.train(was_training)
    return means.values(prefix)


def _advance(scheduler: Any, values: dict[str, float]) -> None:
    """Step a schedule; one that waits for a plateau is told the loss."""
    if scheduler is None:
        return
    if isinstance(scheduler, optim.lr_scheduler.ReduceLROnPlateau):
        scheduler.step(values.get("val_loss", values["loss"]))
    else:
        scheduler.step()


def fit(
    model: nn.Module,
    loss: Any,
    optimizer: Any,
    data: Any,
    epochs: int = 10,
    metrics: Any = (),
    validation: Any = None,
    *,
    batch_size: int = 32,
    shuffle: bool = True,
    early_stopping: Any = None,
    scheduler: Any = None,
    progress: Any = True,
    generator: Any = None,
    after_epoch: Callable[[int, dict[str, float]], Any] | None = None,
) -> History:
    """Train a model and return its history.

    Args:
        model: any `nn.Module`; it is trained in place.
        loss: a loss module or function, or the name of one ("cross_entropy", "mse", "bce", ...).
        optimizer: an optimizer, or the name of one with its defaults ("adam", "sgd", ...).
        data: a pair of inputs and targets, a data set, or a `DataLoader`.
        epochs: how often to go through all data.
        metrics: names ("accuracy") or functions of outputs and targets.
        validation: data as `data`, measured after each epoch as "val_loss", ...
        batch_size, shuffle, generator: how data other than a `DataLoader` are divided.
        early_stopping: an `EarlyStopping`, or the number of epochs to wait for an improvement.
        scheduler: a learning-rate schedule, stepped after each epoch.
        after_epoch: a function of an epoch's number and its numbers; training ends where it returns
            True.
        progress: True for a bar on standard error, False for none, or a rich `Console`.

    An interrupt (Ctrl-C) ends the training and keeps what was learnt: the history is returned with
    `interrupted` set. A loss that is not finite ends it too, as `stopped` says.

    Raises:
        OptionError: an unknown name or an impossible setting.
        ShapeError: other numbers of inputs and targets.
    """
    if not isinstance(epochs, int) or isinstance(epochs, bool) or epochs < 0:
        raise OptionError(
            said("epochs {epochs!r}; expected a whole number, 0 or more", epochs=epochs)
        )
    compare = loss_for(loss)
    stepper = optimizer_for(optimizer, model)
    measures = metrics_for(metrics, compare)
    batches = batches_of(data, batch_size, shuffle, generator)
    checks = None if validation is None else batches_of(validation, 256, False)
    stopper = stopper_for(early_stopping)
    history = History()
    was_training = model.training
    means = _Means(["loss", *measures])
    epoch = 0
    with bar_for(progress, epochs, length_of(batches)) as bar:
        try:
            for epoch in range(1, epochs + 1):
                means = _Means(["loss", *measures])
                model.train()
                for batch in batches:
                    inputs, targets = _pair(batch)
                    stepper.zero_grad()
                    outputs = model(inputs)
                    error = compare(outputs, targets)
                    error.backward()
                    stepper.step()
                    values = [float(error)]
                    values += [float(measure(outputs, targets)) for measure in measures.values()]
                    means.add(len(targets), values)
                    bar.step(epoch, means.values)
                summary = means.values()
                means.samples = 0
                if checks is not None:
                    summary |= _measure(model, compare, measures, checks, "val_")
                history.add(epoch, summary)
                bar.epoch(epoch, summary)
                _advance(scheduler, summary)
                if after_epoch is not None and after_epoch(epoch, summary) is True:
                    history.stopped = said("ended as asked after epoch {epoch}", epoch=epoch)
                    break
                if not math.isfinite(summary["loss"]):
                    history.stopped = said(
                        "the loss is {loss} in epoch {epoch}", loss=summary["loss"], epoch=epoch
                    )
                    break
                if stopper is not None and stopper.ends(epoch, summary, model):
                    history.stopped = said(
                        "no improvement of {monitor} since epoch {epoch}",
                        monitor=stopper.monitor, epoch=stopper.best_epoch,
                    )  # fmt: skip
                    break
        except KeyboardInterrupt:
            history.interrupted = True
            history.stopped = said("interrupted in epoch {epoch}", epoch=epoch)
            if means.samples:
                history.add(epoch, means.values())
        finally:
            model.train(was_training)
    if stopper is not None:
        history.best_epoch = stopper.best_epoch
        if stopper.restore_best:
            stopper.give_back(model)
    return history
