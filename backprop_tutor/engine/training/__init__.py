"""Training without ceremony: one call that trains, measures, shows progress and can be stopped."""

from __future__ import annotations

from .choices import accuracy, confusion
from .history import EarlyStopping, History
from .loop import evaluate, fit

__all__ = ["EarlyStopping", "History", "accuracy", "confusion", "evaluate", "fit"]
