"""The points at which formulas are compared: seeded, at every size, beside every kink.

Enters: `Instructions` and domains. Leaves: arrays of points, one row a name, the same in every run
on every machine. Points are generic numbers, never whole ones, so that what happens at a single
point (a hole in the domain, a tie) is not met by chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ops import OPS
from ...ops.numpy_kernel import NUMPY
from .bends import Bend, argument_of, bends_of, certain_argument
from .domains import Domain
from .effort import array_units, spend
from .instructions import Constant, Instructions, Operate

__all__ = [
    "Points",
    "beside_bends",
    "counted",
    "evaluated",
    "everyday",
    "extreme_points",
    "first_points",
    "more_points",
    "uncounted",
    "whole_points",
]

Points = npt.NDArray[np.float64]
"""Shape (names, points)."""

_SEED = 20240229
_EVERYDAY = 3.0


@lru_cache(maxsize=64)
def _drawn(names: int, count: int, stream: int) -> tuple[Points, Points]:
    """Return uniform numbers of [0, 1) and kinds of points, the same for the same arguments."""
    generator = np.random.Generator(np.random.PCG64([_SEED, names, count, stream]))
    return generator.random((names, count)), generator.random((names, count))


def first_points(
    names: tuple[str, ...], domains: Mapping[str, Domain], constants: tuple[float, ...]
) -> Points:
    """Return 64 points of everyday size, of both signs where the domain has both.

    Where the formulas have constants beyond that size, 24 points around these are added.
    """
    listed = tuple(domains[name] for name in names)
    far = tuple(size for size in constants if _EVERYDAY < size < 1e12)[:24]
    points = _cached_first(len(names), listed)
    return np.concatenate([points, _around(far, listed)], axis=1) if far else points


def _around(constants: tuple[float, ...], domains: tuple[Domain, ...]) -> Points:
    """Return points whose names lie near constants, on either side, or are of everyday size."""
    first, second = _drawn(len(domains), 24, 3)
    chosen = np.array(constants)[(first * len(constants)).astype(int)]
    away = np.where(second < 0.5, 0.4 * (first * 7 % 1), 3 / chosen * (first * 7 % 1))
    points: Points = chosen * np.where(second * 64 % 1 < 0.5, 1 + away, 1 - away)
    points = np.where(second * 512 % 1 < 0.2, -points, points)
    for row, domain in enumerate(domains):
        points[row] = _into(domain, points[row], first[row])
    return points


@lru_cache(maxsize=256)
def _cached_first(names: int, domains: tuple[Domain, ...]) -> Points:
    first, second = _drawn(names, 64, 0)
    points = np.empty((names, 64))
    points[:, :24] = 6 * first[:, :24] - 3
    points[:, 24:32] = 2 * first[:, 24:32] - 1
    points[:, 32:44] = 0.05 + 3 * first[:, 32:44]
    sizes = 10.0 ** (6 * first[:, 44:] - 3)
    points[:, 44:] = np.where(second[:, 44:] < 0.5, sizes, -sizes)
    for row, domain in enumerate(domains):
        points[row] = _into(domain, points[row], first[row])
    points.setflags(write=False)
    return points


def more_points(
    names: tuple[str, ...], domains: Mapping[str, Domain], constants: tuple[float, ...]
) -> Points:
    """Return 2048 further points: of all sizes from 1e-9 to 1e9, and near constants."""
    count = len(names)
    first, second = _drawn(count, 2048, 1)
    sizes = 10.0 ** (18 * first - 9)
    points = np.where(second < 0.5, sizes, -sizes)
    points[:, 512:768] = 10.0 ** (18 * first[:, 512:768] - 9)
    points[:, 768:1024] = first[:, 768:1024]
    points[:, 1024:1280] = 20 * first[:, 1024:1280] - 10
    near = np.array([size for size in constants if 1e-12 < size < 1e12][:64] or [1.0])
    chosen = near[(first[:, 1280:] * len(near)).astype(int)]
    fine = second[:, 1280:]
    away = 10.0 ** (8 * ((fine * 997) % 1) - 6) * np.where((fine * 31) % 1 < 0.5, 1, -1)
    relative = (fine * 17) % 1 < 0.5
    moved = np.where(relative, chosen * (1 + away / 100), chosen + away)
    points[:, 1280:] = np.where((fine * 7) % 1 < 0.75, moved, -moved)
    for row, name in enumerate(names):
        points[row] = _into(domains[name], points[row], first[row])
    return points


def extreme_points(names: tuple[str, ...], domains: Mapping[str, Domain]) -> Points:
    """Return 256 points of all sizes that float64 has, from 1e-300 to 1e300."""
    first, second = _drawn(len(names), 256, 4)
    sizes = 10.0 ** (600 * first - 300)
    points: Points = np.where(second < 0.5, sizes, -sizes)
    for row, name in enumerate(names):
        points[row] = _into(domains[name], points[row], first[row])
    return points


def whole_points(names: tuple[str, ...], domains: Mapping[str, Domain]) -> Points:
    """Return 64 points of small whole numbers, for formulas such as (-1)^n."""
    first, _ = _drawn(len(names), 64, 2)
    points = np.floor(13 * first) - 4
    for row, name in enumerate(names):
        domain = domains[name]
        low, high = max(domain.low, -4), min(domain.high, 9)
        if low > -4 or high < 9:
            points[row] = np.floor(low + 1 + first[row] * max(1.0, high - low - 1))
    return points


def everyday(points: Points, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the places, those of points of everyday size first."""
    with np.errstate(divide="ignore"):
        sizes = np.absolute(np.log(np.absolute(points[:, places]).max(axis=0)))
    ordered: npt.NDArray[np.int64] = places[np.argsort(sizes, kind="stable")]
    return ordered


def _into(domain: Domain, numbers: Points, shares: Points) -> Points:
    """Move numbers of any size and sign into a domain."""
    if domain.low == -math.inf and domain.high == math.inf:
        inside = numbers
    elif domain.high == math.inf:
        inside = domain.low + np.absolute(numbers)
    elif domain.low == -math.inf:
        inside = domain.high - np.absolute(numbers)
    else:
        inside = domain.low + (domain.high - domain.low) * (0.001 + 0.998 * shares)
    if not domain.whole:
        return inside
    whole = np.rint(np.clip(inside * 3, -1e6, 1e6))
    return np.where(whole > domain.low, np.where(whole < domain.high, whole, whole - 1), whole + 1)


def evaluated(listed: Instructions, points: Points) -> list[Any]:
    """Return every step's values at the points, in float64; nan or inf where there is none.

    Raises:
        TooMuchWork: past a limit of the work.
    """
    spend(array_units(listed, points.shape[1]))
    values: list[Any] = []
    rows = {name: points[row] for row, name in enumerate(listed.names)}
    with np.errstate(all="ignore"):
        for step in listed.steps:
            if isinstance(step, Operate):
                op = OPS[step.op]
                operands = [values[i] for i in step.operands]
                if op.options or op.outputs:
                    options: dict[str, Any] = op.with_options(step.options)
                    if op.outputs:
                        options["index"] = int(options["index"])
                    values.append(op.value(NUMPY, *operands, **options))
                else:
                    values.append(op.value(NUMPY, *operands))
            elif isinstance(step, Constant):
                values.append(np.float64(step.as_float()))
            else:
                values.append(rows[step.name])
    return values


def beside_bends(
    listed: Instructions, values: list[Any], points: Points, domains: Mapping[str, Domain]
) -> Points | None:
    """Return points on both sides of kinks and away from saturation, where `points` has none.

    None where `points` has what is needed. Between a point on either side the bend is found by
    halving, all such pairs at once.
    """
    count = points.shape[1]
    bends = bends_of(listed)
    lacking = [b for b in bends if _lacks(certain_argument(listed, values, b, count), b.reach)]
    own = [b for b in bends if b.kink and not listed.shared.issuperset(b.operands)]
    if 1 < len(own) <= _FEW:  # between two kinks there may be a sliver that no point falls into
        lacking = list(dict.fromkeys((*lacking, *own)))
    if not lacking:
        return None
    wide = np.concatenate(
        [
            points,
            more_points(listed.names, domains, listed.constants),
            extreme_points(listed.names, domains),
        ],
        axis=1,
    )
    wide_values = evaluated(listed, wide)
    chosen = [wide[:, _spread(argument_of(wide_values, b, wide.shape[1]))] for b in lacking]
    # A bend may open the way to another inside it, so that the search is repeated.
    for bend in lacking:
        argument = argument_of(wide_values, bend, wide.shape[1])
        above = np.flatnonzero(argument > 0)[:6]
        below = np.flatnonzero(argument < 0)[:6]
        if len(above) and len(below):
            chosen.append(_halved(listed, bend, wide[:, above], wide[:, below], domains))
    return np.concatenate(chosen, axis=1)


def _lacks(argument: Points, reach: float) -> bool:
    usual = np.absolute(argument) < reach
    positive, negative = argument > 0, argument < 0
    if reach < math.inf:
        positive, negative = positive & usual, negative & usual
    return bool(positive.sum() < 3 or negative.sum() < 3)


def _spread(argument: Points) -> npt.NDArray[np.int64]:
    """Return points of either sign, the nearest to 0 and some further away."""
    found: list[npt.NDArray[np.int64]] = []
    for side in (argument > 0, argument < 0):
        places = np.flatnonzero(side & np.isfinite(argument))
        ordered = places[np.argsort(np.absolute(argument[places]), kind="stable")]
        found.append(ordered[:6])
        found.append(ordered[6 :: max(1, len(ordered) // 6)][:6])
    return np.concatenate(found)


def _halved(
    listed: Instructions,
    bend: Bend,
    above: Points,
    below: Points,
    domains: Mapping[str, Domain],
) -> Points:
    """Return points where the bend's argument is near -2, -0.5, 0.5, 2, and nearly 0, by halving.

    What is halved is the count of floats between two numbers, so that 64 halvings lead from 1 to
    1e-300 as well as to a neighbour of 1.
    """
    pairs = min(above.shape[1], below.shape[1])
    targets = np.array([-2.0, -0.5, -_NEARLY, _NEARLY, 0.5, 2.0])
    high = counted(np.repeat(above[:, :pairs], len(targets), axis=1))
    low = counted(np.repeat(below[:, :pairs], len(targets), axis=1))
    goal = np.tile(targets, pairs)
    for _ in range(64):
        middle = (high >> 1) + (low >> 1) + (high & low & 1)
        argument = argument_of(evaluated(listed, uncounted(middle)), bend, middle.shape[1])
        over = argument > goal
        high, low = np.where(over, middle, high), np.where(over, low, middle)
    edges = np.concatenate([uncounted(high), uncounted(low)], axis=1)
    for row, name in enumerate(listed.names):
        if domains[name].whole:
            edges[row] = np.rint(edges[row])
    return edges


_FEW = 8
_NEARLY = 1e-9
_SIGN = np.int64(-(2**63))


def counted(points: Points) -> npt.NDArray[np.int64]:
    """Return for each float its number in the order of all floats; that of 0 is 0."""
    bits = np.ascontiguousarray(points + 0.0).view(np.int64)
    return np.where(bits >= 0, bits, _SIGN - bits)


def uncounted(counts: npt.NDArray[np.int64]) -> Points:
    """Return the floats of these numbers."""
    return np.where(counts >= 0, counts, _SIGN - counts).view(np.float64)

