"""Where operations of formulas end: a logarithm at 0, a root of a negative number, the inverse sine at 1.

Enters: a step of `Instructions`, and the ranges of all. Leaves: its edges, each with the side on which it
has no value. A formula such as 2x + 0·ln(|x| − 1e-300) ends in a sliver that no sample meets. No point is
looked at.
"""

from __future__ import annotations

import math
from fractions import Fraction

from ...ops import OPS
from .bends import Bend
from .instructions import Instruction, Operate
from .ranges import Range

__all__ = ["edges_at"]

Edge = tuple[Bend, int]
"""What is compared with a number, and the side without a value: −1 below it, 1 above it."""


def edges_at(step: Instruction, known: list[Range]) -> list[Edge]:
    """Return the edges of one step, given the ranges of all; a power's where its exponent is a fraction."""
    if not isinstance(step, Operate):
        return []
    if step.op == "power":
        low, high = known[step.operands[1]]
        fraction = low == high and isinstance(low, Fraction) and low.denominator > 1
        argument = OPS["sqrt"].argument if fraction else None
    else:
        argument = OPS[step.op].argument
    if argument is None:
        return []
    ends = ((argument.low, -1), (argument.high, 1))
    return [(Bend(step.operands[:1], at), side) for at, side in ends if math.isfinite(at)]
