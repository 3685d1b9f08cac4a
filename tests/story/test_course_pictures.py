"""What the pictures of a training show is what the model says: regions, lines and the hidden space."""

from __future__ import annotations

import itertools
import re
from functools import cache

import numpy as np
import pytest

from backprop_tutor.charts.axes import Axes
from backprop_tutor.charts.regions import CLASS_COLOURS, SHADES, grid_of
from backprop_tutor.engine.autograd.modes import no_grad
from backprop_tutor.engine.autograd.tape import wrap
from backprop_tutor.engine.datasets import load
from backprop_tutor.engine.training.choices import NamedLoss
from backprop_tutor.engine.training.experiment import Settings
from backprop_tutor.render.stage.colours import mixed
from backprop_tutor.render.stage.marks import Disc, Mark, Path
from backprop_tutor.story.course import Course, followed
from backprop_tutor.story.frames import parts
from backprop_tutor.story.neurons import neurons_derivation
from backprop_tutor.story.plane_panels import hidden_panel, input_panel
from backprop_tutor.story.selecting import with_columns
from backprop_tutor.story.view import View

COURSES = {
    "xor": Settings(data="xor", layers=(2, 1), activation="tanh", lr=0.05, epochs=120, batch_size=4),
    "and": Settings(data="and", layers=(3, 1), activation="sigmoid", lr=0.05, epochs=30, batch_size=4),
    "or, two outputs": Settings(data="or", layers=(4, 2), activation="relu", lr=0.05, epochs=30, batch_size=4),
    "xnor, two layers": Settings(data="xnor", layers=(4, 2, 1), activation="tanh", epochs=20, batch_size=4),
    "moons": Settings(data="moons", layers=(6, 1), activation="relu", lr=0.02, epochs=6, batch_size=64),
    "moons, normalised": Settings(data="moons", layers=(5, 1), batchnorm=True, epochs=4, batch_size=64),
    "iris": Settings(data="iris", layers=(4, 3), activation="tanh", epochs=6, batch_size=16),
    "or": Settings(data="or", layers=(2, 1), activation="relu", lr=0.05, epochs=20, batch_size=4),
    "iris, two columns": Settings(data="iris", layers=(3, 3), activation="tanh", epochs=8, batch_size=16),
    "a single unit": Settings(data="and", layers=(1,), lr=0.1, epochs=20, batch_size=4),
}


PLANAR = [name for name in COURSES if name != "iris"]
DRAWN = ["and", "or", "xor", "moons", "iris, two columns"]


@cache
def course(name: str) -> Course:
    table = with_columns(load("iris"), "petal_length,petal_width") if "columns" in name else None
    return followed(COURSES[name], progress=False, count=8, table=table)


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


@pytest.mark.parametrize("name", PLANAR)
def test_hidden_lines_are_where_net_inputs_are_0(name: str) -> None:
    """At every moment a unit's line has the net input that the modules compute, on a grid of the plane."""
    found = course(name)
    view = View(found)
    for place in (0, len(found.moments) // 2, len(found.moments) - 1):
        lines = np.array(found.net_lines(found.moments[place]))
        ours = view._grid @ lines[:, :2].T + lines[:, 2]
        np.testing.assert_allclose(ours, first_net(found, place, view._grid), rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("name", PLANAR)
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


BOX = (64.0, 96.0, 340.0, 316.0)
_RUN = re.compile(r"M([-\d.]+) ([-\d.]+)H([-\d.]+)")


def colours_drawn(marks: list[Mark]) -> np.ndarray:
    """Return the colour of each cell of a panel's areas, the lowest row first, as the picture has it."""
    left, top, wide, high = BOX
    found = np.full((View.GRID, View.GRID), "", dtype=object)
    for mark in marks:
        if isinstance(mark, Path) and mark.kind == "region":
            for x0, y, x1 in ((float(n) for n in run) for run in _RUN.findall(mark.d)):
                row = int((top + high - y) / high * View.GRID)
                start, end = (round((x - left) / wide * View.GRID) for x in (x0, x1))
                assert (found[row, start:end] == "").all()
                found[row, start:end] = mark.stroke
    return found


def colours_wanted(outputs: np.ndarray) -> np.ndarray:
    """Return the tint of what a network says: of the step of a probability, or of the likeliest class."""
    if outputs.shape[1] == 1:
        step = np.minimum((outputs[:, 0] * SHADES).astype(int), SHADES - 1)
        sides = (step + 0.5) / SHADES * 2 - 1
        tints = [mixed(CLASS_COLOURS[int(s > 0)], "#ffffff", 0.06 + 0.34 * abs(s)) for s in sides]
    else:
        tints = [mixed(CLASS_COLOURS[n], "#ffffff", 0.24) for n in outputs.argmax(1)]
    return np.array(tints, dtype=object).reshape(View.GRID, View.GRID)


def ends_of(marks: list[Mark], kind: str) -> list[np.ndarray]:
    """Return the ends of straight lines, in px."""
    drawn = [m.d for m in marks if isinstance(m, Path) and m.kind == kind]
    return [np.array(re.findall(r"[-\d.]+", d), dtype=float).reshape(2, 2) for d in drawn]


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_of_the_inputs_is_what_the_model_says(name: str) -> None:
    """Each cell has the tint of the model's own output there, and along each unit's line its net input is 0."""
    found = course(name)
    view = View(found)
    for place in (0, view.count - 1):
        marks = input_panel(view, place, BOX)
        _, outputs = found.answers(found.moments[place], view._grid)
        assert (colours_drawn(marks) == colours_wanted(outputs)).mean() > 0.999  # float32 on a step's edge
        axes = view.plane_axes(BOX)
        (x0, x1), (y0, y1) = axes.x, axes.y
        lines = ends_of(marks, "unit-line")
        assert 0 < len(lines) <= view.units
        nets = []
        for ends in lines:
            share = (ends - BOX[:2]) / BOX[2:]
            points = np.stack([x0 + share[:, 0] * (x1 - x0), y1 - share[:, 1] * (y1 - y0)], 1)
            nets.append(np.abs(first_net(found, place, points)).max(0))
        scale = np.abs(first_net(found, place, view._grid)).max(0)
        assert all((net / scale).min() < 5e-3 for net in nets)  # ends are rounded to a tenth of a px


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_after_the_hidden_layer_is_what_the_output_says(name: str) -> None:
    """Each cell has the tint of what the output layer itself says of the hidden values that lie there."""
    found = course(name)
    view = View(found)
    place = view.count - 1
    marks = hidden_panel(view, place, BOX)
    plane = view.flats[0][place]
    x, y = view.hidden_ranges
    grid = np.stack(np.meshgrid(*grid_of(Axes(box=BOX, x=x, y=y), View.GRID)), -1).reshape(-1, 2)
    hidden = (grid - plane.origin) @ np.linalg.pinv(plane.axes).T
    weight, bias = list(found.weights(found.moments[place]))[-1]
    nets = hidden @ weight.T + bias
    outputs = 1 / (1 + np.exp(-nets)) if nets.shape[1] == 1 else nets
    assert (colours_drawn(marks) == colours_wanted(outputs)).mean() > 0.999


@pytest.mark.parametrize("name", ["xor", "moons", "iris", "xnor, two layers", "a single unit"])
def test_what_moves_stays_in_its_area(name: str) -> None:
    """The animation draws each part of a frame within its area; areas lie apart."""
    view = View(course(name))
    frames = [parts(view, place) for place in range(view.count)]
    always = set.intersection(*({m for part in frame for m in part.marks} for frame in frames))
    for frame in frames:
        for part in frame:
            left, top, wide, high = part.area
            for mark in (m for m in part.marks if m not in always and m.kind not in ("region", "points", "rims")):
                places = np.array(corners(mark))
                assert (places >= (left, top)).all(), mark
                assert (places <= (left + wide, top + high)).all(), mark
    boxes = [part.area for part in frames[0]]
    for one, other in itertools.combinations(boxes, 2):
        assert any(
            a + size <= b or b + length <= a
            for a, size, b, length in zip(one[:2], one[2:], other[:2], other[2:], strict=True)
        )


def corners(mark: Mark) -> list[list[float]]:
    """Return points of a mark that are furthest out."""
    if isinstance(mark, Path):
        absolute = re.sub(r"[hv][-\d.]+", "", mark.d)
        return np.array(re.findall(r"[-\d.]+", absolute), dtype=float).reshape(-1, 2).tolist()
    if isinstance(mark, Disc):
        return [[mark.x - mark.r, mark.y - mark.r], [mark.x + mark.r, mark.y + mark.r]]
    box = mark.bounds
    return [[box.left, box.top], [box.right, box.bottom]]
