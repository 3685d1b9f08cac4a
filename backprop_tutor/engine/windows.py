"""A tensor's memory looked at otherwise: strides, windows, offsets, sizes changed in place."""

from __future__ import annotations

import numpy as np

from .dims import dim_of
from .tape import Tensor
from .views import AS_STRIDED, positions, record_view

__all__ = ["unfold"]


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
        return input.reshape(1)[:size]  # type: ignore[no-any-return]
    windows = np.lib.stride_tricks.sliding_window_view(a, size, at)
    out = windows[(slice(None),) * at + (slice(None, None, step),)]
    return record_view(AS_STRIDED, out, input, (a.shape, positions(a, out)))
