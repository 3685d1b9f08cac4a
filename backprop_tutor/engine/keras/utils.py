"""Keras's helpers for data, under its name `keras.utils`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from ...errors import OptionError
from ..autograd.tape import Tensor
from ..tensors.randomness import manual_seed

__all__ = ["plot_model", "set_random_seed", "to_categorical"]


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray[Any, Any]:
    """Return class numbers (n,) as one-hot rows (n, num_classes), float64 as in Keras.

    >>> to_categorical([0, 2]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]

    Raises:
        OptionError: a number that is not a class.
    """
    numbers = np.asarray(x._a if isinstance(x, Tensor) else x)
    whole = numbers.astype(np.int64)
    if not np.array_equal(whole, numbers):
        raise OptionError("class numbers are integers from 0 on")
    if whole.ndim > 1 and whole.shape[-1] == 1:
        whole = whole.reshape(whole.shape[:-1])
    highest = int(whole.max()) if whole.size else -1
    count = highest + 1 if num_classes is None else num_classes
    if whole.size and (int(whole.min()) < 0 or highest >= count):
        raise OptionError(
            f"class numbers from {int(whole.min())} to {highest}; expected 0 to {count - 1}"
        )
    return np.asarray(np.eye(count)[whole])


def set_random_seed(seed: int) -> None:
    """Seed the engine's generator; nothing else here draws random numbers."""
    manual_seed(seed)


def plot_model(model: Any, to_file: str = "model.png", show_shapes: bool = True, **others: Any) -> Any:
    """Draw a model into a file (.png, .svg, .pdf, .dot, .tex) and return its picture, which notebooks show.

    The picture is that of `backprop_tutor.diagram`: parameters with shapes and values, and operations.
    Its boxes always have their shapes.

    Raises:
        OptionError: an option of Keras's that this picture does not have.
    """
    # The pictures are the tutor's, which stands above the engine: it is asked for when one is drawn.
    bridge = import_module("backprop_tutor.bridge")
    return bridge.plot_model(model, to_file, show_shapes, **others)
