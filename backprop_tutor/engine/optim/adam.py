"""Adam and its variants: steps along the mean of gradients over the root of the mean of their squares.

m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − lr·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ) and
v̂ = v/(1 − β₂ᵗ). Source: Kingma and Ba (2015); decoupled decay: Loshchilov and Hutter (2019).
Adamax divides by the largest gradient (Kingma and Ba), NAdam looks ahead (Dozat, 2016).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..autograd.tape import Tensor, wrap
from .optimizer import Optimizer, exclusive_modes, number, one_element

__all__ = ["FLUSH_EVERY", "Adam", "AdamW", "Adamax", "NAdam", "flush_moment"]


BLOCK = 65536
"""Elements updated at a time: what a block touches stays in the cache."""

FLUSH_EVERY = 16
"""Steps between two looks for moments so small that arithmetic with them is slow."""


class Adam(Optimizer):
    """Adam; `weight_decay` joins the gradient, or shrinks the weights with `decoupled_weight_decay`.

    `amsgrad` divides by the largest v so far. `foreach` and `fused` choose an implementation
    elsewhere and change nothing here.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        if isinstance(lr, Tensor) and foreach:
            raise ValueError("lr as a Tensor is not supported for capturable=False and foreach=True")
        _check(lr, betas, eps, weight_decay)
        if not (
            all(isinstance(beta, float) for beta in betas)
            or all(isinstance(beta, Tensor) for beta in betas)
        ):
            raise ValueError("betas must be either both floats or both Tensors")
        for place, beta in enumerate(betas):
            one_element(f"betas[{place}]", beta)
        defaults = {
            "lr": lr, "betas": tuple(number(beta) for beta in betas), "eps": eps,
            "weight_decay": weight_decay, "amsgrad": amsgrad, "maximize": maximize,
            "foreach": foreach, "capturable": capturable, "differentiable": differentiable,
            "fused": fused, "decoupled_weight_decay": decoupled_weight_decay,
        }
        exclusive_modes(foreach, differentiable, fused)
        super().__init__(params, defaults)

    def _begin(self, p: Tensor, amsgrad: bool) -> dict[str, Any]:
        state = self.state[p]
        state["step"] = wrap(np.zeros((), np.float32))
        names = ["exp_avg", "exp_avg_sq"] + (["max_exp_avg_sq"] if amsgrad else [])
        for name in names:
            state[name] = wrap(np.zeros_like(p._a))
        return state

    def _update(self, group: dict[str, Any]) -> None:
        lr = number(group["lr"])
        beta1, beta2 = group["betas"]
        eps, amsgrad = group["eps"], group["amsgrad"]
        decay, decoupled = group["weight_decay"], group["decoupled_weight_decay"]
        constant = self._constant
        kind = None
        count = -1.0
        for p in group["params"]:
            grad = p._arrived
            if grad is None:
                continue
            if grad.__class__ is not np.ndarray:
                grad = grad._a
            state = self.state.get(p) or self._begin(p, amsgrad)
            step = state["step"]._a
            step += 1
            array = p._a
            if array.dtype is not kind or step != count:
                kind, count = array.dtype, float(step)
                root = math.sqrt(1 - beta2**count)
                # lr/(1 − β₁ᵗ)·m/(√v/root + ε) = lr·root/(1 − β₁ᵗ)·m/(√v + ε·root)
                rate = np.array(lr * root / (1 - beta1**count), kind)
                floor = np.array(eps * root, kind)
                shares = (constant(1 - beta1, kind), constant(beta2, kind), constant(1 - beta2, kind))
                flush = count % FLUSH_EVERY == 0 and eps > 0
            if group["maximize"]:
                grad = -grad
            if decay != 0:
                if decoupled:
                    array *= constant(1 - lr * decay, kind)
                else:
                    grad = grad + array * constant(decay, kind)
            moments = (
                state["exp_avg"]._a,
                state["exp_avg_sq"]._a,
                state["max_exp_avg_sq"]._a if amsgrad else None,
            )
            _advance(array, grad, moments, self._room(p), shares, rate, floor)
            if flush:
                flush_moment(moments[0])
                flush_moment(moments[1])
            p._ver[0] += 1


def _advance(
    array: Any, grad: Any, moments: tuple[Any, ...], room: Any, shares: Any, rate: Any, floor: Any
) -> None:
    """Update one parameter, in blocks where it is large."""
    size = array.size
    if size <= 2 * BLOCK or not _flat(array, grad, room, *moments):
        _advance_block(array, grad, *moments, room, *shares, rate, floor)
        return
    flat = [each if each is None else each.reshape(-1) for each in (array, grad, *moments, room)]
    for start in range(0, size, BLOCK):
        part = slice(start, start + BLOCK)
        _advance_block(
            *(each if each is None else each[part] for each in flat), *shares, rate, floor
        )


def _flat(*arrays: Any) -> bool:
    return all(each is None or each.flags.c_contiguous for each in arrays)


def _advance_block(*given: Any) -> None:
    """Update a part that stays in the cache, with no array made on the way."""
    array, grad, mean, square, largest, room, share1, beta2, share2, rate, floor = given
    np.subtract(grad, mean, room)
    np.multiply(room, share1, room)
    np.add(mean, room, mean)
    np.multiply(grad, grad, room)
    np.multiply(room, share2, room)
    np.multiply(square, beta2, square)
    np.add(square, room, square)
    if largest is not None:
        np.maximum(largest, square, out=largest)
        square = largest
    np.sqrt(square, room)
    np.add(room, floor, room)
    np.divide(mean, room, room)
    np.multiply(room, rate, room)
    np.subtract(array, room, array)


_NEGLIGIBLE: dict[Any, Any] = {}


def flush_moment(moment: Any) -> None:
    """Set what is about to become denormal to 0: next to ε it changes nothing, and it is slow."""
    bound = _NEGLIGIBLE.get(moment.dtype)
    if bound is None:
        tiny = np.finfo(moment.dtype).tiny
        bound = _NEGLIGIBLE[moment.dtype] = np.array(tiny * 1e4, moment.dtype)
    small = np.abs(moment) < bound
    if small.any():
        moment[small] = 0


class AdamW(Adam):
    """Adam whose weight decay shrinks the weights directly, p ← p(1 − lr·decay)."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad, foreach=foreach, maximize=maximize,
            capturable=capturable, differentiable=differentiable, fused=fused,
            decoupled_weight_decay=True,
        )


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
