"""Whether every piece of two formulas was met: both sides of each kink that only one of them has.

Enters: `Instructions`, domains, and the judgements made so far. Leaves: points that may show a piece not
met yet, and the word on what stays unseen. A term such as relu(1e-300 − |x|) is 0 at every point of a
sample, so that samples say nothing about it: a point inside is searched for among the floats
themselves, one coordinate at a time; where none is found, and the ranges of the operations do not rule
the piece out, nothing is decided. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from ...once import cached_property
from .bends import MOST_BENDS, Bend, argument_of, bends_at, bends_of
from .domains import Domain
from .edges import edges_at
from .instructions import Instruction, Instructions, Operate, Read
from .judging import Judgement
from .ranges import keeps_sign, ranges
from .sampling import (
    Points,
    counted,
    evaluated,
    everyday,
    extreme_points,
    first_points,
    more_points,
    uncounted,
)
from .sides_met import all_sides
from .squares import KinkRanges

__all__ = ["Pieces"]

_TRIED = 2
"""So many points of a sample are judged for one side of a kink."""

_PAIRS = 2
"""Between so many pairs of points each kink is halved."""

_BETWEEN = 12
"""So many points between kinks that are near each other are judged, spread over the kinks."""

_NARROW = 0.05
"""Kinks this near each other, as a share of their usual distance, may have a piece between them."""

_NINE_DIGITS = 30
"""Numbers are nearly one where they differ by such a share of theirs, in bits."""

_CLIMBS = 80
_STARTS = 4
_CANDIDATES = 4096


@dataclass
class Pieces:
    """The kinks that only one of two formulas has, and the sides of each at points that were judged."""

    listed: Instructions
    domains: Mapping[str, Domain]
    kinks: list[Bend] = field(init=False)
    sides: dict[Bend, set[int]] = field(init=False)
    told: list[Judgement] = field(default_factory=list)

    def __post_init__(self) -> None:
        vary = _varying(self.listed)
        found: dict[Bend, None] = {}
        for place, step in enumerate(self.listed.steps):
            if place not in self.listed.shared:
                found.update(
                    dict.fromkeys(
                        kink
                        for kink in _kinks_at(self.listed, step)
                        if any(operand in vary for operand in kink.operands)
                    )
                )
        self.kinks = list(found)
        self.sides = {kink: set() for kink in self.kinks}

    @cached_property
    def _ranges(self) -> KinkRanges:
        return KinkRanges(self.listed, ranges(self.listed, self.domains))

    def note(self, judgement: Judgement) -> None:
        """Keep the sides on which a judged point lies."""
        if not self.kinks or not (judgement.telling or judgement.outcome == "neither"):
            return
        for kink in self.kinks:
            side = side_at(judgement, kink)
            if side is not None:
                self.sides[kink].add(side)
        if judgement.telling and len(self.told) < 2:
            self.told.append(judgement)

    def on_a_kink(self, judgement: Judgement) -> bool:
        """Return whether a point lies on a kink itself, where single values do not count."""
        return any(
            side_at(judgement, bend) == 0 for bend in bends_of(self.listed) if bend.kink
        )

    def points(self) -> Iterator[Points]:
        """Yield sets of points that may show a piece; those that were judged meanwhile count.

        Raises:
            TooMuchWork: past a limit of the work.
        """
        beyond = self._edges()
        if not self.kinks and not beyond:
            return
        pool = np.concatenate(
            [
                first_points(self.listed.names, self.domains, self.listed.constants),
                more_points(self.listed.names, self.domains, self.listed.constants),
                extreme_points(self.listed.names, self.domains),
            ],
            axis=1,
        )
        values = evaluated(self.listed, pool)
        count = pool.shape[1]
        for kink, side in self._missing():
            argument = argument_of(values, kink, count) * side
            yield pool[:, np.flatnonzero(argument > 0)[:_TRIED]]
            if side not in self.sides[kink]:
                yield self._climbed(kink, side, pool, argument)
        if len(self.kinks) > 1:
            yield self._between(pool, values)
        for edge, side in beyond:
            argument = argument_of(values, edge, count) * side
            outside = everyday(pool, np.flatnonzero(argument > 0))[:_TRIED]
            yield pool[:, outside] if len(outside) else self._climbed(edge, side, pool, argument)

    def _edges(self) -> list[tuple[Bend, int]]:
        """Return where only one formula ends, and on which side, as far as the ranges leave it open."""
        known, vary = self._ranges.known, _varying(self.listed)
        found: list[tuple[Bend, int]] = []
        for place, step in enumerate(self.listed.steps):
            for edge, side in () if place in self.listed.shared else edges_at(step, known):
                low, high = known[edge.operands[0]] if edge.at else self._ranges.at(edge)
                open_ = low < edge.at if side < 0 else high > edge.at
                if open_ and edge.operands[0] in vary:
                    found.append((edge, side))
        return found[:MOST_BENDS]

    def hidden(self) -> bool:
        """Return whether a piece may be hidden, after all points have been judged."""
        if not self.kinks:
            return False
        return (
            len(self.kinks) > MOST_BENDS
            or any(True for _ in self._missing())
            or self._nearly_one()
            or self._constant()
        )

    def _missing(self) -> Iterator[tuple[Bend, int]]:
        """Yield the kinks of which a side that may exist was at no point, with that side."""
        for kink in self.kinks:
            low, high = self._ranges.at(kink)
            if self.sides[kink] == {0}:
                continue  # two operands that are one
            for side, possible in ((-1, low < 0), (1, high > 0)):
                if possible and side not in self.sides[kink]:
                    yield kink, side

    def _climbed(self, kink: Bend, side: int, pool: Points, argument: Points) -> Points:
        """Return a point on a side of a kink, found by steps of all sizes along each coordinate.

        Steps are counted in floats, so that they lead from 1 to 1e-300 as well as to a neighbour of 1.
        """
        names = len(self.listed.names)
        usable = np.flatnonzero(np.isfinite(argument))
        starts = usable[np.argsort(-argument[usable], kind="stable")[:_STARTS]]
        found: list[Points] = []
        every = 1 + 126 * names // _CANDIDATES
        moves = np.array([s * 2**power for power in range(0, 63, every) for s in (1, -1)], dtype=np.int64)
        for start in starts:
            here, best = counted(pool[:, start]), argument[start]
            for _ in range(_CLIMBS):
                tried = np.repeat(here[:, None], names * len(moves), axis=1)
                for row in range(names):
                    columns = slice(row * len(moves), (row + 1) * len(moves))
                    with np.errstate(over="ignore"):
                        tried[row, columns] += moves
                points = self._inside(uncounted(tried))
                reached = argument_of(evaluated(self.listed, points), kink, points.shape[1]) * side
                reached = np.where(np.isfinite(reached) & np.isfinite(points).all(axis=0), reached, -np.inf)
                place = int(np.argmax(reached))
                if not reached[place] > best:
                    break
                here, best = counted(points[:, place]), reached[place]
                if best > 0:
                    break
            if best > 0:
                found.append(uncounted(here)[:, None])
                break
        return np.concatenate(found, axis=1) if found else np.empty((names, 0))

    def _inside(self, points: Points) -> Points:
        """Return points of the domains; one outside becomes nan."""
        for row, name in enumerate(self.listed.names):
            domain = self.domains[name]
            outside = ~((points[row] > domain.low) & (points[row] < domain.high))
            if domain.whole:
                points[row] = np.rint(points[row])
            points[row] = np.where(outside, np.nan, points[row])
        return points

    def _between(self, pool: Points, values: list[Any]) -> Points:
        """Return points next to kinks that have another close by: a piece may lie between them."""
        count = pool.shape[1]
        arguments = [argument_of(values, kink, count) for kink in self.kinks]
        columns: list[tuple[int, int, int]] = []
        for number, argument in enumerate(arguments):
            above, below = np.flatnonzero(argument > 0), np.flatnonzero(argument < 0)
            pairs = zip(above[:_PAIRS].tolist(), below[:_PAIRS].tolist(), strict=False)
            columns += [(number, a, b) for a, b in pairs]
        if not columns:
            return np.empty((len(self.listed.names), 0))
        chosen, upper, lower = (np.array(part) for part in zip(*columns, strict=True))
        high, low = counted(pool[:, upper]), counted(pool[:, lower])
        for _ in range(64):
            middle = (high >> 1) + (low >> 1) + (high & low & 1)
            over = self._picked(uncounted(middle), chosen) > 0
            high, low = np.where(over, middle, high), np.where(over, low, middle)
        steps = np.arange(1, len(self.listed.names) + 1)[:, None]
        away = np.sign(high - low)
        ends = np.concatenate([uncounted(high + away * steps), uncounted(low - away * steps)], axis=1)
        beside = evaluated(self.listed, ends)
        close = np.zeros(ends.shape[1], dtype=np.bool_)
        owner = np.tile(chosen, 2)
        for number, kink in enumerate(self.kinks):
            sizes = np.absolute(arguments[number])
            known = sizes[~np.isnan(sizes)]
            if not known.size:
                continue  # it is undefined wherever it was looked at
            with np.errstate(all="ignore"):
                usual = np.median(known)
                near = np.absolute(argument_of(beside, kink, ends.shape[1])) <= _NARROW * usual
            close |= near & (owner != number)
        there = np.flatnonzero(close)
        return ends[:, there[:: max(1, -(-len(there) // _BETWEEN))]]

    def _picked(self, points: Points, chosen: npt.NDArray[np.int64]) -> Points:
        """Return what is compared with 0 at the kink that each point belongs to."""
        values = evaluated(self.listed, points)
        count = points.shape[1]
        table = np.stack([argument_of(values, kink, count) for kink in self.kinks])
        picked: Points = table[chosen, np.arange(count)]
        return picked

    def _nearly_one(self) -> bool:
        """Return whether two kinks of a formula are so nearly one that no float lies between them.

        step(x − 0.3) − step(x − 0.3 − 1e-300): what is compared with 0 has one ratio to nine digits and
        not exactly.
        """
        if len(self.told) < 2:
            return False
        one, other = self.told
        reaches = [frozenset(reach) for reach in self.listed.reach[:2]]
        for a, b in combinations(self.kinks, 2):
            if not any(reach.issuperset((*a.operands, *b.operands)) for reach in reaches):
                continue
            balls = [_compared_at(judgement, kink) for judgement in (one, other) for kink in (a, b)]
            a1, b1, a2, b2 = balls
            if any(ball is None or ball.k is not a1.k or not ball.side for ball in balls):
                continue
            left = a1 * b2
            apart = left - a2 * b1
            if apart.side and apart.size() < left.size() - _NINE_DIGITS:
                return True
        return False

    def _constant(self) -> bool:
        """Return whether a part of the answer with several kinks was one number everywhere.

        relu(x − 0.3)·relu(0.3000001 − x) is 0 at the points of any sample. The formula that it is
        compared with is trusted: the slope of max(x, y, z) has parts that differ at ties alone.
        """
        listed = self.listed
        points = more_points(listed.names, self.domains, listed.constants)
        values = evaluated(listed, points)
        count = points.shape[1]
        known = self._ranges.known
        vary, answer = _varying(listed), frozenset(listed.reach[1])
        below: list[set[int]] = []
        arguments = [argument_of(values, kink, count) for kink in self.kinks]
        numbers = {kink: number for number, kink in enumerate(self.kinks)}
        of_step: dict[int, list[int]] = {}
        for place, step in enumerate(listed.steps):
            inside: set[int] = set()
            if isinstance(step, Operate):
                for operand in step.operands:
                    inside |= below[operand]
                inside |= {numbers[k] for k in _kinks_at(listed, step) if k in numbers}
            below.append(inside)
            own = place in answer and place in vary and place not in listed.shared
            if len(inside) > 1 and own:
                of_step[place] = sorted(inside)
        for place, kinks in of_step.items():
            value = np.broadcast_to(np.asarray(values[place], dtype=np.float64), (count,))
            finite = value[np.isfinite(value)]
            if not len(finite) or np.ptp(finite) or known[place][0] == known[place][1]:
                continue
            if not all_sides([arguments[number] for number in kinks]):
                return True
        return False


def _kinks_at(listed: Instructions, step: Instruction) -> list[Bend]:
    """Return the kinks of a step; that of |tanh(x)| is where x is 0."""
    found: list[Bend] = []
    for bend in bends_at(step):
        operands = bend.operands
        while bend.kink and len(operands) == 1:
            inner = listed.steps[operands[0]]
            if not isinstance(inner, Operate) or not keeps_sign(inner):
                break
            operands = inner.operands
        if bend.kink:
            found.append(Bend(operands))
    return found


def _varying(listed: Instructions) -> frozenset[int]:
    """Return the steps that read a name, or are made of such."""
    found: set[int] = set()
    for place, step in enumerate(listed.steps):
        if isinstance(step, Read) or (
            isinstance(step, Operate) and any(operand in found for operand in step.operands)
        ):
            found.add(place)
    return frozenset(found)


def _compared_at(judgement: Judgement, kink: Bend) -> Any:
    """Return what is compared with 0 at a kink, with a bound on its error; None if it has no value."""
    first, *others = kink.operands
    if any(place not in judgement.values for place in kink.operands):
        return None
    ball = judgement.values[first]
    return ball - judgement.values[others[0]] if others else ball


def side_at(judgement: Judgement, kink: Bend) -> int | None:
    """Return the side of a kink on which a judged point lies: 0 if on it, or not known."""
    ball = _compared_at(judgement, kink)
    return None if ball is None else int(ball.side)
