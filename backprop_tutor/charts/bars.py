"""Bars from the foot of a plot to their values, one beside the other."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..render.stage.marks import Mark, Rect
from .axes import Axes

__all__ = ["bars"]


def bars(
    axes: Axes, places: Iterable[float], sizes: Iterable[float], fill: str, foot: float
) -> list[Mark]:
    """Return a bar at each place, from `foot` up to its size, as far as the box goes.

    >>> axes = Axes(box=(0, 0, 100, 100), x=(0, 10), y=(0, 1))
    >>> bars(axes, [5], [0.5], "value", 0.0)[0].height
    50.0
    """
    _, top, _, bottom = axes.edges
    half = 0.38 * (axes.place(1, 1)[0] - axes.place(0, 1)[0])
    marks: list[Mark] = []
    base = min(bottom, axes.place(0, foot)[1])
    for place, size in zip(places, sizes, strict=True):
        if not size > 0 and axes.log_y:
            continue  # nothing is left: no bar
        x, y = axes.place(place, size if math.isfinite(size) else axes.y[1])
        y = min(max(y, top), bottom)
        if abs(base - y) > 0.05:
            marks.append(
                Rect(
                    x=x - half,
                    y=min(y, base),
                    width=2 * half,
                    height=abs(base - y),
                    fill=fill,
                    kind="bar",
                )
            )
    return marks
