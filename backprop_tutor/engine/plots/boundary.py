"""The decision boundary of a classifier of two features: which class wins where, and the points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from ...errors import OptionError, ShapeError
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor, wrap
from ..training.metrics import predicted_classes
from .labels import class_numbers, usual_threshold
from .style import COLOURS

__all__ = ["decision_boundary"]

_MARKERS = "os^Dv<>PX*"


def _array(given: Any) -> np.ndarray[Any, Any]:
    return given._a if isinstance(given, Tensor) else np.asarray(given)


def decision_boundary(
    model: Any,
    features: Any,
    targets: Any,
    *,
    classes: Sequence[str] = (),
    names: Sequence[str] = ("x₁", "x₂"),
    resolution: int = 200,
    threshold: float | None = None,
    title: str = "",
) -> Figure:
    """Return a figure of the plane coloured by the class the model gives, and the points in it.

    Args:
        model: a module, or any function from tensors (n, 2) to scores (n, c) or probabilities (n,).
        features: the points, (n, 2).
        targets: their classes, (n,) or (n, 1): class numbers from 0, −1 and 1, or any other labels,
            numbers or texts, which stand for the classes in their own order.
        classes: names for the legend.
        names: names of the two axes.
        resolution: points of the grid along each side.
        threshold: where a single output turns from the first class to the second; ½ unless given,
            for labels −1 and 1 it is 0.
        title: what stands above.

    Raises:
        ShapeError: features that are not two, or as many targets as there are points.
        OptionError: more classes than there are colours, or other labels than the model has classes.
    """
    points, labels = _array(features), _array(targets).reshape(-1)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ShapeError(
            f"features of shape {points.shape}; a boundary is drawn in the plane of two features"
        )
    if len(points) != len(labels):
        raise ShapeError(f"{len(points)} points and {len(labels)} targets; expected as many")
    if not len(points):
        raise ShapeError("no points; expected at least one")
    if points.dtype.kind != "f":
        points = points.astype(np.float32)
    low, high = points.min(0), points.max(0)
    margin = np.maximum((high - low) * 0.15, 1e-3)
    low, high = low - margin, high + margin
    across, up = (np.linspace(low[i], high[i], resolution) for i in (0, 1))
    grid = np.stack(np.meshgrid(across, up), -1).reshape(-1, 2).astype(points.dtype)
    was_training = bool(getattr(model, "training", False))
    if was_training:
        model.eval()
    with no_grad():
        outputs = model(wrap(grid))
    if was_training:
        model.train()
    outputs = _array(outputs)
    scores = outputs.shape[1] if outputs.ndim == 2 else 1
    if threshold is None:
        threshold = usual_threshold(labels)
    won = predicted_classes(outputs, threshold).reshape(resolution, resolution)
    count = max(2, scores)
    numbers, names_of = class_numbers(labels, count, classes)
    if count > len(COLOURS):
        raise OptionError(f"{count} classes; at most {len(COLOURS)} can be told apart in a plot")
    figure = Figure(figsize=(5.2, 4.4), layout="constrained")
    axis = figure.add_subplot()
    axis.contourf(
        across, up, won, levels=np.arange(count + 1) - 0.5, cmap=ListedColormap(COLOURS[:count]),
        alpha=0.25,
    )
    for number in range(count):
        mine = points[numbers == number]
        axis.scatter(
            mine[:, 0], mine[:, 1], s=22, marker=_MARKERS[number], color=COLOURS[number],
            edgecolors="white", linewidths=0.5, label=names_of[number],
        )
    axis.set_xlabel(names[0])
    axis.set_ylabel(names[1])
    axis.set_title(title)
    axis.legend()
    return figure
