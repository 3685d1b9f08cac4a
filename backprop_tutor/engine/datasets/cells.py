"""What a cell of a table holds: a finite number that float32 can hold, or what else, in words."""

from __future__ import annotations

import math

import numpy as np

from ...errors import quoted
from ...sentences import said

__all__ = ["fault", "fits", "number"]

LARGEST = float(np.finfo(np.float32).max)


def number(text: str) -> float | None:
    """Return the number a cell holds, None where it holds none (1_000 is Python's, not a table's)."""
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def fits(value: float) -> bool:
    """Return whether a number is finite in float32."""
    return abs(value) <= LARGEST


def fault(place: str, cell: str) -> str:
    """Return what is wrong with a cell that should hold a finite number, or the empty string."""
    if cell == "":
        return said("{place}: the cell is empty; expected a number", place=place)
    value = number(cell)
    if value is None:
        return said("{place}: {cell} is not a number", place=place, cell=quoted(cell))
    if not math.isfinite(value):
        return said("{place}: {cell} is not a finite number", place=place, cell=quoted(cell))
    if not fits(value):
        return said("{place}: {cell} is too large for float32", place=place, cell=quoted(cell))
    return ""
