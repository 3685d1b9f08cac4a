"""Dimensions and shapes as users give them, checked and turned into what NumPy wants."""

from __future__ import annotations

from typing import Any

from .tape import Tensor

__all__ = ["dim_of", "dims_of", "shape_of"]


def dim_of(dim: Any, rank: int) -> int:
    """Return the dimension counted from 0; a tensor without dimensions has one to name.

    Raises:
        IndexError: outside the range.
    """
    span = rank or 1
    if isinstance(dim, Tensor):
        dim = int(dim)
    if not -span <= dim < span:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-span}, {span - 1}], "
            f"but got {dim})"
        )
    return int(dim + span if dim < 0 else dim)


def dims_of(dims: Any, rank: int) -> tuple[int, ...] | None:
    """Return several dimensions counted from 0; None (all of them) for None or an empty list.

    Raises:
        RuntimeError: one is named twice.
    """
    if dims is None:
        return None
    found: tuple[int, ...]
    if isinstance(dims, int):
        found = (dim_of(dims, rank),)
    else:
        found = tuple(dim_of(d, rank) for d in dims)
        if not found:
            return None
        for d in found:
            if found.count(d) > 1:
                raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return found if rank else ()


def shape_of(sizes: tuple[Any, ...], named: Any = None) -> tuple[int, ...]:
    """Return the shape given as `(2, 3)`, `[2, 3]` or `2, 3`, or by its name."""
    if named is not None:
        sizes = (tuple(named) if not isinstance(named, int) else named,)
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = tuple(sizes[0])
    return tuple(int(n) for n in sizes)
