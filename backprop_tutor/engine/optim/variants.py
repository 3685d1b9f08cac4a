"""Variants of Adam: Adamax, which divides by the largest gradient, NAdam, which looks ahead.

Sources: Kingma and Ba (2015) for Adamax, Dozat (2016) for NAdam.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from .optimizer import Optimizer, number, one_element

__all__ = ["Adamax", "NAdam"]


def _check(lr: Any, betas: tuple[float, float], eps: float, decay: float) -> None:
    one_element("lr", lr)
    if not lr >= 0.0:
        raise ValueError(f"Invalid learning rate: {lr}")
    if not eps >= 0.0:
        raise ValueError(f"Invalid epsilon value: {eps}")
    for place, beta in enumerate(betas):
        if not 0.0 <= beta < 1.0:
            raise ValueError(f"Invalid beta parameter at index {place}: {beta}")
    if not decay >= 0.0:
        raise ValueError(f"Invalid weight_decay value: {decay}")


class _Variant(Optimizer):
    """What the variants share: a mean of gradients, weight decay, and a count of steps."""

    _second = "exp_avg_sq"

    def _begin(self, p: Tensor) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        state["exp_avg"] = wrap(np.zeros_like(p._a))
        state[self._second] = wrap(np.zeros_like(p._a))
        return state

    def _update(self, group: dict[str, Any]) -> None:
        lr = number(group["lr"])
        for p in group["params"]:
            if p._grad is None:
                continue
            state = self.state.get(p) or self._begin(p)
            state["step"]._a += 1
            array, grad = p._a, p._grad._a
            if group["maximize"]:
                grad = -grad
            decay = group["weight_decay"]
            if decay != 0:
                if group.get("decoupled_weight_decay"):
                    array *= self._constant(1 - lr * decay, array.dtype)
                else:
                    grad = grad + array * self._constant(decay, array.dtype)
            mean = state["exp_avg"]._a
            mean += (grad - mean) * self._constant(1 - group["betas"][0], array.dtype)
            array -= self._step_of(grad, state, group, lr).astype(array.dtype, copy=False)
            p._ver[0] += 1

    def _step_of(self, grad: Any, state: dict[str, Any], group: dict[str, Any], lr: float) -> Any:
        raise NotImplementedError

    def _square(self, grad: Any, state: dict[str, Any], beta: float) -> Any:
        """Advance the mean of squared gradients and return it."""
        square = state["exp_avg_sq"]._a
        square *= self._constant(beta, square.dtype)
        square += grad * grad * self._constant(1 - beta, square.dtype)
        return square


class Adamax(_Variant):
    """Divides the mean of gradients by a decaying maximum of their sizes."""

    _second = "exp_inf"

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        _check(lr, betas, eps, weight_decay)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "foreach": foreach,
            "maximize": maximize, "differentiable": differentiable, "capturable": capturable,
        }
        super().__init__(params, defaults)

    def _step_of(self, grad: Any, state: dict[str, Any], group: dict[str, Any], lr: float) -> Any:
        beta1, beta2 = group["betas"]
        largest = state["exp_inf"]._a
        np.maximum(
            largest * self._constant(beta2, largest.dtype),
            np.abs(grad) + self._constant(group["eps"], largest.dtype),
            out=largest,
        )
        rate = lr / (1 - beta1 ** float(state["step"]._a))
        return state["exp_avg"]._a / largest * self._constant(rate, largest.dtype)


class NAdam(_Variant):
    """Adam with Nesterov's momentum, its β₁ warmed up by 0.96 to the power t·`momentum_decay`."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        _check(lr, betas, eps, weight_decay)
        if not momentum_decay >= 0.0:
            raise ValueError(f"Invalid momentum_decay value: {momentum_decay}")
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
            "momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize, "foreach": foreach, "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def _begin(self, p: Tensor) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        state["mu_product"] = wrap(np.ones((), np.float32))
        state["exp_avg"] = wrap(np.zeros_like(p._a))
        state["exp_avg_sq"] = wrap(np.zeros_like(p._a))
        return state

    def _step_of(self, grad: Any, state: dict[str, Any], group: dict[str, Any], lr: float) -> Any:
        beta1, beta2 = group["betas"]
        count, decay = float(state["step"]._a), group["momentum_decay"]
        now = beta1 * (1.0 - 0.5 * 0.96 ** (count * decay))
        following = beta1 * (1.0 - 0.5 * 0.96 ** ((count + 1) * decay))
        product = state["mu_product"]._a
        product *= np.float32(now)
        square = self._square(grad, state, beta2)
        kind = square.dtype
        root = np.sqrt(square / self._constant(1 - beta2**count, kind))
        root += self._constant(group["eps"], kind)
        sofar = float(product)
        ahead = grad / root * np.array(lr * (1.0 - now) / (1.0 - sofar), kind)
        behind = state["exp_avg"]._a / root
        return ahead + behind * np.array(lr * following / (1.0 - sofar * following), kind)
