"""NumPy's functions: on plain arrays NumPy's own, on what is differentiated the engine's."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from autograd.boxes import Box
from benchmarks.shims.not_offered import NotOffered

from .functions import ENGINES
from .wrapping import offered, passed_on


def __getattr__(name: str) -> Any:
    if name.startswith("_") and not hasattr(np, name):
        raise AttributeError(name)
    if name in ENGINES and hasattr(np, name):
        return offered(getattr(np, name), ENGINES[name])
    if name == "row_stack":
        return offered(np.vstack, ENGINES["vstack"])
    if name in ("r_", "c_"):
        raise NotOffered(f"numpy.{name}: the shim has no such object on the engine")
    if not hasattr(np, name):
        raise NotOffered(f"numpy.{name}: NumPy itself has no such function")
    return passed_on(getattr(np, name))


def shape(x: Any) -> tuple[int, ...]:
    """Return the sizes."""
    return x.shape if isinstance(x, Box) else np.shape(x)


def ndim(x: Any) -> int:
    """Return the number of dimensions."""
    return x.ndim if isinstance(x, Box) else np.ndim(x)


# By name, since `from . import` would find NumPy's own through `__getattr__`.
for _room in ("fft", "linalg", "random"):
    import_module(f"autograd.numpy.{_room}")
