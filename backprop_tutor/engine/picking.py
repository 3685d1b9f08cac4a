"""Picking elements by arrays of positions, and putting them back: gather, scatter, masks."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import add, mul
from .choosing import where
from .dims import dim_of
from .dtypes import from_numpy_dtype, int64
from .indexing import explained, get, raw_key
from .kernels import RAW, along
from .pairs import NUMBERS, cast
from .tape import Rule, Tensor, record, wrap
from .tensor_kernel import GATHER

__all__ = [
    "gather", "index_add", "index_copy", "index_fill", "index_put", "index_select", "masked_fill",
    "masked_scatter", "masked_select", "scatter", "scatter_add", "take", "take_along_dim",
]


def _positions(index: Tensor, called: str) -> Any:
    a = index._a
    if not a.size:
        return a.astype(np.int64)
    if a.dtype.name not in ("int64", "int32"):
        raise RuntimeError(f"{called}(): Expected dtype int64 for index")
    return a


def _check_range(where_: Any, size: int, dim: int) -> None:
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
    a, key = input._a, _positions(index, "gather")
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
        return input.reshape(-1)[index.reshape(-1)].reshape(key.shape)  # type: ignore[no-any-return]
    _check_range(key, a.shape[at], at)
    return record(GATHER, RAW.take_along(a, key, at), (input,), (), (at, a.shape, key))


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """Return the elements at positions along a dimension, both operands broadcast."""
    if dim is None:
        return gather(input.reshape(-1), 0, indices.reshape(-1))
    at = dim_of(dim, input._a.ndim)
    a, b = list(input._a.shape), list(indices._a.shape)
    shape = list(np.broadcast_shapes((*a[:at], 1, *a[at + 1 :]), (*b[:at], 1, *b[at + 1 :])))
    left, right = list(shape), list(shape)
    left[at], right[at] = a[at], b[at]
    wrapped = wrap(indices._a % input._a.shape[at]) if indices._a.size else indices
    return gather(input.expand(left), at, wrapped.expand(right))


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
        return np.full(key.shape, src, a.dtype), None
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
    a, key = input._a, _positions(index, "scatter")
    at = dim_of(dim, a.ndim)
    source, given = _source(a, key, at, src)
    if key.ndim == 0:
        out = a.copy()
        out[...] = out + source if adds else source
        return record(SCATTER_ADD if adds else SCATTER, out, (input, given), (),
                      (0, key, adds, np.shape(source)))
    _check_range(key, a.shape[at], at)
    part = source[tuple(slice(0, n) for n in key.shape)]
    out = a.copy()
    if adds:
        np.add.at(out, along(key, at), part)
    else:
        out[along(key, at)] = part
    rule = SCATTER_ADD if adds else SCATTER
    return record(rule, out, (input, given), (), (at, key, adds, source.shape))


REDUCES = {"add": np.add, "multiply": np.multiply}


def _underived(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    raise RuntimeError("derivative for aten::scatter is not implemented")


UNDERIVED = Rule("NotImplemented", _underived)


def _reduced(input: Tensor, dim: int, index: Tensor, src: Any, combine: Any) -> Any:
    """Return the array with elements of `src` combined into it, one after another."""
    out, key = input._a.copy(), _positions(index, "scatter")
    at = dim_of(dim, out.ndim)
    source = _source(input._a, key, at, src)[0]
    if key.ndim == 0:
        return combine(out, source).astype(out.dtype)
    _check_range(key, out.shape[at], at)
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
    if reduce not in REDUCES:
        raise RuntimeError("reduce argument must be either add or multiply.")
    return record(UNDERIVED, _reduced(input, dim, index, given, REDUCES[reduce]), (
        input, given if isinstance(given, Tensor) else None))


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """Return the input with elements of `src` added at positions along a dimension."""
    return _scatter(input, dim, index, src, True)


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Return the slices along a dimension that the index names.

    Raises:
        IndexError: a position out of range.
    """
    key = _positions(index, "index_select")
    at = dim_of(dim, input._a.ndim)
    if key.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if input._a.ndim == 0:
        return input.clone()  # type: ignore[no-any-return]
    size = input._a.shape[at]
    if key.size and (key.min() < 0 or key.max() >= size):
        raise IndexError("index out of range in self")
    found = (slice(None),) * at + (np.atleast_1d(key),)
    return record(INDEX_SELECT, input._a[found], (input,), (), (found, input._a.shape, False))


def _select_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    key, shape, plain = options
    return (k.put(g, key, shape, plain),)


INDEX_SELECT = Rule("IndexSelectBackward0", _select_backward, fresh=True)


def take(input: Tensor, index: Tensor) -> Tensor:
    """Return the elements at positions in the flattened tensor."""
    key = _positions(index, "take")
    size = input._a.size
    if key.size and (key.min() < -size or key.max() >= size):
        raise IndexError("out of range: tried to access index "
                         f"{int(key.max())} on a tensor of {size} elements.")
    return input.reshape(-1)[index]  # type: ignore[no-any-return]


def _key_of(dim: int, index: Tensor) -> Any:
    return (slice(None),) * dim + (index,)


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """Return the input with slices of `source` added where the index says."""
    at = dim_of(dim, input._a.ndim)
    part = source if alpha == 1 else source * alpha
    if input._a.ndim == 0:
        return add(input, part.reshape(()))
    return index_put(input, _key_of(at, index), part, accumulate=True)


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """Return the input with slices replaced by those of `source` where the index says."""
    at = dim_of(dim, input._a.ndim)
    if input._a.ndim == 0:
        return add(source.reshape(()), mul(input, 0))
    return index_put(input, _key_of(at, index), source)


def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """Return the input with slices filled by a value where the index says."""
    at = dim_of(dim, input._a.ndim)
    given = value if isinstance(value, Tensor) else wrap(np.asarray(value, input._a.dtype))
    if input._a.ndim == 0:
        return where(wrap(np.ones((), bool)), given, input)  # type: ignore[no-any-return]
    return index_put(input, _key_of(at, wrap(np.unique(index._a % input._a.shape[at]))), given)


def _put_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    key, shape, adds = options
    rest = part = None
    if need[0]:
        rest = g
        if not adds:
            mask = np.ones(g.shape, bool)
            mask[key] = False
            rest = g * k.array(mask)
    if need[1]:
        part = k.fit(k.index(g, key), shape)
    return rest, part


INDEX_PUT = Rule("IndexPutBackward0", _put_backward)


def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """Return the input with values put (or added) at positions."""
    key, _ = raw_key(tuple(indices))
    a = input._a
    if values._a.dtype != a.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{from_numpy_dtype(a.dtype).short} for the destination and "
            f"{from_numpy_dtype(values._a.dtype).short} for the source."
        )
    out = a.copy()
    try:
        if accumulate:
            np.add.at(out, key, values._a)
        else:
            out[key] = values._a
    except IndexError as error:
        raise explained(error, a, key) from None
    return record(INDEX_PUT, out, (input, values), (), (key, values._a.shape, accumulate))


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """Return the input with a value where the mask is true."""
    m = mask._a
    if m.dtype.kind != "b":
        raise RuntimeError("masked_fill_ only supports boolean masks, but got mask with dtype "
                           f"{mask.dtype.short.lower()}")
    if isinstance(value, Tensor):
        if value._a.ndim:
            raise RuntimeError(
                "masked_fill only supports a 0-dimensional value tensor, but got tensor with "
                f"{value._a.ndim} dimension(s)."
            )
        given: Any = cast(value, input._a.dtype)
    else:
        given = wrap(np.asarray(value).astype(input._a.dtype))
    shape = np.broadcast_shapes(input._a.shape, m.shape)
    out = np.where(m, given._a, input._a)
    return record(MASKED_FILL, out, (input, given), (np.broadcast_to(m, shape),), input._a.shape)


def _fill_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (mask,) = saved
    zero = k.zeros_like(g)
    return (
        k.fit(k.where(mask, zero, g), options) if need[0] else None,
        k.fit(k.where(mask, g, zero), ()) if need[1] else None,
    )


MASKED_FILL = Rule("MaskedFillBackward0", _fill_backward)


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """Return the elements where the mask is true, in one dimension."""
    if mask._a.dtype.kind != "b":
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = np.broadcast_shapes(input._a.shape, mask._a.shape)
    return get(input.expand(shape), mask.expand(shape))


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """Return the input with the first elements of `source` where the mask is true."""
    shape = np.broadcast_shapes(input._a.shape, mask._a.shape)
    m = np.broadcast_to(mask._a, shape)
    count = int(m.sum())
    if source._a.size < count:
        raise RuntimeError("masked_scatter: expected self and source to have enough elements")
    return index_put(input.expand(shape), (wrap(m),), source.reshape(-1)[:count])


