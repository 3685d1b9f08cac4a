"""The training loop: `fit`, which trains a model, and `evaluate`, which measures one.

What a loop written out by hand does, in the same order and with the same random draws: for every
batch the loss, the gradients, the step; after every epoch the validation, the schedule, the stop. Data are
taken as they come: anything that holds inputs and targets becomes batches of both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ...errors import OptionError, ShapeError
from ...sentences import said
from .. import nn, optim
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor, wrap
from ..utils.data import DataLoader, TensorDataset
from .choices import loss_for, metrics_for, optimizer_for
from .history import History, bar_for, stopper_for

__all__ = ["as_input", "as_target", "batches_of", "evaluate", "fit", "length_of"]


def _numeric(given: Any, what: str) -> np.ndarray[Any, Any]:
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise OptionError(
            said(
                "the {what} hold {name} values; expected numbers in an array or a tensor",
                what=what, name=array.dtype.name,
            )
        )
    return array


def as_input(given: Any) -> Tensor:
    """Return inputs as a tensor: tensors as they are, arrays and lists as float32."""
    if isinstance(given, Tensor):
        return given
    return wrap(np.ascontiguousarray(_numeric(given, "inputs"), dtype=np.float32))


def as_target(given: Any) -> Tensor:
    """Return targets as a tensor: tensors as they are, integers as int64, others as float32."""
    if isinstance(given, Tensor):
        return given
    array = _numeric(given, "targets")
    kind = np.int64 if array.dtype.kind in "iub" else np.float32
    return wrap(np.ascontiguousarray(array, dtype=kind))


def batches_of(
    data: Any, batch_size: int, shuffle: bool, generator: Any = None
) -> Iterable[Any]:
    """Return batches (inputs, targets), to be walked through once an epoch.

    A `DataLoader`, or another iterable of pairs that is not a sequence, is taken as it is; a pair of
    arrays or tensors, or a data set, is divided into batches.

    Raises:
        OptionError: something that holds no pairs.
        ShapeError: other numbers of inputs and targets.
    """
    if isinstance(data, DataLoader):
        return data
    if isinstance(data, (tuple, list)) and len(data) == 2 and not isinstance(data[0], tuple):
        inputs, targets = as_input(data[0]), as_target(data[1])
        if inputs.dim() == 0 or targets.dim() == 0 or inputs.shape[0] != targets.shape[0]:
            raise ShapeError(
                said(
                    "inputs of shape {shape} and targets of shape {shape_2}; expected one target for each "
                    "row of inputs",
                    shape=tuple(inputs.shape), shape_2=tuple(targets.shape),
                )
            )
        data = TensorDataset(inputs, targets)
    if hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        if not len(data):
            raise ShapeError(said("no samples; expected at least one"))
        return DataLoader(data, batch_size, shuffle=shuffle, generator=generator)
    if isinstance(data, Iterable):
        return data
    raise OptionError(
        said(
            "the data are a {kind}; expected a pair of inputs and targets, a data set or a DataLoader",
            kind=type(data).__name__,
        )
    )


def length_of(batches: Any) -> int | None:
    """Return the number of batches, None where it is not known beforehand."""
    try:
        return len(batches)
    except TypeError:
        return None


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


def _step_of(
    model: nn.Module, compare: Callable[[Tensor, Tensor], Tensor], stepper: Any, measured: bool,
    compiled: bool,
) -> Callable[[Any, Tensor], tuple[Any, Tensor]]:
    """Return one step of training: from a batch the outputs, where they are measured, and the loss."""

    def step(inputs: Any, targets: Tensor) -> tuple[Any, Tensor]:
        stepper.zero_grad()
        outputs = model(inputs)
        error = compare(outputs, targets)
        error.backward()
        stepper.step()
        return (outputs if measured else None), error

    if not compiled:
        return step
    from ..compiling import compile as compile_step  # start-up time: few trainings ask for it

    return compile_step(step)  # type: ignore[no-any-return]


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
    compile: bool = False,
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
        compile: whether the step runs as a written program where it can be (`engine.compile`); the numbers
            are the same.
        progress: True for a bar on standard error, False for none, a rich `Console`, or a function of the
            numbers of epochs and steps that makes a bar.

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
    step = _step_of(model, compare, stepper, bool(measures), compile)
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
                    outputs, error = step(inputs, targets)
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
