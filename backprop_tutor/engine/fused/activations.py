"""Activations under PyTorch's names: one function and one module a row of `OPS`.

The function has the row's name and the row's options, the module its name in capitals, the node the
function's, unless the record says otherwise (`ops.Torch`). Relu is written out because every network's
every step passes through it, and hardtanh, softplus and gelu because of options that their rows do not
have. At kinks PyTorch's conventions hold.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops import EVERYWHERE, OPS, Operation, Torch, camel
from ...ops.array_kernel import RAW, constant, zero_of
from ..autograd.node import Told
from ..autograd.tape import Rule, Tensor, record, record_one
from ..functions.elementwise import described, sigmoid, tanh, unary
from ..functions.pairs import describe
from ..tensors.dtypes import not_defined
from ..tensors.quiet import hush, unhush
from ..tensors.writes import check_writable, write

__all__ = [
    "ACTIVATIONS", "WRITTEN", "activation", "is_layer", "layers", "module_name", "settings", "spelling",
]


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


def _floating(input: Any, called: str) -> Any:
    """Return the array of a tensor of floating dtype."""
    a = _tensor(input, called)
    if a.dtype.kind != "f":
        raise not_defined(called, a.dtype)
    return a


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


def _held(input: Tensor, low: float, high: float, inplace: bool) -> Tensor:
    """Return the input between two bounds, integers as integers."""
    a = _tensor(input, "hardtanh")
    out = _hardtanh(input, low=low, high=high) if a.dtype.kind == "f" else input.clamp(int(low), int(high))
    return _in_place(input, out) if inplace else out


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """Return the input kept between two bounds; the slope at a bound is 0."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return _held(input, min_val, max_val, inplace)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Return the input kept between 0 and 6; the slope at a bound is 0."""
    if isinstance(input, Tensor) and input._a.dtype.kind != "f":
        return _held(input, 0, 6, inplace)
    out = _relu6(input)
    return _in_place(input, out) if inplace else out


def _softplus_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    beta, threshold = options
    return (k.where(k.greater(a * beta, threshold), g, g * k.sigmoid(a * beta)),)


SOFTPLUS = Rule("SoftplusBackward0", _softplus_backward, told=Told("softplus", "softplus"))


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Return log(1 + exp(beta·input))/beta; the input itself where beta·input > threshold."""
    a = _floating(input, "softplus")
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
    a = _floating(input, "gelu")
    if approximate == "none":
        return _gelu(input)
    if approximate != "tanh":
        raise RuntimeError("approximate argument must be either none or tanh.")
    out = a / 2 * (1 + np.tanh(_ROOT * (a + 0.044715 * a * a * a)))
    return record(GELU_TANH, np.asarray(out).astype(a.dtype), (input,), (input,))


WRITTEN: dict[str, Callable[..., Tensor]] = {
    function.__name__: function for function in (gelu, hardtanh, relu, relu6, sigmoid, softplus, tanh)
}
"""The activations of `OPS` that are written out above, by the names of their rows."""


def is_layer(row: Operation) -> bool:
    """Return whether a row is a function of `nn.functional` and a module."""
    return (
        row.torch is not None and row.elementwise and row.least == row.most == 1
        and (row.activation if row.torch.layer is None else row.torch.layer)
    )


def layers() -> list[str]:
    """Return the names of the rows that are functions of `nn.functional` and modules."""
    return [row.name for row in OPS.values() if is_layer(row)]


def spelling(name: str) -> Torch:
    """Return how PyTorch spells a row."""
    return OPS[name].torch or EVERYWHERE


def module_name(name: str) -> str:
    """Return the name of an activation's module.

    >>> module_name("leaky_relu"), module_name("mish")
    ('LeakyReLU', 'Mish')
    """
    return spelling(name).module or camel(name)


def settings(name: str) -> dict[str, tuple[str, float]]:
    """Return, for each of an activation's arguments, the row's option and its default."""
    defaults = dict(OPS[name].options)
    arguments = spelling(name).arguments
    if arguments is None:
        arguments = {option: option for option in defaults}
    return {argument: (option, defaults[option]) for argument, option in arguments.items()}


def activation(name: str) -> Callable[..., Tensor]:
    """Return the function of `nn.functional` that a row makes.

    >>> from backprop_tutor import engine as torch
    >>> activation("softsign")(torch.tensor([1.0, -3.0]))
    tensor([ 0.5000, -0.7500])
    """
    spelled = spelling(name)
    plain = unary(name, f"{spelled.node or camel(name)}Backward0", name)
    arguments = settings(name)
    options = [option for option, _ in arguments.values()]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    listed = [
        inspect.Parameter("input", kind, annotation="Tensor"),
        *(inspect.Parameter(argument, kind, default=default, annotation="float")
          for argument, (_, default) in arguments.items()),
    ]
    if spelled.switch:
        listed.append(inspect.Parameter("inplace", kind, default=False, annotation="bool"))
    signature = inspect.Signature(listed, return_annotation="Tensor")

    def function(*args: Any, **kwargs: Any) -> Tensor:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{name}() {error}") from None
        bound.apply_defaults()
        input, *given = bound.args
        inplace = given.pop() if spelled.switch else False
        if spelled.refuses and isinstance(input, Tensor) and input._a.dtype.kind != "f":
            raise not_defined(name, input._a.dtype)
        if inplace:
            check_writable(input)
        out = plain(input, **dict(zip(options, given, strict=True)))
        return write(input, out) if inplace else out

    function.__name__ = function.__qualname__ = name
    function.__doc__ = described(OPS[name], name)
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _derived(row: Operation) -> dict[str, Callable[..., Tensor]]:
    return {row.name: activation(row.name)} if is_layer(row) and row.name not in WRITTEN else {}


ACTIVATIONS = OPS.derived(_derived)
"""The activations that their rows in `OPS` make: all that are not written out."""
