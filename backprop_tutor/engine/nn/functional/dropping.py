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
