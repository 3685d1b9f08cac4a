"""Activations that their rows in `OPS` make: one function and one module a row, under PyTorch's names.

A row needs nothing here unless PyTorch spells it otherwise than by the rules: the function by the
row's name with the row's options, the module in capitals (`leaky_relu` is `LeakyReLU`), the node
after the function. What a function does beyond its row (gelu's tanh form) is written in
`fused.activations`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ...ops import ACTIVATIONS, OPS
from ..autograd.tape import Tensor
from ..functions.elementwise import unary
from ..tensors.writes import check_writable, write

__all__ = ["SPELLED", "Spelling", "activation", "module_name", "settings"]


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """How PyTorch spells an activation.

    Attributes:
        module: the module's name, if it is not the function's in capitals.
        node: the node's name, if not the function's.
        options: for each of its arguments the row's option; None where they are the same.
        switch: whether it has an argument `inplace`.
        twin: whether `nn.functional` has a twin that writes (`elu_`).
        loop: what the message calls it that refuses whole numbers; empty if they become floating.
    """

    module: str = ""
    node: str = ""
    options: Mapping[str, str] | None = None
    switch: bool = True
    twin: bool = False
    loop: str = ""


SPELLED: Mapping[str, Spelling] = MappingProxyType({
    "leaky_relu": Spelling(module="LeakyReLU", options={"negative_slope": "slope"}, twin=True,
                           loop="leaky_relu_cpu"),
    "elu": Spelling(module="ELU", twin=True, loop="elu_cpu"),
    "selu": Spelling(module="SELU", node="EluBackward0", options={}, twin=True),
    "silu": Spelling(module="SiLU", loop="silu_cpu"),
    "mish": Spelling(loop="mish_cpu"),
    "softsign": Spelling(node="DivBackward0", switch=False),
    "logsigmoid": Spelling(module="LogSigmoid", node="LogSigmoidBackward0", switch=False,
                           loop="log_sigmoid_cpu"),
    "celu": Spelling(module="CELU", twin=True),
    "hardsigmoid": Spelling(loop="hardsigmoid_cpu"),
    "hardswish": Spelling(loop="hardswish_cpu"),
    "hardshrink": Spelling(switch=False), "softshrink": Spelling(switch=False),
    "tanhshrink": Spelling(switch=False),
})
"""What the rules do not give."""

_WRITTEN = frozenset({"relu", "relu6", "hardtanh", "softplus", "gelu", "sigmoid", "tanh"})
"""Rows with functions and modules of their own."""


def names() -> list[str]:
    """Return the names of the rows that become activations here."""
    return sorted(ACTIVATIONS - _WRITTEN)


def module_name(name: str) -> str:
    """Return the name of an activation's module."""
    spelled = SPELLED.get(name)
    return (spelled.module if spelled else "") or name.replace("_", " ").title().replace(" ", "")


def settings(name: str) -> dict[str, tuple[str, float]]:
    """Return, for each of an activation's arguments, the row's option and its default."""
    spelled = SPELLED.get(name, Spelling())
    defaults = dict(OPS[name].options)
    arguments = spelled.options
    if arguments is None:
        arguments = {option: option for option in defaults}
    return {argument: (option, defaults[option]) for argument, option in arguments.items()}


def activation(name: str) -> Callable[..., Tensor]:
    """Return the function of `nn.functional` that a row makes.

    >>> from backprop_tutor import engine as torch
    >>> activation("softsign")(torch.tensor([1.0, -3.0]))
    tensor([ 0.5000, -0.7500])
    """
    spelled = SPELLED.get(name, Spelling())
    camel = name.replace("_", " ").title().replace(" ", "")
    plain = unary(name, spelled.node or f"{camel}Backward0", name)
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
        if spelled.loop and isinstance(input, Tensor) and input._a.dtype.kind != "f":
            raise NotImplementedError(
                f"\"{spelled.loop}\" not implemented for '{input.dtype.short}'")
        if inplace:
            check_writable(input)
        out = plain(input, **dict(zip(options, given, strict=True)))
        return write(input, out) if inplace else out

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return {name} of the input, element by element. {OPS[name].reason(0, 1)}."
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function
