"""Differentiation: nodes, the tape and the pass; gradients on request, functions of one's own, checks.

The rooms of tensors and functions stand on `node` and `tape`, the rest of this room on them; so its
names are loaded when they are asked for. `__init__.pyi` lists them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Function": "function", "GradcheckError": "checking", "Variable": "function",
    "backward": "requests", "detect_anomaly": "modes", "enable_grad": "modes", "grad": "requests",
    "gradcheck": "checking", "gradgradcheck": "checking", "inference_mode": "modes",
    "no_grad": "modes", "once_differentiable": "function", "set_detect_anomaly": "modes",
    "set_grad_enabled": "modes",
}
"""The public names, and the files that they stand in."""

_ROOMS = ("function", "functional")
"""Files that are public names themselves."""


def __getattr__(name: str) -> Any:
    """Load a public name."""
    if name == "__all__":
        return sorted([*_HOMES, *_ROOMS])
    if name not in _HOMES and name not in _ROOMS:
        from ..absent import AbsentName  # start-up time

        raise AbsentName(f"module {__name__!r}", name, __dir__)
    import_module("..functions.table", __name__)  # fills in the class Tensor
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*_HOMES, *_ROOMS])
