"""Comparing and choosing: what is larger, what is true, and taking one or the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops.array_kernel import constant
from ..autograd.node import Told
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dtypes import category, not_defined, of_number, promote_operands
from ..tensors.quiet import hush, unhush
from .pairs import broadcast_error, cast, pair
from .recorded import Recorded

__all__ = [
    "allclose", "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor", "clamp", "clamp_max",
    "clamp_min", "clip", "eq", "equal", "ge", "greater", "greater_equal", "gt", "isclose",
    "isfinite", "isinf", "isnan", "le", "less", "less_equal", "logical_and", "logical_not",
    "logical_or", "logical_xor", "lt", "maximum", "minimum", "ne", "not_equal", "where",
]


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


eq: Callable[..., Tensor] = _comparison("eq", np.equal)
ne: Callable[..., Tensor] = _comparison("ne", np.not_equal)
lt: Callable[..., Tensor] = _comparison("lt", np.less)
le: Callable[..., Tensor] = _comparison("le", np.less_equal)
gt: Callable[..., Tensor] = _comparison("gt", np.greater)
ge: Callable[..., Tensor] = _comparison("ge", np.greater_equal)
less, less_equal, greater, greater_equal, not_equal = lt, le, gt, ge, ne
logical_and: Callable[..., Tensor] = _comparison("logical_and", np.logical_and)
logical_or: Callable[..., Tensor] = _comparison("logical_or", np.logical_or)
logical_xor: Callable[..., Tensor] = _comparison("logical_xor", np.logical_xor)


def _question(name: str, ufunc: Callable[..., Any]) -> Callable[[Tensor], Tensor]:
    def function(input: Tensor) -> Tensor:
        return wrap(np.asarray(ufunc(input._a)))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return where `{name}` holds, as booleans."
    return function


isnan: Callable[[Tensor], Tensor] = _question("isnan", np.isnan)
isinf: Callable[[Tensor], Tensor] = _question("isinf", np.isinf)
isfinite: Callable[[Tensor], Tensor] = _question("isfinite", np.isfinite)
logical_not: Callable[[Tensor], Tensor] = _question("logical_not", np.logical_not)


def _bits(name: str, ufunc: Callable[..., Any]) -> Callable[..., Tensor]:
    def function(input: Any, other: Any) -> Tensor:
        x, y, _, _ = pair(input, other, name)
        if x.dtype.kind == "f":
            raise not_defined(name, x.dtype)
        try:
            return wrap(np.asarray(ufunc(x, y)))
        except ValueError:
            raise broadcast_error(x.shape, y.shape) from None

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return the {name} of whole numbers or booleans, element by element."
    return function


bitwise_and: Callable[..., Tensor] = _bits("bitwise_and", np.bitwise_and)
bitwise_or: Callable[..., Tensor] = _bits("bitwise_or", np.bitwise_or)
bitwise_xor: Callable[..., Tensor] = _bits("bitwise_xor", np.bitwise_xor)
def bitwise_not(input: Tensor) -> Tensor:
    """Return the bits turned; of booleans, the opposite.

    Raises:
        NotImplementedError: floating numbers.
    """
    if input._a.dtype.kind == "f":
        raise not_defined("bitwise_not", input._a.dtype)
    return wrap(np.asarray(np.bitwise_not(input._a)))


def invert(input: Tensor) -> Tensor:
    """Return `~input`.

    Raises:
        TypeError: floating numbers.
    """
    if input._a.dtype.kind == "f":
        raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
    return bitwise_not(input)


def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """Return where |input - other| <= atol + rtol·|other|."""
    a, b = input._a, other._a
    if a.dtype != b.dtype:
        raise RuntimeError(f"{input.dtype.short} did not match {other.dtype.short}")
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise broadcast_error(a.shape, b.shape) from None
    return wrap(np.asarray(np.isclose(a, b, rtol, atol, equal_nan)))


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Return whether `isclose` holds everywhere."""
    return bool(isclose(input, other, rtol, atol, equal_nan)._a.all())


def equal(input: Tensor, other: Tensor) -> bool:
    """Return whether both have the same shape and the same elements."""
    return input._a.shape == other._a.shape and bool(np.array_equal(input._a, other._a))


WHERE = Recorded("choose", "WhereBackward0")


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """Return input where the condition holds, else other; alone, where it holds as indices."""
    if input is None and other is None:
        return tuple(wrap(np.asarray(i)) for i in np.nonzero(condition._a))
    mask = condition._a
    if mask.dtype.kind != "b":
        if mask.dtype != np.uint8:
            raise RuntimeError(
                "where expected condition to be a boolean tensor, but got a tensor with dtype "
                f"{condition.dtype.short}"
            )
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
    kept = condition if mask is condition._a else mask
    return WHERE.record(out, kept, x if a is None else a, y if b is None else b)


def _extreme_backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
    a, b, larger = saved
    half = k.equal(a, b)
    first = k.greater(a, b) if larger is None else k.less(a, b)
    share = k.where(half, g / 2, k.where(first, g, k.zeros_like(g)))
    return (
        k.fit(share, shapes[0]) if need[0] else None,
        k.fit(g - share, shapes[1]) if need[1] else None,
    )


def _choosing(name: str, node: str, ufunc: Callable[..., Any], larger: bool) -> Callable[..., Tensor]:
    rule = Rule(node, _extreme_backward, told=Told("row", "max" if larger else "min"))
    mark = None if larger else np.zeros(())

    def function(input: Any, other: Any) -> Tensor:
        x, y, a, b = pair(input, other, name)
        try:
            out = ufunc(x, y)
        except ValueError:
            raise broadcast_error(x.shape, y.shape) from None
        saved = (x if a is None else a, y if b is None else b, mark)
        return record(rule, out, (a, b), saved, (x.shape, y.shape))

    function.__name__ = function.__qualname__ = name
    word = "larger" if larger else "smaller"
    function.__doc__ = f"Return the {word} of the two, element by element; a tie shares the gradient."
    return function


maximum: Callable[..., Tensor] = _choosing("maximum", "MaximumBackward0", np.maximum, True)
minimum: Callable[..., Tensor] = _choosing("minimum", "MinimumBackward0", np.minimum, False)


def _clamp_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    (a,) = saved
    low, high = options
    inside = None
    for bound, compare in ((low, np.greater_equal), (high, np.less_equal)):
        if bound is not None:
            raw = a._a if isinstance(a, Tensor) else a
            part = compare(raw, bound)
            inside = part if inside is None else inside & part
    return (k.where(k.array(inside), g, k.zeros_like(g)),)


CLAMP = Rule("ClampBackward1", _clamp_backward, told=Told("bounds", "clamp"))
CLAMP_MIN = Rule("ClampMinBackward0", _clamp_backward, told=Told("bounds", "clamp"))
CLAMP_MAX = Rule("ClampMaxBackward0", _clamp_backward, told=Told("bounds", "clamp"))


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Return the input kept between two bounds; the slope at a bound is 1.

    Raises:
        RuntimeError: no bound at all.
    """
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of \'min\' or \'max\' must not be None")
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        return _clamp_tensors(input, min, max)
    return _clamp(CLAMP, input, min, max)


def _clamp(rule: Rule, input: Tensor, min: Any, max: Any) -> Tensor:
    a = input._a
    kind = a.dtype
    for bound in (min, max):
        if bound is not None and category(of_number(bound)) > category(kind):
            kind = of_number(bound)
    input = cast(input, kind)
    a = input._a
    token = hush()
    try:
        out = a
        if min is not None:
            out = np.maximum(out, constant(min, kind))
        if max is not None:
            out = np.minimum(out, constant(max, kind))
    finally:
        unhush(token)
    return record(rule, out, (input,), (input,), (min, max))


def _clamp_tensors_backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
    inside, below, above = saved
    zero = k.zeros_like(g)
    return (
        k.fit(k.where(inside, g, zero), shapes[0]) if need[0] else None,
        k.fit(k.where(below, g, zero), shapes[1]) if need[1] else None,
        k.fit(k.where(above, g, zero), shapes[2]) if need[2] else None,
    )


CLAMP_TENSORS = Rule("ClampBackward0", _clamp_tensors_backward)


def _clamp_tensors(input: Tensor, low: Any, high: Any) -> Tensor:
    bounds = [b if b is None or isinstance(b, Tensor) else wrap(np.asarray(b, input._a.dtype))
              for b in (low, high)]
    kind = promote_operands(tuple(t._a for t in (input, *bounds) if t is not None))
    input = cast(input, kind)
    bounds = [b if b is None else cast(b, kind) for b in bounds]
    x = input._a
    lo, hi = (None if b is None else b._a for b in bounds)
    out = x if lo is None else np.maximum(x, lo)
    out = out if hi is None else np.minimum(out, hi)
    shape = out.shape
    below = np.zeros(shape, bool) if lo is None else np.broadcast_to(x < lo, shape)
    above = np.zeros(shape, bool) if hi is None else np.broadcast_to(x > hi, shape)
    if lo is not None and hi is not None:
        below = below & (lo < hi)
        above = above | (lo >= hi) & np.ones(shape, bool)
        above = above & ~((x >= lo) & (x <= hi))
    inside = np.ones(shape, bool)
    if lo is not None:
        inside &= x >= lo
    if hi is not None:
        inside &= x <= hi
    shapes = (x.shape, () if lo is None else lo.shape, () if hi is None else hi.shape)
    return record(CLAMP_TENSORS, out, (input, *bounds), (inside, below, above), shapes)


clip = clamp


def clamp_min(input: Tensor, min: Any) -> Tensor:
    """Return the input, at least `min`."""
    return clamp(input, min) if isinstance(min, Tensor) else _clamp(CLAMP_MIN, input, min, None)


def clamp_max(input: Tensor, max: Any) -> Tensor:
    """Return the input, at most `max`."""
    if isinstance(max, Tensor):
        return clamp(input, max=max)
    return _clamp(CLAMP_MAX, input, None, max)
