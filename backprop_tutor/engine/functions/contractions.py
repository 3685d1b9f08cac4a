"""Sums of products over named or paired dimensions: einsum, tensordot, inner and their like."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ops.tensors import TENSOR_OPS
from ..autograd.around import KERNELS
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dtypes import from_numpy_dtype, not_defined, promote_operands
from ..tensors.quiet import hush, unhush
from .pairs import cast

__all__ = ["einsum"]


def _einsum_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    row = TENSOR_OPS["einsum"]
    rules = (row.gradient(slot) if wanted else None for slot, wanted in enumerate(need))
    return [rule and rule(k, g, None, *saved, equation=options) for rule in rules]


EINSUM = Rule("EinsumBackward0", _einsum_backward)


def raw_einsum(terms: list[str], result: str, arrays: list[Any]) -> Any:
    """Return the raw contraction."""
    return np.einsum(f"{','.join(terms)}->{result}", *arrays, optimize=len(arrays) > 2)


def contract(terms: list[str], result: str, tensors: list[Tensor]) -> Tensor:
    """Return the recorded contraction; no term names a dimension twice."""
    out = raw_einsum(terms, result, [x._a for x in tensors])
    equation = f"{','.join(terms)}->{result}"
    return record(EINSUM, np.asarray(out), tuple(tensors), tuple(tensors), equation)


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
    kinds = {x._a.dtype for x in tensors}
    kind = promote_operands(tuple(x._a for x in tensors))
    if kind.kind != "f" or len(kinds) > 1:
        distinct = [_distinct(term, x) for term, x in zip(terms, tensors, strict=True)]
        arrays = [x._a for _, x in distinct]
        out = _by_pairs([term for term, _ in distinct], result, arrays)
        if kind.kind != "f":
            return wrap(out)
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


def _by_pairs(terms: list[str], result: str, arrays: list[Any]) -> Any:
    """Return the contraction as PyTorch makes it, from the left and in pairs.

    It matters for whole numbers: where a dimension of one operand alone is summed, that is a sum as
    any other, in int64; products summed over a common dimension keep their dtype.

    Raises:
        RuntimeError: two dtypes where products are summed.
        NotImplementedError: booleans there.
    """
    inner = sorted(set("".join(terms)) - set(result))
    labels = [*result, *inner]
    parts = []
    for term, a in zip(terms, arrays, strict=True):
        order = [term.index(c) for c in labels if c in term]
        shape = [a.shape[term.index(c)] if c in term else 1 for c in labels]
        parts.append(a.transpose(order).reshape(shape))
    counts = [sum(p.shape[i] != 1 for p in parts) for i in range(len(labels))]
    axes = range(len(result), len(labels))
    out = parts[0]
    for other in parts[1:]:
        shared = []
        for i in axes:
            here, there = out.shape[i] != 1, other.shape[i] != 1
            if here and there:
                counts[i] -= 1
                if counts[i] == 1:
                    shared.append(i)
            elif counts[i] == 1 and here:
                out = _summed(out, i)
            elif counts[i] == 1 and there:
                other = _summed(other, i)
        out = _multiplied(out, other, shared)
    if len(parts) == 1 and inner:
        out = _summed(out, tuple(axes))
    return out.reshape(out.shape[: len(result)])


def _summed(a: Any, axes: Any) -> Any:
    return np.sum(a, axis=axes, keepdims=True, dtype=a.dtype if a.dtype.kind == "f" else np.int64)


def _multiplied(a: Any, b: Any, shared: list[int]) -> Any:
    """Return the products, summed over the shared dimensions, which stay at size 1."""
    if not shared:
        return np.multiply(a, b, dtype=promote_operands((a, b)))
    if a.dtype != b.dtype:
        names = [from_numpy_dtype(each.dtype).short for each in (a, b)]
        raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
    if a.dtype.kind == "b":
        raise not_defined("einsum", a.dtype)
    every = list(range(a.ndim))
    found = np.einsum(a, every, b, every, [i for i in every if i not in shared])
    return np.expand_dims(found, tuple(shared))


def _distinct(term: str, x: Tensor) -> tuple[str, Tensor]:
    """Return the term with every repeated subscript taken as a diagonal."""
    for c in dict.fromkeys(term):
        while term.count(c) > 1:
            i = term.index(c)
            j = term.index(c, i + 1)
            x = x.diagonal(0, i, j)
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
