"""Operations that repeat, turn around, shift or cut out: expand, repeat, flip, roll, tril, triu."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import Rule, Tensor, record
from ..tensors.dims import dim_of, dims_of, shape_of
from ..tensors.dtypes import from_numpy_dtype
from .recorded import Recorded
from .shapes import named_sizes

__all__ = ["broadcast_to", "expand", "expand_as", "flip", "repeat", "roll", "tile", "tril", "triu"]


EXPAND = Recorded("expand", "ExpandBackward0", fresh=False)


def expand(input: Tensor, *sizes: Any, **named: Any) -> Tensor:
    """Return a view repeated along dimensions of size 1; -1 keeps a size.

    Raises:
        RuntimeError: a dimension of another size than 1 would have to change.
    """
    a = input._a
    wanted = shape_of(sizes, named_sizes(named, "size"), "expand")
    lead = len(wanted) - a.ndim
    if lead < 0:
        raise RuntimeError(
            f"expand(torch.{from_numpy_dtype(a.dtype).short}Tensor{{{list(a.shape)}}}, "
            f"size={list(wanted)}): the number of sizes provided ({len(wanted)}) must be greater "
            f"or equal to the number of dimensions in the tensor ({a.ndim})"
        )
    shape = []
    for i, n in reversed(list(enumerate(wanted))):
        own = a.shape[i - lead] if i >= lead else 1
        if n == -1:
            if i < lead:
                raise RuntimeError(
                    f"The expanded size of the tensor (-1) isn't allowed in a leading, non-existing "
                    f"dimension {i}"
                )
            n = own
        elif own not in (1, n):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size ({own}) at "
                f"non-singleton dimension {i}.  Target sizes: {list(wanted)}.  "
                f"Tensor sizes: {list(a.shape)}"
            )
        shape.append(n)
    shape.reverse()
    steps = [
        0 if i < lead or a.shape[i - lead] != n else a.strides[i - lead]
        for i, n in enumerate(shape)
    ]
    out = np.lib.stride_tricks.as_strided(a, shape, steps)  # one element may be written to
    return EXPAND.view(out, input)


broadcast_to = expand


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Return a view repeated to the other's shape."""
    return expand(input, other._a.shape)


def _repeat_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    split, lead, shape = options
    dims = tuple(range(lead)) + tuple(range(lead, len(split), 2))
    return (k.reshape(k.sum(k.reshape(g, split), dims, False), shape),)


REPEAT = Rule("RepeatBackward0", _repeat_backward)


def repeat(input: Tensor, *repeats: Any, **named: Any) -> Tensor:
    """Return copies of the tensor side by side, so many along each dimension."""
    a = input._a
    times = shape_of(repeats, named_sizes(named, "repeats"), "repeat", "repeats")
    lead = len(times) - a.ndim
    if lead < 0:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    split = list(times[:lead])
    for n, own in zip(times[lead:], a.shape, strict=True):
        split += [n, own]
    return record(REPEAT, np.tile(a, times), (input,), (), (tuple(split), lead, a.shape))


def tile(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Return copies side by side; missing leading counts are 1."""
    times = shape_of(dims, named_sizes(named, "dims"))
    return repeat(input, (1,) * (input._a.ndim - len(times)) + times)


FLIP = Recorded("flip", "FlipBackward0", fresh=False)


def flip(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Return the tensor turned around along some dimensions (a copy)."""
    chosen = dims_of(shape_of(dims, named_sizes(named, "dims")), input._a.ndim) or ()
    return FLIP.record(np.flip(input._a, chosen).copy(), input, axes=chosen)


def _flat_roll_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    """The way back of a tensor that was rolled as one long vector."""
    back = tuple(-s for s in options)
    return (k.reshape(k.roll(k.reshape(g, (-1,)), back, (0,)), g.shape),)


ROLL, ROLL_FLAT = Recorded("roll", "RollBackward0", fresh=False), Rule("RollBackward0", _flat_roll_backward)


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Return the tensor shifted around along some dimensions; flattened for it without `dims`.

    Raises:
        RuntimeError: no shift, or another number of shifts than of dimensions.
    """
    a = input._a
    moved = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    dims = () if dims is None else dims
    if not moved:
        raise RuntimeError("`shifts` required")
    if dims == () and len(moved) == 1:
        if a.ndim == 1:
            return roll(input, moved, 0)
        return record(ROLL_FLAT, np.roll(a, moved), (input,), (), moved)
    given = (dims,) if isinstance(dims, int) else tuple(dims)
    if len(moved) != len(given):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(moved)}, dims:{len(given)}"
        )
    chosen = tuple(dim_of(d, a.ndim) for d in given)
    return ROLL(input, shifts=moved, axes=chosen)


def _masked_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (g * k.array(options),)


TRIL = Rule("TrilBackward0", _masked_backward, fresh=True)
TRIU = Rule("TriuBackward0", _masked_backward, fresh=True)


def _at_least_two(a: Any, called: str) -> None:
    if a.ndim < 2:
        raise RuntimeError(f"{called}: input tensor must have at least 2 dimensions")


def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """Return the lower triangle of matrices, the rest zero."""
    a = input._a
    _at_least_two(a, "tril")
    mask = np.tri(a.shape[-2], a.shape[-1], diagonal, bool)
    return record(TRIL, np.where(mask, a, np.zeros((), a.dtype)), (input,), (), mask)


def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """Return the upper triangle of matrices, the rest zero."""
    a = input._a
    _at_least_two(a, "triu")
    mask = ~np.tri(a.shape[-2], a.shape[-1], diagonal - 1, bool)
    return record(TRIU, np.where(mask, a, np.zeros((), a.dtype)), (input,), (), mask)
