"""One pair of formulas on its way through the points: what was compared, and the first difference.

Enters: `Instructions` of two formulas and the domains of their names. Leaves: a `Found`: a point at
which they differ, or how many points tell that they are the same, or why nothing can be said. float64
only chooses the points; every point that counts was judged at known accuracy (`judging`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .bends import bends_beyond, signs
from .domains import Domain
from .instructions import Instructions
from .judging import ROUNDS, Judgement, judged
from .pieces import Pieces
from .sampling import (
    Points,
    beside_bends,
    counted,
    evaluated,
    everyday,
    first_points,
    more_points,
    uncounted,
    whole_points,
)

__all__ = ["ENOUGH", "Comparison", "Found"]

ENOUGH = 6
"""So many points, judged at known accuracy with all seen that matters, make formulas equal."""

_SUSPICIOUS = 1e-9
_BLIND = 1e-6
_REGIONS = 12
_IN_A_REGION = 3
_TRIED = 24
_PATIENCE = 8
"""So many points at which nothing is known end a comparison in which little else was."""

Point = dict[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a comparison.

    Attributes:
        same: whether the formulas are the same at enough points, and nothing speaks against it.
        point, judgement: where they differ, and how; None where no difference was found.
        compared: at how many points they were certainly the same.
        undefined: whether neither has a value anywhere that was looked at.
        lost: for each formula, whether its digits are not known where they are needed.
        hidden: whether a piece of either may lie where no point fell.
    """

    same: bool
    point: Point | None = None
    judgement: Judgement | None = None
    compared: int = 0
    undefined: bool = False
    lost: tuple[bool, bool] = (False, False)
    hidden: bool = False


@dataclass(slots=True)
class Comparison:
    """Compares one pair; counts the points by what they tell."""

    listed: Instructions
    domains: Mapping[str, Domain]
    telling: int = 0
    undefined: int = 0
    lost: list[int] = field(default_factory=lambda: [0, 0])
    lopsided: int = 0
    unknown: int = 0
    rounds: int = ROUNDS
    clean: int = 0
    faint: list[Point] = field(default_factory=list)
    regions: dict[int, Point | None] = field(default_factory=dict)
    difference: tuple[Point, Judgement] | None = None
    pieces: Pieces = field(init=False)
    single: bool = False

    def __post_init__(self) -> None:
        self.pieces = Pieces(self.listed, self.domains)

    def found(self) -> Found:
        """Return what comes of all passes; the first difference ends them."""
        listed = self.listed
        if not listed.names:
            self._looked({}, thorough=True)
            return self._summary(enough=1)
        first = first_points(listed.names, self.domains, listed.constants)
        values = evaluated(listed, first)
        self._pass(first, values)
        if self.difference is None:
            more = beside_bends(listed, values, first, self.domains)
            if more is not None:
                self.unknown = 0  # beside bends there may be more to see
                self._pass(more, evaluated(listed, more))
        if self._wanting:
            self._thoroughly()
        if self._wanting:
            wide = more_points(listed.names, self.domains, listed.constants)
            self._pass(wide, evaluated(listed, wide))
        if self._wanting and self.telling + len(self.faint) + self.lopsided == 0:
            whole = whole_points(listed.names, self.domains)
            self._pass(whole, evaluated(listed, whole), whole=True)
        self._thoroughly()
        if not self._wanting:
            self._met_pieces()
        return self._summary(ENOUGH)

    def _met_pieces(self) -> None:
        """Judge points in pieces that have not been met; a difference counts beside its point too."""
        for points in self.pieces.points():
            for column in points.T:
                if self._settled():
                    return
                at = self._point(column)
                judgement = judged(self.listed, at, True, self.rounds)
                if judgement.outcome not in ("differ", "one"):
                    self.pieces.note(judgement)
                elif not self.pieces.on_a_kink(judgement):
                    steps = np.arange(1, len(column) + 1)
                    beside = self._point(uncounted(counted(column) + steps))
                    again = judged(self.listed, beside, True, self.rounds)
                    if again.outcome in ("differ", "one"):
                        self.difference = at, judgement
                    self.single = True

    def _differs(self) -> bool:
        """Return whether a difference has been found."""
        return self.difference is not None

    @property
    def _wanting(self) -> bool:
        """Return whether more points are needed."""
        return not self._settled() and self.telling < self._enough

    @property
    def _enough(self) -> int:
        """Return how many telling points are asked for: twice those where one side is not known."""
        return max(ENOUGH, 2 * self.lopsided)

    def _settled(self) -> bool:
        """Return whether there is a difference, or nothing known at so many points."""
        return self._differs() or self.unknown >= max(_PATIENCE, 2 * self.telling)

    def _summary(self, enough: int) -> Found:
        if self.difference is not None:
            return Found(False, *self.difference, compared=self.telling)
        unseen = any(point is not None for point in self.regions.values())
        if self.listed.names and not self.clean:
            points = first_points(self.listed.names, self.domains, self.listed.constants)
            values = evaluated(self.listed, points)
            unseen |= bends_beyond(self.listed, values, points.shape[1])
        same = self.telling >= max(enough, 2 * self.lopsided) and not unseen
        nothing = not self.telling and not self.lopsided and not self.faint and self.undefined > 0
        one, other = self.lost
        hidden = same and (self.single or self.pieces.hidden())
        return Found(
            same and not hidden, None, None, self.telling, nothing, (one > 0, other > 0), hidden
        )

    def _pass(self, points: Points, values: list[Any], whole: bool = False) -> None:
        """Judge the points of a set that may tell something, until a difference is found."""
        count = points.shape[1]
        table = np.empty((len(values), count))
        for row, value in enumerate(values):
            table[row] = value
        finite = np.isfinite(table)
        clean = [
            np.logical_and.reduce(finite[list(self.listed.reach[formula])]) for formula in (0, 1)
        ]
        both: npt.NDArray[np.bool_] = clean[0] & clean[1]
        self.clean += int(np.count_nonzero(both))
        ratio, blind = self._ratio(table, both)
        suspicious = np.flatnonzero(ratio > 1)
        ordered = suspicious[np.argsort(-ratio[suspicious], kind="stable")]
        self._judge(points, [*ordered[:4], *_some(ordered[4:], 6)], one_counts=not whole)
        self._judge(points, _some(np.flatnonzero(clean[0] != clean[1]), 6), one_counts=not whole)
        if self.difference is not None:
            return
        self._each_region(points, values, both, count)
        self._judge(points, _some(np.flatnonzero(blind), 4))
        usable = np.flatnonzero(both & ~blind)
        if len(usable) < ENOUGH:
            usable = np.flatnonzero(both)
        self._judge(points, everyday(points, usable)[:_TRIED], until_enough=True)
        if not whole:
            unclear = _some(np.flatnonzero(~clean[0] & ~clean[1]), 10)
            self._judge(points, unclear, until_enough=True)

    def _judge(
        self, points: Points, places: Any, *, one_counts: bool = True, until_enough: bool = False
    ) -> None:
        """Judge points; where only one formula has a value counts as a difference, or not."""
        for place in places:
            if self._settled() or (until_enough and not self._wanting):
                return
            self._looked(self._point(points[:, place]), one_counts=one_counts)

    def _each_region(
        self, points: Points, values: list[Any], both: npt.NDArray[np.bool_], count: int
    ) -> None:
        """Judge a point in every region between kinks that has not been looked at.

        Where nothing is known at one, as of a sine far out, others of the region are tried; a region of
        which nothing is known stays unseen.
        """
        places = everyday(points, np.flatnonzero(both))
        codes = signs(self.listed, values, count)[places]
        _, first = np.unique(codes, return_index=True)
        if len(first) < 2 and not self.regions:
            return
        for code in map(int, codes[np.sort(first)[:_REGIONS]]):
            if code < 0:
                continue
            for place in places[codes == code][:_IN_A_REGION]:
                if self._settled() or self.regions.get(code, ()) is None:
                    break
                point = self._point(points[:, place])
                judgement = self._looked(point)
                seen = judgement.telling or judgement.outcome not in ("same", "unknown")
                self.regions[code] = None if seen else point
                if judgement.outcome != "unknown":
                    break

    def _looked(
        self, point: Point, *, one_counts: bool = True, thorough: bool = False
    ) -> Judgement:
        """Judge one point and count what it tells."""
        judgement = judged(self.listed, point, thorough, self.rounds)
        outcome = judgement.outcome
        self.pieces.note(judgement)
        if judgement.telling:
            self.telling += 1
        elif outcome == "same":
            self.faint.append(point)
        elif outcome == "differ" or (outcome == "one" and one_counts):
            self.difference = point, judgement
        elif outcome == "neither":
            self.undefined += 1
        elif outcome == "unknown":
            for formula, reached in enumerate(judgement.reached):
                self.lost[formula] += not reached
            self.lopsided += any(judgement.reached)
            self.unknown += 1
            # Where many digits did not help they will hardly do so at the next point.
            self.rounds = max(1, self.rounds - 1)
        return judgement

    def _thoroughly(self) -> None:
        """Judge again, with as many digits as it takes, where something was too small to be seen.

        Only where there is no better point, of the formulas or of a region between kinks.
        """
        if self._differs():
            return
        waiting = [point for point in self.regions.values() if point is not None]
        if self.telling < ENOUGH:
            waiting += [point for point in self.faint if point not in waiting][:_REGIONS]
        self.faint = [point for point in self.faint if point not in waiting]
        seen: list[Point] = []
        for point in waiting:
            if self._settled():
                return
            if self._looked(point, thorough=True).telling:
                seen.append(point)
        self.regions = {
            code: None if point in seen else point for code, point in self.regions.items()
        }

    def _ratio(
        self, table: Points, both: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return how different the formulas look, and where float64 has no digit to tell by."""
        one, other = (table[result] for result in self.listed.results)
        with np.errstate(all="ignore"):
            sizes = np.absolute(table)
            noise = 1e-13 * sizes.max(axis=0)
            size = np.maximum(sizes[self.listed.results[0]], sizes[self.listed.results[1]])
            ratio = np.absolute(one - other) / (_SUSPICIOUS * size + noise + 1e-300)
            blind = both & (noise > _BLIND * size)
        return np.where(both, ratio, 0.0), blind

    def _point(self, column: Points) -> Point:
        return {name: float(v) for name, v in zip(self.listed.names, column, strict=True)}


def _some(places: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """Return at most so many of the places, evenly spread."""
    if len(places) <= most:
        return places
    spread = np.linspace(0, len(places) - 1, most).astype(np.int64)
    chosen: npt.NDArray[np.int64] = places[spread]
    return chosen
