"""The switch `inplace` of activations: the result takes the place of the input."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from ...autograd.tape import Tensor
from ...tensors.writes import check_writable, write

__all__ = ["with_switch"]


def _written(function: Callable[..., Tensor], input: Tensor, args: Any, kwargs: Any) -> Tensor:
    """Write what the function makes of the input into the input."""
    check_writable(input)
    return write(input, function(input, *args, **kwargs))


def with_switch(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the function with a last argument `inplace`, False unless given."""
    shown = inspect.signature(function)
    listed = [
        each
        for each in shown.parameters.values()
        if each.name != "inplace" and each.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    place = len(listed) - 1
    switch = inspect.Parameter(
        "inplace", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation="bool"
    )

    @wraps(function)
    def switched(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        inplace = kwargs.pop("inplace", False) if kwargs else False
        if len(args) > place:
            if len(args) > place + 1:
                raise TypeError(
                    f"{function.__name__}() takes at most {place + 2} positional arguments "
                    f"but {len(args) + 1} were given"
                )
            inplace = args[place]
            args = args[:place]
        if inplace:
            return _written(function, input, args, kwargs)
        return function(input, *args, **kwargs)

    switched.__signature__ = shown.replace(parameters=[*listed, switch])  # type: ignore[attr-defined]
    return switched
