"""Running measures, `tf.keras.metrics`: told of batch after batch, asked for the result.

>>> mean = Mean()
>>> mean.update_state([1.0, 2.0]); mean.update_state(6.0)
>>> float(mean.result())
3.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...engine.absent import AbsentName
from ...engine.keras.losses import METRICS
from ..converting import array_of, raw_of
from ..tensors import Tensor
from . import losses

__all__ = [
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "Mean",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "Sum",
]


class Metric:
    """A mean over all that it was told; subclasses say what one batch is worth."""

    default = "metric"

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        self.name: str = name or self.default
        self._total = 0.0
        self._count = 0.0

    def of_batch(self, y_true: Any, y_pred: Any) -> float:
        """Return the measure of one batch."""
        raise NotImplementedError

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch: what is wanted and the outputs."""
        if sample_weight is not None:
            raise ValueError("sample_weight is not for this metric: samples count alike")
        size = max(
            1, array_of(y_true).reshape(-1).size if np.ndim(array_of(y_true)) < 2 else len(array_of(y_true))
        )
        self._total += self.of_batch(y_true, y_pred) * size
        self._count += size

    def result(self) -> Any:
        """Return the mean so far, 0 before anything was told."""
        return Tensor(raw_of(np.float32(self._total / self._count if self._count else 0.0)))

    def reset_state(self) -> None:
        """Forget everything."""
        self._total = self._count = 0.0

    def reset_states(self) -> None:
        """Forget everything, by its former name."""
        self.reset_state()

    def __call__(self, *values: Any, **options: Any) -> Any:
        """Take in a batch and return the result so far."""
        self.update_state(*values, **options)
        return self.result()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


class Mean(Metric):
    """The mean of the values it is told."""

    default = "mean"

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]  # Keras's
        """Take in values."""
        array = array_of(values).astype(np.float64)
        weights = np.broadcast_to(1.0 if sample_weight is None else array_of(sample_weight), array.shape)
        self._total += float((array * weights).sum())
        self._count += float(weights.sum())


class Sum(Mean):
    """The sum of the values it is told."""

    default = "sum"

    def result(self) -> Any:
        """Return the sum so far."""
        return Tensor(raw_of(np.float32(self._total)))


class _Named(Metric):
    """A measure of the engine's Keras, by name."""

    measure = "accuracy"

    def of_batch(self, y_true: Any, y_pred: Any) -> float:
        """Return the measure of one batch."""
        wanted, outputs = array_of(y_true), array_of(y_pred)
        if outputs.ndim == 2 and outputs.shape[1] > 1 and wanted.dtype.kind == "f" and wanted.ndim == 1:
            wanted = wanted.astype(np.int64)
        return float(METRICS[self.measure](_raw(outputs), _raw(wanted)))


def _raw(array: Any) -> Any:
    return raw_of(array)


class SparseCategoricalAccuracy(_Named):
    """How often the largest output is that of the class."""

    default = "sparse_categorical_accuracy"


class CategoricalAccuracy(_Named):
    """How often the largest output is where the one-hot row has its 1."""

    default = "categorical_accuracy"


class BinaryAccuracy(Metric):
    """How often outputs are on the target's side of a threshold."""

    default = "binary_accuracy"

    def __init__(self, name: str | None = None, dtype: Any = None, threshold: float = 0.5) -> None:
        super().__init__(name, dtype)
        self.threshold = threshold

    def of_batch(self, y_true: Any, y_pred: Any) -> float:
        """Return the fraction of one batch."""
        wanted, outputs = array_of(y_true), array_of(y_pred)
        return float(((outputs > self.threshold) == (wanted.reshape(outputs.shape) > 0.5)).mean())


class Accuracy(Metric):
    """How often outputs equal what is wanted."""

    default = "accuracy"

    def of_batch(self, y_true: Any, y_pred: Any) -> float:
        """Return the fraction of one batch."""
        wanted, outputs = array_of(y_true), array_of(y_pred)
        return float((outputs == wanted.reshape(outputs.shape)).mean())


class _Crossentropy(Metric):
    """The mean of a loss, which takes its settings."""

    loss: Callable[..., Any]

    def __init__(self, name: str | None = None, dtype: Any = None, from_logits: bool = False) -> None:
        super().__init__(name, dtype)
        self.from_logits = from_logits
        self._of = type(self).loss(from_logits=from_logits)

    def of_batch(self, y_true: Any, y_pred: Any) -> float:
        """Return the mean loss of one batch."""
        return float(self._of(y_true, y_pred))


class BinaryCrossentropy(_Crossentropy):
    """−t·ln p − (1 − t)·ln(1 − p), the mean."""

    default = "binary_crossentropy"
    loss = losses.BinaryCrossentropy


class CategoricalCrossentropy(_Crossentropy):
    """−Σ t·ln p over the classes, targets one-hot rows, the mean."""

    default = "categorical_crossentropy"
    loss = losses.CategoricalCrossentropy


class SparseCategoricalCrossentropy(_Crossentropy):
    """−ln p of the class, targets class numbers, the mean."""

    default = "sparse_categorical_crossentropy"
    loss = losses.SparseCategoricalCrossentropy


class MeanSquaredError(_Named):
    """The mean squared error."""

    default = "mean_squared_error"
    measure = "mse"


class MeanAbsoluteError(_Named):
    """The mean absolute error."""

    default = "mean_absolute_error"
    measure = "mae"


def __getattr__(name: str) -> Any:
    """Refuse a metric by naming the nearest one."""
    raise AbsentName(f"module {__name__!r}", name, tuple(__all__))
