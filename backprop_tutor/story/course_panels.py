"""The course of a training: loss, accuracy and weights over the epochs, drawn as far as a moment.

Enters: a view, a moment, a box. Leaves: marks. What is still to come is pale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from ..charts.axes import Axes, around
from ..charts.regions import CLASS_COLOURS
from ..render.stage.marks import Disc, Mark, Path, words
from ..sentences import N_, said, sentence
from .view import View, index_name

__all__ = ["metric_panel", "weights_panel"]

Box = tuple[float, float, float, float]

_NAMES = {"loss": N_("loss"), "accuracy": N_("accuracy"), "mae": N_("absolute error")}
_TRAIN, _TEST = "active", "#d95f02"


def _line(
    view: View, axes: Axes, xs: Sequence[float], ys: Sequence[float], width: float, dash: str
) -> list[Mark]:
    """Return a whole course, pale: the same in every frame, so that it is found once."""
    return axes.line(xs, ys, "pending", width, dash, kind="later")


def metric_panel(view: View, place: int, box: Box, name: str) -> list[Mark]:
    """Return the loss or a metric of each epoch, of the rows trained on and those set aside."""
    history, epoch = view.course.outcome.history, view.course.moments[place].epoch
    last = max(history.epoch)
    series = [(name, _TRAIN, ""), ("val_" + name, _TEST, "6 3")]
    series = [(key, colour, dash) for key, colour, dash in series if key in history]
    found = [v for key, *_ in series for v in history[key] if math.isfinite(v)]
    positive = [v for v in found if v > 0]
    log = name == "loss" and len(positive) == len(found) > 0 and max(found) > 30 * min(found)
    y = (
        (10 ** np.floor(np.log10(min(found))), 10 ** np.ceil(np.log10(max(found))))
        if log
        else ((-0.04, 1.04) if name == "accuracy" else around([0, *found], 0.05))
    )
    axes = Axes(box=box, x=(0, max(1, last)), y=(float(y[0]), float(y[1])), log_y=log)
    marks: list[Mark] = []
    _left, top, right, _ = axes.edges
    at = right
    for key, colour, dash in reversed(series):
        epochs, values = history.epoch, history[key]
        shown = sum(each <= epoch for each in epochs)
        marks += view.once(
            f"later {key} {box}",
            partial(_line, axes=axes, xs=epochs, ys=values, width=1.0, dash=dash),
        )
        marks += axes.line(epochs[:shown], values[:shown], colour, 2.0, dash, kind="course")
        if shown:
            px, py = axes.place(epochs[shown - 1], values[shown - 1])
            if axes.inside(epochs[shown - 1], values[shown - 1]):
                marks.append(Disc(x=px, y=py, r=4, fill=colour, kind="now"))
        if len(series) > 1:
            text = words(
                said("test") if key.startswith("val_") else said("training"),
                at,
                top - 8,
                12,
                fill=colour,
                anchor="end",
                kind="key",
            )
            marks += [
                text,
                Path(
                    d=f"M{at - text.width - 26:.1f} {top - 12:.1f}h20",
                    stroke=colour,
                    width=2,
                    dash=dash,
                ),
            ]
            at -= text.width + 40
    return [*marks, *axes.frame("", said("epoch"), sentence(_NAMES.get(name, name)))]


_MOST_WEIGHTS = 12
_LETTERS = "wvuts"
_BIASES = "bcdef"


def _name(layer: int, shape: tuple[int, ...], at: tuple[int, ...]) -> str:
    """Return a weight's or a bias's name: w₂₁ leads to unit 2 from unit 1."""
    rows = shape[0]
    if len(at) == 1:
        own = _BIASES[layer % 5]
        return own if rows == 1 else index_name(own, at[0])
    numbers = (at[1],) if rows == 1 else (at[0],) if shape[1] == 1 else at
    return index_name(_LETTERS[layer % 5], *numbers)


def moving_weights(view: View) -> tuple[list[tuple[str, int, bool, list[float]]], int]:
    """Return the weights and biases that move most, in the network's order, and how many there are in all.

    Each is its name, its layer, whether it is a bias, and its values at all moments.
    """
    first, last = (list(view.course.weights(view.course.moments[n])) for n in (0, -1))
    parts = [(layer, kind) for layer in range(len(first)) for kind in (0, 1)]
    moves = [np.abs(last[layer][kind] - first[layer][kind]).reshape(-1) for layer, kind in parts]
    whole = np.concatenate(moves)
    starts = np.cumsum([0, *(len(each) for each in moves)])
    chosen = np.sort(np.argsort(-whole, kind="stable")[:_MOST_WEIGHTS])
    found: list[tuple[str, int, bool, list[float]]] = []
    for place in chosen.tolist():
        number = int(np.searchsorted(starts, place, side="right")) - 1
        layer, kind = parts[number]
        shape = first[layer][kind].shape
        at = tuple(int(i) for i in np.unravel_index(place - int(starts[number]), shape))
        key = f"{view.course.linears[layer]}.{('weight', 'bias')[kind]}"
        values = [float(moment.state[key][at]) for moment in view.course.moments]
        found.append((_name(layer, shape, at), layer, kind == 1, values))
    return found, len(whole)


def weights_panel(view: View, place: int, box: Box) -> list[Mark]:
    """Return the weights and biases over the epochs; of many, those that move most.

    Weights of a first layer are those that the network has, which sees scaled inputs.
    """
    moments = view.course.moments
    epochs = [moment.epoch for moment in moments]
    lines, total = view.once("weights", moving_weights)
    axes = Axes(
        box=box, x=(0, max(1, epochs[-1])), y=around(v for *_, values in lines for v in values)
    )
    marks: list[Mark] = []
    ends = []
    for name, layer, bias, values in lines:
        colour, dash = CLASS_COLOURS[(2 + layer) % 7], "4 3" if bias else ""
        marks += view.once(
            f"later {name} {layer} {bias} {box}",
            partial(_line, axes=axes, xs=epochs, ys=values, width=0.8, dash=dash),
        )
        marks += axes.line(
            epochs[: place + 1], values[: place + 1], colour, 1.7, dash, kind="course"
        )
        ends.append((axes.place(epochs[-1], values[-1])[1], name, colour))
    right = axes.edges[2]
    for (_, name, colour), y in zip(
        sorted(ends), _apart([end[0] for end in sorted(ends)], axes), strict=True
    ):
        marks.append(
            words(name, right + 6, y + 4, 12, style="italic", fill=colour, kind="weight-name")
        )
    title = (
        said("weights and biases")
        if total == len(lines)
        else said("weights: the {count} of {total} that move most", count=len(lines), total=total)
    )
    return [*marks, *axes.frame("", said("epoch"), title)]


def _apart(places: Sequence[float], axes: Axes, gap: float = 14.0) -> list[float]:
    """Return rising places moved apart to at least a gap, as near to where they were as it goes.

    They stay within the axes' box while there is room for all of them.
    """
    found: list[list[float]] = []  # blocks: sum of wished first places, count
    for place in places:
        found.append([place, 1.0])
        while len(found) > 1:
            (one, n), (other, m) = found[-2], found[-1]
            if other / m >= one / n + n * gap - 1e-9:
                break
            found[-2:] = [[one + other - m * n * gap, n + m]]
    spread = [total / count + i * gap for total, count in found for i in range(int(count))]
    _, top, _, bottom = axes.edges
    last = len(spread) - 1
    return [
        max(min(top + 4 + i * gap, bottom - (last - i) * gap), min(each, bottom - (last - i) * gap))
        for i, each in enumerate(spread)
    ]
