"""What a fit has learnt, drawn: the curve, the regions or the predictions, the loss and the weights.

Enters: numbers. Leaves: a picture of three plots side by side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..render.stage.marks import Mark, Path, words
from ..sentences import said
from .axes import Axes, around
from .picture import Picture
from .regions import CLASS_COLOURS, marker, marker_path, shades_area

__all__ = ["Learnt", "fit_picture"]

_WIDE, _HIGH, _GAP = 320.0, 280.0, 84.0
_MOST_WEIGHTS = 8


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What a fit says of its samples.

    Attributes:
        columns: the inputs' names; with one of them a curve is drawn, with two and targets of 0 and 1
            regions, else predictions against targets.
        target: the name of what is predicted.
        inputs: a list of numbers for each column; `targets` and `predicted` beside them.
        fine: where a curve is drawn, or the numbers of the middles of a grid's columns and rows.
        curve: what is predicted there: a list, or an array (rows, columns).
    """

    columns: tuple[str, ...]
    target: str
    inputs: tuple[Any, ...]
    targets: Any
    predicted: Any
    fine: Any = None
    curve: Any = None


def fit_picture(
    title: str, learnt: Learnt | None, losses: Sequence[float],
    weights: Sequence[tuple[str, Sequence[float]]],
) -> Picture:  # fmt: skip
    """Return the picture; without what is learnt of samples the course alone."""
    marks: list[Mark] = [words(title, 28, 34, 18, style="bold")]
    left = 76.0
    if learnt is not None:
        marks += _learnt(learnt, (left, 96.0, _WIDE, _HIGH))
        left += _WIDE + _GAP
    marks += _losses(losses, (left, 96.0, _WIDE, _HIGH))
    left += _WIDE + _GAP
    if weights:
        marks += _weights(weights, (left, 96.0, _WIDE, _HIGH))
        left += _WIDE + _GAP
    return Picture(marks=tuple(marks), size=(left - _GAP + 70, 440.0), title=title)


def _learnt(learnt: Learnt, box: tuple[float, float, float, float]) -> list[Mark]:
    if learnt.curve is None:
        return _against(learnt, box)
    if len(learnt.columns) == 2:
        return _regions(learnt, box)
    xs = learnt.inputs[0]
    axes = Axes(box=box, x=around(learnt.fine, 0), y=around([*learnt.targets, *learnt.curve], 0.1))
    marks = [*_points(axes, xs, learnt.targets), *axes.line(learnt.fine, learnt.curve, "active", 2.6)]
    head = said("the curve and the points")
    return [*marks, *axes.frame(head, learnt.columns[0], learnt.target)]


def _points(axes: Axes, xs: Any, ys: Any) -> list[Mark]:
    r = 4.5 if len(xs) < 80 else 2.6
    places = (axes.place(float(x), float(y)) for x, y in zip(xs, ys, strict=True))
    d = "".join(marker_path(0, x, y, r) for x, y in places)
    return [Path(d=d, fill="quiet", kind="points")]


def _regions(learnt: Learnt, box: tuple[float, float, float, float]) -> list[Mark]:
    axes = Axes(box=box, x=around(learnt.inputs[0], 0.12), y=around(learnt.inputs[1], 0.12))
    marks = shades_area(axes, learnt.curve)
    both = list(zip(*learnt.inputs, learnt.targets, strict=True))
    for number in (0, 1):
        mine = [axes.place(x, y) for x, y, target in both if target == number]
        marks += marker(mine, number, 7.0 if len(both) < 20 else 4.0)
    head = said("the regions: {name} from 0 to 1", name=learnt.target)
    return [*marks, *axes.frame(head, *learnt.columns)]


def _against(learnt: Learnt, box: tuple[float, float, float, float]) -> list[Mark]:
    """Return predictions against targets: right is what stands on the diagonal."""
    span = around([*learnt.targets, *learnt.predicted], 0.08)
    axes = Axes(box=box, x=span, y=span)
    marks = axes.line(span, span, "pending", 1.4, "5 4")
    marks += _points(axes, learnt.targets, learnt.predicted)
    head = said("predicted against given")
    return [*marks, *axes.frame(head, said("{name}, given", name=learnt.target),
                                said("{name}, predicted", name=learnt.target))]  # fmt: skip


def _losses(losses: Sequence[float], box: tuple[float, float, float, float]) -> list[Mark]:
    log = min(losses) > 0 and max(losses) > 30 * min(losses)
    y = (
        (10.0 ** math.floor(math.log10(min(losses))), 10.0 ** math.ceil(math.log10(max(losses)) + 1e-9))
        if log else around([0, *losses], 0.05)
    )  # fmt: skip
    axes = Axes(box=box, x=(0, max(1, len(losses) - 1)), y=y, log_y=log)
    line = axes.line(range(len(losses)), losses, "active", 2.2)
    return [*line, *axes.frame(said("the loss"), said("epoch"))]


def _weights(
    weights: Sequence[tuple[str, Sequence[float]]], box: tuple[float, float, float, float]
) -> list[Mark]:
    """Return the weights over the epochs; of many, those that move most."""
    moves = sorted(range(len(weights)), key=lambda i: -abs(weights[i][1][-1] - weights[i][1][0]))
    shown = [weights[i] for i in sorted(moves[:_MOST_WEIGHTS])]
    count = len(shown[0][1])
    axes = Axes(box=box, x=(0, max(1, count - 1)), y=around((v for _, own in shown for v in own), 0.08))
    marks: list[Mark] = []
    ends = []
    for number, (name, own) in enumerate(shown):
        colour = CLASS_COLOURS[number % len(CLASS_COLOURS)]
        marks += axes.line(range(count), own, colour, 2.0, "" if number < 4 else "5 3")
        ends.append((axes.place(count - 1, own[-1])[1], name, colour))
    at = -99.0
    for y, name, colour in sorted(ends):
        at = max(y, at + 15)
        marks.append(words(name, axes.edges[2] + 7, at + 4, 13, style="italic", fill=colour))
    title = (
        said("the weights") if len(shown) == len(weights)
        else said("weights: the {count} of {total} that move most", count=len(shown), total=len(weights))
    )  # fmt: skip
    return [*marks, *axes.frame(title, said("epoch"))]
