"""Optimizers that look at more than a gradient's size: ASGD averages the path, Rprop trusts signs.

Sources: Polyak and Juditsky (1992) for ASGD, Riedmiller and Braun (1993) for Rprop.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..tape import Tensor, wrap
from .optimizer import Optimizer, number
from .settings import one_element

__all__ = ["ASGD", "Rprop"]


class ASGD(Optimizer):
    """Gradient descent whose rate falls, and whose path's mean is kept in the state `ax`."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        one_element("lr", lr)
        if not lr >= 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        if not weight_decay >= 0.0:
            raise ValueError(f"Invalid weight_decay value: {weight_decay}")
        super().__init__(params, {
            "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay,
            "foreach": foreach, "maximize": maximize, "differentiable": differentiable,
            "capturable": capturable,
        })

    def _begin(self, p: Tensor, lr: float) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        state["eta"] = wrap(np.array(lr, np.float32))
        state["mu"] = wrap(np.ones((), np.float32))
        state["ax"] = wrap(np.zeros_like(p._a))
        return state

    def _update(self, group: dict[str, Any]) -> None:
        lr = number(group["lr"])
        for p in group["params"]:
            if p._grad is None:
                continue
            state = self.state.get(p) or self._begin(p, lr)
            state["step"]._a += 1
            a, grad = p._a, p._grad._a
            if group["maximize"]:
                grad = -grad
            if group["weight_decay"]:
                grad = grad + a * a.dtype.type(group["weight_decay"])
            eta, mu = float(state["eta"]._a), float(state["mu"]._a)
            a *= a.dtype.type(1 - group["lambd"] * eta)
            a -= a.dtype.type(eta) * grad
            mean = state["ax"]._a
            if mu == 1:
                mean[...] = a
            else:
                mean += (a - mean) * a.dtype.type(mu)
            step = float(state["step"]._a)
            state["eta"]._a[...] = lr / ((1 + group["lambd"] * lr * step) ** group["alpha"])
            state["mu"]._a[...] = 1 / max(1, step - group["t0"])
            p._ver[0] += 1


class Rprop(Optimizer):
    """Steps of a size of their own for every weight: larger while the sign stays, else smaller."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        one_element("lr", lr)
        if not lr >= 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        super().__init__(params, {
            "lr": lr, "etas": etas, "step_sizes": step_sizes, "foreach": foreach,
            "maximize": maximize, "differentiable": differentiable, "capturable": capturable,
        })

    def _begin(self, p: Tensor, lr: float) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        state["prev"] = wrap(np.zeros_like(p._a))
        state["step_size"] = wrap(np.full_like(p._a, lr))
        return state

    def _update(self, group: dict[str, Any]) -> None:
        lr, (less, more), (least, most) = number(group["lr"]), group["etas"], group["step_sizes"]
        for p in group["params"]:
            if p._grad is None:
                continue
            state = self.state.get(p) or self._begin(p, lr)
            state["step"]._a += 1
            grad = -p._grad._a if group["maximize"] else p._grad._a
            agree = np.sign(grad * state["prev"]._a)
            factor = np.where(agree > 0, more, np.where(agree < 0, less, 1.0)).astype(grad.dtype)
            size = state["step_size"]._a
            np.clip(size * factor, least, most, out=size)
            grad = np.where(agree < 0, grad.dtype.type(0), grad)
            p._a -= np.sign(grad) * size
            state["prev"]._a[...] = grad
            p._ver[0] += 1
