"""Ready-made layers, `tf.keras.layers`: the engine's own of the name, called on tensors.

Outside of training by `fit` a layer computes from copies of its variables, so that every tape sees them;
within it the engine's module runs as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import engine as torch
from ...engine.absent import AbsentName
from ...engine.keras import layers as own
from ..functions.making import cast
from ..functions.network import leaky_relu, softmax
from ..functions.pointwise import clip_by_value
from ..recording import HERE, Value, run
from ..tensors import Tensor
from ..variables import Variable
from . import regularizers
from .activations import get as activation_of
from .base import Layer
from .combining import Add, Concatenate, Normalization
from .initializers import filling
from .inputs import Input, InputLayer
from .symbols import KerasTensor

__all__ = [
    "ELU",
    "Activation",
    "Add",
    "BatchNormalization",
    "Concatenate",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "Lambda",
    "Layer",
    "LeakyReLU",
    "Normalization",
    "ReLU",
    "Rescaling",
    "Reshape",
    "Softmax",
]

F = torch.nn.functional


class Ready(Layer):
    """A layer over one of the engine's Keras layers, whose parameters are its variables."""

    def __init__(self, inner: own.Layer, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self._inner = inner

    @property
    def module(self) -> Any:
        """The engine's module."""
        return self._inner.made()

    def __call__(self, inputs: Any, *args: Any, **options: Any) -> Any:
        """Return what comes out; the one tensor of a list is taken out of it.

        Raises:
            ValueError: a list of several tensors.
        """
        if isinstance(inputs, (list, tuple)) and isinstance(next(iter(inputs), None), (Value, KerasTensor)):
            if len(inputs) > 1:
                raise ValueError(
                    f'Layer "{self.name}" expects 1 input(s), but it received {len(inputs)} input tensors. '
                    "layers.Concatenate() puts several side by side"
                )
            inputs = inputs[0]
        return super().__call__(inputs, *args, **options)

    def build(self, input_shape: Any) -> None:
        """Make the engine's module for samples of a shape."""
        if self._inner.module is None:
            self.output_sizes = self._inner.build(tuple(int(size) for size in input_shape[1:]))
            self.kept()

    def kept(self) -> None:
        """Set the variables; subclasses that have some say which."""

    def variable(self, name: str, store: Any, turned: bool = False, trainable: bool = True) -> Variable:
        """Return the variable over one of the module's tensors."""
        return Variable.of(store, turned, trainable, f"{self._within}{self.name}/{name}")

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return what the module makes of the inputs."""
        if not inputs.dtype.is_floating:
            inputs = cast(inputs, "float32")
        self.module.train(training)
        if HERE.attached:
            return Tensor(self.module(inputs.linked))
        return self.computed(inputs, training)

    def computed(self, inputs: Any, training: bool) -> Any:
        """Return the same from copies of the variables."""
        return run(self.module, inputs)


class Dense(Ready):
    """activation(x W + b), with `units` outputs; weights glorot_uniform, biases zero.

    `kernel_regularizer` and `bias_regularizer` add to the loss what the weights cost by their size.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        **of_layer: Any,
    ) -> None:
        self._function = activation_of(activation)
        super().__init__(
            own.Dense(int(units), None, use_bias, _name(kernel_initializer), _name(bias_initializer)),
            **of_layer,
        )
        self._fills = (kernel_initializer, bias_initializer)
        self.units: int = int(units)
        self.activation = self._function
        self.use_bias = use_bias
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)

    def kept(self) -> None:
        """Set the kernel (in, out) and the bias."""
        linear = self.module
        for given, store in zip(self._fills, (linear.weight, linear.bias), strict=True):
            if store is not None and not isinstance(given, str):
                filling(given)(store)
        self.kernel: Variable = self.variable("kernel", linear.weight, True)
        self.bias: Variable | None = self.variable("bias", linear.bias) if self.use_bias else None
        self.penalised(self.kernel_regularizer, self.kernel)
        self.penalised(self.bias_regularizer, self.bias)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return activation(x W + b)."""
        size = self.module.in_features
        if inputs.ndim < 2 or inputs.shape[-1] != size:
            raise ValueError(
                f"Input 0 of layer '{self.name}' is incompatible with the layer: expected axis -1 of "
                f"input shape to "
                f"have value {size}, but received input with shape {inputs.shape}"
            )
        return self._function(super().call(inputs, training))

    def computed(self, inputs: Any, training: bool) -> Any:
        """Return x W + b."""
        if self.bias is None:
            return run(lambda x, k: F.linear(x, k.t()), inputs, self.kernel)
        return run(lambda x, k, b: F.linear(x, k.t(), b), inputs, self.kernel, self.bias)


def _name(initializer: Any) -> str:
    return initializer if isinstance(initializer, str) else "zeros"


class Flatten(Ready):
    """Each sample as one row."""

    def __init__(self, **of_layer: Any) -> None:
        super().__init__(own.Flatten(), **of_layer)


class Dropout(Ready):
    """In training sets the fraction `rate` to 0 and scales the rest by 1/(1 − rate)."""

    def __init__(self, rate: float, noise_shape: Any = None, seed: Any = None, **of_layer: Any) -> None:
        if noise_shape is not None:
            raise ValueError("noise_shape is not for this layer: each element is drawn by itself")
        super().__init__(own.Dropout(rate), **of_layer)
        self.rate = rate


class BatchNormalization(Ready):
    """Batch normalisation; `momentum` is the weight of the old statistics."""

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        **of_layer: Any,
    ) -> None:
        if axis not in (-1, 1):
            raise ValueError(f"axis {axis}; rows are normalised along their last axis, -1")
        super().__init__(own.BatchNormalization(momentum, epsilon, center, scale), **of_layer)

    def kept(self) -> None:
        """Set gamma, beta and the two moving statistics."""
        made = self.module
        self.gamma: Variable | None = None if made.weight is None else self.variable("gamma", made.weight)
        self.beta: Variable | None = None if made.bias is None else self.variable("beta", made.bias)
        self.moving_mean: Variable = self.variable("moving_mean", made.running_mean, trainable=False)
        self.moving_variance: Variable = self.variable("moving_variance", made.running_var, trainable=False)

    def computed(self, inputs: Any, training: bool) -> Any:
        """Return the rows standardised, scaled and shifted; in training the statistics move."""
        made, given = self.module, [each for each in (self.gamma, self.beta) if each is not None]
        mean, spread = made.running_mean.clone(), made.running_var.clone()
        if training:
            with torch.no_grad():
                made(inputs.raw)

        def normalised(x: Any, *of_variables: Any) -> Any:
            parts = list(of_variables)
            weight = parts.pop(0) if self.gamma is not None else None
            bias = parts.pop(0) if self.beta is not None else None
            if training and len(x) > 1:
                return F.batch_norm(x, None, None, weight, bias, True, 0.0, made.eps)
            out = x - x if training else (x - mean) * torch.rsqrt(spread + made.eps)
            out = out if weight is None else out * weight
            return out if bias is None else out + bias

        return run(normalised, inputs, *given)


class Activation(Layer):
    """An activation on its own, by its name or as a function."""

    def __init__(self, activation: Any, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.activation = activation_of(activation)

    def call(self, inputs: Any) -> Any:
        """Return the activation of the inputs."""
        return self.activation(inputs)


class ReLU(Layer):
    """max(0, x), or negative_slope·x below 0; at most `max_value`."""

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **of_layer: Any,
    ) -> None:
        if threshold:
            raise ValueError("a threshold other than 0 is not for this layer")
        super().__init__(**of_layer)
        self.max_value = max_value
        self.negative_slope = negative_slope

    def call(self, inputs: Any) -> Any:
        """Return the rectified inputs."""
        slope = self.negative_slope
        out = leaky_relu(inputs, slope) if slope else run(torch.relu, inputs)
        return out if self.max_value is None else clip_by_value(out, float("-inf"), self.max_value)


class LeakyReLU(Layer):
    """x, and negative_slope·x below 0."""

    def __init__(self, negative_slope: float = 0.3, alpha: float | None = None, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.negative_slope: float = negative_slope if alpha is None else alpha

    def call(self, inputs: Any) -> Any:
        """Return the rectified inputs."""
        return leaky_relu(inputs, self.negative_slope)


class ELU(Layer):
    """x, and alpha·(exp(x) − 1) below 0."""

    def __init__(self, alpha: float = 1.0, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.alpha = alpha

    def call(self, inputs: Any) -> Any:
        """Return the activation of the inputs."""
        return run(lambda raw: F.elu(raw, self.alpha), inputs)


class Softmax(Layer):
    """Probabilities: exp(x) divided by its sum along an axis."""

    def __init__(self, axis: int = -1, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.axis = axis

    def call(self, inputs: Any) -> Any:
        """Return the probabilities."""
        return softmax(inputs, self.axis)


class Rescaling(Layer):
    """scale·x + offset."""

    def __init__(self, scale: float, offset: float = 0.0, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.scale = scale
        self.offset = offset

    def call(self, inputs: Any) -> Any:
        """Return the scaled inputs, as float32."""
        return cast(inputs, "float32") * self.scale + self.offset


class Reshape(Layer):
    """Each sample in another shape."""

    def __init__(self, target_shape: Any, **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.target_shape: tuple[int, ...] = tuple(int(size) for size in target_shape)

    def call(self, inputs: Any) -> Any:
        """Return the samples in that shape."""
        shape = (int(inputs.shape[0]), *self.target_shape)
        return run(lambda raw: raw.reshape(shape), inputs)


class Lambda(Layer):
    """A function of one's own as a layer."""

    def __init__(self, function: Callable[[Any], Any], **of_layer: Any) -> None:
        super().__init__(**of_layer)
        self.function = function

    def call(self, inputs: Any) -> Any:
        """Return the function of the inputs."""
        return self.function(inputs)


_NEAREST = {
    "Conv2D": "Dense",
    "Conv1D": "Dense",
    "MaxPooling2D": "Flatten",
    "MaxPool2D": "Flatten",
    "LSTM": "Dense",
    "GRU": "Dense",
    "SimpleRNN": "Dense",
    "Embedding": "Dense",
    "GlobalAveragePooling2D": "Flatten",
    "LayerNormalization": "BatchNormalization",
    "PReLU": "LeakyReLU",
    "GaussianNoise": "Dropout",
    "Average": "Add",
    "Multiply": "Add",
    "Subtract": "Add",
    "AveragePooling2D": "Flatten",
}


def __getattr__(name: str) -> Any:
    """Refuse a layer by naming the nearest one."""
    near = _NEAREST.get(name)
    listed = (near,) if near else tuple(__all__)
    raise AbsentName(f"module {__name__!r}", name, listed)
