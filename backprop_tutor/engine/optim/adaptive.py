"""Optimizers that scale each step by the gradients seen so far: RMSprop, Adagrad and Adadelta."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from .optimizer import Optimizer, exclusive_modes, number, one_element

__all__ = ["Adadelta", "Adagrad", "RMSprop"]


def _nonnegative(said: str, value: Any) -> None:
    if not value >= 0.0:
        raise ValueError(f"Invalid {said}: {value}")


def _gradient(p: Tensor, group: dict[str, Any], constant: Any) -> Any:
    """Return the gradient's array, turned round to maximise, weight decay added."""
    assert p._grad is not None  # the caller has looked
    grad = p._grad._a
    if group["maximize"]:
        grad = -grad
    if group["weight_decay"] != 0:
        grad = grad + p._a * constant(group["weight_decay"], p._a.dtype)
    return grad


class RMSprop(Optimizer):
    """Divides by the root of a running mean of squared gradients, ε outside the root.

    `centered` subtracts the square of the running mean. Source: Tieleman and Hinton (2012).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        one_element("lr", lr)
        _nonnegative("learning rate", lr)
        _nonnegative("epsilon value", eps)
        _nonnegative("momentum value", momentum)
        _nonnegative("weight_decay value", weight_decay)
        _nonnegative("alpha value", alpha)
        defaults = {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
            "weight_decay": weight_decay, "capturable": capturable, "foreach": foreach,
            "maximize": maximize, "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        state["square_avg"] = wrap(np.zeros_like(p._a))
        if group["momentum"] > 0:
            state["momentum_buffer"] = wrap(np.zeros_like(p._a))
        if group["centered"]:
            state["grad_avg"] = wrap(np.zeros_like(p._a))
        return state

    def _update(self, group: dict[str, Any]) -> None:
        lr, alpha = number(group["lr"]), group["alpha"]
        for p in group["params"]:
            if p._grad is None:
                continue
            kind = p._a.dtype
            state = self.state.get(p) or self._begin(p, group)
            state["step"]._a += 1
            grad = _gradient(p, group, self._constant)
            room = self._room(p)
            share = self._constant(1 - alpha, kind)
            square = state["square_avg"]._a
            np.multiply(grad, grad, room)
            np.multiply(room, share, room)
            np.multiply(square, self._constant(alpha, kind), square)
            np.add(square, room, square)
            if group["centered"]:
                mean = state["grad_avg"]._a
                mean += (grad - mean) * share
                np.subtract(square, mean * mean, room)
                np.sqrt(room, room)
            else:
                np.sqrt(square, room)
            np.add(room, self._constant(group["eps"], kind), room)
            np.divide(grad, room, room)
            if group["momentum"] > 0:
                buffer = state["momentum_buffer"]._a
                buffer *= self._constant(group["momentum"], kind)
                buffer += room
                np.multiply(buffer, self._constant(lr, kind), room)
            else:
                np.multiply(room, self._constant(lr, kind), room)
            np.subtract(p._a, room, p._a)
            p._ver[0] += 1


class Adagrad(Optimizer):
    """Divides by the root of the sum of all squared gradients.

    Source: Duchi, Hazan and Singer (2011).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        one_element("lr", lr)
        _nonnegative("learning rate", lr)
        _nonnegative("lr_decay value", lr_decay)
        _nonnegative("weight_decay value", weight_decay)
        _nonnegative("initial_accumulator_value value", initial_accumulator_value)
        _nonnegative("epsilon value", eps)
        defaults = {
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "foreach": foreach,
            "maximize": maximize, "differentiable": differentiable, "fused": fused,
        }
        exclusive_modes(foreach, differentiable, fused)
        super().__init__(params, defaults)
        for group in self.param_groups:
            for p in group["params"]:
                self._begin(p, group)

    def _begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        state["sum"] = wrap(np.full_like(p._a, group["initial_accumulator_value"]))
        return state

    def _update(self, group: dict[str, Any]) -> None:
        lr = number(group["lr"])
        for p in group["params"]:
            if p._grad is None:
                continue
            kind = p._a.dtype
            state = self.state.get(p) or self._begin(p, group)
            step = state["step"]._a
            step += 1
            grad = _gradient(p, group, self._constant)
            room = self._room(p)
            total = state["sum"]._a
            np.multiply(grad, grad, room)
            np.add(total, room, total)
            np.sqrt(total, room)
            np.add(room, self._constant(group["eps"], kind), room)
            np.divide(grad, room, room)
            rate = lr / (1 + (float(step) - 1) * group["lr_decay"])
            np.multiply(room, self._constant(rate, kind), room)
            np.subtract(p._a, room, p._a)
            p._ver[0] += 1


class Adadelta(Optimizer):
    """Scales the gradient by the root of past steps over the root of past gradients.

    Source: Zeiler (2012).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        one_element("lr", lr)
        _nonnegative("learning rate", lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        _nonnegative("epsilon value", eps)
        _nonnegative("weight_decay value", weight_decay)
        defaults = {
            "lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
            "capturable": capturable, "foreach": foreach, "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _begin(self, p: Tensor) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        state["square_avg"] = wrap(np.zeros_like(p._a))
        state["acc_delta"] = wrap(np.zeros_like(p._a))
        return state

    def _update(self, group: dict[str, Any]) -> None:
        lr = number(group["lr"])
        for p in group["params"]:
            if p._grad is None:
                continue
            kind = p._a.dtype
            state = self.state.get(p) or self._begin(p)
            state["step"]._a += 1
            grad = _gradient(p, group, self._constant)
            rho, share = self._constant(group["rho"], kind), self._constant(1 - group["rho"], kind)
            eps = self._constant(group["eps"], kind)
            square, steps = state["square_avg"]._a, state["acc_delta"]._a
            square *= rho
            square += share * (grad * grad)
            delta = np.sqrt(steps + eps) / np.sqrt(square + eps) * grad
            steps *= rho
            steps += share * (delta * delta)
            np.subtract(p._a, delta * self._constant(lr, kind), p._a)
            p._ver[0] += 1
