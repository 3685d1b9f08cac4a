"""Linear algebra under `torch.linalg`: norms, and solving with square matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from .linear_algebra import matmul
from .products import norm, vector_norm
from .tape import OUT, Rule, Tensor, record
from .traversal import KERNELS

__all__ = ["det", "inv", "matmul", "matrix_norm", "norm", "solve", "vector_norm"]


def _inv_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (out,) = saved
    turned = k.swap(out)
    return (-k.matmul(turned, k.matmul(g, turned)),)


INV = Rule("LinalgInvExBackward0", _inv_backward, fresh=True)


def _square(A: Tensor, called: str) -> None:
    if A._a.ndim < 2:
        raise RuntimeError(
            f"linalg.{called}: The input tensor A must have at least 2 dimensions."
        )
    if A._a.shape[-1] != A._a.shape[-2]:
        raise RuntimeError(
            f"linalg.{called}: A must be batches of square matrices, but they are "
            f"{A._a.shape[-2]} by {A._a.shape[-1]} matrices"
        )


def inv(A: Tensor) -> Tensor:
    """Return the inverse of square matrices.

    Raises:
        RuntimeError: a matrix that is not square, or singular.
    """
    _square(A, "inv")
    try:
        return record(INV, np.linalg.inv(A._a), (A,), (OUT,))
    except np.linalg.LinAlgError:
        raise RuntimeError(
            "linalg.inv: The diagonal element is zero, the inversion could not be completed "
            "because the input matrix is singular."
        ) from None


KERNELS["inverse"] = inv


def solve(A: Tensor, B: Tensor) -> Tensor:
    """Return X with A @ X = B."""
    _square(A, "solve")
    vector = B._a.ndim == 1 or (B._a.ndim == A._a.ndim - 1 and B._a.shape == A._a.shape[:-1])
    found = matmul(inv(A), B.unsqueeze(-1) if vector else B)
    return found.squeeze(-1) if vector else found


def _det_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, out = saved
    scale = k.reshape(g * out, (*options, 1, 1))
    return (scale * k.swap(k.inverse(a)),)


DET = Rule("LinalgDetBackward0", _det_backward, fresh=True)


def det(A: Tensor) -> Tensor:
    """Return the determinant of square matrices."""
    _square(A, "det")
    return record(DET, np.asarray(np.linalg.det(A._a)), (A,), (A, OUT), A._a.shape[:-2])


def matrix_norm(A: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False) -> Tensor:
    """Return the Frobenius norm of matrices, or their extreme sum of |rows| or |columns|."""
    if ord in (1, -1, float("inf"), float("-inf")):
        rows, columns = (d % A._a.ndim for d in dim)
        summed, picked = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = A.abs().sum(summed, True)
        found = sums.amax(picked, True) if ord > 0 else sums.amin(picked, True)
        return found if keepdim else found.squeeze((rows, columns))  # type: ignore[no-any-return]
    if ord != "fro":
        raise RuntimeError(
            f"linalg.matrix_norm: order {ord!r} is not supported; use 'fro', 1, -1, inf or -inf"
        )
    return vector_norm(A, 2, dim, keepdim)
