"""Losses of classes: the cross-entropy of scores and the negative log-likelihood.

Scores lie along dimension 1 (or 0 of a single sample); a target is a class number for each place,
or, for the cross-entropy, a distribution in the scores' shape.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.array_kernel import constant, max_over, ones_row
from ..autograd.tape import Tensor, record
from ..functions.pairs import cast, describe, refuse
from ..functions.recorded import Recorded, node_rule
from ..functions.reductions import check_reduction
from ..tensors.dtypes import from_numpy_dtype, not_defined
from ..tensors.quiet import hush, unhush

__all__ = ["cross_entropy", "nll_loss"]


def _check_classes(x: Any, target: Tensor, ignore_index: int, called: str) -> None:
    """Refuse targets that name no class or do not fit the scores."""
    t = target._a
    name = from_numpy_dtype(t.dtype).short
    if x.ndim == 0:
        raise ValueError(f"Expected 1 or more dimensions (got {x.ndim})")
    if x.ndim == 2 and t.ndim > 1 and t.shape[0] != x.shape[0]:
        raise ValueError(
            f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({t.shape[0]})."
        )
    if x.ndim <= 2 and t.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if t.dtype.name not in ("int64", "uint8"):
        raise RuntimeError(f"expected target dtype to be Long or Byte, but got {name}")
    places = x.shape[:1] + x.shape[2:] if x.ndim > 1 else ()
    if x.ndim <= 2:
        if t.ndim > 1:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
        if x.ndim == 1 and t.ndim == 1 and t.shape == (1,):
            return
        if t.shape != places:
            raise ValueError(
                f"Expected input batch_size ({x.shape[0]}) to match target batch_size "
                f"({t.shape[0] if t.ndim else 0})."
            )
    elif t.shape != places:
        raise RuntimeError(
            f"Expected target size {list(places)}, got {list(t.shape)}"
        )
    classes = x.shape[1] if x.ndim > 1 else x.shape[0]
    bad = t[((t < 0) | (t >= classes)) & (t != ignore_index)]
    if bad.size:
        raise IndexError(f"Target {int(bad.flat[0])} is out of bounds.")


ENTROPY, SOFT, SOFT_MEAN, SMOOTHED = (
    Recorded("cross_entropy", f"{name}Backward{number}", order=(0, 1))
    for name, number in (("NllLoss", 0), ("Neg", 0), ("Div", 1), ("Add", 0))
)
NLL = Recorded("nll", "NllLossBackward0", order=(0,))


def _single_of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    """The record's gradient from the powers and their sums that the forward left."""
    _, _, e, total, places = saved
    share = np.divide(g, constant(options[2], e.dtype))
    p = np.multiply(e, np.divide(share, total)[:, None])
    if not p.flags.c_contiguous:
        p = np.ascontiguousarray(p)
    flat = p.reshape(-1)
    flat[places] -= share
    return (p,)


SINGLE = node_rule("cross_entropy", "NllLossBackward0", _single_of_arrays, order=(0,), held=(0, 1))


def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: bool | None = None,
    ignore_index: int = -100, reduce: bool | None = None, reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Return -Σ q·log_softmax(input), q the target's distribution over the classes.

    Shapes: input (C,), (N, C) or (N, C, ...); target () , (N,) or (N, ...) of class numbers, or
    the input's shape of probabilities. A mean is over the weights of the targets that are not
    `ignore_index`, or over N for probabilities.

    Raises:
        IndexError: a class outside [0, C).
        RuntimeError, ValueError: shapes or dtypes that do not fit.
    """
    chosen = check_reduction(reduction, size_average, reduce)
    if not isinstance(target, Tensor):
        raise TypeError(
            f"cross_entropy_loss(): argument 'target' (position 2) must be Tensor, "
            f"not {describe(target)}"
        )
    if not isinstance(input, Tensor):
        raise refuse(input, "cross_entropy_loss", "input", 1)
    x, t = input._a, target._a
    if (
        x.ndim == 2 and t.ndim == 1 and t.dtype is _LONG and weight is None and not label_smoothing
        and chosen == "mean" and 0 < t.shape[0] == x.shape[0] and ignore_index < 0
        and _in_range(t, x.shape[1]) and x.dtype.kind == "f"
    ):
        return _single(input, target)
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(
            f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}"
        )
    axis = 1 if x.ndim > 1 else 0
    if x.dtype.kind != "f":
        raise not_defined("cross_entropy", x.dtype)
    classes = x.shape[axis] if x.ndim else 1
    if weight is not None and weight._a.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but "
            f"got weight tensor of shape: {list(weight._a.shape)}"
        )
    soft = t.shape == x.shape and t.dtype.kind == "f"
    if t.shape == x.shape and not soft and x.ndim != 0 and not (x.ndim == 1 and x.shape == (1,)):
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, got "
            f"{from_numpy_dtype(t.dtype).short}"
        )
    if soft and ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    if not soft and x.ndim == 0:
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, got "
            f"{from_numpy_dtype(t.dtype).short}"
        )
    if not soft:
        _check_classes(x, target, ignore_index, "cross_entropy")
        if x.ndim == 1 and t.ndim == 1:
            target = target.reshape(())
    rule = SMOOTHED if label_smoothing else ENTROPY
    if soft:
        rule = SOFT_MEAN if chosen == "mean" else SOFT
        if t.dtype != x.dtype:
            target = cast(target, x.dtype)
    return rule(input, target, weight, reduction=chosen, ignore_index=ignore_index,
                label_smoothing=label_smoothing)


_LONG = np.dtype(np.int64)


def _in_range(t: Any, classes: int) -> bool:
    """Return whether every number names a class; for a few, without a call of NumPy's."""
    if t.shape[0] <= 16:
        numbers = t.tolist()
        return bool(min(numbers) >= 0 and max(numbers) < classes)
    return bool(max_over(t.view(np.uint64)) < classes)  # a negative number is huge there


_NO_OPTIONS: dict[str, Any] = {}
_STARTS: dict[tuple[int, int], Any] = {}


def _starts(count: int, classes: int) -> Any:
    """Return where the rows of a flattened matrix start, kept for the next batch of the size."""
    found = _STARTS.get((count, classes))
    if found is None:
        if len(_STARTS) > 64:
            _STARTS.clear()
        found = _STARTS[count, classes] = np.arange(0, count * classes, classes)
    return found


def _single(input: Tensor, target: Tensor) -> Tensor:
    """Return the mean cross-entropy of a batch of scores and its classes: the usual case."""
    x, t = input._a, target._a
    count, classes = x.shape
    places = np.add(_starts(count, classes), t)
    token = hush()
    try:
        z = np.subtract(x, max_over(x, 1, None, None, True))
        e = np.exp(z)
        total = e.dot(ones_row(classes, x.dtype))
        out = ones_row(count, x.dtype).dot(np.subtract(np.log(total), z.take(places)))
        out = out / x.dtype.type(count)
    finally:
        unhush(token)
    return record(SINGLE, out, (input,), (input, target, e, total, places),
                  (_NO_OPTIONS, (x.shape, t.shape, None), count))


def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: bool | None = None,
    ignore_index: int = -100, reduce: bool | None = None, reduction: str = "mean",
) -> Tensor:
    """Return minus the log-probabilities (the input) of the target classes.

    Raises:
        IndexError: a class outside [0, C).
        RuntimeError, ValueError: shapes or dtypes that do not fit.
    """
    chosen = check_reduction(reduction, size_average, reduce)
    x, t = input._a, target._a
    _check_classes(x, target, ignore_index, "nll_loss")
    if x.dtype.kind != "f":
        raise not_defined("nll_loss", x.dtype)
    axis = 1 if x.ndim > 1 else 0
    classes = x.shape[axis]
    if weight is not None and weight._a.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but "
            f"got weight tensor of shape: {list(weight._a.shape)}"
        )
    if x.ndim == 1 and t.ndim == 1:
        target = target.reshape(())
    return NLL(input, target, weight, reduction=chosen, ignore_index=ignore_index)
