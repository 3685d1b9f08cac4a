"""Arrays that lie one after the other in one stretch of memory, so that one call updates them all.

The arrays of a group's parameters, and those of each of its moments, are moved into one stretch when a
step is written; they stay views of it. An array that somebody else may hold (a view of a weight, `.data`,
what `numpy()` gave) is not moved, and its group is updated array by array.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["BLOCK", "aligned", "blocks", "laid", "parts", "stretch"]

BLOCK = 65536
"""Entries that are updated at a time where a stretch is long: what a block touches stays in the cache."""


_LINE = 64
"""Bytes of a line of the cache, and of the widest registers."""

_SMALL = 4096
"""Bytes below which it does not matter where an array begins."""


def aligned(shape: tuple[int, ...], kind: Any) -> Any:
    """Return an array for anything to be written into; a large one begins where a line of the cache does.

    NumPy's own arrays begin 16 bytes after one or anywhere else; calls on long arrays then take up to a
    tenth longer.

    >>> aligned((1000, 3), np.float32).ctypes.data % 64, aligned((2, 3), np.float64).shape
    (0, (2, 3))
    """
    kind = np.dtype(kind)
    size = int(np.prod(shape, dtype=int))
    if size * kind.itemsize < _SMALL or _LINE % kind.itemsize:
        return np.empty(shape, kind)
    room = np.empty(size + _LINE // kind.itemsize, kind)
    start = -room.ctypes.data % _LINE // kind.itemsize
    return room[start:start + size].reshape(shape)


def stretch(arrays: list[Any]) -> Any:
    """Return the one stretch that arrays lie in, one after the other without a gap; None where they do not.

    >>> flat = np.zeros(5)
    >>> stretch([flat[:2], flat[2:]]).shape, stretch([flat[2:], flat[:2]])
    ((5,), None)
    """
    first = arrays[0]
    if len(arrays) == 1:
        return first.reshape(-1) if first.flags.c_contiguous else None
    base = first.base
    if base is None or base.ndim != 1 or base.dtype != first.dtype:
        return None
    begin = following = first.ctypes.data
    for each in arrays:
        if each.base is not base or each.ctypes.data != following or not each.flags.c_contiguous:
            return None
        following += each.nbytes
    start = (begin - base.ctypes.data) // base.itemsize
    return base[start:start + (following - begin) // base.itemsize]


def parts(shapes: list[tuple[int, ...]]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield where each array of these shapes begins and ends in their stretch, and its shape.

    >>> list(parts([(2, 3), (), (4,)]))
    [(0, 6, (2, 3)), (6, 7, ()), (7, 11, (4,))]
    """
    start = 0
    for shape in shapes:
        stop = start + int(np.prod(shape, dtype=int))
        yield start, stop, shape
        start = stop


def laid(flat: Any, shapes: list[tuple[int, ...]]) -> list[Any]:
    """Return the arrays of these shapes that lie in a stretch."""
    return [flat[start:stop].reshape(shape) for start, stop, shape in parts(shapes)]


def blocks(arrays: list[Any], passing: list[bool]) -> list[tuple[Any, ...]]:
    """Return the pieces of stretches that are worked on together; of what is passing, always the first."""
    size = max(each.size for each in arrays)
    return [
        tuple(each[:min(BLOCK, size - start)] if once else each[start:start + BLOCK]
              for each, once in zip(arrays, passing, strict=True))
        for start in range(0, size, BLOCK)
    ]
