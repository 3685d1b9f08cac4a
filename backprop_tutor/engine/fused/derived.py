"""Activations that their rows in `OPS` make: one function and one module a row, under PyTorch's names.

The function has the row's name and the row's options, the module its name in capitals, the node the
function's, unless the record says otherwise (`ops.Torch`). What a function does beyond its row
(gelu's tanh form) is written in `fused.activations`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ...ops import EVERYWHERE, OPS, Operation, Torch, camel
from ..autograd.tape import Tensor
from ..functions.elementwise import described, unary
from ..tensors.writes import check_writable, write
from . import activations as written

__all__ = ["ACTIVATIONS", "activation", "is_layer", "layers", "module_name", "settings", "spelling"]


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
            raise NotImplementedError(
                f"\"{spelled.refuses}\" not implemented for '{input.dtype.short}'")
        if inplace:
            check_writable(input)
        out = plain(input, **dict(zip(options, given, strict=True)))
        return write(input, out) if inplace else out

    function.__name__ = function.__qualname__ = name
    function.__doc__ = described(OPS[name], name)
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _derived(row: Operation) -> dict[str, Callable[..., Tensor]]:
    return {row.name: activation(row.name)} if is_layer(row) and row.name not in written.__all__ else {}


ACTIVATIONS = OPS.derived(_derived)
"""The activations that their rows in `OPS` make: all that are not written out."""
