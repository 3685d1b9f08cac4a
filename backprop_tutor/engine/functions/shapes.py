"""Operations that rearrange elements without computing: reshape, transpose, squeeze and their like.

Most are views. Their way back is the opposite rearrangement.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..autograd.node import Told
from ..autograd.tape import Rule, Tensor, record, wrap
from ..tensors.dims import dim_of, dims_of, shape_of
from ..tensors.dtypes import dtype
from .recorded import Recorded, record_view

__all__ = [
    "clone", "contiguous", "flatten", "mT", "movedim", "numpy_T", "permute", "ravel", "reshape",
    "reshape_as", "squeeze", "swapaxes", "t", "transpose", "unflatten", "unsqueeze", "view",
    "view_as",
]


def _same_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    return (g,)


VIEW, RESHAPED, COPIED, SQUEEZE, SQUEEZE_ONE, UNSQUEEZE = (
    Recorded("reshape", f"{node}Backward{number}", fresh=False) for node, number in (
        ("View", 0), ("ReshapeAlias", 0), ("UnsafeView", 0), ("Squeeze", 0), ("Squeeze", 1),
        ("Unsqueeze", 0),
    )
)
CLONE = Rule("CloneBackward0", _same_backward, told=Told("same", "identity"))
ALIAS = Rule("AliasBackward0", _same_backward, told=Told("same", "identity"))


def named_sizes(named: dict[str, Any], name: str) -> Any:
    """Return the sizes or dimensions given by keyword."""
    for key in named:
        if key != name:
            raise TypeError(f"got an unexpected keyword argument '{key}'; did you mean '{name}'?")
    return named.get(name)


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """Return a copy that is still part of the graph."""
    return record(CLONE, input._a.copy(), (input,))


def contiguous(input: Tensor, memory_format: Any = None) -> Tensor:
    """Return the tensor, copied if its memory is not in order."""
    return input if input._a.flags.c_contiguous else clone_contiguous(input)


def clone_contiguous(input: Tensor) -> Tensor:
    """Return a copy whose memory is in order."""
    return record(CLONE, np.array(input._a, order="C"), (input,))


def _resolved(shape: tuple[int, ...], array: Any) -> tuple[int, ...]:
    """Return the shape with its -1 worked out.

    Raises:
        RuntimeError: it does not fit the number of elements.
    """
    known, unknown = 1, -1
    for i, n in enumerate(shape):
        if n == -1:
            if unknown >= 0:
                raise RuntimeError("only one dimension can be inferred")
            unknown = i
        elif n < -1:
            raise RuntimeError(f"invalid shape dimension {n} at index {i} of shape {list(shape)}")
        else:
            known *= n
    size = array.size
    if unknown < 0:
        if known == size:
            return shape
    elif known and size % known == 0:
        return (*shape[:unknown], size // known, *shape[unknown + 1 :])
    elif known == 0 and size == 0:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(shape)} because the unspecified "
            "dimension size -1 can be any value and is ambiguous"
        )
    raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {size}")


def reshape(input: Tensor, *shape: Any, **named: Any) -> Tensor:
    """Return the elements in another shape: a view where the memory allows it, else a copy.

    Raises:
        RuntimeError: a shape of another number of elements.
    """
    a = input._a
    wanted = _resolved(shape_of(shape, named_sizes(named, "shape"), "reshape", "shape"), a)
    out = a.reshape(wanted)
    if a.flags.c_contiguous or np.may_share_memory(out, a):
        return (VIEW if a.flags.c_contiguous else RESHAPED).view(out, input)
    return COPIED.record(out, input)


def view(input: Tensor, *shape: Any, **named: Any) -> Tensor:
    """Return a view in another shape (or another dtype of the same size).

    Raises:
        RuntimeError: a shape of another number of elements, or memory that is not in order.
    """
    a = input._a
    if len(shape) == 1 and isinstance(shape[0], dtype):
        return _bits_as(input, shape[0])
    wanted = _resolved(shape_of(shape, named_sizes(named, "size"), "view"), a)
    out = a.reshape(wanted)
    if not a.flags.c_contiguous and a.size and not np.may_share_memory(out, a):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    return VIEW.view(out, input)


def _bits_as(input: Tensor, kind: dtype) -> Tensor:
    """Return the tensor's memory read as numbers of another dtype."""
    try:
        out = input._a.view(kind.array)
    except ValueError:
        raise RuntimeError(
            f"self.size(-1) must be divisible by {kind.array.itemsize // input._a.itemsize} to view "
            f"{input.dtype.short} as {kind.short} (different element sizes), but got "
            f"{input._a.shape[-1] if input._a.ndim else 1}"
        ) from None
    made = wrap(out)
    made._ver = input._ver
    return made


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """Return a view in the other's shape."""
    return view(input, other._a.shape)


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """Return the elements in the other's shape."""
    return reshape(input, other._a.shape)


def ravel(input: Tensor) -> Tensor:
    """Return the elements in one dimension."""
    return reshape(input, -1)


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Return the tensor with a run of dimensions made one."""
    a = input._a
    first, last = dim_of(start_dim, a.ndim), dim_of(end_dim, a.ndim)
    if first > last:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if a.ndim == 0:
        return reshape(input, 1)
    if first == last:
        return input
    size = int(np.prod(a.shape[first : last + 1], dtype=np.int64))
    return reshape(input, (*a.shape[:first], size, *a.shape[last + 1 :]))


def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Return the tensor with one dimension made several."""
    a = input._a
    at = dim_of(dim, a.ndim)
    parts = shape_of((sizes,))
    rest = a.shape[at]
    if -1 in parts:
        known = int(np.prod([n for n in parts if n != -1], dtype=np.int64))
        parts = tuple(rest // known if n == -1 else n for n in parts)
    if int(np.prod(parts, dtype=np.int64)) != rest:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {at} "
            f"({rest}) in the input tensor"
        )
    return view(input, (*a.shape[:at], *parts, *a.shape[at + 1 :]))


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Return the tensor without its dimensions of size 1, or without those named."""
    a = input._a
    if dim is None:
        return SQUEEZE.view(a.reshape([n for n in a.shape if n != 1]), input)
    dims = dims_of(dim, a.ndim)
    if dims is None:
        dims = ()
    shape = tuple(n for i, n in enumerate(a.shape) if not (i in dims and n == 1))
    return SQUEEZE_ONE.view(_exact(a, shape), input)


def _exact(a: Any, shape: tuple[int, ...]) -> Any:
    """Return the array with dimensions of size 1 put in or left out: always a view."""
    if a.flags.c_contiguous:
        return a.reshape(shape)
    strides, i = [], 0
    kept = [s for n, s in zip(a.shape, a.strides, strict=True) if n != 1]
    for n in shape:
        if n == 1:
            strides.append(a.itemsize)
        else:
            strides.append(kept[i])
            i += 1
    return np.lib.stride_tricks.as_strided(a, shape, strides)


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """Return the tensor with a dimension of size 1 put in."""
    a = input._a
    at = dim_of(dim, a.ndim + 1)
    shape = (*a.shape[:at], 1, *a.shape[at:])
    return UNSQUEEZE.view(_exact(a, shape), input)


TRANSPOSE, T_ = (Recorded("transpose", f"{name}Backward0", fresh=False) for name in ("Transpose", "T"))
T_SAME = Rule("TBackward0", _same_backward)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Return the tensor with two dimensions exchanged."""
    a = input._a
    first, second = dim_of(dim0, a.ndim), dim_of(dim1, a.ndim)
    if a.ndim == 0:
        return record_view(ALIAS, a, input)
    return TRANSPOSE.view(a.swapaxes(first, second), input, first=first, second=second)


swapaxes = transpose


def t(input: Tensor) -> Tensor:
    """Return the transpose of a matrix; a vector as it is."""
    a = input._a
    if a.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {a.ndim}D")
    if a.ndim < 2:
        return record_view(T_SAME, a, input)
    return T_.view(a.T, input)


PERMUTE = Recorded("permute", "PermuteBackward0", fresh=False)


def permute(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Return the tensor with its dimensions in another order."""
    a = input._a
    given = shape_of(dims, named_sizes(named, "dims"), "permute", "dims")
    if len(given) != a.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {a.ndim} is not "
            f"equal to len(dims) = {len(given)}"
        )
    order = tuple(dim_of(d, a.ndim) for d in given)
    if len(set(order)) != len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return PERMUTE.view(a.transpose(order), input, axes=order)


def numpy_T(input: Tensor) -> Tensor:
    """Return the tensor with its dimensions in reverse order."""
    if input._a.ndim not in (0, 2):
        warnings.warn(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is "
            "deprecated and it will throw an error in a future release. Consider `x.mT` to "
            "transpose batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to "
            "reverse the dimensions of a tensor.", UserWarning, stacklevel=2,
        )
    return permute(input, *range(input._a.ndim - 1, -1, -1))


def mT(input: Tensor) -> Tensor:
    """Return the tensor with its last two dimensions exchanged."""
    if input._a.ndim < 2:
        raise RuntimeError(
            "tensor.mT is only supported on matrices or batches of matrices. "
            f"Got {input._a.ndim}-D tensor."
        )
    return transpose(input, -2, -1)


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """Return the tensor with some dimensions moved to other places."""
    rank = input._a.ndim
    if isinstance(source, int):
        source, destination = (source,), (destination,)
    here = [dim_of(d, rank) for d in source]
    there = [dim_of(d, rank) for d in destination]
    if not rank:
        return record_view(ALIAS, input._a, input)
    order = [d for d in range(rank) if d not in here]
    for place, d in sorted(zip(there, here, strict=True)):
        order.insert(place, d)
    return permute(input, order)
