"""Products of matrices and vectors: matmul and its named special cases."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from ..tensors.dtypes import C_NAMES, converted, from_numpy_dtype, not_defined
from .pairs import broadcast_error
from .recorded import Recorded

__all__ = ["addmm", "bmm", "dot", "matmul", "mm", "mv", "outer"]


def _short(a: Any) -> str:
    return from_numpy_dtype(a.dtype).short


MM, MV, DOT, BMM, MATMUL, ROW = (
    Recorded("matmul", f"{node}Backward{number}")
    for node, number in (("Mm", 0), ("Mv", 0), ("Dot", 0), ("Bmm", 0), ("UnsafeView", 0), ("Squeeze", 4))
)
ADDMM = Recorded("addmm", "AddmmBackward0", fresh=False)


def refuse_booleans(a: Any) -> None:
    """Refuse a product of booleans.

    Raises:
        NotImplementedError: the operands are booleans.
    """
    if a.dtype.kind == "b":
        raise not_defined("matmul", a.dtype)


def _product(rule: Recorded, x: Tensor, y: Tensor) -> Tensor:
    if x._a.dtype.char == "?":
        refuse_booleans(x._a)
    try:
        return rule(x, y)
    except ValueError:
        raise broadcast_error(x._a.shape[:-2], y._a.shape[:-2]) from None


def _check_tensors(input: Any, other: Any, called: str) -> None:
    for value, argument, position in ((input, "input", 1), (other, "other", 2)):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{called}(): argument '{argument}' (position {position}) must be Tensor, "
                f"not {type(value).__name__}"
            )


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """Return the matrix product; vectors and batches as PyTorch (and NumPy) treat them.

    Shapes: (n,)@(n,), (m, n)@(n,), (n,)@(n, p), (m, n)@(n, p), (..., m, n)@(..., n, p).

    Raises:
        RuntimeError: shapes that cannot be multiplied, or two dtypes.
    """
    _check_tensors(input, other, "matmul")
    a, b = input._a, other._a
    if not a.ndim or not b.ndim:
        raise RuntimeError(
            "both arguments to matmul need to be at least 1D, but they are "
            f"{a.ndim}D and {b.ndim}D"
        )
    if a.ndim == 2:
        if b.ndim == 2:
            return mm(input, other)
        if b.ndim == 1:
            return mv(input, other)
    elif a.ndim == 1 and b.ndim == 1:
        return dot(input, other)
    if a.dtype != b.dtype:
        _refuse_dtypes(a, b, min(a.ndim, b.ndim) > 2)
    inner = b.shape[0] if b.ndim == 1 else b.shape[-2]
    if a.shape[-1] != inner:
        raise _mismatch(input, other)
    if a.ndim == 3 and b.ndim == 3 and a.shape[0] == b.shape[0]:
        return _product(BMM, input, other)
    if a.ndim == 1 and b.ndim == 2:
        made = _product(ROW, input, other)
        if made._ver is not None:
            made._ver[0] = 1  # PyTorch takes the row's dimension off in place
        return made
    return _product(MATMUL, input, other)


def _folds(x: Tensor, y: Tensor) -> bool:
    """Return whether PyTorch multiplies a batch with a matrix or vector as one matrix.

    It does where the smaller operand requires a gradient, or the batch lies in one piece.
    """
    first = x._a.ndim >= y._a.ndim
    small, large = (y, x._a) if first else (x, np.swapaxes(y._a, -1, -2))
    if large.ndim < 3 or small._a.ndim > 2:
        return False
    if small.requires_grad:
        return True
    if x._a.ndim == 2:
        return False
    return large.size == 0 or all(
        large.strides[i] == large.strides[i + 1] * large.shape[i + 1] for i in range(large.ndim - 2)
    )


def _mismatch(x: Tensor, y: Tensor) -> RuntimeError:
    """Return the error of operands whose inner sizes differ, in the words of how PyTorch multiplies."""
    a, b = x._a, y._a
    if _folds(x, y):
        if a.ndim < b.ndim:
            a, b = np.swapaxes(b, -1, -2), (a.T if a.ndim == 2 else a)
        a = np.broadcast_to(np.zeros(1), (int(np.prod(a.shape[:-1])), a.shape[-1]))
    elif a.ndim == 1 and b.ndim == 2:
        a = a[None]
    if a.ndim == 2 and b.ndim <= 2:
        left = f"{a.shape[0]}x{a.shape[1]}"
        if b.ndim == 1:
            return RuntimeError(
                f"size mismatch, got input ({a.shape[0]}), mat ({left}), vec ({b.shape[0]})"
            )
        return RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({left} and {b.shape[0]}x{b.shape[1]})"
        )
    inner = b.shape[0] if b.ndim == 1 else b.shape[-2]
    try:
        batch = int(np.prod(np.broadcast_shapes(a.shape[:-2], b.shape[:-2])))
    except ValueError:
        return broadcast_error(a.shape[:-2], b.shape[:-2])
    return RuntimeError(
        f"Expected size for first two dimensions of batch2 tensor to be: [{batch}, "
        f"{a.shape[-1]}] but got: [{batch}, {inner}]."
    )


def ctype(a: Any) -> str:
    """Return what the C++ of PyTorch calls an array's dtype, for messages."""
    return C_NAMES[a.dtype.name]


def _same_dtype(a: Any, b: Any) -> None:
    if a.dtype != b.dtype:
        _refuse_dtypes(a, b, False)


def _refuse_dtypes(a: Any, b: Any, batches: bool) -> None:
    if batches:
        raise RuntimeError(f"expected scalar type {_short(a)} but found {_short(b)}")
    raise RuntimeError(
        f"expected m1 and m2 to have the same dtype, but got: {ctype(a)} != {ctype(b)}"
    )


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Return the product of two matrices."""
    _check_tensors(input, mat2, "mm")
    a, b = input._a, mat2._a
    if a.ndim != 2:
        raise RuntimeError("self must be a matrix")
    if b.ndim != 2:
        raise RuntimeError("mat2 must be a matrix")
    if a.shape[1] != b.shape[0]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied "
            f"({a.shape[0]}x{a.shape[1]} and {b.shape[0]}x{b.shape[1]})"
        )
    _same_dtype(a, b)
    return _product(MM, input, mat2)


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """Return a matrix times a vector."""
    a, b = input._a, vec._a
    if a.ndim != 2 or b.ndim != 1:
        raise RuntimeError(
            f"vector + matrix @ vector expected, got {1}, {a.ndim}, {b.ndim}"
        )
    if a.shape[1] != b.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({a.shape[0]}), mat ({a.shape[0]}x{a.shape[1]}), "
            f"vec ({b.shape[0]})"
        )
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {_short(b)}, {_short(a)}, and "
            f"{_short(b)}"
        )
    return _product(MV, input, vec)


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Return the scalar product of two vectors."""
    a, b = input._a, tensor._a
    if a.ndim != 1 or b.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors")
    if a.dtype != b.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{_short(a)} and {_short(b)}"
        )
    if a.shape != b.shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{a.shape[0]}] and src [{b.shape[0]}] to "
            f"have the same number of elements, but got {a.shape[0]} and {b.shape[0]} elements "
            "respectively"
        )
    return _product(DOT, input, tensor)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """Return the products of two batches of matrices."""
    a, b = input._a, mat2._a
    if a.ndim != 3:
        raise RuntimeError("batch1 must be a 3D tensor")
    if b.ndim != 3:
        raise RuntimeError("batch2 must be a 3D tensor")
    if a.shape[0] != b.shape[0] or a.shape[2] != b.shape[1]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: "
            f"[{a.shape[0]}, {a.shape[2]}] but got: [{b.shape[0]}, {b.shape[1]}]."
        )
    if a.dtype != b.dtype:
        _refuse_dtypes(a, b, True)
    return _product(BMM, input, mat2)


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """Return the products of every element of one vector with every element of another."""
    a, b = input._a, vec2._a
    if a.ndim != 1 or b.ndim != 1:
        raise RuntimeError(
            f"outer: Expected 1-D argument {'self' if a.ndim != 1 else 'vec2'}, but got "
            f"{a.ndim if a.ndim != 1 else b.ndim}-D"
        )
    return input.unsqueeze(1) * vec2


def _check_dtypes(input: Tensor, a: Tensor, b: Tensor) -> None:
    for name, one in (("self", input), ("mat1", a)):
        if one._a.dtype != b._a.dtype:
            raise RuntimeError(
                f"{name} and mat2 must have the same dtype, but got {_short(one._a)} and {_short(b._a)}"
            )


def _scaled_sum(input: Tensor, product: Tensor, beta: Any, alpha: Any) -> Tensor:
    kind = product._a.dtype
    if kind.kind != "f":
        beta, alpha = int(converted(beta, kind)), int(converted(alpha, kind))
    if alpha == 0:  # nothing of the product is read, not even a nan
        product = wrap(np.nan_to_num(product._a, nan=0.0, posinf=0.0, neginf=0.0)) * 0
    elif alpha != 1:
        product = product * alpha
    if beta == 0:
        return product
    _check_spread(input, product._a.shape)
    return (input if beta == 1 else input * beta) + product


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """Return beta·input + alpha·(mat1 @ mat2).

    Raises:
        RuntimeError: two dtypes, or shapes that cannot be multiplied.
    """
    _check_dtypes(input, mat1, mat2)
    if beta == 1 and alpha == 1 and mat1._a.ndim == 2 and mat2._a.ndim == 2:
        return _addmm(input, mat1, mat2)
    return _scaled_sum(input, mm(mat1, mat2), beta, alpha)


def _addmm(input: Tensor, a: Tensor, b: Tensor) -> Tensor:
    product = mm(a.detach(), b.detach())._a
    _check_spread(input, product.shape)
    return ADDMM.record(product + input._a, input, a, b)


def _check_spread(input: Tensor, shape: tuple[int, ...]) -> None:
    own = input._a.shape
    if len(own) > len(shape) or any(m not in (1, n) for m, n in zip(own[::-1], shape[::-1], strict=False)):
        input.expand(shape)  # raises PyTorch's message
