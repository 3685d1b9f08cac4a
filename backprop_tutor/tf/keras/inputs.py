"""The head of a model, `Input(shape=(784,))`: what stands for rows that are not there yet."""

from __future__ import annotations

from typing import Any

from .base import Layer
from .symbols import KerasTensor

__all__ = ["Input", "InputLayer"]


class InputLayer(Layer):
    """Says the shape of one sample at the head of a model; `Input(shape=(784,))` makes it."""

    def __init__(
        self, shape: Any = None, batch_size: Any = None, *, input_shape: Any = None, **of_layer: Any
    ) -> None:
        given = input_shape if shape is None else shape
        if given is None:
            raise ValueError("an Input without a shape; expected Input(shape=(784,))")
        super().__init__(input_shape=given, **of_layer)
        self.output_sizes = self.input_sizes
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs."""
        return inputs


def Input(shape: Any = None, batch_size: Any = None, **of_layer: Any) -> KerasTensor:
    """Return what stands for a model's input: the head of a `Sequential`, or what layers are called on.

    >>> from backprop_tutor.tf import keras
    >>> x = keras.Input(shape=(4,))
    >>> y = keras.layers.Dense(2)(x)
    >>> keras.Model(inputs=x, outputs=y).count_params(), y
    (10, <KerasTensor shape=(None, 2), dtype=float32, name=dense>)
    """
    layer = InputLayer(shape, batch_size, **of_layer)
    assert layer.input_sizes is not None  # it is refused without
    return KerasTensor(layer.input_sizes, layer)
