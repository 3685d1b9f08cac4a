"""Keras's optimizers, `keras.optimizers`, with Keras's defaults over the engine's own.

In Adam ε is added to √v before its bias is taken out, as Keras does it; in RMSprop and Adagrad it stands
where PyTorch has it, outside of the root.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .. import optim
from ..training.choices import chosen

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Plan", "RMSprop", "plan_named"]


class Plan:
    """An optimizer's settings, before the parameters are known."""

    def __init__(self, make: Callable[..., optim.Optimizer], **settings: Any) -> None:
        self.make = make
        self.settings = settings

    def over(self, parameters: Any) -> optim.Optimizer:
        """Return the optimizer of these parameters."""
        return self.make(parameters, **self.settings)


class _Adam(optim.Adam):
    """Adam with Keras's ε: √v̂ + ε/√(1 − β₂ᵗ), where PyTorch has √v̂ + ε.

    Source: Kingma and Ba (2015), the second form of the update, at the end of section 2.
    """

    taken = 0

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Make one step, with the ε of its number."""
        self.taken += 1
        plain = [float(group["eps"]) for group in self.param_groups]
        for group in self.param_groups:
            group["eps"] = group["eps"] / math.sqrt(1 - float(group["betas"][1]) ** self.taken)
        try:
            return super().step(closure)
        finally:
            for group, epsilon in zip(self.param_groups, plain, strict=True):
                group["eps"] = epsilon


def SGD(learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False) -> Plan:
    """Return the settings of gradient descent."""
    return Plan(optim.SGD, lr=learning_rate, momentum=momentum, nesterov=nesterov)


def Adam(
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
) -> Plan:
    """Return the settings of Adam."""
    return Plan(
        _Adam, lr=learning_rate, betas=(beta_1, beta_2), eps=epsilon, amsgrad=amsgrad
    )


def AdamW(
    learning_rate: float = 0.001,
    weight_decay: float = 0.004,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> Plan:
    """Return the settings of Adam with decoupled weight decay."""
    return Plan(
        _Adam, lr=learning_rate, betas=(beta_1, beta_2), eps=epsilon,
        weight_decay=weight_decay, decoupled_weight_decay=True,
    )


def RMSprop(
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> Plan:
    """Return the settings of RMSprop."""
    return Plan(
        optim.RMSprop, lr=learning_rate, alpha=rho, eps=epsilon, momentum=momentum,
        centered=centered,
    )


def Adagrad(
    learning_rate: float = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7
) -> Plan:
    """Return the settings of Adagrad."""
    return Plan(
        optim.Adagrad, lr=learning_rate, initial_accumulator_value=initial_accumulator_value,
        eps=epsilon,
    )


OPTIMIZERS: dict[str, Callable[[], Plan]] = {
    "sgd": SGD, "adam": Adam, "adamw": AdamW, "rmsprop": RMSprop, "adagrad": Adagrad,
}


def plan_named(optimizer: Any) -> Plan:
    """Return the settings of an optimizer's name, or those that are given."""
    if isinstance(optimizer, Plan):
        return optimizer
    name = optimizer.casefold() if isinstance(optimizer, str) else optimizer
    return chosen("optimizer", name, OPTIMIZERS)()
