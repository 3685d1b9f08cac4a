"""Picking elements by arrays of positions, and putting them back: gather, index_..., masks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dims import dim_of
from ..tensors.dtypes import converted, int64
from .indexing import get, places_backward
from .linear_algebra import C_NAMES
from .pairs import broadcast_error, cast
from .recorded import Recorded
from .tensor_kernel import GATHER

__all__ = ["gather", "index_select", "masked_fill", "masked_select"]


def positions_of(index: Tensor, called: str) -> Any:
    """Return the raw positions of an index; decimals are refused in the words of the caller."""
    a = index._a
    if not a.size:
        return a.astype(np.int64)
    if a.dtype.name not in ("int64", "int32"):
        if called == "take":
            raise RuntimeError(
                f"take(): Expected a long tensor for index, but got {index.dtype.short}"
            )
        kinds = "int32 or int64" if called == "index_select" else "int32/int64"
        raise RuntimeError(f"{called}(): Expected dtype {kinds} for index")
    return a


def check_range(where_: Any, size: int, dim: int) -> None:
    """Refuse positions outside a dimension."""
    bad = where_[(where_ < 0) | (where_ >= size)]
    if bad.size:
        raise RuntimeError(
            f"index {int(bad.flat[0])} is out of bounds for dimension {dim} with size {size}"
        )


def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    """Return, at every place of the index, the element at that position along a dimension.

    Raises:
        RuntimeError: ranks that differ, positions out of range.
    """
    a, key = input._a, positions_of(index, "gather")
    at = dim_of(dim, a.ndim)
    if not key.size:
        return get(input.reshape(-1), index.to(int64))
    if a.ndim != key.ndim and a.ndim and key.ndim:
        raise RuntimeError(
            "Index tensor must have the same number of dimensions as input tensor"
        )
    for d in range(key.ndim if a.ndim else 0):
        if d != at and key.shape[d] > a.shape[d]:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(key.shape)} to be no "
                f"larger than self {list(a.shape)} apart from dimension {at}"
            )
    if a.ndim == 0 or key.ndim == 0:
        return input.reshape(-1)[index.reshape(-1)].reshape(key.shape)
    check_range(key, a.shape[at], at)
    return GATHER.record(RAW.take_along(a, key, at), input, index, axis=at)


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Return the slices along a dimension that the index names.

    Raises:
        IndexError: a position out of range.
    """
    key = positions_of(index, "index_select")
    at = dim_of(dim, input._a.ndim)
    if key.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if input._a.ndim == 0:
        return input.clone()
    size = input._a.shape[at]
    if key.size and (key.min() < 0 or key.max() >= size):
        if at == 0:
            raise IndexError("index out of range in self")
        bad = int(key[(key < 0) | (key >= size)][0])
        raise RuntimeError(f"INDICES element is out of DATA bounds, id={bad} axis_dim={size}")
    found = (slice(None),) * at + (np.atleast_1d(key),)
    return record(INDEX_SELECT, input._a[found], (input,), (index,), ({"key": found}, input._a.shape))


INDEX_SELECT = Rule("IndexSelectBackward0", places_backward, fresh=True)
MASKED_FILL = Recorded("choose", "MaskedFillBackward0", order=(2, 1), fresh=False)


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """Return the input with a value where the mask is true."""
    m = mask._a
    if m.dtype.kind != "b":
        raise RuntimeError("masked_fill_ only supports boolean masks, but got mask with dtype "
                           f"{C_NAMES[m.dtype.name]}")
    if isinstance(value, Tensor):
        if value._a.ndim:
            raise RuntimeError(
                "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value._a.ndim} dimension(s)."
            )
        given: Any = cast(value, input._a.dtype)
    else:
        given = wrap(np.asarray(converted(value, input._a.dtype)))
    _common(input, mask)
    return MASKED_FILL(mask, given, input)


def _common(input: Tensor, mask: Tensor) -> tuple[int, ...]:
    try:
        return tuple(np.broadcast_shapes(input._a.shape, mask._a.shape))
    except ValueError:
        raise broadcast_error(mask._a.shape, input._a.shape) from None


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """Return the elements where the mask is true, in one dimension."""
    if mask._a.dtype.kind != "b":
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = _common(input, mask)
    return get(input.expand(shape), mask.expand(shape))
