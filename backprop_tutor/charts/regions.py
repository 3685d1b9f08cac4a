"""Areas and points: a grid of levels as one path a level, and a class's marker at a place.

Cells of one level that stand side by side in a row become one rectangle, so that a grid of 80 × 80 is some
kilobytes. A class has a colour and a shape, so that no reader needs the colour.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..render.stage.colours import mixed
from ..render.stage.marks import Mark, Path, Rect, words
from .axes import NAME, Axes

__all__ = [
    "CLASS_COLOURS",
    "SHADES",
    "class_key",
    "classes_area",
    "grid_of",
    "marker",
    "shades_area",
]

CLASS_COLOURS = (
    "#1f5fbf",
    "#d95f02",
    "#7b3fa0",
    "#a6761d",
    "#00899a",
    "#c0267e",
    "#4d4d4d",
    "#5b7f00",
    "#8c6bb1",
    "#b5a000",
)
"""One colour a class; none is the green of values or the red of gradients."""

SHADES = 10
"""How many steps a probability from 0 to 1 is shown in."""


def grid_of(axes: Axes, cells: int) -> tuple[Any, Any]:
    """Return the middles of `cells` columns and rows over the axes' ranges, in the data's numbers."""
    (x0, x1), (y0, y1) = axes.x, axes.y
    steps = (np.arange(cells) + 0.5) / cells
    return x0 + steps * (x1 - x0), y0 + steps * (y1 - y0)


def _cells(axes: Axes, levels: Any) -> dict[int, str]:
    """Return for each level its cells as strokes along their rows; row 0 of `levels` is the lowest."""
    left, top, wide, high = axes.box
    rows, columns = levels.shape
    pieces: dict[int, list[str]] = {}
    for row in range(rows):
        line = levels[row]
        y = top + high * (1 - (row + 0.5) / rows)
        cuts = [0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), columns]
        for start, end in itertools.pairwise(cuts):
            x0, x1 = left + wide * start / columns, left + wide * end / columns
            pieces.setdefault(int(line[start]), []).append(f"M{x0:.1f} {y:.1f}H{x1:.1f}")
    return {level: "".join(found) for level, found in sorted(pieces.items())}


def _areas(axes: Axes, levels: Any, tint: Callable[[int], str]) -> list[Mark]:
    high = axes.box[3] / levels.shape[0] + 0.4  # a little over, that no gap shows between rows
    return [
        Path(d=d, stroke=tint(level), width=round(high, 2), crisp=True, kind="region")
        for level, d in _cells(axes, levels).items()
    ]


def _class_tint(level: int) -> str:
    return mixed(CLASS_COLOURS[level % len(CLASS_COLOURS)], "#ffffff", 0.24)


def _shade(level: int) -> str:
    """Return the tint of a probability's step: the first class's at 0, the second's at the last."""
    share = (level + 0.5) / SHADES * 2 - 1
    return mixed(CLASS_COLOURS[1 if share > 0 else 0], "#ffffff", 0.06 + 0.34 * abs(share))


def classes_area(axes: Axes, numbers: Any) -> list[Mark]:
    """Return the areas of class numbers (rows, columns), each in a tint of its class's colour."""
    return _areas(axes, numbers, _class_tint)


def shades_area(axes: Axes, probabilities: Any) -> list[Mark]:
    """Return the areas of probabilities of the second class (rows, columns), in `SHADES` steps."""
    kept = np.where(np.isfinite(probabilities), probabilities, 0.5)
    return _areas(axes, np.clip((kept * SHADES).astype(int), 0, SHADES - 1), _shade)


_SHAPES: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    2: ((0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
    3: ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
    4: ((0, 1.25), (1.2, -0.95), (-1.2, -0.95)),
    5: (
        (-0.4, -1.2),
        (0.4, -1.2),
        (0.4, -0.4),
        (1.2, -0.4),
        (1.2, 0.4),
        (0.4, 0.4),
        (0.4, 1.2),
        (-0.4, 1.2),
        (-0.4, 0.4),
        (-1.2, 0.4),
        (-1.2, -0.4),
        (-0.4, -0.4),
    ),
}
"""The corners of each class's marker for a radius of 1; the first class has a disc."""


def marker_path(number: int, x: float, y: float, r: float) -> str:
    """Return the outline of a class's marker."""
    corners = _SHAPES.get(number % 6)
    if corners is None:
        return f"M{x - r:.1f} {y:.1f}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"
    joined = "L".join(f"{x + r * a * 0.9:.1f} {y + r * b * 0.9:.1f}" for a, b in corners)
    return f"M{joined}Z"


def marker(
    places: Iterable[tuple[float, float]], number: int, r: float, kind: str = "points"
) -> list[Mark]:
    """Return the markers of a class at places in px, as one path."""
    found = [
        marker_path(number, x, y, r) for x, y in places if math.isfinite(x) and math.isfinite(y)
    ]
    if not found:
        return []
    colour, d = CLASS_COLOURS[number % len(CLASS_COLOURS)], "".join(found)
    if len(found) <= _RIMMED:
        return [Path(d=d, fill=colour, stroke="#ffffff", width=0.8, kind=kind)]
    rims = [Path(d=d, stroke="#ffffff", width=1.6, kind="rims")] if len(found) <= _EDGED else []
    return [*rims, Path(d=d, fill=colour, kind=kind)]


_RIMMED = 12
"""Up to so many markers have each a white rim, which tells those apart that lie on each other."""

_EDGED = 100
"""Up to so many have white around them all; where more lie close together it would hide others."""


def class_key(names: Iterable[str], x: float, y: float, most: float) -> list[Mark]:
    """Return the key of the classes on one line from a place, as far as it goes: marker and name."""
    marks: list[Mark] = []
    at = x
    for number, name in enumerate(names):
        text = words(name, at + 14, y, NAME, kind="key")
        if at + 14 + text.width > x + most:
            marks.append(words("…", at, y, NAME, kind="key"))
            break
        marks += [*marker([(at + 5, y - 4.5)], number, 5, "key"), text]
        at += 14 + text.width + 16
    return marks


def plate(x: float, y: float, wide: float, high: float) -> Rect:
    """Return a piece of paper under a text, where lines run behind it."""
    return Rect(x=x, y=y, width=wide, height=high, rx=3, fill="paper", kind="plate")
