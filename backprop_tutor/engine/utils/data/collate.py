"""How samples become a batch: tensors are stacked, and what holds them is kept.

Numbers become a tensor (whole ones int64, others float64), text a list; tuples become lists.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from ...autograd.tape import Tensor
from ...functions.joining import stack
from ...tensors.creation import as_tensor, tensor
from ...tensors.dtypes import float64

__all__ = ["default_collate", "default_convert"]


def _refused(kind: Any) -> TypeError:
    return TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {kind}"
    )


def _mapping(first: Mapping[Any, Any], values: dict[Any, Any]) -> Any:
    """Return the values in a mapping of the same kind as `first`, a plain one if that fails."""
    try:
        if isinstance(first, MutableMapping):
            kept = copy.copy(first)
            kept.update(values)
            return kept
        return type(first)(values)  # type: ignore[call-arg]
    except TypeError:
        return values


def _sequence(first: Sequence[Any], values: list[Any]) -> Any:
    try:
        if isinstance(first, MutableSequence):
            kept = copy.copy(first)
            for place, value in enumerate(values):
                kept[place] = value
            return kept
        return type(first)(values)  # type: ignore[call-arg]
    except TypeError:
        return values


def default_collate(batch: Sequence[Any]) -> Any:
    """Return the samples of a batch as one, stacked along a new first dimension.

    Raises:
        RuntimeError: sequences of different lengths, tensors of different shapes.
        TypeError: samples of a kind that has no batch.
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(tuple(batch), 0)
    if isinstance(first, np.ndarray):
        if first.dtype.kind in "SUOa":
            raise _refused(first.dtype)
        return stack(tuple(as_tensor(each) for each in batch), 0)
    if isinstance(first, (bool, np.bool_, np.number)):
        return as_tensor(np.asarray(batch))
    if isinstance(first, float):
        return tensor(list(batch), dtype=float64)
    if isinstance(first, int):
        return tensor(list(batch))
    if isinstance(first, (str, bytes)):
        return list(batch) if not isinstance(batch, list) else batch
    if isinstance(first, Mapping):
        values = {key: default_collate([each[key] for each in batch]) for key in first}
        return _mapping(first, values)
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*(default_collate(each) for each in zip(*batch, strict=False)))
    if isinstance(first, Sequence):
        if any(len(each) != len(first) for each in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        columns = [default_collate(each) for each in zip(*batch, strict=True)]
        return columns if isinstance(first, tuple) else _sequence(first, columns)
    raise _refused(type(first))


def default_convert(data: Any) -> Any:
    """Return one sample with NumPy arrays made tensors, for loaders that make no batches."""
    if isinstance(data, Tensor):
        return data
    if isinstance(data, (np.ndarray, np.generic)):
        return data if data.dtype.kind in "SUOa" else as_tensor(data)
    if isinstance(data, Mapping):
        return _mapping(data, {key: default_convert(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*(default_convert(each) for each in data))
    if isinstance(data, tuple):
        return [default_convert(each) for each in data]
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return _sequence(data, [default_convert(each) for each in data])
    return data


Collate = Callable[[Any], Any]
