"""The norm of gradients as calls of NumPy, in the order in which `clip_grad_norm_` computes it."""

from __future__ import annotations

import math
from typing import Any

from .kernel import Writer
from .values import Unwritable

__all__ = ["norm_of"]


def norm_of(k: Writer, a: Any, order: float) -> Any:
    """Return the norm of all entries.

    Raises:
        Unwritable: another order than 1, 2 or infinity.
    """
    if order == math.inf:
        return k.max(k.absolute(a))
    if order == 1:
        return k.sum(k.absolute(a))
    if order != 2:
        raise Unwritable(f"gradients are clipped by their norm of order {order:g}")
    flat = k.reshape(a, (a.array.size,))
    return k.sqrt(k.apply("dot", flat, flat))
