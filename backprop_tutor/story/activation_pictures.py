"""Activations drawn: each with its slope and the stretches where it dies or saturates; families; depths.

Enters: facts, or gradients through layers. Leaves: pictures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..charts.axes import Axes, around
from ..charts.bars import bars
from ..charts.picture import Picture
from ..charts.regions import CLASS_COLOURS
from ..render.narration.numbers import shown
from ..render.stage.marks import Mark, Path, Rect, words
from ..sentences import said
from .activation_facts import FAMILIES, Facts, values
from .depth import Through

__all__ = [
    "activation_picture",
    "activations_picture",
    "depth_picture",
    "family_picture",
    "share_text",
]

_REACH = 6.0
_X = np.linspace(-_REACH, _REACH, 1201)

Box = tuple[float, float, float, float]


def _shaded(axes: Axes, intervals: Sequence[tuple[float, float]], fill: str) -> list[Mark]:
    left, top, right, bottom = axes.edges
    marks: list[Mark] = []
    for low, high in intervals:
        x0 = max(left, axes.place(max(low, -99.0), 0)[0])
        x1 = min(right, axes.place(min(high, 99.0), 0)[0])
        if x1 > x0:
            marks.append(
                Rect(x=x0, y=top, width=x1 - x0, height=bottom - top, fill=fill, kind="under")
            )
    return marks


_DEAD, _SATURATED = "#f6d3d3", "#fbeed3"


def _panel(each: Facts, box: Box) -> list[Mark]:
    out, slope = values(each.name, _X)
    axes = Axes(box=box, x=(-_REACH, _REACH), y=around([*out, *slope], 0.06))
    marks = _shaded(axes, each.dead, _DEAD) + _shaded(axes, each.saturated, _SATURATED)
    marks += axes.line((-_REACH, _REACH), (0, 0), "pending", 0.8)
    marks += axes.line((0, 0), axes.y, "pending", 0.8)
    jumps = np.abs(np.diff(slope)) > 0.1  # a kink: the slope jumps, and is not joined
    broken = np.where(np.concatenate([jumps, [False]]), np.nan, slope)
    marks += axes.line(_X, broken, "gradient", 2.0, "6 3", kind="slope")
    marks += axes.line(_X, out, "value", 2.4, kind="value")
    return marks + axes.frame(each.name)


def _legend(x: float, y: float, right: float) -> list[Mark]:
    """Return the key from a place on, on more lines where it would pass `right`."""
    marks: list[Mark] = []
    at = x
    keys = (
        (said("the function"), "value", "line"),
        (said("its slope"), "gradient", "dashes"),
        (said("slope 0: dead"), _DEAD, "shade"),
        (said("slope below 0.01: saturated"), _SATURATED, "shade"),
    )
    for text, colour, kind in keys:
        room = 26 if kind == "shade" else 34
        ink = "ink" if kind == "shade" else colour
        label = words(text, at + room, y, 13, fill=ink)
        if at > x and at + room + label.width > right:
            at, y = x, y + 22
            label = words(text, at + room, y, 13, fill=ink)
        if kind == "shade":
            marks.append(
                Rect(x=at, y=y - 12, width=20, height=14, fill=colour, stroke="pending", line=0.8)
            )
        else:
            dash = "6 3" if kind == "dashes" else ""
            marks.append(
                Path(d=f"M{at:.1f} {y - 4:.1f}h28", stroke=colour, width=2.2, dash=dash)
            )
        marks.append(label)
        at += room + label.width + 22
    return marks


def activations_picture(found: Sequence[Facts]) -> Picture:
    """Return all of them side by side, four in a row."""
    columns = min(4, max(2, len(found)))
    rows = -(-len(found) // columns)
    marks: list[Mark] = [words(said("activations and their slopes"), 28, 34, 20, style="bold")]
    for number, each in enumerate(found):
        left = 56.0 + (number % columns) * 310
        marks += _panel(each, (left, 116.0 + number // columns * 236, 248.0, 168.0))
    size = (30 + 310.0 * columns, 100.0 + 236 * rows)
    marks += _legend(28, 66, size[0] - 12)
    return Picture(marks=tuple(marks), size=size, title=said("activations and their slopes"))


def activation_picture(each: Facts) -> Picture:
    """Return one of them alone."""
    marks = [*_panel(each, (56.0, 44.0, 564.0, 340.0)), *_legend(28, 436, 632)]
    return Picture(marks=tuple(marks), size=(640.0, 470.0), title=each.name)


_STEEPNESS = (0.5, 1.0, 2.0, 5.0)


def family_picture(name: str) -> Picture:
    """Return an activation's curves and slopes for several steepnesses s."""
    form, rule = FAMILIES[name]
    curves = [rule(s, _X) for s in _STEEPNESS]
    slopes = [_slope(name, s) for s in _STEEPNESS]
    marks: list[Mark] = [words(form, 28, 34, 20, style="bold")]
    for number, (title, lines) in enumerate(
        ((said("the function"), curves), (said("its slope"), slopes))
    ):
        axes = Axes(
            box=(50.0 + 305 * number, 84.0, 260.0, 280.0),
            x=(-_REACH, _REACH),
            y=around([v for line in lines for v in line], 0.05),
        )
        for place, line in enumerate(lines):
            marks += axes.line(_X, line, CLASS_COLOURS[place], 2.2, "6 3" if number else "")
        marks += axes.frame(title, "x")
    x = 50.0
    for place, s in enumerate(_STEEPNESS):
        marks.append(Path(d=f"M{x:.1f} 430h28", stroke=CLASS_COLOURS[place], width=2.4))
        marks.append(words(f"s = {s:g}", x + 34, 434.5, 13))
        x += 120
    return Picture(marks=tuple(marks), size=(640.0, 460.0), title=form)


def _slope(name: str, s: float) -> np.ndarray:
    """Return the slope along x: of σ(s·x) it is s·σ′, of softplus(s·x)/s it is softplus′ of s·x."""
    slope: np.ndarray = values(name, s * _X)[1]
    return slope if name == "softplus" else s * slope


def depth_picture(found: Sequence[Through], scale: float) -> Picture:
    """Return for each activation the gradients of all layers as bars, on one logarithmic axis."""
    columns = min(4, max(2, len(found)))
    rows = -(-len(found) // columns)
    sizes = [size for each in found for size in each.sizes if size > 0 and math.isfinite(size)]
    low = 10.0 ** max(-16, math.floor(math.log10(min(sizes)) - 0.01))
    high = 10.0 ** min(20, math.ceil(math.log10(max(sizes)) + 0.01))
    depth = len(found[0].sizes)
    title = said("the gradient on its way back through {depth} layers", depth=depth)
    note = said(
        "root mean square at each layer, weights of deviation {scale:g}/√width", scale=scale
    )
    marks: list[Mark] = [
        words(title, 28, 34, 20, style="bold"),
        words(note, 28, 58, 14, fill="quiet"),
    ]
    for number, each in enumerate(found):
        box = (70.0 + (number % columns) * 310, 118.0 + number // columns * 270, 230.0, 150.0)
        axes = Axes(box=box, x=(0.4, depth + 0.6), y=(low, high), log_y=True)
        marks += bars(axes, range(1, depth + 1), each.sizes, "gradient", low)
        step = max(1, -(-depth // 6))
        marks += axes.frame(each.name, said("layer"), x_ticks=range(1, depth + 1, step))
        marks.append(words(share_text(each), box[0] - 40, box[1] + 206, 13, fill="gradient"))
        counts = said(
            "{dead} of {units} units dead; {saturated:.0%} saturated",
            dead=each.dead,
            units=each.units,
            saturated=each.saturated,
        )
        marks.append(words(counts, box[0] - 40, box[1] + 225, 12, fill="quiet"))
    size = (max(700.0, 40 + 310.0 * columns), 100.0 + 270 * rows)
    return Picture(marks=tuple(marks), size=size, title=title)


def share_text(each: Through) -> str:
    """Return what becomes of a gradient: the first layer's as a multiple of the last one's."""
    return said(
        "{verdict}: {share} of the last layer's", verdict=each.verdict, share=shown(each.share, 2)
    )
