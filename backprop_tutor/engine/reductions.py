"""Reductions: sums, means, products and extremes over dimensions, with PyTorch's `dim, keepdim`."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dims import dims_of
from .dtypes import from_numpy_dtype
from .pairs import cast
from .quiet import hush, unhush
from .tape import Rule, Tensor, record

__all__ = ["mean", "sum_"]


def kept(shape: tuple[int, ...], dims: tuple[int, ...] | None) -> tuple[int, ...]:
    """Return the shape with the reduced dimensions kept at size 1."""
    if dims is None:
        return (1,) * len(shape)
    return tuple(1 if i in dims else n for i, n in enumerate(shape))


def _sum_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    shape, keeping = options
    return (k.expand(k.reshape(g, keeping), shape),)


SUM = Rule("SumBackward0", _sum_backward, fresh=True)
SUM_DIM = Rule("SumBackward1", _sum_backward, fresh=True)


def spread(given: tuple[Any, ...], dim: Any) -> Any:
    """Return the dims of a method call as one: `x.sum(0, 1)`."""
    return given if given else dim


def sum_(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None,
) -> Tensor:
    """Return the sum over some dimensions, over all without `dim`. Integers sum to int64."""
    if dtype is not None:
        input = cast(input, dtype.array)
    a = input._a
    if a.dtype.kind != "f" and dtype is None:
        a = a.astype(np.int64)
    if dim is None:
        token = hush()
        try:
            out = np.add.reduce(a, axis=None)
        finally:
            unhush(token)
        if keepdim:
            out = out.reshape((1,) * a.ndim)
        return record(SUM, out, (input,), (), (a.shape, (1,) * a.ndim))
    dims = dims_of(dim, a.ndim)
    token = hush()
    try:
        out = np.add.reduce(a, axis=dims, keepdims=keepdim)
    finally:
        unhush(token)
    return record(SUM_DIM, out, (input,), (), (a.shape, kept(a.shape, dims)))


def _mean_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    shape, keeping, size = options
    return (k.expand(k.reshape(g / size, keeping), shape),)


MEAN = Rule("MeanBackward0", _mean_backward, fresh=True)
MEAN_DIM = Rule("MeanBackward1", _mean_backward, fresh=True)


def mean(
    input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None,
) -> Tensor:
    """Return the mean over some dimensions, over all without `dim`.

    Raises:
        RuntimeError: integers, for which PyTorch has no mean.
    """
    if dtype is not None:
        input = cast(input, dtype.array)
    a = input._a
    if a.dtype.kind != "f":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or "
            f"complex dtype. Got: {from_numpy_dtype(a.dtype).short}"
        )
    dims = None if dim is None else dims_of(dim, a.ndim)
    if dims is None:
        size = a.size
    else:
        size = 1
        for d in dims:
            size *= a.shape[d]
    token = hush()
    try:
        out = np.add.reduce(a, axis=dims, keepdims=keepdim)
        out = out / a.dtype.type(size)
    finally:
        unhush(token)
    rule = MEAN if dim is None else MEAN_DIM
    return record(rule, out, (input,), (), (a.shape, kept(a.shape, dims), size))
