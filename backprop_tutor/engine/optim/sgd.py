"""Stochastic gradient descent: with momentum m ← μm + (1 − τ)g and p ← p − lr·m."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from .optimizer import Optimizer, exclusive_modes, number, one_element

__all__ = ["SGD"]


_Array = np.ndarray
_Place = tuple[Any, Any, Any]
_NOWHERE: tuple[float, list[_Place]] = (math.nan, [])


class SGD(Optimizer):
    """Steps against the gradient.

    The first momentum is the first gradient itself; later ones weigh it by 1 − `dampening`.
    `weight_decay` adds that multiple of the parameter to its gradient; `nesterov` steps along
    g + μm. `foreach` and `fused` choose an implementation elsewhere and change nothing here.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        one_element("lr", lr)
        if lr < 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        if momentum < 0.0:
            raise ValueError(f"Invalid momentum value: {momentum}")
        if weight_decay < 0.0:
            raise ValueError(f"Invalid weight_decay value: {weight_decay}")
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
            "nesterov": nesterov, "maximize": maximize, "foreach": foreach,
            "differentiable": differentiable, "fused": fused,
        }
        exclusive_modes(foreach, differentiable, fused)
        super().__init__(params, defaults)

    def _update(self, group: dict[str, Any]) -> None:
        lr, decay = group["lr"], group["weight_decay"]
        if lr.__class__ is not float or decay.__class__ is not int:
            lr, decay = number(lr), number(decay)
        if decay == 0 == group["momentum"] and not group["maximize"]:
            self._descend(group, lr)
            return
        for p in group["params"]:
            if p._grad is not None:
                self._update_one(p, group, lr, decay)

    def _descend(self, group: dict[str, Any], lr: float) -> None:
        """Apply the plain rule, p ← p − lr·g; every microsecond here is one of each step."""
        multiply, subtract = np.multiply, np.subtract
        params = group["params"]
        before, places = self._places.get(id(params), _NOWHERE)
        if before != lr or len(places) != len(params):
            places = [self._place(p, lr) for p in params]
            self._places[id(params)] = lr, places
        for p, (array, room, rate) in zip(params, places):  # noqa: B905  (as many, as seen above)
            grad = p._arrived
            if grad is None:
                continue
            if grad.__class__ is not _Array:
                grad = grad._a
            if array is not p._a:  # the parameter was given other data, or is another one
                array, room, rate = self._place(p, lr)
                self._places.pop(id(params), None)
            multiply(grad, rate, room)
            subtract(array, room, array)
            p._ver[0] += 1

    def _place(self, p: Tensor, lr: float) -> _Place:
        """Return the parameter's array, room to compute in, and the rate as an array of its dtype."""
        return p._a, self._room(p), self._constant(lr, p._a.dtype)

    def _update_one(self, p: Tensor, group: dict[str, Any], lr: float, decay: float) -> None:
        array, kind = p._a, p._a.dtype
        room = self._room(p)
        assert p._grad is not None  # the caller has looked
        grad = p._grad._a
        if group["maximize"]:
            grad = -grad
        if decay != 0:
            grad = np.add(grad, np.multiply(array, self._constant(decay, kind), room))
        momentum = group["momentum"]
        if momentum != 0:
            state = self.state[p]
            held = state.get("momentum_buffer")
            if held is None:
                buffer = np.array(grad, copy=True)
                state["momentum_buffer"] = wrap(buffer)
            else:
                buffer = held._a
                buffer *= self._constant(momentum, kind)
                if group["dampening"] == 0:
                    buffer += grad
                else:
                    np.multiply(grad, self._constant(1 - group["dampening"], kind), room)
                    buffer += room
            if group["nesterov"]:
                grad = np.multiply(buffer, self._constant(momentum, kind), room) + grad
            else:
                grad = buffer
        np.multiply(grad, self._constant(lr, kind), room)
        np.subtract(array, room, array)
        p._ver[0] += 1
