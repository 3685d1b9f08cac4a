"""Pictures with their predicted classes as bars: the true label in blue, a wrong guess in red."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ...errors import ShapeError
from ..autograd.tape import Tensor
from .style import BLUE, GREY, RED

__all__ = ["predictions"]


def _array(given: Any) -> np.ndarray[Any, Any]:
    return given._a if isinstance(given, Tensor) else np.asarray(given)


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
