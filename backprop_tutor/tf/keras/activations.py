"""Activations by Keras's names, `tf.keras.activations`, as functions of tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import engine as torch
from ...engine.absent import refusing
from ...engine.keras.layers import ACTIVATIONS
from ...errors import OptionError
from ..functions.making import tensor
from ..functions.network import softmax
from ..recording import run

__all__ = [
    "elu",
    "exponential",
    "gelu",
    "get",
    "leaky_relu",
    "linear",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]

F = torch.nn.functional


def linear(x: Any) -> Any:
    """Return x itself."""
    return tensor(x)


def get(identifier: Any) -> Callable[[Any], Any]:
    """Return the activation of a name, the function that is given, or the identity for None.

    >>> print(get("relu")([-1.0, 2.0]))
    tf.Tensor([0. 2.], shape=(2,), dtype=float32)

    Raises:
        OptionError: an unknown name.
    """
    if identifier is None:
        return linear
    if callable(identifier):
        found: Callable[[Any], Any] = identifier
        return found
    named = ACTIVATIONS.get(identifier) if isinstance(identifier, str) else None
    if named is None:
        from ...engine.training.choices import chosen  # its message lists the names

        named = chosen("activation", identifier, ACTIVATIONS)
    module = named()
    return lambda x: run(module, tensor(x))


def _of(name: str) -> Callable[[Any], Any]:
    def activation(x: Any) -> Any:
        return get(name)(x)

    activation.__name__ = activation.__qualname__ = name
    activation.__doc__ = f"Return {name} of x."
    return activation


def relu(
    x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Any:
    """Return max(0, x), or negative_slope·x below 0; at most `max_value`."""
    if threshold:
        raise OptionError("a threshold other than 0 is not for this function")
    value = tensor(x)
    out = run(lambda raw: F.leaky_relu(raw, negative_slope) if negative_slope else torch.relu(raw), value)
    return out if max_value is None else run(lambda raw: torch.clamp(raw, max=max_value), out)


elu = _of("elu")
exponential = _of("exponential")
gelu = _of("gelu")
leaky_relu = _of("leaky_relu")
selu = _of("selu")
sigmoid = _of("sigmoid")
silu = _of("silu")
softplus = _of("softplus")
softsign = _of("softsign")
swish = _of("swish")
tanh = _of("tanh")

__getattr__ = refusing(__name__)
