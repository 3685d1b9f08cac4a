"""Linear algebra, under the name `torch.linalg`."""

from __future__ import annotations

from typing import Any

from . import diagonals
from . import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .assembling import cross as _cross
from .assembling import powers_of
from .chains import multi_dot
from .decompositions import (
    cholesky,
    eigh,
    eigvalsh,
    matrix_power,
    qr,
    solve_triangular,
    svd,
    vecdot,
)
from .determinants import det, slogdet
from .least_squares import cond, lstsq, matrix_rank, pinv
from .linear_algebra import matmul
from .matrices import LinAlgError, inv, matrix_norm, norm, solve, svdvals
from .products import vector_norm
from .tape import Tensor

__all__ = [
    "LinAlgError", "cholesky", "cond", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv",
    "lstsq", "matmul", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv",
    "qr", "slogdet", "solve", "solve_triangular", "svd", "svdvals", "vander", "vecdot",
    "vector_norm",
]


def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """Return the vector products along a dimension of size 3."""
    return _cross(input, other, dim)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Return a view of the matrices' diagonals."""
    return diagonals.diagonal(A, offset, dim1, dim2)


def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """Return the powers 0 to N − 1 of a vector's elements, one row an element; (..., n) to (..., n, N).

    Raises:
        RuntimeError: an N (n without one) below 2, truth values.

    >>> from backprop_tutor import engine as torch
    >>> vander(torch.tensor([2, 3]), N=3)
    tensor([[1, 2, 4],
            [1, 3, 9]])
    """
    if x._a.dtype.kind == "b":
        raise RuntimeError(
            "linalg.vander supports floating point, complex, and integer tensors, but got Bool")
    flat = x.reshape(1) if x.ndim == 0 else x
    count = flat.shape[-1] if N is None else N
    if count <= 1:
        raise RuntimeError("N must be greater than 1.")
    return powers_of(flat, count)
