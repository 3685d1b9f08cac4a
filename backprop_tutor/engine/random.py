"""The default generator's state, under the name `torch.random`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .absent import refusing
from .functions import table as _table  # noqa: F401  (fills in the class Tensor)
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

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
