"""What all pictures of one course share: ranges, the grid and what the model says on it, names of units.

Computed once, so that nothing moves between frames but what is learnt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from ..charts.axes import Axes, around
from ..charts.regions import grid_of
from ..engine.datasets import Table
from ..engine.training.choices import predicted_classes
from ..once import cached_property
from .course import Course
from .hidden_space import flats, ranges

__all__ = ["View", "index_name"]

T = TypeVar("T")

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def index_name(letter: str, *numbers: int) -> str:
    """Return a letter with indices, counted from 1, a comma between them where one has two digits.

    >>> index_name("w", 0, 1), index_name("h", 11), index_name("w", 9, 0)
    ('w₁₂', 'h₁₂', 'w₁₀,₁')
    """
    texts = [str(number + 1) for number in numbers]
    comma = "," if len(texts) > 1 and any(len(text) > 1 for text in texts) else ""
    return letter + comma.join(texts).translate(_LOWERED)


_MOST_POINTS = 600
"""So many rows are drawn at most, evenly spread over the table."""


def _few(table: Table) -> Table:
    if len(table) <= _MOST_POINTS:
        return table
    rows = np.linspace(0, len(table) - 1, _MOST_POINTS).round().astype(int)
    return replace(table, features=table.features[rows], targets=table.targets[rows], test=None)


class View:
    """A course as it is drawn; `table` holds the rows that are drawn."""

    GRID = 72

    def __init__(self, course: Course) -> None:
        self.course = course
        self.table: Table = _few(course.table)
        self.count: int = len(course.moments)
        self.planar: Any = self.table.features.shape[1] == 2
        self.curve: Any | bool = self.table.features.shape[1] == 1 and not self.table.classes
        self._kept: dict[str, Any] = {}
        self.layered: bool = len(course.linears) > 1

    def once(self, name: str, found: Callable[[View], T]) -> T:
        """Return what a function finds of the view, found once for all frames."""
        if name not in self._kept:
            self._kept[name] = found(self)
        kept: T = self._kept[name]
        return kept

    @cached_property
    def plane(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges of the two inputs."""
        points = self.table.features
        margin = 0.3 if len(points) < 10 else 0.12
        return around(points[:, 0], margin), around(points[:, 1], margin)

    def plane_axes(self, box: tuple[float, float, float, float]) -> Axes:
        """Return the axes of the input plane in a box."""
        return Axes(box=box, x=self.plane[0], y=self.plane[1])

    @cached_property
    def _grid(self) -> Any:
        across, up = grid_of(self.plane_axes((0, 0, 1, 1)), self.GRID)
        return np.stack(np.meshgrid(across, up), -1).reshape(-1, 2)

    def said_on_grid(self, place: int) -> Any:
        """Return the model's answers on the grid of the input plane at a moment, (GRID, GRID).

        Probabilities of the second class where the output is one unit, else class numbers.
        """
        _, found = self.course.answers(self.course.moments[place], self._grid)
        if found.shape[1] == 1:
            return found.reshape(self.GRID, self.GRID)
        return predicted_classes(found).reshape(self.GRID, self.GRID)

    @cached_property
    def flats(self) -> tuple[list[Any], list[Any]]:
        """Return the hidden planes and the hidden values of all rows, a moment each."""
        return flats(self.course, self.table.features)

    @cached_property
    def hidden_ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges of the hidden plane's coordinates over all moments."""
        low, high = ranges(*self.flats)
        return around([low[0], high[0]], 0.12), around([low[1], high[1]], 0.12)

    def hidden_mesh(self, place: int) -> list[Any]:
        """Return lines of the input plane, straight there, as the hidden layer puts them: (n, 2) each."""
        (x0, x1), (y0, y1) = self.plane
        fine, wide = np.linspace(0, 1, 41), np.linspace(0, 1, 11)
        rows = [np.stack([x0 + fine * (x1 - x0), np.full(41, y0 + s * (y1 - y0))], 1) for s in wide]
        rows += [
            np.stack([np.full(41, x0 + s * (x1 - x0)), y0 + fine * (y1 - y0)], 1) for s in wide
        ]
        hidden, _ = self.course.answers(self.course.moments[place], np.concatenate(rows))
        places = self.flats[0][place].places(hidden)
        return np.split(places, len(rows))

    @cached_property
    def fine(self) -> Any:
        """Return the inputs at which a curve is drawn, (n, 1)."""
        low, high = around(self.table.features[:, 0], 0.08)
        return np.linspace(low, high, 241, dtype=np.float32).reshape(-1, 1)

    def parts(self, place: int) -> Any:
        """Return what each unit of the last hidden layer adds to a curve at a moment, (n, units)."""
        moment = self.course.moments[place]
        hidden, _ = self.course.answers(moment, self.fine)
        weight, _ = list(self.course.weights(moment))[-1]
        return hidden * weight[0]

    @cached_property
    def parts_range(self) -> tuple[float, float]:
        """Return the least and the largest of what units add, over all moments."""
        found = [self.parts(place) for place in range(self.count)]
        return min(float(f.min()) for f in found), max(float(f.max()) for f in found)

    @cached_property
    def units(self) -> int:
        """Return how many units the first hidden layer has."""
        return len(next(self.course.weights(self.course.moments[0]))[1])
