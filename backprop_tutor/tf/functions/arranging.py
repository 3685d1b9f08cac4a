"""Tensors put in another shape, put together, apart, picked from: `reshape`, `concat`, `gather`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import engine as torch
from ..converting import array_of, sizes_of
from ..dtypes import as_dtype
from ..errors import InvalidArgumentError
from ..pairs import alike, matched, written
from ..recording import Value, run, run_many
from ..tensors import Tensor
from .making import tensor

__all__ = [
    "boolean_mask",
    "broadcast_to",
    "concat",
    "expand_dims",
    "gather",
    "rank",
    "repeat",
    "reshape",
    "reverse",
    "shape_of",
    "size_of",
    "split",
    "squeeze",
    "stack",
    "tile",
    "transpose",
    "unstack",
    "where",
]


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """Return the elements in another shape; one size may be −1, which is worked out.

    >>> print(reshape([1, 2, 3, 4], (2, -1)).numpy().tolist())
    [[1, 2], [3, 4]]

    Raises:
        InvalidArgumentError: as many elements do not fit.
    """
    value, sizes = as_value(tensor), sizes_of(shape)
    count, known = value.raw.numel(), int(np.prod([size for size in sizes if size != -1]))
    if sizes.count(-1) > 1:
        raise InvalidArgumentError(f"Only one input size may be -1: {written(sizes)} [Op:Reshape]")
    if -1 in sizes:
        if known == 0 or count % known:
            raise InvalidArgumentError(
                f"Input to reshape is a tensor with {count} values, but the requested shape requires a "
                f"multiple "
                f"of {known} [Op:Reshape]"
            )
    elif count != known:
        raise InvalidArgumentError(
            f"Input to reshape is a tensor with {count} values, but the requested shape has {known} "
            f"[Op:Reshape]"
        )
    return run(lambda raw: raw.reshape(sizes), value)


as_value = tensor
"""`tensor` under another name, for functions whose parameter is called so."""


def _dim(op: str, axis: Any, rank: int) -> int:
    """Return a dimension counted from 0.

    Raises:
        InvalidArgumentError: one that there is not.
    """
    place = int(axis)
    if not -rank <= place < rank:
        raise InvalidArgumentError(f"axis {place} is not in [{-rank}, {rank}) [Op:{op}]")
    return place % rank


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str = "transpose") -> Any:
    """Return the dimensions in another order, the opposite one unless `perm` is given."""
    value = tensor(a)
    rank = value.raw.ndim
    order = tuple(range(rank))[::-1] if perm is None else sizes_of(perm)
    if sorted(order) != list(range(rank)):
        raise InvalidArgumentError(
            f"transpose expects a vector of size {rank}: {list(order)} [Op:Transpose]"
        )
    return run(lambda raw: raw.permute(order) if rank else raw.clone(), value)


def expand_dims(input: Any, axis: int, name: str | None = None) -> Any:
    """Return the value with a dimension of 1 more, at a place."""
    value = tensor(input)
    place = _dim("ExpandDims", axis, value.raw.ndim + 1)
    return run(lambda raw: raw.unsqueeze(place), value)


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """Return the value without its dimensions of 1, or without those that are named.

    Raises:
        InvalidArgumentError: a named dimension that is not 1.
    """
    value = tensor(input)
    sizes = tuple(value.raw.shape)
    places = [_dim("Squeeze", each, len(sizes)) for each in sizes_of([] if axis is None else axis)]
    for place in places:
        if sizes[place] != 1:
            raise InvalidArgumentError(
                f"Can not squeeze dim[{place}], expected a dimension of 1, got {sizes[place]} "
                f"[Op:Squeeze]"
            )
    gone = places or [i for i, size in enumerate(sizes) if size == 1]
    left = [size for i, size in enumerate(sizes) if i not in gone]
    return run(lambda raw: raw.reshape(left), value)


def _together(op: str, values: Any) -> list[Value]:
    """Return several values as tensors of one dtype: that of the first tensor among them."""
    parts = list(values)
    if not parts:
        raise ValueError(f"an empty list; expected at least one tensor [Op:{op}]")
    found = [each for each in parts if isinstance(each, Value)]
    first = found[0] if found else tensor(parts[0])
    return [alike(op, first, each, place) for place, each in enumerate(parts)]


def concat(values: Any, axis: Any, name: str = "concat") -> Any:
    """Return values one after the other along a dimension.

    Raises:
        InvalidArgumentError: sizes that differ along another dimension.
    """
    parts = _together("ConcatV2", values if isinstance(values, (list, tuple)) else [values])
    first = tuple(parts[0].raw.shape)
    if not first:
        raise InvalidArgumentError("concat of single numbers; tf.stack puts them together [Op:ConcatV2]")
    dim = _dim("ConcatV2", axis, len(first))
    for place, part in enumerate(parts):
        sizes = tuple(part.raw.shape)
        if len(sizes) != len(first) or any(
            a != b for i, (a, b) in enumerate(zip(sizes, first, strict=True)) if i != dim
        ):
            raise InvalidArgumentError(
                f"Dimension mismatch along concat_dim {dim}: Shapes of inputs should match: shape[0] = "
                f"{written(first)} vs. shape[{place}] = {written(sizes)} [Op:ConcatV2]"
            )
    return run(lambda *raws: torch.cat(list(raws), dim), *parts)


def stack(values: Any, axis: int = 0, name: str = "stack") -> Any:
    """Return values side by side along a new dimension.

    Raises:
        InvalidArgumentError: shapes that differ.
    """
    parts = _together("Pack", values)
    first = tuple(parts[0].raw.shape)
    for place, part in enumerate(parts):
        if tuple(part.raw.shape) != first:
            raise InvalidArgumentError(
                f"Shapes of all inputs must match: values[0].shape = {written(first)} != "
                f"values[{place}].shape = "
                f"{written(part.raw.shape)} [Op:Pack]"
            )
    dim = _dim("Pack", axis, len(first) + 1)
    return run(lambda *raws: torch.stack(list(raws), dim), *parts)


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list[Any]:
    """Return the parts along a dimension, without that dimension."""
    whole = tensor(value)
    dim = _dim("Unpack", axis, whole.raw.ndim)
    count = int(whole.raw.shape[dim])
    if num is not None and num != count:
        raise InvalidArgumentError(f"Dimension {dim} has {count} parts, not {num} [Op:Unpack]")
    return [run(lambda raw, i=i: raw.select(dim, i), whole) for i in range(count)]


def split(value: Any, num_or_size_splits: Any, axis: int = 0, name: str = "split") -> list[Any]:
    """Return the value in equal parts along a dimension, or in parts of given sizes.

    Raises:
        InvalidArgumentError: parts that do not add up to the dimension.
    """
    whole = tensor(value)
    dim = _dim("Split", axis, whole.raw.ndim)
    size = int(whole.raw.shape[dim])
    if isinstance(num_or_size_splits, int):
        if num_or_size_splits < 1 or size % num_or_size_splits:
            raise InvalidArgumentError(
                f"Number of ways to split should evenly divide the split dimension, but got split_dim "
                f"{dim} (size "
                f"= {size}) and num_split {num_or_size_splits} [Op:Split]"
            )
        sizes = [size // num_or_size_splits] * num_or_size_splits
    else:
        sizes = list(sizes_of(num_or_size_splits))
        if sizes.count(-1) == 1:
            sizes[sizes.index(-1)] = size - sum(each for each in sizes if each != -1)
        if sum(sizes) != size or min(sizes, default=0) < 0:
            raise InvalidArgumentError(
                f"Determined shape must match: the parts {sizes} add up to {sum(sizes)}, dimension "
                f"{dim} is {size} "
                "[Op:SplitV]"
            )
    return run_many(lambda raw: tuple(torch.split(raw, sizes, dim)), whole)


def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """Return the value repeated along each dimension."""
    value, times = tensor(input), sizes_of(multiples)
    if len(times) != value.raw.ndim:
        raise InvalidArgumentError(
            f"Expected multiples argument to be a vector of length {value.raw.ndim} but got length "
            f"{len(times)} "
            "[Op:Tile]"
        )
    return run(lambda raw: raw.repeat(*times) if times else raw.clone(), value)


def repeat(input: Any, repeats: int, axis: int | None = None, name: str | None = None) -> Any:
    """Return each element (or part along a dimension) so many times one after the other."""
    value = tensor(input)
    flat = value if axis is not None else reshape(value, (-1,))
    places = np.repeat(np.arange(flat.raw.shape[axis or 0]), int(repeats))
    return gather(flat, places, axis=axis or 0)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """Return the elements in the opposite order along dimensions."""
    value = as_value(tensor)
    dims = [_dim("ReverseV2", each, value.raw.ndim) for each in sizes_of(axis)]
    return run(lambda raw: torch.flip(raw, dims), value)


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Any:
    """Return the value repeated to a shape it broadcasts to."""
    value, sizes = tensor(input), sizes_of(shape)
    try:
        fits = np.broadcast_shapes(tuple(value.raw.shape), sizes) == sizes
    except ValueError:
        fits = False
    if not fits:
        raise InvalidArgumentError(
            f"Incompatible shapes: {written(value.raw.shape)} vs. {written(sizes)} [Op:BroadcastTo]"
        )
    return run(lambda raw: torch.broadcast_to(raw, sizes), value)


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    axis: int | None = None,
    batch_dims: int = 0,
    name: str | None = None,
) -> Any:
    """Return the parts at places along a dimension, the first one unless `axis` is given.

    Raises:
        InvalidArgumentError: a place that there is not.
    """
    value, places = tensor(params), array_of(indices)
    if batch_dims:
        raise InvalidArgumentError("batch_dims other than 0 are not for this module [Op:GatherV2]")
    dim = _dim("GatherV2", 0 if axis is None else axis, value.raw.ndim)
    size = int(value.raw.shape[dim])
    if places.dtype.kind not in "iu":
        raise InvalidArgumentError(f"indices are whole numbers, not {places.dtype.name} [Op:GatherV2]")
    for place in np.argwhere((places < 0) | (places >= size))[:1]:
        at = ",".join(str(each) for each in place)
        raise InvalidArgumentError(
            f"indices[{at}] = {places[tuple(place)]} is not in [0, {size}) [Op:GatherV2]"
        )
    flat = torch.from_numpy(places.reshape(-1).astype(np.int64))
    sizes = list(value.raw.shape)
    shape = [*sizes[:dim], *places.shape, *sizes[dim + 1 :]]
    return run(lambda raw: torch.index_select(raw, dim, flat).reshape(shape), value)


def boolean_mask(tensor: Any, mask: Any, axis: int | None = None, name: str = "boolean_mask") -> Any:
    """Return the parts along the first dimensions where the mask is true."""
    value, where_ = as_value(tensor), array_of(mask)
    sizes = tuple(value.raw.shape)
    if axis not in (None, 0) or where_.dtype.kind != "b" or where_.shape != sizes[: where_.ndim]:
        raise ValueError(
            f"Shapes {sizes[: where_.ndim]} and {where_.shape} are incompatible, or no truth values"
        )
    mine = torch.from_numpy(where_)
    return run(lambda raw: raw[mine], value)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """Return x where the condition holds and y elsewhere; without both, the places where it holds.

    Raises:
        ValueError: one of the two alone.
        InvalidArgumentError: shapes that do not broadcast.
    """
    held = array_of(condition)
    if x is None and y is None:
        return Tensor(torch.from_numpy(np.argwhere(held).astype(np.int64)))
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    swapped = isinstance(y, Value) and not isinstance(x, Value)
    first = y if swapped else tensor(x)
    other = alike("SelectV2", first, x if swapped else y)
    one, two = (other, first) if swapped else (first, other)
    matched("SelectV2", one, two)
    chosen = torch.from_numpy(held.astype(bool))
    matched("SelectV2", Tensor(chosen), one)
    return run(lambda a, b: torch.where(chosen, a, b), one, two)


def shape_of(input: Any, out_type: Any = "int32", name: str | None = None) -> Any:
    """Return the shape as a tensor."""
    sizes = np.array(tuple(tensor(input).raw.shape), as_dtype(out_type).as_numpy_dtype)
    return Tensor(torch.from_numpy(sizes))


def size_of(input: Any, out_type: Any = "int32", name: str | None = None) -> Any:
    """Return the number of elements as a tensor."""
    return Tensor(torch.from_numpy(np.array(tensor(input).raw.numel(), as_dtype(out_type).as_numpy_dtype)))


def rank(input: Any, name: str | None = None) -> Any:
    """Return the number of dimensions as a tensor."""
    return Tensor(torch.from_numpy(np.array(tensor(input).raw.ndim, np.int32)))
