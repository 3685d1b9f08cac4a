"""Products over dimensions, running sums and products, and norms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.tape import OUT, Rule, Tensor, record, wrap
from ..tensors.dims import dim_of, dims_of
from ..tensors.kernels import max_over, min_over, product_over, sum_over
from ..tensors.quiet import hush, unhush
from .pairs import cast
from .reductions import kept

__all__ = ["cumprod", "cumsum", "prod", "vector_norm"]


def _prod_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    keeping, dim = options
    # What an element is multiplied by: the product of all before it and all after it.
    n = a.shape[dim]
    one = k.zeros(keeping, a) + 1
    lead = (slice(None),) * dim
    before, after = [one], [one]
    for i in range(n - 1):
        before.append(before[-1] * k.index(a, (*lead, slice(i, i + 1))))
        after.append(after[-1] * k.index(a, (*lead, slice(n - 1 - i, n - i))))
    if not n:
        return (k.zeros_like(a),)
    others = [x * y for x, y in zip(before, reversed(after), strict=True)]
    return (k.concatenate(others, dim) * k.reshape(g, keeping),)


PROD = Rule("ProdBackward1", _prod_backward, fresh=True)


def _prod_all_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    flat = k.reshape(a, (-1,))
    (back,) = _prod_backward(k, g, (flat,), ((1,), 0), need)
    return (k.reshape(back, options),)


PROD_ALL = Rule("ProdBackward0", _prod_all_backward, fresh=True)


def prod(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """Return the product over one dimension, over all without `dim`."""
    if dtype is not None:
        input = cast(input, dtype.array)
    a = input._a
    if a.dtype.kind != "f" and dtype is None:
        a = a.astype(np.int64)
    token = hush()
    try:
        if dim is None:
            out = product_over(a, axis=None, dtype=a.dtype)
            return record(PROD_ALL, out, (input,), (input,), a.shape)
        at = dim_of(dim, a.ndim)
        if a.ndim == 0:
            return record(PROD_ALL, a.copy(), (input,), (input,), a.shape)
        out = product_over(a, axis=at, dtype=a.dtype, keepdims=keepdim)
    finally:
        unhush(token)
    return record(PROD, out, (input,), (input,), (kept(a.shape, (at,)), at))


def _cumsum_backward(k: Any, g: Any, saved: Any, dim: Any, need: Any) -> Any:
    if dim is None:
        return (g,)
    return (k.flip(k.cumsum(k.flip(g, (dim,)), dim), (dim,)),)


CUMSUM = Rule("CumsumBackward0", _cumsum_backward)


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
        return record(CUMSUM, a.astype(kind), (input,), (), None)
    return record(CUMSUM, np.cumsum(a, axis=at, dtype=kind), (input,), (), at)


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
        return record(CUMPROD, a.copy(), (input,), (input,), None)
    return record(CUMPROD, np.cumprod(a, axis=at, dtype=a.dtype), (input,), (input,), at)


def _cumprod_backward(k: Any, g: Any, saved: Any, dim: Any, need: Any) -> Any:
    (a,) = saved
    if dim is None:
        return (g,)
    # Element i takes part in every running product from i on: walk back, keeping the tail's sum.
    n = a.shape[dim]
    if not n:
        return (g,)
    lead = (slice(None),) * dim

    def at(x: Any, i: int) -> Any:
        return k.index(x, (*lead, slice(i, i + 1)))

    before = [k.zeros_like(at(a, 0)) + 1]
    for i in range(n - 1):
        before.append(before[-1] * at(a, i))
    tail: Any = None
    found = []
    for i in range(n - 1, -1, -1):
        tail = at(g, i) if tail is None else at(g, i) + at(a, i + 1) * tail
        found.append(before[i] * tail)
    return (k.concatenate(found[::-1], dim),)


CUMPROD = Rule("CumprodBackward0", _cumprod_backward, fresh=True)



def _norm_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, out = saved
    keeping, p, dims = options
    g = k.reshape(g, keeping)
    norm = k.reshape(out, keeping)
    if p == 0:  # a count has no gradient at all
        return (None,)
    if p == 1:
        return (g * k.sign(a),)
    if p == 2:
        # the division stands unguarded, as PyTorch's: at 0 the second derivative is nan
        return (k.where(k.equal(norm, 0), k.zeros_like(a), a * (g / norm)),)
    if math.isinf(p):
        hit = k.equal(k.absolute(a), norm) * k.sign(a)
        count = k.sum(hit * hit, dims, True)
        return (k.where(k.equal(norm, 0), k.zeros_like(hit * g), hit * (g / count)),)
    size = k.absolute(a)
    if p < 1:
        slope = k.power(size, p - 1)
        slope = k.sign(a) * k.where(k.equal(a, 0), k.zeros_like(slope), slope)
        return (slope * g * k.power(norm, 1 - p),)
    slope = a * k.power(size, p - 2) if p > 2 else k.sign(a) * k.power(size, p - 1)
    ratio = g / k.power(norm, p - 1)
    return (slope * k.where(k.equal(norm, 0), k.zeros_like(ratio), ratio),)


NORM = Rule("LinalgVectorNormBackward0", _norm_backward, fresh=True)


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
    size = np.absolute(a)
    token = hush()
    try:
        if p == math.inf:
            out = max_over(size, axis=dims, keepdims=keepdim)
        elif p == -math.inf:
            out = min_over(size, axis=dims, keepdims=keepdim)
        elif p == 0:
            out = sum_over((size != 0).astype(a.dtype), axis=dims, keepdims=keepdim)
        elif p == 1:
            out = sum_over(size, axis=dims, keepdims=keepdim)
        elif p == 2:
            out = np.sqrt(sum_over(a * a, axis=dims, keepdims=keepdim))
        else:
            total = sum_over(np.power(size, a.dtype.type(p)), axis=dims, keepdims=keepdim)
            out = np.power(total, a.dtype.type(1 / p))
    finally:
        unhush(token)
    return record(NORM, out, (x,), (x, OUT), (kept(a.shape, dims), p, dims))
