"""Python's cycle collector, paused while very many records are made.

Trees, steps and documents hold no cycles, and every generation's collection walks all that is alive:
with it on, the cost per operation grows with the number of operations.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

__all__ = ["collector_paused", "without_collections"]

P = ParamSpec("P")
R = TypeVar("R")

_lock = threading.Lock()
_pauses = 0
_was_on = False


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cycle collector within the block; as it was afterwards, also after an error.

    Blocks may nest and run in several threads at once: the last one out turns it on again.
    """
    global _pauses, _was_on
    with _lock:
        if _pauses == 0:
            _was_on = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if _pauses == 0 and _was_on:
                gc.enable()


def without_collections(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, run with the collector paused."""

    @wraps(function)
    def paused(*args: P.args, **kwargs: P.kwargs) -> R:
        with collector_paused():
            return function(*args, **kwargs)

    return paused
