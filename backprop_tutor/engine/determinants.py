"""Determinants of square matrices: plain, and as a sign and a logarithm."""

from __future__ import annotations

from typing import Any

import numpy as np

from .choosing import where
from .kernels import RAW
from .matrices import is_square, solve, svd_parts
from .products import prod
from .results import result_type
from .tape import OUT, Rule, Tensor, record, record_many, wrap

__all__ = ["det", "logdet", "slogdet"]

SlogdetResult = result_type("linalg_slogdet", ("sign", "logabsdet"))


def _det_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    """The way back of a determinant, det(A)·A⁻ᵀ: the matrix of cofactors.

    Where the determinant is exactly 0, PyTorch's first gradient is 0 as this formula has it. Under
    `create_graph` matrices near that have their cofactors from U·diag(S)·V: det(U)·det(V) times
    U·diag(products of the other singular values)·V.
    Source: N. Higham, "What is the adjugate of a matrix?" (2020).
    """
    a, out = saved
    size = k.reshape(g * out, (*options, 1, 1))
    eye = np.eye(a.shape[-1], dtype=k.kind(a))
    if k is RAW:
        regular = out != 0
        safe = np.where(regular[..., None, None], a, eye)
        return (size * k.swap(k.inverse(safe)),)
    regular = np.abs(out._a) >= 100 * np.finfo(k.kind(a)).eps
    chosen = wrap(regular[..., None, None])
    if not a.numel() or regular.all():
        return (solve(k.swap(a), size * wrap(eye)),)
    # what the other formula does not meet is replaced by matrices that do no harm in either
    apart = wrap(np.diag(np.arange(1.0, a.shape[-1] + 1)).astype(k.kind(a)))
    plain = solve(k.swap(where(chosen, a, wrap(eye))), size * wrap(eye))
    u, s, v = svd_parts(where(chosen, apart, a))
    others = s.unsqueeze(-2).expand(*s.shape, s.shape[-1])
    others = prod(where(wrap(eye != 0), s.new_ones(()), others), -1)
    cofactors = (u * others.unsqueeze(-2)) @ v * (det(u) * det(v) * g).unsqueeze(-1).unsqueeze(-1)
    return (where(chosen, plain, cofactors),)


DET = Rule("LinalgDetBackward0", _det_backward, fresh=True)


def det(A: Tensor) -> Tensor:
    """Return the determinant of square matrices; shapes (..., n, n) to (...).

    Raises:
        RuntimeError: a matrix that is not square, or not of floating numbers.

    >>> from backprop_tutor import engine as torch
    >>> det(torch.tensor([[1., 2.], [3., 5.]]))
    tensor(-1.)
    """
    is_square(A, "det")
    return record(DET, np.asarray(np.linalg.det(A._a)), (A,), (A, OUT), A._a.shape[:-2])


def _slogdet_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    if g[1] is None:  # the sign has no slope
        return (None,)
    size = k.reshape(g[1], (*g[1].shape, 1, 1))
    if k is RAW:
        return (k.swap(k.inverse(a)) * size,)
    return (solve(k.swap(a), size * wrap(np.eye(a.shape[-1], dtype=k.kind(a)))),)


SLOGDET = Rule("LinalgSlogdetBackward0", _slogdet_backward, many=True)


def _parts(A: Tensor, called: str, room: str = "linalg.") -> Any:
    is_square(A, called, room)
    sign, size = np.linalg.slogdet(A._a)
    return SlogdetResult(*record_many(SLOGDET, (np.asarray(sign), np.asarray(size)), (A,), (A,)))


def slogdet(A: Tensor) -> Any:
    """Return the determinant's sign and the logarithm of its absolute value; 0 and −inf for singular A.

    Shapes: (..., n, n) to (...) each.

    Raises:
        RuntimeError: a matrix that is not square, or not of floating numbers.

    >>> from backprop_tutor import engine as torch
    >>> slogdet(torch.tensor([[0., 1.], [1., 0.]])).sign
    tensor(-1.)
    """
    return _parts(A, "slogdet")


def logdet(A: Tensor) -> Tensor:
    """Return the logarithm of the determinant; nan where it is negative, −inf where it is 0.

    Raises:
        RuntimeError: a matrix that is not square, or not of floating numbers.
    """
    sign, size = _parts(A, "logdet", "")
    return where(sign == -1, size.new_full((), float("nan")), size)  # type: ignore[no-any-return]
