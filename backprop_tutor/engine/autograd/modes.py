"""Switching recording on and off: the contexts (and decorators) of grad mode and inference mode."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any

from .tape import MODE

__all__ = [
    "enable_grad", "inference_mode", "is_grad_enabled", "is_inference_mode_enabled", "no_grad",
    "set_grad_enabled",
]


def is_grad_enabled() -> bool:
    """Return whether operations are recorded."""
    return MODE.grad


def is_inference_mode_enabled() -> bool:
    """Return whether inference mode is on."""
    return MODE.inference


class _Switch:
    """A context that is also a decorator."""

    __slots__ = ("before",)
    before: Any

    def _again(self) -> Any:
        return type(self)()

    def __enter__(self) -> None:
        """Switch."""
        raise NotImplementedError

    def __exit__(self, *exc: object) -> None:
        """Switch back."""
        raise NotImplementedError

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, run under the switch."""
        if isgeneratorfunction(function):

            @wraps(function)
            def generating(*args: Any, **kwargs: Any) -> Any:
                steps = function(*args, **kwargs)
                while True:
                    with self._again():
                        try:
                            item = next(steps)
                        except StopIteration as stop:
                            return stop.value
                    yield item

            return generating

        @wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return function(*args, **kwargs)

        return switched


class _Grad(_Switch):
    __slots__ = ()
    to: bool

    def __enter__(self) -> None:
        self.before = MODE.grad
        MODE.grad = self.to

    def __exit__(self, *exc: object) -> None:
        MODE.grad = self.before


class no_grad(_Grad):
    """Operations inside are not recorded. A context or a decorator."""

    __slots__ = ()
    to = False

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        """Return the context, or the function given, run under it."""
        made = object.__new__(cls)
        return made if function is None else made(function)


class enable_grad(_Grad):
    """Operations inside are recorded, also within `no_grad`. A context or a decorator."""

    __slots__ = ()
    to = True

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        """Return the context, or the function given, run under it."""
        made = object.__new__(cls)
        return made if function is None else made(function)


class set_grad_enabled(_Switch):
    """Switches recording at once; as a context, back at the end."""

    __slots__ = ("mode",)

    def __init__(self, mode: bool) -> None:
        self.before = MODE.grad
        self.mode: bool = bool(mode)
        MODE.grad = self.mode

    def _again(self) -> Any:
        return set_grad_enabled(self.mode)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, run under the switch."""
        MODE.grad = self.before
        return super().__call__(function)

    def __enter__(self) -> None:
        MODE.grad = self.mode

    def __exit__(self, *exc: object) -> None:
        MODE.grad = self.before


class inference_mode(_Switch):
    """As `no_grad`, and tensors made inside can never be part of a graph."""

    __slots__ = ("mode",)

    def __new__(cls, mode: Any = True) -> Any:
        """Return the context, or the function given, run under it."""
        made = object.__new__(cls)
        if callable(mode):
            made.mode = True
            return made(mode)
        return made

    def __init__(self, mode: bool = True) -> None:
        self.mode: bool = mode

    def _again(self) -> Any:
        return inference_mode(self.mode)

    def __enter__(self) -> None:
        self.before = (MODE.grad, MODE.inference)
        MODE.inference = self.mode
        MODE.grad = not self.mode

    def __exit__(self, *exc: object) -> None:
        MODE.grad, MODE.inference = self.before
