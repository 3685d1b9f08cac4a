"""A model drawn as its layers: `bt.diagram(model)`, and Keras's `plot_model`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.engine import keras, nn

X, Y = np.array([[0.0, 1], [1, 1], [1, 0]]), np.array([[1.0], [0], [1]])


def small() -> Any:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1), nn.Sigmoid())


def test_a_model_alone_shows_parameters_and_shapes() -> None:
    """Without a batch the parameters stand with shapes and values, and nothing is computed yet."""
    model = small()
    svg = bt.diagram(model).svg
    for words in ("3×2", "1×3", "tanh", "before step 1", f"{float(model[0].weight[0, 0]):.2f}".replace("-", "−")):
        assert words in svg
    assert model[0].weight.grad is None


def test_with_a_batch_it_is_the_derivations_picture() -> None:
    """With a batch and what is wanted it is the picture of `from_model`, after any step."""
    model = small()
    d = bt.from_model(model, X, Y, loss="bce")
    assert bt.diagram(model, X, Y, loss="bce").svg == d.diagram().svg
    assert bt.diagram(model, X, Y, loss="bce", step=3, theme="dark").svg == d.diagram(3, theme="dark").svg
    assert "Σ" in bt.diagram(model, X).svg  # the sum stands for a loss


def test_a_model_of_keras_is_drawn_into_a_file(tmp_path: Path) -> None:
    """`plot_model` writes the picture and returns it."""
    model = keras.Sequential([keras.Input((4,)), keras.Dense(3, activation="relu"), keras.Dense(2)])
    drawn = keras.utils.plot_model(model, str(tmp_path / "model.svg"), show_shapes=True)
    assert (tmp_path / "model.svg").read_text(encoding="utf-8") == drawn.svg
    assert "3×4" in drawn.svg
    assert "relu" in drawn.svg


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (3, {}, "a model is an engine's Module, not `int`"),
    (small(), {"y": Y}, "`y` is of a batch; give `X` too"),
    (small(), {"loss": "mse"}, "`loss` is of a batch; give `X` too"),
    (small(), {"X": X, "loss": "mse"}, "a loss compares the output with what is wanted; give `y` too"),
    (nn.Sequential(nn.ReLU()), {}, "no layer of the model says what size it takes; give a batch, `X`"),
    (small(), {"step": 99}, "step is a whole number from 0 to 15"),
]


@pytest.mark.parametrize(("model", "given", "message"), REFUSED, ids=[each[2] for each in REFUSED])
def test_what_cannot_be_drawn(model: Any, given: dict[str, Any], message: str) -> None:
    """Every mistake is told in words."""
    with pytest.raises(bt.OptionError) as raised:
        bt.diagram(model, **given)
    assert str(raised.value).startswith(message)


def test_an_option_of_keras_that_is_not_there(tmp_path: Path) -> None:
    """An option that the picture does not have is refused, and no file is written."""
    with pytest.raises(bt.OptionError, match=r"^`rankdir` is not for this picture"):
        keras.utils.plot_model(small(), str(tmp_path / "m.svg"), rankdir="LR")
    with pytest.raises(bt.OptionError, match=r"^`show_shapes` is not for this picture"):
        keras.utils.plot_model(small(), str(tmp_path / "m.svg"), show_shapes=False)
    assert not list(tmp_path.iterdir())


class Heads(nn.Module):
    """Two outputs of one hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.first, self.second = nn.Linear(2, 3), nn.Linear(3, 2), nn.Linear(3, 1)

    def forward(self, x: Any) -> Any:
        hidden = nn.functional.relu(self.hidden(x))
        return self.first(hidden), self.second(hidden)


@pytest.mark.parametrize(("model", "held"), [
    (nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU()), ["2×3", "2×2"]),
    (Heads(), ["1×3", "1×2"]),
])  # fmt: skip
def test_models_that_compare_rows_or_give_several_outputs_are_drawn(model: Any, held: list[str]) -> None:
    """Normalised over the batch one row is nothing, so two stand there; of several outputs all are drawn."""
    svg = bt.diagram(model).svg
    assert all(shape in svg for shape in held)


class Words(nn.Module):
    """Places of a table, its vectors side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.scores = nn.Embedding(9, 2), nn.Linear(6, 4)

    def forward(self, x: Any) -> Any:
        return self.scores(self.table(x).view(x.shape[0], -1))


class Backwards(nn.Module):
    """Layers that are registered in another order than they are used."""

    def __init__(self) -> None:
        super().__init__()
        self.last, self.first = nn.Linear(3, 1), nn.Linear(5, 3)

    def forward(self, x: Any) -> Any:
        return self.last(torch.tanh(self.first(x)))


class Bare(nn.Module):
    """Weights of its own, and no layer."""

    def __init__(self) -> None:
        super().__init__()
        self.W, self.b = nn.Parameter(torch.rand(3, 5)), nn.Parameter(torch.zeros(3))

    def forward(self, x: Any) -> Any:
        return x @ self.W.T + self.b


@pytest.mark.parametrize(("model", "shape"), [(Words(), "1×3"), (Backwards(), "1×5"), (Bare(), "1×5")])
def test_the_size_that_a_model_takes_is_found(model: Any, shape: str) -> None:
    """Of tables, of layers in any order and of bare weights: the first size that runs through."""
    assert shape in bt.diagram(model).svg


def test_no_size_that_runs_through() -> None:
    """What the model says of its first layer's size is told."""
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 1))
    with pytest.raises(bt.OptionError, match=r"^the model does not take this batch: .*\(1x3 and 4x1\)"):
        bt.diagram(model)
