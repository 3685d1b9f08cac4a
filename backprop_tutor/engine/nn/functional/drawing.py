"""Drawing from scores: the Gumbel softmax."""

from __future__ import annotations

import warnings

from ...creation import empty_like, zeros_like
from ...draws import exponential_
from ...fused import softmax
from ...tape import Tensor

__all__ = ["gumbel_softmax"]


def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    """Return a draw of the Gumbel softmax distribution; a one-hot one with soft slopes if `hard`.

    Source: Jang, Gu and Poole (2017).
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    noise: Tensor = -exponential_(empty_like(logits)).log()
    soft = softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    place = soft.detach().argmax(dim, keepdim=True)
    one: Tensor = zeros_like(logits).scatter_(dim, place, 1.0)
    hardened: Tensor = one - soft.detach() + soft
    return hardened
