"""Functions of numbers under their other home: `tf.math.log` and its like."""

from __future__ import annotations

from typing import Any

from .namespace import ROOMS, found

__all__ = sorted(ROOMS["math"])


def __getattr__(name: str) -> Any:
    """Return what the table has under a name."""
    return found("math", name)


def __dir__() -> list[str]:
    return sorted(ROOMS["math"])
