"""Products over dimensions, running sums and products, and norms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dims import dim_of, dims_of
from .pairs import cast
from .recorded import Recorded

__all__ = ["cumprod", "cumsum", "prod", "vector_norm"]


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
        raise NotImplementedError(f"\"{called}_out_cpu\" not implemented for 'Bool'")
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
