"""Tensors made of numbers: constants, ones, ranges, one-hot rows, and values converted to tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import engine as torch
from ..converting import array_of, dtype_of, raw_of, sizes_of
from ..dtypes import DTYPES, as_dtype
from ..recording import Value, run
from ..tensors import Tensor

__all__ = [
    "cast",
    "constant",
    "convert_to_tensor",
    "eye",
    "fill",
    "identity",
    "is_tensor",
    "linspace",
    "one_hot",
    "ones",
    "ones_like",
    "range_",
    "tensor",
    "zeros",
    "zeros_like",
]


def tensor(given: Any) -> Any:
    """Return what is given as a value: tensors and variables as they are, numbers as a constant."""
    return given if isinstance(given, Value) else Tensor(raw_of(given))


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Any:
    """Return a tensor of numbers: whole ones int32, others float32, arrays of their own dtype.

    >>> print(constant([1, 2.5]))
    tf.Tensor([1.  2.5], shape=(2,), dtype=float32)

    Args:
        value: a number, nested lists, or an array.
        dtype: its element type, where it is not the numbers' own.
        shape: its shape; a single number fills it.

    Raises:
        TypeError: a number that the dtype does not hold; a tensor of another dtype.
        ValueError: what is no number, or rows of several lengths.
    """
    wanted = None if dtype is None else as_dtype(dtype)
    if isinstance(value, Value) and wanted is not None and dtype_of(value.raw) != wanted:
        raise TypeError(
            f"Expected tensor {np.asarray(value.raw.numpy())} with dtype {wanted!r}, but got dtype "
            f"{dtype_of(value.raw)!r}; tf.cast converts it"
        )
    array = array_of(value, wanted)
    if shape is not None:
        sizes = sizes_of(shape)
        if array.size not in (1, int(np.prod(sizes))):
            raise TypeError(
                f"Eager execution of tf.constant with unsupported shape. Tensor has {array.size} "
                f"elements, "
                f"but got `shape` {sizes} with {int(np.prod(sizes))} elements)."
            )
        array = np.full(sizes, array.reshape(-1)[0]) if array.size == 1 else array.reshape(sizes)
    return Tensor(torch.from_numpy(array))


def convert_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Any:
    """Return a value as a tensor, of a dtype where one is said; `dtype_hint` counts where it can.

    Raises:
        ValueError: a tensor of another dtype.
    """
    if isinstance(value, Value):
        if dtype is not None and dtype_of(value.raw) != as_dtype(dtype):
            raise ValueError(
                f"Tensor conversion requested dtype {as_dtype(dtype).name} for Tensor with dtype "
                f"{dtype_of(value.raw).name}: {value!r}; tf.cast converts it"
            )
        return value.read()
    if dtype is None and dtype_hint is not None:
        try:
            return constant(value, dtype_hint)
        except (TypeError, ValueError):
            return constant(value)
    return constant(value, dtype)


def is_tensor(x: Any) -> bool:
    """Return whether something is a tensor or a variable."""
    return isinstance(x, Value)


def identity(input: Any, name: str | None = None) -> Any:
    """Return the value as a tensor: of a variable, what it is today."""
    return run(lambda raw: raw.clone(), tensor(input))


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Return the values in another dtype; a fraction becomes a whole number by cutting it off."""
    wanted = as_dtype(dtype)
    value = Tensor(raw_of(x)) if not isinstance(x, Value) else x
    return run(lambda raw: raw.to(wanted.engine), value)


def _full(shape: Any, value: Any, dtype: Any) -> Any:
    return Tensor(torch.from_numpy(np.full(sizes_of(shape), value, as_dtype(dtype).as_numpy_dtype)))


def ones(shape: Any, dtype: Any = "float32", name: str | None = None) -> Any:
    """Return a tensor of ones.

    >>> print(ones((2, 2)))
    tf.Tensor(
    [[1. 1.]
     [1. 1.]], shape=(2, 2), dtype=float32)
    """
    return _full(shape, 1, dtype)


def zeros(shape: Any, dtype: Any = "float32", name: str | None = None) -> Any:
    """Return a tensor of zeros."""
    return _full(shape, 0, dtype)


def ones_like(input: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Return ones in a value's shape and dtype, or another dtype."""
    raw = tensor(input).raw
    return _full(raw.shape, 1, dtype_of(raw) if dtype is None else dtype)


def zeros_like(input: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Return zeros in a value's shape and dtype, or another dtype."""
    raw = tensor(input).raw
    return _full(raw.shape, 0, dtype_of(raw) if dtype is None else dtype)


def fill(dims: Any, value: Any, name: str | None = None) -> Any:
    """Return a tensor of one number."""
    array = array_of(value)
    return Tensor(torch.from_numpy(np.full(sizes_of(dims), array)))


def eye(
    num_rows: int, num_columns: int | None = None, dtype: Any = "float32", name: str | None = None
) -> Any:
    """Return the identity matrix."""
    return Tensor(
        torch.from_numpy(np.eye(int(num_rows), num_columns, dtype=as_dtype(dtype).as_numpy_dtype))
    )


def range_(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range") -> Any:
    """Return the numbers from `start` up to `limit` by `delta`; of one number, from 0 up to it.

    Raises:
        ValueError: steps of 0.
    """
    first, last = (0, start) if limit is None else (start, limit)
    parts = [array_of(each) for each in (first, last, delta)]
    kinds = [as_dtype(part.dtype) for part in parts]
    wanted = (
        as_dtype(dtype)
        if dtype is not None
        else next(
            (DTYPES[name] for name in ("float64", "float32", "int64") if DTYPES[name] in kinds),
            DTYPES["int32"],
        )
    )
    begin, end, step = (part.item() for part in parts)
    if step == 0:
        raise ValueError("Requires delta != 0: 0 [Op:Range]")
    count = max(0, int(np.ceil((end - begin) / step)))
    return Tensor(torch.from_numpy((begin + step * np.arange(count)).astype(wanted.as_numpy_dtype)))


def linspace(start: Any, stop: Any, num: int, name: str | None = None) -> Any:
    """Return `num` numbers at equal distances, both ends included; of whole numbers float64."""
    begin, end = array_of(start), array_of(stop)
    kind = begin.dtype if begin.dtype.kind == "f" else np.float64
    return Tensor(torch.from_numpy(np.linspace(begin, end, int(num)).astype(kind)))


def one_hot(
    indices: Any,
    depth: int,
    on_value: Any = 1.0,
    off_value: Any = 0.0,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Any:
    """Return rows that are `on_value` at the index and `off_value` elsewhere; an index outside gives none.

    >>> print(one_hot([0, 2], 3).numpy().tolist())
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    places = array_of(indices)
    if places.dtype.kind not in "iu":
        raise TypeError(f"indices are whole numbers, not {places.dtype.name}")
    kind = as_dtype(dtype if dtype is not None else array_of(on_value).dtype)
    hit = places[..., None] == np.arange(int(depth))
    rows = np.where(hit, array_of(on_value), array_of(off_value)).astype(kind.as_numpy_dtype)
    if axis not in (None, -1):
        rows = np.moveaxis(rows, -1, axis)
    return Tensor(torch.from_numpy(np.ascontiguousarray(rows)))
