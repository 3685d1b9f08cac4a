"""Early stopping: when to end a training that no longer improves, and the best weights so far."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...errors import OptionError, did_you_mean
from ...sentences import said
from .. import nn

__all__ = ["EarlyStopping", "stopper_for"]


class EarlyStopping:
    """Stops after `patience` epochs in which `monitor` has not improved by more than `min_delta`.

    A quantity that ends in "accuracy" is to rise, others to fall, unless `mode` says "max" or
    "min". With `restore_best` the model gets back the weights of its best epoch.
    """

    def __init__(
        self,
        monitor: str | None = None,
        patience: int = 5,
        min_delta: float = 0.0,
        mode: str = "auto",
        restore_best: bool = True,
    ) -> None:
        if patience < 0:
            raise OptionError(
                said("patience {patience}; expected a number of epochs, 0 or more", patience=patience)
            )
        if mode not in ("auto", "min", "max"):
            raise OptionError(said("mode `{mode}`; expected auto, min or max", mode=mode))
        self.monitor = monitor
        self.patience = patience
        self.min_delta: float = abs(min_delta)
        self.mode = mode
        self.restore_best = restore_best
        self.begin()

    def begin(self) -> None:
        """Forget what was seen in an earlier training."""
        self.best: float = math.nan
        self.best_epoch: int | None = None
        self._weights: dict[str, np.ndarray[Any, Any]] = {}

    def _value(self, values: dict[str, float]) -> float:
        name = self.monitor or ("val_loss" if "val_loss" in values else "loss")
        if name not in values:
            hint = did_you_mean(name, values)
            raise OptionError(
                said(
                    "early stopping watches `{name}`, which is not measured; there are {names}",
                    name=name, names=", ".join(values),
                )
                + (f" ({hint})" if hint else "")
            )
        self.monitor = name
        return values[name]

    def _improves(self, value: float) -> bool:
        if math.isnan(self.best):
            return not math.isnan(value)
        rising = self.mode == "max" or (
            self.mode == "auto" and str(self.monitor).endswith("accuracy")
        )
        gain = value - self.best if rising else self.best - value
        return gain > self.min_delta

    def ends(self, epoch: int, values: dict[str, float], model: nn.Module) -> bool:
        """Take the numbers of an epoch; return whether training should end."""
        value = self._value(values)
        if self._improves(value):
            self.best, self.best_epoch = value, epoch
            if self.restore_best:
                self._weights = {
                    name: tensor._a.copy() for name, tensor in model.state_dict().items()
                }
            return False
        return epoch - (self.best_epoch or 0) >= max(1, self.patience)

    def give_back(self, model: nn.Module) -> None:
        """Write the weights of the best epoch into the model."""
        if self._weights:
            for name, tensor in model.state_dict().items():
                tensor._a[...] = self._weights[name]
                tensor._ver[0] += 1


def stopper_for(early_stopping: Any) -> EarlyStopping | None:
    """Return early stopping as it is given: itself, a number of epochs, True, or nothing.

    Raises:
        OptionError: something else.
    """
    if early_stopping is None or early_stopping is False:
        return None
    if early_stopping is True:
        return EarlyStopping()
    if isinstance(early_stopping, EarlyStopping):
        early_stopping.begin()
        return early_stopping
    if isinstance(early_stopping, int):
        return EarlyStopping(patience=early_stopping)
    raise OptionError(
        said(
            "early_stopping is a {kind}; expected a number of epochs or an EarlyStopping",
            kind=type(early_stopping).__name__,
        )
    )
