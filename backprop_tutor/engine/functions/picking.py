"""Picking elements by arrays of positions, and putting them back, where several may meet."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW, along
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dims import dim_of
from ..tensors.dtypes import C_NAMES, converted, int64
from .indexing import GATHER, get, places_backward
from .pairs import NUMBERS, broadcast_error, cast
from .recorded import Recorded

__all__ = ["gather", "index_select", "masked_fill", "masked_select", "scatter", "scatter_add"]


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


_REDUCE = (
    "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed in a "
    "future PyTorch release. Use torch.scatter_reduce instead for more reduction options."
)


def _scatter_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    dim, key, adds, shape = options
    rest = part = None
    if need[0]:
        rest = g
        if not adds:
            mask = np.ones(g.shape, bool)
            mask[along(key, dim)] = False
            rest = g * k.array(mask)
    if need[1]:
        part = k.take_along(g, key, dim)
        if shape != key.shape:
            part = k.put(part, tuple(slice(0, n) for n in key.shape), shape, True)
    return rest, part


SCATTER = Rule("ScatterBackward0", _scatter_backward)
SCATTER_ADD = Rule("ScatterAddBackward0", _scatter_backward)


def _source(a: Any, key: Any, at: int, src: Any) -> tuple[Any, Tensor | None]:
    """Return what is scattered as an array, and its tensor where it is one."""
    if isinstance(src, NUMBERS):
        return np.full(key.shape, converted(src, a.dtype), a.dtype), None
    if src._a.dtype != a.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    source = src._a
    for d in range(key.ndim):
        if key.shape[d] > source.shape[d] or (d != at and key.shape[d] > a.shape[d]):
            raise RuntimeError(
                f"Expected index {list(key.shape)} to be no larger than self {list(a.shape)} "
                f"apart from dimension {at} and to be no larger size than src "
                f"{list(source.shape)}"
            )
    return source, src


def _scatter(input: Tensor, dim: int, index: Tensor, src: Any, adds: bool) -> Tensor:
    a, key = input._a, positions_of(index, "scatter")
    at = dim_of(dim, a.ndim)
    if a.ndim != key.ndim and a.ndim and key.ndim:
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    source, given = _source(a, key, at, src)
    if key.ndim == 0:
        out = a.copy()
        out[...] = out + source if adds else source
        return record(SCATTER_ADD if adds else SCATTER, out, (input, given), (index,),
                      (0, key, adds, np.shape(source)))
    check_range(key, a.shape[at], at)
    part = source[tuple(slice(0, n) for n in key.shape)]
    out = a.copy()
    if adds:
        np.add.at(out, along(key, at), part)
    else:
        out[along(key, at)] = part
    rule = SCATTER_ADD if adds else SCATTER
    return record(rule, out, (input, given), (index,), (at, key, adds, source.shape))


REDUCES = {"add": np.add, "multiply": np.multiply}


def _underived(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    raise RuntimeError("derivative for aten::scatter is not implemented")


UNDERIVED = Rule("NotImplemented", _underived)


def _reduced(input: Tensor, dim: int, index: Tensor, src: Any, combine: Any) -> Any:
    """Return the array with elements of `src` combined into it, one after another."""
    out, key = input._a.copy(), positions_of(index, "scatter")
    at = dim_of(dim, out.ndim)
    source = _source(input._a, key, at, src)[0]
    if key.ndim == 0:
        return combine(out, source).astype(out.dtype)
    check_range(key, out.shape[at], at)
    combine.at(out, along(key, at), source[tuple(slice(0, n) for n in key.shape)])
    return out


def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, *, value: Any = None,
    reduce: str | None = None,
) -> Tensor:
    """Return the input with elements of `src` (or a value) put at positions along a dimension.

    With `reduce`, "add" or "multiply", they are added to what is there or multiply it; that has no
    gradient (`scatter_add` has one).

    Raises:
        RuntimeError: another word for `reduce`; a gradient asked of it.
    """
    given = src if value is None else value
    if reduce is None:
        return _scatter(input, dim, index, given, False)
    if isinstance(given, Tensor):
        warnings.warn(_REDUCE, UserWarning, stacklevel=2)
    if reduce not in REDUCES:
        raise RuntimeError("reduce argument must be either add or multiply.")
    return record(UNDERIVED, _reduced(input, dim, index, given, REDUCES[reduce]), (
        input, given if isinstance(given, Tensor) else None))


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """Return the input with elements of `src` added at positions along a dimension."""
    return _scatter(input, dim, index, src, True)
