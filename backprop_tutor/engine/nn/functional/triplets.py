"""Losses of triplets and of several labels at once: those that compare more than two things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...choosing import minimum
from ...fused.activations import logsigmoid
from ...joining import stack
from ...tape import Tensor, wrap
from .distances import pairwise_distance
from .margins import chosen_reduction
from .reduction import reduced

__all__ = [
    "multilabel_margin_loss", "multilabel_soft_margin_loss", "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]


def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0, p: float = 2,
    eps: float = 1e-6, swap: bool = False, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return max(0, d(a, p) − d(a, n) + margin), d the p-norm distance.

    Raises:
        ValueError: a margin that is not positive.
    """
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    return triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=lambda x, y: pairwise_distance(x, y, p, eps),
        margin=margin, swap=swap, reduction=chosen_reduction(size_average, reduce, reduction),
    )


def triplet_margin_with_distance_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None, margin: float = 1.0,
    swap: bool = False, reduction: str = "mean",
) -> Tensor:
    """Return max(0, d(a, p) − d(a, n) + margin) of a distance of one's own.

    Raises:
        ValueError: a margin that is not positive.
    """
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    ranks = (anchor.ndim, positive.ndim, negative.ndim)
    if len(set(ranks)) != 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {ranks[0]}D, positive {ranks[1]}D, and negative "
            f"{ranks[2]}D inputs"
        )
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return reduced((margin + near - far).clamp(min=0), reduction)


def multilabel_soft_margin_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None,
    reduce: Any = None, reduction: str = "mean",
) -> Tensor:
    """Return the mean over the classes of the binary cross-entropies of sigmoid(input)."""
    elements = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        elements = elements * weight
    rows = elements.sum(-1) / input.shape[-1]
    return reduced(rows, chosen_reduction(size_average, reduce, reduction))


def multilabel_margin_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Return Σ max(0, 1 − x[y] + x[i]) / C over the labels y (up to the first −1) and all others i.

    Raises:
        RuntimeError: labels in another shape than the scores.
    """
    if target._a.shape != input._a.shape:
        raise RuntimeError(
            f"inconsistent target size: {list(target.shape)} for input of size: {list(input.shape)}"
        )
    x = input.reshape(1, -1) if input.ndim < 2 else input
    labels = target._a.reshape(x._a.shape)
    rows = []
    for i in range(x.shape[0]):
        own = []
        for label in labels[i].tolist():
            if label < 0:
                break
            own.append(label)
        others = [j for j in range(x.shape[1]) if j not in own]
        wanted = x[i][wrap(np.array(own, np.int64))].reshape(-1, 1)
        rest = x[i][wrap(np.array(others, np.int64))]
        rows.append((1 - wanted + rest).clamp(min=0).sum() / x.shape[1])
    elements = stack(rows) if input.ndim > 1 else rows[0]
    return reduced(elements, chosen_reduction(size_average, reduce, reduction))
