"""Square brackets: reading and assigning by numbers, slices, masks and arrays of positions."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..autograd.tape import POSITIONS, Rule, Tensor, record
from .recorded import Recorded

__all__ = ["ALL", "GATHER", "SCATTER", "apart", "explained", "get", "iterate", "raw_key"]

_NOT_A_TUPLE = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in "
    "pytorch 2.9; use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as "
    "tensor index, x[torch.tensor(seq)], which will result either in an error or a different result"
)
_SCALAR = (
    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
    "to convert a 0-dim tensor to a number"
)


ALL = slice(None)


SELECT, SLICE, UNSQUEEZE, ALIAS = (
    Recorded("index", f"{name}Backward0") for name in ("Select", "Slice", "Unsqueeze", "Alias")
)

GATHER = Recorded("gather", "GatherBackward0", order=(0,))
SCATTER = Recorded("scatter_add", "ScatterAddBackward0", order=(2,))


def places_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    """The way back of a key of places: as of any key; what is saved is watched, and not read."""
    return SELECT.rule.node.backward(k, g, (), options, need)


INDEX = Rule("IndexBackward0", places_backward, fresh=True)


def _part(part: Any) -> Any:
    """Return one entry of a key as NumPy takes it."""
    if isinstance(part, Tensor):
        a = part._a
        if a.dtype.kind == "f":
            raise IndexError(
                "tensors used as indices must be long, int, byte or bool tensors"
            )
        if a.dtype == np.uint8:
            warnings.warn(
                "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool "
                "instead.", UserWarning, stacklevel=5,
            )
            return a.astype(bool)
        return int(a) if a.ndim == 0 and a.dtype.kind != "b" else a
    if isinstance(part, (list, tuple, range)):
        found = np.asarray([_part(p) for p in part])
        return found.astype(np.int64) if found.size == 0 else found
    if isinstance(part, slice):
        start, stop, step = (int(v) if isinstance(v, Tensor) else v
                             for v in (part.start, part.stop, part.step))
        if step == 0:
            raise ValueError("slice step cannot be zero")
        if step is not None and step < 0:
            raise ValueError("step must be greater than zero")
        return slice(start, stop, step)
    if isinstance(part, np.integer):
        return int(part)
    if isinstance(part, str):
        raise TypeError("new(): invalid data type 'str'")
    if part is None or part is Ellipsis or isinstance(part, (int, bool, np.ndarray)):
        return part
    raise IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
        f"indices (got {type(part).__name__})"
    )


def _stands_for_several(key: list[Any]) -> bool:
    """Return whether a list is meant as one key a dimension: a short one holding more than numbers."""
    return len(key) < 32 and any(
        p is None or p is Ellipsis or isinstance(p, (slice, list, tuple))
        or (isinstance(p, (Tensor, np.ndarray)) and p.ndim > 0)
        for p in key
    )


def raw_key(key: Any) -> tuple[Any, bool]:
    """Return a key as NumPy takes it, and whether it is basic (gives a view)."""
    if key.__class__ is int:
        return key, True
    if isinstance(key, slice):
        plain = key.step is None and not (
            isinstance(key.start, Tensor) or isinstance(key.stop, Tensor)
        )
        return key if plain else _part(key), True
    if isinstance(key, list) and _stands_for_several(key):
        warnings.warn(_NOT_A_TUPLE, UserWarning, stacklevel=4)
        key = tuple(key)
    found = tuple(_part(p) for p in key) if isinstance(key, tuple) else (_part(key),)
    basic = not any(isinstance(p, (np.ndarray, bool)) for p in found)
    return found, basic


def apart(key: Any) -> tuple[Any, Any] | None:
    """Return a key of numbers and arrays as two, one after the other; None where one step does.

    NumPy counts a number among the arrays, and so moves their dimensions to the front where a slice
    lies between; PyTorch selects by numbers, slices and None first, and by the arrays then.
    """
    if not any(p.__class__ is int for p in key):
        return None
    plain: list[Any] = []
    rest: list[Any] = []
    for p in key:
        if isinstance(p, np.ndarray):
            plain += [slice(None)] * (p.ndim if p.dtype.kind == "b" else 1)
            rest.append(p)
        elif isinstance(p, bool):
            rest.append(p)
        else:
            plain.append(p)
            if p.__class__ is not int:
                rest.append(p if p is Ellipsis else slice(None))
    return tuple(plain), tuple(rest)


def explained(error: IndexError, a: Any, key: Any) -> IndexError:
    """Return PyTorch's error for a key that NumPy refused."""
    parts = key if isinstance(key, tuple) else (key,)
    if a.ndim == 0 and isinstance(key, int) and not isinstance(key, bool):
        return IndexError(_SCALAR)
    if a.ndim == 0 and isinstance(key, slice):
        return IndexError("slice() cannot be applied to a 0-dim tensor.")
    used = sum(
        p.ndim if isinstance(p, np.ndarray) and p.dtype.kind == "b" else 1
        for p in parts if p is not None and p is not Ellipsis and not isinstance(p, bool)
    )
    if used > a.ndim:
        return IndexError(f"too many indices for tensor of dimension {a.ndim}")
    dim = 0
    after = 0
    seen_ellipsis = False
    for p in parts:
        if p is Ellipsis:
            seen_ellipsis = True
        elif seen_ellipsis and p is not None:
            after += p.ndim if isinstance(p, np.ndarray) and p.dtype.kind == "b" else 1
    arrays = 0  # positions in arrays are counted by themselves, those of numbers in the key
    for place, p in enumerate(parts):
        if p is None or isinstance(p, bool):
            continue
        if p is Ellipsis:
            dim = a.ndim - after
            continue
        if isinstance(p, int) and not -a.shape[dim] <= p < a.shape[dim]:
            return IndexError(
                f"index {p} is out of bounds for dimension {place} with size {a.shape[dim]}"
            )
        if isinstance(p, np.ndarray):
            if p.dtype.kind == "b":
                for i, n in enumerate(p.shape):
                    if a.shape[dim + i] != n:
                        return IndexError(
                            f"The shape of the mask {list(p.shape)} at index {i} does not match "
                            f"the shape of the indexed tensor {list(a.shape)} at index {dim + i}"
                        )
                dim += p.ndim
                continue
            bad = p[(p < -a.shape[dim]) | (p >= a.shape[dim])]
            if bad.size:
                return IndexError(
                    f"index {int(bad.flat[0])} is out of bounds for dimension {arrays} with size "
                    f"{a.shape[dim]}"
                )
            arrays += 1
        dim += 1
    if "broadcast" in str(error):
        shapes = ", ".join(str(list(p.shape)) for p in parts if isinstance(p, np.ndarray))
        return IndexError(
            f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
        )
    return IndexError(str(error))


def _watched(key: Any) -> tuple[Any, ...]:
    """Return what a graph keeps of a key: the tensors of positions, whose changes it notices."""
    parts = key if isinstance(key, tuple) else (key,)
    kept = tuple(
        p for p in parts if isinstance(p, Tensor) and p._a.ndim and p._a.dtype != np.uint8
    )
    return kept or POSITIONS


def get(x: Tensor, key: Any) -> Tensor:
    """Return what the tensor holds at a key: a view for numbers and slices, else a copy.

    Raises:
        IndexError: out of bounds, too many indices, a mask of another shape.
    """
    a = x._a
    found, basic = raw_key(key)
    if not basic:
        steps = apart(found)
        if steps is not None:
            return get(get(x, steps[0]), steps[1])
    try:
        out = a[found]
    except IndexError as error:
        raise explained(error, a, found) from None
    if not basic:
        return record(
            INDEX, np.array(out) if out is a else out, (x,), _watched(key), ({"key": found}, a.shape)
        )
    if out.__class__ is not np.ndarray:  # one element: keep sharing its memory
        parts = found if found.__class__ is tuple else (found,)
        dotted = any(p is Ellipsis for p in parts)
        out = a[found] if dotted else a[(*parts, Ellipsis)]
    if found.__class__ is int:
        rule = SELECT
    elif found.__class__ is slice:
        rule = SLICE
    else:
        last = next(
            (p for p in reversed(found) if p is not Ellipsis and p != ALL), None
        )
        rule = SELECT if isinstance(last, int) else SLICE if last is not None else (
            UNSQUEEZE if any(p is None for p in found) else ALIAS
        )
    return rule.view(out, x, key=found)


def iterate(x: Tensor) -> Any:
    """Return an iterator over the rows."""
    if x._a.ndim == 0:
        raise TypeError("iteration over a 0-d tensor")
    return iter(x.unbind(0))
