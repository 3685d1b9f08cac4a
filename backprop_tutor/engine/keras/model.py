"""Keras's models: compile, fit, evaluate and predict over the engine's own training loop, and `Sequential`.

The defaults are Keras's: batches of 32, Adam's ε 10⁻⁷. The layers of a `Sequential` become modules of
one `nn.Sequential`, built one after the other; `summary_of` writes their table.
"""

from __future__ import annotations

import textwrap
import time
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from ...errors import OptionError, ShapeError
from .. import nn, optim
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor, wrap
from ..training.choices import metrics_for
from ..training.history import History
from ..training.loop import as_input, as_target, length_of
from ..training.loop import evaluate as measured
from ..training.loop import fit as trained
from .callbacks import Callback, Lines, Round, level_of
from .layers import Input, Layer
from .losses import METRICS, loss_named
from .optimizers import plan_named

__all__ = ["Model", "Sequential", "bytes_of", "summary_of"]


class Model(nn.Module):
    """A module that is compiled and fitted; subclasses say what its outputs are, and build it.

    `shown` holds the model that callbacks see, where another one stands before this one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[Any, ...] = ()
        self.built = False
        self._plan: Any = None
        self._loss: Any = None
        self._metrics: Any = ()
        self.optimizer: optim.Optimizer | None = None
        self.stop_training = False

    def made_for(self, inputs: Tensor) -> None:
        """Make the weights for such inputs, where they are not made yet."""
        raise NotImplementedError

    def compile(
        self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = ()
    ) -> None:
        """Say how the model is trained: the optimizer, the loss and the metrics, by name or object.

        Raises:
            OptionError: an unknown name.
        """
        self._plan = optimizer if isinstance(optimizer, optim.Optimizer) else plan_named(optimizer)
        self.optimizer = optimizer if isinstance(optimizer, optim.Optimizer) else None
        if loss is None:
            raise OptionError('a model is compiled with a loss, such as loss="mse"')
        self._loss = loss_named(loss)
        self._metrics = metrics_for(metrics or (), self._loss, METRICS)

    def _require_compiled(self) -> None:
        if self._plan is None:
            raise OptionError("the model is not compiled: call compile(optimizer, loss) first")

    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = 32,
        epochs: int = 1,
        verbose: Any = "auto",
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        early_stopping: Any = None,
        callbacks: Iterable[Callback] = (),
    ) -> History:
        """Train on arrays (or a loader as `x`); return the history.

        `validation_split` sets the last fraction of the samples aside. `verbose` prints Keras's lines:
        1 with a bar, 2 without, 0 nothing.
        `callbacks` are told of every epoch.

        Raises:
            OptionError: the model is not compiled, or a setting is impossible.
        """
        self._require_compiled()
        level = level_of(verbose)
        data: Any = x
        if y is not None:
            inputs, targets = as_input(x), as_target(y)
            if not 0 <= validation_split < 1:
                raise OptionError(
                    f"validation_split {validation_split}; expected a fraction below 1"
                )
            if validation_split and validation_data is None:
                kept = int(len(inputs) * (1 - validation_split))
                validation_data = (inputs[kept:], targets[kept:])
                inputs, targets = inputs[:kept], targets[:kept]
            data = (inputs, targets)
            if not self.built:
                self.made_for(inputs)
        elif validation_split:
            raise OptionError("validation_split divides arrays; give x and y")
        if self.optimizer is None:
            if not self.built:
                raise OptionError("give the first layer an input_shape to train from a loader")
            self.optimizer = self._plan.over(self.parameters())
        told = Round(callbacks or (), self.shown[0] if self.shown else self, epochs)
        told.begin()
        history = trained(
            self, self._loss, self.optimizer, data, epochs, self._metrics, validation_data,
            batch_size=_batch(batch_size), shuffle=shuffle,
            progress=(lambda epochs, steps: Lines(level, epochs, steps)) if level else False,
            early_stopping=early_stopping, after_epoch=told.after, compile=True,
        )
        told.end()
        return history

    @property
    def learning_rate(self) -> float:
        """The optimizer's learning rate, once training has begun."""
        if self.optimizer is None:
            raise OptionError("the model has no optimizer before it is compiled and fitted")
        return float(self.optimizer.param_groups[0]["lr"])

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        if self.optimizer is None:
            raise OptionError("the model has no optimizer before it is compiled and fitted")
        for group in self.optimizer.param_groups:
            group["lr"] = float(rate)

    def evaluate(
        self, x: Any, y: Any = None, batch_size: int | None = 32, verbose: Any = "auto",
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, or a list of the loss and the metrics, or a dictionary of them.

        `verbose` prints Keras's line: 1 with a bar, 2 without, 0 nothing.
        """
        self._require_compiled()
        level = level_of(verbose)
        data = x if y is None else (as_input(x), as_target(y))
        size = _batch(batch_size)
        steps = length_of(x) if y is None else -(-len(data[0]) // size)
        began = time.monotonic()
        found = measured(self, self._loss, data, self._metrics, batch_size=size)
        Lines(level, 1, steps).whole(found, time.monotonic() - began)
        if return_dict:
            return found
        return list(found.values()) if len(found) > 1 else found["loss"]

    def predict(
        self, x: Any, batch_size: int | None = 32, verbose: Any = "auto"
    ) -> np.ndarray[Any, Any]:
        """Return the outputs as an array, computed in batches in evaluation mode.

        `verbose` prints Keras's line, as for `evaluate`.
        """
        level, size = level_of(verbose), _batch(batch_size)
        inputs = as_input(x)
        was_training = self.training
        began = time.monotonic()
        self.eval()
        try:
            with no_grad():
                parts = [
                    self(wrap(inputs._a[start : start + size]))._a
                    for start in range(0, max(1, len(inputs._a)), size)
                ]
        finally:
            self.train(was_training)
        Lines(level, 1, len(parts)).whole({}, time.monotonic() - began)
        return np.concatenate(parts)


def _batch(size: int | None) -> int:
    """Return the number of samples in a batch, 32 where none is given.

    Raises:
        OptionError: no whole number above 0.
    """
    if size is None:
        return 32
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise OptionError(f"batch_size {size!r}; expected a whole number above 0")
    return size


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


_WIDTHS = (33, 24, 15)


def bytes_of(parameters: int) -> str:
    """Return the memory of float32 parameters as Keras writes it.

    >>> bytes_of(101770), bytes_of(0)
    ('397.54 KB', '0.00 B')
    """
    size = float(4 * parameters)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            break
        size /= 1024
    return f"{size:.2f} {unit}"


def _row(cells: Sequence[str], bar: str) -> list[str]:
    """Return the lines of one row: cells too wide are wrapped, the last one is set right."""
    wrapped = [
        textwrap.wrap(cell, width - 2) or [""]
        for cell, width in zip(cells, _WIDTHS, strict=True)
    ]
    lines = []
    for parts in zip_longest(*wrapped, fillvalue=""):
        filled = [
            " " + (part.rjust(width - 2) if number == 2 else part.ljust(width - 2)) + " "
            for number, (part, width) in enumerate(zip(parts, _WIDTHS, strict=True))
        ]
        lines.append(bar + bar.join(filled) + bar)
    return lines


def _rule(left: str, line: str, cross: str, right: str) -> str:
    return left + cross.join(line * width for width in _WIDTHS) + right


def summary_of(name: str, layers: Sequence[Layer], total: tuple[int, int] | None = None) -> str:
    """Return the table of a model; what is not built yet has no shape and no parameters.

    `total` is the model's parameters, trained and not, where they are not the sum over the layers.
    """
    lines = [
        f'Model: "{name}"',
        _rule("┏", "━", "┳", "┓"),
        *_row(("Layer (type)", "Output Shape", "Param #"), "┃"),
        _rule("┡", "━", "╇", "┩"),
    ]
    learnt = fixed = 0
    for number, layer in enumerate(layers):
        if number:
            lines.append(_rule("├", "─", "┼", "┤"))
        own_learnt, own_fixed = layer.counts()
        learnt, fixed = learnt + own_learnt, fixed + own_fixed
        shape, count = "?", "0 (unbuilt)"
        if layer.module is not None:
            shape = "(" + ", ".join(["None", *map(str, layer.output_shape)]) + ")"
            count = f"{own_learnt + own_fixed:,}"
        lines += _row((f"{layer.name} ({type(layer).__name__})", shape, count), "│")
    lines.append(_rule("└", "─", "┴", "┘"))
    learnt, fixed = total or (learnt, fixed)
    for said, number in (
        ("Total", learnt + fixed), ("Trainable", learnt), ("Non-trainable", fixed),
    ):
        lines.append(f" {said} params: {number:,} ({bytes_of(number)})")
    return "\n".join(lines)
