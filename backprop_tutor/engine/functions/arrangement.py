"""Operations that repeat, turn, shift or cut out: expand, flip, roll, triangles, diagonals, windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.array_kernel import RAW
from ..autograd.tape import Rule, Tensor, record
from ..tensors.dims import dim_of, dims_of, shape_of
from ..tensors.dtypes import from_numpy_dtype
from .indexing import get
from .recorded import Recorded, record_view
from .shapes import named_sizes

__all__ = [
    "broadcast_to", "diag", "diagonal", "expand", "expand_as", "flip", "narrow", "repeat",
    "roll", "select", "tile", "trace", "tril", "triu", "unfold",
]


EXPAND = Recorded("expand", "ExpandBackward0", fresh=False)


def expand(input: Tensor, *sizes: Any, **named: Any) -> Tensor:
    """Return a view repeated along dimensions of size 1; -1 keeps a size.

    Raises:
        RuntimeError: a dimension of another size than 1 would have to change.
    """
    a = input._a
    wanted = shape_of(sizes, named_sizes(named, "size"), "expand")
    lead = len(wanted) - a.ndim
    if lead < 0:
        raise RuntimeError(
            f"expand(torch.{from_numpy_dtype(a.dtype).short}Tensor{{{list(a.shape)}}}, "
            f"size={list(wanted)}): the number of sizes provided ({len(wanted)}) must be greater "
            f"or equal to the number of dimensions in the tensor ({a.ndim})"
        )
    shape = []
    for i, n in reversed(list(enumerate(wanted))):
        own = a.shape[i - lead] if i >= lead else 1
        if n == -1:
            if i < lead:
                raise RuntimeError(
                    f"The expanded size of the tensor (-1) isn't allowed in a leading, non-existing "
                    f"dimension {i}"
                )
            n = own
        elif own not in (1, n):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size ({own}) at "
                f"non-singleton dimension {i}.  Target sizes: {list(wanted)}.  "
                f"Tensor sizes: {list(a.shape)}"
            )
        shape.append(n)
    shape.reverse()
    steps = [
        0 if i < lead or a.shape[i - lead] != n else a.strides[i - lead]
        for i, n in enumerate(shape)
    ]
    out = np.lib.stride_tricks.as_strided(a, shape, steps)  # one element may be written to
    return EXPAND.view(out, input)


broadcast_to = expand


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Return a view repeated to the other's shape."""
    return expand(input, other._a.shape)


def _repeat_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    split, lead, shape = options
    dims = tuple(range(lead)) + tuple(range(lead, len(split), 2))
    return (k.reshape(k.sum(k.reshape(g, split), dims, False), shape),)


REPEAT = Rule("RepeatBackward0", _repeat_backward)


def repeat(input: Tensor, *repeats: Any, **named: Any) -> Tensor:
    """Return copies of the tensor side by side, so many along each dimension."""
    a = input._a
    times = shape_of(repeats, named_sizes(named, "repeats"), "repeat", "repeats")
    lead = len(times) - a.ndim
    if lead < 0:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    split = list(times[:lead])
    for n, own in zip(times[lead:], a.shape, strict=True):
        split += [n, own]
    return record(REPEAT, np.tile(a, times), (input,), (), (tuple(split), lead, a.shape))


def tile(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Return copies side by side; missing leading counts are 1."""
    times = shape_of(dims, named_sizes(named, "dims"))
    return repeat(input, (1,) * (input._a.ndim - len(times)) + times)


FLIP = Recorded("flip", "FlipBackward0", fresh=False)


def flip(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Return the tensor turned around along some dimensions (a copy)."""
    chosen = dims_of(shape_of(dims, named_sizes(named, "dims")), input._a.ndim) or ()
    return FLIP.record(np.flip(input._a, chosen).copy(), input, axes=chosen)


def _flat_roll_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    """The way back of a tensor that was rolled as one long vector."""
    back = tuple(-s for s in options)
    return (k.reshape(k.roll(k.reshape(g, (-1,)), back, (0,)), g.shape),)


ROLL, ROLL_FLAT = Recorded("roll", "RollBackward0", fresh=False), Rule("RollBackward0", _flat_roll_backward)


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Return the tensor shifted around along some dimensions; flattened for it without `dims`.

    Raises:
        RuntimeError: no shift, or another number of shifts than of dimensions.
    """
    a = input._a
    moved = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    dims = () if dims is None else dims
    if not moved:
        raise RuntimeError("`shifts` required")
    if dims == () and len(moved) == 1:
        if a.ndim == 1:
            return roll(input, moved, 0)
        return record(ROLL_FLAT, np.roll(a, moved), (input,), (), moved)
    given = (dims,) if isinstance(dims, int) else tuple(dims)
    if len(moved) != len(given):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(moved)}, dims:{len(given)}"
        )
    chosen = tuple(dim_of(d, a.ndim) for d in given)
    return ROLL(input, shifts=moved, axes=chosen)


def _masked_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (g * k.array(options),)


TRIL = Rule("TrilBackward0", _masked_backward, fresh=True)
TRIU = Rule("TriuBackward0", _masked_backward, fresh=True)


def _at_least_two(a: Any, called: str) -> None:
    if a.ndim < 2:
        raise RuntimeError(f"{called}: input tensor must have at least 2 dimensions")


def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """Return the lower triangle of matrices, the rest zero."""
    a = input._a
    _at_least_two(a, "tril")
    mask = np.tri(a.shape[-2], a.shape[-1], diagonal, bool)
    return record(TRIL, np.where(mask, a, np.zeros((), a.dtype)), (input,), (), mask)


def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """Return the upper triangle of matrices, the rest zero."""
    a = input._a
    _at_least_two(a, "triu")
    mask = ~np.tri(a.shape[-2], a.shape[-1], diagonal - 1, bool)
    return record(TRIU, np.where(mask, a, np.zeros((), a.dtype)), (input,), (), mask)


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
