"""beta·input + alpha·product, for every kind of product: addmm, addmv, addr, baddbmm, addbmm.

Whole numbers stay what they are: the two weights are cut to the dtype. Halves are computed in
float32 and rounded once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import add, mul, weighed
from .dtypes import converted, from_numpy_dtype, promote_operands
from .linear_algebra import bmm, ctype, mm, mv, outer
from .modes import no_grad
from .pairs import are_halves, in_float32
from .tape import Rule, Tensor, record, wrap

__all__ = ["addbmm", "addmm", "addmv", "addr", "baddbmm"]


def _short(x: Tensor) -> str:
    return from_numpy_dtype(x._a.dtype).short


def _check_dtypes(input: Tensor, a: Tensor, b: Tensor) -> None:
    for name, one in (("self", input), ("mat1", a)):
        if one._a.dtype != b._a.dtype:
            raise RuntimeError(
                f"{name} and mat2 must have the same dtype, but got {_short(one)} and {_short(b)}"
            )


def _scaled_sum(input: Tensor, product: Tensor, beta: Any, alpha: Any) -> Tensor:
    kind = product._a.dtype
    if kind.kind != "f":
        beta, alpha = int(converted(beta, kind)), int(converted(alpha, kind))
    if alpha == 0:  # nothing of the product is read, not even a nan
        product = mul(product.nan_to_num(0.0, 0.0, 0.0), 0)
    elif alpha != 1:
        product = weighed(product, alpha)
    if beta == 0:
        return product
    _check_spread(input, product._a.shape)
    return add(input if beta == 1 else weighed(input, beta), product)


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """Return beta·input + alpha·(mat1 @ mat2).

    Raises:
        RuntimeError: two dtypes, or shapes that cannot be multiplied.
    """
    _check_dtypes(input, mat1, mat2)
    if are_halves(input):
        return in_float32(addmm, input, mat1, mat2, beta=beta, alpha=alpha)
    if beta == 1 and alpha == 1 and mat1._a.ndim == 2 and mat2._a.ndim == 2:
        return _addmm(input, mat1, mat2)
    return _scaled_sum(input, mm(mat1, mat2), beta, alpha)


def _addmm_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b = saved
    return (
        k.fit(g, options) if need[0] else None,
        k.matmul(g, k.swap(b)) if need[1] else None,
        k.matmul(k.swap(a), g) if need[2] else None,
    )


ADDMM = Rule("AddmmBackward0", _addmm_backward)


def _addmm(input: Tensor, a: Tensor, b: Tensor) -> Tensor:
    product = mm(a.detach(), b.detach())._a
    _check_spread(input, product.shape)
    return record(ADDMM, product + input._a, (input, a, b), (a, b), input._a.shape)


def _check_spread(input: Tensor, shape: tuple[int, ...]) -> None:
    own = input._a.shape
    if len(own) > len(shape) or any(m not in (1, n) for m, n in zip(own[::-1], shape[::-1], strict=False)):
        input.expand(shape)  # raises PyTorch's message


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """Return beta·input + alpha·(mat @ vec).

    Raises:
        RuntimeError: two dtypes, or shapes that cannot be multiplied.
    """
    if not input._a.dtype == mat._a.dtype == vec._a.dtype:
        names = [_short(x) for x in (input, mat, vec)]
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {names[0]}, {names[1]}, and "
            f"{names[2]}"
        )
    if are_halves(input):
        return in_float32(addmv, input, mat, vec, beta=beta, alpha=alpha)
    return _scaled_sum(input, mv(mat, vec), beta, alpha)


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """Return beta·input + alpha·(vec1 ⊗ vec2); of booleans, "or" and "and".

    Raises:
        RuntimeError: weights that are no whole numbers for operands that are.
    """
    kind = promote_operands((input._a, vec1._a, vec2._a))
    for name, weight in (("beta", beta), ("alpha", alpha)):
        if isinstance(weight, bool) and kind.kind != "b":
            raise RuntimeError(f"Boolean {name} only supported for Boolean results.")
        if isinstance(weight, float) and kind.kind != "f":
            raise RuntimeError(
                f"For integral input tensors, argument {name} must not be a floating point number."
            )
    if kind.kind != "b":
        scaled = vec1 if alpha == 1 else weighed(vec1, alpha)
        return _scaled_sum(input, outer(scaled, vec2), beta, 1)
    product = outer(vec1, vec2)
    kept = np.broadcast_to(input._a, product._a.shape) & bool(beta)
    return wrap(kept | (product._a & bool(alpha)))


def _refuse_booleans(input: Tensor, loop: str) -> None:
    if input._a.dtype.kind == "b":
        raise NotImplementedError(f"\"{loop}\" not implemented for 'Bool'")


def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """Return beta·input + alpha·(batch1 @ batch2), batch by batch.

    Raises:
        RuntimeError: two dtypes, or shapes that cannot be multiplied.
        NotImplementedError: booleans.
    """
    if not input._a.dtype == batch1._a.dtype == batch2._a.dtype:
        names = [ctype(x._a) for x in (input, batch1, batch2)]
        raise RuntimeError(
            f"Input dtypes must be the same, got: input {names[0]}, batch1: {names[1]}, batch2: "
            f"{names[2]}"
        )
    _refuse_booleans(input, "baddbmm")
    if are_halves(input):
        return in_float32(baddbmm, input, batch1, batch2, beta=beta, alpha=alpha)
    return _scaled_sum(input, bmm(batch1, batch2), beta, alpha)


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """Return beta·input + alpha·(Σ batch1 @ batch2) over the batch.

    Raises:
        RuntimeError: two dtypes, or shapes that cannot be multiplied.
        NotImplementedError: booleans.
    """
    _check_dtypes(input, batch1, batch2)
    _refuse_booleans(input, "addmm_impl_cpu_")
    if input._a.dtype.kind == "f":
        return _batch_by_batch(input, batch1, batch2, beta, alpha)
    product = bmm(batch1, batch2)
    return _scaled_sum(input, product.sum(0, dtype=product.dtype), beta, alpha)


def _addbmm_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b = saved
    shape, beta, alpha = options
    spread = k.reshape(g * alpha, (1, *g.shape))
    return (
        k.fit(g * beta, shape) if need[0] else None,
        k.matmul(spread, k.swap(b)) if need[1] else None,
        k.matmul(k.swap(a), spread) if need[2] else None,
    )


ADDBMM = Rule("AddbmmBackward0", _addbmm_backward, fresh=True)


def _batch_by_batch(input: Tensor, a: Tensor, b: Tensor, beta: Any, alpha: Any) -> Tensor:
    """Return the sum, one product added (and rounded) after the other."""
    with no_grad():
        bmm(a, b)  # raises PyTorch's messages
        out = mul(input, beta) if beta != 1 else input
        if beta == 0:
            out = out.nan_to_num(0.0, 0.0, 0.0)
        out = out.expand((a._a.shape[1], b._a.shape[2]))
        for left, right in zip(a, b, strict=True):
            out = addmm(out, left, right, alpha=alpha)
    return record(ADDBMM, np.array(out._a), (input, a, b), (a, b), (input._a.shape, beta, alpha))
