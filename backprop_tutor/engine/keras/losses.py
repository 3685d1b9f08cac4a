"""Keras's losses, `keras.losses`, and metrics: its names, arguments and defaults, over the engine's own.

They take probabilities unless `from_logits`; probabilities are divided by their sum and held
between 10⁻⁷ and 1 − 10⁻⁷, as Keras does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import OptionError, ShapeError
from .. import nn
from ..autograd.tape import Tensor
from ..training.choices import METRICS as COMMON
from ..training.choices import Metric, accuracy, chosen

__all__ = [
    "METRICS", "BinaryCrossentropy", "CategoricalCrossentropy", "Huber", "MeanAbsoluteError",
    "MeanSquaredError", "SparseCategoricalCrossentropy", "loss_named", "named",
]


F = nn.functional
EPSILON = 1e-7


class Loss:
    """A loss of outputs and targets that returns one number; `classes` is whether targets are."""

    classes = False

    def __init__(self, from_logits: bool = False) -> None:
        self.from_logits = from_logits

    @property
    def name(self) -> str:
        """The loss's name; that of one on logits tells a metric to compare with 0."""
        return type(self).__name__

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss; subclasses say what it is."""
        raise NotImplementedError

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the losses of the samples, whose mean the loss is."""
        raise NotImplementedError


def _alike(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the targets in the outputs' dtype and shape."""
    if targets.numel() != outputs.numel():
        raise ShapeError(
            f"outputs of shape {tuple(outputs.shape)} and targets of shape {tuple(targets.shape)}; "
            "expected as many"
        )
    result: Tensor = targets.to(outputs.dtype).reshape(outputs.shape)
    return result


def _shares(outputs: Tensor) -> Tensor:
    """Return probabilities that sum to 1, held away from 0 and 1."""
    result: Tensor = (outputs / outputs.sum(-1, keepdim=True)).clamp(EPSILON, 1 - EPSILON)
    return result


def _by_row(losses: Tensor) -> Tensor:
    """Return the mean of each sample's losses."""
    result: Tensor = losses.mean(-1) if losses.dim() else losses
    return result


class SparseCategoricalCrossentropy(Loss):
    """−ln p[class], targets class numbers."""

    classes = True

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean cross-entropy."""
        return self._reduced(outputs, targets, "mean")

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each row's cross-entropy."""
        return self._reduced(outputs, targets, "none")

    def _reduced(self, outputs: Tensor, targets: Tensor, reduction: Any) -> Tensor:
        numbers = targets.reshape(-1)
        if numbers.dtype.is_floating_point:
            numbers = numbers.long()
        count = outputs.shape[-1]
        if numbers.numel() and not 0 <= int(numbers.min()) <= int(numbers.max()) < count:
            raise OptionError(
                f"a target is class {int(numbers.max())}, the lowest {int(numbers.min())}; "
                f"the model has {count} outputs: expected 0 to {count - 1}"
            )
        if self.from_logits:
            return F.cross_entropy(outputs, numbers, reduction=reduction)
        return F.nll_loss(_shares(outputs).log(), numbers, reduction=reduction)


class CategoricalCrossentropy(Loss):
    """−Σ y ln p, targets one-hot rows or probabilities."""

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean cross-entropy."""
        if self.from_logits:
            return F.cross_entropy(outputs, _alike(outputs, targets))
        return self.each(outputs, targets).mean()

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each row's cross-entropy."""
        rows = _alike(outputs, targets)
        if self.from_logits:
            return F.cross_entropy(outputs, rows, reduction="none")
        result: Tensor = -(rows * _shares(outputs).log()).sum(-1)
        return result


class BinaryCrossentropy(Loss):
    """−y ln p − (1 − y) ln(1 − p)."""

    @property
    def name(self) -> str:
        """The loss's name; that of one on logits tells a metric to compare with 0."""
        return "bce_with_logits" if self.from_logits else type(self).__name__

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean binary cross-entropy."""
        return self._reduced(outputs, targets, "mean")

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each row's binary cross-entropy."""
        return _by_row(self._reduced(outputs, targets, "none"))

    def _reduced(self, outputs: Tensor, targets: Tensor, reduction: Any) -> Tensor:
        rows = _alike(outputs, targets)
        if self.from_logits:
            return F.binary_cross_entropy_with_logits(outputs, rows, reduction=reduction)
        return F.binary_cross_entropy(outputs.clamp(EPSILON, 1 - EPSILON), rows, reduction=reduction)


class MeanSquaredError(Loss):
    """(x − y)²."""

    def __init__(self) -> None:
        super().__init__()

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean squared error."""
        return F.mse_loss(outputs, _alike(outputs, targets))

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each row's mean squared error."""
        return _by_row(F.mse_loss(outputs, _alike(outputs, targets), reduction="none"))


class MeanAbsoluteError(MeanSquaredError):
    """|x − y|."""

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean absolute error."""
        return F.l1_loss(outputs, _alike(outputs, targets))

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each row's mean absolute error."""
        return _by_row(F.l1_loss(outputs, _alike(outputs, targets), reduction="none"))


class Huber(Loss):
    """Huber's loss: squared within `delta`, linear beyond."""

    def __init__(self, delta: float = 1.0) -> None:
        super().__init__()
        self.delta = delta

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss."""
        return F.huber_loss(outputs, _alike(outputs, targets), delta=self.delta)

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each row's mean loss."""
        return _by_row(F.huber_loss(outputs, _alike(outputs, targets), reduction="none", delta=self.delta))


class _Formula(Loss):
    """A loss that is the mean, over the samples, of a formula of outputs and targets."""

    def __init__(self, name: str, formula: Callable[[Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self._name = name
        self._formula = formula

    @property
    def name(self) -> str:
        """The loss's name."""
        return self._name

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss."""
        mean: Tensor = self._formula(outputs, _alike(outputs, targets)).mean()
        return mean

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each row's loss."""
        found: Tensor = self._formula(outputs, _alike(outputs, targets))
        return found if found.dim() < outputs.dim() else _by_row(found)


def _hinge(p: Tensor, t: Tensor) -> Any:
    """Return max(1 − t·p, 0), targets 0 and 1 taken as −1 and 1."""
    if set(np.unique(t._a)) <= {0.0, 1.0}:
        t = 2 * t - 1
    return (1 - t * p).clamp(min=0)


def _divergence(p: Tensor, t: Tensor) -> Any:
    p, t = p.clamp(EPSILON, 1), t.clamp(EPSILON, 1)
    return (t * (t / p).log()).sum(-1)


def _log_cosh(p: Tensor, t: Tensor) -> Any:
    x = p - t
    return x + F.softplus(-2 * x) - math.log(2)


def _cosine(p: Tensor, t: Tensor) -> Any:
    return -(t / _length(t) * (p / _length(p))).sum(-1)


def _length(x: Tensor) -> Tensor:
    """Return the Euclidean norms along the last dimension, kept, at least 10⁻¹²."""
    kept: Tensor = x.norm(2, -1, True).clamp_min(1e-12)
    return kept


def _logarithmic(p: Tensor, t: Tensor) -> Any:
    return ((p.clamp(min=EPSILON) + 1).log() - (t.clamp(min=EPSILON) + 1).log()).square()


FORMULAS: dict[str, Callable[[Tensor, Tensor], Any]] = {
    "hinge": _hinge,
    "squared_hinge": lambda p, t: _hinge(p, t).square(),
    "kl_divergence": _divergence,
    "poisson": lambda p, t: p - t * (p + EPSILON).log(),
    "log_cosh": _log_cosh,
    "cosine_similarity": _cosine,
    "mean_absolute_percentage_error": lambda p, t: 100 * (t - p).abs() / t.abs().clamp(min=EPSILON),
    "mean_squared_logarithmic_error": _logarithmic,
}
"""Losses of outputs p and targets t as Keras defines them, before the mean."""


def named(name: str) -> Loss:
    """Return the loss of a formula's name."""
    return _Formula(name, FORMULAS[name])


def _formula(name: str) -> Callable[[], Loss]:
    return lambda: named(name)


LOSSES: dict[str, Callable[[], Loss]] = {
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "binary_crossentropy": BinaryCrossentropy,
    "mse": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "huber": Huber,
    **{name: _formula(name) for name in FORMULAS},
}


def loss_named(loss: Any) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the loss of a name, or the function that is given."""
    if callable(loss) and not isinstance(loss, str):
        found: Callable[[Tensor, Tensor], Tensor] = loss
        return found
    return chosen("loss", loss, LOSSES)()


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
