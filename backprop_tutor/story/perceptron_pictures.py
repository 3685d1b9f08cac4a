"""The perceptron's line after each mistake, the row that was told wrong, and the rule with its numbers.

Enters: courses of one to three tables. Leaves: frames, and sentences on how each ended.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..charts.axes import Axes, around
from ..charts.regions import class_key, classes_area, grid_of, marker
from ..render.narration.numbers import shown
from ..render.stage.marks import Disc, Mark, Path, words
from ..sentences import said
from .perceptron import Learnt, Mistake
from .view import index_name

__all__ = ["ending", "frame", "frame_size"]

_HIGH = 620.0
_GRID = 72


def frame_size(found: Sequence[Learnt]) -> tuple[float, float]:
    """Return the size of a frame with so many tables."""
    return (max(620.0, 20 + 420.0 * len(found)), _HIGH)


def frame(found: Sequence[Learnt], place: int) -> tuple[Mark, ...]:
    """Return the frame after that many mistakes; a table that has no more stays at its last."""
    head = (
        said("the perceptron before the first row")
        if not place
        else said("after mistake {n}", n=place)
    )
    marks: list[Mark] = [words(head, 28, 34, 20, style="bold", kind="head")]
    for number, each in enumerate(found):
        left = 64 + 420.0 * number if len(found) > 1 else 130.0
        marks += _panel(each, _at(each, place), (left, 96.0, 330.0, 330.0), place)
    return tuple(marks)


def _at(found: Learnt, place: int) -> int:
    """Return which mistake stands for the one at a place: a cycle goes round, an end stays."""
    last = len(found.mistakes) - 1
    if place <= last or not found.cycle:
        return min(place, last)
    return last - found.cycle + 1 + (place - last - 1) % found.cycle


def _panel(
    found: Learnt, place: int, box: tuple[float, float, float, float], asked: int
) -> list[Mark]:
    at, table = found.mistakes[place], found.table
    points = table.features
    margin = 0.35 if len(points) < 10 else 0.12
    axes = Axes(box=box, x=around(points[:, 0], margin), y=around(points[:, 1], margin))
    across, up = grid_of(axes, _GRID)
    grid = np.stack(np.meshgrid(across, up), -1).reshape(-1, 2)
    nets = (grid @ np.array(at.weights) + at.bias).reshape(_GRID, _GRID)
    marks: list[Mark] = classes_area(axes, (nets > 0).astype(int)) if place else []
    ends = axes.straight(at.weights[0], at.weights[1], at.bias)
    if ends is not None:
        (x0, y0), (x1, y1) = (axes.place(*end) for end in ends)
        marks.append(
            Path(d=f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}", stroke="ink", width=2.4, kind="line")
        )
    r = 8.0 if len(points) < 10 else 4.0
    for number in (0, 1):
        mine = [
            axes.place(*p) for p, t in zip(points, found.labels, strict=True) if t == 2 * number - 1
        ]
        marks += marker(mine, number, r)
    if at.row is not None and (asked == at.number or found.cycle):
        px, py = axes.place(*points[at.row])
        marks.append(Disc(x=px, y=py, r=r + 6, stroke="gradient", line=2.6, kind="wrong"))
    marks += axes.frame(table.name, *table.columns)
    left, _, _, bottom = axes.edges
    marks += class_key(("y = −1", "y = 1"), left + 170, 78, 200)
    for row, (text, fill) in enumerate(_said(found, at, asked)):
        marks.append(words(text, left - 30, bottom + 66 + 24 * row, 14, fill=fill, kind="said"))
    return marks


def _said(found: Learnt, at: Mistake, asked: int) -> list[tuple[str, str]]:
    names = ", ".join(index_name("w", i) for i in range(len(at.weights)))
    state = f"{names} = {', '.join(shown(v, 4) for v in at.weights)};  b = {shown(at.bias, 4)}"
    lines = [(state, "value")]
    over = asked >= len(found.mistakes) - 1
    if at.row is not None:
        row = found.table.features[at.row]
        label = found.labels[at.row]
        before = found.mistakes[at.number - 1]
        net = float(np.dot(row.astype(np.float64), before.weights)) + before.bias
        point = ", ".join(shown(float(v), 3) for v in row)
        lines.insert(
            0,
            (
                said(
                    "{when}: ({point}) has y = {y}, net {net}",
                    when=said("pass {n}", n=at.rounds) if asked == at.number
                    else said("again") if found.cycle else said("its last mistake"),
                    point=point,
                    y=shown(label),
                    net=shown(net, 3),
                ),
                "quiet",
            ),
        )
        sign = "+" if label > 0 else "−"
        lines.insert(1, (f"w ← w {sign} ({point}),  b ← b {sign} 1", "gradient"))
    if over:
        lines.append((ending(found), "ink"))
    return lines


def ending(found: Learnt) -> str:
    """Return how it ended, with its numbers."""
    count = len(found.mistakes) - 1
    if found.converged:
        return said(
            "converged: {count} mistakes, none in pass {passes}", count=count, passes=found.passes
        )
    if found.cycle:
        return said("a cycle of {cycle} mistakes: no line separates", cycle=found.cycle)
    return said("{count} mistakes in {passes} passes, and no end", count=count, passes=found.passes)
