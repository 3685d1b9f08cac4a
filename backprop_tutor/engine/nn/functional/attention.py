"""Scaled dot-product attention: each query's mean of the values, weighted by its likeness to the keys."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...choosing import where
from ...fused import dropout
from ...linear_algebra import matmul
from ...pairs import in_float32
from ...tape import Tensor, wrap

__all__ = ["scaled_dot_product_attention"]


NAMES = {
    "float64": "double", "float32": "float", "float16": "c10::Half", "int64": "long int", "int32": "int",
    "int16": "short int", "int8": "signed char", "uint8": "unsigned char", "bool": "bool",
}


def _check(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, causal: bool) -> None:
    kinds = [t._a.dtype for t in (query, key, value)]
    if len(set(kinds)) > 1:
        q, k, v = (NAMES[kind.name] for kind in kinds)
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got query.dtype: "
            f"{q} key.dtype: {k} and value.dtype: {v} instead."
        )
    dims = [t._a.ndim for t in (query, key, value)]
    if min(dims) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
            f"{dims[0]} key.dim: {dims[1]} and value.dim: {dims[2]} instead."
        )
    if kinds[0].kind != "f":
        raise RuntimeError(f"expected scalar type Float but found {query.dtype.short}")
    if mask is None:
        return
    if causal:
        raise RuntimeError(
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True"
        )
    if mask._a.dtype.kind != "b" and mask._a.dtype not in (kinds[0], np.dtype(np.float32)):
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got "
            f"attn_mask.dtype: {NAMES[mask._a.dtype.name]} and  query.dtype: "
            f"{NAMES[kinds[0].name]} instead."
        )


def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None,
    dropout_p: float = 0.0, is_causal: bool = False, scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Return softmax(query·keyᵀ·scale + mask)·value.

    Shapes: query (..., l, e), key (..., s, e), value (..., s, v), result (..., l, v); `scale` is
    1/√e without one. A mask of booleans, broadcast to (..., l, s), is True where a query may look;
    one of numbers is added to the scores. `is_causal` lets query i look at the keys up to i. A query
    that may look nowhere gets zeros. With `enable_gqa` the heads, the third dimension from the end,
    may be fewer in key and value than in query by a whole factor.

    Raises:
        RuntimeError: other dtypes or shapes; a mask beside `is_causal`;
            a probability outside [0, 1].

    Source: Vaswani and others, "Attention is all you need", 2017, equation 1.

    >>> import backprop_tutor.engine as torch
    >>> x = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    >>> scaled_dot_product_attention(x, x, x, is_causal=True)
    tensor([[1.0000, 0.0000],
            [0.0558, 1.8884]])
    """
    _check(query, key, value, attn_mask, is_causal)
    if not 0 <= dropout_p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {dropout_p}")
    if enable_gqa and query._a.ndim > 2:
        heads, fewer = query._a.shape[-3], key._a.shape[-3]
        if heads % fewer or heads % value._a.shape[-3]:
            raise RuntimeError(
                "Number of heads in key and value must divide the number of heads in "
            )
        key = key.repeat_interleave(heads // fewer, -3)
        value = value.repeat_interleave(heads // value._a.shape[-3], -3)
    settings = (dropout_p, is_causal, scale)
    if query._a.dtype.char == "e":
        # PyTorch's loop over blocks keeps the exponentials as halves
        shapes = [t._a.shape for t in (query, key, value)]
        whole = len(shapes[0]) == len(shapes[1]) == 4 and shapes[1] == shapes[2]
        blocks = whole and shapes[0][:2] == shapes[1][:2] and not dropout_p
        return in_float32(_attend, query, key, value, attn_mask, settings, halves=blocks)
    return _attend(query, key, value, attn_mask, settings)


def _attend(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None,
    settings: tuple[float, bool, float | None], halves: bool = False,
) -> Tensor:
    dropout_p, is_causal, scale = settings
    scores = matmul(query * (1 / math.sqrt(query._a.shape[-1]) if scale is None else scale), key.mT)
    if is_causal:
        attn_mask = wrap(np.tri(scores._a.shape[-2], scores._a.shape[-1], dtype=bool))
    blind = None
    if attn_mask is not None and attn_mask._a.dtype.kind == "b":
        seen = np.broadcast_to(attn_mask._a, scores._a.shape)
        blind = wrap(np.logical_not(seen.any(-1, keepdims=True)))
        scores = where(wrap(seen | blind._a), scores, -math.inf)
    elif attn_mask is not None:
        scores = scores + attn_mask
    weights = scores.softmax(-1)
    if halves:
        weights = weights + wrap(_shares_of_halves(scores._a) - weights._a)
    if blind is not None and blind._a.any():
        weights = where(blind, 0.0, weights)
    if dropout_p:
        weights = dropout(weights, dropout_p, True)
    return matmul(weights, value)


def _shares_of_halves(scores: Any) -> Any:
    """Return the softmax of scores, its exponentials rounded to halves, their sum not."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    total = raised.sum(-1, keepdims=True)
    rounded: Any = raised.astype(np.float16).astype(scores.dtype) / total
    return rounded
