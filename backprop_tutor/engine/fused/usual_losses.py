"""The usual case of the usual losses: a mean over entries of one shape, with nothing weighted.

Each is its record's value and gradient by NumPy's own names, with constants that are arrays already and few
arrays made anew: a third of the record's cost on a small batch. The contract battery holds them to the
records, bit for bit.
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
_subtract, _multiply, _divide = np.subtract, np.multiply, np.divide
_maximum, _negative = np.maximum, np.negative


def _usual(
    name: str, node: str, value: Callable[[Any, Any, Any], Any], slope: Callable[[Any, Any, Any], Any]
) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the mean loss of an input and a target without gradient, from its value and slope a pair.

    `value` and `slope` are given input, target (neither without dimensions) and their dtype, and return an
    array that nothing else holds.
    """

    def of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
        x, y = saved
        kind = x.dtype
        slopes = slope(x, y, kind)
        return (_multiply(slopes, _divide(g, constant(options[2], kind)), slopes), None)

    rule = node_rule(name, node, of_arrays, order=(0, 1), held=(0, 1))

    def loss(input: Tensor, target: Tensor) -> Tensor:
        x, y = input._a, target._a
        kind, size = x.dtype, x.size
        out = np.empty((), kind)
        token = hush()
        try:
            sum_over(value(x, y, kind), None, None, out)
            _divide(out, constant(size, kind), out)
        finally:
            unhush(token)
        return record_loss(rule, out, input, target, (_MEAN, (x.shape, y.shape, None), size))

    return loss


def _mse(x: Any, y: Any, kind: Any) -> Any:
    error = _subtract(x, y)
    return _multiply(error, error, error)


def _mse_slope(x: Any, y: Any, kind: Any) -> Any:
    error = _subtract(x, y)
    return _multiply(error, constant(2, kind), error)


def _bce(p: Any, t: Any, kind: Any) -> Any:
    floor = constant(-100, kind)
    hit = np.log(p)
    _maximum(hit, floor, out=hit)
    _multiply(t, hit, hit)
    miss = _negative(p)
    _maximum(np.log1p(miss, miss), floor, out=miss)
    off = _subtract(t, one_of(kind))
    _multiply(off, miss, off)
    return _subtract(off, hit, off)


def _bce_slope(p: Any, t: Any, kind: Any) -> Any:
    spread = _subtract(one_of(kind), p)
    _multiply(spread, p, spread)
    _maximum(spread, constant(1e-12, kind), out=spread)
    return _divide(_subtract(p, t), spread, spread)


def _logits(x: Any, t: Any, kind: Any) -> Any:
    tail = np.absolute(x)
    np.exp(_negative(tail, tail), tail)
    np.log1p(tail, tail)
    minus = _negative(x)
    np.add(tail, _maximum(minus, zero_of(kind), out=minus), tail)
    off = _subtract(one_of(kind), t)
    return np.add(_multiply(off, x, off), tail, off)


def _logits_slope(x: Any, t: Any, kind: Any) -> Any:
    out = RAW.sigmoid(x)
    return _subtract(out, t, out)


USUAL = {
    "mse": _usual("mse", "MseLossBackward0", _mse, _mse_slope),
    "bce": _usual("bce", "BinaryCrossEntropyBackward0", _bce, _bce_slope),
    "bce_with_logits": _usual(
        "bce_with_logits", "BinaryCrossEntropyWithLogitsBackward0", _logits, _logits_slope),
}
"""By the record's name."""
