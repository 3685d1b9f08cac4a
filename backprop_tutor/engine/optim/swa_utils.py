"""Averages of a model over its training: the mean of its weights, or an exponential one."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from ..modes import no_grad
from ..nn.module import Module
from ..tape import Tensor, wrap

__all__ = ["AveragedModel", "get_ema_avg_fn", "get_ema_multi_avg_fn", "get_swa_avg_fn"]

Average = Callable[[Tensor, Tensor, Any], Any]


def get_swa_avg_fn() -> Average:
    """Return the rule of the plain mean."""
    return lambda mean, new, count: mean + (new - mean) / (count + 1)


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """Return the rule of an exponential mean.

    Raises:
        ValueError: a decay outside [0, 1].
    """
    if decay < 0.0 or decay > 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")
    return lambda mean, new, count: decay * mean + (1 - decay) * new


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[..., None]:
    """Return the rule of an exponential mean for lists of parameters, written in place."""
    rule = get_ema_avg_fn(decay)

    def update(means: list[Tensor], news: list[Tensor], count: Any) -> None:
        for mean, new in zip(means, news, strict=True):
            mean.copy_(rule(mean, new, count))

    return update


class AveragedModel(Module):
    """A copy of a model whose weights are the mean of those it was shown with `update_parameters`."""

    def __init__(
        self, model: Module, device: Any = None, avg_fn: Average | None = None,
        multi_avg_fn: Callable[..., None] | None = None, use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = deepcopy(model)
        self.register_buffer("n_averaged", wrap(np.zeros((), np.int64)))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the averaged model returns."""
        return self.module(*args, **kwargs)

    def _held(self, model: Module) -> list[Tensor]:
        found: list[Tensor] = [*model.parameters()]
        return [*found, *model.buffers()] if self.use_buffers else found

    def update_parameters(self, model: Module) -> None:
        """Take the model's present weights into the mean."""
        means, news = self._held(self.module), self._held(model)
        first = int(self.n_averaged._a) == 0
        rule = self.avg_fn or get_swa_avg_fn()
        with no_grad():
            if not first and self.multi_avg_fn is not None:
                self.multi_avg_fn(means, [x.detach() for x in news], self.n_averaged)
            else:
                for mean, new in zip(means, news, strict=True):
                    mean.copy_(new if first else rule(mean.detach(), new.detach(), self.n_averaged))
            if not self.use_buffers:
                for held, given in zip(self.module.buffers(), model.buffers(), strict=True):
                    held.copy_(given)
            self.n_averaged._a += 1
