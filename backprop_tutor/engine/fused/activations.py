"""Activation functions with PyTorch's arguments and conventions at their kinks.

Those with rows in `OPS` come from there; relu is written out because every network's every step
passes through it, and softplus and gelu because of options that their rows do not have.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...ops.array_kernel import RAW, constant, zero_of
from ..autograd.node import Told
from ..autograd.tape import Rule, Tensor, record, record_one
from ..functions.elementwise import sigmoid, tanh, unary
from ..functions.pairs import describe, float_array
from ..tensors.quiet import hush, unhush
from ..tensors.writes import check_writable, write

__all__ = ["gelu", "hardtanh", "relu", "relu6", "relu_", "sigmoid", "softplus", "tanh"]


def _relu_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (g * k.greater(saved[1], 0),)


def _relu_of_arrays(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    out = saved[1]
    return (np.multiply(g, np.not_equal(out, zero_of(out.dtype))),)  # a nan passes the gradient


RELU = Rule(
    "ReluBackward0", _relu_backward, fresh=True, of_arrays=_relu_of_arrays, told=Told("row", "relu")
)


def _tensor(input: Any, called: str) -> Any:
    if not isinstance(input, Tensor):
        raise TypeError(
            f"{called}(): argument 'input' (position 1) must be Tensor, not {describe(input)}"
        )
    return input._a


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return max(input, 0); the slope at 0 is 0."""
    a = input._a if input.__class__ is Tensor else _tensor(input, "relu")
    out = record_one(RELU, np.maximum(a, zero_of(a.dtype)), input, 2)
    return _in_place(input, out) if inplace else out


def _in_place(input: Tensor, out: Tensor) -> Tensor:
    check_writable(input)
    return write(input, out)


def relu_(input: Tensor) -> Tensor:
    """As `relu`, written into the input."""
    return relu(input, True)


_hardtanh = unary("hardtanh", "HardtanhBackward0")
_relu6 = unary("relu6", "HardtanhBackward0", "relu6")


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """Return the input kept between two bounds; the slope at a bound is 0."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    out = _hardtanh(input, low=min_val, high=max_val)
    return _in_place(input, out) if inplace else out


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Return the input kept between 0 and 6; the slope at a bound is 0."""
    out = _relu6(input)
    return _in_place(input, out) if inplace else out


def _softplus_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    beta, threshold = options
    return (k.where(k.greater(a * beta, threshold), g, g * k.sigmoid(a * beta)),)


SOFTPLUS = Rule("SoftplusBackward0", _softplus_backward, told=Told("softplus", "softplus"))


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Return log(1 + exp(beta·input))/beta; the input itself where beta·input > threshold."""
    _tensor(input, "softplus")
    a = float_array(input)
    token = hush()
    try:
        scaled = a * constant(beta, a.dtype)
        out = np.where(scaled > threshold, a, RAW.softplus(scaled) / constant(beta, a.dtype))
    finally:
        unhush(token)
    return record(SOFTPLUS, out, (input,), (input,), (beta, threshold))


_gelu = unary("gelu", "GeluBackward0")
_ROOT = math.sqrt(2 / math.pi)


def _gelu_tanh_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    bend = k.tanh((a + a * a * a * 0.044715) * _ROOT)
    inner = (a * a * (3 * 0.044715) + 1) * _ROOT
    return (g * ((bend + 1) / 2 + a * (1 - bend * bend) * inner / 2),)


GELU_TANH = Rule("GeluBackward0", _gelu_tanh_backward, fresh=True)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """Return the input times the normal distribution function, or its tanh approximation."""
    if approximate == "none":
        return _gelu(input)
    if approximate != "tanh":
        raise RuntimeError("approximate argument must be either none or tanh.")
    a = _tensor(input, "gelu")
    out = a / 2 * (1 + np.tanh(_ROOT * (a + 0.044715 * a * a * a)))
    return record(GELU_TANH, np.asarray(out).astype(a.dtype), (input,), (input,))
