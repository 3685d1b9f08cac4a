"""The Keras way to the engine: the same networks under Keras's names and with Keras's defaults."""

from __future__ import annotations

from . import callbacks, layers, losses, optimizers, utils
from .layers import Activation, BatchNormalization, Dense, Dropout, Flatten, Input, InputLayer
from .model import Model, Sequential

__all__ = [
    "Activation", "BatchNormalization", "Dense", "Dropout", "Flatten", "Input", "InputLayer",
    "Model", "Sequential", "callbacks", "layers", "losses", "optimizers", "utils",
]
