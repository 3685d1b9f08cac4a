"""Numbers in a row: steps of one size, even spacing between two ends, and powers evenly spaced.

Integer dtypes are not rounded versions of floating ones: PyTorch cuts the ends to integers
first, and the step stays a double.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from .creation import made
from .devices import check_device
from .dtypes import DEFAULT, converted
from .dtypes import dtype as Dtype
from .quiet import hush, unhush

__all__ = ["arange", "linspace", "logspace"]


def _kind(dtype: Dtype | None, called: str) -> Any:
    kind = DEFAULT[0].array if dtype is None else dtype.array
    if kind.kind == "b":
        raise NotImplementedError(f"\"{called}_cpu\" not implemented for 'Bool'")
    return kind


def _number(given: Any) -> Any:
    return given.item() if isinstance(given, (Tensor, np.generic)) else given


def arange(
    start: Any, end: Any = None, step: Any = 1, *, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return start, start + step, ... below end; int64 for whole arguments.

    Raises:
        RuntimeError: a step of 0, bounds that are not finite, or that contradict the step's sign.
        ValueError: a step that is 0 once int64 has cut it.
        NotImplementedError: booleans.
    """
    check_device(device)
    if end is None:
        start, end = 0, start
    start, end, step = (_number(v) for v in (start, end, step))
    for name, given in (("start", start), ("end", end), ("step", step)):
        if not isinstance(given, (int, float)):
            raise TypeError(
                f"arange(): argument '{name}' (position 1) must be Number, not {type(given).__name__}"
            )
    whole = not any(isinstance(v, float) for v in (start, end, step))
    kind = np.dtype(np.int64) if dtype is None and whole else _kind(dtype, "arange")
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start:g} -> {end:g}")
    if (end - start) * (1 if step > 0 else -1) < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if kind.kind == "f":
        if whole:
            return made(np.arange(start, end, step).astype(kind), requires_grad)
        count = _count((end - start) / step)
        return made((start + step * np.arange(count, dtype=np.float64)).astype(kind), requires_grad)
    first, last, pace = (int(converted(v, np.dtype(np.int64))) for v in (start, end, step))
    if kind != np.int64:
        count = _count((float(end) - float(start)) / float(step))
    elif pace:
        count = len(range(first, last, pace))
    else:
        raise ValueError("step must be nonzero")
    return made((first + pace * np.arange(count, dtype=np.int64)).astype(kind), requires_grad)


def _count(steps: float) -> int:
    if steps >= 2**63:
        raise RuntimeError("invalid size, possible overflow?")
    return math.ceil(steps)


def linspace(
    start: Any, end: Any, steps: int, *, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return `steps` numbers evenly from start to end, both included.

    Raises:
        RuntimeError: a negative number of steps, or an end that the dtype does not hold.
        NotImplementedError: booleans.
    """
    check_device(device)
    _check_steps(steps)
    kind = _kind(dtype, "linspace")
    if steps < 2:
        alone = converted(_number(start), kind) if steps else 0
        return made(np.full(steps, alone, kind), requires_grad)
    first, last = (converted(_number(v), kind) for v in (start, end))
    return made(_evenly(first, last, steps, kind).astype(kind), requires_grad)


def _check_steps(steps: int) -> None:
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")


def _evenly(start: Any, end: Any, steps: int, kind: Any) -> Any:
    """Return numbers evenly from start to end: the first half from the start, the rest from the end.

    As PyTorch has it, the step is of the dtype's own kind (integers: a double), and the product is
    added with one rounding.
    """
    place = np.arange(steps)
    back = steps - 1 - place
    early = place < steps // 2
    if kind == np.float32:
        pace = float((end - start) / kind.type(steps - 1))
        return np.where(early, float(start) + pace * place, float(end) - pace * back)
    pace = (float(end) - float(start)) / (steps - 1)
    return np.where(early, _fused(pace, place, float(start)), _fused(-pace, back, float(end)))


def _fused(a: float, b: Any, c: float) -> Any:
    """Return a·b + c with one rounding, b integers below 2^26.

    Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971).
    """
    product = a * b
    high = (a * 134217729.0) - (a * 134217729.0 - a)
    rest = (high * b - product) + (a - high) * b
    total = product + c
    part = total - product
    return total + ((product - (total - part)) + (c - part) + rest)


def logspace(
    start: Any, end: Any, steps: int, base: float = 10.0, *, dtype: Dtype | None = None,
    device: Any = None, requires_grad: bool = False,
) -> Tensor:
    """Return the base to `steps` powers evenly from start to end.

    Raises:
        RuntimeError: a negative number of steps, or an end that the dtype does not hold.
        NotImplementedError: booleans.
    """
    check_device(device)
    _check_steps(steps)
    kind = _kind(dtype, "logspace")
    start, end, base = _number(start), _number(end), float(base)
    token = hush()
    try:
        if steps < 2:
            alone = converted(float(np.power(base, float(start))), kind) if steps else 0
            return made(np.full(steps, alone, kind), requires_grad)
        first, last = (float(converted(v, kind)) for v in (start, end))
        place = np.arange(steps)
        span = float(kind.type(last - first)) if kind.kind == "f" else last - first
        pace = span / (steps - 1)
        back = steps - 1 - place
        powers = np.where(place < steps // 2, first + pace * place, last - pace * back)
        out = np.power(base, powers)
        if kind.kind != "f":  # beyond the dtype PyTorch keeps the low bits
            out = out.astype(np.int64)
        return made(out.astype(kind), requires_grad)
    finally:
        unhush(token)
