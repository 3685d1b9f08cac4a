"""Matrices as products of simpler ones: Cholesky, QR, eigenvalues, singular values; and what uses them.

Sources of the ways back: I. Murray, "Differentiation of the Cholesky decomposition" (2016);
S. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra functions" (2010).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .choosing import where
from .diagonals import diag_embed
from .linear_algebra import matmul
from .matrices import LinAlgError, inv, is_square, matrix_norm, norm, svd_parts, svdvals
from .products import vector_norm
from .results import result_type
from .tape import OUT, Rule, Tensor, record, record_many, wrap

__all__ = [
    "cholesky", "cond", "eigh", "eigvalsh", "logdet", "lstsq", "matrix_power", "matrix_rank",
    "multi_dot", "pinv", "qr", "slogdet", "solve_triangular", "svd", "vecdot",
]

SlogdetResult = result_type("linalg_slogdet", ("sign", "logabsdet"))
QrResult = result_type("linalg_qr", ("Q", "R"))
EighResult = result_type("linalg_eigh", ("eigenvalues", "eigenvectors"))
SvdResult = result_type("linalg_svd", ("U", "S", "Vh"))
LstsqResult = result_type(
    "linalg_lstsq", ("solution", "residuals", "rank", "singular_values"))


def _cholesky_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (low,) = saved
    n = low.shape[-1]
    half = k.array(np.tril(np.ones((n, n))) - 0.5 * np.eye(n))
    back = k.inverse(low)
    middle = k.matmul(k.swap(low), g) * half
    found = k.matmul(k.matmul(k.swap(back), middle), back)
    return ((found + k.swap(found)) * 0.5,)


CHOLESKY = Rule("LinalgCholeskyExBackward0", _cholesky_backward)


def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """Return the lower triangle L with A = L @ L.T.

    Raises:
        LinAlgError: a matrix that is not positive definite.
    """
    is_square(A, "cholesky")
    try:
        low = record(CHOLESKY, np.linalg.cholesky(A._a), (A,), (OUT,))
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.cholesky: The factorization could not be completed because the input is not "
            f"positive-definite (the leading minor of order {_bad_minor(A._a)} is not "
            "positive-definite)."
        ) from None
    return low.mT if upper else low


def _bad_minor(a: Any) -> int:
    for matrix in a.reshape(-1, *a.shape[-2:]):
        for n in range(1, matrix.shape[-1] + 1):
            try:
                np.linalg.cholesky(matrix[:n, :n])
            except np.linalg.LinAlgError:
                return n
    return 1


def _qr_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    q, r = saved
    gq, gr = g
    n = r.shape[-1]
    below = k.array(np.tril(np.ones((n, n)), -1))
    one = k.array(np.eye(n))
    middle: Any = 0.0
    if gr is not None:
        middle = k.matmul(r, k.swap(gr))
    if gq is not None:
        middle = middle - k.matmul(k.swap(gq), q)
    lower = middle * below
    symmetric = lower + k.swap(lower) + middle * one
    found = k.matmul(q, symmetric)
    if gq is not None:
        found = found + gq
    return (k.matmul(found, k.swap(k.inverse(r))),)


QR = Rule("LinalgQrBackward0", _qr_backward, many=True)


def qr(A: Tensor, mode: str = "reduced") -> Any:
    """Return Q with orthonormal columns and R upper triangular, A = Q @ R.

    Raises:
        RuntimeError: another mode than reduced, complete and r.
    """
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', "
            "or 'complete'"
        )
    if mode == "r":
        return QrResult(A.new_empty(0), wrap(np.asarray(np.linalg.qr(A._a, "r"))))
    q, r = np.linalg.qr(A._a, "complete" if mode == "complete" else "reduced")
    return QrResult(*record_many(QR, (q, r), (A,), (0, 1)))


def _eigh_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    values, vectors = saved
    g_values, g_vectors = g
    n = vectors.shape[-1]
    one = k.array(np.eye(n))
    middle: Any = 0.0
    if g_values is not None:
        middle = one * k.reshape(g_values, (*g_values.shape[:-1], 1, n))
    if g_vectors is not None:
        line = k.reshape(values, (*values.shape[:-1], 1, n))
        column = k.reshape(values, (*values.shape, 1))
        gaps = (1 - one) / (line - column + one)
        middle = middle + k.matmul(k.swap(vectors), g_vectors) * gaps
    return (k.matmul(k.matmul(vectors, middle), k.swap(vectors)),)


EIGH = Rule("LinalgEighBackward0", _eigh_backward, many=True)


def eigh(A: Tensor, UPLO: str = "L") -> Any:
    """Return the eigenvalues of symmetric matrices, rising, and the eigenvectors as columns."""
    is_square(A, "eigh")
    values, vectors = np.linalg.eigh(A._a, "U" if UPLO in ("U", "u") else "L")
    return EighResult(*record_many(EIGH, (values, vectors), (A,), (0, 1)))


def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """Return the eigenvalues of symmetric matrices, rising."""
    found: Tensor = eigh(A, UPLO)[0]
    return found


def svd(A: Tensor, full_matrices: bool = True) -> Any:
    """Return U, S and Vh with A = U @ diag(S) @ Vh, the singular values falling."""
    m, n = A.shape[-2:]
    if not full_matrices or m == n:
        return SvdResult(*svd_parts(A))
    u, s, v = np.linalg.svd(A._a, full_matrices=True)
    values = svdvals(A)
    return SvdResult(wrap(u), values if A.requires_grad else wrap(s), wrap(v))


def _slogdet_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    (_, size) = g
    if size is None:
        return (None,)
    return (k.reshape(size, (*size.shape, 1, 1)) * k.swap(k.inverse(a)),)


SLOGDET = Rule("LinalgSlogdetBackward0", _slogdet_backward, many=True)


def slogdet(A: Tensor) -> Any:
    """Return the determinant's sign and the logarithm of its absolute value."""
    is_square(A, "slogdet")
    sign, size = np.linalg.slogdet(A._a)
    outs = (np.asarray(sign), np.asarray(size))
    return SlogdetResult(*record_many(SLOGDET, outs, (A,), (A,), differentiable=(False, True)))


def logdet(A: Tensor) -> Tensor:
    """Return the logarithm of the determinant; nan where it is negative."""
    sign, size = slogdet(A)
    return where(sign < 0, size.new_full((), float("nan")), size)  # type: ignore[no-any-return]


def matrix_power(A: Tensor, n: int) -> Tensor:
    """Return a square matrix to a whole power; a negative one inverts."""
    is_square(A, "matrix_power")
    if n < 0:
        return matrix_power(inv(A), -n)
    if n == 0:
        eye = np.broadcast_to(np.eye(A.shape[-1], dtype=A._a.dtype), A._a.shape)
        return wrap(eye.copy())
    found: Tensor | None = None
    square = A
    while True:
        if n & 1:
            found = square if found is None else matmul(found, square)
        n >>= 1
        if not n:
            assert found is not None
            return found
        square = matmul(square, square)


def _tolerance(A: Tensor, values: Any, atol: Any, rtol: Any) -> Any:
    if rtol is None:
        rtol = 0.0 if atol is not None and atol > 0 else max(A.shape[-2:]) * np.finfo(A._a.dtype).eps
    return np.maximum(0.0 if atol is None else atol, rtol * values.max(-1, keepdims=True))


def matrix_rank(A: Tensor, tol: Any = None, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """Return how many singular values are not small against the largest."""
    values = np.linalg.svd(A._a, compute_uv=False)
    limit = _tolerance(A, values, atol, rtol) if tol is None else tol
    return wrap(np.asarray((values > limit).sum(-1)))


def pinv(A: Tensor, rcond: Any = None, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """Return the pseudo-inverse: that of the singular values that are not small."""
    u, s, v = svd_parts(A)
    limit = _tolerance(A, s._a, atol, rcond if rtol is None else rtol)
    large = wrap(s._a > limit)
    inverse = where(large, 1 / where(large, s, s.new_ones(())), s.new_zeros(()))
    return matmul(matmul(v.mT, diag_embed(inverse)), u.mT)


def multi_dot(tensors: Any) -> Tensor:
    """Return the product of several matrices."""
    found: Tensor = tensors[0]
    for each in tensors[1:]:
        found = matmul(found, each)
    return found


def cond(A: Tensor, p: Any = None) -> Tensor:
    """Return the condition number: the norm times the inverse's norm."""
    if p in (None, 2, -2):
        values = svdvals(A)
        found = values[..., 0] / values[..., -1]
        return found if p != -2 else 1 / found
    if p == "fro":
        return vector_norm(A, 2, (-2, -1)) * vector_norm(inv(A), 2, (-2, -1))
    return (norm if isinstance(p, str) else matrix_norm)(A, p) * matrix_norm(inv(A), p)


def lstsq(A: Tensor, B: Tensor, rcond: Any = None, *, driver: Any = None) -> Any:
    """Return the least-squares solution of A @ X = B, with residuals, rank and singular values."""
    solution = matmul(pinv(A), B)
    m, n = A.shape[-2:]
    rest = B - matmul(A, solution)
    full = m > n and bool((matrix_rank(A)._a == n).all())
    residuals = (rest * rest).sum(-2) if full else B.new_empty(0)
    return LstsqResult(solution, residuals, matrix_rank(A), B.new_empty(0))


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Return the scalar products of vectors along a dimension."""
    return (x * y).sum(dim)  # type: ignore[no-any-return]


def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """Return X with A @ X = B (X @ A = B unless `left`), A taken as a triangle."""
    triangle = A.triu() if upper else A.tril()
    if unitriangular:
        eye = wrap(np.eye(A.shape[-1], dtype=A._a.dtype))
        triangle = (A.triu(1) if upper else A.tril(-1)) + eye
    return matmul(inv(triangle), B) if left else matmul(B, inv(triangle))
