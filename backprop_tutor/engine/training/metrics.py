"""What is measured beside the loss: functions of outputs and targets that return one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ...errors import OptionError, ShapeError
from ...sentences import N_, counted, said
from ..autograd.tape import Tensor
from .choices import chosen

__all__ = ["METRICS", "accuracy", "confusion", "metrics_for", "predicted_classes"]

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
