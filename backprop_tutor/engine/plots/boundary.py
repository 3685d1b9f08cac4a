"""The decision boundary of a classifier of two features: which class wins where, and the points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from ...errors import OptionError, ShapeError
from ..modes import no_grad
from ..tape import Tensor, wrap
from ..training.metrics import predicted_classes
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
    threshold: float = 0.5,
    title: str = "",
) -> Figure:
    """Return a figure of the plane coloured by the class the model gives, and the points in it.

    Args:
        model: a module, or any function from tensors (n, 2) to scores (n, c) or probabilities (n,).
        features: the points, (n, 2).
        targets: their classes, (n,) or (n, 1).
        classes: names for the legend.
        names: names of the two axes.
        resolution: points of the grid along each side.
        threshold: where a single output turns from class 0 to class 1.
        title: what stands above.

    Raises:
        ShapeError: features that are not two, or as many targets as there are points.
        OptionError: more classes than there are colours.
    """
    points, labels = _array(features), _array(targets).reshape(-1).astype(np.int64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ShapeError(
            f"features of shape {points.shape}; a boundary is drawn in the plane of two features"
        )
    if len(points) != len(labels):
        raise ShapeError(f"{len(points)} points and {len(labels)} targets; expected as many")
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
    won = predicted_classes(outputs, threshold).reshape(resolution, resolution)
    count = int(max(won.max(), labels.max(initial=0))) + 1
    if count > len(COLOURS):
        raise OptionError(f"{count} classes; at most {len(COLOURS)} can be told apart in a plot")
    figure = Figure(figsize=(5.2, 4.4), layout="constrained")
    axis = figure.add_subplot()
    axis.contourf(
        across, up, won, levels=np.arange(count + 1) - 0.5, cmap=ListedColormap(COLOURS[:count]),
        alpha=0.25,
    )
    for number in range(count):
        mine = points[labels == number]
        label = classes[number] if number < len(classes) else f"class {number}"
        axis.scatter(
            mine[:, 0], mine[:, 1], s=22, marker=_MARKERS[number], color=COLOURS[number],
            edgecolors="white", linewidths=0.5, label=label,
        )
    axis.set_xlabel(names[0])
    axis.set_ylabel(names[1])
    axis.set_title(title)
    axis.legend()
    return figure
