"""Learning rates that change with every step, `tf.keras.optimizers.schedules`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ....engine.absent import refusing
from ...converting import array_of, raw_of
from ...recording import Value
from ...tensors import Tensor

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
]


class LearningRateSchedule:
    """A learning rate as a function of the number of steps made; subclasses say which.

    >>> class Warm(LearningRateSchedule):
    ...     def __call__(self, step):
    ...         return 0.1 * min(1.0, (step + 1) / 4)
    >>> Warm()(0)
    0.025
    """

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of the step that follows `step` others."""
        raise NotImplementedError(f"{type(self).__name__} says no rate: write __call__(self, step)")

    def rate(self, step: int) -> float:
        """Return the same as a number.

        Raises:
            ValueError: it is no number of 0 or more.
        """
        found = self(step)
        number = float(array_of(found)) if isinstance(found, Value) else float(found)
        if not (math.isfinite(number) and number >= 0):
            raise ValueError(
                f"the learning rate of step {step} is {number}; expected a number, 0 or more"
            )
        return number


class _Formula(LearningRateSchedule):
    """A schedule by a formula of a number."""

    def __call__(self, step: Any) -> Any:
        """Return the rate as a tensor."""
        count = float(array_of(step)) if isinstance(step, Value) else float(step)
        return Tensor(raw_of(np.float32(self.at(count))))

    def at(self, step: float) -> float:
        """Return the rate as a number; subclasses say which."""
        raise NotImplementedError


class _Decay(_Formula):
    """What schedules have in common whose rate falls by `decay_rate` each `decay_steps` steps."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str | None = None,
    ) -> None:
        if not decay_steps > 0:
            raise ValueError(f"decay_steps {decay_steps}; expected a number of steps above 0")
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase

    def times(self, step: float) -> float:
        """Return how often it has fallen."""
        share = step / self.decay_steps
        return math.floor(share) if self.staircase else share


class ExponentialDecay(_Decay):
    """rate · decay_rate^(step/decay_steps); with `staircase` whole powers only.

    >>> print(ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5)(20))
    tf.Tensor(0.025, shape=(), dtype=float32)
    """

    def at(self, step: float) -> float:
        """Return the rate of a step."""
        return float(self.initial_learning_rate * self.decay_rate ** self.times(step))


class InverseTimeDecay(_Decay):
    """rate/(1 + decay_rate·step/decay_steps).

    >>> print(InverseTimeDecay(0.1, decay_steps=10, decay_rate=1.0)(10))
    tf.Tensor(0.05, shape=(), dtype=float32)
    """

    def at(self, step: float) -> float:
        """Return the rate of a step."""
        return self.initial_learning_rate / (1 + self.decay_rate * self.times(step))


class CosineDecay(_Formula):
    """Half a cosine down to `alpha` times the rate, in `decay_steps` steps.

    >>> print(CosineDecay(0.1, decay_steps=10)(5))
    tf.Tensor(0.05, shape=(), dtype=float32)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str | None = None,
    ) -> None:
        if not decay_steps > 0:
            raise ValueError(f"decay_steps {decay_steps}; expected a number of steps above 0")
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha

    def at(self, step: float) -> float:
        """Return the rate of a step."""
        share = 0.5 * (1 + math.cos(math.pi * min(step, self.decay_steps) / self.decay_steps))
        return self.initial_learning_rate * ((1 - self.alpha) * share + self.alpha)


class PiecewiseConstantDecay(_Formula):
    """values[0] up to step boundaries[0], that one included, then values[1], and so on.

    >>> print(PiecewiseConstantDecay([10, 20], [1.0, 0.5, 0.1])(11))
    tf.Tensor(0.5, shape=(), dtype=float32)
    """

    def __init__(
        self, boundaries: Sequence[float], values: Sequence[float], name: str | None = None
    ) -> None:
        if len(values) != len(boundaries) + 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. Received: "
                f"boundaries={list(boundaries)} of length {len(boundaries)}, and values={list(values)} "
                f"of length {len(values)}."
            )
        self.boundaries = list(boundaries)
        self.values = list(values)

    def at(self, step: float) -> float:
        """Return the rate of a step."""
        return float(self.values[sum(step > each for each in self.boundaries)])


__getattr__ = refusing(__name__)
