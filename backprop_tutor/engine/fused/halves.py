"""Where PyTorch rounds float16 numbers on the way: saved statistics, sums of exponentials, losses.

Most loops over halves compute in float32 and round once, which `pairs.in_float32` does. The rules
here store something in between as a half, and so have digits of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tape import Tensor

__all__ = ["half_batch_norm", "half_log_softmax", "half_sum"]

_WIDE, _HALF = np.float32, np.float16


def half_log_softmax(a: Any, dim: int) -> Any:
    """Return log(softmax(a)); along the last dimension the sum and its logarithm are halves."""
    x = a.astype(_WIDE)
    z = x - x.max(axis=dim, keepdims=True)
    total = np.exp(z).sum(axis=dim, keepdims=True)
    if all(n == 1 for n in a.shape[dim + 1 :]):
        total = np.log(total.astype(_HALF).astype(_WIDE)).astype(_HALF).astype(_WIDE)
    else:
        total = np.log(total)
    return (z - total).astype(_HALF)


def half_sum(values: Any, axis: None = None) -> Any:
    """Return the sum of halves: one by one in groups of 16, then the groups' sums in the same way.

    What is left of each round is added up, and the very first element last. Each addition rounds.
    """
    values = values.reshape(-1)
    levels, first, values = [], values[:1], values[1:]
    while values.size >= 16:
        whole = values.size // 16 * 16
        levels.append(_one_by_one(values[whole:]))
        values = np.add.accumulate(values[:whole].reshape(-1, 16), axis=1)[:, -1]
    return _one_by_one(np.array([*levels, _one_by_one(values), *first], _HALF))


def _one_by_one(values: Any) -> Any:
    return np.add.accumulate(values, dtype=_HALF)[-1] if values.size else _HALF(0)


def half_batch_norm(
    x: Any, dims: tuple[int, ...], shape: tuple[int, ...], held: tuple[Tensor | None, ...],
    training: bool, momentum: float, eps: float,
) -> tuple[Any, Any, Any, Any]:
    """Return the normalised halves, the mean, the standardised input and the inverse deviation.

    `held` are the running mean and variance, the weight and the bias. In training the batch's mean
    and inverse deviation are saved as halves, and the saved ones are used; the running ones move.
    """
    weight, bias = (None if each is None else each._a.astype(_WIDE) for each in held[2:])
    wide = x.astype(_WIDE)
    if training:
        mean = wide.mean(axis=dims, keepdims=True)
        centred = wide - mean
        variance = (centred * centred).mean(axis=dims, keepdims=True)
        size = x.size // mean.size
        spread = variance * _WIDE(size / (size - 1) if size > 1 else 1)
        for running, seen in zip(held[:2], (mean, spread), strict=True):
            if running is not None:
                stay, pace = _WIDE(1 - momentum), _WIDE(momentum)
                running._a[...] = running._a.astype(_WIDE) * stay + seen.reshape(-1) * pace
                running._ver[0] += 1
        inverse = 1 / np.sqrt(variance + _WIDE(eps))
        mean, inverse = (each.astype(_HALF).astype(_WIDE) for each in (mean, inverse))
    else:
        estimates = [each._a for each in held[:2] if each is not None]
        mean, variance = (each.astype(_WIDE).reshape(shape) for each in estimates)
        inverse = 1 / np.sqrt(variance + _WIDE(eps))
    slope = inverse if weight is None else inverse * weight.reshape(shape)
    start = -mean * slope if bias is None else bias.reshape(shape) - mean * slope
    out, hat = wide * slope + start, (wide - mean) * inverse
    return out.astype(_HALF), mean.astype(_HALF), hat.astype(_HALF), inverse.astype(_HALF)
