"""Optimizers, and schedules of their learning rates, under PyTorch's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..absent import refusing
from ..functions import table as _table  # noqa: F401  (fills in the class Tensor)
from . import lr_scheduler
from .adam import Adam, Adamax, AdamW, NAdam
from .adaptive import Adadelta, Adagrad, RMSprop
from .optimizer import Optimizer
from .sgd import SGD

__all__ = [
    "SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "NAdam", "Optimizer", "RMSprop",
    "lr_scheduler",
]

if not TYPE_CHECKING:  # type checkers know every name there is, and find the others
    __getattr__ = refusing(__name__)
