"""How much work one sheet, or one comparison of formulas, may cause: counted, never timed.

Enters: what is about to be done, as units of about a microsecond each on a machine of today. Leaves:
nothing, or `TooMuchWork` where no units are left; what raised it is then a person's to look at. A
clock would let marks depend on the machine and its load; a count is the same everywhere and in every
order of the sheets. Each answer on a sheet has units of its own, so that none takes the work away that
another needs, and beyond these the sheet has some in common. Limits may lie in each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ...ops import OPS
from ...translation import sentence as _
from .instructions import Instructions, Operate

__all__ = [
    "COMPARISON",
    "FORMULA",
    "NUMBER",
    "TooMuchWork",
    "answering",
    "array_units",
    "limited",
    "precise_units",
    "sheet",
    "spend",
]

COMPARISON = 1_500_000
"""Units that the comparison of two formulas may take; a usual one takes five thousand."""

NUMBER, FORMULA = 10_000, 30_000
"""Units of an answer's own: to read a number, and to read a formula, and again to compare it."""

_IN_COMMON = 600_000
"""Units that the answers of a sheet may take beyond their own."""

_RATIONAL = OPS.derived(
    lambda row: {row.name: True} if row.exact and "power" not in row.words() else {}
)
"""Operations whose cost hardly grows with the digits; all others add up series."""

_BY_SERIES = OPS.derived(
    lambda row: {row.name: True} if row.words() & {"erf", "normal"} else {}
)
"""Operations that NumPy lacks: on arrays they take a hundred times the others."""

_COMMON: ContextVar[list[int] | None] = ContextVar("common", default=None)
_LEFT: ContextVar[tuple[tuple[list[int], list[int]], ...]] = ContextVar("left", default=())
"""For each limit around: what is left of its own, and what it may take beyond that."""


class TooMuchWork(Exception):
    """No units are left; never seen by a user, who reads `why`."""

    @staticmethod
    def why() -> str:
        """Return what is said of an answer that was not looked at any further."""
        return _("it takes too much work to judge, alone or with other answers on the sheet like it")


def array_units(listed: Instructions, points: int) -> int:
    """Return the units of all steps in float64 at so many points."""
    steps = len(listed.steps)
    series = sum(isinstance(step, Operate) and step.op in _BY_SERIES for step in listed.steps)
    return int(steps * (2.5 + points / 400) + series * (220 + points / 10))


def precise_units(op: str, bits: int) -> int:
    """Return the units of one operation at one point with so many bits."""
    return 10 if op in _RATIONAL else int(60 * (bits / 168) ** 1.8)


@contextmanager
def limited(units: int) -> Iterator[None]:
    """Limit the work in a block, besides the limits that it lies in already.

    >>> with limited(100):
    ...     spend(60)
    ...     with limited(1000):
    ...         spend(60)
    Traceback (most recent call last):
        ...
    backprop_tutor.homework.equivalence.effort.TooMuchWork
    """
    with _limit([units], [0]):
        yield


@contextmanager
def sheet() -> Iterator[None]:
    """Limit the answers of a sheet, which are worked on in the block, each within `answering`."""
    token = _COMMON.set([_IN_COMMON])
    try:
        yield
    finally:
        _COMMON.reset(token)


@contextmanager
def answering(units: int) -> Iterator[None]:
    """Limit the work on an answer of a sheet to so many units, and what the sheet has in common.

    Outside of a sheet there is no limit.
    """
    common = _COMMON.get()
    if common is None:
        yield
        return
    with _limit([units], common):
        yield


@contextmanager
def _limit(own: list[int], more: list[int]) -> Iterator[None]:
    token = _LEFT.set((*_LEFT.get(), (own, more)))
    try:
        yield
    finally:
        _LEFT.reset(token)


def spend(units: int) -> None:
    """Count units that are about to be spent.

    Raises:
        TooMuchWork: a limit leaves fewer. What is left then stays, for smaller work.
    """
    limits = _LEFT.get()
    if any(own[0] + more[0] < units for own, more in limits):
        raise TooMuchWork
    for own, more in limits:
        beyond = max(0, units - own[0])
        own[0] -= units - beyond
        more[0] -= beyond
