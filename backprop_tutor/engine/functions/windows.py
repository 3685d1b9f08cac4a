"""A tensor's memory looked at otherwise: strides, windows, offsets, sizes changed in place."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import Rule, Tensor
from ..tensors.dims import dim_of
from ..tensors.views import record_view

__all__ = ["unfold"]


def _unfold_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    shape, where = options
    size = int(np.prod(shape, dtype=np.int64))
    return (k.reshape(k.put(k.reshape(g, (-1,)), where, (size,), False), shape),)


UNFOLD = Rule("UnfoldBackward0", _unfold_backward)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Return all windows of a size along a dimension, as a last dimension.

    Raises:
        RuntimeError: windows larger than the dimension, or a step that is not positive.
    """
    a = input._a
    at = dim_of(dimension, a.ndim)
    length = a.shape[at] if a.ndim else 1
    if size > length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {at} is {length} but size is {size}"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    if not a.ndim:
        return input.reshape(1)[:size]
    every = (slice(None),) * at + (slice(None, None, step),)
    places = np.arange(a.size).reshape(a.shape)
    out, where = (np.lib.stride_tricks.sliding_window_view(x, size, at)[every] for x in (a, places))
    return record_view(UNFOLD, out, input, (a.shape, where.reshape(-1)))
