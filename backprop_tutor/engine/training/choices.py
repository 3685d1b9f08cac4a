"""Losses, optimizers, activations and metrics by name, as configuration files and command lines give them.

Each table's rows are what a name means; an unknown name is refused with the names there are.
A metric is a function of outputs and targets that returns one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

from ...errors import OptionError, ShapeError, did_you_mean
from ...ops import OPS, Operation, Table
from ...sentences import N_, counted, said, sentence
from .. import nn, optim
from ..autograd.tape import Tensor
from ..fused.activations import is_layer, module_name

__all__ = [
    "ACTIVATIONS", "LOSSES", "METRICS", "OPTIMIZERS", "NamedLoss", "accuracy", "chosen",
    "confusion", "loss_for", "metrics_for", "optimizer_for", "predicted_classes",
]


T = TypeVar("T")

OPTIMIZERS: dict[str, Callable[..., optim.Optimizer]] = {
    "sgd": optim.SGD,
    "adam": optim.Adam,
    "adamw": optim.AdamW,
    "rmsprop": optim.RMSprop,
    "adagrad": optim.Adagrad,
    "adadelta": optim.Adadelta,
}


def _module(row: Operation) -> dict[str, Callable[[], nn.Module]]:
    return {row.name: getattr(nn, module_name(row.name))} if is_layer(row) else {}


ACTIVATIONS: Table[Callable[[], nn.Module]] = OPS.derived(_module, {"identity": nn.Identity})
"""The activations of the table `OPS` that are modules, by the names of their rows."""


def _losses() -> Iterator[tuple[str, Callable[[Tensor, Tensor], Tensor]]]:
    """Yield the losses of `nn.functional` by short names: `mse`, `bce`, `bce_with_logits`."""
    for name in nn.functional.__all__:
        if name.endswith("_loss") or "cross_entropy" in name:
            short = name.removesuffix("_loss").replace("binary_cross_entropy", "bce")
            yield short, getattr(nn.functional, name)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = dict(_losses())

_OF_CLASSES = {"cross_entropy", "nll"}


def chosen(kind: str, name: str, table: Mapping[str, T], also: Iterable[str] = ()) -> T:
    """Return what `name` means in a table.

    >>> chosen("optimizer", "sdg", OPTIMIZERS)
    Traceback (most recent call last):
    backprop_tutor.errors.OptionError: unknown optimizer `sdg`; expected one of sgd, adam, adamw,
    rmsprop, adagrad, adadelta (did you mean `sgd`?)

    Raises:
        OptionError: it means nothing; the message lists what does and the nearest.
    """
    if not isinstance(name, str):
        raise OptionError(
            said(
                "the {kind} is given as {given}; expected a name: {names}",
                kind=sentence(kind), given=type(name).__name__, names=", ".join(table),
            )
        )
    if name in table:
        return table[name]
    offered = [*table, *also]
    hint = did_you_mean(name, offered)
    raise OptionError(
        said(
            "unknown {kind} `{name}`; expected one of {names}",
            kind=sentence(kind), name=name, names=", ".join(offered),
        )
        + (f" ({hint})" if hint else "")
    )


class NamedLoss:
    """A loss called by its name, which fits the targets to the outputs before it compares them.

    Losses of classes take class numbers (n,); the others take numbers in the outputs' shape and
    dtype, so a column of class numbers 0 and 1 will do.
    """

    def __init__(self, name: str) -> None:
        self.function = chosen("loss", name, LOSSES)
        self.name = name

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss."""
        if self.name not in _OF_CLASSES:
            if targets.dtype is not outputs.dtype:
                targets = targets.to(outputs.dtype)
            if targets.shape != outputs.shape and targets.numel() == outputs.numel():
                targets = targets.reshape(outputs.shape)
        return self.function(outputs, targets)


def loss_for(loss: Any) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the loss of a name, or the function or module that is given.

    Raises:
        OptionError: an unknown name, or something that cannot be called.
    """
    if isinstance(loss, str):
        return NamedLoss(loss)
    if not callable(loss):
        raise OptionError(
            said(
                "the loss is a {kind}; expected a function of outputs and targets, or one of {names}",
                kind=type(loss).__name__, names=", ".join(LOSSES),
            )
        )
    found: Callable[[Tensor, Tensor], Tensor] = loss
    return found


def optimizer_for(optimizer: Any, model: nn.Module, **settings: Any) -> optim.Optimizer:
    """Return the optimizer of a name over the model's parameters, or the one that is given.

    Raises:
        OptionError: an unknown name, or something that is not an optimizer.
    """
    if isinstance(optimizer, str):
        return chosen(N_("optimizer"), optimizer, OPTIMIZERS)(model.parameters(), **settings)
    if not isinstance(optimizer, optim.Optimizer):
        raise OptionError(
            said(
                "the optimizer is a {kind}; expected an Optimizer or one of {names}",
                kind=type(optimizer).__name__, names=", ".join(OPTIMIZERS),
            )
        )
    return optimizer


Metric = Callable[[Tensor, Tensor], Any]


def predicted_classes(outputs: Any, threshold: float = 0.5) -> np.ndarray[Any, Any]:
    """Return the class numbers (n,) that outputs stand for.

    Of several outputs (n, c) the largest wins; a single one, (n,) or (n, 1), is compared with
    `threshold`.
    """
    array = outputs._a if isinstance(outputs, Tensor) else np.asarray(outputs)
    if array.ndim == 2 and array.shape[1] > 1:
        return np.asarray(array.argmax(axis=1))
    return (array.reshape(-1) > threshold).astype(np.int64)


def _target_classes(targets: Any) -> np.ndarray[Any, Any]:
    array = targets._a if isinstance(targets, Tensor) else np.asarray(targets)
    if array.ndim == 2 and array.shape[1] > 1:
        return np.asarray(array.argmax(axis=1))
    flat = array.reshape(-1)
    return flat if flat.dtype.kind in "iu" else (flat > 0.5).astype(np.int64)


def accuracy(outputs: Any, targets: Any, threshold: float = 0.5) -> float:
    """Return the fraction of rows whose class is right; targets are class numbers or one-hot rows.

    >>> accuracy([[0.2, 0.8], [0.9, 0.1]], [1, 1])
    0.5

    Raises:
        ShapeError: other numbers of outputs and targets.
    """
    guessed, right = predicted_classes(outputs, threshold), _target_classes(targets)
    if guessed.shape != right.shape:
        raise ShapeError(
            said(
                "{count} and {count_2}; expected as many",
                count=counted(len(guessed), "1 output", "{count} outputs"),
                count_2=counted(len(right), "1 target", "{count} targets"),
            )
        )
    return float(np.count_nonzero(guessed == right)) / max(1, len(right))


def confusion(guessed: Any, right: Any, classes: int) -> np.ndarray[Any, Any]:
    """Return how often a true class (row) was taken for each class (column).

    >>> confusion([0, 1, 1], [0, 1, 0], 2).tolist()
    [[1, 1], [0, 1]]
    """
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (np.asarray(right), np.asarray(guessed)), 1)
    return table


def _errors(outputs: Tensor, targets: Tensor) -> np.ndarray[Any, Any]:
    """Return outputs less targets, which may come in another shape but not in another number."""
    if outputs._a.size != targets._a.size:
        raise ShapeError(
            said(
                "outputs of shape {shape} and targets of shape {shape_2}; expected as many",
                shape=tuple(outputs.shape), shape_2=tuple(targets.shape),
            )
        )
    difference: np.ndarray[Any, Any] = outputs._a - targets._a.reshape(outputs._a.shape)
    return difference


def _mean_absolute_error(outputs: Tensor, targets: Tensor) -> float:
    return float(np.abs(_errors(outputs, targets)).mean())


def _mean_squared_error(outputs: Tensor, targets: Tensor) -> float:
    return float(np.square(_errors(outputs, targets)).mean())


METRICS: dict[str, Metric] = {
    "accuracy": accuracy,
    "mae": _mean_absolute_error,
    "mse": _mean_squared_error,
}


def metrics_for(
    metrics: Any, loss: Any = None, table: Mapping[str, Metric] = METRICS
) -> dict[str, Metric]:
    """Return the metrics by name; names are looked up in a table, functions keep their own.

    Where the loss works on logits, a single output counts as class 1 above 0 instead of 0.5.

    Raises:
        OptionError: an unknown name, or something that cannot be called.
    """
    if isinstance(metrics, str) or callable(metrics):
        metrics = [metrics]
    if isinstance(metrics, dict):
        return dict(metrics)
    found: dict[str, Metric] = {}
    for metric in _listed(metrics):
        if callable(metric):
            found[getattr(metric, "__name__", type(metric).__name__)] = metric
            continue
        function = chosen(N_("metric"), metric, table)
        if function is accuracy and _on_logits(loss):
            function = _accuracy_of_logits
        found[metric] = function
    return found


def _listed(metrics: Any) -> Iterable[Any]:
    if not isinstance(metrics, Iterable):
        raise OptionError(
            said(
                "metrics are given as {kind}; expected a list of names or functions",
                kind=type(metrics).__name__,
            )
        )
    return metrics


def _on_logits(loss: Any) -> bool:
    name = getattr(loss, "name", None) or getattr(loss, "__name__", None) or type(loss).__name__
    return str(name) in (
        "bce_with_logits", "binary_cross_entropy_with_logits", "BCEWithLogitsLoss",
    )


def _accuracy_of_logits(outputs: Tensor, targets: Tensor) -> float:
    return accuracy(outputs, targets, threshold=0.0)
