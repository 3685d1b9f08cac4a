"""The default generator's state, under the name `torch.random`."""

from __future__ import annotations

from .absent import refusing
from .functions import methods as _methods  # noqa: F401  (fills in the class Tensor)
from .tensors.randomness import (
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)

__all__ = [
    "default_generator", "get_rng_state", "initial_seed", "manual_seed", "seed", "set_rng_state",
]

__getattr__ = refusing(__name__)
