"""What is called while a model of `tf` trains, `tf.keras.callbacks`: the engine's own."""

from __future__ import annotations

from ...engine.absent import refusing
from ...engine.keras.callbacks import Callback, EarlyStopping, LambdaCallback, LearningRateScheduler
from ...engine.training.history import History

__all__ = ["Callback", "EarlyStopping", "History", "LambdaCallback", "LearningRateScheduler"]

__getattr__ = refusing(__name__)
