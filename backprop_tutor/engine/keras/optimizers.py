"""Keras's optimizers under their own name, `keras.optimizers`."""

from __future__ import annotations

from .objectives import SGD, Adagrad, Adam, AdamW, RMSprop

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "RMSprop"]
