"""The tensor engine: PyTorch's names and PyTorch's numbers, on NumPy.

`from backprop_tutor import engine as torch` and a small PyTorch program runs as it stands.
Importing it loads nothing; the names and rooms (`nn`, `optim`, `utils`, `autograd`, `keras`, ...)
load when they are first asked for. `__init__.pyi` lists them for readers and type checkers.

>>> from backprop_tutor import engine as torch
>>> x = torch.tensor([1.0, 2.0], requires_grad=True)
>>> (x ** 2).sum().backward()
>>> x.grad
tensor([2., 4.])
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ROOMS = (
    "autograd", "datasets", "keras", "linalg", "nn", "optim", "plots", "random", "training", "utils",
)
_HOMES = {
    "CompiledStep": "compiling", "EarlyStopping": "training", "History": "training", "compile": "compiling",
    "evaluate": "training", "fit": "training",
    "load": "tensors.saving", "save": "tensors.saving",
}
"""Names at the top whose home is loaded only for them."""


_LOADED: dict[str, Any] = {}
"""The names of the top, once one of them was asked for."""


def _top() -> dict[str, Any]:
    """Return the names of PyTorch's top; NumPy is loaded with them."""
    global _LOADED
    if not _LOADED:
        _LOADED = import_module(".namespace", __name__).TOP
    return _LOADED


def __getattr__(name: str) -> Any:
    """Load a room, or a name of the top, when it is asked for."""
    if name in _LOADED:  # first: programs ask for these in their loops
        return _LOADED[name]
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    if name == "__all__":
        return sorted({*_top(), *_HOMES, "linalg"})
    from importlib.util import find_spec  # start-up time

    # `from . import arithmetic` asks for the name before it imports the module
    if name.startswith("__") or find_spec(f"{__name__}.{name}") is not None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    top = _top()
    if name in top:
        return top[name]
    from .absent import AbsentName  # start-up time

    raise AbsentName(f"module {__name__!r}", name, __dir__)


def __dir__() -> list[str]:
    return sorted({*_top(), *_HOMES, *_ROOMS})
