"""Softmax and its logarithm, and the normalisations over a batch or a layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.array_kernel import RAW, ones_row, sum_over
from ...ops.normalising import standard
from ..autograd.tape import Size, Tensor, record
from ..functions.pairs import cast
from ..functions.recorded import Recorded, node_rule
from ..tensors.dims import dim_of
from ..tensors.dtypes import not_defined
from ..tensors.quiet import hush, unhush

__all__ = ["batch_norm", "layer_norm", "log_softmax", "softmax"]


SOFTMAX = Recorded("softmax", "SoftmaxBackward0")
LOG_SOFTMAX = Recorded("log_softmax", "LogSoftmaxBackward0")


def _axis(input: Tensor, dim: int | None, dtype: Any, called: str) -> tuple[Tensor, int]:
    if not isinstance(input, Tensor):
        raise AttributeError(f"'{type(input).__name__}' object has no attribute 'dim'")
    if dtype is not None:
        input = cast(input, dtype.array)
    if input._a.dtype.kind != "f":
        raise not_defined(called, input._a.dtype)
    rank = input._a.ndim
    if dim is None:
        import warnings

        warnings.warn(
            f"Implicit dimension choice for {called} has been deprecated. Change the call to "
            f"include dim=X as an argument.", UserWarning, stacklevel=4,
        )
        dim = 0 if rank in (0, 1, 3) else 1
    return input, dim_of(dim, rank)


def softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """Return each element's share exp(x)/Σexp(x) along a dimension."""
    input, at = _axis(input, dim, dtype, "softmax")
    if not input._a.ndim:
        return SOFTMAX.record(np.ones_like(input._a), input, axis=())
    return SOFTMAX(input, axis=(at,))


def log_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """Return the logarithm of the softmax along a dimension, without overflow."""
    input, at = _axis(input, dim, dtype, "log_softmax")
    if not input._a.ndim:
        return LOG_SOFTMAX.record(np.zeros_like(input._a), input, axis=())
    return LOG_SOFTMAX(input, axis=(at,))


def _batch_of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    """The record's gradients from the standardised input that the forward left."""
    _, w, hat, inverse = saved
    dims, size, shape = options[2:]
    gx = gw = None
    gb = sum_over(g, axis=dims, keepdims=True)
    moved = sum_over(g * hat, axis=dims, keepdims=True)
    if edges[0] is not None:
        gx = (g - (gb + hat * moved) / size) * inverse
        if w is not None:
            gx = gx * w.reshape(shape)
    if edges[1] is not None:
        gw = moved.reshape(-1)
    return gx, gw, None if edges[2] is None else gb.reshape(-1)


def _columns_of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    """The same for a matrix, with few passes over memory."""
    _, w, hat, deviation = saved
    ones, share = options[2:]
    gb = ones.dot(g)
    moved = np.multiply(g, hat)
    gw = ones.dot(moved)
    gx = None
    if edges[0] is not None:
        np.multiply(hat, gw, moved)
        np.add(moved, gb, moved)
        np.multiply(moved, share, moved)
        np.subtract(g, moved, moved)
        gx = np.multiply(moved, np.reciprocal(deviation) if w is None else np.divide(w, deviation), moved)
    return gx, None if edges[1] is None else gw, None if edges[2] is None else gb


BATCH_NORM = node_rule("batch_norm", "NativeBatchNormBackward0", _batch_of_arrays, held=(0, 1))
COLUMNS = node_rule("batch_norm", "NativeBatchNormBackward0", _columns_of_arrays, held=(0, 1))
FIXED_NORM = Recorded("batch_norm_fixed", "NativeBatchNormBackward0", order=(0, 1, 2))


_SETTINGS: dict[Any, tuple[Any, ...]] = {}


def _settings(key: tuple[int, Any, float, float]) -> tuple[Any, ...]:
    """Return the constants of a normalisation as arrays, kept for the next batch of the size."""
    size, kind, eps, momentum = key
    if len(_SETTINGS) > 64:
        _SETTINGS.clear()
    numbers = (1 / size, eps, 1 - momentum, momentum, momentum * size / (size - 1))
    found = _SETTINGS[key] = (
        ones_row(size, kind), np.full(size, 1 / size, kind), *(np.array(x, kind) for x in numbers),
    )
    return found


def _columns_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None,
    bias: Tensor | None, momentum: float, eps: float,
) -> Tensor:
    """Return the batch normalisation of a matrix in training: the usual case, written out."""
    x = input._a
    size = x.shape[0]
    key = (size, x.dtype, eps, momentum)
    settings = _SETTINGS.get(key)
    if settings is None:
        settings = _settings(key)
    ones, evenly, share, small, stay, pace, unbiased = settings
    multiply, add = np.multiply, np.add
    token = hush()
    try:
        mean = evenly.dot(x)
        hat = np.subtract(x, mean)
        out = multiply(hat, hat)
        variance = evenly.dot(out)
        deviation = add(variance, small)
        np.sqrt(deviation, deviation)
        np.divide(hat, deviation, hat)
        if weight is not None:
            multiply(hat, weight._a, out)
        else:
            out[...] = hat
        if bias is not None:
            add(out, bias._a, out)
        if running_mean is not None:  # r ← (1 − momentum)·r + momentum·mean
            held = running_mean._a
            multiply(held, stay, held)
            add(held, multiply(mean, pace, mean), held)
            running_mean._ver[0] += 1
        if running_var is not None:
            held = running_var._a
            multiply(held, stay, held)
            add(held, multiply(variance, unbiased, variance), held)
            running_var._ver[0] += 1
    finally:
        unhush(token)
    return record(
        COLUMNS, out, (input, weight, bias), (input, weight, hat, deviation),
        ({"eps": eps}, _shapes(input, weight, bias), ones, share),
    )


def _shapes(x: Tensor, weight: Tensor | None, bias: Tensor | None) -> tuple[Any, Any, Any]:
    return (
        x._a.shape, None if weight is None else weight._a.shape, None if bias is None else bias._a.shape)


def _complain_of_size(channels: int, *held: Tensor | None) -> None:
    for name, each in zip(("running_mean", "running_var", "weight", "bias"), held, strict=True):
        if each is not None and each._a.size != channels:
            raise RuntimeError(f"{name} should contain {channels} elements not {each._a.size}")


def _same_dtype(called: str, input: Tensor, *others: Tensor | None) -> None:
    """Refuse an input of integers, and weights of another dtype than the input."""
    kind = input._a.dtype
    if kind.kind != "f":
        raise not_defined(called, kind)
    if any(other is not None and other._a.dtype != kind for other in others):
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")


def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
    weight: Tensor | None = None, bias: Tensor | None = None, training: bool = False,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:
    """Return the input standardised per channel (dimension 1), then scaled and shifted.

    In training by the batch's mean and biased variance, and the running estimates move towards
    the mean and the unbiased variance by `momentum`; else by the running estimates.

    Shapes: input (N, C) or (N, C, ...); the estimates, weight and bias (C,).

    Raises:
        ValueError: one value a channel in training, or an eps that is not positive.
        RuntimeError: two dtypes, or no running estimates in evaluation.
        NotImplementedError: an input of integers.
    """
    x = input._a
    kind, rank = x.dtype, x.ndim
    if training:
        if eps <= 0.0:
            raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    elif eps < 0.0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    elif running_mean is None or running_var is None:
        name = "running_mean" if running_mean is None else "running_var"
        raise RuntimeError(f"{name} must be defined in evaluation mode")
    if kind.kind != "f" or (weight is not None and weight._a.dtype is not kind) or (
            bias is not None and bias._a.dtype is not kind):
        _same_dtype("batch_norm", input, weight, bias)
    if rank < 2:
        if not x.size:
            return input.clone()
        raise ValueError(f"expected at least 2D input (got {rank}D input)")
    channels = x.shape[1]
    if training and channels and x.size == channels:
        raise ValueError(
            f"Expected more than 1 value per channel when training, got input size {Size(x.shape)}"
        )
    if (
        (weight is not None and weight._a.size != channels)
        or (bias is not None and bias._a.size != channels)
        or (running_mean is not None and running_mean._a.size != channels)
        or (running_var is not None and running_var._a.size != channels)
    ):
        _complain_of_size(channels, running_mean, running_var, weight, bias)
    if training and rank == 2 and x.size:
        return _columns_norm(input, running_mean, running_var, weight, bias, momentum, eps)
    if not training:
        assert running_mean is not None
        assert running_var is not None
        return FIXED_NORM(input, weight, bias, running_mean._a, running_var._a, eps=eps)
    size = x.size // channels if channels else 0
    shape = (1, channels) + (1,) * (x.ndim - 2)
    dims = (0, *range(2, x.ndim))
    token = hush()
    try:
        of = kind.type
        count = of(size)
        total = sum_over(x, axis=dims, keepdims=True)
        total /= count
        centred = x - total
        variance = sum_over(centred * centred, axis=dims, keepdims=True)
        variance /= count
        inverse = np.sqrt(variance + of(eps))
        np.reciprocal(inverse, out=inverse)
        centred *= inverse
        out = centred if weight is None else centred * weight._a.reshape(shape)
        if bias is not None:
            out = out + bias._a.reshape(shape)
        elif weight is None:
            out = centred.copy()
        if not x.size:  # nothing seen, nothing learnt
            running_mean = running_var = None
        if running_mean is not None:
            moved = running_mean._a
            moved *= of(1 - momentum)
            moved += total.reshape(-1) * of(momentum)
            running_mean._ver[0] += 1
        if running_var is not None:
            moved = running_var._a
            moved *= of(1 - momentum)
            moved += variance.reshape(-1) * of(momentum * size / (size - 1) if size > 1 else momentum)
            running_var._ver[0] += 1
    finally:
        unhush(token)
    return record(
        BATCH_NORM, out, (input, weight, bias), (input, weight, centred, inverse),
        ({"eps": eps}, _shapes(input, weight, bias), dims, size, shape),
    )


def _layer_of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    """The record's gradients from the standardised input that the forward left."""
    _, w, hat, inverse = saved
    dims, size, lead, shape = options[2:]
    gx = gw = gb = None
    if edges[0] is not None:
        scaled = g if w is None else g * w
        gx = (
            scaled - (sum_over(scaled, axis=dims, keepdims=True)
                      + hat * sum_over(scaled * hat, axis=dims, keepdims=True)) / size
        ) * inverse
    if edges[1] is not None:
        gw = sum_over(g * hat, axis=lead).reshape(shape) if lead else g * hat
    if edges[2] is not None:
        gb = sum_over(g, axis=lead).reshape(shape) if lead else g
    return gx, gw, gb


LAYER_NORM = node_rule("layer_norm", "NativeLayerNormBackward0", _layer_of_arrays, held=(0, 1), fresh=False)


def layer_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return the input standardised over its last dimensions, then scaled and shifted.

    Raises:
        RuntimeError: last dimensions other than `normalized_shape`, or two dtypes.
        NotImplementedError: an input of integers.
    """
    _same_dtype("layer_norm", input, weight, bias)
    x = input._a
    shape = tuple(normalized_shape)
    rank = len(shape)
    if rank < 1:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
            f"element, but got normalized_shape = {list(shape)}"
        )
    if x.ndim < rank or x.shape[x.ndim - rank :] != shape:
        stars = ", ".join(["*", *map(str, shape)])
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [{stars}], but got "
            f"input of size{list(x.shape)}"
        )
    for name, held in (("weight", weight), ("bias", bias)):
        if held is not None and held._a.shape != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(held._a.shape)} and normalized_shape = {list(shape)}"
            )
    dims = tuple(range(x.ndim - rank, x.ndim))
    size = int(np.prod(shape))
    token = hush()
    try:
        hat, inverse = standard(RAW, x, dims, size, eps)
    finally:
        unhush(token)
    out = hat if weight is None else hat * weight._a
    out = out + bias._a if bias is not None else out.copy() if out is hat else out
    return record(
        LAYER_NORM, out, (input, weight, bias), (input, weight, hat, inverse),
        ({"rank": rank, "eps": eps}, _shapes(input, weight, bias), dims, size,
         tuple(range(x.ndim - rank)), shape),
    )
