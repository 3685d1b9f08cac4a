"""`Sequential` the Keras way: layers in a list, built one after the other, their weights and their table.

A thin layer over the engine: the layers become modules of one `nn.Sequential`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ...errors import OptionError, ShapeError
from .. import nn
from ..autograd.tape import Tensor
from ..training.loop import as_input
from .layers import Input, Layer
from .model import Model
from .table import summary_of

__all__ = ["Sequential"]


class Sequential(Model):
    """Layers one after the other; built when the first input's shape is known."""

    def __init__(self, layers: Iterable[Layer] = (), name: str = "sequential") -> None:
        super().__init__()
        self.name = name
        self.layers: list[Layer] = []
        self._stack = nn.Sequential()
        for layer in layers:
            self.add(layer)

    def add(self, layer: Layer) -> None:
        """Add a layer at the end.

        Raises:
            OptionError: something that is not a layer, or a model that is built already.
        """
        if not isinstance(layer, Layer):
            raise OptionError(
                f"a {type(layer).__name__} was added; expected a layer such as Dense(10)"
            )
        if self.built and not self.layers:
            raise OptionError("the model is built already")
        if layer.name is None:
            same = sum(1 for other in self.layers if other.kind == layer.kind)
            layer.name = f"{layer.kind}_{same}" if same else layer.kind
        self.layers.append(layer)
        self.built: bool = False
        first = self.layers[0].input_shape
        if first is not None:
            self._extend(first)

    def _extend(self, shape: tuple[int, ...]) -> None:
        """Build what is not built yet, from the input's shape on."""
        for layer in self.layers:
            if layer.module is None:
                if layer.input_shape is not None and layer.input_shape != shape:
                    raise ShapeError(
                        f"{layer.name} expects samples of shape {layer.input_shape}; what comes "
                        f"before gives {shape}"
                    )
                layer.output_shape = layer.build(shape)
                self._stack.append(layer.made())
            shape = layer.output_shape
        self.built = True

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make the weights for inputs of a shape whose first number is the batch's (or None)."""
        self._extend(tuple(int(size) for size in input_shape[1:] if size is not None))

    def made_for(self, inputs: Tensor) -> None:
        """Make the weights for inputs of such a shape."""
        self._extend(tuple(inputs.shape[1:]))

    def forward(self, inputs: Any) -> Tensor:
        """Return the outputs for a batch of inputs."""
        inputs = as_input(inputs)
        if not self.built:
            if not self.layers:
                raise OptionError("the model has no layers")
            self._extend(tuple(inputs.shape[1:]))
        expected = self.layers[0].input_shape
        if expected is not None and tuple(inputs.shape[1:]) != expected:
            raise ShapeError(
                f"inputs of shape {tuple(inputs.shape)}; the model expects (n, "
                f"{', '.join(map(str, expected))})"
            )
        out: Tensor = self._stack(inputs)
        return out

    def summary(self) -> str:
        """Print Keras's table of the layers, and return it."""
        shown = [layer for layer in self.layers if not isinstance(layer, Input)]
        text = summary_of(self.name, shown)
        print(text)  # noqa: T201  printing the table is what Keras's summary() is for
        return text

    def count_params(self) -> int:
        """Return the number of parameters, learnt or not."""
        return sum(sum(layer.counts()) for layer in self.layers)

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """Return copies of all arrays in Keras's order, kernels as (in, out)."""
        return [array for layer in self.layers for array in layer.get_weights()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Write arrays into the layers, in the order and the shapes of `get_weights`.

        Raises:
            OptionError: another number of arrays.
            ShapeError: an array of another shape.
        """
        counts = [len(layer.get_weights()) for layer in self.layers]
        if len(weights) != sum(counts):
            raise OptionError(f"{len(weights)} arrays; the model has {sum(counts)}")
        start = 0
        for layer, count in zip(self.layers, counts, strict=True):
            if count:
                layer.set_weights(weights[start : start + count])
            start += count
