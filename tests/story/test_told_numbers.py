"""What is said of perceptrons, curves, activations and depths, against other ways to the same numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backprop_tutor.cli import main
from backprop_tutor.engine.datasets import GATES, Table, gate
from backprop_tutor.errors import OptionError
from backprop_tutor.objects.held import growth
from backprop_tutor.ops import OPS
from backprop_tutor.ops.numpy_kernel import NUMPY
from backprop_tutor.story.activation_facts import LOW, activation_names, facts, values
from backprop_tutor.story.cost_measured import timed
from backprop_tutor.story.cost_pictures import counted_picture
from backprop_tutor.story.curve_data import curve_table
from backprop_tutor.story.depth import through_layers
from backprop_tutor.story.perceptron import learn
from backprop_tutor.story.perceptron_pictures import frame

PERCEPTRONS = {
    "and": "converged", "or": "converged", "nand": "converged", "nor": "converged", "xor": "cycle", "xnor": "cycle",
}  # fmt: skip


@pytest.mark.parametrize("name", GATES)
def test_the_perceptron_converges_where_a_line_separates(name: str) -> None:
    """Of the six gates four converge, with every row right, and two go round for ever."""
    found = learn(gate(name))
    assert ("converged" if found.converged else "cycle" if found.cycle else "") == PERCEPTRONS[name]
    last = found.mistakes[-1]
    nets = found.table.features.astype(float) @ np.array(last.weights) + last.bias
    assert bool((nets * np.array(found.labels) > 0).all()) == found.converged


@pytest.mark.parametrize("name", GATES)
def test_each_mistake_follows_the_rule(name: str) -> None:
    """A mistake's row was told wrong before it, and the weights moved by y·x, the bias by y."""
    found = learn(gate(name))
    for before, after in itertools.pairwise(found.mistakes):
        assert after.row is not None
        x, y = found.table.features[after.row].astype(float), found.labels[after.row]
        assert y * (x @ np.array(before.weights) + before.bias) <= 0
        np.testing.assert_array_equal(after.weights, np.array(before.weights) + y * x)
        assert after.bias == before.bias + y


def test_a_cycle_is_a_cycle() -> None:
    """Going on from the end of XOR's cycle makes the same mistakes again, and the frames show them again."""
    found = learn(gate("xor"))
    again = learn(gate("xor"), passes=found.passes)
    assert again.mistakes == found.mistakes
    start = len(found.mistakes) - 1 - found.cycle
    assert (found.mistakes[start].weights, found.mistakes[start].bias) == (found.mistakes[-1].weights, found.mistakes[-1].bias)
    last = len(found.mistakes) - 1
    lines = [m for m in frame([found], last + 1) if m.kind == "line"]
    assert lines == [m for m in frame([found], last + 1 - found.cycle) if m.kind == "line"]


def test_three_classes_are_no_perceptrons() -> None:
    """The rule tells two classes apart, and says how many there are."""
    table = Table(name="t", features=np.zeros((3, 2), np.float32), targets=np.arange(3), columns=("a", "b"), classes=("p", "q", "r"))
    with pytest.raises(OptionError, match=r"^t has 3 classes; the perceptron's rule tells two apart$"):
        learn(table)


def test_a_curve_is_the_functions() -> None:
    """The table of a function has its values; noise is added by the seed alone."""
    plain = curve_table("y = sin(3t)", -1, 1, 5)
    np.testing.assert_allclose(plain.targets[:, 0], np.sin(3 * plain.features[:, 0]), rtol=1e-6)
    assert plain.columns == ("t",)
    noisy = [curve_table("y = t", 0, 1, 4, 0.1, seed).targets.tolist() for seed in (1, 1, 2)]
    assert noisy[0] == noisy[1] != noisy[2]


def test_activations_are_read_off_the_table() -> None:
    """Every activation of `OPS` is there; in its flat stretches the slope is 0, or small, and not outside."""
    assert activation_names() == [r.name for r in OPS.values() if r.activation and r.least == r.most == 1]
    x = np.linspace(-11.9, 11.9, 2381)
    for each in facts():
        _, slope = values(each.name, x)
        for intervals, flat in ((each.dead, slope == 0), (each.saturated, (slope != 0) & (np.abs(slope) < LOW))):
            inside = np.zeros(len(x), bool)
            for low, high in intervals:
                inside |= (x >= low + 2e-3) & (x <= high - 2e-3)
            assert flat[inside].all(), each.name


def test_formulas_of_activations_are_told() -> None:
    """Formula and slope as text, for one of each kind."""
    told = {each.name: (each.formula, each.slope) for each in facts(["sigmoid", "tanh", "leaky_relu"])}
    assert told == {
        "sigmoid": ("1/(1 + exp(−x))", "σ(x)·(1 − σ(x))"),
        "tanh": ("(p − n)/(p + n); p = exp(x); n = exp(−x)", "1 − tanh(x)²"),
        "leaky_relu": ("where(x > 0, x, 0.01·x)", "where(x > 0, 1, 0.01)"),
    }


def test_gradients_through_layers_are_the_chains() -> None:
    """The first layer's gradient is what central differences of the network give."""
    (found,) = through_layers(["tanh"], depth=3, width=3, scale=1.2, seed=5)
    random = np.random.RandomState(5)
    start, above = random.normal(size=(64, 3)), random.normal(size=(64, 3))
    weights = [random.normal(size=(3, 3)) * 1.2 / np.sqrt(3) for _ in range(3)]

    def out(net: np.ndarray) -> np.ndarray:
        at = np.tanh(net)
        for weight in weights[1:]:
            at = np.tanh(at @ weight.T)
        return (at * above).sum(1)

    net, step = start @ weights[0].T, 1e-5
    slopes = [(out(net + step * e) - out(net - step * e)) / (2 * step) for e in np.eye(3)]
    np.testing.assert_allclose(found.sizes[0], np.sqrt(np.mean(np.square(slopes))), rtol=1e-6)


def test_dead_units_are_counted() -> None:
    """A unit that is shut for every row is dead; half of relu's slopes are 0."""
    (found,) = through_layers(["relu"], depth=4, width=8)
    assert found.units == 32
    random = np.random.RandomState(0)
    at = random.normal(size=(64, 8))
    random.normal(size=(64, 8))
    dead = 0
    for _ in range(4):
        at = OPS["relu"].forward(NUMPY, at @ (random.normal(size=(8, 8)) / np.sqrt(8)).T)
        dead += int((at <= 0).all(0).sum())
    assert found.dead == dead


def test_times_are_put_together_rightly() -> None:
    """With a clock that counts its calls every stretch takes 1, and differences take one for each weight."""
    ticks = itertools.count()
    found = timed((3, 4, 2), repeats=2, clock=lambda: float(next(ticks)))
    assert (found.weights, found.forward, found.recorded, found.backward) == (26, 1.0, 1.0, 1.0)
    assert (found.measured, found.differences, found.ratio) == (20, 26.0, 1.0)
    assert (found.batch, found.counted) == (16, 1.4)


def test_pictures_of_digits_need_their_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """mnist is asked for by --folder, which a function has no use for; nothing is written."""
    for command, message in (
        (["story", "mnist"], "Error: mnist is read from files you have: say where with --folder\n"),
        (["story", "y = x", "--folder", "d"], "Error: --folder is not for a function\n"),
    ):
        with pytest.raises(SystemExit) as end:
            main([*command, "-o", "none"])
        assert (end.value.code, capsys.readouterr().err) == (2, message)


def test_layers_are_counted_in_whole_numbers() -> None:
    """The plot against the depth has whole layers on its axis, at most ten of them."""
    for depth, wanted in ((2, ["1", "2"]), (8, list("12345678"))):
        marks = counted_picture(growth(depth, 2)).marks
        ticks = [mark.runs[0].text for mark in marks if getattr(mark, "kind", "") == "tick"]
        assert ticks[: len(wanted)] == wanted
