"""Making tensors from data, numbers and shapes; nothing here is random or part of a graph."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..autograd.tape import MODE, Tensor, wrap
from .devices import check_device
from .dims import shape_of
from .dtypes import DEFAULT, PYTHON_KINDS, converted, from_numpy_dtype, of_number
from .dtypes import dtype as Dtype
from .from_data import array_of

__all__ = [
    "as_tensor", "empty", "empty_like", "eye", "from_numpy", "full", "full_like", "ones",
    "ones_like", "tensor", "zeros", "zeros_like",
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
