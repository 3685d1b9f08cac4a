"""What an operand without a value refuses, with the way to say it instead; and its comparisons.

`x > 0` of symbolic operands is a `Condition`, the first argument of `where` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from ..errors import TutorError
from ..sentences import N_, said, sentence

__all__ = [
    "COMPARED", "CONVERTED", "ITERATED", "Condition", "NoAttributeError", "TraceError",
    "compared", "refused",
]  # fmt: skip


class TraceError(TutorError, TypeError):
    """A Python function that does what a program of formulas cannot say.

    >>> from backprop_tutor import trace
    >>> trace(lambda x: x if x > 0 else -x)
    Traceback (most recent call last):
        ...
    backprop_tutor.language.refusals.TraceError: a symbolic operand has no value yet to ...
    """


class NoAttributeError(TraceError, AttributeError):
    """An attribute or a method that a symbolic operand does not have."""


def refused(what: str, instead: str) -> Callable[..., Any]:
    """Return a method that refuses what was tried, and says what to write instead."""

    def method(self: object, *others: object) -> NoReturn:
        raise TraceError(f"{sentence(what)}; {sentence(instead)}")

    return method


COMPARED = refused(
    N_("a symbolic operand has no value yet to compare or to branch on"),
    N_(
        "choose with bt.where(x > 0, a, b), bt.max, bt.min, bt.relu or bt.abs instead of "
        "`if`, max and min"
    ),
)
CONVERTED = refused(
    N_("a symbolic operand has no value yet to turn into a number"),
    N_("call bt.exp, bt.sin, ... instead of the math module's")
)
ITERATED = refused(N_("a symbolic operand is a single number"), N_("it has no items and no length"))


class Condition:
    """`x > 0` for symbolic operands: the first argument of `where`, and nothing else."""

    __slots__ = ("one", "other", "sign")

    def __init__(self, one: object, sign: str, other: object) -> None:
        self.one: object = one
        self.sign: str = sign
        self.other: object = other

    __hash__ = object.__hash__
    __bool__ = __eq__ = __ne__ = COMPARED

    def __getattr__(self, name: str) -> NoReturn:
        raise TraceError(
            said("a comparison is no number; it stands first in bt.where(x > 0, a, b)")
        )


def compared(sign: str) -> Callable[[Any, object], Condition]:
    """Return the method that makes the condition of a sign."""
    return lambda one, other: Condition(one, sign, other)
