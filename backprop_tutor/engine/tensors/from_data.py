"""From what a user writes (numbers, nested lists, arrays, tensors in lists) to an array and its dtype."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from .dtypes import DEFAULT, fits, from_numpy_dtype, of_number, promote_arrays
from .dtypes import dtype as Dtype
from .quiet import hush, unhush

__all__ = ["array_of", "quietly"]


def _plain(data: Any) -> Any:
    """Return nested lists with every tensor in them as nested lists too."""
    if isinstance(data, Tensor):
        return data._a
    if isinstance(data, (list, tuple)):
        return [_plain(each) for each in data]
    return data


def array_of(data: Any, kind: Dtype | None) -> Any:
    """Return data as a new array of a dtype, or of the one that PyTorch infers for it.

    Raises:
        ValueError, TypeError, RuntimeError: lists of unequal lengths, text, numbers that do not fit.
    """
    if isinstance(data, Tensor):
        return np.array(data._a, None if kind is None else kind.array)
    if isinstance(data, (np.ndarray, np.generic)):
        wanted = from_numpy_dtype(data.dtype) if kind is None else kind
        return np.array(data).astype(wanted.array)
    if isinstance(data, (bool, int, float)):
        if isinstance(data, int) and not -(2**63) <= data < 2**63:
            if kind is not None and kind.is_floating_point:
                return quietly(np.array(float(data)), kind.array)
            raise ValueError("Overflow when unpacking long long")
        _check_fits(np.asarray(data), kind)
        return quietly(np.asarray(data), of_number(data) if kind is None else kind.array)
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if not isinstance(data, (list, tuple)):
        if hasattr(data, "__array__"):
            return array_of(np.asarray(data), kind)
        if hasattr(data, "__len__") and hasattr(data, "__getitem__") and not hasattr(data, "keys"):
            data = list(data)
        else:
            raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")
    try:
        found = np.array(_plain(data))
    except ValueError as error:
        raise _ragged(data) from error
    if found.dtype.kind not in "biuf":
        raise _unusable(data)
    if kind is not None:
        _check_fits(found, kind)
        return quietly(found, kind.array)
    if found.size == 0:
        return found.astype(DEFAULT[0].array)
    if _has_arrays(data):
        return found.astype(_inferred(data))
    if found.dtype.kind == "f" and not _has_arrays(data):
        return found.astype(DEFAULT[0].array)
    if found.dtype.kind in "iu" and not _has_arrays(data):
        return found.astype(np.int64)
    return found


def _check_fits(found: Any, kind: Dtype | None) -> None:
    """Refuse integers that a narrower integer dtype cannot hold."""
    if kind is not None and kind.category == 1 and not fits(found, kind.array):
        name = "int" if kind.name == "int32" else kind.name
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")


def quietly(found: Any, kind: Any) -> Any:
    """Return numbers in a NumPy dtype; what is too large becomes infinite without a word."""
    token = hush()
    try:
        return found.astype(kind)
    finally:
        unhush(token)


def _inferred(data: Any) -> Any:
    """Return the NumPy dtype that nested lists with tensors or arrays in them promote to."""
    if not isinstance(data, (list, tuple)):
        if isinstance(data, Tensor):
            return data._a.dtype
        return data.dtype if isinstance(data, (np.ndarray, np.generic)) else of_number(data)
    kind: Any = None
    for each in data:
        own = _inferred(each)
        kind = own if kind is None or own is None else promote_arrays(kind, own)
    return kind


def _has_arrays(data: Any) -> bool:
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return isinstance(data, (np.ndarray, np.floating, np.integer, Tensor)) and not (
        isinstance(data, float)
    )


def _unusable(data: Any) -> Exception:
    stack = [data]
    while stack:
        each = stack.pop()
        if isinstance(each, (list, tuple)):
            stack.extend(reversed(each))
        elif isinstance(each, str):
            first = data
            while isinstance(first, (list, tuple)):
                first = first[0]
            if isinstance(first, str):
                return ValueError("too many dimensions 'str'")
            return TypeError("new(): invalid data type 'str'")
        elif not isinstance(each, (bool, int, float, np.generic, np.ndarray, Tensor)):
            return RuntimeError(f"Could not infer dtype of {type(each).__name__}")
    return RuntimeError("Overflow when unpacking long long")


def _ragged(data: Any) -> Exception:
    sizes: list[int] = []
    level = data
    while isinstance(level, (list, tuple)):
        sizes.append(len(level))
        level = level[0] if level else None

    def walk(part: Any, depth: int) -> Exception | None:
        if depth == len(sizes):
            if isinstance(part, (list, tuple)):
                return TypeError("not a sequence")
            return None
        if not isinstance(part, (list, tuple)):
            return TypeError("not a sequence")
        if len(part) != sizes[depth]:
            return ValueError(
                f"expected sequence of length {sizes[depth]} at dim {depth} (got {len(part)})"
            )
        for each in part:
            found = walk(each, depth + 1)
            if found is not None:
                return found
        return None

    return walk(data, 0) or ValueError("the data is not rectangular")
