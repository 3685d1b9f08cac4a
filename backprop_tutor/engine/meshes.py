"""Grids, counts and searches, questions about values, and the old typed constructors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .arrangement import expand
from .creation import made, tensor
from .devices import check_device
from .dtypes import (
    bool_,
    float16,
    float32,
    float64,
    from_numpy_dtype,
    int32,
    int64,
    promote_operands,
    uint8,
)
from .dtypes import dtype as Dtype
from .pairs import broadcast_error
from .shapes import reshape
from .tape import Tensor, wrap

__all__ = [
    "BoolTensor",
    "ByteTensor",
    "DoubleTensor",
    "FloatTensor",
    "HalfTensor",
    "IntTensor",
    "LongTensor",
    "argwhere",
    "atleast_1d",
    "atleast_2d",
    "bincount",
    "broadcast_tensors",
    "bucketize",
    "cartesian_prod",
    "histc",
    "is_floating_point",
    "is_tensor",
    "isin",
    "meshgrid",
    "nonzero",
    "numel",
    "repeat_interleave",
    "result_type",
    "searchsorted",
    "tril_indices",
    "triu_indices",
    "typename",
    "unique",
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


FloatTensor, DoubleTensor, HalfTensor = (_constructor(k) for k in (float32, float64, float16))
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


def typename(obj: Any) -> str:
    """Return the name of an object's type."""
    return str(obj.type()) if isinstance(obj, Tensor) else type(obj).__name__


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


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """Return every combination of the vectors' elements, one a row."""
    from .joining import stack

    if len(tensors) == 1:
        return tensors[0]
    return stack([g.reshape(-1) for g in meshgrid(*tensors, indexing="ij")], 1)


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Return the tensors repeated to their common shape."""
    shape: tuple[int, ...] = ()
    for x in tensors:
        try:
            shape = tuple(np.broadcast_shapes(shape, x._a.shape))
        except ValueError:
            raise broadcast_error(shape, x._a.shape) from None
    return tuple(expand(x, shape) for x in tensors)


def atleast_1d(input: Any) -> Any:
    """Return the tensor (or each of several) with at least one dimension."""
    if isinstance(input, (list, tuple)):
        return tuple(atleast_1d(x) for x in input)
    return reshape(input, 1) if input._a.ndim == 0 else input


def atleast_2d(input: Any) -> Any:
    """Return the tensor (or each of several) with at least two dimensions."""
    if isinstance(input, (list, tuple)):
        return tuple(atleast_2d(x) for x in input)
    return reshape(input, (1, -1)) if input._a.ndim < 2 else input


def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """Return how often each whole number from 0 occurs (or the sum of its weights, as float64).

    Weights in float32 have sums in float32.

    Raises:
        RuntimeError: numbers that are negative or not whole.
    """
    a = input._a
    if a.dtype.kind == "f":
        raise NotImplementedError(f'"bincount_cpu" not implemented for \'{input.dtype.short}\'')
    if a.dtype.kind not in "iu" or a.ndim != 1 or (a.size and a.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    counts = np.bincount(a, None if weights is None else weights._a, minlength)
    if weights is None:
        return wrap(counts)
    return wrap(counts.astype(weights._a.dtype if weights._a.dtype == np.float32 else np.float64))


def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """Return how many elements fall in each of `bins` equal intervals."""
    a = input._a
    low, high = (min, max) if min != max or not a.size else (float(a.min()), float(a.max()))
    if low == high:
        low, high = low - 1, high + 1
    first, last, count = (a.dtype.type(v) for v in (low, high, bins))
    inside = a[(a >= first) & (a <= last)]
    places = ((inside - first) * count / (last - first)).astype(np.int64)
    counts = np.bincount(np.minimum(places, bins - 1), minlength=bins)
    return wrap(counts.astype(a.dtype))


def searchsorted(
    sorted_sequence: Tensor, input: Any, *, out_int32: bool = False, right: bool = False,
    side: str | None = None, sorter: Tensor | None = None,
) -> Tensor:
    """Return where elements would be put into a sorted vector."""
    value = input._a if isinstance(input, Tensor) else np.asarray(input)
    chosen: Any = side or ("right" if right else "left")
    a = sorted_sequence._a
    if sorter is not None:
        a = np.take_along_axis(a, sorter._a, -1)
    if not a.size or not value.size:
        found = np.zeros(value.shape, np.int64)
    elif a.ndim == 1:
        found = np.searchsorted(a, value, chosen)
    else:
        rows, wanted = a.reshape(-1, a.shape[-1]), value.reshape(-1, value.shape[-1])
        found = np.stack(
            [np.searchsorted(r, w, chosen) for r, w in zip(rows, wanted, strict=True)]
        ).reshape(value.shape)
    return wrap(np.asarray(found).astype(np.int32 if out_int32 else np.int64))


def bucketize(
    input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """Return the number of the interval between boundaries that each element falls in."""
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def isin(elements: Tensor, test_elements: Any) -> Tensor:
    """Return which elements are among others."""
    others = test_elements._a if isinstance(test_elements, Tensor) else test_elements
    return wrap(np.asarray(np.isin(elements._a, others)))


def _triangle(called: str, found: Any, row: int, col: int, offset: int, kind: Dtype) -> Tensor:
    """Return the positions that a function of NumPy finds, rows above columns."""
    for name, size in (("row", row), ("col", col)):
        if size < 0:
            raise RuntimeError(f"{name} must be non-negative, got{size}")
    if kind not in (int64, int32):
        raise NotImplementedError(f"\"{called}\" not implemented for '{kind.short}'")
    return wrap(np.stack(found(row, offset, col)).astype(kind.array))


def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: Dtype = int64, device: Any = None
) -> Tensor:
    """Return the positions of a lower triangle, rows above columns, as int64 or int32.

    Raises:
        RuntimeError: a negative size.
        NotImplementedError: another dtype.
    """
    check_device(device)
    return _triangle("tril_indices", np.tril_indices, row, col, offset, dtype)


def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: Dtype = int64, device: Any = None
) -> Tensor:
    """Return the positions of an upper triangle, rows above columns, as int64 or int32.

    Raises:
        RuntimeError: a negative size.
        NotImplementedError: another dtype.
    """
    check_device(device)
    return _triangle("triu_indices", np.triu_indices, row, col, offset, dtype)


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


def argwhere(input: Tensor) -> Tensor:
    """Return where elements are not zero, one row a place."""
    return nonzero(input)  # type: ignore[no-any-return]


def repeat_interleave(
    input: Tensor, repeats: Any, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Return every element (or slice along a dimension) repeated so many times in a row."""
    from .picking import index_select

    times = repeats._a if isinstance(repeats, Tensor) else np.asarray(repeats)
    x = input.reshape(-1) if dim is None or input._a.ndim == 0 else input
    at = 0 if dim is None else dim
    size = x._a.shape[at]
    if times.ndim and times.size not in (1, size):
        raise RuntimeError(
            "repeats must have the same size as input along dim, but got repeats.size(0) = "
            f"{times.size} and input.size({at}) = {size}"
        )
    places = np.repeat(np.arange(size), times.reshape(-1) if times.ndim else int(times))
    return index_select(x, at, wrap(places))
