"""tinygrad's optimizers: those that the engine has, and their rule that one steps in training alone."""

from __future__ import annotations

from typing import Any

from backprop_tutor import engine
from benchmarks.shims.not_offered import Missing


class _Optimizer:
    def __init__(self, params: list[Any], made: Any, lr: float, **options: Any) -> None:
        for p in params:
            p.requires_grad = True
        self.params = list({id(p): p for p in params}.values())
        self.inner = made([p.held for p in self.params], lr=lr, **options)

    def zero_grad(self) -> None:
        self.inner.zero_grad()

    def step(self) -> None:
        from tinygrad.tensor import (
            Tensor,  # the optimizers are loaded from the tensor's own package
        )

        if not Tensor.training:
            raise RuntimeError("an optimizer steps in training: Tensor.training is False")
        self.inner.step()


def SGD(
    params: Any,
    lr: float = 0.001,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
) -> _Optimizer:
    """Return gradient descent."""
    return _Optimizer(
        params,
        engine.optim.SGD,
        lr,
        momentum=momentum,
        weight_decay=weight_decay,
        nesterov=nesterov,
    )


def Adam(
    params: Any, lr: float = 0.001, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> _Optimizer:
    """Return Adam."""
    return _Optimizer(params, engine.optim.Adam, lr, betas=(b1, b2), eps=eps)


def AdamW(
    params: Any,
    lr: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> _Optimizer:
    """Return Adam with decoupled weight decay."""
    return _Optimizer(
        params, engine.optim.AdamW, lr, betas=(b1, b2), eps=eps, weight_decay=weight_decay
    )


Muon = Missing("Muon", "the engine has no such optimizer")
LAMB = Missing("LAMB", "the engine has no such optimizer")
