"""Keras's names on tensors of `tf`: models, layers, losses, optimizers, metrics, data sets, helpers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ROOMS = (
    "activations",
    "callbacks",
    "datasets",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "utils",
)
_HOMES = {
    "Initializer": "initializers",
    "Input": "layers",
    "Layer": "layers",
    "Loss": "losses",
    "Metric": "metrics",
    "Model": "models",
    "Optimizer": "optimizers",
    "Sequential": "models",
}
__all__ = sorted([*_ROOMS, *_HOMES])
_NEAREST = {
    "backend": "utils",
    "preprocessing": "utils",
    "applications": "models",
    "constraints": "regularizers",
    "ops": "layers",
    "saving": "models",
    "wrappers": "models",
}


def __getattr__(name: str) -> Any:
    """Load a room or a name when it is asked for."""
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    from importlib.util import find_spec  # start-up time

    if name.startswith("__") or find_spec(f"{__name__}.{name}") is not None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ...engine.absent import AbsentName  # start-up time

    near = _NEAREST.get(name)
    raise AbsentName(f"module {__name__!r}", name, (near,) if near else tuple(__all__))


def __dir__() -> list[str]:
    return list(__all__)
