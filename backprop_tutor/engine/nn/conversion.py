"""How a module's parameters and buffers are changed to another dtype, in place.

The parameters stay the same objects, so that an optimizer built before keeps working.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..autograd.modes import no_grad
from ..autograd.tape import Tensor
from ..tensors.devices import check_device
from ..tensors.dtypes import dtype

__all__ = ["apply_to_tensors", "caster", "wanted_dtype"]

Module = Any
"""`nn.Module`, which stands on this file."""


def apply_to_tensors(root: Module, change: Callable[[Tensor], Tensor], recurse: bool) -> None:
    """Replace the data of every parameter, of its gradient, and every buffer by `change(it)`."""
    if recurse:
        for child in root.children():
            child._apply(change)
    for param in root._parameters.values():
        if param is None:
            continue
        with no_grad():
            param.data = change(param)
            if param._grad is not None:
                param._grad.data = change(param._grad)
    for name, buffer in root._buffers.items():
        if buffer is not None:
            root._buffers[name] = change(buffer)


def wanted_dtype(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dtype | None:
    """Return the dtype asked for by the arguments of `Module.to`, None where there is none.

    A device may stand beside it; the only one there is is the CPU.

    Raises:
        TypeError: a dtype that is not floating, an argument of no known kind.
        RuntimeError: a device that is not the CPU.
    """
    found: dtype | None = kwargs.pop("dtype", None)
    device = kwargs.pop("device", None)
    kwargs.pop("non_blocking", None)
    tensor = kwargs.pop("tensor", None)
    if kwargs:
        raise TypeError(f"to() received an invalid keyword argument '{next(iter(kwargs))}'")
    for arg in args:
        if isinstance(arg, dtype):
            found = arg
        elif isinstance(arg, Tensor):
            tensor = arg
        elif isinstance(arg, bool) or arg is None:
            continue
        elif isinstance(arg, (str, int)) or hasattr(arg, "type"):
            device = arg
        else:
            raise TypeError(
                "to() received an invalid combination of arguments - "
                f"got ({type(arg).__name__})"
            )
    if device is not None:
        check_device(device)
    if tensor is not None:
        found = tensor.dtype
    if found is not None and not found.is_floating_point:
        raise TypeError(
            "nn.Module.to only accepts floating point or complex dtypes, "
            f"but got desired dtype={found}"
        )
    return found


def caster(kind: dtype) -> Callable[[Tensor], Tensor]:
    """Return the function that casts floating tensors to `kind` and leaves others alone."""

    def cast(tensor: Tensor) -> Tensor:
        return tensor.to(kind) if tensor._a.dtype.kind == "f" else tensor

    return cast
