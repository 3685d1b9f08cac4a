"""Putting elements at positions along a dimension: scatter, and what happens where several meet."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .dims import dim_of
from .dtypes import converted
from .kernels import RAW, along
from .pairs import NUMBERS
from .picking import check_range, positions_of
from .tape import OUT, Rule, Tensor, record, wrap

__all__ = ["scatter", "scatter_add", "scatter_reduce"]

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


def _joined(a: Any, key: Any, at: int, part: Any, reduce: str, include_self: bool) -> tuple[Any, Any]:
    """Return the array with elements joined to it at positions, and how many arrived at each."""
    where = along(key, at)
    arrived = np.zeros(a.shape, np.int64)
    np.add.at(arrived, where, 1)
    kind = a.dtype
    start: Any = {"prod": 1, "sum": 0, "mean": 0}.get(reduce)
    if start is None:
        lowest, highest = (-np.inf, np.inf) if kind.kind == "f" else (
            (False, True) if kind.kind == "b" else (np.iinfo(kind).min, np.iinfo(kind).max))
        start = lowest if reduce == "amax" else highest
    out = a.copy() if include_self else np.where(arrived > 0, np.asarray(start).astype(kind), a)
    _JOINING[reduce].at(out, where, part)
    return out, arrived


def _prod_backward(k: Any, g: Any, saved: Any, options: Any, mine: Any) -> Any:
    """The way back of products: what is 0 has the product of the others, all else out/itself.

    Where several elements of `src` are 0 together, none of them has a slope.
    """
    a, source, out = saved
    key, at, _, include_self, _ = options

    def product(own: Any, part: Any) -> Any:
        if k is RAW:
            return _joined(own, key, at, part, "prod", include_self)[0]
        return scatter_reduce(own, at, wrap(key), part, "prod", include_self=include_self)

    one, ones = k.zeros_like(a) + 1, k.zeros_like(source) + 1
    still, none = k.equal(a, 0), k.equal(source, 0)
    safe = k.where(still, one, a)
    rest = g * product(safe, source) / safe * mine
    zeros = k.put_along(none * ones, key, at, a.shape)
    alone = none * k.equal(k.take_along(zeros, key, at), 1)
    others = product(a, k.where(alone, ones, source))
    part = k.where(
        alone, k.take_along(g * others, key, at),
        k.take_along(g * out, key, at) / k.where(none, ones, source),
    )
    return rest, part


def _reduce_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, source, out = saved
    key, at, reduce, include_self, counts = options
    gathered = k.take_along(g, key, at)
    touched = k.array(counts[0] > 0)
    share = k.array(counts[1])
    mine: Any = 1.0 if include_self else k.where(touched, k.zeros_like(g), k.zeros_like(g) + 1)
    if reduce == "sum":
        rest, part = g * mine, gathered
    elif reduce == "mean":
        rest, part = g * mine / share, gathered / k.array(counts[1][along(key, at)])
    elif reduce == "prod":
        rest, part = _prod_backward(k, g, saved, options, mine)
    else:
        met = k.equal(source, k.take_along(out, key, at))
        own = k.equal(a, out) * mine
        total = k.put_along(met * (gathered * 0 + 1), key, at, a.shape) + own
        even = g / k.where(k.equal(total, 0), k.zeros_like(g) + 1, total)
        rest, part = even * own, met * k.take_along(even, key, at)
    return rest if need[0] else None, part if need[1] else None


SCATTER_REDUCE = Rule("ScatterReduceBackward0", _reduce_backward)
_JOINING = {
    "sum": np.add, "mean": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum,
}


def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """Return the input with elements of `src` joined to it at positions along a dimension.

    `reduce` is sum, prod, mean, amax or amin; without `include_self` the input's own elements
    do not count where something arrives.

    Raises:
        RuntimeError: another `reduce`, positions out of range, two dtypes.
    """
    if reduce not in _JOINING:
        raise RuntimeError(
            "reduce argument must be either sum, prod, mean, amax or amin, got " + reduce
        )
    a, key = input._a, positions_of(index, "scatter")
    at = dim_of(dim, a.ndim)
    if a.ndim != key.ndim and a.ndim and key.ndim:
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    if not a.ndim or not key.ndim:  # a single element is a vector of one
        whole, flat = (x.reshape(1) if x.ndim == 0 else x for x in (input, src))
        found = scatter_reduce(whole, 0, index.reshape(-1), flat, reduce, include_self=include_self)
        return found.reshape(a.shape)  # type: ignore[no-any-return]
    _source(a, key, at, src)
    check_range(key, a.shape[at], at)
    kind = a.dtype
    if src._a.shape != key.shape:
        src = src[tuple(slice(0, n) for n in key.shape)]
    out, arrived = _joined(a, key, at, src._a, reduce, include_self)
    shares = np.maximum(arrived + include_self, 1)
    if reduce == "mean":
        out = out / shares.astype(kind) if kind.kind == "f" else out // shares
    counts = (arrived, shares.astype(kind))
    return record(
        SCATTER_REDUCE, out.astype(kind), (input, src), (input, src, OUT),
        (key, at, reduce, include_self, counts),
    )
