"""Where operations of formulas end: a logarithm at 0, a root of a negative number, the inverse sine at 1.

Enters: a step of `Instructions`, and the ranges of all. Leaves: its edges, each with the side on which it
has no value. A formula such as 2x + 0·ln(|x| − 1e-300) ends in a sliver that no sample meets. No point is
looked at.
"""

from __future__ import annotations

from fractions import Fraction

from .bends import Bend
from .instructions import Instruction, Operate
from .ranges import Range

__all__ = ["ENDS", "edges_at"]

Edge = tuple[Bend, int]
"""What is compared with a number, and the side without a value: −1 below it, 1 above it."""

_BELOW_0 = ((0.0, -1),)
_OUTSIDE_1 = ((-1.0, -1), (1.0, 1))

ENDS: dict[str, tuple[tuple[float, int], ...]] = {
    "sqrt": _BELOW_0, "rsqrt": _BELOW_0, "log": _BELOW_0, "log2": _BELOW_0, "log10": _BELOW_0,
    "log_base": _BELOW_0, "log1p": ((-1.0, -1),), "acosh": ((1.0, -1),), "asin": _OUTSIDE_1,
    "acos": _OUTSIDE_1, "atanh": _OUTSIDE_1,
}  # fmt: skip
"""Where an operation's first operand leaves its domain, and to which side."""


def edges_at(step: Instruction, known: list[Range]) -> list[Edge]:
    """Return the edges of one step, given the ranges of all; a power's where its exponent is a fraction."""
    if not isinstance(step, Operate):
        return []
    ends = ENDS.get(step.op, ())
    if step.op == "power":
        low, high = known[step.operands[1]]
        fraction = low == high and isinstance(low, Fraction) and low.denominator > 1
        ends = _BELOW_0 if fraction else ()
    return [(Bend(step.operands[:1], at), side) for at, side in ends]
