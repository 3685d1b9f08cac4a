"""Arrows to far-away gates: they run in lanes above and below the circuit, one lane a wire.

Graphviz leads every arrow through all columns on its way, which takes minutes where an input is used
in each step of a long chain. Arrows of more than `FAR` columns therefore leave the circuit between
two columns, run along a lane and come back between two columns. A lane is shared by all far arrows
of one wire; wires whose lanes do not overlap share a height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..circuit import Circuit
from .routes import Point, move

__all__ = ["FAR", "Far", "Lanes", "columns_of", "far_arrows", "lanes"]

FAR = 8
_LANE = 9.0
_CLEAR = 12.0
_ROUND = 6.0


def columns_of(circuit: Circuit) -> tuple[int, ...]:
    """Return each node's column, from 0: as near to its first use as it can stand."""
    wires = circuit.wires
    depth = [0] * len(wires)
    operands: list[list[int]] = [[] for _ in wires]
    for arrow in circuit.arrows:
        operands[arrow.target].append(arrow.source)
    for place in range(len(wires)):
        depth[place] = 1 + max((depth[source] for source in operands[place]), default=-1)
    column = list(depth)
    used = [False] * len(wires)
    first = {places[-1]: places for places in circuit.together}
    for place in range(len(wires) - 1, -1, -1):
        if place in first:  # all uses of a gate's outputs come behind its last one
            level = min(column[i] for i in first[place])
            for i in first[place]:
                column[i] = level
        for source in operands[place]:
            nearest = column[place] - 1
            column[source] = min(column[source], nearest) if used[source] else nearest
            used[source] = True
    return tuple(column)


def far_arrows(circuit: Circuit, columns: Sequence[int]) -> frozenset[int]:
    """Return the numbers of the arrows that run in lanes."""
    return frozenset(
        arrow.number
        for arrow in circuit.arrows
        if columns[arrow.target] - columns[arrow.source] > FAR
    )


@dataclass(frozen=True, slots=True)
class Far:
    """A far arrow: from its wire's end to its label, and the strips in which it leaves and returns."""

    number: int
    source: int
    start: Point
    end: Point
    leaves: tuple[float, float]
    returns: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The far arrows' paths by number, and the room that lanes take above and below."""

    paths: dict[int, str]
    above: float
    below: float


def lanes(arrows: Sequence[Far], height: float) -> Lanes:
    """Return the paths of the far arrows around a circuit of the given height."""
    if not arrows:
        return Lanes({}, 0.0, 0.0)
    first = {arrow.source: arrow for arrow in reversed(arrows)}
    top = {source for source, arrow in first.items() if arrow.start[1] < height / 2}
    heights: dict[int, float] = {}
    room = []
    for side in (sorted(top), sorted(set(first) - top)):
        rows = _rows({source: _span(source, arrows) for source in side})
        count = max(rows.values(), default=-1) + 1
        room.append(_CLEAR + _LANE * count if count else 0.0)
        for source, row in rows.items():
            away = _CLEAR + _LANE * row
            heights[source] = -away if source in top else height + away
    strips = _strips(arrows)
    paths = {a.number: _path(a, heights[a.source], strips) for a in arrows}
    return Lanes(paths, room[0], room[1])


def _span(source: int, arrows: Sequence[Far]) -> tuple[float, float]:
    own = [a for a in arrows if a.source == source]
    ends = [x for a in own for x in (*a.leaves, *a.returns)]
    return min(ends), max(ends)


def _rows(spans: dict[int, tuple[float, float]]) -> dict[int, int]:
    """Return a row for each span, so that spans of one row do not meet."""
    rows: dict[int, int] = {}
    ends: list[float] = []
    for source, (left, right) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        row = next((i for i, end in enumerate(ends) if end + _LANE < left), len(ends))
        if row == len(ends):
            ends.append(right)
        ends[row] = right
        rows[source] = row
    return rows


def _strips(arrows: Sequence[Far]) -> dict[tuple[tuple[float, float], int], float]:
    """Return where in a free strip each wire's arrows climb, side by side."""
    users: dict[tuple[float, float], list[int]] = {}
    for arrow in arrows:
        for strip in (arrow.leaves, arrow.returns):
            sources = users.setdefault(strip, [])
            if arrow.source not in sources:
                sources.append(arrow.source)
    return {
        (strip, source): strip[0] + (strip[1] - strip[0]) * (i + 1) / (len(sources) + 1)
        for strip, sources in users.items()
        for i, source in enumerate(sources)
    }


def _path(arrow: Far, height: float, strips: dict[tuple[tuple[float, float], int], float]) -> str:
    out, back = strips[arrow.leaves, arrow.source], strips[arrow.returns, arrow.source]
    corners = [(out, arrow.start[1]), (out, height), (back, height), (back, arrow.end[1])]
    return move(arrow.start) + _rounded(arrow.start, corners, arrow.end)


def _rounded(start: Point, corners: Sequence[Point], end: Point) -> str:
    """Return straight lines through the corners, each corner rounded."""
    path = ""
    before = start
    for corner, after in zip(corners, [*corners[1:], end], strict=True):
        ax, ay = _toward(corner, before)
        bx, by = _toward(corner, after)
        path += f"L{ax:.1f},{ay:.1f}C{corner[0]:.1f},{corner[1]:.1f} "
        path += f"{corner[0]:.1f},{corner[1]:.1f} {bx:.1f},{by:.1f}"
        before = corner
    return f"{path}L{end[0]:.1f},{end[1]:.1f}"


def _toward(corner: Point, other: Point) -> Point:
    """Return the point on the way from a corner to another at which the rounding ends."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)
    reach = min(_ROUND, length / 2)
    if not length:
        return corner
    return corner[0] + reach * dx / length, corner[1] + reach * dy / length
