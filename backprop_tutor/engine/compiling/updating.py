"""How each optimizer's update is written: the same calls in the same order, and what may change meanwhile.

An `Update` says of one optimizer which numbers it computes with (they may change at every step, by a
schedule or by the count of steps), which settings decide what is computed at all, and the calls.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..optim import adam
from ..optim.adam import Adamax, NAdam
from ..optim.adaptive import Adadelta, Adagrad, RMSprop
from ..optim.optimizer import Optimizer, number
from ..optim.sgd import SGD
from .kernel import Writer
from .values import Unwritable, Value

__all__ = ["UPDATES", "Place", "Update", "update_of"]

Group = dict[str, Any]


class Place:
    """An array that an update writes to: its leaf, and the value that stands there by now."""

    kernel: Writer
    leaf: Value

    def __init__(self, kernel: Writer, leaf: Value) -> None:
        self.kernel, self.leaf = kernel, leaf
        self.now: Any = leaf

    def put(self, op: str, *args: Any) -> Any:
        """Write a call's value into the array."""
        operands = tuple(self.kernel.operand(a, self.leaf.dtype) for a in args)
        self.now = self.kernel.own(self.kernel.values.put(self.leaf, op, operands))
        return self.now


Write = Callable[[Writer, Place, Any, "dict[str, Place]", "dict[str, Any]", Group], None]


@dataclass(frozen=True, kw_only=True)
class Update:
    """One optimizer's rule.

    Attributes:
        numbers: from a group, the number of this step (from 1) and the single numbers that the optimizer
            keeps, the numbers by name.
        shape: what of a group decides which calls are made; where it changes, the step is written anew.
        write: writes the calls, for a parameter, its gradient, its state and the numbers.
        single: the numbers that are float32 whatever the parameter is.
        counts: whether the numbers depend on the count of steps.
        flushes: the moments that are flushed now and then.
    """

    numbers: Callable[[Group, float, dict[str, Any]], dict[str, float]]
    shape: Callable[[Group], tuple[Any, ...]]
    write: Write
    single: tuple[str, ...] = ()
    counts: bool = False
    flushes: tuple[str, ...] = ()


def _decayed(k: Writer, p: Place, g: Any, n: dict[str, Any], group: Group) -> Any:
    if group["maximize"]:
        g = -g
    return g + p.now * n["decay"] if group["weight_decay"] != 0 else g


def _usual(group: Group) -> tuple[Any, ...]:
    return bool(group["maximize"]), number(group["weight_decay"]) != 0


def _sgd(k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group) -> None:
    g = _decayed(k, p, g, n, group)
    if group["momentum"] != 0:
        buffer = state["momentum_buffer"]
        buffer.put("multiply", buffer.now, n["momentum"])
        buffer.put("add", buffer.now, g if group["dampening"] == 0 else g * n["undamped"])
        g = buffer.now * n["momentum"] + g if group["nesterov"] else buffer.now
    p.put("subtract", p.now, g * n["lr"])


def _adam(k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group) -> None:
    if group["maximize"]:
        g = -g
    if group["weight_decay"] != 0:
        if group["decoupled_weight_decay"]:
            p.put("multiply", p.now, n["shrink"])
        else:
            g = g + p.now * n["decay"]
    mean, square = state["exp_avg"], state["exp_avg_sq"]
    mean.put("add", mean.now, (g - mean.now) * n["share1"])
    part = g * g * n["share2"]
    square.put("multiply", square.now, n["beta2"])
    largest = square.put("add", square.now, part)
    if group["amsgrad"]:
        largest = state["max_exp_avg_sq"].put("maximum", state["max_exp_avg_sq"].now, square.now)
    room = k.sqrt(largest) + n["floor"]
    p.put("subtract", p.now, mean.now / room * n["rate"])


def _adam_numbers(group: Group, count: float, kept: dict[str, Any]) -> dict[str, float]:
    lr, (beta1, beta2), decay = number(group["lr"]), group["betas"], group["weight_decay"]
    root = math.sqrt(1 - beta2**count)
    return {
        "rate": lr * root / (1 - beta1**count), "floor": group["eps"] * root, "share1": 1 - beta1,
        "beta2": beta2, "share2": 1 - beta2, "decay": decay, "shrink": 1 - lr * decay,
    }


def _rmsprop(k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group) -> None:
    g = _decayed(k, p, g, n, group)
    square = state["square_avg"]
    part = g * g * n["share"]
    square.put("multiply", square.now, n["alpha"])
    square.put("add", square.now, part)
    spread = square.now
    if group["centered"]:
        mean = state["grad_avg"]
        mean.put("add", mean.now, (g - mean.now) * n["share"])
        spread = square.now - mean.now * mean.now
    room = g / (k.sqrt(spread) + n["eps"])
    if group["momentum"] > 0:
        buffer = state["momentum_buffer"]
        buffer.put("multiply", buffer.now, n["momentum"])
        room = buffer.put("add", buffer.now, room)
    p.put("subtract", p.now, room * n["lr"])


def _adagrad(k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group) -> None:
    g = _decayed(k, p, g, n, group)
    total = state["sum"]
    total.put("add", total.now, g * g)
    p.put("subtract", p.now, g / (k.sqrt(total.now) + n["eps"]) * n["rate"])


def _adadelta(
    k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group
) -> None:
    g = _decayed(k, p, g, n, group)
    square, steps = state["square_avg"], state["acc_delta"]
    square.put("multiply", square.now, n["rho"])
    square.put("add", square.now, n["share"] * (g * g))
    delta = k.sqrt(steps.now + n["eps"]) / k.sqrt(square.now + n["eps"]) * g
    steps.put("multiply", steps.now, n["rho"])
    steps.put("add", steps.now, n["share"] * (delta * delta))
    p.put("subtract", p.now, delta * n["lr"])


def _begun(k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group) -> Any:
    """Write what Adamax and NAdam begin with; return the gradient."""
    if group["maximize"]:
        g = -g
    if group["weight_decay"] != 0:
        if group.get("decoupled_weight_decay"):
            p.put("multiply", p.now, n["shrink"])
        else:
            g = g + p.now * n["decay"]
    mean = state["exp_avg"]
    mean.put("add", mean.now, (g - mean.now) * n["share1"])
    return g


def _adamax(k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group) -> None:
    g = _begun(k, p, g, state, n, group)
    largest = state["exp_inf"]
    largest.put("maximum", largest.now * n["beta2"], k.absolute(g) + n["eps"])
    p.put("subtract", p.now, state["exp_avg"].now / largest.now * n["rate"])


def _adamax_numbers(group: Group, count: float, kept: dict[str, Any]) -> dict[str, float]:
    lr, (beta1, beta2), decay = number(group["lr"]), group["betas"], group["weight_decay"]
    return {"rate": lr / (1 - beta1**count), "beta2": beta2, "share1": 1 - beta1, "eps": group["eps"],
            "decay": decay, "shrink": 1 - lr * decay}


def _nadam(k: Writer, p: Place, g: Any, state: dict[str, Place], n: dict[str, Any], group: Group) -> None:
    g = _begun(k, p, g, state, n, group)
    state["mu_product"].put("multiply", state["mu_product"].now, n["now"])
    square = state["exp_avg_sq"]
    part = g * g * n["share2"]
    square.put("multiply", square.now, n["beta2"])
    square.put("add", square.now, part)
    root = k.sqrt(square.now / n["unbiased"]) + n["eps"]
    p.put("subtract", p.now, g / root * n["ahead"] + state["exp_avg"].now / root * n["behind"])


def _nadam_numbers(group: Group, count: float, kept: dict[str, Any]) -> dict[str, float]:
    lr, (beta1, beta2), decay = number(group["lr"]), group["betas"], group["weight_decay"]
    now = beta1 * (1.0 - 0.5 * 0.96 ** (count * group["momentum_decay"]))
    following = beta1 * (1.0 - 0.5 * 0.96 ** ((count + 1) * group["momentum_decay"]))
    sofar = float(kept["mu_product"] * np.float32(now))
    return {
        "now": now, "ahead": lr * (1.0 - now) / (1.0 - sofar),
        "behind": lr * following / (1.0 - sofar * following), "unbiased": 1 - beta2**count,
        "beta2": beta2, "share1": 1 - beta1, "share2": 1 - beta2, "eps": group["eps"], "decay": decay,
        "shrink": 1 - lr * decay,
    }


def _simple(*names: str) -> Callable[[Group, float, dict[str, Any]], dict[str, float]]:
    derived: dict[str, Callable[[Group], float]] = {
        "decay": lambda g: number(g["weight_decay"]), "lr": lambda g: number(g["lr"]),
        "undamped": lambda g: 1 - g["dampening"],
        "share": lambda g: 1 - (g["alpha"] if "alpha" in g else g["rho"]),
    }

    def numbers(group: Group, count: float, kept: dict[str, Any]) -> dict[str, float]:
        found = {name: derived[name](group) if name in derived else group[name] for name in names}
        if "lr_decay" in group:
            found["rate"] = found["lr"] / (1 + (count - 1) * group["lr_decay"])
        return found

    return numbers


def _of_variant(group: Group) -> tuple[Any, ...]:
    return (*_usual(group), bool(group.get("decoupled_weight_decay")))


UPDATES: dict[type[Optimizer], Update] = {
    SGD: Update(
        numbers=_simple("lr", "decay", "momentum", "undamped"),
        shape=lambda g: (*_usual(g), g["momentum"] != 0, g["dampening"] == 0, bool(g["nesterov"])),
        write=_sgd),
    **{kind: Update(
        numbers=_adam_numbers,
        shape=lambda g: (*_of_variant(g), bool(g["amsgrad"]), g["eps"] > 0), write=_adam, counts=True,
        flushes=("exp_avg", "exp_avg_sq")) for kind in (adam.Adam, adam.AdamW)},
    RMSprop: Update(
        numbers=_simple("lr", "decay", "alpha", "share", "eps", "momentum"),
        shape=lambda g: (*_usual(g), g["momentum"] > 0, bool(g["centered"])), write=_rmsprop),
    Adagrad: Update(numbers=_simple("lr", "decay", "eps"), shape=_usual, write=_adagrad, counts=True),
    Adadelta: Update(
        numbers=_simple("lr", "decay", "rho", "share", "eps"), shape=_usual, write=_adadelta),
    Adamax: Update(numbers=_adamax_numbers, shape=_of_variant, write=_adamax, counts=True),
    NAdam: Update(
        numbers=_nadam_numbers, shape=_of_variant, write=_nadam, counts=True, single=("now",)),
}
"""By the optimizer's class."""


def update_of(optimizer: Optimizer) -> Update:
    """Return how an optimizer is written.

    Raises:
        Unwritable: an optimizer of another class, or one with hooks.
    """
    found = UPDATES.get(type(optimizer))
    if found is None:
        raise Unwritable(f"the optimizer {type(optimizer).__name__} is not among those that are written")
    if optimizer._pre_hooks or optimizer._post_hooks:
        raise Unwritable("the optimizer carries hooks")
    return found
