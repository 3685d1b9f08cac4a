"""Beside the caption of heat maps: the bar of their colours, and the norm of each parameter's gradient.

Enters: a stage, the legend, norms known by then. Leaves: marks. Bars are as long as the largest norm of the
whole derivation asks, in every frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...translation import sentence as _
from ..drawing.bands import Stage
from ..stage.caption import LEGEND, Legend, formula
from ..stage.colours import HEAT_LEVELS
from ..stage.marks import Mark, Path, Rect, Run, words
from ..typesetting.fonts import width
from .entries import short

__all__ = ["MOST_NORMS", "colour_bar", "norm_bars", "norms_width"]

MOST_NORMS = 6
_CELL, _HIGH = 24.0, 16.0
_BAR, _ROW = 130.0, 22.0
_NOTE = 12.0


def colour_bar(stage: Stage, legend: Sequence[Legend]) -> tuple[Mark, ...]:
    """Return the nine levels of a heat map at the right, below the legend."""
    y = stage.caption + 16.0 + 22.0 * (len(legend) - 1) + 12.0
    left = stage.right - (2 * HEAT_LEVELS + 1) * _CELL
    marks: list[Mark] = []
    for number, level in enumerate(range(-HEAT_LEVELS, HEAT_LEVELS + 1)):
        x = left + number * _CELL
        marks.append(Rect(x=x, y=y, width=_CELL, height=_HIGH, fill=f"heat{level}", kind="level"))
        if level < 0:
            stroke = "heat0" if level <= -3 else "heat-4"
            d = f"M{x + 6:.1f},{y + 13:.1f}L{x + 18:.1f},{y + 3:.1f}"
            marks.append(Path(d=d, stroke=stroke, width=1.2, kind="level"))
    marks.append(
        Rect(x=left, y=y, width=stage.right - left, height=_HIGH, stroke="quiet", line=1, kind="level")
    )
    for text, x, anchor in (
        (_("−largest"), left, "start"), ("0", (left + stage.right) / 2, "middle"),
        (_("+largest"), stage.right, "end"),
    ):  # fmt: skip
        marks.append(words(text, x, y + _HIGH + 15, _NOTE, fill="quiet", anchor=anchor, kind="key"))
    return tuple(marks)


def norms_width(names: Sequence[str]) -> float:
    """Return how wide the bars with their names and numbers are."""
    return max((width(f"‖{name}‖", LEGEND) for name in names), default=0.0) + _BAR + 86.0


def norm_bars(
    stage: Stage, right: float, norms: Sequence[tuple[str, float, bool, bool]]
) -> tuple[Mark, ...]:
    """Return a bar for each norm: (its name, the norm, whether it is known, whether found just now)."""
    names = [name for name, *_rest in norms]
    left = right - norms_width(names)
    bar = right - _BAR - 70.0
    largest = max((norm for _name, norm, *_rest in norms), default=0.0) or 1.0
    y = stage.caption + 16.0
    marks: list[Mark] = [
        words(_("norm of the gradient, by layer"), left, y, LEGEND, fill="quiet", kind="key")
    ]
    for name, norm, known, found in norms:
        y += _ROW
        ink = "active" if found else "quiet"
        runs = tuple(Run(run.text, "bold" if found else run.style, ink) for run in formula(f"‖{name}‖"))
        marks.append(words(runs, bar - 10, y, LEGEND, anchor="end", kind="norm"))
        if known:
            long = max(_BAR * norm / largest, 1.0)
            marks.append(Rect(x=bar, y=y - 11, width=long, height=12, fill="gradient", kind="bar"))
            marks.append(
                words(short(norm, 3), bar + long + 8, y, LEGEND, fill="gradient", kind="norm")
            )
    return tuple(marks)
