"""Losses that compare input and target element by element, with their three reductions.

Integer dtypes are refused.
"""

from __future__ import annotations

import warnings
from math import isnan
from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from ..functions.pairs import broadcast_error, cast, pair
from ..functions.recorded import Recorded
from ..functions.reductions import REDUCTIONS, check_reduction
from ..tensors.dtypes import from_numpy_dtype, not_defined
from .usual_losses import USUAL

__all__ = [
    "as_precise_as", "binary_cross_entropy", "binary_cross_entropy_with_logits", "divergence",
    "huber_loss", "kl_div", "l1_loss", "mse_loss", "refused_integers", "smooth_l1_loss",
]


_BOOL = (
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
    "`logical_xor()` operator instead."
)
_NO_MEAN = (
    "mean(): could not infer output dtype. Input dtype must be either a floating point or complex "
    "dtype. Got: "
)
_CALLED = {
    "MseLossBackward0": "mse_loss",
    "SmoothL1LossBackward0": "smooth_l1_loss",
    "HuberLossBackward0": "huber_loss",
    "BinaryCrossEntropyBackward0": "binary_cross_entropy",
    "BinaryCrossEntropyWithLogitsBackward0": "binary_cross_entropy_with_logits",
}
"""The losses that are not composed of other operations, by their nodes: they refuse integers themselves."""


def refused_integers(node: str, x: Any, reduction: str) -> Exception:
    """Return the error of a loss, named by its node, of integers or booleans."""
    kind = from_numpy_dtype(x.dtype).short
    if node == "KlDivBackward0":
        return RuntimeError("kl_div: Integral inputs not supported.")
    if node in _CALLED:
        return not_defined(_CALLED[node], x.dtype)
    return RuntimeError(_BOOL if kind == "Bool" else _NO_MEAN + kind)


def as_precise_as(input: Tensor, target: Tensor) -> Tensor:
    """Return scores in the target's dtype, in which PyTorch computes the loss of logits.

    Raises:
        RuntimeError, NotImplementedError: scores or targets that are not floating.
    """
    x, t = input._a, target._a
    if t.dtype.kind == "b":
        raise RuntimeError(_BOOL)
    if x.dtype.kind != "f":
        raise refused_integers("BinaryCrossEntropyWithLogitsBackward0", x, "none")
    if t.dtype.kind != "f":
        names = [from_numpy_dtype(each.dtype).short for each in (x, t)]
        raise RuntimeError(
            f"result type {names[0]} can't be cast to the desired output type {names[1]}"
        )
    return cast(input, t.dtype)


def _loss(
    rule: Recorded, input: Tensor, target: Tensor, reduction: str, weight: Any = None, *more: Any,
    **settings: Any,
) -> Tensor:
    """Return the reduced loss of a record of one value an entry."""
    x, y = input._a, target._a
    if x.dtype is not y.dtype:
        x, y, input, target = pair(input, target)
    if (
        weight is None and not more and reduction == "mean" and not target._rg and x.shape == y.shape
        and x.size and x.ndim and x.dtype.kind == "f"
    ):
        usual = USUAL.get(rule.row.name)
        if usual is not None:
            return usual(input, target)
    composed = _COMPOSED.get(rule)
    chosen = rule if composed is None else composed[REDUCTIONS.index(reduction)]
    if x.dtype.kind != "f" and (rule is not L1 or x.dtype.kind == "b" or reduction == "mean"):
        raise refused_integers(rule.rule.node.__name__, x, reduction)
    try:
        return chosen(input, target, weight, *more, reduction=reduction, **settings)
    except ValueError:
        raise broadcast_error(x.shape, y.shape) from None


def _with_size(*operands: Any) -> None:
    """Refuse what has no size, as PyTorch does by asking for it."""
    for each in operands:
        if not isinstance(each, Tensor):
            raise AttributeError(f"'{type(each).__name__}' object has no attribute 'size'")


def _warn_of_size(input: Tensor, target: Tensor) -> None:
    """Warn of operands of two sizes, which broadcast."""
    _with_size(target, input)
    if input._a.shape != target._a.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size.", UserWarning, stacklevel=3,
        )


def _weighted(values: Tensor, weight: Tensor | None, reduction: str) -> Tensor:
    """Return the reduction of weighted values: their mean is over the sum of the weights."""
    if weight is None:
        return values
    values = values * weight
    if reduction == "mean":
        return values.sum() / weight.sum()
    return values.sum() if reduction == "sum" else values


def _of(name: str, node: str) -> Recorded:
    return Recorded(name, f"{node}Backward0", order=(0, 1), fresh=False)


_USUAL_BCE = USUAL["bce"]
MSE, L1, SMOOTH_L1, HUBER = (
    _of(name, node) for name, node in (
        ("mse", "MseLoss"), ("l1", "L1Loss"), ("smooth_l1", "SmoothL1Loss"), ("huber", "HuberLoss"))
)
BCE = _of("bce", "BinaryCrossEntropy")
LOGITS = _of("bce_with_logits", "BinaryCrossEntropyWithLogits")
KL = _of("kl_divergence", "KlDiv")
_COMPOSED = {
    L1: tuple(_of("l1", name) for name in ("Mean", "Sum", "Abs")),
    KL: tuple(_of("kl_divergence", name) for name in ("Mean", "Sum", "Sub")),
}
"""The names of losses that PyTorch composes: of the mean, of the sum, of the elements."""


def mse_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", weight: Tensor | None = None,
) -> Tensor:
    """Return the squared error (input - target)², averaged over all elements.

    Raises:
        ValueError: an unknown reduction.
    """
    _warn_of_size(input, target)
    chosen = check_reduction(reduction, size_average, reduce)
    if weight is not None:
        return _weighted(_loss(MSE, input, target, "none"), weight, chosen)
    return _loss(MSE, input, target, chosen)


def l1_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", weight: Tensor | None = None,
) -> Tensor:
    """Return the absolute error |input - target|; its slope at 0 is 0."""
    _warn_of_size(input, target)
    chosen = check_reduction(reduction, size_average, reduce)
    if weight is not None:
        return _weighted(_loss(L1, input, target, "none"), weight, chosen)
    return _loss(L1, input, target, chosen)


def smooth_l1_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", beta: float = 1.0,
) -> Tensor:
    """Return a squared error below `beta` (over 2·beta) and an absolute one above."""
    _warn_of_size(input, target)
    chosen = check_reduction(reduction, size_average, reduce)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return _loss(L1, input, target, chosen)
    return _loss(SMOOTH_L1, input, target, chosen, beta=beta)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Return half a squared error up to `delta` and delta·(|error| - delta/2) beyond, times the weights.

    The mean divides by the number of elements, whatever the weights are.

    Raises:
        ValueError: weights of another shape, or an unknown reduction.
    """
    _warn_of_size(input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if weight is None:
        return _loss(HUBER, input, target, check_reduction(reduction), delta=delta)
    if weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")
    elements: Tensor = _loss(HUBER, input, target, "none", delta=delta) * weight
    if reduction == "none":
        return elements
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'."
        )
    return elements.mean() if reduction == "mean" else elements.sum()


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Tensor:
    """Return -(t·ln p + (1 - t)·ln(1 - p)), the logarithms not below -100.

    Raises:
        ValueError: a target of another shape.
        RuntimeError: an input outside [0, 1], or another dtype.
    """
    if size_average is not None or reduce is not None or reduction not in REDUCTIONS:
        reduction = check_reduction(reduction, size_average, reduce)
    try:
        p, t = input._a, target._a
    except AttributeError:
        _with_size(target, input)
        raise
    if t.shape != p.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if t.dtype is not p.dtype and t.dtype != p.dtype:
        raise RuntimeError(
            f"Found dtype {from_numpy_dtype(t.dtype).short} but expected "
            f"{from_numpy_dtype(p.dtype).short}"
        )
    usual = weight is None and reduction == "mean" and not target._rg and p.size and p.ndim
    if usual and p.dtype.kind == "f":
        made = _USUAL_BCE(input, target)
    else:
        made = _loss(BCE, input, target, reduction, weight)
    # A p outside [0, 1] has made one of the two logarithms, and so the loss, a nan; so has a nan.
    lost = isnan(made._a) if not made._a.ndim else np.isnan(made._a).any()
    if lost and p.size and not (p.min() >= 0 and p.max() <= 1):
        raise RuntimeError("all elements of input should be between 0 and 1")
    if t.size and (lost or t.size > 16):
        within = t.min() >= 0 and t.max() <= 1
    else:  # a few numbers: without a call of NumPy's reductions
        numbers = t.ravel().tolist()
        within = not numbers or (min(numbers) >= 0 and max(numbers) <= 1)
    if not within:
        raise RuntimeError("all elements of target should be between 0 and 1")
    return made


def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean", pos_weight: Tensor | None = None,
) -> Tensor:
    """Return the binary cross-entropy of sigmoid(input), without overflow.

    Raises:
        ValueError: a target of another shape.
    """
    chosen = check_reduction(reduction, size_average, reduce)
    _with_size(target, input)
    if target._a.shape != input._a.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )
    if input._a.dtype is not target._a.dtype:
        input = as_precise_as(input, target)
    if pos_weight is not None:
        size, own = pos_weight._a.shape, input._a.shape
        if any(m not in (1, n) and n != 1 for m, n in zip(size[::-1], own[::-1], strict=False)):
            raise broadcast_error(size, own)
    return _loss(LOGITS, input, target, chosen, weight, pos_weight)


def kl_div(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", log_target: bool = False,
) -> Tensor:
    """Return the divergence t·(ln t - input) of log-probabilities from a target distribution.

    Raises:
        RuntimeError: integer dtypes.
    """
    if reduction == "batchmean":
        total = divergence(input, target, "sum", log_target)
        return total / input._a.shape[0] if input._a.ndim else total
    chosen = check_reduction(reduction, size_average, reduce)
    if chosen == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition."
            "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
            UserWarning, stacklevel=2,
        )
    return divergence(input, target, chosen, log_target)


def divergence(input: Tensor, target: Tensor, reduction: str, log_target: bool) -> Tensor:
    """Return the divergence without the words about its mean."""
    if input._a.dtype.kind != "f" or target._a.dtype.kind != "f":
        raise refused_integers(KL.rule.node.__name__, input._a, reduction)
    return _loss(KL, input, target, reduction, log_target=log_target)
