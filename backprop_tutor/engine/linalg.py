"""Linear algebra, under the name `torch.linalg`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .absent import refusing
from .autograd.tape import Tensor
from .functions import table as _table  # noqa: F401  (fills in the class Tensor)
from .functions.matrices import LinAlgError, inv, matrix_norm, solve, vector_norm

__all__ = ["LinAlgError", "inv", "norm", "solve"]


def norm(
    A: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """Return the norm of vectors (one dimension) or matrices (two), or of all elements.

    Raises:
        RuntimeError: an order for other than one or two dimensions.
    """
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    if dim is None and (A._a.ndim not in (1, 2)):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
            f"{A._a.ndim}D."
        )
    if isinstance(dim, (tuple, list)) and len(dim) not in (1, 2):
        raise RuntimeError(
            f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dim)}"
        )
    if dim is None and A._a.ndim == 2:
        dim = (0, 1)
    if (isinstance(dim, (tuple, list)) and len(dim) == 2) or isinstance(ord, str):
        return matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)


if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
