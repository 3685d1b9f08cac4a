"""Putting tensors together and taking them apart: cat, stack, split, chunk, unbind."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.node import Told
from ..autograd.tape import Rule, Tensor, record, record_many
from ..tensors.dims import dim_of
from ..tensors.dtypes import promote_operands
from ..tensors.tensor import share
from .pairs import cast

__all__ = ["cat", "chunk", "concat", "concatenate", "hstack", "split", "stack", "unbind", "vstack"]


def _cat_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    dim, sizes = options
    found, start = [], 0
    for wanted, size in zip(need, sizes, strict=True):
        if size is None:  # an old empty tensor of one dimension
            found.append(k.zeros((0,), g) if wanted else None)
            continue
        key = (slice(None),) * dim + (slice(start, start + size),)
        found.append(k.index(g, key) if wanted else None)
        start += size
    return found


CAT = Rule("CatBackward0", _cat_backward, told=Told("joined", "concatenate"))


def _listed(tensors: Any, called: str) -> tuple[Tensor, ...]:
    if isinstance(tensors, Tensor):
        raise TypeError(
            f"{called}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor"
        )
    found = tuple(tensors)
    for i, each in enumerate(found):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(each).__name__}"
            )
    if not found:
        if called == "stack":
            raise RuntimeError("stack expects a non-empty TensorList")
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    return found


def _promoted(found: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    first = found[0]._a.dtype
    if all(each._a.dtype == first for each in found):
        return found
    kind = promote_operands(tuple(each._a for each in found))
    return tuple(cast(each, kind) for each in found)


def cat(tensors: Any, dim: int = 0) -> Tensor:
    """Return the tensors one behind the other along a dimension.

    Raises:
        RuntimeError: sizes that differ along another dimension.
    """
    found = _promoted(_listed(tensors, "cat"))
    legacy = [each._a.shape == (0,) for each in found]
    real = [each for each, old in zip(found, legacy, strict=True) if not old] or [found[0]]
    rank = real[0]._a.ndim
    for i, each in enumerate(found):
        if not each._a.ndim:
            raise RuntimeError(f"zero-dimensional tensor (at position {i}) cannot be concatenated")
    at = dim_of(dim, rank)
    shape = real[0]._a.shape
    for i, each in enumerate(found):
        own = each._a.shape
        if own == (0,):
            continue
        if len(own) != rank:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {rank} and {len(own)}"
            )
        for d in range(rank):
            if d != at and own[d] != shape[d]:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {at}. Expected size "
                    f"{shape[d]} but got size {own[d]} for tensor number {i} in the list."
                )
    out = np.concatenate([each._a for each in real], axis=at)
    sizes = tuple(
        None if old and rank != 1 else each._a.shape[at]
        for each, old in zip(found, legacy, strict=True)
    )
    return record(CAT, out, found, (), (at, sizes))


concat = concatenate = cat


def _stack_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    key = (slice(None),) * options
    return [k.index(g, (*key, i)) if wanted else None for i, wanted in enumerate(need)]


STACK = Rule("StackBackward0", _stack_backward, told=Told("joined", "stack"))


def stack(tensors: Any, dim: int = 0) -> Tensor:
    """Return the tensors, of one shape, along a new dimension.

    Raises:
        RuntimeError: shapes that differ.
    """
    found = _promoted(_listed(tensors, "stack"))
    shape = found[0]._a.shape
    at = dim_of(dim, len(shape) + 1)
    for i, each in enumerate(found):
        if each._a.shape != shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(shape)} at entry 0 and "
                f"{list(each._a.shape)} at entry {i}"
            )
    return record(STACK, np.stack([each._a for each in found], axis=at), found, (), at)


def _at_least(tensors: Any, rank: int) -> list[Tensor]:
    found = []
    for each in tensors:
        if rank >= 1 and each._a.ndim == 0:
            each = each.reshape(1)
        if rank >= 2 and each._a.ndim == 1:
            each = each.unsqueeze(0)
        if rank >= 3 and each._a.ndim == 2:
            each = each.unsqueeze(2)
        found.append(each)
    return found


def hstack(tensors: Any) -> Tensor:
    """Return the tensors side by side."""
    found = _at_least(tensors, 1)
    return cat(found, 0 if found and found[0]._a.ndim == 1 else 1)


def vstack(tensors: Any) -> Tensor:
    """Return the tensors one above the other."""
    return cat(_at_least(tensors, 2), 0)


def _split_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    dim, shapes = options
    given = next(each for each in g if each is not None)
    parts = [k.zeros(s, given) if each is None else each
             for each, s in zip(g, shapes, strict=True)]
    return (k.concatenate(parts, dim),)


SPLIT = Rule("SplitBackward0", _split_backward, many=True)
SPLIT_SIZES = Rule("SplitWithSizesBackward0", _split_backward, many=True)


def _unbind_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    dim, shape = options
    given = next(each for each in g if each is not None)
    parts = [k.zeros(shape, given) if each is None else each for each in g]
    return (k.stack(parts, dim),)


UNBIND = Rule("UnbindBackward0", _unbind_backward, many=True)


def _views(rule: Rule, outs: list[Any], x: Tensor, options: Any) -> tuple[Tensor, ...]:
    """Return several views of one tensor."""
    made = record_many(rule, outs, (x,), (), options)
    for each, out in zip(made, outs, strict=True):
        each._a = out
        share(each, x)
    return made


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Return views of runs along a dimension: of one size (the last may be less), or of sizes.

    Raises:
        RuntimeError: sizes that do not sum to the dimension's.
    """
    a = tensor._a
    if not a.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    at = dim_of(dim, a.ndim)
    size = a.shape[at]
    rule = SPLIT
    if isinstance(split_size_or_sections, int):
        step = split_size_or_sections
        if step < 0:
            raise RuntimeError(
                f"split expects split_size be non-negative, but got split_size={step}"
            )
        if step == 0 and size:
            raise RuntimeError("split_size can only be 0 if dimension size is 0, "
                               f"but got dimension size of {size}")
        sizes = [min(step, size - i) for i in range(0, size, step)] if size else [0]
    else:
        rule = SPLIT_SIZES
        sizes = [int(n) for n in split_size_or_sections]
        if sum(sizes) != size:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {size} (input tensor's "
                f"size at dimension {at}), but got split_sizes={sizes}"
            )
    return _pieces(rule, tensor, sizes, at)


def _pieces(rule: Rule, x: Tensor, sizes: list[int], at: int) -> tuple[Tensor, ...]:
    outs, start = [], 0
    for n in sizes:
        outs.append(x._a[(slice(None),) * at + (slice(start, start + n),)])
        start += n
    return _views(rule, outs, x, (at, [out.shape for out in outs]))


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """Return views of at most so many runs of equal size along a dimension."""
    if not input._a.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    at = dim_of(dim, input._a.ndim)
    size = input._a.shape[at]
    step = -(-size // chunks)
    if step == 0:
        return _pieces(SPLIT, input, [0] * chunks, at)
    return split(input, step, at)


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Return the slices along a dimension, as views without it."""
    a = input._a
    if a.ndim == 0:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    at = dim_of(dim, a.ndim)
    key: tuple[Any, ...] = (slice(None),) * at
    outs = [a[(*key, i, Ellipsis)] for i in range(a.shape[at])]
    if not outs:
        return ()
    return _views(UNBIND, outs, input, (at, outs[0].shape))
