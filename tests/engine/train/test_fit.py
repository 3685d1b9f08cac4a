"""`fit` trains, measures, stops when told to and keeps what was learnt."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine import datasets, nn, optim
from backprop_tutor.engine.training import EarlyStopping, History, accuracy, evaluate, fit
from backprop_tutor.errors import OptionError, ShapeError


def _moons() -> tuple[Any, Any]:
    table = datasets.moons(120, seed=3)
    return table.features, table.targets


def _model() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))


def test_learns_from_arrays_by_names() -> None:
    """Arrays, a loss and an optimizer by name are enough to learn two moons."""
    model = _model()
    history = fit(model, "cross_entropy", "adam", _moons(), 120, ["accuracy"], progress=False)
    assert len(history) == 120
    assert history["accuracy"][-1] > 0.85
    assert evaluate(model, "cross_entropy", _moons(), "accuracy")["accuracy"] > 0.85


def test_history_has_validation_and_epochs() -> None:
    """Every quantity is measured on both parts of the data, epochs are counted from 1."""
    x, y = _moons()
    history = fit(
        _model(), nn.CrossEntropyLoss(), "sgd", (x[:80], y[:80]), 3, "accuracy",
        (x[80:], y[80:]), progress=False,
    )
    assert history.epoch == [1, 2, 3]
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert history.record()["history"]["loss"] == history["loss"]


def test_interrupt_keeps_what_was_learnt() -> None:
    """Ctrl-C in the third epoch ends the training, keeps the weights and says so."""
    model = _model()
    before = [p._a.copy() for p in model.parameters()]
    calls = 0

    def loss(outputs: Any, targets: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 9:
            raise KeyboardInterrupt
        return nn.functional.cross_entropy(outputs, targets)

    history = fit(model, loss, "adam", _moons(), 10, batch_size=32, progress=False)
    assert history.interrupted
    assert history.stopped == "interrupted in epoch 3"
    assert history.epoch == [1, 2, 3]
    assert model.training
    assert any((p._a != old).any() for p, old in zip(model.parameters(), before, strict=True))


def test_early_stopping_restores_the_best() -> None:
    """After `patience` epochs without an improvement the best epoch's weights are put back."""
    model = nn.Linear(1, 1)
    rates = iter([0.1, 0.1, -3.0, -3.0, -3.0, -3.0])
    optimizer = optim.SGD(model.parameters(), lr=0.1)

    class Schedule(optim.lr_scheduler.LRScheduler):
        def get_lr(self) -> list[float]:
            return [abs(next(rates, 3.0))]

    stopping = EarlyStopping(monitor="loss", patience=2)
    x = np.linspace(-1, 1, 8, dtype=np.float32).reshape(-1, 1)
    history = fit(
        model, "mse", optimizer, (x, 2 * x), 20, scheduler=Schedule(optimizer), batch_size=8,
        shuffle=False, early_stopping=stopping, progress=False,
    )
    assert history.stopped.startswith("no improvement of loss since epoch")
    assert history.best_epoch == int(np.argmin(history["loss"])) + 1
    assert len(history) == history.best_epoch + 2


def test_the_weights_put_back_are_those_of_the_best_epoch() -> None:
    """After the training the model measures exactly the best validation loss of its history."""
    x, y = _moons()
    model, checks = _model(), (x[80:], y[80:])
    optimizer = optim.SGD(model.parameters(), lr=30.0)
    history = fit(
        model, "cross_entropy", optimizer, (x[:80], y[:80]), 30, validation=checks,
        early_stopping=4, progress=False,
    )
    assert history.stopped
    found = evaluate(model, "cross_entropy", checks)["loss"]
    assert found == min(history["val_loss"])
    assert history["val_loss"][-1] != found


def test_a_loss_that_is_not_finite_ends_the_training() -> None:
    """A learning rate far too large is noticed in the epoch where the loss overflows."""
    model = nn.Linear(2, 1)
    x, y = _moons()
    history = fit(
        model, "mse", optim.SGD(model.parameters(), lr=1e20), (x, y), 50, progress=False
    )
    assert "the loss is" in history.stopped
    assert len(history) < 50


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimizer": "adm"}, "unknown optimizer `adm`; expected one of sgd, adam, adamw"),
        ({"loss": "crossentropy"}, "(did you mean `cross_entropy`?)"),
        ({"metrics": ["acuracy"]}, "unknown metric `acuracy`; expected one of accuracy, mae, mse"),
        ({"epochs": -1}, "epochs -1; expected a whole number, 0 or more"),
        ({"optimizer": 3}, "the optimizer is a int; expected an Optimizer or one of sgd"),
        ({"data": 3}, "the data are a int; expected a pair"),
        ({"loss": 3}, "the loss is a int"),
        ({"early_stopping": "x"}, "early_stopping is a str; expected a number of epochs"),
        ({"early_stopping": EarlyStopping("val_los")}, "early stopping watches `val_los`"),
    ],
)
def test_refusals(change: dict[str, Any], message: str) -> None:
    """An unknown name or an impossible setting is refused with what was expected."""
    given: dict[str, Any] = {
        "model": _model(), "loss": "cross_entropy", "optimizer": "sgd", "data": _moons(),
        "epochs": 1, "progress": False,
    }
    with pytest.raises(OptionError) as refused:
        fit(**{**given, **change})
    assert message in str(refused.value)


def test_lengths_that_differ_are_refused() -> None:
    """Inputs and targets of different lengths are named with their shapes."""
    with pytest.raises(ShapeError, match=r"inputs of shape \(3, 2\) and targets of shape \(2,\)"):
        fit(_model(), "cross_entropy", "sgd", (np.zeros((3, 2)), [0, 1]), 1, progress=False)


def test_progress_bar_shows_the_last_numbers() -> None:
    """On a console the bar ends with the last epoch and its loss."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, force_terminal=False, width=100)
    history = fit(_model(), "cross_entropy", "sgd", _moons(), 2, progress=console)
    assert "epoch 2/2" in out.getvalue()
    assert f"loss {history['loss'][-1]:.4f}" in out.getvalue()


def test_accuracy_of_logits_is_cut_at_zero() -> None:
    """Single outputs count as class 1 above 0.5, or above 0 where the loss takes logits."""
    outputs = torch.tensor([[0.2], [0.7], [-0.1]])
    assert accuracy(outputs, torch.tensor([0, 1, 0])) == 1.0
    x = np.array([[1.0], [-1.0]], np.float32)
    model = nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(0.2)
        model.bias.fill_(0.0)
    found = evaluate(model, nn.BCEWithLogitsLoss(), (x, np.array([[1.0], [0.0]])), "accuracy")
    assert found["accuracy"] == 1.0


def test_history_plots_loss_and_accuracy() -> None:
    """`plot` returns a figure with a panel for the loss and one for the accuracy."""
    history = History()
    history.add(1, {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.1, "val_accuracy": 0.4})
    history.add(2, {"loss": 0.5, "accuracy": 0.7, "val_loss": 0.9, "val_accuracy": 0.6})
    figure = history.plot("moons")
    assert [axis.get_ylabel() for axis in figure.axes] == ["loss", "accuracy"]
    lines = figure.axes[0].get_lines()
    assert [list(line.get_ydata()) for line in lines] == [[1.0, 0.5], [1.1, 0.9]]
    with pytest.raises(OptionError, match="no epoch"):
        History().plot()


def test_evaluation_leaves_the_mode_alone() -> None:
    """A model in training mode is measured in evaluation mode and given back as it was."""
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.9))
    found = [evaluate(model, "cross_entropy", _moons())["loss"] for _ in range(2)]
    assert found[0] == found[1]
    assert model.training
    assert math.isfinite(found[0])
