"""Fashion-MNIST: 70,000 pictures of clothes of 28 by 28, where the user has them."""

from __future__ import annotations

from typing import Any

from .places import load

__all__ = ["load_data"]


def load_data() -> Any:
    """Return ((x_train, y_train), (x_test, y_test)), brightness from 0 to 255.

    Raises:
        FileError: they are nowhere, or damaged.
    """
    return load(("fashion-mnist", "fashion_mnist", "FashionMNIST"))
