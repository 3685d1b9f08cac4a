"""Switching on and off, as contexts or decorators: grad mode, inference mode, anomaly detection."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any

from . import tape
from .tape import MODE

__all__ = [
    "detect_anomaly", "enable_grad", "inference_mode", "is_anomaly_check_nan_enabled",
    "is_anomaly_enabled", "is_grad_enabled", "is_inference_mode_enabled", "no_grad",
    "set_detect_anomaly", "set_grad_enabled", "telling",
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


def is_anomaly_enabled() -> bool:
    """Return whether anomaly detection is on."""
    return tape.anomaly_is_on()


def is_anomaly_check_nan_enabled() -> bool:
    """Return whether a nan counts as a failure under anomaly detection."""
    return tape.nan_is_checked()


class set_detect_anomaly:
    """Switches anomaly detection at once; as a context, back at the end."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before: tuple[bool, bool] = (tape.anomaly_is_on(), tape.nan_is_checked())
        tape.set_anomaly(bool(mode), check_nan)

    def __enter__(self) -> None:
        """Leave it as switched."""

    def __exit__(self, *exc: object) -> None:
        tape.set_anomaly(*self.before)


class detect_anomaly:
    """A context in which a failing or nan gradient tells where its operation was recorded."""

    def __init__(self, check_nan: bool = True) -> None:
        self.check_nan = check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging.", UserWarning, stacklevel=2,
        )

    def __enter__(self) -> None:
        self.before: tuple[bool, bool] = (tape.anomaly_is_on(), tape.nan_is_checked())
        tape.set_anomaly(True, self.check_nan)

    def __exit__(self, *exc: object) -> None:
        tape.set_anomaly(*self.before)


@contextmanager
def telling(who: Callable[[tape.Node, Any], None]) -> Iterator[None]:
    """Tell a function of every node that this thread makes, with its inputs, while the block runs."""
    before, MODE.told = MODE.told, who
    tape.watch(1)
    try:
        yield
    finally:
        tape.watch(-1)
        MODE.told = before
