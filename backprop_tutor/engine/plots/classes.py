"""What a classifier tells apart: the boundary between classes of two features, pictures with their guesses.

Which class a point's label is (0 and 1, −1 and 1, any numbers or texts, in the order of the model's) is
decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from ...errors import OptionError, ShapeError, quoted
from ...sentences import counted
from ..autograd.modes import no_grad
from ..autograd.tape import Tensor, wrap
from ..training.choices import predicted_classes
from .figures import BLUE, COLOURS, GREY, RED

__all__ = ["class_numbers", "decision_boundary", "predictions", "usual_threshold"]


def _written(label: Any) -> str:
    if isinstance(label, str):
        return label
    return f"{label:g}".replace("-", "−")


def usual_threshold(labels: np.ndarray[Any, Any]) -> float:
    """Return where a single output turns from one class to the other: 0 between −1 and 1, else ½.

    >>> usual_threshold(np.array([-1, 1])), usual_threshold(np.array([0, 1]))
    (0.0, 0.5)
    """
    signs = labels.dtype.kind in "if" and np.isin(labels, (-1, 1)).all() and (labels == -1).any()
    return 0.0 if signs else 0.5


def class_numbers(
    labels: np.ndarray[Any, Any], count: int, classes: Sequence[str] = ()
) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Return each label's class number among `count` classes, and the classes' names.

    Integers from 0 to `count` − 1 are class numbers, and texts that stand in `classes` are
    found there; any other labels stand for the classes in their own order, −1 before 1.

    Raises:
        OptionError: something other than labels, or not `count` of them.
    """
    if labels.dtype.kind not in "iufbUS":
        labels = labels.astype(str)
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise OptionError("a label is not a finite number; expected class numbers, −1 and 1, or texts")
    if labels.dtype.kind == "b":
        labels = labels.astype(np.int64)
    found = np.unique(labels)
    named = [
        classes[i] if i < len(classes) else f"class {i}" for i in range(max(count, len(classes)))
    ]
    text = labels.dtype.kind in "US"
    if text and classes and all(str(label) in classes for label in found):
        return np.array([list(classes).index(str(label)) for label in labels]), named
    if not text and all(label in range(count) for label in found.tolist()):
        return labels.astype(np.int64), named
    shown = ", ".join(quoted(_written(label)) for label in found.tolist()[:8])
    if set(found.tolist()) <= {-1, 1} and count == 2:
        found = np.array([-1, 1])
    if len(found) != count:
        more = " and more" if len(found) > 8 else ""
        held = counted(len(found), "1 label", "{count} labels")
        raise OptionError(
            f"the points have {held} ({shown}{more}) and the model tells {count} classes "
            f"apart; expected the class numbers 0 to {count - 1}, or {count} labels"
        )
    written = [_written(label) for label in found.tolist()]
    names = written if text else [f"class {label}" for label in written]
    names = [classes[i] if i < len(classes) else name for i, name in enumerate(names)]
    return np.searchsorted(found, labels), names


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


def predictions(
    images: Any,
    probabilities: Any,
    labels: Any,
    classes: Sequence[str] = (),
    *,
    shape: tuple[int, int] | None = None,
    columns: int = 3,
    most: int = 15,
) -> Figure:
    """Return a figure of pictures, each beside the bars of its class probabilities.

    The caption says the guess, how sure it is and the true class: blue where right, red where wrong.
    Among the bars the true class is blue and a wrong guess is red.

    Args:
        images: (n, height, width), or rows (n, height·width) with `shape`, or any rows without.
        probabilities: (n, classes).
        labels: true classes, (n,).
        classes: names of the classes.
        shape: height and width of a row.
        columns: pictures in a row of the figure.
        most: how many are drawn.

    Raises:
        ShapeError: numbers that do not fit each other.
    """
    shown, shares, right = _array(images), _array(probabilities), _array(labels).reshape(-1)
    if shares.ndim != 2 or not len(shown) == len(shares) == len(right) or not len(right):
        raise ShapeError(
            f"images {shown.shape}, probabilities {shares.shape} and labels {right.shape}; "
            "expected (n, ...), (n, classes) and (n,) with n at least 1"
        )
    if shape is not None:
        shown = shown.reshape(len(shown), *shape)
    count = min(most, len(right))
    columns = min(columns, count)
    rows = -(-count // columns)
    figure = Figure(figsize=(4.4 * columns, 2.2 * rows), layout="constrained")
    for place in range(count):
        left = figure.add_subplot(rows, 2 * columns, 2 * place + 1)
        picture = shown[place] if shown.ndim == 3 else shown[place].reshape(1, -1)
        left.imshow(picture, cmap="binary", aspect="equal" if shown.ndim == 3 else "auto")
        left.set_xticks([])
        left.set_yticks([])
        guess, true = int(shares[place].argmax()), int(right[place])
        named = [str(classes[n]) if n < len(classes) else str(n) for n in (guess, true)]
        left.set_xlabel(
            f"{named[0]} {shares[place].max():.0%} ({named[1]})",
            color=BLUE if guess == true else RED,
        )
        bars = figure.add_subplot(rows, 2 * columns, 2 * place + 2)
        colours = [GREY] * shares.shape[1]
        colours[guess] = RED
        colours[true] = BLUE
        bars.bar(np.arange(shares.shape[1]), shares[place], color=colours)
        bars.set_ylim(0, 1)
        bars.set_xticks(np.arange(shares.shape[1]))
        bars.set_yticks([])
    return figure
