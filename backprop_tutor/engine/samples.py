"""Statistics of samples: covariance, correlation, distances; rows in order and without repetition."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .choosing import where
from .dims import dim_of
from .extremes import sort
from .linear_algebra import mm
from .products import vector_norm
from .tape import Tensor, wrap

__all__ = [
    "cdist", "corrcoef", "cov", "msort", "pdist", "renorm", "unique_consecutive",
]

_FREEDOM = (
    "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of "
    "observations."
)


def _weights(given: Any, name: str, count: int, kinds: str, words: str) -> None:
    """Refuse weights of observations that are none."""
    if given is None:
        return
    a = given._a
    if a.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with {a.ndim} "
            "dimensions"
        )
    if a.dtype.kind not in kinds:
        raise RuntimeError(
            f"cov(): expected {name} to have {words} dtype but got {name} with {given.dtype.short} dtype")
    if a.size != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input but "
            f"got {a.size} != {count}"
        )
    if (a < 0).any():
        raise RuntimeError(f"cov(): {name} cannot be negative")


def cov(
    input: Tensor, *, correction: int = 1, fweights: Any = None, aweights: Any = None
) -> Tensor:
    """Return the covariances of the rows, whose columns are observations.

    `fweights` says how often each observation was made, `aweights` how much it counts; `correction`
    is taken from the number of observations that is divided by. Of one variable, the variance.
    Shapes: (n, k) to (n, n), weights (k,).

    Raises:
        RuntimeError: more than two dimensions, truth values, weights of a wrong shape, dtype or sign.

    >>> from backprop_tutor import engine as torch
    >>> cov(torch.tensor([[0., 1., 2.], [2., 1., 0.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if input.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got an input with "
            f"{input.ndim} dimensions"
        )
    if input._a.dtype.kind == "b":
        raise RuntimeError("cov(): bool dtype is not supported for input")
    x = input.reshape(1, -1) if input.ndim < 2 else input
    count = x.shape[1]
    _weights(fweights, "fweights", count, "iu", "integral")
    _weights(aweights, "aweights", count, "f", "floating point")
    weights = aweights if fweights is None else fweights if aweights is None else fweights * aweights
    total: Any = count if weights is None else weights.sum()
    if weights is not None and total == 0:
        raise RuntimeError("cov(): weights sum to zero, can't be normalized")
    weighted = x if weights is None else x * weights
    centred = x - (weighted.sum(1) / total).unsqueeze(1)
    share = total - correction
    if aweights is not None and correction:
        share = total - correction * (weights * aweights).sum() / total
    if share <= 0:
        warnings.warn(_FREEDOM, UserWarning, stacklevel=2)
        share = 0.0
    other = centred if weights is None else centred * weights
    found: Tensor = mm(centred, other.t()) / share
    return found.squeeze()  # type: ignore[no-any-return]


def corrcoef(input: Tensor) -> Tensor:
    """Return the correlations of the rows, whose columns are observations, within [-1, 1].

    Shapes: (n, k) to (n, n).

    Raises:
        RuntimeError: more than two dimensions, truth values.

    >>> from backprop_tutor import engine as torch
    >>> corrcoef(torch.tensor([[0., 1., 2.], [2., 1., 0.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if input.ndim > 2:
        raise RuntimeError(
            "corrcoef(): expected input to have two or fewer dimensions but got an input with "
            f"{input.ndim} dimensions"
        )
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


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: Any = None
) -> Any:
    """Return the elements (slices along `dim`) without those that equal the one before them.

    On request also where each is in the result, and how many each stands for.

    Raises:
        RuntimeError: slices without elements.

    >>> from backprop_tutor import engine as torch
    >>> unique_consecutive(torch.tensor([1, 1, 2, 1]), return_counts=True)
    (tensor([1, 2, 1]), tensor([2, 1, 1]))
    """
    at = None if dim is None else dim_of(dim, input.ndim)
    a = input._a.reshape(-1) if at is None else np.moveaxis(np.atleast_1d(input._a), at, 0)
    if len(a) and not a.size:
        raise RuntimeError(
            "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied")
    fresh = np.ones(len(a), bool)
    if len(a) > 1:
        fresh[1:] = (a[1:] != a[:-1]).reshape(len(a) - 1, -1).any(1)
    out = a[fresh]
    found = [wrap(out if at is None else np.moveaxis(out, 0, at))]
    if return_inverse:
        places = np.cumsum(fresh) - 1
        found.append(wrap(places.reshape(input._a.shape) if at is None else places))
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
