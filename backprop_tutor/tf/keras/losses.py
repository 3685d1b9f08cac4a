"""Keras's losses on tensors, `tf.keras.losses`: called with what is wanted first, then with the outputs.

As objects they give one number, the mean over the samples (or their sum, or each sample's own, by
`reduction`); as functions each sample's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import engine as torch
from ...engine.absent import AbsentName
from ...engine.keras import losses as own
from ...errors import OptionError
from ..converting import array_of, dtype_of, raw_of
from ..dtypes import DTYPES
from ..functions.making import cast
from ..recording import Value, run
from ..tensors import Tensor
from .base import as_inputs

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Hinge",
    "Huber",
    "KLDivergence",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "get",
    "hinge",
    "huber",
    "kl_divergence",
    "mae",
    "mean_absolute_error",
    "mean_squared_error",
    "mse",
    "sparse_categorical_crossentropy",
]

_REDUCTIONS = ("sum_over_batch_size", "sum", "none", "auto", "mean")


def _wanted(given: Any) -> Any:
    """Return targets as the engine's tensor: numbers of classes stay whole."""
    if isinstance(given, Value):
        return cast(given, "int64") if dtype_of(given.raw).is_integer else given.read()
    array = array_of(given)
    return Tensor(raw_of(array, DTYPES["float32"] if array.dtype.kind == "f" else DTYPES["int64"]))


class Loss:
    """A loss of targets and outputs; subclasses of a user's own say `call(y_true, y_pred)`."""

    def __init__(
        self, name: str | None = None, reduction: Any = "sum_over_batch_size", dtype: Any = None
    ) -> None:
        if reduction is not None and reduction not in _REDUCTIONS:
            raise ValueError(
                f"Invalid value for argument `reduction`: {reduction!r}. Expected one of {_REDUCTIONS}"
            )
        self.name: str = name or type(self).__name__
        self.reduction = "none" if reduction is None else reduction

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return each sample's loss."""
        raise NotImplementedError("Subclasses of Loss say what `call(y_true, y_pred)` is.")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the loss of what is wanted and the outputs."""
        each = self.call(_wanted(y_true), as_inputs(y_pred))
        if sample_weight is not None:
            each = each * _wanted(sample_weight)
        if self.reduction == "none":
            return each
        return run(torch.sum if self.reduction == "sum" else torch.mean, each)


class Ready(Loss):
    """A loss over one of the engine's own, which trains the model where it is compiled with it."""

    def __init__(self, engine: own.Loss, name: str, reduction: Any) -> None:
        super().__init__(name, reduction)
        self.engine = engine

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return each sample's loss."""
        return run(lambda outputs, targets: self.engine.each(outputs, targets), y_pred, y_true)


class SparseCategoricalCrossentropy(Ready):
    """−ln p[class], the targets class numbers.

    >>> from backprop_tutor import tf
    >>> loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    >>> print(loss([1], [[0.0, 0.0]]).numpy())
    0.6931472
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: Any = None,
        reduction: Any = "sum_over_batch_size",
        name: str = "sparse_categorical_crossentropy",
    ) -> None:
        if ignore_class is not None:
            raise ValueError("ignore_class is not for this loss: every class counts")
        super().__init__(own.SparseCategoricalCrossentropy(from_logits), name, reduction)


class CategoricalCrossentropy(Ready):
    """−Σ y ln p, the targets one-hot rows or probabilities."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: Any = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
    ) -> None:
        _unsmoothed(label_smoothing)
        super().__init__(own.CategoricalCrossentropy(from_logits), name, reduction)


class BinaryCrossentropy(Ready):
    """−y ln p − (1 − y) ln(1 − p)."""

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        reduction: Any = "sum_over_batch_size",
        name: str = "binary_crossentropy",
    ) -> None:
        _unsmoothed(label_smoothing)
        super().__init__(own.BinaryCrossentropy(from_logits), name, reduction)


def _unsmoothed(amount: float) -> None:
    if amount:
        raise ValueError(f"label_smoothing {amount}: labels are taken as they are; expected 0")


class MeanSquaredError(Ready):
    """(x − y)²."""

    def __init__(self, reduction: Any = "sum_over_batch_size", name: str = "mean_squared_error") -> None:
        super().__init__(own.MeanSquaredError(), name, reduction)


class MeanAbsoluteError(Ready):
    """|x − y|."""

    def __init__(self, reduction: Any = "sum_over_batch_size", name: str = "mean_absolute_error") -> None:
        super().__init__(own.MeanAbsoluteError(), name, reduction)


class Huber(Ready):
    """Huber's loss: squared within `delta`, linear beyond."""

    def __init__(
        self, delta: float = 1.0, reduction: Any = "sum_over_batch_size", name: str = "huber_loss"
    ) -> None:
        super().__init__(own.Huber(delta), name, reduction)


class Hinge(Ready):
    """max(1 − y·x, 0), targets −1 and 1, or 0 and 1."""

    def __init__(self, reduction: Any = "sum_over_batch_size", name: str = "hinge") -> None:
        super().__init__(own.named("hinge"), name, reduction)


class KLDivergence(Ready):
    """Σ y ln(y/p)."""

    def __init__(self, reduction: Any = "sum_over_batch_size", name: str = "kl_divergence") -> None:
        super().__init__(own.named("kl_divergence"), name, reduction)


def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """Return each sample's mean squared error."""
    return MeanSquaredError("none")(y_true, y_pred)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """Return each sample's mean absolute error."""
    return MeanAbsoluteError("none")(y_true, y_pred)


def binary_crossentropy(y_true: Any, y_pred: Any, from_logits: bool = False) -> Any:
    """Return each sample's binary cross-entropy."""
    return BinaryCrossentropy(from_logits, reduction="none")(y_true, y_pred)


def categorical_crossentropy(y_true: Any, y_pred: Any, from_logits: bool = False) -> Any:
    """Return each sample's cross-entropy, of one-hot targets."""
    return CategoricalCrossentropy(from_logits, reduction="none")(y_true, y_pred)


def sparse_categorical_crossentropy(y_true: Any, y_pred: Any, from_logits: bool = False) -> Any:
    """Return each sample's cross-entropy, of class numbers."""
    return SparseCategoricalCrossentropy(from_logits, reduction="none")(y_true, y_pred)


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Any:
    """Return each sample's Huber loss."""
    return Huber(delta, "none")(y_true, y_pred)


def hinge(y_true: Any, y_pred: Any) -> Any:
    """Return each sample's hinge loss."""
    return Hinge("none")(y_true, y_pred)


def kl_divergence(y_true: Any, y_pred: Any) -> Any:
    """Return each sample's divergence."""
    return KLDivergence("none")(y_true, y_pred)


mse, mae = mean_squared_error, mean_absolute_error


def get(identifier: Any) -> Any:
    """Return the loss function of a name, or what is given.

    Raises:
        OptionError: an unknown name.
    """
    if not isinstance(identifier, str):
        return identifier
    engine = own.loss_named(identifier)
    found: Callable[[Any, Any], Any] = Ready(_engine_loss(engine), identifier, "none")
    return found


def _engine_loss(given: Any) -> own.Loss:
    if not isinstance(given, own.Loss):
        raise OptionError(f"the loss is a {type(given).__name__}; expected one of Keras's")
    return given


def __getattr__(name: str) -> Any:
    """Refuse a loss by naming the nearest one."""
    raise AbsentName(f"module {__name__!r}", name, tuple(__all__))
