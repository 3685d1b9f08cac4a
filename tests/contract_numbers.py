"""A row's numbers, as the contract's checks ask for them: nan where there is none."""

from __future__ import annotations

import math
from typing import Any

from backprop_tutor.ops import SCALAR, Operation

__all__ = ["close", "settings", "slope", "value"]


def settings(row: Operation) -> dict[str, Any]:
    """Return a row's options, and the first output where it has several."""
    return {**dict(row.options), **({"index": 0} if row.outputs else {})}


def value(row: Operation, *operands: Any) -> float:
    """Return the row's value with all its digits, nan where there is none."""
    try:
        return float(row.value(SCALAR, *operands, **settings(row)))
    except (ValueError, ArithmeticError):
        return math.nan


def slope(row: Operation, operand: float) -> float:
    """Return the slope of a row of one operand, nan where there is none."""
    try:
        out = row.value(SCALAR, operand, **settings(row))
        return float(row.slope(0)(SCALAR, out, operand, **settings(row)))
    except (ValueError, ArithmeticError):
        return math.nan


def close(one: float, other: float, relative: float = 1e-9) -> bool:
    return math.isclose(one, other, rel_tol=relative, abs_tol=1e-12)
