"""Functions of matrices: `tf.linalg.matmul` and its like."""

from __future__ import annotations

from typing import Any

from .namespace import ROOMS, found

__all__ = sorted(ROOMS["linalg"])


def __getattr__(name: str) -> Any:
    """Return what the table has under a name."""
    return found("linalg", name)


def __dir__() -> list[str]:
    return sorted(ROOMS["linalg"])
