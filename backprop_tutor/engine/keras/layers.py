"""Keras's layers, each of which becomes a module of `nn` once the size of its input is known.

A shape here is that of one sample, without the batch. Initial weights have Keras's names, and are drawn
over the fans of a weight (out, in).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ...errors import OptionError, ShapeError
from ...ops import OPS, Operation
from .. import nn
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor
from ..functions.elementwise import FUNCTIONS
from ..fused.activations import is_layer, module_name, settings
from ..training.choices import chosen

__all__ = [
    "ACTIVATIONS", "INITIALIZERS", "Activation", "BatchNormalization", "Dense", "Dropout",
    "Flatten", "Input", "InputLayer", "Layer", "initialize",
]


Shape = tuple[int, ...]


def initialize(weight: Tensor, name: str) -> None:
    """Fill a weight as the initializer of that name does.

    Raises:
        OptionError: there is no such initializer.
    """
    chosen("initializer", name, INITIALIZERS)(weight)


class _Applied(nn.Module):
    """A function of tensors as a module."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, input: Tensor) -> Tensor:
        """Return the function of the input, in its shape."""
        return self.function(input)


def _module(row: Operation) -> Callable[[], nn.Module]:
    """Return what makes the module of a row, with Keras's values of its options."""
    if row.torch is None:
        return nn.Identity
    if row.outputs:
        return partial(getattr(nn, module_name(row.name)), dim=-1)
    if not is_layer(row):
        return partial(_Applied, FUNCTIONS[row.name])
    given = dict(row.keras.options) if row.keras else {}
    named = {name: given[o] for name, (o, _) in settings(row.name).items() if o in given}
    return partial(getattr(nn, module_name(row.name)), **named)


def _names(row: Operation) -> tuple[str, ...]:
    return row.keras.names if row.keras else (row.name,) if row.activation else ()


ACTIVATIONS = OPS.derived(lambda row: {name: _module(row) for name in _names(row)})
"""The activations of the table `OPS`, by Keras's names."""


def _activation(given: Any) -> nn.Module:
    if given is None:
        return nn.Identity()
    if isinstance(given, nn.Module):
        return given
    return chosen("activation", given, ACTIVATIONS)()


def _positive(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise OptionError(f"{what} {value!r}; expected a whole number above 0")
    return value


def _shape(given: Any) -> Shape | None:
    if given is None:
        return None
    sizes = (given,) if isinstance(given, int) else tuple(given)
    return tuple(_positive(size, "a size in the input shape is") for size in sizes)


class Layer:
    """What all layers share: a name, the input's shape where it is said, and the module made."""

    kind = "layer"

    def __init__(
        self, *, input_shape: Any = None, input_dim: int | None = None, name: str | None = None
    ) -> None:
        if input_shape is not None and input_dim is not None:
            raise OptionError("input_shape and input_dim are both given; one says it all")
        self.input_shape: Shape | None = _shape(input_dim if input_shape is None else input_shape)
        self.name = name
        self.module: nn.Module | None = None
        self.output_shape: Shape = ()

    def build(self, shape: Shape) -> Shape:
        """Make the module for samples of a shape; return the shape that comes out."""
        self.module = nn.Identity()
        return shape

    def made(self) -> nn.Module:
        """Return the module, which `build` has made."""
        if self.module is None:
            raise OptionError(f"the layer {self.name} is not built yet")
        return self.module

    def counts(self) -> tuple[int, int]:
        """Return the numbers of parameters that are learnt and that are not."""
        if self.module is None:
            return 0, 0
        learnt = sum(p.numel() for p in self.module.parameters() if p.requires_grad)
        return learnt, sum(p.numel() for p in self.module.parameters() if not p.requires_grad)

    def _held(self) -> list[Tensor]:
        """Return the layer's tensors in Keras's order, kernels as (in, out)."""
        return []

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """Return copies of the layer's arrays, in Keras's order, kernels as (in, out)."""
        return [np.array(tensor._a) for tensor in self._held()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Write arrays into the layer, in the order and the shapes of `get_weights`.

        Raises:
            OptionError: another number of arrays, or a layer that is not built.
            ShapeError: an array of another shape.
        """
        self.made()
        held = self._held()
        if len(weights) != len(held):
            raise OptionError(
                f"{len(weights)} arrays for the layer {self.name}; expected {len(held)}"
            )
        given = [np.asarray(each) for each in weights]
        for place, (each, tensor) in enumerate(zip(given, held, strict=True)):
            if each.shape != tensor._a.shape:
                raise ShapeError(
                    f"array {place} for the layer {self.name} has shape {each.shape}; "
                    f"expected {tensor._a.shape}"
                )
        with no_grad():
            for each, tensor in zip(given, held, strict=True):
                tensor._a[...] = each
                tensor._ver[0] += 1


class Input(Layer):
    """Says the shape of one sample; `Input(shape=(784,))` or `InputLayer(input_shape=784)`."""

    kind = "input_layer"

    def __init__(self, shape: Any = None, *, input_shape: Any = None, name: str | None = None) -> None:
        given = input_shape if shape is None else shape
        if given is None:
            raise OptionError("an input without a shape; expected shape=(...)")
        super().__init__(input_shape=given, name=name)


InputLayer = Input


class Dense(Layer):
    """activation(x W + b), with `units` outputs; weights glorot_uniform, biases zero."""

    kind = "dense"

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
        *,
        input_shape: Any = None,
        input_dim: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(input_shape=input_shape, input_dim=input_dim, name=name)
        self.units: int = _positive(units, "units")
        self.activation = _activation(activation)
        self.use_bias = use_bias
        chosen("initializer", kernel_initializer, INITIALIZERS)
        chosen("initializer", bias_initializer, INITIALIZERS)
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.linear: nn.Linear | None = None

    def build(self, shape: Shape) -> Shape:
        """Make the weights."""
        if not shape:
            raise ShapeError("a Dense layer was given single numbers; expected rows of features")
        self.linear = nn.Linear(shape[-1], self.units, bias=self.use_bias)
        initialize(self.linear.weight, self.kernel_initializer)
        if self.use_bias:
            initialize(self.linear.bias, self.bias_initializer)
        plain = isinstance(self.activation, nn.Identity)
        self.module = self.linear if plain else nn.Sequential(self.linear, self.activation)
        return (*shape[:-1], self.units)

    def _held(self) -> list[Tensor]:
        if self.linear is None:
            return []
        kernel = self.linear.weight.T
        return [kernel, self.linear.bias] if self.use_bias else [kernel]


class Activation(Layer):
    """An activation on its own."""

    kind = "activation"

    def __init__(self, activation: Any, *, input_shape: Any = None, name: str | None = None) -> None:
        super().__init__(input_shape=input_shape, name=name)
        self.activation = _activation(activation)

    def build(self, shape: Shape) -> Shape:
        """Use the activation as the module."""
        self.module = self.activation
        return shape


class Flatten(Layer):
    """Each sample as one row."""

    kind = "flatten"

    def build(self, shape: Shape) -> Shape:
        """Make the module."""
        self.module = nn.Flatten()
        return (math.prod(shape),)


class Dropout(Layer):
    """In training sets the fraction `rate` to 0 and scales the rest by 1/(1 − rate)."""

    kind = "dropout"

    def __init__(self, rate: float, *, input_shape: Any = None, name: str | None = None) -> None:
        super().__init__(input_shape=input_shape, name=name)
        if not 0 <= rate <= 1:
            raise OptionError(f"rate {rate}; expected a fraction from 0 to 1")
        self.rate = rate

    def build(self, shape: Shape) -> Shape:
        """Make the module."""
        self.module = nn.Dropout(self.rate)
        return shape


class _Normalization(nn.BatchNorm1d):
    """Batch normalisation as Keras has it: the moving variance is the biased one of the batches.

    A batch of one sample has variance 0; PyTorch refuses it.
    """

    def forward(self, input: Tensor) -> Tensor:
        """Return the rows (n, c) standardised per column, then scaled and shifted."""
        if not self.training:
            return super().forward(input)
        assert self.momentum is not None  # the layer always gives one
        rows, weight = input._a, 1 - self.momentum
        for moving, now in (
            (self.running_mean, rows.mean(axis=0)), (self.running_var, rows.var(axis=0))
        ):
            moving._a[...] = weight * moving._a + self.momentum * now
            moving._ver[0] += 1
        if len(rows) > 1:
            return nn.functional.batch_norm(
                input, None, None, self.weight, self.bias, True, 0.0, self.eps
            )
        out = input - input
        if self.weight is not None:
            out = out * self.weight
        return out if self.bias is None else out + self.bias


class BatchNormalization(Layer):
    """Batch normalisation; `momentum` is the weight of the old statistics, 1 − PyTorch's."""

    kind = "batch_normalization"

    def __init__(
        self,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        *,
        input_shape: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(input_shape=input_shape, name=name)
        if not 0 <= momentum <= 1:
            raise OptionError(f"momentum {momentum}; expected a number from 0 to 1")
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale

    def build(self, shape: Shape) -> Shape:
        """Make the module."""
        if len(shape) != 1:
            raise ShapeError(
                f"batch normalisation of samples of shape {shape}; expected rows: put Flatten before"
            )
        made = _Normalization(shape[0], eps=self.epsilon, momentum=1 - self.momentum)
        if not self.scale:
            made.weight = None
        if not self.center:
            made.bias = None
        self.module = made
        return shape

    def counts(self) -> tuple[int, int]:
        """Return the numbers of parameters; the two running statistics are not learnt."""
        if self.module is None:
            return 0, 0
        statistics = self.module.running_mean.numel() + self.module.running_var.numel()
        return sum(p.numel() for p in self.module.parameters()), statistics

    def _held(self) -> list[Tensor]:
        if self.module is None:
            return []
        made = self.module
        held = [made.weight, made.bias, made.running_mean, made.running_var]
        return [tensor for tensor in held if tensor is not None]


init = nn.init
_CUT = 0.87962566103423978
"""The deviation of a normal distribution cut at two deviations, which Keras makes up for."""


def _truncated(weight: Tensor, std: float) -> Tensor:
    std = std / _CUT
    return init.trunc_normal_(weight, 0.0, std, -2 * std, 2 * std)


def _fans(weight: Tensor) -> tuple[int, int]:
    if weight.dim() < 2:
        return weight.numel(), weight.numel()
    return weight.shape[1], weight.shape[0]


def _scaled_uniform(scale: float, fan: Callable[[int, int], float]) -> Callable[[Tensor], Any]:
    def fill(weight: Tensor) -> Tensor:
        bound = (3 * scale / max(1.0, fan(*_fans(weight)))) ** 0.5
        return init.uniform_(weight, -bound, bound)

    return fill


def _scaled_normal(scale: float, fan: Callable[[int, int], float]) -> Callable[[Tensor], Any]:
    return lambda weight: _truncated(weight, (scale / max(1.0, fan(*_fans(weight)))) ** 0.5)


def _into(fan_in: int, fan_out: int) -> float:
    return fan_in


def _mean(fan_in: int, fan_out: int) -> float:
    return (fan_in + fan_out) / 2


INITIALIZERS: dict[str, Callable[[Tensor], Any]] = {
    "glorot_uniform": _scaled_uniform(1.0, _mean),
    "glorot_normal": _scaled_normal(1.0, _mean),
    "he_uniform": _scaled_uniform(2.0, _into),
    "he_normal": _scaled_normal(2.0, _into),
    "lecun_uniform": _scaled_uniform(1.0, _into),
    "lecun_normal": _scaled_normal(1.0, _into),
    "random_uniform": lambda weight: init.uniform_(weight, -0.05, 0.05),
    "random_normal": lambda weight: init.normal_(weight, 0.0, 0.05),
    "truncated_normal": lambda weight: _truncated(weight, 0.05 * _CUT),
    "zeros": init.zeros_,
    "ones": init.ones_,
}
