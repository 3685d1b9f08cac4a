"""What singular values decide: ranks, pseudo-inverses, condition numbers, least squares."""

from __future__ import annotations

from typing import Any

import numpy as np

from .kernels import RAW
from .matrices import LinAlgError, inv, is_matrix, is_square, matrix_norm, norm, svdvals
from .pairs import broadcast_error
from .products import vector_norm
from .results import result_type
from .tape import OUT, Rule, Tensor, record, record_many, wrap

__all__ = ["cond", "lstsq", "matrix_rank", "pinv", "pinverse"]

LstsqResult = result_type(
    "linalg_lstsq", ("solution", "residuals", "rank", "singular_values"))


def _limit(a: Any, sizes: Any, atol: Any, rtol: Any) -> Any:
    """Return up to what a singular value counts as 0: max(atol, rtol times the largest).

    `sizes` are the absolute values, (..., k); without `atol`, `rtol` is max(m, n) times the
    dtype's epsilon.
    """
    most = max(a.shape[-2:]) * float(np.finfo(a.dtype).eps)
    least = np.asarray(0.0 if atol is None else atol._a if isinstance(atol, Tensor) else atol)
    share = np.where(least > 0, 0.0, most) if rtol is None else np.asarray(
        rtol._a if isinstance(rtol, Tensor) else rtol)
    largest = sizes.max(-1, keepdims=True, initial=0)
    return np.maximum(least[..., None], share[..., None] * largest).astype(a.dtype)


def _sizes(A: Tensor, hermitian: bool) -> Any:
    if hermitian:
        is_square(A, "eigh")
        return np.abs(np.linalg.eigvalsh(A._a))
    return np.linalg.svd(A._a, compute_uv=False)


def matrix_rank(
    A: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None
) -> Tensor:
    """Return how many singular values are above max(atol, rtol times the largest).

    `rtol` is max(m, n)·ε where neither is given, `tol` an absolute limit alone; each may be a number
    or a tensor with one for each matrix. With `hermitian`, eigenvalues of the lower triangle count.
    Shapes: (..., m, n) to (...).

    Raises:
        RuntimeError: fewer than two dimensions, numbers other than float32 and float64; with
            `hermitian`, a matrix that is not square.

    >>> from backprop_tutor import engine as torch
    >>> matrix_rank(torch.tensor([[1., 2.], [2., 4.]]))
    tensor(1)
    """
    if A._a.ndim < 2:
        raise RuntimeError(
            "torch.linalg.matrix_rank: The input tensor input must have at least 2 dimensions.")
    if A._a.dtype.name not in ("float32", "float64"):
        raise RuntimeError("This function doesn't handle types other than float and double")
    if not A._a.size:
        return wrap(np.zeros(A._a.shape[:-2], np.int64))
    sizes = _sizes(A, hermitian)
    if tol is not None:
        atol, rtol = tol, 0.0
    return wrap(np.asarray((sizes > _limit(A._a, sizes, atol, rtol)).sum(-1)))


def _pinv_array(a: Any, atol: Any, rtol: Any, hermitian: bool = False) -> Any:
    if hermitian:
        sizes, vectors = np.linalg.eigh(a)
        u, v = vectors, np.swapaxes(vectors, -1, -2)
    else:
        u, sizes, v = np.linalg.svd(a, full_matrices=False)
    large = np.abs(sizes) > _limit(a, np.abs(sizes), atol, rtol)
    back = np.where(large, 1 / np.where(large, sizes, 1), 0).astype(a.dtype)
    return np.matmul(np.swapaxes(v, -1, -2) * back[..., None, :], np.swapaxes(u, -1, -2))


def _pinv_part(k: Any, g: Any, a: Any, p: Any) -> Any:
    """Return the gradient along A of what has the gradient g along A's pseudo-inverse P.

    dP = −P·dA·P + P·Pᵀ·dAᵀ·(I − A·P) + (I − P·A)·dAᵀ·Pᵀ·P. Source: G. Golub and V. Pereyra, "The
    differentiation of pseudo-inverses and nonlinear least squares problems" (1973).
    """
    turned, back = k.swap(p), k.swap(g)
    left = k.matmul(k.matmul(back, p), turned)
    right = k.matmul(k.matmul(turned, p), back)
    return (
        left - k.matmul(a, k.matmul(p, left)) - k.matmul(k.matmul(turned, g), turned)
        + right - k.matmul(k.matmul(right, p), a)
    )


def _pinv_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, p = saved
    return (_pinv_part(k, g, a, p),)


PINV = Rule("LinalgPinvBackward0", _pinv_backward, fresh=True)


def pinv(
    A: Tensor, rcond: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None
) -> Tensor:
    """Return the pseudo-inverse: singular values up to max(atol, rtol times the largest) count as 0.

    `rtol` (also `rcond`) is max(m, n)·ε where none is given; each may be a number or a tensor with
    one for each matrix. With `hermitian`, the lower triangle stands for a symmetric matrix.
    Shapes: (..., m, n) to (..., n, m).

    Raises:
        RuntimeError: fewer than two dimensions, numbers other than float32 and float64; with
            `hermitian`, a matrix that is not square.

    >>> from backprop_tutor import engine as torch
    >>> pinv(torch.tensor([[2., 0.], [0., 0.]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.0000]])
    """
    a = A._a
    if a.ndim < 2 or a.dtype.name not in ("float32", "float64"):
        shape = ", ".join(map(str, a.shape))
        raise RuntimeError(
            f"linalg.pinv({A.dtype.short}{{[{shape}]}}): expected a tensor with 2 or more dimensions "
            "of float, double, cfloat or cdouble types"
        )
    if not a.size:
        return record(PINV, np.zeros((*a.shape[:-2], a.shape[-1], a.shape[-2]), a.dtype), (A,), (A, OUT))
    if hermitian:
        is_square(A, "eigh")
    else:
        is_matrix(A, "svd")
    out = _pinv_array(a, atol, rcond if rtol is None else rtol, hermitian)
    return record(PINV, out, (A,), (A, OUT))


def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """Return the pseudo-inverse: singular values up to rcond times the largest count as 0."""
    return pinv(input, rcond)


def cond(A: Tensor, p: Any = None) -> Tensor:
    """Return the condition number: the norm times the inverse's norm; of singular values for 2, −2.

    Shapes: (..., m, n) for p of None, 2 and −2, else (..., n, n), to (...).

    Raises:
        RuntimeError: fewer than two dimensions.
    """
    if A._a.ndim < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if p in (None, 2, -2):
        values = svdvals(A)
        found = values[..., 0] / values[..., -1]
        return found if p != -2 else 1 / found
    if p == "fro":
        return vector_norm(A, 2, (-2, -1)) * vector_norm(inv(A), 2, (-2, -1))
    return (norm if isinstance(p, str) else matrix_norm)(A, p) * matrix_norm(inv(A), p)


def _lstsq_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b, x = saved
    p = _pinv_array(a, None, None) if k is RAW else pinv(a)
    ga: Any = None
    gb: Any = None
    if g[0] is not None:
        ga = _pinv_part(k, k.matmul(g[0], k.swap(b)), a, p)
        gb = k.matmul(k.swap(p), g[0])
    if g[1] is not None and options:
        rest = (b - k.matmul(a, x)) * k.reshape(g[1], (*b.shape[:-2], 1, b.shape[-1])) * 2
        along = k.matmul(rest, k.swap(x))
        ga = -along if ga is None else ga - along
        gb = rest if gb is None else gb + rest
    return ga, gb


LSTSQ = Rule("LinalgLstsqBackward0", _lstsq_backward, many=True)
_DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def _check_lstsq(A: Tensor, B: Tensor, driver: str) -> None:
    a, b, called = A._a, B._a, "torch.linalg.lstsq"
    if a.ndim < 2:
        raise RuntimeError(f"{called}: input must have at least 2 dimensions.")
    if b.ndim < 1:
        raise RuntimeError(f"{called}: other must have at least 1 dimension.")
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"{called}: Expected input and other to have the same dtype, but got input's dtype "
            f"{A.dtype.short} and other's dtype {B.dtype.short}"
        )
    fewer = a.ndim - b.ndim
    if not 0 <= fewer <= 1:
        raise RuntimeError(
            f"{called}: input.dim() must be greater or equal to other.dim() and (input.dim() - "
            "other.dim()) <= 1"
        )
    if a.shape[-2] != b.shape[-1 if fewer else -2]:
        raise RuntimeError(
            f"{called}: input.size(-2) should match other.size({-1 if fewer else -2})")
    if driver not in _DRIVERS:
        raise RuntimeError(
            f"{called}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)")
    if a.dtype.name not in ("float32", "float64"):
        raise RuntimeError("This function doesn't handle types other than float and double")


def lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> Any:
    """Return the X of least |A·X − B| (of these the least X), with residuals, rank, singular values.

    Singular values up to `rcond` (max(m, n)·ε) times the largest count as 0. As LAPACK has them,
    `driver` "gels" takes full rank for granted and gives no rank, "gelsy" (the default) gives no
    residuals, "gelsd" and "gelss" give singular values too. Residuals are there where m > n and A has
    full rank. All four solve by singular values here.
    Shapes: (..., m, n) and (..., m, k) to (..., n, k); a vector (..., m) to (..., n).

    Raises:
        RuntimeError: shapes or dtypes that do not belong together, another driver.
        LinAlgError: with "gels", a matrix whose rank is not full.

    >>> from backprop_tutor import engine as torch
    >>> lstsq(torch.tensor([[1., 0.], [1., 1.], [1., 2.]]), torch.tensor([1., 3., 5.])).solution
    tensor([1.0000, 2.0000])
    """
    chosen = "gelsy" if driver is None else driver.lower()
    _check_lstsq(A, B, chosen)
    vector = B._a.ndim < A._a.ndim
    right = B.unsqueeze(-1) if vector else B
    try:
        batch = np.broadcast_shapes(A._a.shape[:-2], right._a.shape[:-2])
    except ValueError:
        raise broadcast_error(A._a.shape[:-2], right._a.shape[:-2]) from None
    a, right = A.expand(*batch, *A.shape[-2:]), right.expand(*batch, *right.shape[-2:])
    m, n = A._a.shape[-2:]
    none = not a._a.size
    sizes = np.zeros((*batch, min(m, n)), a._a.dtype) if none else np.linalg.svd(a._a, compute_uv=False)
    share = None if rcond is None or rcond < 0 else rcond
    rank = np.asarray((sizes > _limit(a._a, sizes, None, share)).sum(-1))
    full = rank == min(m, n)
    if chosen == "gels" and not full.all():
        at = int(np.argmin(full.reshape(-1)))
        which = f"(Batch element {at}): " if batch else ""
        raise LinAlgError(
            f"torch.linalg.lstsq: {which}The least squares solution could not be computed because the "
            f"input matrix does not have full rank (error code: {int(rank.reshape(-1)[at]) + 1})."
        )
    p = np.zeros((*batch, n, m), a._a.dtype) if none else _pinv_array(a._a, None, share)
    x = np.matmul(p, right._a)
    has_rest = m > n and chosen != "gelsy" and bool(full.all())
    rest = right._a - np.matmul(a._a, x)
    residuals = (rest * rest).sum(-2) if has_rest else np.empty(0, a._a.dtype)
    solution, residuals = record_many(LSTSQ, (x, residuals), (a, right), (a, right, 0), has_rest)
    no_rank = chosen == "gels"
    return LstsqResult(
        solution.squeeze(-1) if vector else solution, residuals,
        wrap(np.empty(0, np.int64) if no_rank else rank),
        wrap(sizes if chosen in ("gelsd", "gelss") else np.empty(0, a._a.dtype)),
    )
