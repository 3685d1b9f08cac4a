"""Keras's metrics by name; what is measured is the training room's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import ShapeError
from ..autograd.tape import Tensor
from ..training.metrics import METRICS as COMMON
from ..training.metrics import Metric, accuracy

__all__ = ["METRICS"]


def _binary_accuracy(outputs: Any, targets: Any) -> float:
    """Return the fraction of all numbers that are on the target's side of 0.5."""
    guessed, right = (np.asarray(x._a if isinstance(x, Tensor) else x) for x in (outputs, targets))
    if guessed.size != right.size:
        raise ShapeError(
            f"outputs of shape {guessed.shape} and targets of shape {right.shape}; expected as many"
        )
    hits = (guessed > 0.5) == (right.reshape(guessed.shape) > 0.5)
    return float(np.count_nonzero(hits)) / max(1, guessed.size)


METRICS: dict[str, Metric] = {
    **COMMON,
    "acc": accuracy,
    "binary_accuracy": _binary_accuracy,
    "categorical_accuracy": accuracy,
    "sparse_categorical_accuracy": accuracy,
    "mean_absolute_error": COMMON["mae"],
    "mean_squared_error": COMMON["mse"],
}
