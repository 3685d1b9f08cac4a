"""Putting elements at positions along a dimension: scatter, and what happens where several meet."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...ops.array_kernel import along
from ..autograd.tape import Rule, Tensor, record
from ..tensors.dims import dim_of
from ..tensors.dtypes import converted
from .pairs import NUMBERS
from .picking import check_range, positions_of

__all__ = ["scatter", "scatter_add"]

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
