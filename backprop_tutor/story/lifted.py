"""The points lifted by a feature map, (x₁, x₂) to (x₁, x₂, x₁·x₂), where one unit's boundary is a plane.

The plane is learnt: a single sigmoid unit on the three features, by gradient descent of its cross-entropy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..charts.axes import around
from ..charts.picture import Picture
from ..charts.regions import class_key, marker
from ..charts.space import Space
from ..render.stage.marks import Mark, words
from ..sentences import said
from .view import View

__all__ = ["Lifted", "lifted", "lifted_picture"]

_STEPS, _RATE = 4000, 2.0


@dataclass(frozen=True, kw_only=True)
class Lifted:
    """The lifted points (n, 3), and the unit learnt on them: slopes · point + offset, unscaled."""

    points: Any
    slopes: tuple[float, float, float]
    offset: float
    right: int


def lifted(view: View) -> Lifted:
    """Return the points after the feature map, and the plane that one unit learns there."""
    features = view.table.features.astype(np.float64)
    points = np.column_stack([features, features[:, 0] * features[:, 1]])
    mean, deviation = points.mean(0), points.std(0)
    deviation[deviation == 0] = 1
    rows = (points - mean) / deviation
    targets = view.table.targets.reshape(-1).astype(np.float64)
    weight, bias = np.zeros(3), 0.0
    for _ in range(_STEPS):
        apart = 1 / (1 + np.exp(-np.clip(rows @ weight + bias, -60, 60))) - targets
        weight -= _RATE * rows.T @ apart / len(rows)
        bias -= _RATE * float(apart.mean())
    slopes = weight / deviation
    offset = bias - float(slopes @ mean)
    guessed = (points @ slopes + offset > 0).astype(int)
    a, b, c = map(float, slopes)
    return Lifted(
        points=points, slopes=(a, b, c), offset=offset, right=int((guessed == targets).sum())
    )


def lifted_picture(view: View, found: Lifted) -> Picture:
    """Return the lifted points, their feet on the input plane, and the learnt plane."""
    spans = [around(found.points[:, i], 0.12) for i in range(3)]
    space = Space(box=(90, 70, 500, 370), x=spans[0], y=spans[1], z=spans[2])
    a, b = view.table.columns
    marks: list[Mark] = [
        words(said("lifted: ({a}, {b}, {a}·{b})", a=a, b=b), 24, 32, 17, style="bold", kind="title")
    ]
    marks += space.frame((a, b, f"{a}·{b}"))
    targets = view.table.targets.reshape(-1)
    rows = sorted(range(len(found.points)), key=lambda i: space.nearness(tuple(found.points[i])))
    few = len(rows) < 30
    above = [float(found.points[i] @ np.array(found.slopes) + found.offset) > 0 for i in rows]
    behind = [i for i, up in zip(rows, above, strict=True) if not up]
    ahead = [i for i, up in zip(rows, above, strict=True) if up]
    for group in (behind, None, ahead):
        if group is None:
            marks += space.plane(found.slopes, found.offset, "casing")
            continue
        for i in group:
            point = tuple(map(float, found.points[i]))
            if few:
                marks.append(space.foot(point))  # type: ignore[arg-type]
            marks += marker([space.place(point)], int(targets[i]), 8 if few else 3.4)  # type: ignore[arg-type]
    marks += class_key(view.table.classes, 24, 494, 590)
    return Picture(marks=tuple(marks), size=(640.0, 512.0), title=said("lifted space"))
