"""From a row of the table `OPS` to a function on tensors: the generic elementwise operation.

A row's forward gives the value, its partials the slopes; the gradient of an operand is the
arriving gradient times the slope, summed down to the operand's shape. What a slope reads (its
operands, its output) is found by running it once on tracers, so only that is saved. What PyTorch spells
differently, or does with integers, the record says too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops import EVERYWHERE, OPS, Operation, camel
from ...ops.array_kernel import RAW, one_of
from ..autograd.node import Told
from ..autograd.tape import OUT, Rule, Tensor, record, record_one, wrap
from ..tensors.dtypes import DEFAULT, not_defined, promote_operands
from ..tensors.quiet import hush, unhush
from .pairs import NUMBERS, broadcast_error, cast, describe, float_array, pair, refuse

__all__ = ["FUNCTIONS", "binary", "described", "function_of", "scaled", "several", "unary"]


_NONE: dict[str, float] = {}


def described(row: Operation, called: str) -> str:
    """Return the docstring of a row's function: shapes, formula, domain, values, slope.

    >>> print(described(OPS["sigmoid"], "sigmoid"))
    Return sigmoid of each element, in the input's shape.
    <BLANKLINE>
    It is 1/(1 + exp(-a1)), a1 the element.
    Its values lie in (0, 1).
    The slope of the sigmoid is its output times one minus its output.
    """
    if row.least == 1:
        lines = [f"Return {called} of each element, in the input's shape.", ""]
    else:
        lines = [f"Return {called} of {row.least} operands, in the shape to which they broadcast.", ""]
    if row.stands_for is not None and row.most is not None and ";" not in row.stands_for():
        lines.append(f"It is {row.stands_for()}, a1 the element.")
    if row.domain:
        lines.append(f"{row.domain[:1].upper()}{row.domain[1:]}; elsewhere it is nan or infinite.")
    if row.range is not None:
        lines.append(f"Its values lie in {row.range}.")
    reason = row.reason(0, row.least)
    lines.append(f"{reason[:1].upper()}{reason[1:]}.")
    return "\n".join(lines)


def scaled(k: Any, g: Any, slope: Any) -> Any:
    """Return g times a slope, which may be the number 1, -1 or 0."""
    if slope.__class__ is int:
        if slope == 1:
            return g
        return -g if slope == -1 else k.zeros_like(g)
    if k is RAW:
        # a slope without dimensions is a number of NumPy's, and may be more precise than g
        if slope.__class__ is not float and slope.dtype is not g.dtype:
            slope = slope.astype(g.dtype)
    elif isinstance(slope, Tensor) and slope._a.dtype != g._a.dtype:
        slope = cast(slope, g._a.dtype)
    return g * slope


def unary(
    name: str, node: str, called: str | None = None, raw: Callable[..., Any] | None = None,
    integers: str = "floating",
) -> Callable[..., Tensor]:
    """Return the function on tensors of a row of one operand.

    `raw`, a rule of arrays as `tape.Rule` has it, may be faster than the row's partial, reading the
    same; the contract battery holds it to the row. `integers` is as in `ops.Torch`.
    """
    row = OPS[name]
    forward, slope = row.forward, row.partial(0)
    seen = row.reads(0)
    kept = ("0" in seen) + 2 * ("out" in seen)
    defaults = dict(row.options)
    called = called or name

    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        a, out = saved or (None, None)
        return (scaled(k, g, slope(k, out, a, **options)),)

    rule = Rule(node, backward, fresh=bool(seen), of_arrays=raw, alone=True, told=Told("row", name))

    def function(input: Tensor, **options: float) -> Tensor:
        if not isinstance(input, Tensor):
            raise TypeError(
                f"{called}(): argument 'input' (position 1) must be Tensor, "
                f"not {describe(input)}"
            )
        a = input._a
        if a.dtype.kind != "f":
            if integers == "floating":
                a = float_array(input)
            elif a.dtype.kind == "b" and integers == "refused":
                raise not_defined(called, a.dtype)
            elif a.dtype.kind == "b" and integers == "counted":
                a = a.astype(np.int64)
        chosen = {**defaults, **options} if defaults else _NONE
        kind = a.dtype
        token = hush()
        try:
            out = forward(RAW, a, **chosen)
        finally:
            unhush(token)
        if out.dtype is not kind:
            out = out.astype(kind)
        return record_one(rule, out, input, kept, chosen)

    def plain(input: Tensor) -> Tensor:
        if input.__class__ is not Tensor or (kind := input._a.dtype).kind != "f":
            return function(input)
        token = hush()
        try:
            out = forward(RAW, input._a)
        finally:
            unhush(token)
        if out.dtype is not kind:
            out = out.astype(kind)
        return record_one(rule, out, input, kept, _NONE)

    chosen = function if defaults else plain
    chosen.__name__ = chosen.__qualname__ = called
    chosen.__doc__ = described(row, called)
    return chosen


def binary(name: str, node: str, called: str | None = None) -> Callable[..., Tensor]:
    """Return the function on tensors of a row of two operands, which broadcast."""
    row = OPS[name]
    forward = row.forward
    first, second = row.partial(0), row.partial(1)
    reads_first, reads_second = row.reads(0), row.reads(1)
    reads_none = not reads_first and not reads_second
    called = called or name

    def backward(k: Any, g: Any, saved: Any, shapes: Any, need: Any) -> Any:
        a, b, out = saved or (None, None, None)
        ga = gb = None
        if need[0]:
            ga = scaled(k, g, first(k, out, a, b))
            if shapes is not None:
                ga = k.fit(ga, shapes[0])
        if need[1]:
            gb = scaled(k, g, second(k, out, a, b))
            if shapes is not None:
                gb = k.fit(gb, shapes[1])
        return ga, gb

    rule = Rule(node, backward, told=Told("row", name))

    def function(input: Any, other: Any) -> Tensor:
        x, y, a, b = pair(input, other, called)
        token = hush()
        try:
            out = forward(RAW, x, y)
        except ValueError:
            raise broadcast_error(x.shape, y.shape) from None
        finally:
            unhush(token)
        shapes: Any = None if x.shape == y.shape else (x.shape, y.shape)
        if a is None or b is None:  # who reads the graph finds the number there
            shapes = (x.shape, y.shape, x if a is None else y)
        if reads_none:
            return record(rule, out, (a, b), (), shapes)
        wanted: set[str] = set()
        if a is not None and a.requires_grad:
            wanted.update(reads_first)
        if b is not None and b.requires_grad:
            wanted.update(reads_second)
        saved = (
            (x if a is None else a) if "0" in wanted else None,
            (y if b is None else b) if "1" in wanted else None,
            OUT if "out" in wanted else None,
        )
        return record(rule, out, (a, b), saved, shapes)

    function.__name__ = function.__qualname__ = called
    function.__doc__ = described(row, called)
    return function


def several(name: str, node: str, called: str | None = None) -> Callable[..., Tensor]:
    """Return the function on tensors of a row of any fixed number of operands, with its options.

    Operands are tensors, arrays or numbers, at least one of them a tensor; they broadcast, and the
    result has the dtype to which they promote. The row's options are further arguments.
    """
    row = OPS[name]
    count = row.least
    slopes = [row.partial(slot) for slot in range(count)]
    read = [row.reads(slot) for slot in range(count)]
    defaults = dict(row.options)
    called = called or name

    def backward(k: Any, g: Any, saved: Any, kept: Any, need: Any) -> Any:
        shapes, options = kept
        *operands, out = saved
        return tuple(
            k.fit(scaled(k, g, slope(k, out, *operands, **options)), shape) if wanted else None
            for slope, shape, wanted in zip(slopes, shapes, need, strict=True)
        )

    rule = Rule(node, backward, told=Told("row", name))

    def function(*operands: Any, **options: Any) -> Tensor:
        given, settings = operands[:count], operands[count:]
        if len(given) < count or len(settings) > len(defaults) or set(options) - set(defaults):
            listed = ", ".join([*(f"operand {i + 1}" for i in range(count)), *defaults])
            raise TypeError(f"{called}() takes {listed}")
        chosen = {**defaults, **dict(zip(defaults, settings, strict=False)), **options}
        kind = _common(given, called)
        tensors = [
            cast(x, kind) if isinstance(x, Tensor) else wrap(np.asarray(x, kind)) for x in given
        ]
        arrays = [x._a for x in tensors]
        shapes = tuple(a.shape for a in arrays)
        token = hush()
        try:
            out = np.asarray(row.forward(RAW, *arrays, **chosen))
        except ValueError:
            raise broadcast_error(*shapes) from None
        finally:
            unhush(token)
        if out.dtype is not kind:
            out = out.astype(kind)
        wanted: set[str] = set()
        for x, seen in zip(tensors, read, strict=True):
            if x.requires_grad:
                wanted |= seen
        saved = (*(x if str(i) in wanted else None for i, x in enumerate(tensors)),
                 OUT if "out" in wanted else None)
        return record(rule, out, tuple(tensors), saved, (shapes, chosen))

    function.__name__ = function.__qualname__ = called
    function.__doc__ = described(row, called)
    return function


def _common(operands: tuple[Any, ...], called: str) -> Any:
    """Return the floating dtype to which operands promote.

    Raises:
        TypeError: an operand that is neither a tensor, an array nor a number, or no tensor at all.
    """
    for place, each in enumerate(operands):
        if not isinstance(each, (Tensor, np.ndarray, *NUMBERS)):
            raise refuse(each, called, "operand", place + 1)
    tensors = [x for x in operands if isinstance(x, Tensor)]
    if not tensors:
        raise refuse(operands[0], called, "operand", 1)
    arrays = [x._a if isinstance(x, Tensor) else x for x in operands if not isinstance(x, NUMBERS)]
    kind = arrays[0].dtype
    for a in arrays[1:]:
        if a.dtype != kind:
            kind = promote_operands((np.zeros((), kind), a))
    return kind if kind.kind == "f" else DEFAULT[0].array


_ndarray, _subtract, _multiply = np.ndarray, np.subtract, np.multiply


def _sigmoid_slope(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    out = saved[1]
    slope = _subtract(one_of(out.dtype), out)
    if slope.__class__ is not _ndarray:  # NumPy returns a number where there is no dimension
        return (slope * out * g,)
    _multiply(slope, out, slope)
    return (_multiply(slope, g, slope),)


def _tanh_slope(g: Any, saved: Any, options: Any, edges: Any) -> Any:
    out = saved[1]
    slope = _multiply(out, out)
    slope = _subtract(one_of(out.dtype), slope)
    return (_multiply(slope, g),)


_SLOPES = {"sigmoid": _sigmoid_slope, "tanh": _tanh_slope}
"""Gradients on arrays that are faster than the row's, to which the contract battery holds them."""

def function_of(name: str) -> Callable[..., Tensor]:
    """Return the function of tensors that a row makes.

    >>> from backprop_tutor import engine as torch
    >>> function_of("tanh")(torch.zeros(2))
    tensor([0., 0.])
    """
    row = OPS[name]
    spelled = row.torch or EVERYWHERE
    node = f"{spelled.node or camel(name)}Backward0"
    if row.least == 1:
        return unary(name, node, raw=_SLOPES.get(name), integers=spelled.integers)
    return several(name, node)



def _at_top(row: Operation) -> bool:
    return (
        row.torch is not None and row.torch.top and row.elementwise and row.least == row.most
        and not row.loss and (not row.activation or row.name in _SLOPES)
    )


FUNCTIONS = OPS.derived(lambda row: {row.name: function_of(row.name)} if _at_top(row) else {})
"""The functions at the top, by name; activations with a switch `inplace` are in `fused`."""

def __getattr__(name: str) -> Callable[..., Tensor]:
    """Return the function of a row."""
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
