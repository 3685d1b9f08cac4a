"""Schedules made of schedules: one after another, or all at every step."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from ..optimizer import Optimizer
from .base import LRScheduler

__all__ = ["ChainedScheduler", "SequentialLR"]


def _check(schedulers: list[Any], optimizer: Any, called: str) -> None:
    if len(schedulers) < 1:
        raise ValueError(
            f"{called} expects at least one scheduler to be chained, but got no scheduler."
        )
    for i, each in enumerate(schedulers):
        if not hasattr(each, "optimizer"):
            raise TypeError(
                f"{called} at index {i} should have `optimizer` as its attribute."
            )
        if getattr(each, "needs_metric", False):
            raise ValueError(
                f"{called} does not support `ReduceLROnPlateau` scheduler as it requires additional "
                f"kwargs to be specified when calling `step`, but got one at index {i} in the given "
                "schedulers sequence."
            )
        if each.optimizer is not optimizer:
            raise ValueError(
                f"{called} expects all schedulers to belong to the same optimizer, but got "
                f"scheduler {type(each).__name__} at index {i} has {each.optimizer}, which is "
                f"different from {type(optimizer).__name__}."
            )


class SequentialLR(LRScheduler):
    """Schedules one after another: the next one begins at each milestone."""

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: list[LRScheduler],
        milestones: list[int],
        last_epoch: int = -1,
    ) -> None:
        _check(schedulers, optimizer, type(self).__name__)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "Sequential Schedulers expects number of schedulers provided to be one more than "
                "the number of milestone points, but got number of schedulers "
                f"{len(schedulers)} and the number of milestones to be equal to {len(milestones)}"
            )
        self._schedulers, self._milestones = schedulers, milestones
        self.last_epoch = last_epoch + 1
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        for each in schedulers:
            each.last_epoch -= 1
        first = schedulers[0]
        first._step_count = 0
        first._is_initial = True
        try:
            first.step()
        finally:
            first._is_initial = False
        self._last_lr = first.get_last_lr()

    def step(self, epoch: int | None = None) -> None:
        """Step the schedule whose turn it is; at a milestone, the next one from its beginning."""
        self.last_epoch += 1
        turn = bisect_right(self._milestones, self.last_epoch)
        chosen = self._schedulers[turn]
        if turn > 0 and self._milestones[turn - 1] == self.last_epoch:
            chosen.begin()
        else:
            chosen.step()
        self._last_lr = chosen.get_last_lr()

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the optimizer, with the schedules' own states."""
        state = {
            name: value for name, value in self.__dict__.items()
            if name not in ("optimizer", "_schedulers")
        }
        state["_schedulers"] = [each.state_dict() for each in self._schedulers]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` returned."""
        rest = dict(state_dict)
        for each, state in zip(self._schedulers, rest.pop("_schedulers"), strict=True):
            each.load_state_dict(state)
        self.__dict__.update(rest)


class ChainedScheduler(LRScheduler):
    """Schedules that all act at every step, one on what the other left."""

    def __init__(
        self, schedulers: list[LRScheduler], optimizer: Optimizer | None = None
    ) -> None:
        chosen = optimizer or (schedulers[0].optimizer if schedulers else None)
        _check(list(schedulers), chosen, type(self).__name__)
        assert chosen is not None
        self._schedulers = list(schedulers)
        self.optimizer: Optimizer = chosen
        self._last_lr = [group["lr"] for group in chosen.param_groups]

    def step(self, epoch: int | None = None) -> None:
        """Step every schedule."""
        for each in self._schedulers:
            each.step()
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    state_dict = SequentialLR.state_dict
    load_state_dict = SequentialLR.load_state_dict
