"""Losses that compare input and target element by element, with their three reductions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW, constant, one_of, sum_over
from ..autograd.tape import Rule, Tensor, record
from ..functions.arithmetic import mul
from ..functions.pairs import broadcast_error, pair
from ..tensors.dtypes import from_numpy_dtype
from ..tensors.quiet import hush, unhush
from .whole_numbers import as_precise_as, whole_numbers

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "check_reduction", "divergence",
    "huber_loss", "kl_div", "l1_loss", "mse_loss", "reduced", "smooth_l1_loss",
]


def check_reduction(
    reduction: Any, size_average: bool | None = None, reduce: bool | None = None
) -> str:
    """Return the reduction: "none", "mean" or "sum".

    Raises:
        ValueError: another word.
    """
    if size_average is not None or reduce is not None:
        averaged = True if size_average is None else size_average
        wanted = True if reduce is None else reduce
        reduction = ("mean" if averaged else "sum") if wanted else "none"
        warnings.warn(
            "size_average and reduce args will be deprecated, please use "
            f"reduction='{reduction}' instead.", UserWarning, stacklevel=3,
        )
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return str(reduction)


def reduced(values: Any, reduction: str) -> Any:
    """Return the raw values reduced as named."""
    if reduction == "mean":
        if values.size == 0:
            return np.full((), np.nan, values.dtype)
        return sum_over(values, None) / values.dtype.type(values.size)
    return values if reduction == "none" else sum_over(values, axis=None)


def _backward_of(slope: Callable[..., Any], target_slope: Callable[..., Any]) -> Callable[..., Any]:
    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        x, y, weight = saved
        shapes, scale, setting = options
        if scale != 1:
            g = np.divide(g, constant(scale, g.dtype)) if k is RAW else g / scale
        if weight is not None:
            g = g * weight
        gx = gy = None
        if need[0]:
            gx = k.fit(g * slope(k, x, y, setting), shapes[0])
        if need[1]:
            gy = k.fit(g * target_slope(k, x, y, setting), shapes[1])
        return gx, gy

    return backward


def _loss(
    rule: Rule, value: Callable[..., Any], input: Tensor, target: Tensor, reduction: str,
    setting: Any = None, weight: Any = None,
) -> Tensor:
    """Return the reduced loss; `value(x, y, setting)` is its raw value element by element."""
    x, y = input._a, target._a
    if x.dtype is not y.dtype:
        x, y, input, target = pair(input, target)
    if x.dtype.kind != "f" and (rule is not L1 or x.dtype.kind == "b" or reduction == "mean"):
        raise whole_numbers(rule.node.__name__, x, reduction)
    token = hush()
    try:
        values = value(x, y, setting)
        if weight is not None:
            values = values * weight._a
        out = reduced(values, reduction)
    except ValueError:
        raise broadcast_error(x.shape, y.shape) from None
    finally:
        unhush(token)
    scale = np.asarray(values).size if reduction == "mean" else 1
    if rule in _COMPOSED:
        rule = _COMPOSED[rule][("mean", "sum", "none").index(reduction)]
    return record(rule, out, (input, target), (input, target, weight),
                  ((x.shape, y.shape), scale, setting))


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
    values = mul(values, weight)
    if reduction == "mean":
        return values.sum() / weight.sum()  # type: ignore[no-any-return]
    return values.sum() if reduction == "sum" else values


def _square(x: Any, y: Any, _: Any) -> Any:
    error = x - y
    return error * error


MSE = Rule("MseLossBackward0", _backward_of(
    lambda k, x, y, _: (x - y) * 2, lambda k, x, y, _: (y - x) * 2,
))


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
        return _weighted(_loss(MSE, _square, input, target, "none"), weight, chosen)
    return _loss(MSE, _square, input, target, chosen)


L1 = Rule("L1LossBackward0", _backward_of(
    lambda k, x, y, _: k.sign(x - y), lambda k, x, y, _: k.sign(y - x),
))


def l1_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", weight: Tensor | None = None,
) -> Tensor:
    """Return the absolute error |input - target|; its slope at 0 is 0."""
    _warn_of_size(input, target)
    chosen = check_reduction(reduction, size_average, reduce)
    if weight is not None:
        values = _loss(L1, lambda x, y, _: np.absolute(x - y), input, target, "none")
        return _weighted(values, weight, chosen)
    return _loss(L1, lambda x, y, _: np.absolute(x - y), input, target, chosen)


def _smooth_value(x: Any, y: Any, beta: float) -> Any:
    error = np.absolute(x - y)
    if beta == 0:
        return error
    return np.where(error < beta, error * error * 0.5 / beta, error - 0.5 * beta).astype(error.dtype)


def _smooth_slope(k: Any, x: Any, y: Any, beta: float) -> Any:
    if beta == 0:
        return k.sign(x - y)
    return k.maximum(k.minimum((x - y) / beta, 1), -1)


SMOOTH_L1 = Rule("SmoothL1LossBackward0", _backward_of(
    _smooth_slope, lambda k, x, y, beta: _smooth_slope(k, y, x, beta),
))


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
        return _loss(L1, lambda x, y, _: np.absolute(x - y), input, target, chosen)
    return _loss(SMOOTH_L1, _smooth_value, input, target, chosen, beta)


def _huber_value(x: Any, y: Any, delta: float) -> Any:
    error = np.absolute(np.subtract(x, y))
    return np.where(
        error <= delta, error * error * 0.5, delta * (error - 0.5 * delta)
    ).astype(x.dtype)


def _huber_slope(k: Any, x: Any, y: Any, delta: float) -> Any:
    return k.maximum(k.minimum(x - y, delta), -delta)


HUBER = Rule("HuberLossBackward0", _backward_of(
    _huber_slope, lambda k, x, y, delta: _huber_slope(k, y, x, delta),
))


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Return half a squared error up to `delta` and delta·(|error| - delta/2) beyond."""
    _warn_of_size(input, target)
    chosen = check_reduction(reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if weight is not None:
        return _weighted(_loss(HUBER, _huber_value, input, target, "none", delta), weight, chosen)
    return _loss(HUBER, _huber_value, input, target, chosen, delta)


def _bce_value(p: Any, t: Any, _: Any) -> Any:
    floor = constant(-100, p.dtype)
    hit = np.maximum(np.log(p), floor)
    miss = np.maximum(np.log1p(np.negative(p)), floor)
    return np.subtract(np.multiply(np.subtract(t, one_of(p.dtype)), miss), np.multiply(t, hit))


def _bce_slope(k: Any, p: Any, t: Any, _: Any) -> Any:
    if k is RAW:
        spread = np.multiply(np.subtract(one_of(p.dtype), p), p)
        return np.divide(np.subtract(p, t), np.maximum(spread, constant(1e-12, p.dtype)))
    return (p - t) / k.maximum((1 - p) * p, 1e-12)


def _bce_target_slope(k: Any, p: Any, t: Any, _: Any) -> Any:
    return k.maximum(k.log1p(-p), -100) - k.maximum(k.log(p), -100)


BCE = Rule("BinaryCrossEntropyBackward0", _backward_of(_bce_slope, _bce_target_slope))


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: bool | None = None,
    reduce: bool | None = None, reduction: str = "mean",
) -> Tensor:
    """Return -(t·ln p + (1 - t)·ln(1 - p)), the logarithms not below -100.

    Raises:
        ValueError: a target of another shape.
        RuntimeError: an input outside [0, 1], or another dtype.
    """
    chosen = check_reduction(reduction, size_average, reduce)
    _with_size(target, input)
    p, t = input._a, target._a
    if t.shape != p.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if t.dtype != p.dtype:
        raise RuntimeError(
            f"Found dtype {from_numpy_dtype(t.dtype).short} but expected "
            f"{from_numpy_dtype(p.dtype).short}"
        )
    made = _loss(BCE, _bce_value, input, target, chosen, None, weight)
    # A p outside [0, 1] has made one of the two logarithms, and so the loss, a nan.
    lost = math.isnan(made._a) if not made._a.ndim else np.isnan(made._a).any()
    if lost and p.size and not (p.min() >= 0 and p.max() <= 1):
        raise RuntimeError("all elements of input should be between 0 and 1")
    if not _within_one(t):
        raise RuntimeError("all elements of target should be between 0 and 1")
    return made


def _within_one(t: Any) -> bool:
    """Return whether all lie between 0 and 1; for a few without a call of NumPy's reductions."""
    if t.size <= 16:
        return all([0 <= each <= 1 for each in t.reshape(-1).tolist()])  # noqa: C419  (quicker)
    return bool(t.min() >= 0 and t.max() <= 1)


def _logits_value(x: Any, t: Any, positive: Any) -> Any:
    tail = np.log1p(np.exp(-np.absolute(x))) + np.maximum(-x, 0)
    if positive is None:
        return (1 - t) * x + tail
    return (1 - t) * x + (1 + (positive._a - 1) * t) * tail


def _logits_slope(k: Any, x: Any, t: Any, positive: Any) -> Any:
    if positive is None:
        return k.sigmoid(x) - t
    weighted = t * k.array(positive._a)
    return (weighted + 1 - t) * k.sigmoid(x) - weighted


def _logits_target_slope(k: Any, x: Any, t: Any, positive: Any) -> Any:
    if positive is None:
        return -x
    return -x + k.softplus(-x) * (k.array(positive._a) - 1)


LOGITS = Rule(
    "BinaryCrossEntropyWithLogitsBackward0", _backward_of(_logits_slope, _logits_target_slope)
)


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
    return _loss(LOGITS, _logits_value, input, target, chosen, pos_weight, weight)


def _kl_value(x: Any, t: Any, log_target: bool) -> Any:
    if log_target:
        return np.exp(t) * (t - x)
    return np.where(t == 0, 0, t * np.log(t)).astype(t.dtype) - t * x


def _kl_target_slope(k: Any, x: Any, t: Any, log_target: bool) -> Any:
    if log_target:
        return k.exp(t) * (t - x + 1)
    return k.log(t) + t / t - x  # at a target of 0 it is not defined


KL = Rule("KlDivBackward0", _backward_of(
    lambda k, x, t, log_target: -k.exp(t) if log_target else -t, _kl_target_slope,
))


_COMPOSED = {
    L1: tuple(Rule(f"{name}Backward0", L1.node.backward) for name in ("Mean", "Sum", "Abs")),
    KL: tuple(Rule(f"{name}Backward0", KL.node.backward) for name in ("Mean", "Sum", "Sub")),
}
"""The names of losses that PyTorch composes: of the mean, of the sum, of the elements."""


def kl_div(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None,
    reduction: str = "mean", log_target: bool = False,
) -> Tensor:
    """Return the divergence t·(ln t - input) of log-probabilities from a target distribution.

    Raises:
        RuntimeError: whole numbers.
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
        raise whole_numbers(KL.node.__name__, input._a, reduction)
    return _loss(KL, _kl_value, input, target, reduction, log_target)
