"""Matrices as products of simpler ones: Cholesky, QR, eigenvalues, singular values; powers, triangles.

Sources of the ways back: I. Murray, "Differentiation of the Cholesky decomposition" (2016);
S. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra functions" (2010).
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .linear_algebra import matmul
from .matrices import LinAlgError, inv, is_matrix, is_square, svd_parts
from .results import result_type
from .tape import OUT, Rule, Tensor, record, record_many, wrap

__all__ = [
    "cholesky", "cholesky_of", "eigh", "eigvalsh", "matrix_power", "qr", "qr_of", "solve_triangular",
    "svd", "vecdot",
]

QrResult, PlainQrResult = (result_type(name, ("Q", "R")) for name in ("linalg_qr", "qr"))
EighResult = result_type("linalg_eigh", ("eigenvalues", "eigenvectors"))
SvdResult = result_type("linalg_svd", ("U", "S", "Vh"))


def _cholesky_backward(k: Any, g: Any, saved: Any, upper: bool, need: Any) -> Any:
    (low,) = saved
    if upper:
        low, g = k.swap(low), k.swap(g)
    n = low.shape[-1]
    half = k.array(np.tril(np.ones((n, n))) - 0.5 * np.eye(n))
    back = k.inverse(low)
    middle = k.matmul(k.swap(low), g) * half
    found = k.matmul(k.matmul(k.swap(back), middle), back)
    return ((found + k.swap(found)) * 0.5,)


CHOLESKY = Rule("LinalgCholeskyExBackward0", _cholesky_backward)
PLAIN_CHOLESKY = Rule("CholeskyBackward0", _cholesky_backward)


def _factored(A: Tensor, upper: bool, rule: Rule, called: str) -> Tensor:
    try:
        low = np.linalg.cholesky(A._a)
    except np.linalg.LinAlgError:
        element, order = _bad_minor(A._a)
        which = f"(Batch element {element}): " if A.ndim > 2 else ""
        raise LinAlgError(
            f"{called}: {which}The factorization could not be completed because the input is not "
            f"positive-definite (the leading minor of order {order} is not positive-definite)."
        ) from None
    return record(rule, np.swapaxes(low, -1, -2) if upper else low, (A,), (OUT,), upper)


def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """Return the lower triangle L with A = L @ L.T (with `upper`, its transpose); (..., n, n) to the same.

    Raises:
        RuntimeError: a matrix that is not square, whole numbers.
        LinAlgError: a matrix that is not positive definite.

    >>> from backprop_tutor import engine as torch
    >>> cholesky(torch.tensor([[4., 2.], [2., 2.]]))
    tensor([[2., 0.],
            [1., 1.]])
    """
    is_square(A, "cholesky")
    return _factored(A, upper, CHOLESKY, "linalg.cholesky")


def cholesky_of(input: Tensor, upper: bool = False) -> Tensor:
    """Return the triangle as `torch.cholesky` does, with its warning."""
    warnings.warn(
        "torch.cholesky is deprecated in favor of torch.linalg.cholesky and will be removed in a future "
        "PyTorch release.\nL = torch.cholesky(A)\nshould be replaced with\n"
        "L = torch.linalg.cholesky(A)\nand\nU = torch.cholesky(A, upper=True)\n"
        "should be replaced with\nU = torch.linalg.cholesky(A).mH\nThis transform will produce "
        "equivalent results for all valid (symmetric positive definite) inputs.",
        UserWarning, stacklevel=2,
    )
    is_square(input, "cholesky", "")
    return _factored(input, upper, PLAIN_CHOLESKY, "cholesky")


def _bad_minor(a: Any) -> tuple[int, int]:
    """Return which matrix is not positive definite, and the size of its first minor that is not."""
    for i, matrix in enumerate(a.reshape(-1, *a.shape[-2:])):
        for n in range(1, matrix.shape[-1] + 1):
            try:
                np.linalg.cholesky(matrix[:n, :n])
            except np.linalg.LinAlgError:
                return i, n
    return 0, 1


def _qr_backward(k: Any, g: Any, saved: Any, mode: str, need: Any) -> Any:
    """The way back of A = Q·R; of a wide A = [S, T], S square, that is S = Q·R₁ and T = Q·R₂."""
    q, r = saved
    gq, gr = g
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use "
            "linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr."
        )
    m, n = q.shape[-2], r.shape[-1]
    if mode == "complete" and m > n:
        raise RuntimeError(
            "The QR decomposition is not differentiable when mode='complete' and nrows > ncols.")
    rest: Any = None
    if m < n:
        left, right = (..., slice(0, m)), (..., slice(m, n))
        more = k.index(r, right)
        r = k.index(r, left)
        if gr is None:
            rest = k.zeros_like(more)
        else:
            gr, part = k.index(gr, left), k.index(gr, right)
            rest = k.matmul(q, part)  # R₂ = Qᵀ·T gives Q the gradient T·∂R₂ᵀ, T = Q·R₂
            turned = k.matmul(q, k.matmul(more, k.swap(part)))
            gq = turned if gq is None else gq + turned
    size = r.shape[-1]
    below = k.array(np.tril(np.ones((size, size), k.kind(q)), -1))
    one = k.array(np.eye(size, dtype=k.kind(q)))
    middle: Any = 0.0
    if gr is not None:
        middle = k.matmul(r, k.swap(gr))
    if gq is not None:
        middle = middle - k.matmul(k.swap(gq), q)
    lower = middle * below
    found = k.matmul(q, lower + k.swap(lower) + middle * one)
    if gq is not None:
        found = found + gq
    found = k.matmul(found, k.swap(k.inverse(r)))
    return (found if rest is None else k.concatenate([found, rest], len(found.shape) - 1),)


QR = Rule("LinalgQrBackward0", _qr_backward, many=True)


def qr(A: Tensor, mode: str = "reduced") -> Any:
    """Return Q with orthonormal columns and R upper triangular, A = Q @ R.

    Shapes with k = min(m, n), A (..., m, n): "reduced" (..., m, k) and (..., k, n), "complete"
    (..., m, m) and (..., m, n); "r" leaves Q empty. Gradients exist for "reduced", and for
    "complete" where m ≤ n.

    Raises:
        RuntimeError: another mode, fewer than two dimensions, whole numbers.

    >>> from backprop_tutor import engine as torch
    >>> qr(torch.tensor([[3., 1.], [4., 2.]])).R
    tensor([[-5.0000, -2.2000],
            [ 0.0000,  0.4000]])
    """
    is_matrix(A, "qr")
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', "
            "or 'complete'"
        )
    if mode == "r":
        q, r = np.empty(0, A._a.dtype), np.asarray(np.linalg.qr(A._a, "r"))
    else:
        q, r = np.linalg.qr(A._a, "complete" if mode == "complete" else "reduced")
    return QrResult(*record_many(QR, (q, r), (A,), (0, 1), mode))


def qr_of(input: Tensor, some: bool = True) -> Any:
    """Return Q and R as `torch.qr` does, with its warning: reduced with `some`, else complete."""
    warnings.warn(
        "torch.qr is deprecated in favor of torch.linalg.qr and will be removed in a future PyTorch "
        "release.\nThe boolean parameter 'some' has been replaced with a string parameter 'mode'.\n"
        "Q, R = torch.qr(A, some)\nshould be replaced with\n"
        "Q, R = torch.linalg.qr(A, 'reduced' if some else 'complete')", UserWarning, stacklevel=2,
    )
    return PlainQrResult(*qr(input, "reduced" if some else "complete"))


def _eigh_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    values, vectors = saved
    g_values, g_vectors = g
    n = vectors.shape[-1]
    one = k.array(np.eye(n, dtype=k.kind(vectors)))
    line, column = (*values.shape[:-1], 1, n), (*values.shape, 1)
    middle: Any = 0.0
    if g_values is not None:
        middle = one * k.reshape(g_values, line)
    if g_vectors is not None:
        gaps = k.reshape(values, line) - k.reshape(values, column) + one
        turned = k.matmul(k.swap(vectors), g_vectors)  # only turning keeps the vectors orthonormal
        middle = middle + (1 - one) * (turned - k.swap(turned)) / (gaps * 2)
    return (k.matmul(k.matmul(vectors, middle), k.swap(vectors)),)


EIGH = Rule("LinalgEighBackward0", _eigh_backward, many=True)


def eigh(A: Tensor, UPLO: str = "L") -> Any:
    """Return the eigenvalues of symmetric matrices, rising, and the eigenvectors as columns.

    Only the lower triangle is read (the upper one with `UPLO="U"`). A vector's sign is free, and
    whether two libraries choose the same is chance.
    Shapes: (..., n, n) to (..., n) and (..., n, n).

    Raises:
        RuntimeError: a matrix that is not square, another `UPLO`.

    >>> from backprop_tutor import engine as torch
    >>> eigh(torch.tensor([[2., 0.], [1., 2.]])).eigenvalues
    tensor([1., 3.])
    """
    is_square(A, "eigh")
    if not isinstance(UPLO, str) or UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    values, vectors = np.linalg.eigh(A._a, "L" if UPLO in "Ll" else "U")
    return EighResult(*record_many(EIGH, (values, vectors), (A,), (0, 1)))


def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """Return the eigenvalues of symmetric matrices, rising; (..., n, n) to (..., n).

    Raises:
        RuntimeError: a matrix that is not square, another `UPLO`.
    """
    found: Tensor = eigh(A, UPLO)[0]
    return found


def svd(A: Tensor, full_matrices: bool = True, *, driver: Any = None) -> Any:
    """Return U, S and Vh with A = U @ diag(S) @ Vh, the singular values falling.

    Shapes with k = min(m, n), A (..., m, n): (..., m, m), (..., k), (..., n, n); without
    `full_matrices` (..., m, k), (..., k), (..., k, n). Vectors beyond the k-th have no gradient.

    Raises:
        RuntimeError: fewer than two dimensions, whole numbers, a `driver` (those are of GPUs).
        LinAlgError: a matrix with a nan or an infinite element.

    >>> from backprop_tutor import engine as torch
    >>> svd(torch.tensor([[0., 2.], [1., 0.]])).S
    tensor([2., 1.])
    """
    if driver is not None:
        raise RuntimeError(
            "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with "
            "cuSOLVER backend."
        )
    return SvdResult(*svd_parts(A, full_matrices))


def matrix_power(A: Tensor, n: int) -> Tensor:
    """Return a square matrix to a whole power; a negative one inverts.

    Raises:
        RuntimeError: a matrix that is not square; with a negative power, a singular one (LinAlgError).
    """
    if A._a.dtype.kind == "f" or A._a.ndim < 2 or A._a.shape[-1] != A._a.shape[-2]:
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


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Return the scalar products of vectors along a dimension, broadcast."""
    if x.ndim == y.ndim == 1 and x.shape == y.shape:
        return matmul(x, y)
    return (x * y).sum(dim)  # type: ignore[no-any-return]


def solve_triangular(
    A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Tensor:
    """Return X with A @ X = B (X @ A = B unless `left`), A taken as a triangle.

    Shapes: A (..., n, n), B (..., n, k), or (..., k, n) unless `left`; X as B.

    Raises:
        RuntimeError: fewer than two dimensions, or an A that is not square.
    """
    for name, x in (("A", A), ("B", B)):
        if x.ndim < 2:
            raise RuntimeError(
                f"linalg.solve_triangular: The input tensor {name} must have at least 2 dimensions.")
    is_square(A, "solve_triangular")
    triangle = A.triu() if upper else A.tril()
    if unitriangular:
        eye = wrap(np.eye(A.shape[-1], dtype=A._a.dtype))
        triangle = (A.triu(1) if upper else A.tril(-1)) + eye
    return matmul(inv(triangle), B) if left else matmul(B, inv(triangle))
