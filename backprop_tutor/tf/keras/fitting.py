"""A model of `tf.keras` as a module of the engine's, which the engine's training loop fits.

While the loop runs, the model's layers keep the engine's own graph: nothing is computed twice. What the
loop hands over and asks for is turned around here: losses and metrics take what is wanted first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ... import engine as torch
from ...engine.keras import Model as EngineModel
from ...engine.keras import losses as own
from ..recording import Value, attached
from ..structures import leaves_of
from ..tensors import Tensor
from . import losses, metrics

__all__ = ["Fitted", "batches", "loss_for", "metrics_for", "plain", "steps_of"]


class Fitted(EngineModel):
    """The module of a model: its known layers' modules and its other variables as parameters."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.shown = (model,)
        self._bare: Any = None
        self.refresh()

    def compile(self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = ()) -> None:
        """Say how the model is trained."""
        super().compile(optimizer, loss, metrics)
        self._bare = self._loss

    def refresh(self) -> None:
        """Take in what the model has: layers and variables made since, what weights cost by their size."""
        model = self.shown[0]
        modules = torch.nn.ModuleList()
        held: set[int] = set()
        waiting = [model]
        while waiting:
            layer = waiting.pop(0)
            inner = layer.__dict__.get("_inner")
            if inner is not None and getattr(inner, "module", None) is not None:
                modules.append(inner.module)
                held.update(id(parameter) for parameter in inner.module.parameters())
            waiting = layer.sublayers + waiting
        self.parts = modules
        others = torch.nn.ParameterList()
        for variable in model.weights:
            if id(variable.store) not in held and isinstance(variable.store, torch.nn.Parameter):
                others.append(variable.store)
        self.others = others
        self.built: bool = bool(model.built)
        costs = any(layer.__dict__.get("_penalties") for layer in (model, *model.all_layers()))
        self._loss = Penalised(self._bare, model) if costs and self._bare is not None else self._bare

    def made_for(self, inputs: Any) -> None:
        """Build the model for such inputs."""
        self.shown[0].built_by(Tensor(inputs[:1]))
        self.refresh()

    def forward(self, inputs: Any) -> Any:
        """Return the model's outputs, in the engine's graph."""
        model = self.shown[0]
        if not model.built:
            self.made_for(inputs)
        with attached():
            out = model(Tensor(inputs), training=self.training)
        return out.linked


class Penalised(own.Loss):
    """A loss and what a model's weights cost by their size, as far as they are built."""

    def __init__(self, loss: Any, model: Any) -> None:
        super().__init__(getattr(loss, "from_logits", False))
        self.loss = loss
        self.model = model
        self.classes: bool = getattr(loss, "classes", False)

    @property
    def name(self) -> str:
        """The loss's own name."""
        return str(getattr(self.loss, "name", None) or getattr(self.loss, "__name__", "loss"))

    def __call__(self, outputs: Any, targets: Any) -> Any:
        """Return the loss of a batch and the penalties."""
        found = self.loss(outputs, targets)
        with attached():
            for penalty in self.model.losses:
                found = found + penalty.linked
        return found

    def each(self, outputs: Any, targets: Any) -> Any:
        """Return the losses of the samples, without the penalties."""
        return self.loss.each(outputs, targets)


def steps_of(inputs: Any, targets: Any, batch_size: int | None, split: float) -> int:
    """Return how many steps an epoch has: batches of arrays, less what is set aside, or of a data set."""
    if targets is None:
        return len(inputs)
    return math.ceil(int(len(inputs) * (1 - split)) / (batch_size or 32))


def plain(given: Any) -> Any:
    """Return arrays for the engine of arrays, lists and tensors."""
    return np.asarray(given.raw.numpy()) if isinstance(given, Value) else given


class batches:
    """A data set's batches as pairs of the engine's tensors, again each time they are walked through."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        for pair in self._data:
            x, y = (np.asarray(each) for each in pair)
            yield torch.from_numpy(np.asarray(x, np.float32)), torch.from_numpy(_target(y))


def _target(y: Any) -> Any:
    return np.ascontiguousarray(y, np.int64 if y.dtype.kind in "iub" else np.float32)


def loss_for(loss: Any) -> Any:
    """Return a loss as the engine calls it.

    Raises:
        ValueError: none is given, or it cannot be called.
    """
    if loss is None:
        raise ValueError('a model is compiled with a loss, such as loss="mse"')
    if isinstance(loss, losses.Ready) and loss.reduction not in ("sum", "none"):
        return loss.engine
    if isinstance(loss, str):
        return loss
    if not callable(loss):
        raise ValueError(
            f"the loss is a {type(loss).__name__}; expected a name, a Loss or a function of two"
        )

    def compared(outputs: Any, targets: Any) -> Any:
        with attached():
            found = _asked(loss, outputs, targets)
        return found.linked.mean() if found.linked.ndim else found.linked

    compared.__name__ = str(getattr(loss, "name", None) or getattr(loss, "__name__", "loss"))
    return compared


def _asked(function: Callable[..., Any], outputs: Any, targets: Any) -> Any:
    """Return a function of what is wanted, as float32 in the outputs' rank, and of the outputs."""
    wanted = targets.to(torch.float32) if not isinstance(function, losses.Ready) else targets
    if wanted.ndim == outputs.ndim - 1 and outputs.shape[-1] == 1:
        wanted = wanted.unsqueeze(-1)
    found = function(Tensor(wanted), Tensor(outputs))
    if not isinstance(found, Tensor):
        raise ValueError(f"a loss or a metric returned {found!r}; expected a tensor")
    return found


def metrics_for(given: Any) -> Any:
    """Return metrics as the engine calls them: names as they are, objects and functions turned around."""
    listed = [] if given is None else [given] if isinstance(given, str) or callable(given) else list(given)
    return [each if isinstance(each, str) else _measure(each) for each in leaves_of(listed)]


def _measure(metric: Any) -> Callable[[Any, Any], float]:
    if not callable(metric):
        raise ValueError(f"a metric is {metric!r}; expected a name, a Metric or a function of two")

    def measured(outputs: Any, targets: Any) -> float:
        if isinstance(metric, metrics.Metric):
            return metric.of_batch(Tensor(targets), Tensor(outputs.detach()))
        with torch.no_grad():
            found = _asked(metric, outputs.detach(), targets)
        return float(found.raw.detach().to(torch.float64).mean())

    measured.__name__ = str(getattr(metric, "name", None) or getattr(metric, "__name__", "metric"))
    return measured
