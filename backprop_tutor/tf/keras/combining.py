"""Layers that standardise what comes in (`Normalization`), or put several inputs together."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..converting import array_of
from ..functions.arranging import concat
from ..recording import Value, run
from .base import Layer

__all__ = ["Add", "Concatenate", "Normalization"]

_LEAST = 1e-7
"""Keras's: no column is divided by less."""


class Normalization(Layer):
    """(x − mean)/√variance of each column, as `adapt(data)` found them; axis=None for one mean of all.

    >>> import numpy as np
    >>> from backprop_tutor import tf
    >>> layer = tf.keras.layers.Normalization()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> print(layer([[1.0, 30.0]]))
    tf.Tensor([[-1.  1.]], shape=(1, 2), dtype=float32)
    """

    def __init__(
        self, axis: int | None = -1, mean: Any = None, variance: Any = None, **of_layer: Any
    ) -> None:
        super().__init__(**of_layer)
        if axis not in (-1, 1, None):
            raise ValueError(f"axis {axis}; columns are normalised, -1, or all numbers alike, None")
        if (mean is None) != (variance is None):
            raise ValueError(
                "When setting values directly, both `mean` and `variance` must be set."
            )
        self.axis = axis
        self._known: tuple[Any, Any] | None = None
        if mean is not None:
            self._know(array_of(mean), array_of(variance))

    def _know(self, mean: Any, variance: Any) -> None:
        wide = (1, -1) if self.axis is not None else ()
        self._known = tuple(np.asarray(each, np.float32).reshape(wide) for each in (mean, variance))  # type: ignore[assignment]

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Find the mean and the variance of data: an array, a tensor, or a data set of batches.

        Raises:
            ValueError: no numbers.
        """
        whole = isinstance(data, (Value, list, tuple)) or hasattr(data, "__array__")
        batches = (
            [data] if whole else [each[0] if isinstance(each, tuple) else each for each in data]
        )
        rows = [np.asarray(array_of(each), np.float64) for each in batches]
        if not rows:
            raise ValueError("there are no numbers to adapt to")
        found = np.concatenate([each.reshape(-1, 1) if each.ndim < 2 else each for each in rows])
        if not found.size:
            raise ValueError("there are no numbers to adapt to")
        along = None if self.axis is None else tuple(range(found.ndim - 1))
        self._know(found.mean(along), found.var(along))
        if self.axis is not None:
            self.input_sizes = self.input_sizes or found.shape[1:]
        if not self.built:
            self.build((None, *found.shape[1:]))
            self.built = True
        else:
            self._set()

    def build(self, input_shape: Any) -> None:
        """Make the mean, the variance and the count, which are not trained."""
        shape = (1, int(input_shape[-1])) if self.axis is not None else ()
        self.mean: Any = self.add_weight(shape, "zeros", trainable=False, name="mean")
        self.variance: Any = self.add_weight(shape, "ones", trainable=False, name="variance")
        self.count: Any = self.add_weight((), "zeros", trainable=False, name="count")
        if self._known is not None:
            self._set()

    def _set(self) -> None:
        assert self._known is not None  # the callers' case
        for variable, value in zip((self.mean, self.variance), self._known, strict=True):
            if value.size not in (1, variable.raw.numel()):
                raise ValueError(
                    f"the layer {self.name} is for {variable.raw.numel()} columns; {value.size} were given"
                )
            variable.assign(np.broadcast_to(value, tuple(variable.shape)))

    def call(self, inputs: Any) -> Any:
        """Return the inputs standardised.

        Raises:
            ValueError: another number of columns than the layer knows; nothing is known.
        """
        if self._known is None:
            raise ValueError(
                f"the layer {self.name} knows no mean: call adapt(data), or give mean and variance"
            )
        if self.axis is not None and inputs.shape[-1] != self.mean.shape[-1]:
            raise ValueError(
                f"the layer {self.name} knows {self.mean.shape[-1]} columns; the input has "
                f"{inputs.shape[-1]}"
            )
        return run(_standardised, inputs, self.mean, self.variance)


def _standardised(x: Any, mean: Any, variance: Any) -> Any:
    return (x.float() - mean) / variance.sqrt().clamp(min=_LEAST)


class Concatenate(Layer):
    """Several inputs side by side, along the last axis.

    >>> from backprop_tutor import tf
    >>> print(tf.keras.layers.Concatenate()([tf.ones((1, 2)), tf.zeros((1, 1))]))
    tf.Tensor([[1. 1. 0.]], shape=(1, 3), dtype=float32)
    """

    def __init__(self, axis: int = -1, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.axis = axis

    def call(self, inputs: Any) -> Any:
        """Return the inputs as one."""
        return concat(_several(self, inputs), axis=self.axis)


class Add(Layer):
    """The sum of several inputs of one shape."""

    def call(self, inputs: Any) -> Any:
        """Return the sum."""
        first, *others = _several(self, inputs)
        for each in others:
            first = first + each
        return first


def _several(layer: Layer, inputs: Any) -> Any:
    if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
        raise ValueError(
            f"A `{type(layer).__name__}` layer should be called on a list of at least 2 inputs, such as "
            f"{type(layer).__name__}()([a, b])"
        )
    return inputs
