"""Models, `tf.keras.Model` and `tf.keras.Sequential`: layers that are compiled, fitted, evaluated, asked.

A model is a layer: it is called on tensors under a tape as well, and stands in another model.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ... import engine as torch
from ...engine.absent import AbsentName
from ...engine.keras.model import summary_of
from ..tensors import Tensor
from . import optimizers
from .base import Layer, named_within
from .fitting import Fitted, batches, loss_for, metrics_for, plain, steps_of
from .functional import Graph
from .inputs import InputLayer
from .symbols import KerasTensor

__all__ = ["Model", "Sequential"]


class Model(Layer):
    """A layer that is trained by `fit`; subclasses keep layers as attributes and say `call(inputs)`.

    >>> from backprop_tutor import tf
    >>> class Net(tf.keras.Model):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.hidden = tf.keras.layers.Dense(3, activation="relu")
    ...         self.out = tf.keras.layers.Dense(1)
    ...     def call(self, x):
    ...         return self.out(self.hidden(x))
    >>> Net()(tf.ones((2, 4))).shape
    TensorShape([2, 1])
    """

    stop_training = False
    _model: Any = None
    _optimizer: Any = None
    _graph: Graph | None = None
    loss: Any = None

    def __init__(self, *between: Any, inputs: Any = None, outputs: Any = None, **of_layer: Any) -> None:
        ends = [*between, *(each for each in (inputs, outputs) if each is not None)]
        if len(ends) not in (0, 2):
            raise ValueError(
                "a Model is made of its inputs and its outputs, Model(inputs, outputs), or by a subclass "
                f"with call(self, inputs); {len(ends)} of the two were given"
            )
        super().__init__(**({"name": "functional", **of_layer} if ends else of_layer))
        if ends:
            start, end = (inputs, outputs) if not between else (between[0], ends[1])
            self._graph = Graph(start, end, self.name)
            self._parts_of_graph = self._graph.layers
            self.built = True
            self.input_sizes = self._graph.layers[0].input_sizes
            self.output_sizes = self._graph.output_sizes

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Layer) and all(each is not value for each in self.sublayers):
            named_within(value, self.sublayers, self.name)
        super().__setattr__(name, value)

    @property
    def layers(self) -> list[Layer]:
        """The layers, in order; of a model of inputs and outputs, the inputs' too."""
        if self._graph is not None:
            return list(self._graph.layers)
        return [each for each in self.sublayers if not isinstance(each, InputLayer)]

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the outputs; subclasses say what they are."""
        return super().call(inputs) if self._graph is None else self._graph.run(inputs, training)

    def build(self, input_shape: Any) -> None:
        """Build the layers, for inputs of a shape whose first size is the batch's (or None)."""
        sizes = tuple(int(size) for size in tuple(input_shape)[1:] if size is not None)
        self.built_by(Tensor(torch.zeros((1, *sizes))))

    def built_by(self, values: Any) -> None:
        """Build the layers by calling the model once, for inputs such as these."""
        if not self.built:
            self.built = True
            self(Tensor(values.raw.detach()))
            if self._frozen:
                self.trainable = False

    def built_for(self, values: Any) -> None:
        """Say that the model is built: its layers build themselves when they are called."""
        self.built: bool = True

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer of a name or a place.

        Raises:
            ValueError: there is none.
        """
        own = self.layers
        if index is not None and -len(own) <= index < len(own):
            return own[index]
        for layer in own:
            if name is not None and layer.name == name:
                return layer
        raise ValueError(
            f"No such layer: {name if index is None else index}. Existing layers are: "
            f"{[each.name for each in own]}."
        )

    # -- training --------------------------------------------------------------------------

    @property
    def fitted(self) -> Fitted:
        """The engine's model of this one."""
        if self._model is None:
            self._model = Fitted(self)
        found: Fitted = self._model
        return found

    @property
    def optimizer(self) -> Any:
        """The optimizer that the model was compiled with."""
        return self._optimizer

    @property
    def learning_rate(self) -> float:
        """The optimizer's learning rate."""
        return float(self._compiled().learning_rate)

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._compiled().learning_rate = rate

    def _compiled(self) -> Any:
        if self._optimizer is None:
            raise ValueError("You must call `compile()` before using the model.")
        return self._optimizer

    def compile(
        self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = None, **others: Any
    ) -> None:
        """Say how the model is trained: the optimizer, the loss and the metrics, by name or object.

        Raises:
            ValueError: no loss, or a setting of Keras's that is not here.
            OptionError: an unknown name.
        """
        harmless = {"run_eagerly", "jit_compile", "steps_per_execution", "weighted_metrics", "loss_weights"}
        unknown = [
            name
            for name, value in others.items()
            if name not in harmless or value not in (None, False, True, 1, "auto")
        ]
        if unknown:
            raise ValueError(f"compile takes optimizer, loss and metrics; not {unknown}")
        made = optimizers.get(optimizer)
        self.fitted.compile(made, loss_for(loss), metrics_for(metrics))
        self._optimizer, self.loss = made, loss

    def _ready(self) -> Fitted:
        self._compiled()
        self._single("fit and evaluate")
        fitted = self.fitted
        fitted.refresh()
        return fitted

    def _single(self, methods: str) -> None:
        if self._graph is not None and not self._graph.single:
            raise ValueError(
                f"{methods} take one array of inputs and give one of outputs; a model of several is "
                "called, model([a, b]), and trained in a loop of one's own with tf.GradientTape"
            )

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        **others: Any,
    ) -> Any:
        """Train on arrays, tensors or a data set of batches; return the history.

        `validation_split` sets the last fraction of the samples aside; `verbose` prints Keras's lines:
        1 with a bar, 2 without, 0 nothing.

        Raises:
            ValueError: the model is not compiled; other numbers of inputs and targets.
        """
        if others:
            raise ValueError(f"fit takes no {', '.join(sorted(others))} here")
        fitted = self._ready()
        inputs, targets = _pair(x, y)
        if targets is None and not self.built:
            first = next(iter(x))[0]
            self.built_by(Tensor(torch.from_numpy(np.asarray(first, np.float32))[:1]))
            fitted.refresh()
        checks = None if validation_data is None else _data(validation_data)
        listed = (
            [] if callbacks is None else callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
        )
        history = fitted.fit(
            inputs, targets, batch_size, epochs, verbose, validation_split, checks, shuffle, None, listed
        )
        steps = steps_of(inputs, targets, batch_size, 0.0 if checks is not None else validation_split)
        self._optimizer.taken(len(history.epoch) * steps)
        history.epoch[:] = range(len(history.epoch))  # Keras counts from 0
        self.history = history
        return history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        return_dict: bool = False,
        **others: Any,
    ) -> Any:
        """Return the loss, or a list of the loss and the metrics, or a dictionary of them."""
        if others:
            raise ValueError(f"evaluate takes no {', '.join(sorted(others))} here")
        inputs, targets = _pair(x, y)
        return self._ready().evaluate(inputs, targets, batch_size, verbose, return_dict)

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = "auto") -> Any:
        """Return the outputs as an array, computed in batches, outside of training."""
        self._single("predict")
        fitted = self.fitted
        if not isinstance(x, (np.ndarray, Tensor, list, tuple)) and not hasattr(x, "__array__"):
            x = np.concatenate([np.asarray(each[0] if isinstance(each, tuple) else each) for each in x])
        fitted.refresh()
        inputs = np.asarray(plain(x))
        if self.built:
            return fitted.predict(inputs, batch_size, verbose)
        self.built_by(Tensor(torch.from_numpy(np.asarray(inputs[:1], np.float32))))
        fitted.refresh()
        return fitted.predict(inputs, batch_size, verbose)

    def train_on_batch(self, x: Any, y: Any) -> Any:
        """Train on one batch; return the loss, or the loss and the metrics, before the step."""
        values = self.fit(x, y, batch_size=len(x), shuffle=False, verbose=0).history
        found = [value[-1] for value in values.values()]
        return found if len(found) > 1 else found[0]

    def summary(self, **options: Any) -> None:
        """Print Keras's table of the layers."""
        if options:
            raise ValueError(f"summary takes no {', '.join(sorted(options))} here")
        named = [_Row(each) for each in self.layers]
        print(summary_of(self.name, named, self.counts()))  # type: ignore[arg-type]  # noqa: T201  what summary() is for


class _Row:
    """A layer as the table reads it."""

    def __init__(self, layer: Layer) -> None:
        self.name = layer.name
        self.module = layer if layer.built else None
        self.output_shape = layer.output_sizes or ()
        self.counts = layer.counts
        self.__class__ = type(type(layer).__name__, (_Row,), {})


def _pair(x: Any, y: Any) -> tuple[Any, Any]:
    """Return inputs and targets for the engine, or a data set and None.

    Raises:
        ValueError: nothing is given, or other numbers of inputs and targets.
    """
    if x is None:
        raise ValueError("nothing to train on; expected inputs x and targets y, or a data set of batches")
    if y is None:
        if hasattr(x, "__array__") or isinstance(x, (list, tuple)):
            raise ValueError("targets y are missing; expected as many as there are inputs")
        return batches(x), None
    inputs, targets = np.asarray(plain(x)), np.asarray(plain(y))
    if inputs.ndim == 0 or targets.ndim == 0 or len(inputs) != len(targets):
        sizes = [len(each) if each.ndim else 1 for each in (inputs, targets)]
        raise ValueError(
            "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples. "
            f"'x' sizes: {sizes[0]}, 'y' sizes: {sizes[1]}"
        )
    return inputs, targets


def _data(given: Any) -> Any:
    if isinstance(given, (tuple, list)):
        if len(given) != 2:
            raise ValueError(f"validation_data is a pair (x, y); {len(given)} parts were given")
        return _pair(*given)
    return batches(given)


class Sequential(Model):
    """Layers one after the other; built when the first input's shape is known.

    >>> from backprop_tutor import tf
    >>> model = tf.keras.Sequential([
    ...     tf.keras.layers.Flatten(input_shape=(28, 28)), tf.keras.layers.Dense(10),
    ... ])
    >>> model.count_params()
    7850
    """

    def __init__(
        self, layers: Iterable[Any] | None = None, trainable: bool = True, name: str | None = None
    ) -> None:
        super().__init__(trainable=trainable, name=name)
        self._layers: list[Layer] = []
        for layer in layers or ():
            self.add(layer)

    @property
    def layers(self) -> list[Layer]:
        """The layers, in order, without the input."""
        return [each for each in self._layers if not isinstance(each, InputLayer)]

    def add(self, layer: Any) -> None:
        """Add a layer at the end.

        Raises:
            ValueError: something that is not a layer.
        """
        if isinstance(layer, KerasTensor) and isinstance(layer.layer, InputLayer):
            layer = layer.layer
        if not isinstance(layer, Layer):
            raise ValueError(
                "Only instances of `keras.Layer` can be added to a Sequential model. Received: "
                f"{layer!r} (of type {type(layer)})"
            )
        if any(each is layer for each in self._layers):
            raise ValueError(f"the layer {layer.name} is in the model already; make another one")
        named_within(layer, self._layers, self.name)
        self._layers.append(layer)
        self.built = False
        first = self._layers[0]
        sizes = first.input_sizes
        if sizes is None and isinstance(first, Sequential) and first._layers:
            sizes = first._layers[0].input_sizes
        if sizes is not None:
            self.input_sizes = sizes
            self.build((None, *sizes))

    def pop(self) -> None:
        """Take the last layer away."""
        if not self._layers:
            raise ValueError("the model has no layers")
        self._layers.pop()

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return what comes out of the last layer."""
        if not self._layers:
            raise ValueError(f"Sequential model {self.name} has no layers: add one, such as Dense(10)")
        expected = self._layers[0].input_sizes
        if expected is not None and tuple(inputs.shape[1:]) != expected:
            raise ValueError(
                f"Invalid input shape for the model {self.name}. Expected shape (None, "
                f"{', '.join(map(str, expected))}), but input has incompatible shape {inputs.shape}"
            )
        out = inputs
        for layer in self._layers:
            out = layer(out, training=training)
            if layer.output_sizes is None and isinstance(out, Tensor):
                layer.output_sizes = tuple(out.shape[1:])
        return out


def __getattr__(name: str) -> Any:
    """Refuse a name by naming the nearest one."""
    raise AbsentName(f"module {__name__!r}", name, tuple(__all__))
