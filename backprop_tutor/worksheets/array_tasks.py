"""A problem over vectors and matrices on a worksheet: its picture, grids to fill in, its steps.

Enters: a problem and a student's derivation. Leaves: what a `Task` is made of. The picture has the given
matrices; blanks are grids of cells, each large enough to write in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..choices import Blank, ThemeName
from ..homework.quantities.array_quantities import true_array
from ..homework.quantities.quantity import Quantity
from ..language import shown_name
from ..matrices.array_derivation import ArrayDerivation
from ..particles import agreed_text
from ..render.drawing.bands import Stage
from ..render.drawing.strips import Strip
from ..render.drawing.theme import find_theme
from ..render.layers.entries import entries_of, table_of
from ..render.layers.frame import Lit, draw_scene
from ..render.layers.layer_steps import Timeline
from ..render.layers.plate import LayersPlate
from ..render.narration.numbers import shown
from ..render.stage.stage_svg import stage_svg

__all__ = ["array_point", "array_steps", "array_strip", "blank_grid", "filled_grid", "filled_text"]

_PAPER = Stage(name="paper", width=860, height=300, margin=8, top=20, foot=0, gap=0)
"""As wide as a sheet's text at the scale of its pictures."""

_MOST_WRITTEN = 12
"""So many entries of a matrix stand in the line of given values; a larger one stands in the picture."""

_MOST_ROWS, _MOST_COLUMNS = 12, 8

Grid = tuple[tuple[str, ...], ...]


def array_strip(
    derivation: ArrayDerivation, blank: frozenset[Blank], theme: ThemeName, prefix: str
) -> Strip:
    """Return the layers without what is left out; nothing in them is at work."""
    plate = LayersPlate(derivation, theme=theme, fit=_PAPER, force=True)
    steps = plate.timeline.steps
    known = 0 if "values" in blank else sum(step.kind == "forward" for step in steps)
    if "gradients" not in blank:
        known = len(steps)
    timeline = Timeline((), plate.timeline.values, plate.timeline.gradients)
    scene = plate.arrangement.scene
    marks = draw_scene(plate.arrangement, timeline, known, _PAPER.top, Lit()).flat()
    width = max(_PAPER.width, scene.right + 8)
    height = scene.height + 2 * _PAPER.top
    name = shown_name(derivation.output)
    svg = stage_svg(marks, (), (width, height), find_theme(theme), name, name)
    return Strip(svg.replace(' id="', f' id="{prefix}'), width, height)


def array_point(derivation: ArrayDerivation, names: tuple[str, ...]) -> dict[str, str]:
    """Return the inputs' values as texts; a large matrix as its shape, for it stands in the picture."""
    given: Any = derivation.at
    return {name: _listed(given[name]) for name in names}


def _listed(value: Any) -> str:
    array = np.asarray(value)
    if array.ndim == 0:
        return shown(array.item(), 12)
    if array.size > _MOST_WRITTEN:
        return "×".join(map(str, array.shape))
    return f"[{', '.join(map(_listed, array))}]"


def blank_grid(quantity: Quantity, shape: tuple[int, ...]) -> Grid:
    """Return the empty cells of a matrix; none for a number, a shape, and what is too large to write."""
    if quantity.part or not shape:
        return ()
    rows, columns = table_of(np.zeros(shape), False).shape
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        return ()
    return tuple(("",) * int(columns) for _row in range(int(rows)))


def blank_sizes(quantity: Quantity, shape: tuple[int, ...]) -> int:
    """Return how many blanks an answer that is a shape has: one a size; none for all else."""
    return len(shape) if quantity.part == "shape" else 0


def filled_grid(derivation: ArrayDerivation, quantity: Quantity, lr: Any, precision: int) -> Grid:
    """Return the right entries in the cells of a matrix, their decimals under one another."""
    right = np.asarray(true_array(derivation, quantity, lr), np.float64)
    if not blank_grid(quantity, right.shape):
        return ()
    entries = entries_of(table_of(right, False), precision, precision + 1)
    if entries.power:
        return tuple(
            tuple(shown(float(each), precision) for each in row) for row in table_of(right, False)
        )
    return entries.rows


def filled_text(derivation: ArrayDerivation, quantity: Quantity, lr: Any) -> str:
    """Return the right answer as it may be typed: `[[1.0, 2.0]]`, `2x3`, `-0.5`."""
    right = true_array(derivation, quantity, lr)
    if quantity.part == "shape":
        return "x".join(map(str, right)) if len(right) != 1 else f"({right[0]},)"
    if quantity.part == "entry" or np.ndim(right) == 0:
        return repr(float(right))
    return repr(np.asarray(right, np.float64).tolist())


def array_steps(
    derivation: ArrayDerivation, precision: int
) -> list[tuple[str, tuple[str, ...], str]]:
    """Return each step's title, lines and reason."""
    plate = LayersPlate(derivation, precision=max(3, precision), fit=_PAPER, force=True)
    found = []
    for note in plate.notes[1:-1]:
        lines = tuple("".join(run.text for run in line) for line in note.lines)
        found.append((agreed_text(note.title), tuple(map(agreed_text, lines)), agreed_text(note.reason)))
    return found
