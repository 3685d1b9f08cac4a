"""Containers that hold what is differentiated: Python's own do."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from .boxes import Box

list, tuple, dict = builtins.list, builtins.tuple, builtins.dict


def isinstance(x: Any, kinds: Any) -> bool:
    """Return whether x is of a kind; a box is an array, and a float where it is one number."""
    if builtins.isinstance(x, Box):
        wanted = kinds if builtins.isinstance(kinds, builtins.tuple) else (kinds,)
        return any(issubclass(np.ndarray if x.ndim else float, k) for k in wanted)
    return builtins.isinstance(x, kinds)
