"""Keras's initial weights by name, over the fans of a weight (out, in)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import nn
from ..autograd.tape import Tensor

__all__ = ["INITIALIZERS"]

init = nn.init
_CUT = 0.87962566103423978
"""The deviation of a normal distribution cut at two deviations, which Keras makes up for."""


def _truncated(weight: Tensor, std: float) -> Tensor:
    std = std / _CUT
    return init.trunc_normal_(weight, 0.0, std, -2 * std, 2 * std)


def _fans(weight: Tensor) -> tuple[int, int]:
    if weight.dim() < 2:
        return weight.numel(), weight.numel()
    return weight.shape[1], weight.shape[0]


def _scaled_uniform(scale: float, fan: Callable[[int, int], float]) -> Callable[[Tensor], Any]:
    def fill(weight: Tensor) -> Tensor:
        bound = (3 * scale / max(1.0, fan(*_fans(weight)))) ** 0.5
        return init.uniform_(weight, -bound, bound)

    return fill


def _scaled_normal(scale: float, fan: Callable[[int, int], float]) -> Callable[[Tensor], Any]:
    return lambda weight: _truncated(weight, (scale / max(1.0, fan(*_fans(weight)))) ** 0.5)


def _into(fan_in: int, fan_out: int) -> float:
    return fan_in


def _mean(fan_in: int, fan_out: int) -> float:
    return (fan_in + fan_out) / 2


INITIALIZERS: dict[str, Callable[[Tensor], Any]] = {
    "glorot_uniform": _scaled_uniform(1.0, _mean),
    "glorot_normal": _scaled_normal(1.0, _mean),
    "he_uniform": _scaled_uniform(2.0, _into),
    "he_normal": _scaled_normal(2.0, _into),
    "lecun_uniform": _scaled_uniform(1.0, _into),
    "lecun_normal": _scaled_normal(1.0, _into),
    "random_uniform": lambda weight: init.uniform_(weight, -0.05, 0.05),
    "random_normal": lambda weight: init.normal_(weight, 0.0, 0.05),
    "truncated_normal": lambda weight: _truncated(weight, 0.05 * _CUT),
    "zeros": init.zeros_,
    "ones": init.ones_,
}
