"""Making tensors from data, numbers and shapes, and numbers in a row; nothing is random or recorded.

Integer dtypes of rows are not rounded versions of floating ones: PyTorch cuts the ends to integers
first, and the step stays a double.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..autograd.tape import MODE, Tensor, wrap
from .devices import check_device
from .dims import shape_of
from .dtypes import DEFAULT, PYTHON_KINDS, converted, from_numpy_dtype, not_defined, of_number
from .dtypes import dtype as Dtype
from .from_data import array_of
from .quiet import hush, unhush

__all__ = [
    "arange", "as_tensor", "empty", "empty_like", "eye", "from_numpy", "full", "full_like",
    "linspace", "logspace", "ones", "ones_like", "tensor", "zeros", "zeros_like",
]


def made(array: Any, requires_grad: bool = False) -> Tensor:
    """Return a new tensor of an array that nothing else holds."""
    t = wrap(array)
    if MODE.inference:
        t._ver = None
    if requires_grad:
        if array.dtype.kind != "f":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        t._rg = True
    return t


def tensor(
    data: Any, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Return a new tensor of numbers, nested lists, an array or a tensor (always a copy).

    Python floats become the default dtype (float32), ints int64, bools bool; arrays keep theirs.

    Raises:
        ValueError: lists of unequal lengths, or text.
        RuntimeError: `requires_grad` with integers.
    """
    check_device(device)
    if isinstance(data, Tensor):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use "
            "sourceTensor.detach().clone() or sourceTensor.detach().clone().requires_grad_(True), "
            "rather than torch.tensor(sourceTensor).", UserWarning, stacklevel=2,
        )
    return made(array_of(data, dtype), requires_grad)


def as_tensor(data: Any, dtype: Dtype | None = None, device: Any = None) -> Tensor:
    """Return the data as a tensor, sharing memory where it can."""
    check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    if isinstance(data, np.ndarray):
        shared = from_numpy(data)
        return shared if dtype is None else shared.to(dtype)
    return made(array_of(data, dtype))


def from_numpy(ndarray: Any) -> Tensor:
    """Return a tensor that shares an array's memory."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    from_numpy_dtype(ndarray.dtype)
    if any(s < 0 for s in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. (You can probably work around this by making a "
            "copy of your array  with array.copy().) "
        )
    return made(ndarray)


def _kind(dtype: Any, called: str = "") -> Any:
    if dtype is None:
        return DEFAULT[0].array
    if isinstance(dtype, type) and dtype in PYTHON_KINDS:
        return PYTHON_KINDS[dtype].array
    if not isinstance(dtype, Dtype):
        start = f"{called}(): " if called else ""
        raise TypeError(f"{start}argument 'dtype' must be torch.dtype, not {type(dtype).__name__}")
    return dtype.array


def _sizes(
    size: tuple[Any, ...], called: str, named: dict[str, Any] | None = None
) -> tuple[int, ...]:
    for key in named or ():
        if key != "size":
            raise TypeError(f"{called}() got an unexpected keyword argument '{key}'")
    shape = shape_of(size, (named or {}).get("size"), called)
    for n in shape:
        if n < 0 and called == "zeros":
            raise RuntimeError(f"{called}: Dimension size must be non-negative.")
        if n < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {n}: {list(shape)}"
            )
    return shape


def zeros(
    *size: Any, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    **named: Any,
) -> Tensor:
    """Return zeros of a shape."""
    check_device(device)
    return made(np.zeros(_sizes(size, "zeros", named), _kind(dtype, "zeros")), requires_grad)


def ones(
    *size: Any, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    **named: Any,
) -> Tensor:
    """Return ones of a shape."""
    check_device(device)
    return made(np.ones(_sizes(size, "ones", named), _kind(dtype, "ones")), requires_grad)


def empty(
    *size: Any, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None, **named: Any,
) -> Tensor:
    """Return an uninitialised tensor of a shape."""
    check_device(device)
    return made(np.empty(_sizes(size, "empty", named), _kind(dtype, "empty")), requires_grad)


def full(
    size: Any, fill_value: Any, *, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of a shape filled with one number, of the number's dtype."""
    check_device(device)
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    kind = of_number(fill_value) if dtype is None else dtype.array
    if isinstance(size, int):
        raise TypeError("full(): argument 'size' (position 1) must be tuple of ints, not int")
    return made(np.full(_sizes((size,), "full"), converted(fill_value, kind), kind), requires_grad)


def eye(
    n: int, m: int | None = None, *, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return the identity matrix."""
    check_device(device)
    for name, place, given in (("n", 1, n), ("m", 2, n if m is None else m)):
        if not isinstance(given, (int, np.integer)):
            raise TypeError(
                f"eye(): argument '{name}' (position {place}) must be int, not {type(given).__name__}"
            )
        if given < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {given}")
    return made(np.eye(n, m, dtype=_kind(dtype)), requires_grad)


def _like(input: Tensor, dtype: Dtype | None) -> Any:
    return input._a.dtype if dtype is None else dtype.array


def zeros_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Return zeros of another tensor's shape and dtype."""
    check_device(device)
    return made(np.zeros(input._a.shape, _like(input, dtype)), requires_grad)


def ones_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Return ones of another tensor's shape and dtype."""
    check_device(device)
    return made(np.ones(input._a.shape, _like(input, dtype)), requires_grad)


def empty_like(
    input: Tensor, *, dtype: Dtype | None = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Return an uninitialised tensor of another tensor's shape and dtype."""
    check_device(device)
    return made(np.empty(input._a.shape, _like(input, dtype)), requires_grad)


def full_like(
    input: Tensor, fill_value: Any, *, dtype: Dtype | None = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Return a tensor of another's shape and dtype filled with one number."""
    check_device(device)
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    kind = _like(input, dtype)
    return made(np.full(input._a.shape, converted(fill_value, kind), kind), requires_grad)


def _row_kind(dtype: Dtype | None, called: str) -> Any:
    kind = DEFAULT[0].array if dtype is None else dtype.array
    if kind.kind == "b":
        raise not_defined(called, kind, made=True)
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
    kind = np.dtype(np.int64) if dtype is None and whole else _row_kind(dtype, "arange")
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
    kind = _row_kind(dtype, "linspace")
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
    kind = _row_kind(dtype, "logspace")
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
