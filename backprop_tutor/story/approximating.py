"""How near more and more units come to a function, and into how many pieces depth folds the line.

Enters: a table of a function, sizes. Leaves: trained models' curves, their errors, and the pieces of those
whose activation is relu, found exactly: a piece ends where a unit's net input is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.datasets import Table
from ..engine.training.experiment import Settings
from .course import Course, followed

__all__ = ["Fit", "fitted", "pieces_of"]

_FINE = 481


@dataclass(frozen=True, kw_only=True)
class Fit:
    """One network and what it learnt.

    Attributes:
        layers: units of its layers, the output's the last.
        x, y: its curve.
        off: root of the mean squared error on the table's rows.
        cuts: where relu's pieces meet, with the ends; empty for other activations.
        pieces: how many straight pieces the curve has between the ends; 0 for other activations.
    """

    layers: tuple[int, ...]
    x: Any
    y: Any
    off: float
    cuts: tuple[float, ...]
    pieces: int


def fitted(
    table: Table, layers: Sequence[int], activation: str, epochs: int, lr: float, seed: int
) -> Fit:
    """Return a network of these layers, trained on four fifths of the rows, all at once."""
    settings = Settings(
        data=table.name,
        layers=tuple(layers),
        activation=activation,
        epochs=epochs,
        lr=lr,
        batch_size=len(table),
        seed=seed,
        test_size=None,
    )
    course = followed(settings, progress=False, table=table, count=2)
    last = course.moments[-1]
    low, high = float(table.features.min()), float(table.features.max())
    x = np.linspace(low, high, _FINE)
    y = course.answers(last, x.reshape(-1, 1))[1][:, 0]
    told = course.answers(last, table.features)[1]
    off = float(np.sqrt(np.mean((told.astype(np.float64) - table.targets) ** 2)))
    cuts, pieces = pieces_of(course, low, high) if activation == "relu" else ((), 0)
    return Fit(layers=tuple(layers), x=x, y=y, off=off, cuts=cuts, pieces=pieces)


def pieces_of(course: Course, low: float, high: float) -> tuple[tuple[float, ...], int]:
    """Return where the straight pieces of a relu network meet, ends included, and how many there are.

    Between two cuts every unit so far is straight, so that the next layer's cuts are found where its net
    inputs change their sign; cuts at which the output keeps its slope are left out.
    """
    scaling = course.plan.scaling
    layers = list(course.weights(course.moments[-1]))
    cuts = np.array([low, high])
    for depth in range(1, len(layers)):
        nets = _nets(layers[:depth], (cuts - scaling.mean[0]) / scaling.deviation[0])
        a, b = nets[:-1], nets[1:]  # (pieces, units)
        crossing = a * b < 0
        share = np.where(crossing, a / np.where(crossing, a - b, 1.0), 0.0)
        new = (cuts[:-1, None] + share * np.diff(cuts)[:, None])[crossing]
        cuts = np.unique(np.concatenate([cuts, new]))
    out = _nets(layers, (cuts - scaling.mean[0]) / scaling.deviation[0])[:, 0]
    slopes = np.diff(out) / np.diff(cuts)
    size = max(1e-9, float(np.abs(slopes).max(initial=0.0)))
    bends = np.flatnonzero(np.abs(np.diff(slopes)) > 1e-7 * size) + 1
    kept = (float(cuts[0]), *(float(cuts[i]) for i in bends), float(cuts[-1]))
    return kept, len(kept) - 1


def _nets(layers: Sequence[tuple[Any, Any]], x: Any) -> Any:
    """Return the last of the layers' net inputs (n, units) at inputs (n,), with relu between."""
    at = np.asarray(x, np.float64).reshape(-1, 1)
    for number, (weight, bias) in enumerate(layers):
        at = (np.maximum(at, 0) if number else at) @ weight.T + bias
    return at
