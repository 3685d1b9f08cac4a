"""Statistics of samples: covariance, correlation, medians and quantiles past nan, distances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .choosing import where
from .dims import dim_of
from .extremes import MedianResult, quantile, sort
from .joining import stack
from .linear_algebra import mm
from .products import vector_norm
from .tape import Tensor, wrap

__all__ = [
    "cdist", "corrcoef", "cov", "msort", "nanmedian", "nanquantile", "pdist", "renorm",
    "unique_consecutive",
]


def cov(
    input: Tensor, *, correction: int = 1, fweights: Any = None, aweights: Any = None
) -> Tensor:
    """Return the covariances of the rows, whose columns are observations."""
    x = input.reshape(1, -1) if input.ndim < 2 else input
    weights: Any = None
    for given in (fweights, aweights):
        if given is not None:
            given = given.to(x.dtype)
            weights = given if weights is None else weights * given
    if weights is None:
        centred = x - x.mean(1, True)
        found = mm(centred, centred.t()) / max(x.shape[1] - correction, 0)
    else:
        total = weights.sum()
        centred = x - (x * weights).sum(1, True) / total
        share: Any = total
        if correction:
            lost = 1.0 if aweights is None else (weights * aweights).sum() / total
            share = total - correction * lost
        found = mm(centred * weights, centred.t()) / share
    made: Tensor = found.squeeze() if input.ndim < 2 else found
    return made


def corrcoef(input: Tensor) -> Tensor:
    """Return the correlations of the rows, kept within [-1, 1]."""
    found = cov(input)
    if found.ndim == 0:
        return found / found
    scale = found.diagonal().sqrt()
    found = found / scale.unsqueeze(1) / scale.unsqueeze(0)
    return found.clamp(-1, 1)  # type: ignore[no-any-return]


def msort(input: Tensor) -> Tensor:
    """Return the rows' elements in order along the first dimension."""
    found: Tensor = sort(input, 0).values
    return found


def nanmedian(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """Return the median of what is no nan; with `dim` the values and their places."""
    if dim is None:
        flat = input.reshape(-1)
        kept = flat[wrap(~np.isnan(flat._a))] if flat._a.dtype.kind == "f" else flat
        return kept.median() if kept.numel() else flat.new_full((), math.nan)
    at = dim_of(dim, input.ndim)
    counts = np.isnan(input._a).sum(at, keepdims=True) if input._a.dtype.kind == "f" else 0
    order = np.argsort(input._a, at, kind="stable")
    place = np.maximum(input._a.shape[at] - counts - 1, 0) // 2 + np.zeros_like(
        order.take([0], at))
    places = np.take_along_axis(order, place, at)
    values = input.gather(at, wrap(places))
    found = (values, wrap(places)) if keepdim else (values.squeeze(at), wrap(places.squeeze(at)))
    return MedianResult(*found)


def nanquantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *,
    interpolation: str = "linear",
) -> Tensor:
    """Return the quantiles of what is no nan, along a dimension or of all elements."""
    x = input.reshape(-1) if dim is None else input
    at = 0 if dim is None else dim_of(dim, x.ndim)
    rows = x.movedim(at, -1).reshape(-1, x.shape[at])
    found = []
    for row in rows.unbind(0):
        kept = row[wrap(~np.isnan(row._a))]
        found.append(
            quantile(kept, q, interpolation=interpolation) if kept.numel()
            else row[:1].squeeze(0) + (q * 0 if isinstance(q, Tensor) else 0)
        )
    many = found[0].ndim
    rest = tuple(n for i, n in enumerate(x.shape) if i != at)
    made = stack(found, -1)
    made = made.reshape((*made.shape[:many], *rest))
    if keepdim:
        shape = (1,) * input.ndim if dim is None else (*rest[:at], 1, *rest[at:])
        made = made.reshape((*made.shape[:many], *shape))
    return made  # type: ignore[no-any-return]


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: Any = None
) -> Any:
    """Return the elements without those that equal the one before them."""
    a = input._a.reshape(-1) if dim is None else np.moveaxis(input._a, dim, 0)
    fresh = np.ones(len(a), bool)
    if len(a):
        changed = a[1:] != a[:-1]
        fresh[1:] = changed.reshape(len(a) - 1, -1).any(1) if len(a) > 1 else changed
    out = a[fresh]
    found = [wrap(out if dim is None else np.moveaxis(out, 0, dim))]
    if return_inverse:
        places = np.cumsum(fresh) - 1
        found.append(wrap(places.reshape(input._a.shape) if dim is None else places))
    if return_counts:
        starts = np.flatnonzero(fresh)
        found.append(wrap(np.diff(np.append(starts, len(a)))))
    return found[0] if len(found) == 1 else tuple(found)


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Return the slices along a dimension, those of a p-norm above `maxnorm` scaled down to it."""
    at = dim_of(dim, input.ndim)
    dims = [d for d in range(input.ndim) if d != at]
    norms = vector_norm(input, p, dims, True) if dims else input.abs()
    scale = where(norms > maxnorm, maxnorm / (norms + 1e-7), norms.new_ones(()))
    made: Tensor = input * scale
    return made


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: Any = None) -> Tensor:
    """Return the p-norm distance of every row of one to every row of the other.

    Raises:
        RuntimeError: rows of different lengths.
    """
    for i, x in enumerate((x1, x2), 1):
        if x.ndim < 2:
            raise RuntimeError(
                f"cdist only supports at least 2D tensors, X{i} got: {x.ndim}D"
            )
    if x1.shape[-1] != x2.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}"
        )
    return vector_norm(x1.unsqueeze(-2) - x2.unsqueeze(-3), p, -1)


def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """Return the p-norm distance of every row to every later one."""
    rows, columns = np.triu_indices(input.shape[0], 1)
    return vector_norm(input[wrap(rows)] - input[wrap(columns)], p, -1)
