"""MNIST: 70,000 handwritten digits of 28 by 28, where the user has them."""

from __future__ import annotations

from typing import Any

from .places import load

__all__ = ["load_data"]


def load_data(path: str = "mnist.npz") -> Any:
    """Return ((x_train, y_train), (x_test, y_test)), brightness from 0 to 255.

    Raises:
        FileError: they are nowhere, or damaged.
    """
    return load(("mnist", "MNIST"), path)
