"""Every assumption of a program is guarded, and every reason to stay eager is said."""

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


def test_gradients_that_somebody_holds_stay_what_they_were() -> None:
    """`.grad` kept from one step is not overwritten by the next."""
    trained = Trained()
    held = trained.model[0].weight.grad
    before = held._a.copy()
    assert _written(trained)
    assert np.array_equal(held._a, before)
    assert not np.array_equal(trained.model[0].weight.grad._a, before)


LOG: list[float] = []
COUNT = 0


def _append(model: Any, loss: Any) -> Any:
    LOG.append(1.0)
    return loss


def _counting(model: Any, loss: Any) -> Any:
    global COUNT
    COUNT += 1
    return loss


def _branch(model: Any, loss: Any) -> Any:
    return loss * 2 if loss > 1 else loss


def _computed(model: Any, loss: Any) -> Any:
    return loss, loss.item() * 2


def _drawn(model: Any, loss: Any) -> Any:
    return loss + torch.randn(()) * 0


def _attribute(model: Any, loss: Any) -> Any:
    model.last = 3
    return loss


def _array(model: Any, loss: Any) -> Any:
    return loss, loss.detach().numpy().copy()


def _twice(model: Any, loss: Any) -> Any:
    loss.backward(retain_graph=True)
    return loss


class Doubled(torch.autograd.Function):
    """A function of a user's own."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x * 2

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return g * 2


def _own_function(model: Any, loss: Any) -> Any:
    return Doubled.apply(loss)


REASONS: list[tuple[Callable[..., Any], str]] = [
    (_append, "calls append(): a program would leave that out"),
    (_counting, "sets the global name COUNT: a program would leave that out"),
    (_branch, "the value of a tensor decides what Python does next"),
    (_computed, "a number is read out of a tensor and used in Python"),
    (_drawn, "calls randn(), which a compiled step does not follow"),
    (_attribute, "sets the attribute last: a program would leave that out"),
    (_array, "a tensor's array is taken out with numpy()"),
    (_twice, "backward() is called with retain_graph=True"),
    (_own_function, "calls apply(), which a compiled step does not follow"),
]


@pytest.mark.parametrize(("middle", "said"), REASONS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_step_that_cannot_be_written_stays_eager_and_says_why(middle: Any, said: str) -> None:
    """What Python does besides tensor operations is never left out: the step stays as it is."""
    model = nn.Linear(4, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    LOG.clear()

    def train_step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        found = middle(model, F.cross_entropy(model(x), y))
        loss = found[0] if isinstance(found, tuple) else found
        loss.backward()
        optimizer.step()
        return found

    step = torch.compile(train_step)
    for _ in range(5):
        step(X, Y)
    assert step.calls == {"written": 0, "eager": 5}
    assert said in step.reason
    assert len(LOG) == 5 * (middle is _append)


def test_an_argument_that_requires_a_gradient_stays_eager() -> None:
    """The gradient of an argument is not among what is written."""
    step = torch.compile(lambda x: (x * 2).sum())
    x = torch.ones(3, requires_grad=True)
    step(x).backward()
    assert (step.reason, x.grad.tolist()) == ("an argument requires a gradient", [2.0, 2.0, 2.0])


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
    assert "update of model.0.weight  3×4" in source
    assert source.startswith("def step(a0, a1):")
