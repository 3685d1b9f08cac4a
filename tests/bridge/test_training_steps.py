"""A training step opened as a derivation: its loss's gradients, and nothing of the training changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.errors import OptionError

nn, F = torch.nn, torch.nn.functional

X = torch.tensor(np.random.default_rng(0).normal(size=(6, 4)), dtype=torch.float32)
Y = torch.tensor([0, 1, 2, 0, 1, 2])


def trained(*middle: Any) -> tuple[Any, Any, Any]:
    """Return a model, its optimizer, and a step of theirs."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 5), *middle, nn.Linear(5, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    def train_step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return model, optimizer, train_step


def state(model: Any, optimizer: Any) -> list[Any]:
    """Return what a step may change, as arrays and versions."""
    held = [*model.parameters(), *model.buffers()]
    grads = [None if p.grad is None else p.grad.numpy().copy() for p in model.parameters()]
    moments = [each.numpy().copy() for kept in optimizer.state.values() for each in kept.values()]
    return [*(each.detach().numpy().copy() for each in held), *(each._version for each in held), *grads,
            *moments, torch.get_rng_state().numpy().copy()]


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("middle", [
    (nn.ReLU(),), (nn.BatchNorm1d(5), nn.Tanh()), (nn.Sigmoid(), nn.Dropout(0.3)),
], ids=["relu", "norm", "dropout"])  # fmt: skip
def test_the_gradients_are_those_of_the_step_and_nothing_changes(middle: Any, compiled: bool) -> None:
    """At any moment of a training: equal to the `.grad` that the step leaves, and all is as before."""
    model, optimizer, train_step = trained(*middle)
    step = torch.compile(train_step) if compiled else train_step
    for _ in range(3):
        step(X, Y)
    before = state(model, optimizer)
    d = bt.from_step(step, X, Y)
    for one, other in zip(state(model, optimizer), before, strict=True):
        np.testing.assert_array_equal(one, other)
    loss = step(X, Y)
    np.testing.assert_allclose(d.values["L"], loss.item(), rtol=1e-5)
    np.testing.assert_allclose(d.gradients["W1"], model[0].weight.grad.numpy(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(d.gradients["b2"], model[-1].bias.grad.numpy(), rtol=1e-4, atol=1e-6)


def test_a_compiled_step_explains_itself() -> None:
    """`step.explain()` is the derivation of the batch that was watched, at the present weights."""
    _, _, train_step = trained(nn.ReLU())
    step = torch.compile(train_step)
    for _ in range(3):
        step(X, Y)
    told = step.explain()
    assert told == bt.from_step(step, X, Y).explain()
    assert "Z₁ = x @ W₁ᵀ + b₁" in told
    assert step.explain("markdown").startswith("#")


def test_parameters_without_a_module_keep_their_names() -> None:
    """A step by hand: tensors that are learnt are called as the step calls them."""
    w, b = torch.ones(4, 1, requires_grad=True), torch.zeros(1, requires_grad=True)

    def step(x: Any, t: Any) -> None:
        F.mse_loss(x @ w + b, t).backward()
        with torch.no_grad():
            w.sub_(w.grad)

    d = bt.from_step(step, X, torch.ones(6, 1))
    assert {"w", "b", "x", "t"} <= set(d.at)
    assert w.grad is None
    np.testing.assert_array_equal(w.detach().numpy(), np.ones((4, 1)))


def _no_backward(x: Any) -> Any:
    return x.sum()


HELD: dict[str, Any] = {}


def _keeps(x: Any) -> None:
    HELD["x"] = x
    (x * torch.ones(1, requires_grad=True)).sum().backward()


@pytest.mark.parametrize(("step", "given", "said"), [
    (3, (), "a step is a function of tensors, not `int`"),
    (_keeps, (X,), "the step cannot be opened: line 100 of _keeps writes an entry of an object: a program would "
     "leave that out"),
    (_no_backward, (X,), "the step cannot be opened: it makes no backward pass of one loss"),
    (_no_backward, (), "the step cannot be opened: _no_backward() missing 1 required positional argument: 'x'"),
    (torch.compile(_no_backward), (), "the step cannot be opened: _no_backward() missing 1 required positional argument: 'x'"),
])  # fmt: skip
def test_what_is_no_step_is_refused(step: Any, given: Any, said: str) -> None:
    """The reason is said in a line."""
    with pytest.raises(OptionError) as caught:
        bt.from_step(step, *given)
    assert str(caught.value) == said


def test_a_step_that_was_not_called_says_what_it_wants() -> None:
    """`explain` needs a batch: the one of a call."""
    _, _, train_step = trained(nn.ReLU())
    with pytest.raises(OptionError) as caught:
        torch.compile(train_step).explain()
    assert "missing 2 required positional arguments: 'x' and 'y'" in str(caught.value)
