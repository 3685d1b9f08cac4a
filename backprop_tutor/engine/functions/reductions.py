"""Reductions: sums, means, products and extremes over dimensions, with PyTorch's `dim, keepdim`."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..autograd.tape import OUT, Rule, Tensor, record, wrap
from ..tensors.dims import dims_of
from ..tensors.dtypes import DEFAULT, from_numpy_dtype
from ..tensors.kernels import max_over, sum_over
from ..tensors.quiet import hush, unhush
from .pairs import cast

__all__ = ["all", "any", "count_nonzero", "logsumexp", "mean", "std", "sum_", "var"]


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
    elif a.dtype.kind != "f":  # NumPy would sum narrow whole numbers in wider ones
        return wrap(np.asarray(sum_over(
            a, axis=None if dim is None else dims_of(dim, a.ndim), keepdims=keepdim, dtype=a.dtype
        )))
    if dim is None:
        token = hush()
        try:
            out = sum_over(a, axis=None, dtype=a.dtype)
        finally:
            unhush(token)
        if keepdim:
            out = out.reshape((1,) * a.ndim)
        return record(SUM, out, (input,), (), (a.shape, (1,) * a.ndim))
    dims = dims_of(dim, a.ndim)
    token = hush()
    try:
        out = sum_over(a, axis=dims, dtype=a.dtype, keepdims=keepdim)
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
        out = sum_over(a, axis=dims, keepdims=keepdim)
        out = out / a.dtype.type(size)
    finally:
        unhush(token)
    rule = MEAN if dim is None else MEAN_DIM
    return record(rule, out, (input,), (), (a.shape, kept(a.shape, dims), size))


def _size_of(shape: tuple[int, ...], dims: tuple[int, ...] | None) -> int:
    size = 1
    for i, n in enumerate(shape):
        if dims is None or i in dims:
            size *= n
    return size


def _var_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    keeping, dims, size, correction = options
    centred = a - k.sum(a, dims, True) / size
    return (centred * (k.reshape(g, keeping) * (2 / _positive(size - correction))),)


def _positive(n: float) -> float:
    return n if n > 0 else float("nan")


VAR = Rule("VarBackward0", _var_backward, fresh=True)


def _std_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, out = saved
    keeping, dims, size, correction = options
    centred = a - k.sum(a, dims, True) / size
    slope = k.reshape(g / (out * _positive(size - correction)), keeping)
    flat = k.equal(k.reshape(out, keeping), 0)
    return (centred * k.where(flat, k.zeros_like(slope), slope),)


STD = Rule("StdBackward0", _std_backward, fresh=True)


def _spread(
    input: Tensor, dim: Any, unbiased: Any, correction: Any, keepdim: bool, root: bool
) -> Tensor:
    called = "std" if root else "var"
    if isinstance(dim, bool):  # var(x, unbiased)
        dim, unbiased = None, dim
    if correction is None:
        correction = 1 if unbiased is None or unbiased else 0
    if input._a.dtype.kind != "f":
        raise RuntimeError("std and var only support floating point and complex dtypes")
    a = input._a
    dims = None if dim is None else dims_of(dim, a.ndim)
    size = _size_of(a.shape, dims)
    token = hush()
    try:
        if size - correction <= 0:
            _warn_of_freedom(called)
        centred = a - sum_over(a, axis=dims, keepdims=True) / a.dtype.type(size)
        total = sum_over(centred * centred, axis=dims, keepdims=keepdim)
        out = total / a.dtype.type(max(size - correction, 0))
        if root:
            out = np.sqrt(out)
    finally:
        unhush(token)
    facts = (kept(a.shape, dims), dims, size, correction)
    if root:
        return record(STD, out, (input,), (input, OUT), facts)
    return record(VAR, out, (input,), (input,), facts)


def _warn_of_freedom(called: str) -> None:
    warnings.warn(
        f"{called}(): degrees of freedom is <= 0. Correction should be strictly less than the "
        "reduction factor (input numel divided by output numel).", UserWarning, stacklevel=4,
    )


def var(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *,
    correction: Any = None,
) -> Tensor:
    """Return the variance over some dimensions; unbiased unless told otherwise."""
    return _spread(input, dim, unbiased, correction, keepdim, False)


def std(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *,
    correction: Any = None,
) -> Tensor:
    """Return the standard deviation over some dimensions; unbiased unless told otherwise."""
    return _spread(input, dim, unbiased, correction, keepdim, True)


def _logsumexp_backward(k: Any, g: Any, saved: Any, keeping: Any, need: Any) -> Any:
    a, out = saved
    return (k.exp(a - k.reshape(out, keeping)) * k.reshape(g, keeping),)


LOGSUMEXP = Rule("LogsumexpBackward0", _logsumexp_backward, fresh=True)


def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """Return log Σ exp(input) over some dimensions, without overflow."""
    if input._a.dtype.kind != "f":
        input = cast(input, DEFAULT[0].array)
    a = input._a
    dims = dims_of(dim, a.ndim)
    token = hush()
    try:
        if a.size == 0:
            out = np.log(sum_over(np.exp(a), axis=dims, keepdims=True))
        else:
            top = max_over(a, axis=dims, keepdims=True)
            top = np.where(np.isinf(top), a.dtype.type(0), top)
            out = np.log(sum_over(np.exp(a - top), axis=dims, keepdims=True)) + top
    finally:
        unhush(token)
    keeping = kept(a.shape, dims)
    if not keepdim:
        own = () if dims is None else tuple(n for i, n in enumerate(a.shape) if i not in dims)
        out = out.reshape(own)
    return record(LOGSUMEXP, out, (input,), (input, OUT), keeping)


def _truth(input: Tensor, dim: Any, keepdim: bool, ufunc: Any) -> Tensor:
    a = input._a
    out = ufunc.reduce(a.astype(bool), axis=dims_of(dim, a.ndim), keepdims=keepdim)
    return wrap(np.asarray(out if a.dtype != np.uint8 else np.asarray(out).astype(np.uint8)))


def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Return whether all elements are true (not zero)."""
    return _truth(input, dim, keepdim, np.logical_and)


def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Return whether an element is true (not zero)."""
    return _truth(input, dim, keepdim, np.logical_or)


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """Return how many elements are not zero."""
    return sum_(wrap(input._a != 0), dim)
