"""The usual case of the usual losses: a mean over entries of one shape, with nothing weighted.

Each is its record's value and gradient by NumPy's own names, with constants that are arrays already: a
third of the record's cost on a small batch. The contract battery holds them to the records, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW, constant, one_of, sum_over, zero_of
from ..autograd.tape import Tensor, record_loss
from ..functions.recorded import node_rule
from ..tensors.quiet import hush, unhush

__all__ = ["USUAL"]

_MEAN = {"reduction": "mean"}


def _usual(
    name: str, node: str, value: Callable[[Any, Any], Any], slope: Callable[[Any, Any], Any]
) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the mean loss of an input and a target without gradient, from its value and slope a pair."""

    def of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
        return (np.multiply(np.divide(g, constant(options[2], g.dtype)), slope(saved[0], saved[1])), None)

    rule = node_rule(name, node, of_arrays, order=(0, 1), held=(0, 1))

    def loss(input: Tensor, target: Tensor) -> Tensor:
        x, y = input._a, target._a
        size = x.size
        token = hush()
        try:
            out = sum_over(value(x, y), None) / x.dtype.type(size)
        finally:
            unhush(token)
        shapes = (x.shape, y.shape, None)
        return record_loss(rule, out, input, target, (_MEAN, shapes, size))

    return loss


def _square(x: Any, y: Any) -> Any:
    error = x - y
    return error * error


def _bce(p: Any, t: Any) -> Any:
    floor = constant(-100, p.dtype)
    hit = np.maximum(np.log(p), floor)
    miss = np.maximum(np.log1p(np.negative(p)), floor)
    return np.subtract(np.multiply(np.subtract(t, one_of(p.dtype)), miss), np.multiply(t, hit))


def _bce_slope(p: Any, t: Any) -> Any:
    spread = np.multiply(np.subtract(one_of(p.dtype), p), p)
    return np.divide(np.subtract(p, t), np.maximum(spread, constant(1e-12, p.dtype)))


def _logits(x: Any, t: Any) -> Any:
    tail = np.log1p(np.exp(np.negative(np.absolute(x))))
    tail = np.add(tail, np.maximum(np.negative(x), zero_of(x.dtype)))
    return np.add(np.multiply(np.subtract(one_of(x.dtype), t), x), tail)


USUAL = {
    "mse": _usual("mse", "MseLossBackward0", _square,
                  lambda x, y: np.multiply(np.subtract(x, y), constant(2, x.dtype))),
    "bce": _usual("bce", "BinaryCrossEntropyBackward0", _bce, _bce_slope),
    "bce_with_logits": _usual("bce_with_logits", "BinaryCrossEntropyWithLogitsBackward0", _logits,
                              lambda x, t: np.subtract(RAW.sigmoid(x), t)),
}
"""By the record's name."""
