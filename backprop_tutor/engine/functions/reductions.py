"""Reductions and running results: sums, means, products over dimensions, with PyTorch's `dim, keepdim`."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ...choices import Reduction
from ...ops.array_kernel import sum_over
from ...ops.sizes import count_of
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dims import dim_of, dims_of
from ..tensors.dtypes import DEFAULT, from_numpy_dtype, not_defined
from .pairs import cast
from .recorded import Recorded

__all__ = [
    "all", "any", "count_nonzero", "cumprod", "cumsum", "logsumexp", "mean", "prod", "std", "sum_",
    "var", "vector_norm",
]


SUM, SUM_DIM = Recorded("sum", "SumBackward0"), Recorded("sum", "SumBackward1")
MEAN, MEAN_DIM = Recorded("mean", "MeanBackward0"), Recorded("mean", "MeanBackward1")
VAR, STD = Recorded("var", "VarBackward0"), Recorded("std", "StdBackward0")
LOGSUMEXP = Recorded("logsumexp", "LogsumexpBackward0")


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
    dims = None if dim is None else dims_of(dim, a.ndim)
    rule = SUM if dim is None else SUM_DIM
    return rule.record(rule.value(a, axis=dims, keepdims=keepdim), input, axis=dims, keepdims=keepdim)


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
    return (MEAN if dim is None else MEAN_DIM)(input, axis=dims, keepdims=keepdim)


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
    if count_of(a.shape, dims) - correction <= 0:
        _warn_of_freedom(called)
    rule = STD if root else VAR
    return rule(input, axis=dims, keepdims=keepdim, correction=correction)


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


def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """Return log Σ exp(input) over some dimensions, without overflow."""
    if input._a.dtype.kind != "f":
        input = cast(input, DEFAULT[0].array)
    return LOGSUMEXP(input, axis=dims_of(dim, input._a.ndim), keepdims=keepdim)


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


PROD_ALL, PROD = Recorded("prod", "ProdBackward0"), Recorded("prod", "ProdBackward1")
CUMSUM, CUMPROD = Recorded("cumsum", "CumsumBackward0"), Recorded("cumprod", "CumprodBackward0")
NORM = Recorded("norm", "LinalgVectorNormBackward0")
ALONE = {
    name: Rule(f"{name}Backward0", lambda k, g, saved, options, need: (g,))
    for name in ("Cumsum", "Cumprod")
}
"""The nodes of running sums and products of one number: itself."""
COUNT = Rule("LinalgVectorNormBackward0", lambda k, g, saved, options, need: (None,))
"""The node of the norm of order 0, a count, which has no gradient at all."""


def prod(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """Return the product over one dimension, over all without `dim`."""
    if dtype is not None:
        input = cast(input, dtype.array)
    a = input._a
    if a.dtype.kind != "f" and dtype is None:
        a = a.astype(np.int64)
    if dim is None or a.ndim == 0:
        if dim is not None:
            dim_of(dim, a.ndim)
        return PROD_ALL.record(PROD_ALL.value(a), input)
    at = dim_of(dim, a.ndim)
    return PROD.record(PROD.value(a, axis=at, keepdims=keepdim), input, axis=at, keepdims=keepdim)


def _in_dtype(input: Tensor, dtype: Any, called: str) -> Tensor:
    """Return the operand of a running sum or product in the dtype that was asked for."""
    if dtype is None:
        return input
    if dtype.array.kind == "b":
        raise not_defined(called, dtype.array, made=True)
    return cast(input, dtype.array)


def cumsum(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """Return the running sums along a dimension; whole numbers sum to int64 unless told otherwise.

    Raises:
        NotImplementedError: sums as booleans.
    """
    input = _in_dtype(input, dtype, "cumsum")
    a = input._a
    at = dim_of(dim, a.ndim)
    kind = a.dtype if a.dtype.kind == "f" or dtype is not None else np.dtype(np.int64)
    if a.ndim == 0:
        return record(ALONE["Cumsum"], a.astype(kind), (input,))
    return CUMSUM.record(np.cumsum(a, axis=at, dtype=kind), input, axis=at)


def cumprod(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """Return the running products along a dimension; of whole numbers int64 unless told otherwise.

    Raises:
        NotImplementedError: products as booleans.
    """
    input = _in_dtype(input, dtype, "cumprod")
    a = input._a
    at = dim_of(dim, a.ndim)
    if a.dtype.kind != "f":
        kind = np.dtype(np.int64) if dtype is None else a.dtype
        return wrap(np.cumprod(np.atleast_1d(a), axis=at, dtype=kind).reshape(a.shape))
    if a.ndim == 0:
        return record(ALONE["Cumprod"], a.copy(), (input,))
    return CUMPROD(input, axis=at)


def _without_identity(shape: tuple[int, ...], p: float, dims: tuple[int, ...] | None) -> None:
    """Refuse the largest or smallest of nothing."""
    where = "an empty tensor" if dims is None else None
    for d in dims or ():
        if shape and not shape[d]:
            where = f"the dimension {d}because this dimension is empty and"  # as PyTorch spells it
            break
    if where is None:
        return
    rest = "because the operation does" if dims is None else "the operation does"
    raise RuntimeError(
        f"linalg.vector_norm cannot compute the {p:g} norm on {where} {rest} not have an identity"
    )


def vector_norm(
    x: Tensor, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """Return (Σ|x|^ord)^(1/ord) over some dimensions; ord may also be 0, inf and -inf."""
    if dtype is not None:
        x = cast(x, dtype.array)
    a = x._a
    if a.dtype.kind != "f":
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{x.dtype.short}"
        )
    dims = None if dim is None else dims_of(dim, a.ndim)
    p = float(ord)
    if not a.size and (p < 0 or p == math.inf):
        _without_identity(a.shape, p, dims)
    if p == 0:
        return record(COUNT, NORM.value(a, p=0, axis=dims, keepdims=keepdim), (x,))
    return NORM(x, p=p, axis=dims, keepdims=keepdim)


REDUCTIONS = ("mean", "sum", "none")
"""What may become of the values of a loss."""


def from_switches(size_average: bool | None, reduce: bool | None) -> Reduction:
    """Return the reduction that the older pair of switches means, with a warning."""
    averaged = size_average is None or size_average
    wanted = reduce is None or reduce
    reduction: Reduction = ("mean" if averaged else "sum") if wanted else "none"
    warnings.warn(
        "size_average and reduce args will be deprecated, please use "
        f"reduction='{reduction}' instead.", UserWarning, stacklevel=4,
    )
    return reduction


def check_reduction(
    reduction: Any, size_average: bool | None = None, reduce: bool | None = None
) -> str:
    """Return the reduction: "none", "mean" or "sum".

    Raises:
        ValueError: another word.
    """
    if size_average is not None or reduce is not None:
        reduction = from_switches(size_average, reduce)
    if reduction not in REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return str(reduction)
