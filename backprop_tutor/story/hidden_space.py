"""Where the last hidden layer puts the points, as a plane in which the output's boundary is exact.

Two hidden units are a plane as they are. Of more, the plane is laid so that nothing of the decision is
lost: one coordinate along the output unit's weights (its boundary is where it is 0) and one along the
largest spread across them; for three classes the plane that their weights' differences span. Of more
classes it is the plane of largest spread, in which no boundary is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..sentences import N_
from .course import Course, Moment

__all__ = ["Flat", "flats"]


@dataclass(frozen=True, kw_only=True)
class Flat:
    """A plane through the hidden space at one moment.

    Attributes:
        axes: (2, h) what a hidden point is multiplied by; its place is axes @ h + origin.
        origin: (2,).
        slopes, offsets: (k, 2) and (k,): the outputs' net inputs, less the first's where there are
            several, as linear functions of the place; None where the plane does not decide them.
        names: what the two coordinates are called.
    """

    axes: Any
    origin: Any
    slopes: Any
    offsets: Any
    names: tuple[str, str]

    def places(self, hidden: Any) -> Any:
        """Return the places (n, 2) of hidden values (n, h)."""
        return np.asarray(hidden, np.float64) @ self.axes.T + self.origin

    def nets(self, places: Any) -> Any:
        """Return the outputs' net inputs (n, k) at places (n, 2), less the first's of several."""
        return np.asarray(places) @ self.slopes.T + self.offsets


_OWN = ("h₁", "h₂")
_ALONG = (N_("distance from the output's boundary"), N_("largest spread along it"))
_SPANNED = (N_("1st direction of the outputs' differences"), N_("2nd direction"))
_SPREAD = (N_("direction of largest spread"), N_("second largest"))
_ALONE = ("h₁", "")


def flats(course: Course, features: Any) -> tuple[list[Flat], list[Any]]:
    """Return the plane and the hidden values (n, h) of rows (n, d), for each moment of a course."""
    planes: list[Flat] = []
    values: list[Any] = []
    for moment in course.moments:
        hidden, _ = course.answers(moment, features)
        values.append(hidden)
        planes.append(_flat(course, moment, hidden, planes[-1] if planes else None))
    return planes, values


def _flat(course: Course, moment: Moment, hidden: Any, before: Flat | None) -> Flat:
    weight, bias = list(course.weights(moment))[-1]
    if len(weight) == 1:
        slopes, offsets = weight, bias
    else:  # what wins is told by differences
        slopes, offsets = weight - weight[0], bias - bias[0]
    count = hidden.shape[1]
    if count <= 2:
        axes = np.eye(2)[:, :count]
        full = np.zeros((len(slopes), 2))
        full[:, :count] = slopes
        return Flat(
            axes=axes,
            origin=np.zeros(2),
            slopes=full,
            offsets=offsets,
            names=_OWN if count == 2 else _ALONE,
        )
    directions = slopes[:1] if len(slopes) == 1 else slopes[1:]
    if np.linalg.matrix_rank(directions) != len(directions) or len(directions) > 2:
        return _by_spread(hidden, before)
    q, _ = np.linalg.qr(directions.T)  # (h, k) orthonormal
    first = q.T * np.sign(np.sum(q.T * directions, axis=1, keepdims=True))
    origin = np.zeros(2)
    if len(directions) == 1:
        first = directions / np.linalg.norm(directions)
        across = _main(hidden - (hidden @ first.T) @ first)
        across = _steady(across, before)
        axes = np.vstack([first, across])
        origin[0] = float(offsets[-1] / np.linalg.norm(directions))
        flat = np.array([[np.linalg.norm(directions), 0.0]])
        return Flat(axes=axes, origin=origin, slopes=flat, offsets=np.zeros(1), names=_ALONG)
    axes = first
    return Flat(axes=axes, origin=origin, slopes=slopes @ axes.T, offsets=offsets, names=_SPANNED)


def _by_spread(hidden: Any, before: Flat | None) -> Flat:
    centred = hidden - hidden.mean(0)
    first = _main(centred)
    second = _main(centred - np.outer(centred @ first, first))
    if before is not None:
        first = first * (np.sign(first @ before.axes[0]) or 1)
    second = _steady(second, before)
    return Flat(
        axes=np.vstack([first, second]),
        origin=np.zeros(2),
        slopes=None,
        offsets=None,
        names=_SPREAD,
    )


def _main(rows: Any) -> Any:
    """Return the unit vector along which rows (n, h) spread most."""
    centred = np.asarray(rows, np.float64) - np.mean(rows, axis=0, dtype=np.float64)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    found = vectors[:, -1]
    return found * (np.sign(found[np.argmax(np.abs(found))]) or 1)


def _steady(direction: Any, before: Flat | None) -> Any:
    """Return a direction with the sign that turns it least from the last moment's."""
    if before is None:
        return direction
    return direction * (np.sign(direction @ before.axes[1]) or 1)


def ranges(planes: Sequence[Flat], values: Sequence[Any]) -> tuple[Any, Any]:
    """Return the lowest and highest place along both coordinates over all moments."""
    found = np.concatenate([p.places(v) for p, v in zip(planes, values, strict=True)])
    found = found[np.isfinite(found).all(1)]
    return (found.min(0), found.max(0)) if len(found) else (np.zeros(2), np.ones(2))
