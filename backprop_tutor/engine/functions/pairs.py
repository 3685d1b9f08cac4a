"""Bringing the operands of an operation to one dtype, and what is said of those that are not tensors.

`demanding` puts nothing in the way of a right call but one Python frame: only where a function has
failed on an attribute is it asked which of its arguments should have been tensors.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from ...ops.array_kernel import constant
from ..autograd.node import Told
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dtypes import DEFAULT, of_number, promote_operands
from ..tensors.quiet import hush, unhush
from ..tensors.tensor import type_name

__all__ = [
    "NUMBERS", "broadcast_error", "cast", "demanding", "describe", "float_array", "pair", "refuse",
    "typename", "wants_tensors",
]


NUMBERS = (int, float, bool, np.generic)


def _cast_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (k.cast(g, options),)


CAST = Rule("ToCopyBackward0", _cast_backward, told=Told("same", "identity"))


def cast(x: Tensor, kind: Any) -> Tensor:
    """Return the tensor in another NumPy dtype, itself if it has it already."""
    a = x._a
    if a.dtype == kind:
        return x
    if kind.kind != "f" or a.dtype.kind != "f":
        out = np.asarray(a).astype(kind)
        made = wrap(out)
        made._ver = None if x._ver is None else [0]
        return made
    token = hush()  # what is too large for a narrower dtype becomes infinite
    try:
        out = a.astype(kind)
    finally:
        unhush(token)
    return record(CAST, out, (x,), (), a.dtype)


def _promoted(x: Tensor, kind: Any) -> Tensor:
    """Return the operand in a dtype; a copy of an inference tensor stays one."""
    made = cast(x, kind)
    if x._ver is None:
        made._ver = None
    return made


def describe(given: Any) -> str:
    """Return the name that PyTorch's messages have for the type of a value."""
    kind = type(given)
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__


def typename(given: Any) -> str:
    """Return the name of the kind of `given`, as messages say it.

    >>> typename(3), typename(wrap(np.zeros(1)))
    ('int', 'torch.DoubleTensor')
    """
    if isinstance(given, Tensor):
        return type_name(given._a)
    kind = given if isinstance(given, type) else type(given)
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def refuse(given: Any, function: str, argument: str, position: int) -> TypeError:
    """Return the error of an argument that is not a tensor."""
    return TypeError(
        f"{function}(): argument '{argument}' (position {position}) must be Tensor, "
        f"not {describe(given)}"
    )


def broadcast_error(*shapes: tuple[int, ...]) -> RuntimeError:
    """Return the error of two shapes that do not broadcast."""
    a, b = shapes[0], shapes[1]
    for i in range(1, min(len(a), len(b)) + 1):
        m, n = a[-i], b[-i]
        if m != n and m != 1 and n != 1:
            return RuntimeError(
                f"The size of tensor a ({m}) must match the size of tensor b ({n}) at "
                f"non-singleton dimension {max(len(a), len(b)) - i}"
            )
    return RuntimeError(f"shapes {list(a)} and {list(b)} cannot be broadcast together")


def float_array(x: Tensor) -> Any:
    """Return the raw array, integers as the default floating dtype."""
    a = x._a
    return a if a.dtype.kind == "f" else a.astype(DEFAULT[0].array)


def _number_pair(x: Tensor, number: Any) -> tuple[Tensor, Any]:
    """Return the tensor, cast if the number is of a higher category, and the number as an array."""
    kind = x._a.dtype
    if isinstance(number, np.generic):
        number = number.item()
    if kind.kind == "f":
        return x, constant(number, kind)
    if isinstance(number, bool):
        return x, constant(number, kind)
    if isinstance(number, int):
        if kind.kind == "b":
            kind = of_number(number)
            return cast(x, kind), constant(number, kind)
        return x, constant(number, kind)
    kind = DEFAULT[0].array
    return cast(x, kind), constant(number, kind)


def pair(a: Any, b: Any, function: str = "") -> tuple[Any, Any, Any, Any]:
    """Return both operands' raw arrays at one dtype, and their tensors (None for a number).

    Raises:
        TypeError: an operand that is neither a tensor, an array nor a number.
    """
    if isinstance(a, Tensor):
        if isinstance(b, Tensor):
            x, y = a._a, b._a
            if x.dtype is not y.dtype and x.dtype != y.dtype:
                kind = promote_operands((x, y))
                a, b = _promoted(a, kind), _promoted(b, kind)
                x, y = a._a, b._a
            return x, y, a, b
        if b.__class__ is float and a._a.dtype.kind == "f":
            x = a._a
            return x, constant(b, x.dtype), a, None
        if isinstance(b, NUMBERS):
            a, y = _number_pair(a, b)
            return a._a, y, a, None
        if isinstance(b, np.ndarray):
            return pair(a, wrap(b), function)
        raise refuse(b, function, "other", 2)
    if isinstance(b, Tensor):
        if isinstance(a, NUMBERS):
            b, x = _number_pair(b, a)
            return x, b._a, None, b
        if isinstance(a, np.ndarray):
            return pair(wrap(a), b, function)
    raise refuse(a, function, "input", 1)


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
