"""Arithmetic of two operands, and what compares or chooses between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .dtypes import DEFAULT, promote_operands
from .elementwise import binary
from .kernels import constant
from .pairs import NUMBERS, broadcast_error, cast, pair
from .quiet import hush, unhush
from .tape import Rule, Tensor, record, wrap

__all__ = [
    "add", "div", "eq", "ge", "gt", "le", "lt", "mul", "ne", "neg", "pow", "sub", "where",
]

_add = binary("add", "AddBackward0", "add")
_sub = binary("subtract", "SubBackward0", "sub")
mul = binary("multiply", "MulBackward0", "mul")
_div = binary("divide", "DivBackward0", "div")
_pow = binary("power", "PowBackward1", "pow")


def add(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """Return input + alpha·other, broadcast."""
    return _add(input, other if alpha == 1 else mul(other, alpha))


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """Return input - alpha·other, broadcast.

    Raises:
        RuntimeError: booleans, for which PyTorch has no difference.
    """
    for each in (input, other):
        if isinstance(each, Tensor) and each._a.dtype.kind == "b":
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
                "trying to invert a mask, use the `~` or `logical_not()` operator instead."
            )
    return _sub(input, other if alpha == 1 else mul(other, alpha))


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    """Return input / other, broadcast; whole numbers give the default floating dtype."""
    if rounding_mode is not None:
        raise NotImplementedError("rounding_mode")
    if isinstance(input, Tensor) and input._a.dtype.kind != "f" and (
        not isinstance(other, Tensor) or other._a.dtype.kind != "f"
    ):
        input = cast(input, DEFAULT[0].array)
    elif isinstance(other, Tensor) and other._a.dtype.kind != "f" and not isinstance(input, Tensor):
        other = cast(other, DEFAULT[0].array)
    return _div(input, other)


def _neg_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (-g,)


NEG = Rule("NegBackward0", _neg_backward, fresh=True)


def neg(input: Tensor) -> Tensor:
    """Return the tensor with its sign turned."""
    if input._a.dtype.kind == "b":
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return record(NEG, np.negative(input._a), (input,))


def _pow_number_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    if options == 0:
        return (k.zeros_like(g),)
    (a,) = saved
    if options == 1:
        return (g,)
    if options == 2:
        return (g * (a * 2),)
    return (g * (options * k.power(a, options - 1)),)


POW_NUMBER = Rule("PowBackward0", _pow_number_backward)


def pow(input: Any, exponent: Any) -> Tensor:
    """Return input to a power, broadcast.

    Raises:
        RuntimeError: whole numbers to a negative whole power.
    """
    if isinstance(input, Tensor) and isinstance(exponent, NUMBERS):
        a, n = input._a, exponent
        if a.dtype.kind != "f" and isinstance(n, float):
            input = cast(input, DEFAULT[0].array)
            a = input._a
        if a.dtype.kind in "iu" and n < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        token = hush()
        try:
            if n == 2:
                out = np.multiply(a, a)
            elif n == 0.5:
                out = np.sqrt(a)
            else:
                out = np.power(a, constant(n, a.dtype))
        finally:
            unhush(token)
        return record(POW_NUMBER, out, (input,), (input,), n)
    if isinstance(input, Tensor) and isinstance(exponent, Tensor) and (
        input._a.dtype.kind in "iu" and exponent._a.dtype.kind in "iu" and (exponent._a < 0).any()
    ):
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    return _pow(input, exponent)


def _comparison(name: str, ufunc: Callable[..., Any]) -> Callable[..., Tensor]:
    def function(input: Any, other: Any) -> Tensor:
        x, y, _, _ = pair(input, other, name)
        try:
            out = ufunc(x, y)
        except ValueError:
            raise broadcast_error(x.shape, y.shape) from None
        return wrap(np.asarray(out))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return where `{name}` holds, element by element, as booleans."
    return function


eq = _comparison("eq", np.equal)
ne = _comparison("ne", np.not_equal)
lt = _comparison("lt", np.less)
le = _comparison("le", np.less_equal)
gt = _comparison("gt", np.greater)
ge = _comparison("ge", np.greater_equal)


def _where_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (mask,) = saved
    shape_a, shape_b = options
    zero = k.zeros_like(g)
    return (
        None,
        k.fit(k.where(mask, g, zero), shape_a) if need[1] else None,
        k.fit(k.where(mask, zero, g), shape_b) if need[2] else None,
    )


WHERE = Rule("WhereBackward0", _where_backward, fresh=True)


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """Return input where the condition holds, else other; alone, where it holds as indices."""
    if input is None and other is None:
        return tuple(wrap(np.asarray(i)) for i in np.nonzero(condition._a))
    mask = condition._a
    if mask.dtype.kind != "b":
        mask = mask.astype(bool)
    if isinstance(input, Tensor) or isinstance(other, Tensor):
        x, y, a, b = pair(input, other, "where")
    else:
        kind = promote_operands((input, other))
        x, y, a, b = constant(input, kind), constant(other, kind), None, None
    try:
        out = np.where(mask, x, y)
    except ValueError:
        try:
            np.broadcast_shapes(x.shape, y.shape)
        except ValueError:
            raise broadcast_error(x.shape, y.shape) from None
        raise broadcast_error(mask.shape, np.broadcast_shapes(x.shape, y.shape)) from None
    return record(WHERE, out, (None, a, b), (mask,), (x.shape, y.shape))


