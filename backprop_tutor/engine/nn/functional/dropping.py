"""Dropping out whole channels, and alpha dropout, which keeps mean and variance."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np

from ...randomness import default_generator
from ...tape import Tensor, wrap

__all__ = ["alpha_dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout"]

_ALPHA = 1.7580993408473766
_ROWS = (
    "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is "
    "desired - input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will "
    "change in a future release to interpret the input as one without a batch dimension, i.e. shape "
    "(C, H, W). To maintain the 1D channel-wise dropout behavior, please switch to using dropout1d "
    "instead."
)


def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Return the input with elements set to −λα with probability p, then scaled and shifted.

    Source: Klambauer et al. (2017).

    Raises:
        ValueError: a probability that is none.
    """
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if p == 0 or not training or input.numel() == 0:
        return input
    if p == 1:
        gone: Tensor = input.mul_(0) if inplace else input * 0
        return gone
    array = input._a
    number = array.dtype.type
    kept = default_generator.uniform64(array.size).reshape(array.shape) < 1 - p
    share = kept.astype(array.dtype)
    scale = 1.0 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    shift = wrap((share - 1) * number(_ALPHA * scale) + number(_ALPHA * scale * p))
    noise = wrap(share * number(scale))
    result: Tensor = input.mul_(noise).add_(shift) if inplace else input * noise + shift
    return result


def _channels(
    input: Tensor, p: float, training: bool, inplace: bool, called: str, shape: tuple[int, ...]
) -> Tensor:
    """Drop whole channels: one draw stands for all elements that `shape` spreads it over."""
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if p == 0 or not training or input.numel() == 0:
        return input
    number = input._a.dtype.type
    if p == 1:
        noise = np.zeros(shape, input._a.dtype)
    else:
        drawn = default_generator.uniform64(int(np.prod(shape))).reshape(shape) < 1 - p
        noise = drawn.astype(input._a.dtype) / number(1 - p)
    mask = wrap(noise)
    result: Tensor = input.mul_(mask) if inplace else input * mask
    return result


def _dropping(rank: int, called: str) -> Callable[..., Tensor]:
    """Return the dropout of channels whose own dimensions number `rank`."""

    def function(
        input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
    ) -> Tensor:
        a = input._a
        if rank == 1 and a.ndim not in (2, 3):
            raise RuntimeError(
                f"{called}: Expected 2D or 3D input, but received a {a.ndim}D input. Note that "
                "dropout1d exists to provide channel-wise dropout on inputs with 1 spatial "
                "dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D "
                "inputs)."
            )
        if rank > 1 and a.ndim not in (rank + 1, rank + 2):
            warnings.warn(
                f"{called}: Received a {a.ndim}-D input to {called}, which is deprecated and will "
                "result in an error in a future release. To retain the behavior and silence this "
                f"warning, please use dropout instead. Note that {called} exists to provide "
                f"channel-wise dropout on inputs with {rank} spatial dimensions, a channel dimension, "
                f"and an optional batch dimension (i.e. {rank + 1}D or {rank + 2}D inputs).",
                stacklevel=2,
            )
        if rank == 2 and a.ndim == 3:
            warnings.warn(_ROWS, stacklevel=2)
        alone = a.ndim == 2 if rank == 1 else rank == 3 and a.ndim != 5
        shape = a.shape if alone else a.shape[1:]
        lead = () if alone else a.shape[:1]
        if not shape:
            raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
        return _channels(
            input, p, training, inplace, called, (*lead, shape[0]) + (1,) * (len(shape) - 1))

    function.__name__ = function.__qualname__ = called
    function.__doc__ = (
        "Return the input with whole channels dropped, the others scaled up.\n\n"
        "    Shapes: (N, C, ...) or, for dropout1d and dropout3d, (C, ...); `inplace` writes the input.\n\n"
        "    Raises:\n        ValueError: a probability that is none.\n    "
    )
    return function


dropout1d, dropout2d, dropout3d = (_dropping(n, f"dropout{n}d") for n in (1, 2, 3))


def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Return the input with whole channels set to −λα, so that mean and variance stay."""
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if p == 0 or not training or input.numel() == 0:
        return input
    if p == 1:
        return input * 0
    array = input._a
    shape = array.shape[:2] + (1,) * (array.ndim - 2)
    number = array.dtype.type
    drawn = default_generator.uniform64(int(np.prod(shape))).reshape(shape) < 1 - p
    share = drawn.astype(array.dtype)
    scale = 1.0 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    shift = wrap((share - 1) * number(_ALPHA * scale) + number(_ALPHA * scale * p))
    noise = wrap(share * number(scale))
    result: Tensor = input.mul_(noise).add_(shift) if inplace else input * noise + shift
    return result
