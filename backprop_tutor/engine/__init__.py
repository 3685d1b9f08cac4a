"""The tensor engine: PyTorch's names and PyTorch's numbers, on NumPy.

`from backprop_tutor import engine as torch` and a small PyTorch program runs as it stands.
Importing it loads nothing; the names and rooms (`nn`, `optim`, `utils`, `autograd`, `keras`, ...)
load when they are first asked for.

>>> from backprop_tutor import engine as torch
>>> x = torch.tensor([1.0, 2.0], requires_grad=True)
>>> (x ** 2).sum().backward()
>>> x.grad
tensor([2., 4.])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import autograd as autograd
    from . import datasets as datasets
    from . import func as func
    from . import keras as keras
    from . import linalg as linalg
    from . import nn as nn
    from . import optim as optim
    from . import plots as plots
    from . import random as random
    from . import special as special
    from . import testing as testing
    from . import training as training
    from . import utils as utils
    from .func import vmap as vmap
    from .namespace import *  # noqa: F403  (all that its own list names)
    from .saving import load as load
    from .saving import save as save
    from .training import EarlyStopping as EarlyStopping
    from .training import History as History
    from .training import evaluate as evaluate
    from .training import fit as fit

_ROOMS = (
    "autograd", "datasets", "func", "keras", "linalg", "nn", "optim", "plots", "random", "special",
    "testing", "training", "utils",
)
_HOMES = {
    "EarlyStopping": "training", "History": "training", "evaluate": "training", "fit": "training",
    "load": "saving", "save": "saving", "vmap": "func",
}
"""Names at the top whose home is loaded only for them."""


def _names() -> list[str]:
    """Bring in every name of PyTorch's top; return what `import *` gives."""
    namespace = import_module(".namespace", __name__)
    listed = [*namespace.__all__]
    globals().update({name: getattr(namespace, name) for name in listed})
    return [*listed, *_HOMES]


def __getattr__(name: str) -> Any:
    """Load a room, or the names of the top, when one is first asked for."""
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name in _HOMES:
        value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    elif name == "__all__":
        value = _names()
    else:
        from importlib.util import find_spec  # start-up time

        # `from . import arithmetic` asks for the name before it imports the module
        if name.startswith("__") or find_spec(f"{__name__}.{name}") is not None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        _names()
        if name not in globals():
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals()[name]
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_names(), *_ROOMS})
