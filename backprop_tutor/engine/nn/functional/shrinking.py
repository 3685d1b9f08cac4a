"""Activations made of straight pieces, each with its own slope.

The elementwise rules of the commoner activations are rows of `OPS`; these are the rest, one record
each: how they are computed and what their slope is, for arrays and for tensors alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...quiet import quietly
from ...randomness import default_generator
from ...tape import Rule, Tensor, record
from ..parameter import typename

__all__ = ["hardshrink", "hardsigmoid", "hardswish", "rrelu", "softshrink"]


def _floating(input: Any, name: str) -> np.ndarray[Any, Any]:
    """Return the array of a floating tensor.

    Raises:
        TypeError: not a tensor.
        RuntimeError: a tensor of whole numbers.
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {typename(input)}")
    if input._a.dtype.kind != "f":
        raise RuntimeError(f'"{name}_cpu" not implemented for \'{input.dtype.short}\'')
    return input._a


def _rule(node: str, slope: Callable[..., Any]) -> Rule:
    """Return the way back of an elementwise function that saves its input."""

    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> tuple[Any, ...]:
        return (g * slope(k, saved[0], *options),)

    return Rule(node, backward)


_SIXTH = float(np.float32(1 / 6))
"""The slope of hardsigmoid in every dtype, as PyTorch rounds it."""

_HARDSIGMOID = _rule(
    "HardsigmoidBackward0",
    lambda k, x: k.where((x > -3) & (x < 3), k.zeros_like(x) + _SIXTH, k.zeros_like(x)),
)


@quietly
def hardsigmoid(input: Tensor) -> Tensor:
    """Return x/6 + 1/2, held between 0 and 1."""
    x = _floating(input, "hardsigmoid")
    out = np.clip(x + 3, 0, 6) / 6
    return record(_HARDSIGMOID, out, (input,), (input,), ())


_HARDSWISH = _rule(
    "HardswishBackward0",
    lambda k, x: k.where(x <= -3, k.zeros_like(x), k.where(x < 3, x / 3 + 0.5, k.zeros_like(x) + 1)),
)


@quietly
def hardswish(input: Tensor) -> Tensor:
    """Return x·hardsigmoid(x)."""
    x = _floating(input, "hardswish")
    out = x * np.clip(x + 3, 0, 6) / 6
    return record(_HARDSWISH, out, (input,), (input,), ())


def _outside(k: Any, x: Any, lambd: float) -> Any:
    """Return 1 outside ±λ and for nan, 0 inside."""
    flat = k.zeros_like(x)
    return k.where((x >= -lambd) & (x <= lambd), flat, flat + 1)


_HARDSHRINK = _rule("HardshrinkBackward0", _outside)


@quietly
def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Return x outside ±λ and 0 inside."""
    x = _floating(input, "hardshrink")
    out = np.where((x >= -lambd) & (x <= lambd), x.dtype.type(0), x)
    return record(_HARDSHRINK, out, (input,), (input,), (lambd,))


_SOFTSHRINK = _rule("SoftshrinkBackward0", _outside)


@quietly
def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """Return x moved by λ towards 0, and 0 within ±λ.

    Raises:
        RuntimeError: a negative λ.
    """
    x = _floating(input, "softshrink")
    if lambd < 0:
        most = float(np.finfo(x.dtype).max)
        raise RuntimeError(
            f"lambda must be in range [0, {most:g}] for input dtype {input.dtype.short}, "
            f"but found {lambd:g}"
        )
    out = np.where(x > lambd, x - lambd, np.where(x < -lambd, x + lambd, x * 0))
    return record(_SOFTSHRINK, out.astype(x.dtype, copy=False), (input,), (input,), (lambd,))


def _rrelu_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> tuple[Any, ...]:
    return (g * saved[0],)


_RRELU = Rule("RreluWithNoiseBackward0", _rrelu_backward)


@quietly
def rrelu(
    input: Tensor,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
) -> Tensor:
    """Return x above 0 and a slope times x below: drawn in training, the bounds' mean otherwise."""
    x = _floating(input, "rrelu")
    slopes = np.ones_like(x)
    below = x <= 0
    if training:
        count = int(np.count_nonzero(below))
        slopes[below] = default_generator.uniform64(count) * (upper - lower) + lower
    else:
        slopes[below] = (lower + upper) / 2
    return record(_RRELU, x * slopes, (input,), (slopes,), ())
