"""The two planes: the inputs with regions and hidden units' lines, and the points after the hidden layer.

Enters: a view, a moment, a box. Leaves: marks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from ..charts.axes import Axes, around
from ..charts.regions import class_key, classes_area, grid_of, marker, plate, shades_area
from ..render.stage.marks import Mark, Path, words
from ..sentences import said, sentence
from .view import View, index_name

__all__ = ["hidden_panel", "input_panel"]

Box = tuple[float, float, float, float]

_MOST_LINES = 16
_FEW = 30


def input_panel(view: View, place: int, box: Box, title: bool = True) -> list[Mark]:
    """Return the input plane: regions by the model's answers, points, the line of each hidden unit."""
    axes = view.plane_axes(box)
    found = view.said_on_grid(place)
    marks = shades_area(axes, found) if found.dtype.kind == "f" else classes_area(axes, found)
    marks += _lines(view, place, axes)
    marks += view.once(f"points {box}", partial(_inputs, axes=axes))
    head = said("the inputs and the network's regions") if title else ""
    marks += axes.frame(head, *view.table.columns)
    return marks


def _inputs(view: View, axes: Axes) -> list[Mark]:
    return _points(view, [axes.place(x, y) for x, y in view.table.features.tolist()])


def _radius(count: int) -> float:
    return 8.0 if count < 10 else 5.0 if count < 60 else 3.6


def _points(view: View, places: list[tuple[float, float]]) -> list[Mark]:
    marks: list[Mark] = []
    targets = view.table.targets.reshape(-1)
    for number in range(len(view.table.classes)):
        mine = [at for at, target in zip(places, targets, strict=True) if target == number]
        marks += marker(mine, number, _radius(len(places)))
    return marks


def _lines(view: View, place: int, axes: Axes) -> list[Mark]:
    """Return the lines where the first layer's net inputs are 0, an arrow to the side where above."""
    lines = view.course.net_lines(view.course.moments[place])[:_MOST_LINES]
    named = len(lines) <= 4
    marks: list[Mark] = []
    taken: list[tuple[float, float]] = []
    points = [axes.place(x, y) for x, y in view.table.features.tolist()] if named else []
    for number, (a, b, c) in enumerate(lines):
        ends = axes.straight(a, b, c)
        if ends is None:
            continue
        (x0, y0), (x1, y1) = (axes.place(*end) for end in ends)
        width = 1.8 if named else 1.1
        marks.append(
            Path(
                d=f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}",
                stroke="ink",
                width=width,
                kind="unit-line",
                dash="" if view.layered else "7 4",
                opacity=1.0 if named else 0.7,
            )
        )
        length = math.hypot(x1 - x0, y1 - y0)
        if not named or length < 40:
            continue
        name = index_name("h", number) if view.layered else "y"
        marks += _arrow(axes, (x0, y0, x1, y1), (a, b), name, taken, points)
    return marks


def _arrow(
    axes: Axes,
    ends: tuple[float, float, float, float],
    slope: tuple[float, float],
    name: str,
    taken: list[tuple[float, float]],
    points: Sequence[tuple[float, float]] = (),
) -> list[Mark]:
    """Return an arrow from a line to its positive side, and the unit's name at the arrow's head.

    The name stands where neither another name nor a point is, which would cover it, as far as it goes.
    """
    x0, y0, x1, y1 = ends
    left, top, right, bottom = axes.edges
    # where a·x + b·y + c grows, in px: y runs down there
    up = (
        slope[0] / (right - left) * (axes.x[1] - axes.x[0]),
        -slope[1] / (bottom - top) * (axes.y[1] - axes.y[0]),
    )
    along = (x1 - x0, y1 - y0)
    side = (-along[1], along[0])
    sign = 1 if side[0] * up[0] + side[1] * up[1] > 0 else -1
    size = math.hypot(*side)
    unit = (sign * side[0] / size, sign * side[1] / size)

    def free(share: float) -> float:
        px, py = x0 + share * along[0] + 26 * unit[0], y0 + share * along[1] + 26 * unit[1]
        edge = min(px - left, right - px, py - top, bottom - py)
        names = (math.hypot(px - u, py - v) / 2 for u, v in taken)
        return min([edge, *names, *(math.hypot(px - u, py - v) - 3 for u, v in points)])

    share = max(
        (0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.88),
        key=lambda s: (min(free(s), 16), -abs(s - 0.5)),
    )
    px, py = x0 + share * along[0], y0 + share * along[1]
    tx, ty = px + 15 * unit[0], py + 15 * unit[1]
    bx, by = tx - 6 * unit[0], ty - 6 * unit[1]
    d = (
        f"M{px:.1f} {py:.1f}L{bx:.1f} {by:.1f}M{tx:.1f} {ty:.1f}"
        f"L{bx - 4 * unit[1]:.1f} {by + 4 * unit[0]:.1f}L{bx + 4 * unit[1]:.1f} {by - 4 * unit[0]:.1f}Z"
    )
    nx, ny = px + 28 * unit[0], py + 28 * unit[1]
    taken.append((nx, ny))
    return [
        Path(d=d, stroke="ink", width=1.6, fill="ink", kind="arrow"),
        plate(nx - 11, ny - 9, 22, 18),
        words(name, nx, ny + 5, 14, style="italic", anchor="middle", kind="unit-name"),
    ]


def hidden_panel(view: View, place: int, box: Box, title: bool = True) -> list[Mark]:
    """Return the points after the last hidden layer, the output's boundary and the folded input plane."""
    planes, values = view.flats
    plane, hidden = planes[place], values[place]
    alone = hidden.shape[1] == 1
    (x, y) = view.hidden_ranges
    places = plane.places(hidden)
    if alone:  # one unit: a line; the classes lie one above the other
        y = around([0, max(1, len(view.table.classes) - 1)], 0.5)
        places = np.stack([places[:, 0], view.table.targets.reshape(-1).astype(float)], 1)
    axes = Axes(box=box, x=x, y=y)
    marks = _hidden_regions(plane, axes)
    if view.planar and not alone and view.units <= 12:
        for line in view.hidden_mesh(place):
            marks += axes.line(line[:, 0], line[:, 1], "pending", 0.8, kind="mesh")
    if plane.slopes is not None and len(plane.slopes) <= 2:
        marks += _boundary(plane, axes)
    marks += _points(view, [axes.place(px, py) for px, py in places.tolist()])
    names = [sentence(name) for name in plane.names]
    head = said("after the hidden layer") if title else ""
    if alone:
        marks += axes.frame(head, names[0], said("class"), y_ticks=range(len(view.table.classes)))
    else:
        marks += axes.frame(head, *names)
    return marks


def _hidden_regions(plane: Any, axes: Axes) -> list[Mark]:
    if plane.slopes is None:
        return []
    across, up = grid_of(axes, View.GRID)
    grid = np.stack(np.meshgrid(across, up), -1).reshape(-1, 2)
    nets = plane.nets(grid)
    if nets.shape[1] == 1:
        half = 1 / (1 + np.exp(-np.clip(nets, -60, 60)))
        return shades_area(axes, half.reshape(View.GRID, View.GRID))
    return classes_area(axes, nets.argmax(1).reshape(View.GRID, View.GRID))


def _boundary(plane: Any, axes: Axes) -> list[Mark]:
    """Return the output unit's line: where its net input, or the difference of the two, is 0."""
    slope, offset = plane.slopes[-1], plane.offsets[-1]
    ends = axes.straight(float(slope[0]), float(slope[1]), float(offset))
    if ends is None:
        return []
    (x0, y0), (x1, y1) = (axes.place(*end) for end in ends)
    line = Path(
        d=f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}",
        stroke="ink",
        width=2.2,
        dash="7 4",
        kind="output-line",
    )
    if math.hypot(x1 - x0, y1 - y0) < 40:
        return [line]
    return [line, *_arrow(axes, (x0, y0, x1, y1), (float(slope[0]), float(slope[1])), "y", [])]


def key_of_classes(view: View, x: float, y: float, most: float) -> list[Mark]:
    """Return the key of the classes, the target's name before it."""
    name = view.table.target
    marks: list[Mark] = []
    if name and name != view.table.name:
        text = words(f"{name}:", x, y, 13, fill="quiet", kind="key")
        marks.append(text)
        x, most = x + text.width + 10, most - text.width - 10
    return [*marks, *class_key(view.table.classes, x, y, most)]
