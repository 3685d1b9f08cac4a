"""Operations of three operands that PyTorch records as one: addcmul, addcdiv and lerp.

Each value is computed by the operations of two operands, unrecorded; the backward rule is its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.modes import no_grad
from ..autograd.tape import Rule, Tensor, record, wrap
from .arithmetic import add, div, mul, sub
from .pairs import cast

__all__ = ["addcdiv", "addcmul", "lerp"]


def _addcmul_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b = saved
    shapes, value = options
    return (
        k.fit(g, shapes[0]) if need[0] else None,
        k.fit(g * b * value, shapes[1]) if need[1] else None,
        k.fit(g * a * value, shapes[2]) if need[2] else None,
    )


def _addcdiv_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b = saved
    shapes, value = options
    share = g * value / b
    return (
        k.fit(g, shapes[0]) if need[0] else None,
        k.fit(share, shapes[1]) if need[1] else None,
        k.fit(-share * a / b, shapes[2]) if need[2] else None,
    )


def _lerp_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b, w = saved
    shapes, number = options
    share = g * (number if w is None else w)
    return (
        k.fit(g - share, shapes[0]) if need[0] else None,
        k.fit(share, shapes[1]) if need[1] else None,
        k.fit(g * (b - a), shapes[2]) if need[2] else None,
    )


ADDCMUL = Rule("AddcmulBackward0", _addcmul_backward)
ADDCDIV = Rule("AddcdivBackward0", _addcdiv_backward)
LERP_NUMBER = Rule("LerpBackward0", _lerp_backward)
LERP = Rule("LerpBackward1", _lerp_backward)


def _three(rule: Rule, value: Tensor, operands: tuple[Any, ...], kept: Any, setting: Any) -> Tensor:
    """Record as one operation what was computed from three operands, unrecorded."""
    kind = value._a.dtype
    tensors = [cast(x, kind) for x in operands]
    shapes = tuple(x._a.shape for x in tensors)
    saved = tuple(None if i is None else tensors[i] for i in kept)
    return record(rule, value._a, tuple(tensors), saved, (shapes, setting))


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """Return input + value·tensor1·tensor2."""
    with no_grad():
        out = add(input, mul(tensor1, tensor2), alpha=value)
    return _three(ADDCMUL, out, (input, tensor1, tensor2), (1, 2), value)


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """Return input + value·tensor1/tensor2."""
    with no_grad():
        out = add(input, div(tensor1, tensor2), alpha=value)
    return _three(ADDCDIV, out, (input, tensor1, tensor2), (1, 2), value)


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """Return input + weight·(end - input)."""
    with no_grad():
        distance = sub(input, end)  # so that shapes are named in this order
        out = sub(input, mul(distance, weight))
    if isinstance(weight, Tensor):
        return _three(LERP, out, (input, end, weight), (0, 1, 2), None)
    given = wrap(np.asarray(weight, out._a.dtype))
    return _three(LERP_NUMBER, out, (input, end, given), (None, None, None), weight)
