"""`tf.function` and `tf.config`, which here change nothing: every call runs the Python function itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Any

__all__ = ["config", "executing_eagerly", "function"]


def function(func: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Return the function as it is: nothing is traced, so a `print` in it speaks at every call.

    >>> from backprop_tutor import tf
    >>> @tf.function
    ... def double(x):
    ...     return 2 * x
    >>> print(double(tf.constant(3)))
    tf.Tensor(6, shape=(), dtype=int32)
    """
    if func is None:
        return lambda given: function(given)

    @wraps(func)
    def called(*args: Any, **named: Any) -> Any:
        return func(*args, **named)

    return called


def executing_eagerly() -> bool:
    """Return True: operations run when they are called."""
    return True


def _devices(device_type: str | None = None) -> list[Any]:
    """Return the devices of a kind: one processor, and no graphics card."""
    cpu = SimpleNamespace(name="/physical_device:CPU:0", device_type="CPU")
    return [cpu] if device_type in (None, "CPU") else []


def _run_eagerly(run_eagerly: bool) -> None:
    """Take what is so in any case."""


config = SimpleNamespace(list_physical_devices=_devices, run_functions_eagerly=_run_eagerly)
"""What programs ask of the machine."""
