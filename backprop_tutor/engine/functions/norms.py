"""`torch.norm`: of all elements, of vectors, and (by its name "nuc") of matrices."""

from __future__ import annotations

from typing import Any

from ..autograd.tape import Tensor
from .matrices import matrix_norm
from .products import vector_norm

__all__ = ["norm"]


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
