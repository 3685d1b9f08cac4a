"""Sums of products over named or paired dimensions: einsum, tensordot, and the add-multiply family."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from .arithmetic import add, mul
from .dims import dim_of
from .dtypes import promote_operands
from .linear_algebra import bmm, matmul, mm, mv, outer
from .pairs import cast
from .quiet import hush, unhush
from .tape import Rule, Tensor, record
from .traversal import KERNELS

__all__ = [
    "addbmm", "addmm", "addmv", "addr", "baddbmm", "chain_matmul", "einsum", "inner", "kron",
    "tensordot", "vdot",
]


def _einsum_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    terms, result, shapes = options
    found: list[Any] = []
    for i, wanted in enumerate(need):
        if not wanted:
            found.append(None)
            continue
        others = [j for j in range(len(terms)) if j != i]
        held = set(result).union(*(terms[j] for j in others)) if others else set(result)
        own = terms[i]
        kept = "".join(c for c in own if c in held)
        part = k.einsum(
            [result, *(terms[j] for j in others)], kept, [g, *(saved[j] for j in others)]
        )
        if kept != own:  # summed away alone: its gradient is spread evenly
            shape = tuple(n if c in held else 1 for c, n in zip(own, shapes[i], strict=True))
            part = k.reshape(part, shape)
            part = k.expand(part, shapes[i])
        found.append(part)
    return found


EINSUM = Rule("EinsumBackward0", _einsum_backward)


def raw_einsum(terms: list[str], result: str, arrays: list[Any]) -> Any:
    """Return the raw contraction."""
    return np.einsum(f"{','.join(terms)}->{result}", *arrays, optimize=len(arrays) > 2)


def contract(terms: list[str], result: str, tensors: list[Tensor]) -> Tensor:
    """Return the recorded contraction; no term names a dimension twice."""
    out = raw_einsum(terms, result, [x._a for x in tensors])
    shapes = tuple(x._a.shape for x in tensors)
    return record(EINSUM, np.asarray(out), tuple(tensors), tuple(tensors),
                  (tuple(terms), result, shapes))


KERNELS["contract"] = contract


def einsum(equation: str, *operands: Any) -> Tensor:
    """Return the sum of products that the equation describes ("ij,jk->ik").

    Raises:
        RuntimeError: an equation that does not fit the operands.
    """
    tensors: list[Tensor] = list(operands[0]) if len(operands) == 1 and isinstance(
        operands[0], (list, tuple)) else list(operands)
    text = equation.replace(" ", "")
    left, arrow, result = text.partition("->")
    terms = left.split(",")
    for i, c in enumerate(text):
        if not (c.isascii() and c.isalpha()) and c not in ".,->":
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {i} in the equation string, subscripts "
                "must be in [a-zA-Z]"
            )
    if len(terms) != len(tensors):
        word = "fewer" if len(terms) > len(tensors) else "more"
        raise RuntimeError(
            f"einsum(): {word} operands were provided than specified in the equation"
        )
    terms, result, tensors = _without_ellipsis(terms, result if arrow else None, tensors)
    sizes: dict[str, int] = {}
    for n, (term, x) in enumerate(zip(terms, tensors, strict=True)):
        if len(term) != x._a.ndim:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({len(term)}) does not match "
                f"the number of dimensions ({x._a.ndim}) for operand {n} and no ellipsis was given"
            )
        for c, size in zip(term, x._a.shape, strict=True):
            if sizes.get(c, size) != size and 1 not in (size, sizes[c]):
                raise RuntimeError(
                    f"einsum(): subscript {c} has size {size} for operand {n} which does not "
                    f"broadcast with previously seen size {sizes[c]}"
                )
            sizes[c] = max(size, sizes.get(c, 1)) if size != 0 else 0
    for c in result:
        if c not in sizes:
            raise RuntimeError(
                f"einsum(): output subscript {c} does not appear in the equation for any input "
                "operand"
            )
    kind = promote_operands(tuple(x._a for x in tensors))
    _check_kinds(terms, result, tensors)
    plain_terms, plain = [], []
    for term, x in zip(terms, tensors, strict=True):
        term, x = _distinct(term, cast(x, kind))
        wanted = tuple(sizes[c] for c in term)
        plain_terms.append(term)
        plain.append(x if x._a.shape == wanted else x.expand(wanted))
    token = hush()
    try:
        return contract(plain_terms, result, plain)
    finally:
        unhush(token)


def _check_kinds(terms: list[str], result: str, tensors: list[Tensor]) -> None:
    """Refuse two dtypes where a subscript is summed over: there PyTorch multiplies matrices."""
    for (one, x), (two, y) in pairwise(zip(terms, tensors, strict=True)):
        if x._a.dtype != y._a.dtype and set(one) & set(two) - set(result):
            raise RuntimeError(
                f"expected scalar type {x.dtype.short} but found {y.dtype.short}"
            )


def _distinct(term: str, x: Tensor) -> tuple[str, Tensor]:
    """Return the term with every repeated subscript taken as a diagonal."""
    from .diagonals import diagonal

    for c in dict.fromkeys(term):
        while term.count(c) > 1:
            i = term.index(c)
            j = term.index(c, i + 1)
            x = diagonal(x, 0, i, j)
            term = term[:i] + term[i + 1 : j] + term[j + 1 :] + c
    return term, x


def _without_ellipsis(
    terms: list[str], result: str | None, tensors: list[Tensor]
) -> tuple[list[str], str, list[Tensor]]:
    """Return the terms with `...` spelled out in letters of its own, and the result's term."""
    rank = 0
    for term, x in zip(terms, tensors, strict=True):
        if "..." in term:
            rank = max(rank, x._a.ndim - len(term.replace("...", "")))
    letters = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               if c not in "".join(terms) + (result or "")][:rank]
    dots = "".join(letters)
    spelled = []
    for term, x in zip(terms, tensors, strict=True):
        own = x._a.ndim - len(term.replace("...", ""))
        spelled.append(term.replace("...", dots[len(dots) - own :] if own > 0 else ""))
    if result is None:
        joined = "".join(terms).replace("...", "")
        once = sorted(c for c in set(joined) if joined.count(c) == 1)
        result = dots + "".join(once)
    else:
        result = result.replace("...", dots)
    return spelled, result, tensors


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """Return the sum of products over the last dims of `a` and the first of `b`, or pairs of them."""
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        left = list(range(a._a.ndim - dims, a._a.ndim))
        right = list(range(dims))
    else:
        left, right = ([d] if isinstance(d, int) else list(d) for d in dims)
        left = [dim_of(d, a._a.ndim) for d in left]
        right = [dim_of(d, b._a.ndim) for d in right]
    for i, j in zip(left, right, strict=True):
        if a._a.shape[i] == 1 and b._a.shape[j] != 1:
            b = b.sum(j, True)
        elif b._a.shape[j] == 1 and a._a.shape[i] != 1:
            a = a.sum(i, True)
        elif a._a.shape[i] != b._a.shape[j]:
            raise RuntimeError(
                "contracted dimensions need to match, but first has size "
                f"{a._a.shape[i]} in dim {i} and second has size {b._a.shape[j]} in dim {j}"
            )
    if a._a.dtype != b._a.dtype:
        raise RuntimeError("both inputs should have same dtype")
    rows = [i for i in range(a._a.ndim) if i not in left]
    columns = [j for j in range(b._a.ndim) if j not in right]
    shape = [a._a.shape[i] for i in rows] + [b._a.shape[j] for j in columns]
    inner_size = int(np.prod([a._a.shape[i] for i in left]))
    height = int(np.prod([a._a.shape[i] for i in rows]))
    width = int(np.prod([b._a.shape[j] for j in columns]))
    x = a.permute(rows + left).reshape(height, inner_size)
    y = b.permute(right + columns).reshape(inner_size, width)
    return mm(x, y).reshape(shape)  # type: ignore[no-any-return]


def inner(input: Tensor, other: Tensor) -> Tensor:
    """Return the sum of products over both last dimensions."""
    if not input._a.ndim or not other._a.ndim:
        return mul(input, other)
    if input._a.shape[-1] != other._a.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(input._a.shape)} and {list(other._a.shape)}"
        )
    return tensordot(input, other, ([-1], [-1]))


def vdot(input: Tensor, other: Tensor) -> Tensor:
    """Return the scalar product of two vectors."""
    return input.dot(other)  # type: ignore[no-any-return]


def kron(input: Tensor, other: Tensor) -> Tensor:
    """Return the Kronecker product."""
    rank = max(input._a.ndim, other._a.ndim)
    a = (1,) * (rank - input._a.ndim) + input._a.shape
    b = (1,) * (rank - other._a.ndim) + other._a.shape
    left = input.reshape([n for size in a for n in (size, 1)])
    right = other.reshape([n for size in b for n in (1, size)])
    return mul(left, right).reshape([m * n for m, n in zip(a, b, strict=True)])  # type: ignore[no-any-return]


def _scaled_sum(input: Tensor, product: Tensor, beta: Any, alpha: Any) -> Tensor:
    if alpha != 1:
        product = mul(product, alpha)
    if beta == 0:
        return product
    shape = product._a.shape
    _check_spread(input, shape)
    return add(input if beta == 1 else mul(input, beta), product)


def _check_spread(input: Tensor, shape: tuple[int, ...]) -> None:
    own = input._a.shape
    if len(own) > len(shape) or any(m not in (1, n) for m, n in zip(own[::-1], shape[::-1], strict=False)):
        input.expand(shape)  # raises PyTorch's message


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """Return beta·input + alpha·(mat1 @ mat2)."""
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
    if a._a.dtype != b._a.dtype or a._a.dtype != input._a.dtype:
        one, two, given = a.dtype.short, b.dtype.short, input.dtype.short
        if given == two:
            raise RuntimeError(f"mat1 and mat2 must have the same dtype, but got {one} and {two}")
        raise RuntimeError(f"self and mat2 must have the same dtype, but got {given} and {two}")
    product = mm(a.detach(), b.detach())._a
    shape = input._a.shape
    _check_spread(input, product.shape)
    return record(ADDMM, product + input._a, (input, a, b), (a, b), shape)


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """Return beta·input + alpha·(mat @ vec)."""
    return _scaled_sum(input, mv(mat, vec), beta, alpha)


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """Return beta·input + alpha·(vec1 ⊗ vec2)."""
    return _scaled_sum(input, outer(vec1, vec2), beta, alpha)


def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """Return beta·input + alpha·(batch1 @ batch2), batch by batch."""
    return _scaled_sum(input, bmm(batch1, batch2), beta, alpha)


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """Return beta·input + alpha·(Σ batch1 @ batch2) over the batch."""
    return _scaled_sum(input, bmm(batch1, batch2).sum(0), beta, alpha)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """Return the product of several matrices."""
    out = matrices[0]
    for each in matrices[1:]:
        out = matmul(out, each)
    return out
