"""TensorFlow's names over the engine: `import backprop_tutor.tf as tf`, and a course's small program runs.

Tensors never change, variables are assigned to, dtypes do not mix, tapes record what they watch, and
`tf.keras` trains. Importing it loads nothing; `docs/tensorflow.md` lists what there is.

>>> from backprop_tutor import tf
>>> x = tf.Variable(3.0)
>>> with tf.GradientTape() as tape:
...     y = x ** 2
>>> print(tape.gradient(y, x))
tf.Tensor(6.0, shape=(), dtype=float32)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "2.0+backprop.tutor"
"""TensorFlow's version whose names these are; programs that ask for 2 or more find it."""

_MODULES = ("data", "errors", "keras", "linalg", "math", "nn", "random")


def __getattr__(name: str) -> Any:
    """Load a name or a room when it is asked for."""
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if name == "__all__":
        return sorted({*_names(), *_MODULES})
    from importlib.util import find_spec  # start-up time

    # `from . import pairs` asks for the name before it imports the module
    if name.startswith("__") or (name not in _names() and find_spec(f"{__name__}.{name}") is not None):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(".namespace", __name__).found("", name)


def _names() -> dict[str, Any]:
    names: dict[str, Any] = import_module(".namespace", __name__).ROOMS[""]
    return names


def __dir__() -> list[str]:
    return sorted({*_names(), *_MODULES})
