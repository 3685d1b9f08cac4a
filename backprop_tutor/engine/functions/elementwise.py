"""From a row of the table `OPS` to a function on tensors: the generic elementwise operation.

A row's forward gives the value, its partials the slopes; the gradient of an operand is the
arriving gradient times the slope, summed down to the operand's shape. What a slope reads (its
operands, its output) is found by running it once on tracers, so only that is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops import OPS, Operation
from ...ops.array_kernel import RAW
from ..autograd.tape import OUT, Rule, Tensor, record
from ..tensors.quiet import hush, unhush
from .pairs import broadcast_error, cast, describe, float_array, pair

__all__ = ["binary", "reads", "scaled", "unary"]


_NONE: dict[str, float] = {}


class _Tracer:
    """A stand-in operand that notes in whose computation it takes part."""

    def __init__(self, seen: set[str]) -> None:
        self.seen = seen

    def _mix(self, *others: Any) -> _Tracer:
        together = set(self.seen)
        for other in others:
            if isinstance(other, _Tracer):
                together |= other.seen
        return _Tracer(together)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _mix
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __neg__ = _mix


class _TracerKernel:
    """Answers every function of the vocabulary with a tracer of all its operands."""

    pi = ln2 = ln10 = sqrt2 = sqrt_pi = 1.0

    def __getattr__(self, name: str) -> Callable[..., _Tracer]:
        return lambda *operands: _Tracer(set())._mix(*operands)


def reads(row: Operation, slot: int) -> frozenset[str]:
    """Return what the slope along an operand reads: "out", "0", "1", ...

    >>> sorted(reads(OPS["sigmoid"], 0)), sorted(reads(OPS["divide"], 1))
    (['out'], ['0', '1'])
    """
    operands = [_Tracer({str(i)}) for i in range(row.least)]
    slope = row.partial(slot)(_TracerKernel(), _Tracer({"out"}), *operands, **dict(row.options))
    return frozenset(slope.seen) if isinstance(slope, _Tracer) else frozenset()


def scaled(k: Any, g: Any, slope: Any) -> Any:
    """Return g times a slope, which may be the number 1, -1 or 0."""
    if slope.__class__ is int:
        if slope == 1:
            return g
        return -g if slope == -1 else k.zeros_like(g)
    if k is RAW:
        if slope.__class__ is np.ndarray and slope.dtype is not g.dtype:
            slope = slope.astype(g.dtype)
    elif isinstance(slope, Tensor) and slope._a.dtype != g._a.dtype:
        slope = cast(slope, g._a.dtype)
    return g * slope


def unary(
    name: str, node: str, called: str | None = None, raw: Callable[..., Any] | None = None,
    whole: bool = False, booleans: str = "stay",
) -> Callable[..., Tensor]:
    """Return the function on tensors of a row of one operand; integers become floating.

    `raw(g, a, out)` may give the gradient on raw arrays faster than the row's partial; the
    contract battery holds it to the row. With `whole`, integers stay integers; booleans then
    "stay", are "counted" as int64, or are "refused".
    """
    row = OPS[name]
    forward, slope = row.forward, row.partial(0)
    seen = reads(row, 0)
    saves_input, saves_out = "0" in seen, "out" in seen
    defaults = dict(row.options)
    called = called or name

    def backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
        a, out = saved or (None, None)
        if raw is not None and k is RAW:
            return (raw(g, a, out),)
        return (scaled(k, g, slope(k, out, a, **options)),)

    rule = Rule(node, backward, fresh=bool(seen))
    kept = (None, OUT)

    def function(input: Tensor, **options: float) -> Tensor:
        if not isinstance(input, Tensor):
            raise TypeError(
                f"{called}(): argument 'input' (position 1) must be Tensor, "
                f"not {describe(input)}"
            )
        a = input._a
        if a.dtype.kind != "f":
            if not whole:
                a = float_array(input)
            elif a.dtype.kind == "b" and booleans == "refused":
                raise NotImplementedError(f'"{called}_cpu" not implemented for \'Bool\'')
            elif a.dtype.kind == "b" and booleans == "counted":
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
        if not saves_input:
            return record(rule, out, (input,), kept if saves_out else (), chosen)
        return record(rule, out, (input,), (input, OUT if saves_out else None), chosen)

    function.__name__ = function.__qualname__ = called
    function.__doc__ = f"Return {called} of the input, element by element. {row.reason(0, 1)}."
    return function


def binary(name: str, node: str, called: str | None = None) -> Callable[..., Tensor]:
    """Return the function on tensors of a row of two operands, which broadcast."""
    row = OPS[name]
    forward = row.forward
    first, second = row.partial(0), row.partial(1)
    reads_first, reads_second = reads(row, 0), reads(row, 1)
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

    rule = Rule(node, backward)

    def function(input: Any, other: Any) -> Tensor:
        x, y, a, b = pair(input, other, called)
        token = hush()
        try:
            out = forward(RAW, x, y)
        except ValueError:
            raise broadcast_error(x.shape, y.shape) from None
        finally:
            unhush(token)
        shapes = None if x.shape == y.shape else (x.shape, y.shape)
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
    function.__doc__ = f"Return the two operands' {called}, element by element, broadcast."
    return function
