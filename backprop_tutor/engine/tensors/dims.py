"""Dimensions and shapes as users give them, checked and turned into what NumPy wants."""

from __future__ import annotations

from operator import index
from typing import Any

from .tensor import Tensor

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


def shape_of(
    sizes: tuple[Any, ...], named: Any = None, called: str = "", argument: str = "size"
) -> tuple[int, ...]:
    """Return the shape given as `(2, 3)`, `[2, 3]` or `2, 3`, or by its name.

    Raises:
        TypeError: a size that is not an integer; `called` and `argument` say of what.
    """
    if named is not None:
        sizes = (tuple(named) if not isinstance(named, int) else named,)
    listed = len(sizes) == 1 and isinstance(sizes[0], (tuple, list))
    if listed:
        sizes = tuple(sizes[0])
    shape = []
    for place, n in enumerate(sizes):
        if not isinstance(n, int):
            try:
                n = int(n) if isinstance(n, Tensor) else index(n)
            except TypeError:
                if not place and not listed and len(sizes) > 1:
                    raise TypeError(
                        f"{called or 'shape'}() takes 1 positional argument but {len(sizes)} were given"
                    ) from None
                raise _no_size(n, place, listed or len(sizes) > 1, called, argument) from None
        elif n.__class__ is bool and not listed and len(sizes) == 1 and called:
            raise _no_size(n, place, False, called, argument)
        shape.append(int(n))
    return tuple(shape)


def _no_size(n: Any, place: int, listed: bool, called: str, argument: str) -> TypeError:
    """Return the error of a size that is not an integer."""
    kind = type(n).__name__ if type(n).__module__ != "numpy" else f"numpy.{type(n).__name__}"
    head = f"{called or 'shape'}(): argument '{argument}'"
    if not listed:
        return TypeError(f"{head} (position 1) must be tuple of ints, not {kind}")
    if place == 0:
        return TypeError(
            f"{head} (position 1) must be tuple of ints, but found element of type {kind} at pos 0"
        )
    return TypeError(
        f'{head} failed to unpack the object at pos {place + 1} with error "type must be tuple of '
        f'ints,but got {kind}"'
    )
