"""Keras's losses under their own name, `keras.losses`."""

from __future__ import annotations

from .objectives import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Huber,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)

__all__ = [
    "BinaryCrossentropy", "CategoricalCrossentropy", "Huber", "MeanAbsoluteError",
    "MeanSquaredError", "SparseCategoricalCrossentropy",
]
