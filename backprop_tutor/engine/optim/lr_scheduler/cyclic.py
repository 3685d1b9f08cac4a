"""`CyclicLR`: the learning rate goes up and down between two bounds (L. Smith, 2015)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..optimizer import Optimizer
from .base import LRScheduler, require_optimizer, set_rate

__all__ = ["CyclicLR"]


class CyclicLR(LRScheduler):
    """Linear ways up and down, whose height may halve with every cycle or shrink with every step.

    `mode` is "triangular", "triangular2" (halved) or "exp_range" (times gammaⁿ); a `scale_fn` takes
    its place. With `cycle_momentum` the momentum goes the other way.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: Any,
        max_lr: Any,
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: Any = 0.8,
        max_momentum: Any = 0.9,
        last_epoch: int = -1,
    ) -> None:
        groups = require_optimizer(optimizer).param_groups
        if last_epoch == -1:
            for group, rate in zip(groups, self._each("base_lr", groups, base_lr), strict=True):
                set_rate(group, rate)
        self.max_lrs: list[Any] = self._each("max_lr", groups, max_lr)
        down = step_size_up if step_size_down is None else step_size_down
        self.total_size: float = float(step_size_up + down)
        self.step_ratio: float = float(step_size_up) / self.total_size
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        self.mode: str = mode
        self.gamma: float = gamma
        self._scale_fn = scale_fn
        self.scale_mode: str = scale_mode if scale_fn is not None or mode != "exp_range" else "iterations"
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
                raise ValueError(
                    "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
                )
            self.base_momentums: list[Any] = self._each("base_momentum", groups, base_momentum)
            self.max_momentums: list[Any] = self._each("max_momentum", groups, max_momentum)
            if last_epoch == -1:
                for group, value in zip(groups, self.max_momentums, strict=True):
                    _set_momentum(group, value)
        super().__init__(optimizer, last_epoch)
        self.base_lrs: list[Any] = self._each("base_lr", groups, base_lr)

    @staticmethod
    def _each(name: str, groups: list[Any], given: Any) -> list[Any]:
        if not isinstance(given, (list, tuple)):
            return [given] * len(groups)
        if len(given) != len(groups):
            raise ValueError(f"expected {len(groups)} values for {name}, got {len(given)}")
        return list(given)

    def scale_fn(self, x: float) -> float:
        """Return by how much the height of a cycle (or at a step) is scaled."""
        if self._scale_fn is not None:
            return self._scale_fn(x)
        if self.mode == "triangular":
            return 1.0
        return float(1 / (2.0 ** (x - 1)) if self.mode == "triangular2" else self.gamma**x)

    def get_lr(self) -> list[Any]:
        """Return the rate at this point of the cycle."""
        self._expect_step()
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        height = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        rates = [
            low + (high - low) * height * scale
            for low, high in zip(self.base_lrs, self.max_lrs, strict=True)
        ]
        if self.cycle_momentum:
            both = zip(self.optimizer.param_groups, self.base_momentums, self.max_momentums,
                       strict=True)
            for group, low, high in both:
                _set_momentum(group, high - (high - low) * height * scale)
        return rates


def _set_momentum(group: dict[str, Any], value: float) -> None:
    if "momentum" in group:
        group["momentum"] = value
    else:
        group["betas"] = (value, *group["betas"][1:])
