"""What an eager step refuses about numbers: labels of no class, shares outside [0, 1], a lost loss."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["CHECKS"]


def _labels(x: Any, classes: int, ignored: Any) -> bool:
    """Return whether a label names no class, or is one that is ignored."""
    if not x.size:
        return False
    if x.size <= 16:
        numbers = x.ravel().tolist()
        return bool(min(numbers) < 0 or max(numbers) >= classes)
    if x.dtype == np.int64:
        large = x.view(np.uint64)  # below 0 is above all classes here
        return bool(large.ravel()[large.argmax()] >= classes)
    return bool(x.min() < 0 or x.max() >= classes)


def _shares(x: Any) -> bool:
    """Return whether a number lies outside [0, 1], or is none."""
    if x.size <= 16:
        numbers = x.ravel().tolist()
        return bool(numbers) and not (min(numbers) >= 0 and max(numbers) <= 1)
    return bool(not (x.min() >= 0 and x.max() <= 1))


def _lost(x: Any) -> bool:
    """Return whether there is a nan."""
    if not x.ndim:
        one = x.item()
        return bool(one != one)
    return bool((x != x).any())


CHECKS = {"labels": _labels, "shares": _shares, "lost": _lost}
"""By name: each says whether an eager step should have a look."""
