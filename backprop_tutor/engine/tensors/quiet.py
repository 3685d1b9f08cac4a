"""Turning off NumPy's floating-point warnings around the engine's arithmetic, cheaply.

An infinity or a nan is a result, as in PyTorch; it is not a warning. `np.errstate` does the same
at four times the cost, and is what is used where NumPy's own switch is not found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

import numpy as np

__all__ = ["hush", "quiet", "quietly", "unhush"]

try:
    from numpy._core.umath import _extobj_contextvar, _make_extobj

    _SILENT = _make_extobj(all="ignore")

    # Turn the warnings off, returning what `unhush` wants back.
    hush: Callable[[], Any] = partial(_extobj_contextvar.set, _SILENT)
    unhush: Callable[[Any], None] = _extobj_contextvar.reset

except ImportError:  # another NumPy: its public way

    def hush() -> Any:
        """Turn the warnings off; return what `unhush` wants back."""
        state = np.errstate(all="ignore")
        state.__enter__()
        return state

    def unhush(token: Any) -> None:
        """Give back the state before `hush`."""
        token.__exit__(None, None, None)


class _Tokens(threading.local):
    def __init__(self) -> None:
        self.tokens: list[Any] = []


_STACK = _Tokens()


class _Quieting:
    """A reusable context: every entry has its own token, so threads do not meet."""

    def __enter__(self) -> None:
        _STACK.tokens.append(hush())

    def __exit__(self, *exc: object) -> None:
        unhush(_STACK.tokens.pop())


quiet: _Quieting = _Quieting()

F = TypeVar("F", bound=Callable[..., Any])


def quietly(function: F) -> F:
    """Return the function, run with NumPy's floating-point warnings off."""

    @wraps(function)
    def silent(*args: Any, **kwargs: Any) -> Any:
        token = hush()
        try:
            return function(*args, **kwargs)
        finally:
            unhush(token)

    return silent  # type: ignore[return-value]
