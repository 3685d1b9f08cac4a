"""Arithmetic of two and three operands, and rounding, which is flat between its jumps.

`addcmul`, `addcdiv` and `lerp` are computed by the operations of two operands, unrecorded; each is
recorded as one node with a backward rule of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops.array_kernel import constant
from ..autograd.modes import no_grad
from ..autograd.node import Told
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dtypes import DEFAULT, not_defined
from ..tensors.quiet import hush, unhush
from .elementwise import binary, reciprocal
from .pairs import NUMBERS, broadcast_error, cast, pair

__all__ = [
    "add", "addcdiv", "addcmul", "ceil", "div", "divide", "floor", "floor_divide", "fmod",
    "lerp", "mul", "multiply", "neg", "negative", "positive", "pow", "remainder", "round",
    "sub", "subtract", "true_divide", "trunc",
]


def _level_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (k.zeros_like(g),)


def _flat(name: str, ufunc: Callable[..., Any]) -> Callable[[Tensor], Tensor]:
    rule = Rule(f"{name.capitalize()}Backward0", _level_backward, fresh=True)

    def function(input: Tensor) -> Tensor:
        a = input._a
        if a.dtype.kind == "b":
            raise not_defined(name, a.dtype)
        return record(rule, ufunc(a) if a.dtype.kind == "f" else a.copy(), (input,))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return the {name} of each element; its slope is 0."
    return function


floor: Callable[[Tensor], Tensor] = _flat("floor", np.floor)
ceil: Callable[[Tensor], Tensor] = _flat("ceil", np.ceil)
trunc = fix = _flat("trunc", np.trunc)
_round = _flat("round", np.rint)


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """Return each element rounded, halves to even; its slope is 0."""
    if decimals == 0:
        return _round(input)
    return record(ROUND, np.round(input._a, decimals), (input,))


ROUND = Rule("RoundBackward1", _level_backward, fresh=True)


_add = binary("add", "AddBackward0", "add")
_sub = binary("subtract", "SubBackward0", "sub")
_rsub = binary("subtract", "RsubBackward1", "sub")
mul = binary("multiply", "MulBackward0", "mul")
_div = binary("divide", "DivBackward0", "div")
_pow = binary("power", "PowBackward1", "pow")
_number_pow = binary("power", "PowBackward2", "pow")


def add(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """Return input + alpha·other, broadcast."""
    return _add(input, other if alpha == 1 else mul(other, alpha))


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """Return input - alpha·other, broadcast.

    Raises:
        RuntimeError: booleans, for which PyTorch has no difference.
    """
    flags = [isinstance(x, Tensor) and x._a.dtype.kind == "b" for x in (input, other)]
    if any(flags):
        if all(flags):
            raise RuntimeError(
                "Subtraction, the `-` operator, with two bool tensors is not supported. Use the "
                "`^` or `logical_xor()` operator instead."
            )
        if not (isinstance(input, Tensor) and isinstance(other, Tensor)):
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
                "trying to invert a mask, use the `~` or `logical_not()` operator instead."
            )
    if not isinstance(input, Tensor):
        return _rsub(input, other if alpha == 1 else mul(other, alpha))
    return _sub(input, other if alpha == 1 else mul(other, alpha))


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    """Return input / other, broadcast; integers give the default floating dtype."""
    if rounding_mode is not None:
        return _rounded_quotient(input, other, rounding_mode)
    if isinstance(input, Tensor) and input._a.dtype.kind != "f" and (
        not isinstance(other, Tensor) or other._a.dtype.kind != "f"
    ):
        input = cast(input, DEFAULT[0].array)
    elif isinstance(other, Tensor) and other._a.dtype.kind != "f" and not isinstance(input, Tensor):
        other = cast(other, DEFAULT[0].array)
    return _div(input, other)


def _neg_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (-g,)


NEG = Rule("NegBackward0", _neg_backward, fresh=True, told=Told("row", "negate"))


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


POW_NUMBER = Rule("PowBackward0", _pow_number_backward, told=Told("power", "power"))


def _whole_power(x: Any, n: Any) -> Any:
    """Return integers to integer powers; a negative power leaves 1, ±1 of -1, and 0 of others.

    Raises:
        NotImplementedError: booleans to booleans.
    """
    if x.dtype.kind == "b":
        raise not_defined("pow", x.dtype)
    try:
        risen = np.power(x, np.maximum(n, 0))
    except ValueError:
        raise broadcast_error(x.shape, n.shape) from None
    if not (n < 0).any():
        return risen
    one = constant(1, x.dtype)
    sunk = np.where(x == 1, one, np.where(x == -1, one - 2 * (n & 1), 0)).astype(x.dtype)
    return np.where(n < 0, sunk, risen)


def pow(input: Any, exponent: Any) -> Tensor:
    """Return input to a power, broadcast.

    Raises:
        RuntimeError: integers to a negative number; tensors of such powers are taken.
    """
    if isinstance(input, Tensor) and isinstance(exponent, NUMBERS):
        a, n = input._a, exponent.item() if isinstance(exponent, np.generic) else exponent
        if a.dtype.kind != "f" and isinstance(n, float):
            input = cast(input, DEFAULT[0].array)
            a = input._a
        if a.dtype.kind == "b" and not isinstance(n, bool):
            input = cast(input, np.dtype(np.int64))
            a = input._a
        if a.dtype.kind in "iu" and n < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        token = hush()
        try:
            if n == 2:
                out = np.multiply(a, a)
            elif a.dtype.kind == "b":
                out = a | (not n)
            elif n == 0.5:
                out = np.sqrt(a)
            else:
                out = np.power(a, constant(n, a.dtype))
        finally:
            unhush(token)
        return record(POW_NUMBER, out, (input,), (input,), n)
    if isinstance(exponent, Tensor) and exponent._a.dtype.kind != "f":
        x, n, _, _ = pair(input, exponent, "pow")
        if x.dtype.kind != "f":
            return wrap(_whole_power(x, n))
    if not isinstance(input, Tensor):
        return _number_pow(input, exponent)
    return _pow(input, exponent)


def _flat_backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
    """The backward rule of a remainder a - n·b; the integer n does not move."""
    (whole,) = saved
    return (
        k.fit(g, shapes[0]) if need[0] else None,
        k.fit(-(g * whole), shapes[1]) if need[1] else None,
    )


REMAINDER = Rule("RemainderBackward0", _flat_backward)
FMOD = Rule("FmodBackward0", _flat_backward)


def _zero_backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
    return tuple(
        k.zeros(shape, g) if wanted else None for shape, wanted in zip(shapes, need, strict=True)
    )


DIV_ROUNDED = Rule("DivBackward1", _zero_backward)


def _whole_operands(input: Any, other: Any, called: str) -> Any:
    x, y, a, b = pair(input, other, called)
    if x.dtype.kind in "iub" and not np.all(y):
        raise RuntimeError("ZeroDivisionError")
    return x, y, a, b


def remainder(input: Any, other: Any) -> Tensor:
    """Return the remainder with the sign of the divisor, as Python's %."""
    x, y, a, b = _whole_operands(input, other, "remainder")
    token = hush()
    try:
        out, whole = np.remainder(x, y), np.floor_divide(x, y)
    except ValueError:
        raise broadcast_error(x.shape, y.shape) from None
    finally:
        unhush(token)
    return record(REMAINDER, out, (a, b), (np.asarray(whole),), (x.shape, y.shape))


def fmod(input: Any, other: Any) -> Tensor:
    """Return the remainder with the sign of the dividend."""
    x, y, a, b = _whole_operands(input, other, "fmod")
    token = hush()
    try:
        out = np.fmod(x, y)
        whole = np.trunc(x / y)
    except ValueError:
        raise broadcast_error(x.shape, y.shape) from None
    finally:
        unhush(token)
    return record(FMOD, out, (a, b), (np.asarray(whole),), (x.shape, y.shape))


def _rounded_quotient(input: Any, other: Any, mode: str) -> Tensor:
    if mode not in ("floor", "trunc"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{mode}'"
        )
    x, y, a, b = _whole_operands(input, other, "div")
    token = hush()
    try:
        if mode == "floor":
            out = np.floor_divide(x, y)
        elif x.dtype.kind == "f":
            out = np.trunc(x / y)
        else:
            out = np.sign(x) * np.sign(y) * (np.absolute(x) // np.absolute(y))
    except ValueError:
        raise broadcast_error(x.shape, y.shape) from None
    finally:
        unhush(token)
    return record(DIV_ROUNDED, np.asarray(out).astype(x.dtype), (a, b), (), (x.shape, y.shape))


def floor_divide(input: Any, other: Any) -> Tensor:
    """Return the quotient rounded down."""
    if all(isinstance(x, bool) or (isinstance(x, Tensor) and x._a.dtype.kind == "b")
           for x in (input, other)):
        raise not_defined("floor_divide", np.dtype(np.bool_))
    return _rounded_quotient(input, other, "floor")


def divided_by(number: Any, input: Any) -> Tensor:
    """Return number / input as the operator has it: number times the reciprocal."""
    if isinstance(number, NUMBERS):
        return mul(reciprocal(input), number)
    return div(number, input)


def positive(input: Tensor) -> Tensor:
    """Return the tensor itself."""
    if input._a.dtype.kind == "b":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


multiply, divide, true_divide, subtract, negative = mul, div, div, sub, neg


def _addcmul_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b = saved
    shapes, value = options
    return (
        k.fit(g, shapes[0]) if need[0] else None,
        k.fit(g * b * value, shapes[1]) if need[1] else None,
        k.fit(g * a * value, shapes[2]) if need[2] else None,
    )


def _addcdiv_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b = saved
    shapes, value = options
    share = g * value / b
    return (
        k.fit(g, shapes[0]) if need[0] else None,
        k.fit(share, shapes[1]) if need[1] else None,
        k.fit(-share * a / b, shapes[2]) if need[2] else None,
    )


def _lerp_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    a, b, w = saved
    shapes, number = options
    share = g * (number if w is None else w)
    return (
        k.fit(g - share, shapes[0]) if need[0] else None,
        k.fit(share, shapes[1]) if need[1] else None,
        k.fit(g * (b - a), shapes[2]) if need[2] else None,
    )


ADDCMUL = Rule("AddcmulBackward0", _addcmul_backward)
ADDCDIV = Rule("AddcdivBackward0", _addcdiv_backward)
LERP_NUMBER = Rule("LerpBackward0", _lerp_backward)
LERP = Rule("LerpBackward1", _lerp_backward)


def _three(rule: Rule, value: Tensor, operands: tuple[Any, ...], kept: Any, setting: Any) -> Tensor:
    """Record as one operation what was computed from three operands, unrecorded."""
    kind = value._a.dtype
    tensors = [cast(x, kind) for x in operands]
    shapes = tuple(x._a.shape for x in tensors)
    saved = tuple(None if i is None else tensors[i] for i in kept)
    return record(rule, value._a, tuple(tensors), saved, (shapes, setting))


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """Return input + value·tensor1·tensor2."""
    with no_grad():
        out = add(input, mul(tensor1, tensor2), alpha=value)
    return _three(ADDCMUL, out, (input, tensor1, tensor2), (1, 2), value)


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """Return input + value·tensor1/tensor2."""
    with no_grad():
        out = add(input, div(tensor1, tensor2), alpha=value)
    return _three(ADDCDIV, out, (input, tensor1, tensor2), (1, 2), value)


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """Return input + weight·(end - input)."""
    with no_grad():
        distance = sub(input, end)  # so that shapes are named in this order
        out = sub(input, mul(distance, weight))
    if isinstance(weight, Tensor):
        return _three(LERP, out, (input, end, weight), (0, 1, 2), None)
    given = wrap(np.asarray(weight, out._a.dtype))
    return _three(LERP_NUMBER, out, (input, end, given), (None, None, None), weight)
