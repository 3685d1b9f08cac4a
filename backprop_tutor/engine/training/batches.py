"""Data as a training takes it: anything that holds inputs and targets becomes batches of both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ...errors import OptionError, ShapeError
from ...sentences import said
from ..autograd.tape import Tensor, wrap
from ..utils.data import DataLoader, TensorDataset

__all__ = ["as_input", "as_target", "batches_of", "length_of"]


def _numeric(given: Any, what: str) -> np.ndarray[Any, Any]:
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise OptionError(
            said(
                "the {what} hold {name} values; expected numbers in an array or a tensor",
                what=what, name=array.dtype.name,
            )
        )
    return array


def as_input(given: Any) -> Tensor:
    """Return inputs as a tensor: tensors as they are, arrays and lists as float32."""
    if isinstance(given, Tensor):
        return given
    return wrap(np.ascontiguousarray(_numeric(given, "inputs"), dtype=np.float32))


def as_target(given: Any) -> Tensor:
    """Return targets as a tensor: tensors as they are, integers as int64, others as float32."""
    if isinstance(given, Tensor):
        return given
    array = _numeric(given, "targets")
    kind = np.int64 if array.dtype.kind in "iub" else np.float32
    return wrap(np.ascontiguousarray(array, dtype=kind))


def batches_of(
    data: Any, batch_size: int, shuffle: bool, generator: Any = None
) -> Iterable[Any]:
    """Return batches (inputs, targets), to be walked through once an epoch.

    A `DataLoader`, or another iterable of pairs that is not a sequence, is taken as it is; a pair of
    arrays or tensors, or a data set, is divided into batches.

    Raises:
        OptionError: something that holds no pairs.
        ShapeError: other numbers of inputs and targets.
    """
    if isinstance(data, DataLoader):
        return data
    if isinstance(data, (tuple, list)) and len(data) == 2 and not isinstance(data[0], tuple):
        inputs, targets = as_input(data[0]), as_target(data[1])
        if inputs.dim() == 0 or targets.dim() == 0 or inputs.shape[0] != targets.shape[0]:
            raise ShapeError(
                said(
                    "inputs of shape {shape} and targets of shape {shape_2}; expected one target for each "
                    "row of inputs",
                    shape=tuple(inputs.shape), shape_2=tuple(targets.shape),
                )
            )
        data = TensorDataset(inputs, targets)
    if hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        if not len(data):
            raise ShapeError(said("no samples; expected at least one"))
        return DataLoader(data, batch_size, shuffle=shuffle, generator=generator)
    if isinstance(data, Iterable):
        return data
    raise OptionError(
        said(
            "the data are a {kind}; expected a pair of inputs and targets, a data set or a DataLoader",
            kind=type(data).__name__,
        )
    )


def length_of(batches: Any) -> int | None:
    """Return the number of batches, None where it is not known beforehand."""
    try:
        return len(batches)
    except TypeError:
        return None
