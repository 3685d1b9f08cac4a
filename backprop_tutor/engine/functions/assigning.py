"""Assigning by square brackets: to a part of a tensor, or to places, with the graph following both.

y = x with a value at a key: ∂L/∂x is g with 0 at the key, ∂L/∂value is g at the key, summed to the
value's shape. Recorded writes go to whole tensors by a key; through a view they are refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.tape import MODE, POSITIONS, Rule, Tensor, record, wrap
from ..tensors.dtypes import from_numpy_dtype
from ..tensors.writes import (
    LEAF_VIEW,
    check_overlap,
    check_shared,
    check_writable,
    copy_,
    fill_,
    keep_retaining,
)
from .indexing import apart, explained, raw_key
from .pairs import NUMBERS, cast, describe

__all__ = ["set_"]


def set_(x: Tensor, key: Any, value: Any) -> None:
    """Assign to what a key names; the graph follows both the rest and what was assigned.

    Raises:
        IndexError: as when reading.
        RuntimeError: a value whose shape does not fit, or a write that is not allowed.
    """
    found, basic = raw_key(key)
    if isinstance(value, NUMBERS):
        value = wrap(np.asarray(value).astype(x._a.dtype))
    elif not isinstance(value, Tensor):
        raise TypeError(f"can't assign a {describe(value)} to a {x.type()}")
    if not basic:
        flag = found[0]
        if len(found) == 1 and (isinstance(flag, bool) or (flag.ndim == 0 and flag.dtype.kind == "b")):
            _put_all(x, bool(flag), value)
            return
        steps = apart(found)
        if steps is not None:
            found = _positions(x, steps)
        _put(x, found, value)
    elif MODE.grad and (x._rg or value._rg):
        if _whole(found, x._a.shape):
            _write(x, value)
        else:
            _write_part(x, found, value)
    else:
        _write_raw(x, found, value)


def _positions(x: Tensor, steps: tuple[Any, Any]) -> Any:
    """Return the positions in the whole tensor of what two keys, one after the other, name."""
    a = x._a
    places = np.arange(a.size).reshape(a.shape)
    for key in steps:
        try:
            places = places[key]
        except IndexError as error:
            raise explained(error, places, key) from None
    if MODE.grad and x._rg and x._edge is None:
        raise RuntimeError(LEAF_VIEW)
    return np.unravel_index(places, a.shape)


def _put_all(x: Tensor, flag: bool, value: Tensor) -> None:
    """Write a value to everything or to nothing: a flag is a mask with a dimension of its own."""
    shape = (int(flag), *x._a.shape)
    if MODE.grad and x._rg and x._edge is None:
        raise RuntimeError(LEAF_VIEW)
    try:
        np.broadcast_to(value._a, shape)
    except ValueError:
        raise _mismatch(value._a.shape, shape) from None
    if flag:
        set_(x, Ellipsis, value)


def _mismatch(given: tuple[int, ...], wanted: tuple[int, ...]) -> RuntimeError:
    return RuntimeError(
        f"shape mismatch: value tensor of shape {list(given)} cannot be broadcast to indexing result of "
        f"shape {list(wanted)}"
    )


def _fitted(value: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return the value without leading dimensions of 1, which must then broadcast to a shape."""
    given = value._a.shape
    extra = next((i for i, n in enumerate(given) if n != 1), len(given))
    if extra and value._a.shape != shape:
        value = value.reshape(given[extra:])
    _check_expands(value._a, shape)
    return value


def _write(target: Tensor, value: Tensor) -> None:
    """Write a value into a whole tensor, recorded."""
    if not value._a.ndim:
        fill_(target, value)
    else:
        value = _fitted(value, target._a.shape)
        copy_(target, value if value._a.shape == target._a.shape else value.expand(target._a.shape))


def _written_backward(k: Any, g: Any, saved: Any, options: Any, need: Any) -> Any:
    key, shape = options
    rest = part = None
    if need[0]:
        mask = np.ones(g.shape, bool)
        mask[key] = False
        rest = g * k.array(mask)
    if need[1]:
        part = k.fit(k.index(g, key), shape)
    return rest, part


COPY_SLICES = Rule("CopySlices", _written_backward)


def _place(x: Tensor, found: Any) -> Any:
    """Return what the array holds at a key; an error in PyTorch's words."""
    try:
        return x._a[found]
    except IndexError as error:
        raise explained(error, x._a, found) from None


def _write_part(x: Tensor, found: Any, value: Tensor) -> None:
    """Write a value at a basic key of a whole tensor, recorded.

    y = x with value at the key: ∂L/∂x = g, 0 at the key; ∂L/∂value = g at the key, summed to its shape.
    """
    target = _place(x, found)
    if value._a.ndim:
        value = _fitted(value, np.shape(target))
    if x._rg and x._edge is None:
        raise RuntimeError(LEAF_VIEW)
    value = cast(value, x._a.dtype)
    _write_raw(x, found, value)
    made = record(COPY_SLICES, x._a, (x, value), (), (found, value._a.shape))
    x._edge, x._rg = made._edge, made._rg
    keep_retaining(x)


def _write_raw(x: Tensor, found: Any, value: Tensor) -> None:
    """Write a value at a basic key; nothing is recorded."""
    a, target = x._a, _place(x, found)
    if value._a.ndim:
        value = _fitted(value, np.shape(target))
        if value._a.size == np.size(target):
            check_shared(target, wrap(value._a.reshape(np.shape(target))))
    check_writable(x, value)
    if a.ndim:
        check_overlap(target)
    a[found] = value._a
    if x._ver is not None:
        x._ver[0] += 1


INDEX_PUT = Rule("IndexPutBackward0", _written_backward)


def _put(x: Tensor, found: Any, value: Tensor) -> None:
    """Write a value at a mask or at positions."""
    a, target = x._a, _place(x, found)
    check_writable(x, value)
    masked = all(p.dtype.kind == "b" for p in found if isinstance(p, np.ndarray))
    if value._a.size != 1 or not masked:
        check_shared(a, value, whole=True)
    if value._a.dtype != a.dtype:
        if value._a.ndim:
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, got "
                f"{from_numpy_dtype(a.dtype).short} for the destination and "
                f"{from_numpy_dtype(value._a.dtype).short} for the source."
            )
        value = cast(value, a.dtype)
    extra = value._a.ndim - target.ndim
    if extra > 0 and all(n == 1 for n in value._a.shape[:extra]):
        value = value.reshape(value._a.shape[extra:])
    tracked = MODE.grad and (x.requires_grad or value.requires_grad)
    try:
        a[found] = value._a
    except (ValueError, TypeError):
        raise _mismatch(value._a.shape, target.shape) from None
    if x._ver is not None:
        x._ver[0] += 1
    if tracked:
        made = record(INDEX_PUT, a, (x, value), POSITIONS, (found, value._a.shape))
        x._edge, x._rg = made._edge, made._rg
        keep_retaining(x)


def _whole(key: Any, shape: tuple[int, ...]) -> bool:
    """Return whether a key of slices names everything, so that no view is made."""
    parts = key if isinstance(key, tuple) else (key,)
    slices = sum(isinstance(p, slice) for p in parts)
    if slices > len(shape) or any(p is not Ellipsis and not isinstance(p, slice) for p in parts):
        return False
    return all(
        p is Ellipsis or p.indices(n) == (0, n, 1) for p, n in zip(parts, shape, strict=False)
    )


def _check_expands(a: Any, wanted: tuple[int, ...]) -> None:
    """Refuse an array that does not broadcast to a shape, as `expand` does."""
    given = a.shape
    if len(given) > len(wanted):
        raise RuntimeError(
            f"expand(torch.{from_numpy_dtype(a.dtype).short}Tensor{{{list(given)}}}, "
            f"size={list(wanted)}): the number of sizes provided ({len(wanted)}) must be greater "
            f"or equal to the number of dimensions in the tensor ({len(given)})"
        )
    for i in range(1, len(given) + 1):
        if given[-i] not in (1, wanted[-i]):
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted[-i]}) must match the existing size "
                f"({given[-i]}) at non-singleton dimension {len(wanted) - i}.  Target sizes: "
                f"{list(wanted)}.  Tensor sizes: {list(given)}"
            )
