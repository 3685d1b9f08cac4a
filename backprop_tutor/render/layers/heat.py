"""Heat maps: a large matrix as at most 16 × 16 cells, each its block's largest entry with its sign.

Enters: a table of numbers. Leaves: `Heat`, and path data, one path a level. Levels are nine, 0 in the
middle; negative cells carry a stroke, so that signs are read without colour;
a mean over blocks would show 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..stage.colours import HEAT_LEVELS

__all__ = ["CELL", "Heat", "cells_across", "heat_of", "heat_paths"]

CELL = 7.0
"""The side of a cell, in px."""

_MOST, _MOST_WIDE = 16, 28
_WIDE = 4


@dataclass(frozen=True, slots=True)
class Heat:
    """The levels of a heat map's cells, −4 to 4, and the largest entry's size."""

    levels: Any
    largest: float


def _blocks(count: int, most: int) -> int:
    """Return how many entries a block has along an axis: a whole divisor where one is near.

    >>> _blocks(784, 16), _blocks(128, 16), _blocks(17, 16)
    (49, 8, 2)
    """
    least = -(-count // most)
    return next((n for n in range(least, 2 * least) if count % n == 0), least)


def _counts(rows: int, columns: int) -> tuple[int, int]:
    across = _MOST_WIDE if columns > _WIDE * rows and columns >= _MOST_WIDE and rows > 1 else _MOST
    down = _MOST_WIDE if rows > _WIDE * columns and rows >= _MOST_WIDE and columns == 1 else _MOST
    return _blocks(rows, min(down, _MOST)), _blocks(columns, across)


def cells_across(rows: int, columns: int) -> tuple[int, int]:
    """Return how many cells a table of this size has, down and across."""
    down, across = _counts(rows, columns)
    return -(-rows // down), -(-columns // across)


def heat_of(table: Any) -> Heat:
    """Return the heat map of a table; the largest entry of a block stands for it."""
    rows, columns = table.shape
    down, across = _counts(rows, columns)
    high, wide = cells_across(rows, columns)
    padded = np.zeros((high * down, wide * across))
    padded[:rows, :columns] = table
    blocks = padded.reshape(high, down, wide, across).transpose(0, 2, 1, 3).reshape(high, wide, -1)
    chosen = np.abs(blocks).argmax(axis=2)
    peaks = np.take_along_axis(blocks, chosen[..., None], axis=2)[..., 0]
    largest = float(np.abs(peaks).max()) if peaks.size else 0.0
    shares = peaks / largest if largest else peaks
    # White below an eighth of the largest; then four levels of equal width.
    levels = np.sign(shares) * np.floor(np.abs(shares) * HEAT_LEVELS + 0.5)
    return Heat(levels.astype(int), largest)


def heat_paths(heat: Heat, x: float, y: float, cell: tuple[float, float]) -> list[tuple[str, str, bool]]:
    """Return path data by role: one of cells for each level, and the strokes of negative ones.

    Each is (path data, role, whether it is a stroke).
    """
    wide, high = cell
    found: list[tuple[str, str, bool]] = []
    for level in range(-HEAT_LEVELS, HEAT_LEVELS + 1):
        places = np.argwhere(heat.levels == level)
        if len(places):
            cells = "".join(
                f"M{x + c * wide:g},{y + r * high:g}h{wide:g}v{high:g}h{-wide:g}z"
                for r, c in places.tolist()
            )
            found.append((cells, f"heat{level}", False))
    for dark in (True, False):
        places = np.argwhere((heat.levels <= -3) if dark else (heat.levels < 0) & (heat.levels > -3))
        if len(places):
            strokes = "".join(
                f"M{x + c * wide + 1.2:g},{y + (r + 1) * high - 1.2:g}l{wide - 2.4:g},{2.4 - high:g}"
                for r, c in places.tolist()
            )
            found.append((strokes, "heat0" if dark else "heat-4", True))
    return found
