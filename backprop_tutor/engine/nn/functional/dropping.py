"""Alpha dropout, which drops to a negative value so that mean and variance stay."""

from __future__ import annotations

import math

from ...randomness import default_generator
from ...tape import Tensor, wrap

__all__ = ["alpha_dropout"]

_ALPHA = 1.7580993408473766


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
        return input.mul_(0) if inplace else input * 0
    array = input._a
    kept = (default_generator.uniform64(array.size).reshape(array.shape) < 1 - p).astype(array.dtype)
    scale = 1.0 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    shift = wrap((kept - 1) * array.dtype.type(_ALPHA * scale) + array.dtype.type(_ALPHA * scale * p))
    noise = wrap(kept * array.dtype.type(scale))
    if inplace:
        return input.mul_(noise).add_(shift)
    return input * noise + shift
