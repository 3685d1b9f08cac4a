"""Keras's optimizers on variables, `tf.keras.optimizers`: for `compile`, or for steps of one's own.

An optimizer is the engine's; `apply_gradients` makes one step of it on the variables' stores.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from ....engine.absent import AbsentName
from ....engine.keras import optimizers as own
from ...converting import array_of, raw_of
from ...recording import Value
from ...variables import Variable
from . import schedules
from .schedules import LearningRateSchedule

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "get", "schedules"]


class Optimizer(own.Plan):
    """An optimizer with its settings and, once it has made a step, its state."""

    def __init__(self, name: str, plan: own.Plan, rate: Any = None) -> None:
        super().__init__(plan.make, **plan.settings)
        self.name = name
        self.schedule = rate if isinstance(rate, LearningRateSchedule) else None
        self._taken = 0
        self._made: list[Any] = []
        self._own: Any = None
        self._held: set[int] = set()

    @property
    def iterations(self) -> Variable:
        """How many steps it has made."""
        return Variable(self._taken, trainable=False, name="iterations", dtype="int64")

    def taken(self, steps: int) -> None:
        """Count steps that a training loop has made, where no schedule has counted them."""
        if self.schedule is None:
            self._taken += steps

    @property
    def learning_rate(self) -> Any:
        """The learning rate; it can be set at any time, where no schedule says it."""
        return self.settings["lr"] if self.schedule is None else self.schedule.rate(self._taken)

    @learning_rate.setter
    def learning_rate(self, rate: Any) -> None:
        if self.schedule is not None:
            raise TypeError(
                "This optimizer was created with a `LearningRateSchedule` object as its `learning_rate` "
                "constructor argument, hence its learning rate is not settable. If you need the learning "
                "rate to be settable, you should instantiate the optimizer with a float `learning_rate` "
                "argument."
            )
        self.settings["lr"] = _rate(rate, None)
        for made in self._made:
            for group in made.param_groups:
                group["lr"] = self.settings["lr"]

    def over(self, parameters: Any) -> Any:
        """Return the engine's optimizer of a model's parameters; it follows this one's learning rate."""
        made = super().over(parameters)
        self._made.append(made)
        if self.schedule is not None:
            made.register_step_pre_hook(self._before_step)
            made.register_step_post_hook(self._after_step)
        return made

    def _before_step(self, made: Any, *_: Any) -> None:
        for group in made.param_groups:
            group["lr"] = self.learning_rate

    def _after_step(self, *_: Any) -> None:
        self._taken += 1

    def apply_gradients(self, grads_and_vars: Iterable[Any], name: str | None = None) -> None:
        """Make one step: each variable against its gradient.

        Raises:
            ValueError: what is no variable, no gradient at all, or a gradient of another shape.
        """
        pairs = [(gradient, variable) for gradient, variable in grads_and_vars]
        for _, variable in pairs:
            if not isinstance(variable, Variable):
                raise ValueError(
                    f"an optimizer changes tf.Variables; {variable!r} is a {type(variable).__name__}"
                )
        given = [(gradient, variable) for gradient, variable in pairs if gradient is not None]
        if not given:
            raise ValueError(
                f"No gradients provided for any variable: {[v.name for _, v in pairs]}. Was the loss "
                f"computed from "
                "them inside the tape?"
            )
        if len(given) < len(pairs):
            names = ", ".join(variable.name for gradient, variable in pairs if gradient is None)
            warnings.warn(
                f"Gradients do not exist for variables {names} when minimizing the loss.",
                stacklevel=2,
            )
        for gradient, variable in given:
            raw = gradient.raw if isinstance(gradient, Value) else raw_of(gradient, variable.dtype)
            if tuple(raw.shape) != tuple(variable.shape):
                raise ValueError(
                    f"the gradient of {variable.name} has the shape {tuple(raw.shape)}, the variable "
                    f"{tuple(variable.shape)}"
                )
            self._add(variable)
            variable.store.grad = (raw.t() if variable.turned else raw).clone()
        self._own.step()
        for _, variable in given:
            variable.store.grad = None
        self.taken(1)

    def apply(self, grads: Iterable[Any], trainable_variables: Iterable[Any]) -> None:
        """Make one step, of gradients and variables in the same order."""
        self.apply_gradients(zip(list(grads), list(trainable_variables), strict=True))

    def _add(self, variable: Variable) -> None:
        if id(variable.store) in self._held:
            return
        self._held.add(id(variable.store))
        variable.store.requires_grad_(True)
        if self._own is None:
            self._own = self.over([variable.store])
        else:
            self._own.add_param_group({"params": [variable.store]})

    def get_config(self) -> dict[str, Any]:
        """Return the settings."""
        return {"name": self.name, **self.settings}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, learning_rate={self.learning_rate}>"


def _rate(given: Any, lr: Any) -> float:
    """Return a learning rate as a number.

    Raises:
        ValueError: a function that is no schedule, or the old name `lr`.
    """
    if lr is not None:
        raise ValueError(
            f"Argument(s) not recognized: {{'lr': {lr!r}}}; it is called learning_rate"
        )
    if isinstance(given, LearningRateSchedule):
        return given.rate(0)
    if callable(given) and not isinstance(given, Value):
        raise ValueError(
            "a learning rate is a number or one of tf.keras.optimizers.schedules; a function is for "
            "tf.keras.callbacks.LearningRateScheduler, which sets the rate of each epoch"
        )
    return float(given) if isinstance(given, (int, float)) else float(array_of(given))


def SGD(
    learning_rate: Any = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
    name: str = "SGD",
    *,
    lr: Any = None,
) -> Optimizer:
    """Return gradient descent."""
    return Optimizer(name, own.SGD(_rate(learning_rate, lr), momentum, nesterov), learning_rate)


def Adam(
    learning_rate: Any = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    name: str = "adam",
    *,
    lr: Any = None,
) -> Optimizer:
    """Return Adam."""
    return Optimizer(
        name, own.Adam(_rate(learning_rate, lr), beta_1, beta_2, epsilon, amsgrad), learning_rate
    )


def AdamW(
    learning_rate: Any = 0.001,
    weight_decay: float = 0.004,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    name: str = "adamw",
    *,
    lr: Any = None,
) -> Optimizer:
    """Return Adam with decoupled weight decay."""
    return Optimizer(
        name,
        own.AdamW(_rate(learning_rate, lr), weight_decay, beta_1, beta_2, epsilon),
        learning_rate,
    )


def RMSprop(
    learning_rate: Any = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
    name: str = "rmsprop",
    *,
    lr: Any = None,
) -> Optimizer:
    """Return RMSprop."""
    return Optimizer(
        name, own.RMSprop(_rate(learning_rate, lr), rho, momentum, epsilon, centered), learning_rate
    )


def Adagrad(
    learning_rate: Any = 0.001,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
    name: str = "adagrad",
    *,
    lr: Any = None,
) -> Optimizer:
    """Return Adagrad."""
    return Optimizer(
        name,
        own.Adagrad(_rate(learning_rate, lr), initial_accumulator_value, epsilon),
        learning_rate,
    )


def get(identifier: Any) -> Optimizer:
    """Return the optimizer of a name with its defaults, or what is given.

    Raises:
        OptionError: an unknown name.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    return Optimizer(str(identifier), own.plan_named(identifier))


_NEAREST = {
    "Nadam": "Adam",
    "Adadelta": "Adagrad",
    "Adamax": "Adam",
    "Ftrl": "SGD",
    "legacy": "Adam",
    "Lion": "Adam",
}


def __getattr__(name: str) -> Any:
    """Refuse an optimizer by naming the nearest one."""
    near = _NEAREST.get(name)
    raise AbsentName(f"module {__name__!r}", name, (near,) if near else tuple(__all__))
