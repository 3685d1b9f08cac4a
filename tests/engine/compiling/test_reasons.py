"""What keeps a step eager: each reason is said, and what the step does is done each time."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch

nn, F = torch.nn, torch.nn.functional

X = torch.tensor(np.random.default_rng(0).normal(size=(6, 4)), dtype=torch.float32)
Y = torch.tensor([0, 1, 2, 0, 1, 2])


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


NAMES = {"a", "b"}


def _warning(model: Any, loss: Any) -> Any:
    warnings.warn("look", stacklevel=1)
    return loss


def _grad(model: Any, loss: Any) -> Any:
    (slope,) = torch.autograd.grad(loss, model.bias, create_graph=True)
    return loss + slope.sum()


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
    (lambda model, loss: loss + F.one_hot(Y)[0, 0], "one_hot() without num_classes has as many columns as"),
    (lambda model, loss: loss + X[X > 0].sum(), "indexed by a mask, which decides how many entries there are"),
    (lambda model, loss: loss * X[Y[0]].sum(), "a tensor is indexed by a tensor's number"),
    (lambda model, loss: loss + model.weight.median(), "median has no record to write from"),
    (lambda model, loss: loss + model.bias.lerp(model.bias, 0.5).sum(), "Lerp has no record to write from"),
    (lambda model, loss: loss + torch.zeros(1).requires_grad_().sum(), "a gradient is accumulated in a tensor that the step's names do not lead to"),
    (_warning, "the step warns, which a program would leave out"),
    (_grad, "autograd.grad() is called"),
    (lambda model, loss: loss * (2 if "a" in NAMES else 1), "NAMES is a set, in which what changes cannot be compared"),
    (lambda model, loss: F.relu(loss * 1, inplace=True), "a tensor that takes part in a graph is written in place"),
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
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


def test_fullgraph_makes_an_error_of_a_step_that_cannot_be_written() -> None:
    """The reason is the error's; without it the step would stay eager."""
    step = torch.compile(lambda x: x * 2 if x.sum() > 0 else x, fullgraph=True)
    with pytest.raises(RuntimeError) as error:
        step(torch.ones(2))
    assert str(error.value) == (
        "the step cannot be compiled: the value of a tensor decides what Python does next")


def test_a_module_with_hooks_stays_eager() -> None:
    """A hook of a module is called at every step."""
    model, seen = nn.Linear(4, 3), []
    model.register_forward_hook(lambda module, given, out: seen.append(1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train_step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    step = torch.compile(train_step)
    for _ in range(3):
        step(X, Y)
    assert (step.calls["written"], len(seen)) == (0, 3)
    assert "a module carries hooks" in step.reason


def test_a_step_with_other_numbers_each_time_is_written_so_often_and_no_more(monkeypatch: Any) -> None:
    """A number that Python hands over differently at each call ends the writing."""
    monkeypatch.setattr("backprop_tutor.engine.compiling.step.WRITTEN_AT_MOST", 3)
    model = nn.Linear(4, 3)

    def train_step(x: Any, y: Any, scale: float) -> Any:
        model.zero_grad()
        loss = F.cross_entropy(model(x), y) * scale
        loss.backward()
        return loss

    step = torch.compile(train_step)
    for i in range(5):
        step(X, Y, 1.0 + i)
    assert step.reason == "it was written 3 times, for other arguments or settings each time"
