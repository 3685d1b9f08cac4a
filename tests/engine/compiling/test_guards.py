"""Every assumption of a program is guarded: where one no longer holds, the eager step runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch

nn, F = torch.nn, torch.nn.functional

X = torch.tensor(np.random.default_rng(0).normal(size=(6, 4)), dtype=torch.float32)
Y = torch.tensor([0, 1, 2, 0, 1, 2])


class Trained:
    """A small network, its optimizer, and a step that has run as a program."""

    def __init__(self, *layers: Any, lr: float = 0.1, momentum: float = 0.9) -> None:
        torch.manual_seed(0)
        self.model = model = nn.Sequential(nn.Linear(4, 3), *layers)
        self.optimizer = optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)

        def train_step(x: Any, y: Any) -> Any:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        self.train_step = train_step
        self.step = torch.compile(train_step)
        for _ in range(3):
            self.step(X, Y)
        assert self.step.reason == ""


def _written(trained: Trained, *batch: Any) -> bool:
    before = trained.step.calls["written"]
    trained.step(*(batch or (X, Y)))
    return bool(trained.step.calls["written"] > before)


def _freeze(t: Trained) -> None:
    t.model[0].bias.requires_grad = False


def _replace(t: Trained) -> None:
    t.model[0].weight = nn.Parameter(torch.ones(3, 4))


def _new_data(t: Trained) -> None:
    t.model[0].weight.data = torch.ones(3, 4)


def _load(t: Trained) -> None:
    t.optimizer.load_state_dict(t.optimizer.state_dict())


CHANGES: dict[str, Callable[[Trained], Any]] = {
    "training mode": lambda t: t.model.eval(), "requires_grad": _freeze, "another parameter": _replace,
    "other data": _new_data, "a hook of a tensor": lambda t: t.model[0].weight.register_hook(lambda g: g),
    "a hook of a module": lambda t: t.model.register_forward_hook(lambda *_: None),
    "a hook of the optimizer": lambda t: t.optimizer.register_step_pre_hook(lambda *_: None),
    "a loaded state": _load, "no momentum": lambda t: t.optimizer.param_groups[0].update(momentum=0),
    "weight decay": lambda t: t.optimizer.param_groups[0].update(weight_decay=0.1),
    "another layer": lambda t: t.model.append(nn.ReLU()),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_program_assumes_is_guarded(what: str) -> None:
    """After a change that a program cannot follow, the next step is eager, and is an eager step's."""
    trained, eager = Trained(nn.Dropout(0.2)), Trained(nn.Dropout(0.2))
    for each in (trained, eager):
        CHANGES[what](each)
    torch.manual_seed(1)
    assert not _written(trained)
    torch.manual_seed(1)
    eager.train_step(X, Y)
    for p, q in zip(trained.model.parameters(), eager.model.parameters(), strict=True):
        assert np.array_equal(p._a, q._a)


def test_numbers_of_a_group_change_without_writing_anew() -> None:
    """A learning rate and a momentum set by a schedule or by hand reach the program that there is."""
    trained, eager = Trained(), Trained()
    for lr, momentum in ((0.05, 0.9), (0.01, 0.8), (0.2, 0.95)):
        for each in (trained, eager):
            each.optimizer.param_groups[0].update(lr=lr, momentum=momentum)
        assert _written(trained)
        eager.train_step(X, Y)
        assert np.array_equal(trained.model[0].weight._a, eager.model[0].weight._a)


@pytest.mark.parametrize(
    ("x", "y", "kind", "said"),
    [
        (torch.ones(6, 5), Y, RuntimeError, "mat1 and mat2 shapes cannot be multiplied (6x5 and 4x3)"),
        (X.double(), Y, RuntimeError, "mat1 and mat2 must have the same dtype, but got Double and Float"),
        (X, torch.tensor([0, 1, 2, 3, 1, 2]), IndexError, "Target 3 is out of bounds."),
        (X, torch.tensor([0, 1, 2, -1, 1, 2]), IndexError, "Target -1 is out of bounds."),
        (X, Y[:5], ValueError, "Expected input batch_size (6) to match target batch_size (5)."),
    ],
)
def test_a_bad_batch_gets_the_eager_message(x: Any, y: Any, kind: Any, said: str) -> None:
    """What an eager step refuses is refused in its words, and nothing is learnt."""
    trained = Trained()
    before = trained.model[0].weight._a.copy()
    with pytest.raises(kind) as error:
        trained.step(x, y)
    assert str(error.value) == said
    assert np.array_equal(trained.model[0].weight._a, before)
    assert _written(trained)


def test_states_of_large_parameters_are_put_back_while_a_program_is_held_to_its_step() -> None:
    """Two moments of 78,000 numbers: the program is written at the second step, and is right at the third."""
    found = []
    for compiled in (False, True):
        torch.manual_seed(0)
        model = nn.Linear(300, 260)
        optimizer = torch.optim.Adam(model.parameters())

        def train_step(x: Any, model: Any = model, optimizer: Any = optimizer) -> Any:
            optimizer.zero_grad()
            loss = (model(x) ** 2).mean()
            loss.backward()
            optimizer.step()
            return loss

        step = torch.compile(train_step, disable=not compiled)
        x = torch.ones(2, 300)
        found.append([step(x).item() for _ in range(4)])
    assert found[0] == found[1]
    assert step.calls == {"written": 2, "eager": 2}


def test_the_same_tensor_given_twice_is_told_from_two() -> None:
    """A program of step(x, x) is not run for step(x, y)."""
    step = torch.compile(lambda x, y: (x * 2 + y).sum())
    x, y = torch.ones(3), torch.zeros(3)
    assert [step(x, x).item(), step(x, x).item(), step(x, y).item(), step(x, y).item()] == [9, 9, 6, 6]
    assert [step(y, y).item(), step(y, x).item()] == [0, 3]


class Settings:
    """What a step looks up beside its model."""

    scale = 2.0

    def __init__(self) -> None:
        self.listed = [1.0, 2.0]


def test_what_python_looks_up_is_compared_at_every_call() -> None:
    """An attribute, a class's attribute, an entry of a list, a closure: a change of any is seen."""
    settings, factor = Settings(), 1.0

    def function(x: Any) -> Any:
        return (x * settings.scale * settings.listed[1] * factor).sum()

    step = torch.compile(function)
    x = torch.ones(2)
    found = [step(x).item(), step(x).item()]
    Settings.scale = 3.0
    found.append(step(x).item())
    settings.listed[1] = 5.0
    found.append(step(x).item())
    factor = 10.0
    found.append(step(x).item())
    Settings.scale = 2.0
    assert found == [8.0, 8.0, 12.0, 30.0, 300.0]
    assert step.calls["written"] == 1


def test_a_default_of_the_step_is_compared_at_every_call() -> None:
    """Another default is another number."""

    def function(x: Any, factor: float = 2.0) -> Any:
        return (x * factor).sum()

    step = torch.compile(function)
    x = torch.ones(3)
    found = [step(x).item(), step(x).item()]
    function.__defaults__ = (5.0,)
    assert [*found, step(x).item(), step(x).item()] == [6.0, 6.0, 15.0, 15.0]


def test_a_check_that_fails_in_the_middle_leaves_no_half_step() -> None:
    """Shares that are lost on the way are an eager step's to refuse: statistics and draws are its alone."""
    left = []
    for compiled in (False, True):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 1), nn.BatchNorm1d(1), nn.Dropout(0.5), nn.Sigmoid())
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

        def train_step(x: Any, y: Any, model: Any = model, optimizer: Any = optimizer) -> Any:
            optimizer.zero_grad()
            loss = F.binary_cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        step = torch.compile(train_step, disable=not compiled)
        good, bad, y = X, X * float("nan"), torch.ones(6, 1)
        step(good, y), step(good, y)
        with pytest.raises(RuntimeError, match="all elements of input should be between 0 and 1"):
            step(bad, y)
        left.append([*(each._a.copy() for each in model.state_dict().values()), torch.get_rng_state()._a])
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(*left, strict=True))


def test_places_out_of_bounds_get_the_eager_message() -> None:
    """Picking by places is looked at as an eager step does: too large, and negative, which NumPy would take."""
    weight = nn.Parameter(torch.ones(4, 3))
    step = torch.compile(lambda x, at: (x @ weight.detach()).gather(1, at).sum())
    step(X, Y[:, None])
    step(X, Y[:, None])
    for at, said in ((Y[:, None] * 2, "index 4 is"), (-Y[:, None], "index -1 is")):
        with pytest.raises(RuntimeError, match=f"^{said} out of bounds for dimension 1 with size 3$"):
            step(X, at)
    assert step.calls == {"written": 1, "eager": 3}


def test_fit_trains_alike_compiled() -> None:
    """`fit(..., compile=True)` has the history of `fit`."""
    histories = []
    for compiled in (False, True):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3))
        history = torch.fit(
            model, "cross_entropy", "adam", (X, Y), 4, ["accuracy"], batch_size=4, progress=False,
            compile=compiled)
        histories.append(history.history)
    assert histories[0] == histories[1]


def test_gradients_that_somebody_holds_stay_what_they_were() -> None:
    """`.grad` kept from one step is not overwritten by the next."""
    trained = Trained()
    held = trained.model[0].weight.grad
    before = held._a.copy()
    assert _written(trained)
    assert np.array_equal(held._a, before)
    assert not np.array_equal(trained.model[0].weight.grad._a, before)


def test_a_model_is_compiled_for_evaluation() -> None:
    """Under no_grad a model runs as a program; with a graph to come it stays eager."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)).eval()
    run = torch.compile(model)
    with torch.no_grad():
        for _ in range(3):
            assert np.array_equal(run(X)._a, model(X)._a)
    assert run.calls == {"written": 2, "eager": 1}
    assert run(X).grad_fn is not None
    assert "returned with a graph that is still to be used" in run.reason


@pytest.mark.parametrize("kind", ["Adam", "Adamax", "NAdam", "Adagrad"])
def test_a_parameter_that_was_frozen_for_a_while_counts_its_own_steps(kind: str) -> None:
    """Its bias correction is that of its own count: a program for even counts does not run, and it is said."""
    after = []
    for compiled in (False, True):
        torch.manual_seed(0)
        model = nn.Linear(4, 3)
        optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.1, **({"lr_decay": 0.5} if kind == "Adagrad" else {}))

        def train_step(x: Any, y: Any, model: Any = model, optimizer: Any = optimizer) -> Any:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        step: Any = torch.compile(train_step) if compiled else train_step
        for i in range(12):
            model.weight.requires_grad_(not 4 <= i < 8)
            step(X, Y)
        after.append(model.weight.detach().numpy())
    np.testing.assert_allclose(after[1], after[0], rtol=1e-5)
    assert step.reason == "the parameters of a group are at different steps"


def test_a_loss_that_was_returned_has_a_graph_that_is_used_up() -> None:
    """A second backward pass from what a step returns is refused as after an eager step."""
    trained = Trained()
    loss = trained.step(X, Y)
    assert trained.step.reason == ""
    assert repr(loss.grad_fn).startswith("<NllLossBackward0")
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        loss.backward()


def test_the_source_says_what_each_line_belongs_to() -> None:
    """Lines of the program name the operation, the parameter and the shape."""
    trained = Trained()
    source = trained.step.source
    assert "linear  6×3" in source
    assert "update of model.0.weight, model.0.bias  15" in source
    assert source.startswith("def step(a0, a1):")
