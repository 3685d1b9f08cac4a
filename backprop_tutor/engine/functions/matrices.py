"""Norms, inverses and solutions of matrices, and what refuses other tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.around import KERNELS
from ..autograd.tape import Rule, Tensor, record_many
from ..tensors.dims import dim_of
from .linear_algebra import matmul
from .pairs import cast
from .recorded import Recorded
from .reductions import vector_norm

__all__ = [
    "LinAlgError", "inv", "is_matrix", "matrix_norm", "norm", "solve", "svd_parts",
    "svdvals", "vector_norm",
]


INV = Recorded("inverse", "LinalgInvExBackward0")


class _LinAlgError(RuntimeError):
    """A matrix that a function of linear algebra cannot do with."""


LinAlgError = _LinAlgError


def is_matrix(A: Tensor, called: str, square: bool = False) -> None:
    """Refuse what is not a matrix, or a batch of matrices, of floating numbers; or not square.

    Raises:
        RuntimeError: fewer than two dimensions, sides of different sizes, integers.
    """
    if A._a.ndim < 2:
        raise RuntimeError(f"linalg.{called}: The input tensor A must have at least 2 dimensions.")
    rows, columns = A._a.shape[-2:]
    if square and rows != columns:
        raise RuntimeError(
            f"linalg.{called}: A must be batches of square matrices, but they are {rows} by {columns} "
            "matrices"
        )
    if A._a.dtype.kind != "f":
        raise RuntimeError(
            f"linalg.{called}: Expected a floating point or complex tensor as input. Got {A.dtype.short}"
        )


def inv(A: Tensor) -> Tensor:
    """Return the inverse of square matrices.

    Raises:
        RuntimeError: a matrix that is not square, or singular (LinAlgError).
    """
    is_matrix(A, "inv", square=True)
    try:
        return INV.record(np.linalg.inv(A._a), A)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            f"linalg.inv: The diagonal element {_zero_pivot(A._a)} is zero, the inversion could not "
            "be completed because the input matrix is singular."
        ) from None


def _zero_pivot(a: Any) -> int:
    """Return where elimination with row exchanges first finds no pivot, counted from 1."""
    for matrix in a.reshape(-1, *a.shape[-2:]):
        rest = np.array(matrix, np.float64)
        for i in range(len(rest)):
            best = i + int(np.argmax(np.abs(rest[i:, i])))
            rest[[i, best]] = rest[[best, i]]
            if rest[i, i] == 0:
                return i + 1
            rest[i + 1 :] -= np.outer(rest[i + 1 :, i] / rest[i, i], rest[i])
    return len(rest)


KERNELS["inverse"] = inv


def solve(A: Tensor, B: Tensor) -> Tensor:
    """Return X with A @ X = B."""
    is_matrix(A, "solve", square=True)
    vector = B._a.ndim == 1 or (B._a.ndim == A._a.ndim - 1 and B._a.shape == A._a.shape[:-1])
    try:
        found = matmul(inv(A), B.unsqueeze(-1) if vector else B)
    except LinAlgError:
        raise LinAlgError(
            "torch.linalg.solve: The solver failed because the input matrix is singular."
        ) from None
    return found.squeeze(-1) if vector else found


def _svd_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    """The way back of A = U·S·V (rows of V are the right vectors); vectors of no value have none.

    Source: J. Townsend, "Differentiating the Singular Value Decomposition" (2016).
    """
    u, s, v = saved
    gu, gs, gv = g
    count = s.shape[-1]
    if u.shape[-1] > count:
        columns = (..., slice(0, count))
        u, gu = k.index(u, columns), None if gu is None else k.index(gu, columns)
    if v.shape[-2] > count:
        rows = (..., slice(0, count), slice(None))
        v, gv = k.index(v, rows), None if gv is None else k.index(gv, rows)
    one = k.array(np.eye(count, dtype=k.kind(s)))
    line, column = (*s.shape[:-1], 1, count), (*s.shape, 1)
    inner = one * k.reshape(gs, line) if gs is not None else one * 0
    if gu is None and gv is None:
        return (k.matmul(k.matmul(u, inner), v),)
    squares = s * s
    gaps = k.reshape(squares, line) - k.reshape(squares, column) + one
    found: Any = None
    if gu is not None:
        turned = k.matmul(k.swap(u), gu)
        inner = inner + (1 - one) * (turned - k.swap(turned)) / gaps * k.reshape(s, line)
        if u.shape[-2] > count:
            found = k.matmul((gu - k.matmul(u, turned)) / k.reshape(s, line), v)
    if gv is not None:
        turned = k.matmul(v, k.swap(gv))
        inner = inner + k.reshape(s, column) * (1 - one) * (turned - k.swap(turned)) / gaps
        if v.shape[-1] > count:
            rest = (gv - k.matmul(k.swap(turned), v)) / k.reshape(s, column)
            more = k.matmul(u, rest)
            found = more if found is None else found + more
    middle = k.matmul(k.matmul(u, inner), v)
    return (middle if found is None else middle + found,)


SVD = Rule("LinalgSvdBackward0", _svd_backward, many=True)


def svd_parts(A: Tensor, full: bool = False) -> tuple[Tensor, Tensor, Tensor]:
    """Return U, S and V with A = U·diag(S)·V, the singular values falling.

    Raises:
        LinAlgError: a matrix with a nan or an infinite element.
    """
    is_matrix(A, "svd")
    a = A._a
    finite = np.isfinite(a).all((-2, -1))
    if not finite.all():
        which = f"(Batch element {int(np.argmin(finite.reshape(-1)))}): " if a.ndim > 2 else ""
        raise LinAlgError(
            f"linalg.svd: {which}The algorithm failed to converge because the input matrix "
            "contained non-finite values."
        )
    u, s, v = record_many(SVD, np.linalg.svd(a, full_matrices=full), (A,), (0, 1, 2))
    return u, s, v


def svdvals(A: Tensor) -> Tensor:
    """Return the singular values of matrices, the largest first."""
    return svd_parts(A)[1]


def matrix_norm(
    A: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """Return a norm of matrices: "fro", "nuc", 1 and inf (largest sums), 2 (largest singular value).

    The negative orders take the smallest instead. A matrix without rows or columns has norm 0,
    where a largest sum is asked for.

    Raises:
        RuntimeError: another order, whole numbers, fewer than two dimensions, or not two of them.
    """
    if A._a.ndim < 2:
        raise RuntimeError(
            "linalg.matrix_norm: The input tensor A must have at least 2 dimensions."
        )
    if A._a.dtype.kind != "f":
        raise RuntimeError(
            "linalg.matrix_norm: Expected a floating point or complex tensor as input. Got "
            f"{A.dtype.short}"
        )
    chosen = (dim,) if isinstance(dim, int) else tuple(dim)
    if len(chosen) != 2:
        listed = ", ".join(str(d) for d in chosen)
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {listed}")
    rows, columns = (dim_of(d, A._a.ndim) for d in chosen)
    if rows == columns:
        raise RuntimeError(
            f"linalg.matrix_norm: dims must be different. Got ({chosen[0]}, {chosen[1]})"
        )
    if dtype is not None:
        A = cast(A, dtype.array)
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if ord in (1, -1, math.inf, -math.inf):
        summed, picked = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = A.abs().sum(summed, True)
        found = _largest(sums, picked) if ord > 0 else _smallest(sums, picked, summed)
    elif ord in (2, -2, "nuc"):
        values = svdvals(A.movedim((rows, columns), (-2, -1)))
        if ord == "nuc":
            found = values.sum(-1)
        elif ord == -2 and not values._a.shape[-1]:
            raise IndexError("amin(): Expected reduction dim -1 to have non-zero size.")
        else:
            found = _largest(values, -1).squeeze(-1) if ord == 2 else values.amin(-1)
        for d in sorted((rows, columns)):
            found = found.unsqueeze(d)
    else:
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    return found if keepdim else found.squeeze((rows, columns))


def _largest(x: Tensor, dim: int) -> Tensor:
    """Return the largest of sizes along a dimension, kept at size 1; 0 where there is none."""
    return x.amax(dim, True) if x._a.shape[dim] else x.sum(dim, True)


def _smallest(sums: Tensor, dim: int, summed: int) -> Tensor:
    if not sums._a.shape[dim]:  # PyTorch counts without the dimension that was summed
        raise IndexError(
            f"amin(): Expected reduction dim {dim - (summed < dim)} to have non-zero size."
        )
    return sums.amin(dim, True)


def norm(
    input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, out: Any = None,
    dtype: Any = None,
) -> Tensor:
    """Return the norm of all elements, or over some dimensions."""
    if out is not None:
        raise TypeError("norm() takes no `out` here: assign the result")
    if p == "fro" or p is None:
        p = 2
    elif p == "nuc":
        return matrix_norm(input, p, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    if input._a.dtype.kind != "f" and dtype is None:
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{input.dtype.short}"
        )
    return vector_norm(input, p, dim, keepdim, dtype=dtype)
