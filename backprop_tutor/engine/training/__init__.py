"""Training without ceremony: one call that trains, measures, shows progress and can be stopped."""

from __future__ import annotations

from .history import History
from .loop import evaluate, fit
from .metrics import accuracy, confusion
from .stopping import EarlyStopping

__all__ = ["EarlyStopping", "History", "accuracy", "confusion", "evaluate", "fit"]
