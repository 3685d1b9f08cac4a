"""Linear algebra, under the name `torch.linalg`."""

from __future__ import annotations

from typing import Any

from . import diagonals
from . import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .assembling import cross as _cross
from .assembling import vander
from .decompositions import (
    cholesky,
    cond,
    eigh,
    eigvalsh,
    lstsq,
    matrix_power,
    matrix_rank,
    multi_dot,
    pinv,
    qr,
    slogdet,
    solve_triangular,
    svd,
    vecdot,
)
from .linear_algebra import matmul
from .matrices import LinAlgError, det, inv, matrix_norm, norm, solve, svdvals
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
