"""What the pictures of a training show is what the model says: regions, lines and the hidden space."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from backprop_tutor.engine.autograd.modes import no_grad
from backprop_tutor.engine.autograd.tape import wrap
from backprop_tutor.engine.training.choices import NamedLoss
from backprop_tutor.engine.training.experiment import Settings
from backprop_tutor.story.course import Course, followed
from backprop_tutor.story.neurons import neurons_derivation
from backprop_tutor.story.view import View

COURSES = {
    "xor": Settings(data="xor", layers=(2, 1), activation="tanh", lr=0.05, epochs=120, batch_size=4),
    "and": Settings(data="and", layers=(3, 1), activation="sigmoid", lr=0.05, epochs=30, batch_size=4),
    "or, two outputs": Settings(data="or", layers=(4, 2), activation="relu", lr=0.05, epochs=30, batch_size=4),
    "xnor, two layers": Settings(data="xnor", layers=(4, 2, 1), activation="tanh", epochs=20, batch_size=4),
    "moons": Settings(data="moons", layers=(6, 1), activation="relu", lr=0.02, epochs=6, batch_size=64),
    "moons, normalised": Settings(data="moons", layers=(5, 1), batchnorm=True, epochs=4, batch_size=64),
    "iris": Settings(data="iris", layers=(4, 3), activation="tanh", epochs=6, batch_size=16),
    "a single unit": Settings(data="and", layers=(1,), lr=0.1, epochs=20, batch_size=4),
}


@cache
def course(name: str) -> Course:
    return followed(COURSES[name], progress=False, count=8)


def first_net(found: Course, place: int, points: np.ndarray) -> np.ndarray:
    """Return what goes into the first activation, by the modules themselves."""
    moment, scaling, model = found.moments[place], found.plan.scaling, found.model
    found._load(moment.state)
    model.eval()
    rows = ((points - scaling.mean) / scaling.deviation).astype(np.float32)
    with no_grad():
        at = wrap(rows)
        for part in list(model)[: 2 if is_normalised(model) else 1]:
            at = part(at)
    return np.asarray(at._a)


def is_normalised(model: object) -> bool:
    return "BatchNorm1d" in repr(model)


@pytest.mark.parametrize("name", [n for n in COURSES if n != "iris"])
def test_hidden_lines_are_where_net_inputs_are_0(name: str) -> None:
    """At every moment a unit's line has the net input that the modules compute, on a grid of the plane."""
    found = course(name)
    view = View(found)
    for place in (0, len(found.moments) // 2, len(found.moments) - 1):
        lines = np.array(found.net_lines(found.moments[place]))
        ours = view._grid @ lines[:, :2].T + lines[:, 2]
        np.testing.assert_allclose(ours, first_net(found, place, view._grid), rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("name", [n for n in COURSES if n != "iris"])
def test_regions_are_the_models_answers(name: str) -> None:
    """The last picture's regions are the trained model's own outputs on the grid, row by row upwards."""
    found = course(name)
    view = View(found)
    found._load(found.moments[-1].state)
    found.model.eval()
    rows = ((view._grid - found.plan.scaling.mean) / found.plan.scaling.deviation).astype(np.float32)
    with no_grad():
        said = np.asarray(found.model(wrap(rows))._a)
    drawn = view.said_on_grid(view.count - 1)
    if said.shape[1] == 1:
        np.testing.assert_allclose(drawn.reshape(-1), said.reshape(-1), rtol=1e-5, atol=1e-6)
    else:
        np.testing.assert_array_equal(drawn.reshape(-1), said.argmax(1))
    assert view._grid[0][1] < view._grid[-1][1]


@pytest.mark.parametrize("name", [n for n in COURSES if n != "a single unit"])
def test_the_hidden_plane_decides_as_the_model_does(name: str) -> None:
    """Where the points stand after the hidden layer, the drawn boundary gives each the model's own class."""
    found = course(name)
    view = View(found)
    planes, values = view.flats
    for place, (plane, hidden) in enumerate(zip(planes, values, strict=True)):
        own, outputs = found.answers(found.moments[place], view.table.features)
        np.testing.assert_array_equal(hidden, own)
        nets = plane.nets(plane.places(hidden))
        if nets.shape[1] == 1 and outputs.shape[1] == 2:
            np.testing.assert_allclose(nets[:, 0], outputs[:, 1] - outputs[:, 0], rtol=1e-3, atol=1e-4)
        elif nets.shape[1] == 1:
            np.testing.assert_allclose(1 / (1 + np.exp(-nets)), outputs, rtol=1e-3, atol=1e-5)
        else:
            np.testing.assert_allclose(nets, outputs - outputs[:, :1], rtol=1e-3, atol=1e-4)


def test_the_last_moment_is_what_was_learnt() -> None:
    """A course begins with the first weights, ends with the outcome's, and has its epochs in order."""
    found = course("xor")
    state = found.outcome.model.state_dict()
    for name, array in found.moments[-1].state.items():
        np.testing.assert_array_equal(array, state[name]._a)
    epochs = [moment.epoch for moment in found.moments]
    assert (epochs[0], epochs[-1], sorted(set(epochs))) == (0, 120, epochs)
    assert found.outcome.score == 1.0


@pytest.mark.parametrize("name", ["xor", "iris", "or, two outputs", "xnor, two layers", "a single unit"])
def test_the_neurons_loss_is_the_engines(name: str) -> None:
    """The program of single numbers that is drawn neuron by neuron has the loss that the engine has for its row."""
    found = course(name)
    derivation = neurons_derivation(View(found), len(found.moments) - 1, 1)
    assert derivation is not None
    _, outputs = found.answers(found.moments[-1], found.table.features[1:2])
    wanted = found.table.targets[1:2]
    own = float(NamedLoss(found.plan.network.output.loss)(wrap(outputs), wrap(wanted)))
    assert float(derivation.values["L"]) == pytest.approx(own, rel=1e-3, abs=1e-5)
