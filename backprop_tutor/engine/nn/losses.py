"""Losses as modules: what a model is told about how wrong it is; the functions are in `functional`.

Every loss reduces its elements to their "mean" unless told "sum" or "none". The older pair of
switches `size_average` and `reduce` is understood and warned about.
"""

from __future__ import annotations

from typing import Any

from ...choices import Reduction
from ..autograd.tape import Tensor
from ..functions.reductions import from_switches
from . import functional as F
from .module import Module

__all__ = [
    "BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "HuberLoss", "KLDivLoss", "L1Loss",
    "MSELoss", "NLLLoss", "SmoothL1Loss",
]


class Loss(Module):
    """A loss with nothing but its way of reducing."""

    def __init__(
        self, size_average: Any = None, reduce: Any = None, reduction: Reduction = "mean"
    ) -> None:
        super().__init__()
        if size_average is not None or reduce is not None:
            reduction = from_switches(size_average, reduce)
        self.reduction = reduction


class WeightedLoss(Loss):
    """A loss with a weight for each class or element, kept as a buffer."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Any = None,
        reduce: Any = None,
        reduction: Reduction = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


class MSELoss(Loss):
    """(x − y)²."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the squared error."""
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(Loss):
    """|x − y|."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the absolute error."""
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(Loss):
    """(x − y)²/2β where |x − y| < β, |x − y| − β/2 elsewhere."""

    def __init__(
        self,
        size_average: Any = None,
        reduce: Any = None,
        reduction: Reduction = "mean",
        beta: float = 1.0,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the smoothed absolute error."""
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(Loss):
    """(x − y)²/2 where |x − y| ≤ δ, δ(|x − y| − δ/2) elsewhere."""

    def __init__(self, reduction: Reduction = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return Huber's loss."""
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class BCELoss(WeightedLoss):
    """−y ln p − (1 − y) ln(1 − p) of probabilities p, the logarithms held at −100."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the binary cross-entropy."""
        return F.binary_cross_entropy(
            input, target, weight=self._buffers["weight"], reduction=self.reduction
        )


class BCEWithLogitsLoss(Loss):
    """The binary cross-entropy of σ(x), computed from x."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Any = None,
        reduce: Any = None,
        reduction: Reduction = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the binary cross-entropy."""
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


class CrossEntropyLoss(WeightedLoss):
    """−ln softmax(x)[class], or against probabilities of the classes; the class axis is 1."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Any = None,
        ignore_index: int = -100,
        reduce: Any = None,
        reduction: Reduction = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the cross-entropy of scores and classes or probabilities."""
        return F.cross_entropy(
            input,
            target,
            weight=self._buffers["weight"],
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(WeightedLoss):
    """−x[class] of log-probabilities x; the class axis is 1."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Any = None,
        ignore_index: int = -100,
        reduce: Any = None,
        reduction: Reduction = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the negative log-likelihood."""
        return F.nll_loss(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
        )


class KLDivLoss(Loss):
    """y (ln y − x) of log-probabilities x and probabilities y ("batchmean" divides by the batch)."""

    def __init__(
        self,
        size_average: Any = None,
        reduce: Any = None,
        reduction: Reduction = "mean",
        log_target: bool = False,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the Kullback-Leibler divergence."""
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)
