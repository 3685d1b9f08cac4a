"""Indices of a tensor, `x[0, 1:]`: what TensorFlow takes as one, as the engine takes it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import engine as torch
from .converting import dtype_of
from .errors import InvalidArgumentError
from .recording import Value

__all__ = ["picked"]

_SLICES = (int, slice, type(None), type(Ellipsis), np.integer)


def place_of(key: Any, raw: Any) -> Any:
    """Return an index as the engine takes it.

    Raises:
        TypeError: what is no index.
        InvalidArgumentError: a place that there is not.
    """
    parts = key if isinstance(key, tuple) else (key,)
    plain = [part.raw.item() if isinstance(part, Value) and part.raw.ndim == 0 else part for part in parts]
    if len(plain) == 1 and isinstance(plain[0], Value) and dtype_of(plain[0].raw).is_bool:
        return plain[0].raw
    for part in plain:
        if isinstance(part, bool) or not isinstance(part, _SLICES):
            raise TypeError(
                "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
                "tf.int32/tf.int64 "
                f"tensors are valid indices, got {part!r}; tf.gather takes a list of places"
            )
    taken = sum(part is not None and part is not Ellipsis for part in plain)
    if taken > raw.ndim:
        raise InvalidArgumentError(
            f"Index out of range using input dim {raw.ndim}; input has only {raw.ndim} dims "
            f"[Op:StridedSlice]"
        )
    dim = 0
    for part in plain:
        if part is Ellipsis:
            dim += raw.ndim - taken
        elif isinstance(part, (int, np.integer)):
            if not -raw.shape[dim] <= part < raw.shape[dim]:
                raise InvalidArgumentError(
                    f"slice index {int(part)} of dimension {dim} out of bounds. [Op:StridedSlice]"
                )
            dim += 1
        elif isinstance(part, slice):
            dim += 1
    return tuple(int(part) if isinstance(part, np.integer) else part for part in plain)


def picked(raw: Any, key: Any) -> Any:
    """Return the part of an engine's tensor at an index; slices may go backwards."""
    found = place_of(key, raw)
    parts = list(found) if isinstance(found, tuple) else []
    taken = sum(part is not None and part is not Ellipsis for part in parts)
    dim, out = 0, raw
    for place, part in enumerate(parts):
        if part is Ellipsis:
            dim += raw.ndim - taken
        elif part is not None:
            if isinstance(part, slice) and part.step is not None and int(part.step) < 0:
                order = list(range(*part.indices(raw.shape[dim])))
                out = torch.index_select(out, dim, torch.tensor(order, dtype=torch.int64))
                parts[place] = slice(None)
            dim += 1
    return out[tuple(parts)] if isinstance(found, tuple) else out[found]
