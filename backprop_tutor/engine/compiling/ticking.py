"""The numbers that an optimizer computes with, set before each step from its group and its count."""

from __future__ import annotations

from typing import Any

from ..optim.optimizer import Optimizer
from .updating import update_of
from .values import Value

__all__ = ["Ticking"]


class Ticking:
    """The numbers of one group of an optimizer: arrays without dimensions, set anew before a step."""

    def __init__(self, optimizer: Optimizer, group: dict[str, Any]) -> None:
        self.optimizer, self.group = optimizer, group
        self.update = update_of(optimizer)
        self.shape = self.update.shape(group)
        self.arrays: dict[Any, tuple[str, Any]] = {}
        self.values: dict[Any, Value] = {}
        self.steps: list[Any] = []
        self.kept: dict[str, Any] = {}
        self.moments: list[Any] = []

    def count(self) -> float:
        """Return the number of the step that comes now, from 1."""
        return float(self.steps[0]) + 1 if self.steps else 1.0

    def uneven(self) -> bool:
        """Return whether the group's parameters are at different steps: one was frozen for a while."""
        first = float(self.steps[0])
        return any(float(step) != first for step in self.steps)

    def tick(self) -> None:
        """Set the numbers of the coming step."""
        numbers = self.update.numbers(self.group, self.count(), self.kept)
        for name, array in self.arrays.values():
            array[()] = numbers[name]
