"""Larger tensors from parts, and parts by name: blocks, combinations, splits by direction."""

from __future__ import annotations

from itertools import combinations as _combinations
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from .diagonals import diag_embed
from .dims import dim_of
from .dtypes import int64
from .joining import cat, stack, tensor_split
from .products import cumprod
from .tape import Tensor, wrap

__all__ = [
    "atleast_3d", "block_diag", "combinations", "cross", "diagflat", "dsplit", "hsplit",
    "split_with_sizes", "unravel_index", "vander", "vsplit",
]


def block_diag(*tensors: Any) -> Tensor:
    """Return the matrices along the diagonal of one, zeros elsewhere."""
    blocks = [x.reshape(1, -1) if x.ndim < 2 else x for x in tensors]
    width = sum(x.shape[1] for x in blocks)
    rows, before = [], 0
    for x in blocks:
        n, m = x.shape
        rows.append(cat([x.new_zeros(n, before), x, x.new_zeros(n, width - before - m)], 1))
        before += m
    return cat(rows, 0)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """Return the choices of r elements of a vector, one a row.

    Raises:
        RuntimeError: a tensor that is no vector, or a negative r.
    """
    if input.ndim != 1:
        raise RuntimeError("Expect a 1D vector, but got shape " + str(list(input.shape)))
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    choose = combinations_with_replacement if with_replacement else _combinations
    places = np.array(list(choose(range(input.shape[0]), r)), np.int64).reshape(-1, r)
    return input[wrap(places)]


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """Return the vector products along a dimension of size 3.

    Raises:
        RuntimeError: a dimension of another size.
    """
    shape = np.broadcast_shapes(input.shape, other.shape)
    if dim is None:
        at = next((i for i, n in enumerate(shape) if n == 3), -1)
        if at < 0:
            raise RuntimeError("no dimension of size 3 in input")
    else:
        at = dim_of(dim, len(shape))
    a, b = input.expand(shape), other.expand(shape)
    if shape[at] != 3:
        raise RuntimeError(f"linalg.cross: inputs dimension {dim} must have length 3. Got "
                           f"{input.shape[at]} and {other.shape[at]}")
    (x, y, z), (u, v, w) = a.unbind(at), b.unbind(at)
    return stack([y * w - z * v, z * u - x * w, x * v - y * u], at)


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """Return a matrix with the input's elements on a diagonal."""
    return diag_embed(input.reshape(-1), offset)


def powers_of(x: Tensor, count: int) -> Tensor:
    """Return the powers 0 to count − 1 along a new last dimension, as running products."""
    if x._a.dtype.kind != "f":
        x = x.to(int64)
    one = x.new_ones((*x.shape, 1))
    if count < 2:
        return one[..., :count]  # type: ignore[no-any-return]
    rest = x.unsqueeze(-1).expand(*x.shape, count - 1)
    return cat([one, cumprod(rest, -1)], -1)


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """Return the powers of a vector's elements, one row an element, falling unless `increasing`.

    Shapes: (n,) to (n, N), N being n unless given.

    Raises:
        RuntimeError: a tensor that is no vector, a negative N.
    """
    if x.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    count = x.shape[0] if N is None else N
    if count < 0:
        raise RuntimeError("N must be non-negative.")
    found = powers_of(x, count)
    return found if increasing else found.flip(1)


def atleast_3d(*tensors: Any) -> Any:
    """Return the tensor (or each of several) with at least three dimensions."""
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        x = tensors[0]
        if x.ndim == 0:
            return x.reshape(1, 1, 1)
        if x.ndim == 1:
            return x.unsqueeze(0).unsqueeze(-1)
        return x.unsqueeze(-1) if x.ndim == 2 else x
    found = tensors[0] if len(tensors) == 1 else tensors
    return tuple(atleast_3d(x) for x in found)


def _split(input: Tensor, given: Any, at: int, called: str, least: int) -> tuple[Tensor, ...]:
    if input.ndim < least:
        raise RuntimeError(
            f"torch.{called} requires a tensor with at least {least} dimension"
            f"{'s' if least > 1 else ''}, but got a tensor with {input.ndim} dimensions!"
        )
    if isinstance(given, int) and (given <= 0 or input.shape[at] % given):
        raise RuntimeError(
            f"torch.{called} attempted to split along dimension {at}, but the size of the dimension "
            f"{input.shape[at]} is not divisible by the split_size {given}!"
        )
    return tensor_split(input, given, at)


def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Return the parts from left to right."""
    return _split(input, indices_or_sections, 0 if input.ndim == 1 else 1, "hsplit", 1)


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Return the parts from top to bottom."""
    return _split(input, indices_or_sections, 0, "vsplit", 2)


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Return the parts along the third dimension."""
    return _split(input, indices_or_sections, 2, "dsplit", 3)


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Return consecutive parts of given sizes."""
    found: tuple[Tensor, ...] = input.split(list(split_sizes), dim)
    return found


def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """Return positions counted through a tensor of a shape as one index a dimension."""
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    return tuple(wrap(np.asarray(i)) for i in np.unravel_index(indices._a, sizes))
