"""The usual operations of networks in the order in which an eager step computes them.

A record's rules say what an operation is; an eager step computes some of them by ways of its own that keep
numbers from the forward pass. These are the same ways over the kernel that writes, so that a compiled step
gives an eager step's numbers to the bit. Each returns the value and a function from its gradient to its
operands' gradients; None where the case is not the usual one and the record's own rules are taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops.array_kernel import turned_pays

__all__ = ["FASTER", "Way"]

Way = tuple[Any, Callable[[Any, list[bool]], list[Any]]]


def _cross_entropy(k: Any, operands: list[Any], settings: dict[str, Any], norm: Any) -> Way | None:
    x, t = operands[:2]
    if (
        len(x.shape) != 2 or len(t.shape) != 1 or t.dtype != np.int64 or not t.shape[0]
        or (len(operands) > 2 and operands[2] is not None)
        or settings.get("reduction", "mean") != "mean" or settings.get("label_smoothing")
        or settings.get("ignore_index", -100) >= 0
    ):
        return None
    count, classes = x.shape
    places = k.apply("add", np.arange(0, count * classes, classes), t)
    z = k.apply("subtract", x, k.max(x, 1, True))
    e = k.exp(z)
    total = k.matmul(e, k.array(np.ones(classes, x.dtype)))
    lost = k.log(total) - k.apply("take", z, places)
    out = k.apply("divide", k.matmul(k.array(np.ones(count, x.dtype)), lost), np.array(count, x.dtype))

    def back(g: Any, need: list[bool]) -> list[Any]:
        share = k.apply("divide", g, np.array(count, x.dtype))
        scaled = k.reshape(k.apply("divide", share, total), (count, 1))
        return [k.own_call("less_at", k.own_call("multiply", e, scaled), places, share), None, None]

    return out, back


def _batch_norm(k: Any, operands: list[Any], settings: dict[str, Any], norm: Any) -> Way | None:
    x, weight, bias = (*operands, None, None)[:3]
    if norm is None:
        return None
    if len(x.shape) != 2:
        return _batch_norm_of_many(k, x, weight, bias, settings["eps"], norm)
    size = x.shape[0]
    evenly = k.array(np.full(size, 1 / size, x.dtype))
    ones = k.array(np.ones(size, x.dtype))
    mean = k.matmul(evenly, x)
    centred = k.apply("subtract", x, mean)
    variance = k.matmul(evenly, centred * centred)
    deviation = k.sqrt(variance + settings["eps"])
    hat = centred / deviation
    out = hat if weight is None else hat * weight
    if bias is not None:
        out = out + bias
    norm.update(mean=mean, variance=variance)

    def back(g: Any, need: list[bool]) -> list[Any]:
        gb = k.matmul(ones, g)
        gw = k.matmul(ones, g * hat)
        gx = None
        if need[0]:
            moved = (hat * gw + gb) * np.array(1 / size, x.dtype)
            scale = k.apply("reciprocal", deviation) if weight is None else weight / deviation
            gx = (g - moved) * scale
        return [gx, gw if len(need) > 1 and need[1] else None, gb if len(need) > 2 and need[2] else None]

    return out, back


def _batch_norm_of_many(k: Any, x: Any, weight: Any, bias: Any, eps: float, norm: Any) -> Way:
    channels = x.shape[1]
    size, dims = norm["size"], (0, *range(2, len(x.shape)))
    shape = (1, channels, *(1 for _ in x.shape[2:]))
    count = np.array(size, x.dtype)
    mean = k.sum(x, dims, True) / count
    centred = x - mean
    variance = k.sum(centred * centred, dims, True) / count
    inverse = k.apply("reciprocal", k.sqrt(variance + eps))
    hat = centred * inverse
    out = hat if weight is None else hat * k.reshape(weight, shape)
    if bias is not None:
        out = out + k.reshape(bias, shape)
    norm.update(mean=k.reshape(mean, (channels,)), variance=k.reshape(variance, (channels,)))

    def back(g: Any, need: list[bool]) -> list[Any]:
        gb = k.sum(g, dims, True)
        moved = k.sum(g * hat, dims, True)
        gx = None
        if need[0]:
            gx = (g - (gb + hat * moved) / size) * inverse
            gx = gx if weight is None else gx * k.reshape(weight, shape)
        return [gx, k.reshape(moved, (channels,)) if need[1] else None,
                k.reshape(gb, (channels,)) if need[2] else None]

    return out, back


def _linear(k: Any, operands: list[Any], settings: dict[str, Any], norm: Any) -> Way | None:
    x, w, bias = (*operands, None)[:3]
    if len(x.shape) != 2 or len(w.shape) != 2:
        return None
    if bias is not None and x.dtype == w.dtype and turned_pays(x.shape[0], x.array.size, w.shape[0]):
        out = k.swap(k.matmul(w, k.swap(x))) + bias
    else:
        out = k.matmul(x, k.swap(w))
        out = out if bias is None else out + bias

    def back(g: Any, need: list[bool]) -> list[Any]:
        return [
            k.matmul(g, w) if need[0] else None, k.matmul(k.swap(g), x) if need[1] else None,
            k.rows_sum(g) if len(need) > 2 and need[2] else None,
        ]

    return out, back


def _relu(k: Any, operands: list[Any], settings: dict[str, Any], norm: Any) -> Way | None:
    out = k.maximum(operands[0], 0)
    return out, lambda g, need: [k.apply("multiply", g, k.apply("not_equal", out, 0))]


def _sigmoid(k: Any, operands: list[Any], settings: dict[str, Any], norm: Any) -> Way | None:
    out = k.sigmoid(operands[0])
    return out, lambda g, need: [(1 - out) * out * g]


def _tanh(k: Any, operands: list[Any], settings: dict[str, Any], norm: Any) -> Way | None:
    out = k.tanh(operands[0])
    return out, lambda g, need: [(1 - out * out) * g]


FASTER: dict[tuple[str, str], Callable[..., Way | None]] = {
    ("record", "cross_entropy"): _cross_entropy, ("record", "batch_norm"): _batch_norm,
    ("record", "linear"): _linear, ("row", "relu"): _relu, ("row", "sigmoid"): _sigmoid,
    ("row", "tanh"): _tanh,
}
"""By the kind and the name of the record."""

