"""`LRScheduler`, what all schedules by epoch share, and schedules of schedules: in turn, or at once."""

from __future__ import annotations

import warnings
import weakref
from bisect import bisect_right
from functools import wraps
from typing import Any

from ...autograd.tape import Tensor
from ..optimizer import Optimizer

__all__ = [
    "ChainedScheduler", "LRScheduler", "SequentialLR", "require_optimizer", "set_rate",
    "warn_of_epoch",
]


_EPOCH_DEPRECATED = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where "
    "possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if "
    "epoch is different from None, the closed form is used instead of the new chainable form, "
    "where available. Please open an issue if you are unable to replicate your use case: "
    "https://github.com/pytorch/pytorch/issues/new/choose."
)
_ADVICE = "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"


def require_optimizer(optimizer: Any) -> Optimizer:
    """Return the optimizer.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
    return optimizer


def warn_of_epoch() -> None:
    """Warn that `step(epoch)` is deprecated."""
    warnings.warn(_EPOCH_DEPRECATED, UserWarning, stacklevel=3)


def set_rate(group: dict[str, Any], value: Any) -> None:
    """Set a group's learning rate, in place where it is a tensor."""
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(value)
    else:
        group["lr"] = value


def _copied(value: Any) -> Any:
    return value.clone() if isinstance(value, Tensor) else value


def _watch_step(optimizer: Any) -> None:
    """Let the optimizer note that `step` has been called."""
    if hasattr(optimizer.step, "_wrapped_by_lr_sched"):
        return
    function = optimizer.step.__func__
    held = weakref.ref(optimizer)

    @wraps(function)
    def step(*args: Any, **kwargs: Any) -> Any:
        owner = held()
        owner._opt_called = True  # type: ignore[union-attr]
        return function(owner, *args, **kwargs)

    step._wrapped_by_lr_sched = True  # type: ignore[attr-defined]
    optimizer.step = step


class LRScheduler:
    """The base of schedules; a subclass says in `get_lr` what the rates become.

    `last_epoch` counts the calls of `step`; the one made when it is built is number 0.
    """

    _is_initial = False
    _get_lr_called_within_step = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer: Optimizer = require_optimizer(optimizer)
        for place, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", _copied(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{place}] when resuming "
                    "scheduler with last_epoch >= 0.\n"
                    "This typically happens when:\n"
                    "1. You're trying to resume training from a checkpoint but haven't properly "
                    "loaded the optimizer state\n"
                    "2. You're using last_epoch >= 0 for a fresh training run (not recommended)"
                )
        self.base_lrs: list[Any] = [_copied(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch: int = last_epoch
        _watch_step(optimizer)
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def get_lr(self) -> list[Any]:
        """Return the next learning rate of every group; called by `step`."""
        raise NotImplementedError

    def _expect_step(self) -> None:
        """Warn where `get_lr` is called by the user; `step` is what calls it."""
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, "
                "please use `get_last_lr()`.",
                UserWarning,
                stacklevel=3,
            )

    def get_last_lr(self) -> list[Any]:
        """Return the learning rates now in force, one a group."""
        return self._last_lr

    def _rates(self) -> list[Any]:
        return [_copied(group["lr"]) for group in self.optimizer.param_groups]

    def step(self, epoch: int | None = None) -> None:
        """Set the learning rates of the next epoch; call it after the optimizer's steps."""
        if self._step_count == 1:
            self._check_order()
        if epoch is not None:
            warn_of_epoch()
        self._set_rates(epoch)

    def begin(self) -> None:
        """Set the learning rates of the first epoch, whatever was before."""
        self._set_rates(0)

    def _set_rates(self, epoch: int | None) -> None:
        """Set the learning rates of the next epoch, or of one by its number."""
        self._step_count += 1
        self._get_lr_called_within_step = True
        try:
            closed = None
            if epoch is None:
                self.last_epoch += 1
            else:
                self.last_epoch = epoch
                closed = getattr(self, "_get_closed_form_lr", None)
            values = self.get_lr() if closed is None else closed()
        finally:
            self._get_lr_called_within_step = False
        for group, value in zip(self.optimizer.param_groups, values, strict=True):
            set_rate(group, value)
        self._last_lr = self._rates()

    def _check_order(self) -> None:
        if not hasattr(self.optimizer.step, "_wrapped_by_lr_sched"):
            warnings.warn(
                "Seems like `optimizer.step()` has been overridden after learning rate scheduler "
                "initialization. Please, make sure to call `optimizer.step()` before "
                f"`lr_scheduler.step()`. See more details at {_ADVICE}",
                UserWarning,
                stacklevel=3,
            )
        elif not getattr(self.optimizer, "_opt_called", False):
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 "
                "and later, you should call them in the opposite order: `optimizer.step()` before "
                "`lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the "
                f"first value of the learning rate schedule. See more details at {_ADVICE}",
                UserWarning,
                stacklevel=3,
            )

    def state_dict(self) -> dict[str, Any]:
        """Return everything but the optimizer."""
        return {name: value for name, value in self.__dict__.items() if name != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` returned."""
        self.__dict__.update(state_dict)


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
