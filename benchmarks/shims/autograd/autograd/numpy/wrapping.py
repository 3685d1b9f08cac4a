"""How a function of NumPy's name goes to the engine, or refuses to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from autograd.boxes import Box, boxes_in, to_tensor
from backprop_tutor import engine
from benchmarks.shims.not_offered import NotOffered


def _given(x: Any) -> Any:
    if isinstance(x, (list, tuple)) and boxes_in(x):
        return type(x)(_given(e) for e in x)
    return to_tensor(x)


def joined(x: Any) -> Any:
    """Return nested lists of numbers and boxes as one tensor."""
    if isinstance(x, (list, tuple)):
        return engine.stack([joined(e) for e in x]) if x else engine.empty(0, dtype=engine.float64)
    found = to_tensor(x)
    return found if isinstance(found, engine.Tensor) else engine.tensor(found, dtype=engine.float64)


def _wrapped(x: Any) -> Any:
    if isinstance(x, engine.Tensor):
        return Box(x)
    return [_wrapped(e) for e in x] if isinstance(x, (list, tuple)) else x


def offered(own: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """Return NumPy's function that goes to the engine where an argument is differentiated."""

    @wraps(own, assigned=("__name__", "__doc__"), updated=())
    def call(*args: Any, **kwargs: Any) -> Any:
        if not boxes_in(args) and not boxes_in(kwargs):
            return own(*args, **kwargs)
        return _wrapped(function(*map(_given, args), **{k: _given(v) for k, v in kwargs.items()}))

    return call


def passed_on(own: Any) -> Any:
    """Return a name of NumPy that the engine does not stand for: functions refuse boxes."""
    if not callable(own) or isinstance(own, type):
        return own

    def call(*args: Any, **kwargs: Any) -> Any:
        if boxes_in(args) or boxes_in(kwargs):
            raise NotOffered(f"numpy.{own.__name__}: the shim has no such function on the engine")
        return own(*args, **kwargs)

    return call


def as_tensor(x: Any) -> Any:
    """Return a number, a tensor or nested lists of them as a tensor."""
    if isinstance(x, engine.Tensor):
        return x
    return joined(x) if isinstance(x, (list, tuple)) else engine.tensor(x, dtype=engine.float64)
