"""Views of parts of a tensor: diagonals, one slice, a run of slices, windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from ..autograd.tape import Rule, Tensor, record
from ..tensors.dims import dim_of
from .indexing import get
from .recorded import record_view

__all__ = ["diag", "diagonal", "narrow", "select", "trace", "unfold"]


def _key(shape: tuple[int, ...], offset: int, first: int, second: int) -> tuple[Any, int]:
    """Return the positions of a diagonal in two dimensions, and its length."""
    rows, columns = shape[first], shape[second]
    length = max(min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns), 0)
    steps = np.arange(length)
    return (steps + max(-offset, 0), steps + max(offset, 0)), length


def _place(shape: tuple[int, ...], offset: int, first: int, second: int) -> Any:
    """Return the key that picks a diagonal; its dimension comes last."""
    (rows, columns), length = _key(shape, offset, first, second)
    others = [i for i in range(len(shape)) if i not in (first, second)]
    grid = np.ogrid[tuple(slice(0, shape[i]) for i in others)] if others else []
    key: list[Any] = [None] * len(shape)
    for i, along in zip(others, grid, strict=True):
        key[i] = np.asarray(along)[..., None]
    key[first], key[second] = rows, columns
    return tuple(key), length


def _diagonal_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    key, shape = options
    return (k.put(g, key, shape, True),)


def _trace_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    _, shape = options
    spread = k.expand(k.reshape(g, (1,)), (min(shape),))
    return _diagonal_backward(k, spread, saved, options, need)


DIAGONAL = Rule("DiagonalBackward0", _diagonal_backward)
DIAG = Rule("DiagonalBackward0_copy", _diagonal_backward)
TRACE = Rule("TraceBackward0", _trace_backward)


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """Return a view of a diagonal of two dimensions, put last."""
    a = input._a
    first, second = dim_of(dim1, a.ndim), dim_of(dim2, a.ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    key, _ = _place(a.shape, offset, first, second)
    out = np.diagonal(a, offset, first, second)
    if a.flags.writeable:
        out.flags.writeable = True
    return record_view(DIAGONAL, out, input, (key, a.shape))


def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """Return a matrix's diagonal, or the matrix of a diagonal."""
    if input._a.ndim == 1:
        return _embedded(input, diagonal)
    if input._a.ndim != 2:
        raise RuntimeError(
            f"diag(): Supports 1D or 2D tensors. Got {input._a.ndim}D"
        )
    return _copied(input, diagonal)


def _copied(input: Tensor, offset: int) -> Tensor:
    a = input._a
    key, _ = _place(a.shape, offset, 0, 1)
    return record(DIAG, np.diagonal(a, offset).copy(), (input,), (), (key, a.shape))


DIAG_EMBED = Rule(
    "DiagEmbedBackward0", lambda k, g, saved, options, need: (k.index(g, options),)
)


def _embedded(input: Tensor, offset: int) -> Tensor:
    """Return the matrix whose diagonal is a vector (n,), of n + |offset| rows."""
    a = input._a
    side = a.shape[0] + abs(offset)
    key, _ = _place((side, side), offset, 0, 1)
    return record(DIAG_EMBED, RAW.put(a, key, (side, side), True), (input,), (), key)


def trace(input: Tensor) -> Tensor:
    """Return the sum of a matrix's diagonal."""
    if input._a.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input._a.ndim}")
    a = input._a
    key, _ = _place(a.shape, 0, 0, 1)
    total = np.trace(a, dtype=None if a.dtype.kind == "f" else np.int64)
    return record(TRACE, np.asarray(total), (input,), (), (key, a.shape))


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """Return a view of one slice along a dimension."""
    if input._a.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    at = dim_of(dim, input._a.ndim)
    size = input._a.shape[at]
    if not -size <= index < size:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(input._a.shape)} at "
            f"dimension {at}"
        )
    return get(input, (slice(None),) * at + (index,))


def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """Return a view of a run of slices along a dimension."""
    if not input._a.ndim:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    at = dim_of(dim, input._a.ndim)
    size = input._a.shape[at]
    start = int(start)
    if start < 0:
        start += size
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not 0 <= start <= size - length:
        raise RuntimeError(
            f"start ({start}) + length ({length}) exceeds dimension size ({size})."
        )
    return get(input, (slice(None),) * at + (slice(start, start + length),))


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
