"""What is said of an argument that is not a tensor, where a function wants one.

`demanding` puts nothing in the way of a right call but one Python frame: only where a function has
failed on an attribute is it asked which of its arguments should have been tensors.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from ..autograd.tape import Tensor
from .pairs import describe

__all__ = ["demanding", "wants_tensors"]

F = TypeVar("F", bound=Callable[..., Any])
_CALLED = {"nll_loss": "nll_loss_nd", "unique": "_unique2"}
"""Functions that PyTorch's messages call otherwise."""


def _wanted(function: Callable[..., Any]) -> list[tuple[int, str]]:
    """Return place and name of each parameter that has to be a tensor."""
    plain = inspect.unwrap(function)  # read directly: a signature costs ten times as much
    code, written = plain.__code__, plain.__annotations__
    return [
        (place, "input" if name == "self" else name)
        for place, name in enumerate(code.co_varnames[:code.co_argcount + code.co_kwonlyargcount])
        if written.get(name) in ("Tensor", Tensor)
    ]


def _complaint(
    name: str, wanted: list[tuple[int, str]], args: tuple[Any, ...], kwargs: dict[str, Any], skip: int
) -> TypeError | None:
    """Return the error of the first argument that should be a tensor and is not; None if all are."""
    for place, argument in wanted:
        given = args[place] if place < len(args) else kwargs.get(argument)
        if given is not None and not isinstance(given, Tensor):
            return TypeError(
                f"{_CALLED.get(name, name)}(): argument '{argument}' (position {place + 1 - skip}) "
                f"must be Tensor, not {describe(given)}"
            )
    if not wanted and args:
        listed = args[0] if isinstance(args[0], (list, tuple)) else args
        for place, each in enumerate(listed):
            if not isinstance(each, Tensor):
                return TypeError(
                    f"expected Tensor as element {place} in argument 0, but got {describe(each)}"
                )
    return None


def demanding(function: F, name: str, skip: int = 0) -> F:
    """Return the function, which now names an argument that should have been a tensor.

    `skip` is 1 for a method, whose own tensor is not counted among the arguments.
    """
    wanted = _wanted(function)

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except AttributeError as error:
            complaint = _complaint(name, wanted, args, kwargs, skip)
            if complaint is None:
                raise
            raise complaint from error

    return checked  # type: ignore[return-value]


def wants_tensors(function: Callable[..., Any], least: int = 1) -> bool:
    """Return whether at least so many parameters of a function have to be tensors."""
    return inspect.isfunction(function) and len(_wanted(function)) >= least
