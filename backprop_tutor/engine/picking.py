"""Picking elements by arrays of positions, and putting them back: gather, index_..., masks."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import add
from .choosing import where
from .dims import dim_of
from .dtypes import converted, from_numpy_dtype, int64
from .indexing import explained, get, raw_key
from .kernels import RAW
from .linear_algebra import C_NAMES
from .pairs import broadcast_error, cast
from .tape import POSITIONS, Rule, Tensor, record, wrap
from .tensor_kernel import GATHER

__all__ = [
    "gather", "index_add", "index_copy", "index_fill", "index_put", "index_select", "masked_fill",
    "masked_scatter", "masked_select", "put", "take", "take_along_dim",
]


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
        return input.reshape(-1)[index.reshape(-1)].reshape(key.shape)  # type: ignore[no-any-return]
    check_range(key, a.shape[at], at)
    return record(GATHER, RAW.take_along(a, key, at), (input,), (index,), (at, a.shape, key))


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
        return input.clone()  # type: ignore[no-any-return]
    size = input._a.shape[at]
    if key.size and (key.min() < 0 or key.max() >= size):
        if at == 0:
            raise IndexError("index out of range in self")
        bad = int(key[(key < 0) | (key >= size)][0])
        raise RuntimeError(f"INDICES element is out of DATA bounds, id={bad} axis_dim={size}")
    found = (slice(None),) * at + (np.atleast_1d(key),)
    return record(INDEX_SELECT, input._a[found], (input,), (index,), (found, input._a.shape, False))


def _select_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    key, shape, plain = options
    return (k.put(g, key, shape, plain),)


INDEX_SELECT = Rule("IndexSelectBackward0", _select_backward, fresh=True)


def take(input: Tensor, index: Tensor) -> Tensor:
    """Return the elements at positions in the flattened tensor."""
    key = positions_of(index, "take")
    size = input._a.size
    if key.size and (key.min() < -size or key.max() >= size):
        raise IndexError("out of range: tried to access index "
                         f"{int(key.max())} on a tensor of {size} elements.")
    return input.reshape(-1)[index]  # type: ignore[no-any-return]


def _key_of(dim: int, index: Tensor) -> Any:
    return (slice(None),) * dim + (index,)


def _check_slices(called: str, input: Tensor, at: int, index: Tensor, source: Tensor) -> None:
    """Refuse slices that do not fit where the index wants them, in PyTorch's words."""
    adds = called == "index_add_"
    own, given, names = input._a.shape, source._a.shape, (input.dtype.short, source.dtype.short)
    if index._a.dtype.name != "int64" and not (adds and index._a.dtype.name == "int32"):
        wanted = "Expected dtype int32/int64 for index but got: " if adds else (
            "Expected a long tensor for index, but got ")
        raise RuntimeError(f"{called}(): {wanted}{index.dtype.short}")
    if names[0] != names[1]:
        raise RuntimeError(
            f"{called}(): self ({names[0]}) and source ({names[1]}) must have the same scalar type"
            if adds else
            f"{called}(): self and source expected to have the same dtype, but got (self) {names[0]} "
            f"and (source) {names[1]}"
        )
    if index._a.ndim > 1 and adds:
        raise IndexError(
            f"{called}(): Index is supposed to be a vector, but got dim: {index._a.ndim} with type: "
            f"{index.dtype.short} and size: {list(index._a.shape)}"
        )
    count = index._a.size
    if source._a.ndim and given[min(at, len(given) - 1)] != count:
        if adds:
            raise RuntimeError(
                f"{called}(): Number of indices ({count}) should be equal to source.size(dim): "
                f"({given[at]}), for dim: {at}"
            )
        raise IndexError(
            f"{called}(): Number of indices ({count}) should be equal to source.size(dim) "
            f"({given[at]})"
        )
    if adds and own[:at] + own[at + 1 :] != given[:at] + given[at + 1 :] and own:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(own)} source.shape = {list(given)}"
        )
    for i in index._a.reshape(-1).tolist() if own else ():
        if not 0 <= i < own[at]:
            if not adds:
                raise IndexError(
                    f"{called}(): index {i} is out of bounds for dimension {at} with size {own[at]}"
                )
            if len(own) == 1:
                raise IndexError("index out of range in self")
            raise RuntimeError(
                f"index {i} is out of bounds for dimension {at} with size {own[at]}"
            )


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """Return the input with slices of `source` added where the index says."""
    at = dim_of(dim, input._a.ndim)
    _check_slices("index_add_", input, at, index, source)
    part = source if alpha == 1 else source * alpha
    if input._a.ndim == 0:
        return add(input, part.reshape(()))
    return index_put(input, _key_of(at, index), part, accumulate=True)


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """Return the input with slices replaced by those of `source` where the index says."""
    at = dim_of(dim, input._a.ndim)
    _check_slices("index_copy_", input, at, index, source)
    if input._a.ndim == 0:
        return where(wrap(np.ones((), bool)), source.reshape(()), input)  # type: ignore[no-any-return]
    return index_put(input, _key_of(at, index), source)


def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """Return the input with slices filled by a value where the index says."""
    at = dim_of(dim, input._a.ndim)
    if index._a.dtype.name not in ("int64", "int32"):
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    for i in index._a.reshape(-1).tolist() if input._a.ndim else ():
        if not -input._a.shape[at] <= i < input._a.shape[at]:
            raise IndexError(
                f"index {i} is out of bounds for dimension {at} with size {input._a.shape[at]}"
            )
    given = value if isinstance(value, Tensor) else wrap(
        np.asarray(converted(value, input._a.dtype)))
    if input._a.ndim == 0:
        return where(wrap(np.ones((), bool)), given, input)  # type: ignore[no-any-return]
    places = wrap(np.unique(index._a % input._a.shape[at]))
    return index_put(input, _key_of(at, places), given, rule=INDEX_FILL)


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
INDEX_FILL = Rule("IndexFillBackward0", _put_backward)


def index_put(
    input: Tensor, indices: Any, values: Tensor, accumulate: bool = False, *,
    rule: Rule = INDEX_PUT,
) -> Tensor:
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
    return record(rule, out, (input, values), POSITIONS, (key, values._a.shape, accumulate))


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
    shape = _common(input, mask)
    out = np.where(m, given._a, input._a)
    kept = (np.broadcast_to(m, shape), mask)
    return record(MASKED_FILL, out, (input, given), kept, input._a.shape)


def _common(input: Tensor, mask: Tensor) -> tuple[int, ...]:
    try:
        return tuple(np.broadcast_shapes(input._a.shape, mask._a.shape))
    except ValueError:
        raise broadcast_error(mask._a.shape, input._a.shape) from None


def _fill_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    mask = saved[0]
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
    shape = _common(input, mask)
    return get(input.expand(shape), mask.expand(shape))


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """Return the input with the first elements of `source` where the mask is true."""
    shape = _common(input, mask)
    m = np.broadcast_to(mask._a, shape)
    count = int(m.sum())
    if source._a.size < count:
        raise RuntimeError("masked_scatter: expected self and source to have enough elements")
    return index_put(input.expand(shape), (wrap(m),), source.reshape(-1)[:count])




def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """Return the input with elements of `source` put (or added) at positions counted through it.

    Raises:
        IndexError: a position outside the tensor.
    """
    key, size = positions_of(index, "take"), input._a.size
    bad = key[(key < -size) | (key >= size)]
    if bad.size:
        raise IndexError(
            f"out of range: tried to access index {int(bad[0])} on a tensor of {size} elements."
        )
    flat = index_put(input.reshape(-1), (index.reshape(-1),), source.reshape(-1), accumulate)
    return flat.reshape(input._a.shape)  # type: ignore[no-any-return]
