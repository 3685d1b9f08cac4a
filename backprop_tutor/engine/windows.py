"""A tensor's memory looked at otherwise: strides, windows, offsets, sizes changed in place."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dims import dim_of
from .inplace import check_writable
from .pairs import cast
from .tape import Tensor, wrap
from .views import AS_STRIDED, positions, record_view

__all__ = [
    "adjoint", "as_strided", "fill_diagonal_", "layout", "resize_", "resize_as_", "set_",
    "storage_offset", "sum_to_size", "unfold", "untyped_storage",
]


def _memory(a: Any) -> Any:
    """Return the whole array that this one is a part of, flat."""
    held, base = a, a.base
    while base is not None:  # between two arrays NumPy's `as_strided` has an object that is none
        if isinstance(base, np.ndarray):
            held = base
        base = getattr(base, "base", None)
    return held


def storage_offset(input: Tensor) -> int:
    """Return how many elements lie before this tensor's first in the memory it is a part of."""
    a = input._a
    start = _memory(a).__array_interface__["data"][0]
    return int((a.__array_interface__["data"][0] - start) // a.itemsize)


_offset = storage_offset  # a parameter below has the name


class _Storage:
    """The memory of a tensor, as far as programs ask about it."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def nbytes(self) -> int:
        """Return its size in bytes."""
        return int(self.held.nbytes)

    def size(self) -> int:
        """Return its size in bytes."""
        return int(self.held.nbytes)

    def data_ptr(self) -> int:
        """Return its address."""
        return int(self.held.__array_interface__["data"][0])

    def __len__(self) -> int:
        return int(self.held.nbytes)


def untyped_storage(input: Tensor) -> _Storage:
    """Return the memory that the tensor is a part of."""
    return _Storage(_memory(input._a))


def as_strided(
    input: Tensor, size: Any, stride: Any, storage_offset: int | None = None
) -> Tensor:
    """Return a view of the tensor's memory with another shape and other steps, in elements.

    It starts where the tensor starts, or `storage_offset` elements into the memory. Elements that
    the tensor does not hold itself have no gradient.

    Raises:
        RuntimeError: a view that would leave the memory, negative sizes, steps or offsets.
    """
    a, shape, steps = input._a, tuple(size), tuple(stride)
    held = _memory(a)
    if len(shape) != len(steps):
        raise RuntimeError("mismatch in length of strides and shape")
    if any(s < 0 for s in steps):
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, got strides: "
            f"{list(steps)}"
        )
    if any(n < 0 for n in shape):
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(shape)} and strides={list(steps)}")
    start = _offset(input) if storage_offset is None else storage_offset
    if start < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {start}")
    last = start + sum((n - 1) * s for n, s in zip(shape, steps, strict=True))
    if all(shape) and last >= held.size:
        need = (last + 1) * a.itemsize
        raise RuntimeError(
            f"setStorage: sizes {list(shape)}, strides {list(steps)}, storage offset {start}, and "
            f"itemsize {a.itemsize} requiring a storage size of {need} are out of bounds for storage "
            f"of size {held.nbytes}"
        )
    flat = held.reshape(-1)
    out = np.lib.stride_tricks.as_strided(
        flat[start:], shape, [s * a.itemsize for s in steps]
    )
    return record_view(AS_STRIDED, out, input, (a.shape, positions(a, out)))


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Return all windows of a size along a dimension, as a last dimension.

    Raises:
        RuntimeError: windows larger than the dimension, or a step that is not positive.
    """
    a = input._a
    at = dim_of(dimension, a.ndim)
    length = a.shape[at] if a.ndim else 1
    if size > length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {at} is {length} but size is {size}"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    if not a.ndim:
        return input.reshape(1)[:size]  # type: ignore[no-any-return]
    windows = np.lib.stride_tricks.sliding_window_view(a, size, at)
    out = windows[(slice(None),) * at + (slice(None, None, step),)]
    return record_view(AS_STRIDED, out, input, (a.shape, positions(a, out)))


def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """Return the tensor summed down to a shape that broadcasts to its own.

    Raises:
        RuntimeError: a shape that does not.
    """
    wanted = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    own = tuple(input.shape)
    lead = len(own) - len(wanted)
    if lead < 0 or any(m not in (1, n) for m, n in zip(wanted, own[lead:], strict=True)):
        raise RuntimeError(f"size {{{list(wanted)}}} is not expandable to size {{{list(own)}}}.")
    dims = [*range(lead), *(
        lead + i for i, m in enumerate(wanted) if m == 1 and own[lead + i] != 1)]
    if not wanted:
        return input.sum()  # type: ignore[no-any-return]  # whole numbers become int64 as in any sum
    made: Tensor = (input.sum(dims, True) if dims else input).reshape(wanted)
    return made


def adjoint(input: Tensor) -> Tensor:
    """Return the matrices transposed."""
    return input.transpose(-2, -1)  # type: ignore[no-any-return]


def resize_(input: Tensor, *size: Any, memory_format: Any = None) -> Tensor:
    """Give the tensor another shape, in place: elements stay in order, new ones are not set.

    Raises:
        RuntimeError: a tensor that requires a gradient.
    """
    if input.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    wanted = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    count = int(np.prod(wanted))
    flat = input._a.reshape(-1)
    if count > flat.size:
        flat = np.concatenate([flat, np.zeros(count - flat.size, flat.dtype)])
    input._a = flat[:count].reshape(wanted)
    return input


def resize_as_(input: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """Give the tensor another's shape, in place."""
    return resize_(input, tuple(the_template.shape))


def set_(input: Tensor, source: Tensor | None = None) -> Tensor:
    """Let the tensor share another's memory and shape."""
    input._a = np.empty(0, input._a.dtype) if source is None else cast(source, input._a.dtype)._a
    return input


def fill_diagonal_(input: Tensor, fill_value: float, wrap_: bool = False) -> Tensor:
    """Fill the main diagonal with a number, in place."""
    check_writable(input)
    n = min(input.shape)
    mask = np.zeros(input._a.shape, bool)
    mask[(np.arange(n),) * input.ndim] = True
    return input.masked_fill_(wrap(mask), fill_value)  # type: ignore[no-any-return]


layout = property(lambda self: "torch.strided")
