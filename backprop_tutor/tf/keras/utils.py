"""Helpers for data, seeds and pictures, `tf.keras.utils`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from ... import engine as torch
from ...engine.absent import refusing
from ...engine.keras import utils as own
from ...errors import OptionError
from ..recording import Value

__all__ = ["normalize", "plot_model", "set_random_seed", "to_categorical"]


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray[Any, Any]:
    """Return class numbers (n,) as one-hot rows (n, num_classes).

    >>> to_categorical([0, 2]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    return own.to_categorical(np.asarray(x) if isinstance(x, Value) else x, num_classes)


def normalize(x: Any, axis: int = -1, order: int = 2) -> np.ndarray[Any, Any]:
    """Return rows divided by their norm."""
    array = np.asarray(x, np.float64)
    length = np.linalg.norm(array, ord=order, axis=axis, keepdims=True)
    return np.asarray(array / np.where(length == 0, 1, length))


def set_random_seed(seed: int) -> None:
    """Seed the generator that draws first weights, dropout and the order of samples."""
    torch.manual_seed(int(seed))


def plot_model(
    model: Any,
    to_file: str = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
) -> Any:
    """Draw a model's layers into a file (.png, .svg, .pdf, .dot, .tex) and return the picture.

    The picture always has the shapes and the activations; the other settings of Keras's, given as they
    stand there, change nothing in it.

    Raises:
        OptionError: a model that is not built yet.
    """
    if not getattr(model, "built", False):
        raise OptionError(
            "the model is not built yet: give the first layer an input_shape, or call the model once"
        )
    fitted = model.fitted
    fitted.refresh()
    # The pictures are the tutor's, drawn when one is asked for.
    bridge = import_module("backprop_tutor.bridge")
    sizes = model.input_sizes or _sizes(model)
    drawn = bridge.diagram(fitted, np.zeros((1, *sizes)), step=0)
    drawn.save(to_file)
    return drawn


def _sizes(model: Any) -> tuple[int, ...]:
    for layer in model.layers:
        module = getattr(layer, "module", None) if hasattr(layer, "_inner") else None
        if module is not None and hasattr(module, "in_features"):
            return (module.in_features,)
    raise OptionError("no layer of the model says what size it takes; give the first one an input_shape")


__getattr__ = refusing(__name__)
