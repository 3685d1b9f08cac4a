"""First weights: `tf.keras.initializers`, by name or as objects; the engine's generator draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import engine as torch
from ...engine.keras.layers import INITIALIZERS, initialize
from ..converting import array_of, raw_of
from ..recording import Value
from ..tensors import Tensor

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "Zeros",
    "drawn",
    "filling",
]


class Initializer:
    """Draws a tensor's first value: called with a shape."""

    def __init__(self, name: str, fill: Callable[[Any], Any]) -> None:
        self.name = name
        self.fill = fill

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        """Return a drawn tensor."""
        return Tensor(drawn(tuple(shape), self))


def filling(given: Any) -> Callable[[Any], Any]:
    """Return what fills a weight (out, in) in place: by a name, an initializer or a function."""
    if isinstance(given, Initializer):
        return given.fill
    if isinstance(given, str) or not callable(given):
        name = str(given)
        return lambda weight: initialize(weight, name)

    def fill(weight: Any) -> Any:
        shape = tuple(weight.shape)[::-1] if weight.ndim == 2 else tuple(weight.shape)
        made = given(shape)
        raw = made.raw if isinstance(made, Value) else raw_of(array_of(made))
        with torch.no_grad():
            weight.copy_(raw.t() if weight.ndim == 2 else raw)
        return weight

    return fill


def drawn(shape: tuple[int, ...], given: Any) -> Any:
    """Return the engine's tensor of a first value; kernels are (in, out)."""
    turned = shape[::-1] if len(shape) == 2 else shape
    weight = torch.zeros(turned)
    filling(given)(weight)
    return weight.t().clone() if len(shape) == 2 else weight


def _named(name: str) -> Callable[..., Initializer]:
    def made(seed: int | None = None) -> Initializer:
        return Initializer(name, _seeded(INITIALIZERS[name], seed))

    made.__name__ = made.__qualname__ = name
    made.__doc__ = f"Return the initializer {name}."
    return made


def _seeded(fill: Callable[[Any], Any], seed: int | None) -> Callable[[Any], Any]:
    if seed is None:
        return fill

    def filled(weight: Any) -> Any:
        state = torch.get_rng_state()
        torch.manual_seed(int(seed))
        try:
            return fill(weight)
        finally:
            torch.set_rng_state(state)

    return filled


GlorotUniform = _named("glorot_uniform")
GlorotNormal = _named("glorot_normal")
HeUniform = _named("he_uniform")
HeNormal = _named("he_normal")
LecunUniform = _named("lecun_uniform")
LecunNormal = _named("lecun_normal")


def Zeros() -> Initializer:
    """Return the initializer of zeros."""
    return Initializer("zeros", torch.nn.init.zeros_)


def Ones() -> Initializer:
    """Return the initializer of ones."""
    return Initializer("ones", torch.nn.init.ones_)


def Constant(value: float = 0.0) -> Initializer:
    """Return the initializer of one number."""
    return Initializer("constant", lambda weight: torch.nn.init.constant_(weight, value))


def RandomNormal(mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> Initializer:
    """Return the initializer of a normal distribution."""
    return Initializer(
        "random_normal", _seeded(lambda weight: torch.nn.init.normal_(weight, mean, stddev), seed)
    )


def RandomUniform(minval: float = -0.05, maxval: float = 0.05, seed: int | None = None) -> Initializer:
    """Return the initializer of a uniform distribution."""
    return Initializer(
        "random_uniform", _seeded(lambda weight: torch.nn.init.uniform_(weight, minval, maxval), seed)
    )
