"""Wires and arrow heads as marks: level, upright or bent by quarter circles, on a casing while at work.

The casing says "at work"; so a wire's width is free to say something else, as the size of a weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from .marks import Layers, Path

__all__ = ["CASING", "HEAD", "add_wire", "bent", "head"]

CASING = 8.0
"""By how much the casing is wider than its wire."""

HEAD = 9.0
_CORNER = 7.0

Point = tuple[float, float]


def bent(points: Sequence[Point]) -> str:
    """Return path data through points, its corners rounded.

    >>> bent([(0, 0), (20, 0), (20, 30)])
    'M0,0L13,0Q20,0 20,7L20,30'
    """
    kept = [points[0]]
    for point in points[1:]:
        if hypot(point[0] - kept[-1][0], point[1] - kept[-1][1]) > 0.05:
            kept.append(point)
    parts = [f"M{_at(kept[0])}"]
    for before, corner, after in zip(kept, kept[1:], kept[2:], strict=False):
        back, onward = _reach(before, corner), _reach(after, corner)
        if _straight(before, corner, after):
            continue
        parts.append(f"L{_at(back)}Q{_at(corner)} {_at(onward)}")
    parts.append(f"L{_at(kept[-1])}")
    return "".join(parts)


def _at(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _straight(a: Point, b: Point, c: Point) -> bool:
    return abs((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])) < 0.01


def _reach(end: Point, corner: Point) -> Point:
    """Return the point on the way from a corner to an end where its rounding begins."""
    dx, dy = end[0] - corner[0], end[1] - corner[1]
    far = hypot(dx, dy)
    share = min(_CORNER, far / 2) / far
    return corner[0] + share * dx, corner[1] + share * dy


def head(tip: Point, toward: Point, size: float = HEAD) -> str:
    """Return the path data of an arrow head at a tip; `toward` has length 1."""
    (x, y), (dx, dy) = tip, toward
    bx, by, half = x - size * dx, y - size * dy, 0.45 * size
    left, right = (bx - half * dy, by + half * dx), (bx + half * dy, by - half * dx)
    return f"M{_at(tip)}L{_at(left)} {_at(right)}z"


_LOOKS = {"pending": ("pending", 1.3), "done": ("ink", 1.3), "active": ("active", 2.4)}


def add_wire(
    layers: Layers, points: Sequence[Point], state: str, *, width: float | None = None, dash: str = "",
    arrow: bool = True, key: str = "",
) -> None:  # fmt: skip
    """Add a wire through points, "pending", "done" or "active", with an arrow head at its end.

    Args:
        layers: where it is added.
        points: its start, its corners, its end.
        state: how it looks; at work it lies on a casing.
        width: in px; by default as `state` says.
        dash: the dashes, as SVG has them.
        arrow: whether an arrow head ends it.
        key: the id of its element.
    """
    role, usual = _LOOKS[state]
    wide = usual if width is None else width
    line = list(points)
    (x0, y0), (x1, y1) = line[-2:]
    far = hypot(x1 - x0, y1 - y0) or 1.0
    toward = ((x1 - x0) / far, (y1 - y0) / far)
    if arrow:
        back = min(HEAD - 2.0, far)
        line[-1] = (x1 - back * toward[0], y1 - back * toward[1])
    d = bent(line)
    if state == "active":
        layers.casings.append(
            Path(d=d, stroke="casing", width=wide + CASING, cap="round", kind="casing")
        )
    layers.wires.append(
        Path(d=d, stroke=role, width=wide, dash=dash, kind=f"wire {state}", key=key)
    )
    if arrow:
        layers.wires.append(Path(d=head((x1, y1), toward), fill=role, kind=f"head {state}"))
