"""Every number of a derivation from three independent sources, side by side: the check.

The reverse pass uses the slopes of `OPS` in float64; the symbolic chain uses derivatives that SymPy
derives from the operations' definitions, at as many digits as it takes; centred differences use only
forward values. Where they agree, the number is right; where they do not, the same steps at more digits
say which is wrong, or that float64 holds too few digits there.
"""

from __future__ import annotations

from .rows import Check, CheckRow, ValueRow, WrongSlope
from .verdict import check

__all__ = ["Check", "CheckRow", "ValueRow", "WrongSlope", "check"]
