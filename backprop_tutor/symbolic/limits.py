"""How much SymPy may do for one question: sizes that are known beforehand, and seconds of work.

Sizes come first: an operation of very many operands is not differentiated at all, a closed form of
very many operations not built. Seconds are those that this thread computes, so that a busy machine
does not change an answer; they are looked at between SymPy's calls, none of which is long once the
sizes are right. No signal and no other process is needed.
"""

from __future__ import annotations

import time

__all__ = ["MOST_OPERANDS", "Allowance", "Late"]

MOST_OPERANDS = 64
"""An operation of more operands than this is not differentiated by SymPy."""


class Late(ArithmeticError):
    """SymPy has no answer within its limits."""


class Allowance:
    """Seconds of this thread's work that SymPy may take in all.

    >>> Allowance(1.0).spend()
    >>> Allowance(0.0).spend()
    Traceback (most recent call last):
    ...
    backprop_tutor.symbolic.limits.Late: not within 0 s
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = time.thread_time() + seconds

    def spend(self) -> None:
        """Go on, or not.

        Raises:
            Late: the seconds are over.
        """
        if time.thread_time() >= self._until:
            raise Late(f"not within {self.seconds:g} s")
