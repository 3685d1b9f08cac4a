"""The straight pieces of relu networks are those that a fine grid shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backprop_tutor.engine.training.experiment import Settings
from backprop_tutor.story.approximating import fitted, pieces_of
from backprop_tutor.story.course import followed
from backprop_tutor.story.curve_data import curve_table


@pytest.mark.parametrize("layers", [(3, 1), (4, 4, 1), (5, 3, 2, 1), (1,)])
def test_between_cuts_a_curve_is_straight(layers: tuple[int, ...]) -> None:
    """Between two cuts the model's own answers lie on the chord, and at each inner cut the curve bends."""
    table = curve_table("y = sin(3x)", -2, 2, 40)
    activation = "relu" if len(layers) > 1 else None
    settings = Settings(data="t", layers=layers, activation=activation, epochs=25, lr=0.02, batch_size=40)
    course = followed(settings, progress=False, table=table, count=2)
    cuts, pieces = pieces_of(course, -2.0, 2.0)
    assert (len(cuts) - 1, cuts[0], cuts[-1]) == (pieces, -2.0, 2.0)
    for low, high in itertools.pairwise(cuts):
        x = np.linspace(low, high, 7).reshape(-1, 1)
        y = course.answers(course.moments[-1], x)[1][:, 0]
        np.testing.assert_allclose(y, np.interp(x[:, 0], [low, high], [y[0], y[-1]]), atol=2e-5)
    assert 1 <= pieces <= np.prod([n + 1 for n in layers[:-1]])


def test_more_units_come_nearer() -> None:
    """Ten units are nearer to a parabola than one, and only relu's curves have pieces."""
    table = curve_table("y = x^2", -1, 1, 30)
    one, ten = (fitted(table, (n, 1), "tanh", 150, 0.03, 0) for n in (1, 10))
    assert ten.off < one.off / 2
    assert (one.pieces, one.cuts) == (0, ())
