"""Grids, counts and searches, questions about values, and the old typed constructors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from ..functions.arrangement import expand
from ..functions.pairs import broadcast_error
from ..functions.shapes import reshape
from .creation import made, tensor
from .dtypes import (
    bool_,
    float32,
    float64,
    from_numpy_dtype,
    int32,
    int64,
    not_defined,
    promote_operands,
    uint8,
)
from .dtypes import dtype as Dtype

__all__ = [
    "BoolTensor", "ByteTensor", "DoubleTensor", "FloatTensor", "IntTensor", "LongTensor",
    "bincount", "broadcast_tensors", "is_floating_point", "is_tensor", "meshgrid", "nonzero",
    "numel", "result_type", "unique",
]


def _constructor(kind: Dtype) -> Any:
    def build(*data: Any) -> Tensor:
        if len(data) == 1 and not isinstance(data[0], int):
            given = data[0]._a if isinstance(data[0], Tensor) else data[0]
            return tensor(given, dtype=kind)
        return made(np.empty(data or (0,), kind.array))

    build.__name__ = build.__qualname__ = f"{kind.short}Tensor"
    build.__doc__ = f"Return a tensor of data (or of sizes, uninitialised) as {kind!r}."
    return build


FloatTensor, DoubleTensor = (_constructor(k) for k in (float32, float64))
LongTensor, IntTensor, ByteTensor, BoolTensor = (
    _constructor(k) for k in (int64, int32, uint8, bool_)
)


def is_tensor(obj: Any) -> bool:
    """Return whether it is a tensor."""
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> bool:
    """Return whether the elements are floating."""
    return bool(input._a.dtype.kind == "f")


def numel(input: Tensor) -> int:
    """Return the number of elements."""
    return int(input._a.size)


def result_type(tensor1: Any, tensor2: Any) -> Dtype:
    """Return the dtype that an operation on both would have."""
    raw = tuple(x._a if isinstance(x, Tensor) else x for x in (tensor1, tensor2))
    return from_numpy_dtype(promote_operands(raw))


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """Return, for each of several vectors, its value at every point of their grid."""
    found = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else tensors
    if indexing is None:
        warnings.warn(
            "torch.meshgrid: in an upcoming release, it will be required to pass the indexing "
            "argument.", UserWarning, stacklevel=2,
        )
        indexing = "ij"
    if indexing not in ("ij", "xy"):
        raise RuntimeError(
            "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: " + indexing
        )
    found = [x.reshape(-1) for x in found]
    swap = indexing == "xy" and len(found) > 1
    if swap:
        found[0], found[1] = found[1], found[0]
    shape = tuple(x._a.size for x in found)
    grids = [
        expand(reshape(x, (1,) * i + (x._a.size,) + (1,) * (len(shape) - i - 1)), shape)
        for i, x in enumerate(found)
    ]
    if swap:
        grids[0], grids[1] = grids[1], grids[0]
    return tuple(grids)


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Return the tensors repeated to their common shape."""
    shape: tuple[int, ...] = ()
    for x in tensors:
        try:
            shape = tuple(np.broadcast_shapes(shape, x._a.shape))
        except ValueError:
            raise broadcast_error(shape, x._a.shape) from None
    return tuple(expand(x, shape) for x in tensors)


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """Return how often each integer from 0 occurs (or the sum of its weights, as float64).

    Weights in float32 have sums in float32.

    Raises:
        RuntimeError: numbers that are negative or not whole.
    """
    a = input._a
    if a.dtype.kind == "f":
        raise not_defined("bincount", a.dtype)
    if a.dtype.kind not in "iu" or a.ndim != 1 or (a.size and a.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    counts = np.bincount(a, None if weights is None else weights._a, minlength)
    if weights is None:
        return wrap(counts)
    return wrap(counts.astype(weights._a.dtype if weights._a.dtype == np.float32 else np.float64))


def unique(
    input: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """Return the distinct elements in order, with their places in the input and counts on request."""
    values, inverse, counts = np.unique(
        input._a, return_inverse=True, return_counts=True, axis=dim
    )
    found = [wrap(values)]
    if return_inverse:
        shape = input._a.shape if dim is None else (input._a.shape[dim],)
        found.append(wrap(np.asarray(inverse).reshape(shape)))
    if return_counts:
        found.append(wrap(counts))
    return found[0] if len(found) == 1 else tuple(found)


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """Return where elements are not zero: one row a place, or one vector a dimension."""
    a = input._a
    found = np.nonzero(np.atleast_1d(a))
    if as_tuple:
        return tuple(wrap(i) for i in found)
    rows = np.stack(found, axis=1) if a.ndim else np.zeros((int(bool(a)), 0), np.int64)
    return wrap(np.ascontiguousarray(rows))
