"""Where pieces meet and functions bend, and on which side of each a point lies.

Enters: `Instructions` and the float64 values of their steps. Leaves: the bends, what is compared with 0
at each, and a number that tells the regions between kinks apart. No point is chosen here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ops import OPS
from .instructions import Instruction, Instructions, Operate

__all__ = [
    "MOST_BENDS",
    "Bend",
    "argument_of",
    "bends_at",
    "bends_beyond",
    "bends_of",
    "certain_argument",
    "signs",
]

MOST_BENDS = 64
"""So many bends of two formulas are looked at; of more, nothing is said."""

Points = npt.NDArray[np.float64]

_MODERATE = 4.5
_MARGIN = 0.5
_NOISE = 1e-14


@dataclass(frozen=True, slots=True)
class Bend:
    """Where pieces meet or a function bends: an operand at a number, or two operands that are equal.

    At a kink points are wanted on both sides, however far; elsewhere within `reach`.
    """

    operands: tuple[int, ...]
    at: float = 0.0
    reach: float = math.inf

    @property
    def kink(self) -> bool:
        """Return whether pieces meet here, which no distance makes alike."""
        return self.reach == math.inf


def bends_of(listed: Instructions) -> list[Bend]:
    """Return where pieces meet and where functions are away from saturation."""
    found = [bend for step in listed.steps for bend in bends_at(step)]
    return list(dict.fromkeys(found))[:MOST_BENDS]


def bends_at(step: Instruction) -> list[Bend]:
    """Return the bends of one step."""
    if not isinstance(step, Operate):
        return []
    row = OPS[step.op]
    found: list[Bend] = []
    if row.saturates is not None:
        low, high = row.saturates
        found.append(Bend(step.operands, (low + high) / 2, (high - low) / 2 + _MARGIN))
    if row.shares and row.outputs:
        first, *others = step.operands
        found.extend(Bend((first, other), 0.0, _MODERATE) for other in others)
    elif row.branch is not None:
        if len(step.operands) == 1:
            found.append(Bend(step.operands))
        elif row.bends:
            found.extend(Bend((step.operands[i], step.operands[j])) for i, j in row.bends)
        else:
            found.extend(
                Bend((one, other))
                for i, one in enumerate(step.operands[:8])
                for other in step.operands[i + 1 : 8]
            )
    return found


def bends_beyond(listed: Instructions, values: list[Any], count: int) -> bool:
    """Return whether anything is compared with 0 at a bend that is finite at none of the points."""
    return any(
        not np.isfinite(argument_of(values, bend, count)).any() for bend in bends_of(listed)
    )


def argument_of(values: list[Any], bend: Bend, count: int) -> Points:
    """Return what is compared with 0 at a bend, one number a point."""
    first, *others = bend.operands
    with np.errstate(all="ignore"):
        out = values[first] - values[others[0]] if others else values[first]
        if bend.at:
            out = out - bend.at
    return np.broadcast_to(np.asarray(out, dtype=np.float64), (count,))


def signs(listed: Instructions, values: list[Any], count: int) -> npt.NDArray[np.int64]:
    """Return for each point a number that tells on which side of every kink it lies; −1 if float64
    cannot tell.
    """
    code = np.zeros(count, dtype=np.int64)
    unclear = np.zeros(count, dtype=np.bool_)
    for bend in bends_of(listed):
        if bend.kink:
            argument = certain_argument(listed, values, bend, count)
            noise = np.isnan(argument)
            if noise.all():
                continue  # two sides that are one everywhere are no bend
            unclear |= noise
            code = (2 * code + (argument > 0)) % 1_000_003
    code[unclear] = -1
    return code


def certain_argument(listed: Instructions, values: list[Any], bend: Bend, count: int) -> Points:
    """Return what is compared with 0 at a bend; nan where it is within float64's noise of 0.

    The noise is that of the largest number on the way: 1e20 + x - 1e20 has no digit of x.
    """
    argument = argument_of(values, bend, count)
    way: set[int] = set()
    waiting = list(bend.operands)
    while waiting:
        place = waiting.pop()
        if place in way:
            continue
        way.add(place)
        step = listed.steps[place]
        if isinstance(step, Operate):
            waiting.extend(step.operands)
    largest = np.zeros(count)
    with np.errstate(invalid="ignore"):
        for place in way:
            largest = np.fmax(largest, np.absolute(values[place]))
        noisy = (largest > 0) & (np.absolute(argument) <= _NOISE * largest)
    return np.where(noisy, np.nan, argument)
