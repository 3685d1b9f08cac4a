"""The numbers that an optimizer computes with, set before each step from its group and its count."""

from __future__ import annotations

from typing import Any

from ..autograd.tape import Tensor
from ..optim.optimizer import Optimizer
from .updating import update_of
from .values import Value

__all__ = ["Ticking"]


class Ticking:
    """The numbers of one group of an optimizer: arrays without dimensions, set anew before a step."""

    optimizer: Optimizer
    group: dict[str, Any]

    def __init__(self, optimizer: Optimizer, group: dict[str, Any]) -> None:
        self.optimizer, self.group = optimizer, group
        self.update = update_of(optimizer)
        self.shape: tuple[Any, ...] = self.update.shape(group)
        self.arrays: dict[Any, tuple[str, Any]] = {}
        self.values: dict[Any, Value] = {}
        self.steps: list[Tensor] = []
        self.kept: dict[str, Tensor] = {}
        self.moments: list[Any] = []

    def count(self) -> float:
        """Return the number of the step that comes now, from 1."""
        return float(self.steps[0]._a) + 1 if self.steps else 1.0

    def uneven(self) -> bool:
        """Return whether the group's parameters are at different steps: one was frozen for a while."""
        first = float(self.steps[0]._a)
        return any(float(step._a) != first for step in self.steps)

    def numbers(self) -> dict[str, float]:
        """Return the numbers of the coming step by name."""
        return self.update.numbers(
            self.group, self.count(), {name: held._a for name, held in self.kept.items()})

    def tick(self) -> None:
        """Set the numbers of the coming step."""
        numbers = self.numbers()
        for name, array in self.arrays.values():
            array[()] = numbers[name]
