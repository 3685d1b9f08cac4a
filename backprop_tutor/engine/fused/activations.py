"""Activation functions with PyTorch's arguments and conventions at their kinks.

Those with rows in `OPS` come from there; relu is written out because every network's every step
passes through it, and softplus and gelu because of options that their rows do not have.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..elementwise import unary
from ..functions import sigmoid, silu, tanh
from ..inplace import check_writable, write
from ..kernels import RAW, constant, zero_of
from ..pairs import describe, float_array, in_float32
from ..quiet import hush, unhush
from ..tape import OUT, Rule, Tensor, record

__all__ = [
    "celu", "elu", "gelu", "hardtanh", "leaky_relu", "logsigmoid", "mish", "prelu", "relu", "relu6",
    "relu_", "selu", "sigmoid", "silu", "softplus", "softsign", "tanh", "tanhshrink", "threshold",
]


def _relu_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (out,) = saved
    if k is RAW:
        return (np.multiply(g, np.not_equal(out, zero_of(out.dtype))),)  # a nan passes the gradient
    return (g * k.greater(out, 0),)


RELU = Rule("ReluBackward0", _relu_backward, fresh=True)


def _tensor(input: Any, called: str) -> Any:
    if not isinstance(input, Tensor):
        raise TypeError(
            f"{called}(): argument 'input' (position 1) must be Tensor, not {describe(input)}"
        )
    return input._a


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return max(input, 0); the slope at 0 is 0."""
    a = input._a if input.__class__ is Tensor else _tensor(input, "relu")
    out = record(RELU, np.maximum(a, zero_of(a.dtype)), (input,), (OUT,))
    return _in_place(input, out) if inplace else out


def _in_place(input: Tensor, out: Tensor) -> Tensor:
    check_writable(input)
    return write(input, out)


def relu_(input: Tensor) -> Tensor:
    """As `relu`, written into the input."""
    return relu(input, True)


_leaky = unary("leaky_relu", "LeakyReluBackward0")
_elu = unary("elu", "EluBackward0")
_selu = unary("selu", "EluBackward0", "selu")
_mish = unary("mish", "MishBackward0")
_hardtanh = unary("hardtanh", "HardtanhBackward0")
_relu6 = unary("relu6", "HardtanhBackward0", "relu6")
softsign = unary("softsign", "DivBackward0", "softsign", stepwise=True)
logsigmoid = unary("logsigmoid", "LogSigmoidBackward0")


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """Return the input above 0 and `negative_slope` times it below; at 0 the small slope holds."""
    out = _leaky(input, slope=negative_slope)
    return _in_place(input, out) if inplace else out


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return the input above 0 and alpha·(exp(input) - 1) below."""
    out = _elu(input, alpha=alpha)
    return _in_place(input, out) if inplace else out


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """Return elu, scaled so that deep networks keep their mean and variance."""
    out = _selu(input)
    return _in_place(input, out) if inplace else out


def _celu_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    return (g * k.where(k.greater(a, 0), k.zeros_like(a) + 1, k.exp(k.minimum(a, 0) / options)),)


CELU = Rule("CeluBackward0", _celu_backward, fresh=True)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Return the input above 0 and alpha·(exp(input/alpha) - 1) below."""
    a = _tensor(input, "celu")
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    out = record(CELU, np.where(a > 0, a, alpha * np.expm1(np.minimum(a, 0) / alpha)), (input,),
                 (input,), alpha)
    return _in_place(input, out) if inplace else out


def silu_(input: Tensor, inplace: bool = False) -> Tensor:
    """Return input·sigmoid(input)."""
    out = silu(input)
    return _in_place(input, out) if inplace else out


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """Return input·tanh(softplus(input))."""
    out = _mish(input)
    return _in_place(input, out) if inplace else out


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


SOFTPLUS = Rule("SoftplusBackward0", _softplus_backward)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Return log(1 + exp(beta·input))/beta; the input itself where beta·input > threshold."""
    _tensor(input, "softplus")
    a = float_array(input)
    if a.dtype.char == "e":
        return in_float32(softplus, input, beta, threshold)
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
    if a.dtype.char == "e":
        return in_float32(gelu, input, approximate)
    out = a / 2 * (1 + np.tanh(_ROOT * (a + 0.044715 * a * a * a)))
    return record(GELU_TANH, np.asarray(out).astype(a.dtype), (input,), (input,))


def _threshold_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    return (g * k.greater(a, options),)


THRESHOLD = Rule("ThresholdBackward0", _threshold_backward, fresh=True)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """Return the input where it exceeds the threshold, else a value."""
    a = _tensor(input, "threshold")
    kept = np.where(a <= threshold, a.dtype.type(value), a)
    out = record(THRESHOLD, kept, (input,), (input,), threshold)
    return _in_place(input, out) if inplace else out


def tanhshrink(input: Tensor) -> Tensor:
    """Return input - tanh(input)."""
    return input - tanh(input)


def _prelu_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, w = saved
    shape = options
    spread = k.reshape(w, shape)
    up = k.greater(a, 0)
    gw = None
    if need[1]:
        gw = k.reshape(k.fit(k.where(up, k.zeros_like(g), g * a), shape), w.shape)
    return (k.where(up, g, g * spread) if need[0] else None, gw)


PRELU = Rule("PreluKernelBackward0", _prelu_backward)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """Return the input above 0 and a learnt slope times it below: one slope, or one a channel."""
    a, w = _tensor(input, "prelu"), _tensor(weight, "prelu")
    if w.ndim > 1:
        raise RuntimeError(
            "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = " + str(w.ndim)
        )
    channels = a.shape[1] if a.ndim > 1 else 1
    if w.size not in (1, channels):
        raise RuntimeError(
            f"Mismatch of parameter numbers and input channel size. Found parameter numbers = "
            f"{w.size} and channel size = {channels}."
        )
    shape: tuple[int, ...] = (1,) * a.ndim
    if w.size != 1:
        shape = (1, w.size) + (1,) * (a.ndim - 2)
    spread = w.reshape(shape)
    return record(PRELU, np.where(a > 0, a, a * spread), (input, weight), (input, weight), shape)
