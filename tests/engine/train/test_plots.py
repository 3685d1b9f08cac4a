"""The plots of courses: what they show is what the model says, and the files are the same each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex

from backprop_tutor import engine as torch
from backprop_tutor.engine import datasets, nn, plots
from backprop_tutor.engine.plots.figures import panels
from backprop_tutor.errors import OptionError, ShapeError


def test_decision_boundary_shows_the_class_that_wins() -> None:
    """The plane is divided where the model's two scores are equal."""
    model = nn.Linear(2, 2)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 0.0], [-1.0, 0.0]]))
        model.bias.zero_()
    points = np.array([[-1.0, 0.0], [1.0, 1.0]], np.float32)
    figure = plots.decision_boundary(model, points, [1, 0], classes=("right", "left"), resolution=21)
    assert [t.get_text() for t in figure.axes[0].get_legend().get_texts()] == ["right", "left"]
    assert model.training
    with pytest.raises(ShapeError, match=r"features of shape \(2, 3\)"):
        plots.decision_boundary(model, np.zeros((2, 3)), [0, 1])


def shown(labels: object, model: object, **options: object) -> dict[str, list[list[float]]]:
    """Return where the points of each class of the legend are drawn."""
    points = np.arange(2 * len(labels), dtype=np.float32).reshape(-1, 2)  # type: ignore[arg-type]
    axis = plots.decision_boundary(model, points, labels, resolution=5, **options).axes[0]  # type: ignore[arg-type]
    names = [text.get_text() for text in axis.get_legend().get_texts()]
    drawn = [each for each in axis.collections if each.get_label() in names]
    return {each.get_label(): np.asarray(each.get_offsets()).tolist() for each in drawn}


ONE, TWO, THREE = nn.Linear(2, 1), nn.Linear(2, 2), nn.Linear(2, 3)


@pytest.mark.parametrize(
    ("labels", "model", "classes", "counts"),
    [
        ([-1, 1, -1], ONE, (), {"class −1": 2, "class 1": 1}),
        ([-1.0, 1.0, 1.0], ONE, (), {"class −1": 1, "class 1": 2}),
        (torch.tensor([[-1.0], [1.0]]), TWO, ("no", "yes"), {"no": 1, "yes": 1}),
        ([-1, -1], ONE, (), {"class −1": 2, "class 1": 0}),
        ([0, 1, 1], ONE, (), {"class 0": 1, "class 1": 2}),
        ([True, False], ONE, (), {"class 0": 1, "class 1": 1}),
        ([1, 2, 2], TWO, (), {"class 1": 1, "class 2": 2}),
        ([3, 7], ONE, (), {"class 3": 1, "class 7": 1}),
        ([-1, 0, 1], THREE, (), {"class −1": 1, "class 0": 1, "class 1": 1}),
        ([0, 2, 2], THREE, (), {"class 0": 1, "class 1": 0, "class 2": 2}),
        ([10, 20, 30], THREE, (), {"class 10": 1, "class 20": 1, "class 30": 1}),
        (["b", "a", "b"], TWO, (), {"a": 1, "b": 2}),
        (["b", "a", "b"], TWO, ("b", "a"), {"b": 2, "a": 1}),
    ],
)
def test_points_of_any_labels_are_shown(
    labels: object, model: object, classes: tuple[str, ...], counts: dict[str, int]
) -> None:
    """Class numbers, −1 and 1, other numbers, texts: no point is left out."""
    found = shown(labels, model, classes=classes)
    assert {name: len(points) for name, points in found.items()} == counts


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([-1, 0, 1], "the points have 3 labels (`−1`, `0`, `1`) and the model tells 2 classes apart; "
                     "expected the class numbers 0 to 1, or 2 labels"),
        ([0.5, 0.5], "the points have 1 label (`0.5`) and the model tells 2 classes apart; "
                     "expected the class numbers 0 to 1, or 2 labels"),
        ([0.0, float("nan")], "a label is not a finite number; expected class numbers, −1 and 1, or texts"),
    ],
)  # fmt: skip
def test_labels_that_are_not_the_models_are_refused(labels: list[float], message: str) -> None:
    """More labels than classes are not drawn as something else."""
    with pytest.raises(OptionError) as refused:
        shown(labels, ONE)
    assert str(refused.value) == message


def test_the_boundary_of_signs_is_zero() -> None:
    """Between −1 and 1 a score turns at 0, between 0 and 1 at ½; whole numbers make a fine grid too."""
    def first(points: object) -> object:
        return points[:, 0]  # type: ignore[index]

    def edge(labels: list[int]) -> float:
        whole = np.array([[-1, 0], [1, 1]])
        axis = plots.decision_boundary(first, whole, labels, resolution=261).axes[0]
        return max(path.vertices[:, 0].max() for path in axis.collections[0].get_paths()[:1])

    assert edge([-1, 1]) == pytest.approx(0, abs=0.01)
    assert edge([0, 1]) == pytest.approx(0.5, abs=0.01)


def test_activations_draw_the_engines_own_slopes() -> None:
    """The dashed line of tanh is 1 − tanh²."""
    figure = plots.activations(["tanh"])
    x = figure.axes[0].get_lines()[1].get_xdata()
    assert np.allclose(figure.axes[0].get_lines()[1].get_ydata(), 1 - np.tanh(x) ** 2)
    with pytest.raises(OptionError, match="unknown activation `tahn`"):
        plots.activations(["tahn"])


def test_histograms_of_vanishing_gradients() -> None:
    """One panel a layer on one scale; behind many sigmoids the first layer's is the narrowest."""
    torch.manual_seed(0)
    layers = [part for _ in range(5) for part in (nn.Linear(8, 8), nn.Sigmoid())]
    model = nn.Sequential(*layers)
    with pytest.raises(OptionError, match="no gradients"):
        plots.gradient_histograms(model)
    (model(torch.randn(16, 8)) ** 2).sum().backward()
    figure = plots.gradient_histograms(model)
    spreads = [float(axis.get_title().split("std ")[1]) for axis in figure.axes]
    assert spreads[0] < spreads[-1] / 10
    assert len({axis.get_xlim() for axis in figure.axes}) == 1
    assert len(plots.weight_histograms(model).axes) == 5


def test_predictions_are_blue_where_right_and_red_where_wrong() -> None:
    """Captions and bars: the true label blue, a wrong guess red."""
    images = np.zeros((2, 4, 4))
    shares = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1]])
    figure = plots.predictions(images, shares, [0, 2], ("a", "b", "c"))
    labels = [figure.axes[i].xaxis.label for i in (0, 2)]
    assert [label.get_text() for label in labels] == ["a 90% (a)", "b 70% (c)"]
    assert [label.get_color() for label in labels] == ["#1f5fb4", "#c00000"]
    bars = [to_hex(bar.get_facecolor()) for bar in figure.axes[3].patches]
    assert bars == ["#8a8a8a", "#c00000", "#1f5fb4"]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_files_have_the_same_bytes_each_time(tmp_path: Path, kind: str) -> None:
    """A figure saved twice is the same file."""
    table = datasets.xor()
    model = nn.Linear(2, 2)
    paths = [
        plots.save_figure(
            plots.decision_boundary(model, table.features, table.targets, resolution=20),
            tmp_path / f"{i}.{kind}",
        )
        for i in (0, 1)
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with pytest.raises(OptionError, match="written as"):
        plots.save_figure(plots.activations(["relu"]), tmp_path / "x.gif")


def test_panels_stand_in_even_rows() -> None:
    """Four panels are two by two, seven four and three; a few share one row."""
    for count, shape in ((4, (2, 2)), (3, (1, 3)), (5, (2, 3))):
        _, axes = panels(count, most=3)
        grid = axes[0].get_subplotspec().get_gridspec()
        assert (grid.nrows, grid.ncols) == shape
    _, axes = panels(7)
    assert axes[0].get_subplotspec().get_gridspec().ncols == 4
