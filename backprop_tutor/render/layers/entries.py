"""The entries of a matrix as texts: one number of decimals a matrix, so that they stand under one another.

Enters: an array and how many figures its largest entry has. Leaves: `Entries`. What is too small or too
large for that is written as a multiple of a power of ten, which the head of the box says.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np

__all__ = ["Entries", "entries_of", "short", "table_of"]

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LEAST, _MOST = 1e-3, 1e5
"""A matrix whose largest entry lies between these is written without a power of ten."""


@dataclass(frozen=True, slots=True)
class Entries:
    """A matrix as texts, row by row; `power` of ten is taken out of every entry."""

    rows: tuple[tuple[str, ...], ...]
    decimals: int
    power: int = 0

    @property
    def factor(self) -> str:
        """Return the power of ten as it is shown; empty where there is none."""
        return f"×10{str(self.power).translate(_RAISED)}" if self.power else ""


def table_of(array: Any, column: bool) -> Any:
    """Return an array as a table: a vector is a row, or a column; of more axes the last is the row.

    >>> table_of(np.zeros(3), True).shape, table_of(np.zeros((2, 3, 4)), False).shape
    ((3, 1), (6, 4))
    """
    values = np.asarray(array, np.float64)
    if values.ndim == 1:
        return values.reshape(-1, 1) if column else values.reshape(1, -1)
    return values.reshape(-1, values.shape[-1]) if values.ndim else values.reshape(1, 1)


def entries_of(table: Any, figures: int = 3, most: int = 4) -> Entries:
    """Return a table's entries: `figures` for its largest, at most `most` decimals, none that say nothing.

    >>> entries_of(np.array([[0.5, -0.25], [10.0, 0.0]])).rows
    (('0.5', '−0.2'), ('10.0', '0.0'))
    >>> entries_of(np.array([[1.5e-7, 3e-8]]))
    Entries(rows=(('1.5', '0.3'),), decimals=1, power=-7)
    """
    largest = float(np.abs(table).max()) if table.size else 0.0
    power = 0
    if largest and not _LEAST <= largest < _MOST:
        power = floor(log10(largest))
        table = table / 10.0**power if abs(power) < 300 else table / largest
        largest = float(np.abs(table).max())
    size = floor(log10(largest)) if largest else 0
    decimals = min(max(figures - 1 - size, 0), most)
    while decimals and _whole(table, decimals - 1):
        decimals -= 1
    rows = tuple(tuple(_text(float(v), decimals) for v in row) for row in table)
    return Entries(rows, decimals, power)


def _whole(table: Any, decimals: int) -> bool:
    """Return whether every entry stands whole with so many decimals."""
    return bool(np.all(np.abs(np.round(table, decimals) - table) <= 1e-12 * np.abs(table)))


def _text(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if not float(text) else f"−{text[1:]}"
    return text


def short(value: float, figures: int = 2) -> str:
    """Return a number in few characters, for heads and bars.

    >>> short(0.0394), short(1234567.0), short(0.0)
    ('0.039', '1.2×10⁶', '0')
    """
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{abs(value):.{figures - 1}e}".partition("e")
    power = int(exponent)
    sign = "−" if value < 0 else ""
    if -4 <= power < 4:
        text = f"{float(f'{abs(value):.{figures - 1}e}'):.{max(figures - 1 - power, 0)}f}"
        return sign + (text.rstrip("0").rstrip(".") if "." in text else text)
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{sign}{mantissa}×10{str(power).translate(_RAISED)}"
