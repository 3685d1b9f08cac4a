"""Optimizers write in place: versions advance, large tensors go in blocks, denormals are flushed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine import nn, optim

ALL = [
    optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad, optim.Adadelta, optim.Adamax,
    optim.NAdam,
]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_a_step_is_seen_by_the_graph(make: Any) -> None:
    """A graph that saved the parameter before the step refuses to go back through it."""
    p = torch.ones(3, requires_grad=True)
    y = (p**3).sum()
    optimizer = make([p])
    p.grad = torch.ones(3)
    array = p._a
    optimizer.step()
    assert p._a is array
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_every_optimizer_descends(make: Any) -> None:
    """A bowl is descended, and the state survives a round through a state dictionary."""
    p = torch.tensor([3.0, -2.0], requires_grad=True)
    optimizer = make([p], lr=0.05)
    for _ in range(60):
        optimizer.zero_grad()
        (p * p).sum().backward()
        optimizer.step()
    assert (p._a**2).sum() < 13
    q = torch.tensor(p.tolist(), requires_grad=True)
    other = make([q], lr=1.0)
    other.load_state_dict(deepcopy(optimizer.state_dict()))
    for each, o in ((p, optimizer), (q, other)):
        each.grad = torch.ones(2)
        o.step()
    assert q.tolist() == p.tolist()


def test_adam_in_blocks_is_adam() -> None:
    """A tensor of 200,000 elements, updated in blocks, moves as its parts do alone."""
    rng = np.random.RandomState(0)
    start, grads = rng.randn(200_000).astype(np.float32), rng.randn(3, 200_000).astype(np.float32)
    whole = torch.tensor(start, requires_grad=True)
    parts = [torch.tensor(start[i : i + 10_000], requires_grad=True) for i in range(0, 200_000, 10_000)]
    first, second = optim.Adam([whole], lr=0.1), optim.Adam(parts, lr=0.1)
    for grad in grads:
        whole.grad = torch.tensor(grad)
        for place, part in enumerate(parts):
            part.grad = torch.tensor(grad[place * 10_000 : (place + 1) * 10_000])
        first.step()
        second.step()
    assert np.array_equal(whole._a, np.concatenate([part._a for part in parts]))


def test_dead_units_do_not_leave_denormals() -> None:
    """After thousands of steps with no gradient Adam's moments are 0, not denormal."""
    p = torch.ones(64, requires_grad=True)
    optimizer = optim.Adam([p], betas=(0.5, 0.6))
    p.grad = torch.full((64,), 1e-3)
    optimizer.step()
    p.grad = torch.zeros(64)
    for _ in range(400):
        optimizer.step()
        state = optimizer.state[p]
    tiny = np.finfo(np.float32).tiny
    for name in ("exp_avg", "exp_avg_sq"):
        held = np.abs(state[name]._a)
        assert not ((held > 0) & (held < tiny)).any()


def test_transposed_parameters_are_updated() -> None:
    """A parameter whose array is not contiguous is written to where it lies."""
    base = np.arange(6, dtype=np.float32).reshape(2, 3)
    p = torch.from_numpy(base.T).requires_grad_()
    optimizer = optim.Adam([p], lr=0.1)
    p.grad = torch.ones(3, 2)
    optimizer.step()
    assert np.allclose(base, np.arange(6).reshape(2, 3) - 0.1, atol=1e-6)


def test_modules_and_optimizers_survive_a_change_of_dtype() -> None:
    """The parameters of a module cast to float64 are the same objects and are still learnt."""
    model = nn.Linear(2, 1)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    model.double()
    model(torch.ones(1, 2, dtype=torch.float64)).sum().backward()
    before = model.weight._a.copy()
    optimizer.step()
    assert np.allclose(model.weight._a, before - 0.1)


def test_a_loaded_state_takes_the_parameters_dtype() -> None:
    """Moments saved in float32 become float64 beside a float64 parameter; the count stays float32."""
    p = torch.ones(2, requires_grad=True)
    optimizer = optim.Adam([p])
    p.grad = torch.ones(2)
    optimizer.step()
    q = torch.ones(2, dtype=torch.float64, requires_grad=True)
    other = optim.Adam([q])
    other.load_state_dict(deepcopy(optimizer.state_dict()))
    kinds = {name: str(value.dtype) for name, value in other.state[q].items()}
    assert kinds == {
        "step": "torch.float32", "exp_avg": "torch.float64", "exp_avg_sq": "torch.float64",
    }


def test_clipping_divides_by_the_norm_and_a_little() -> None:
    """Gradients are scaled by max_norm/(norm + 10⁻⁶), which shows where the norm is small."""
    p = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    p.grad = torch.tensor([1e-6], dtype=torch.float64)
    assert nn.utils.clip_grad_norm_([p], 1e-7).item() == 1e-6
    assert p.grad.item() == pytest.approx(1e-6 * 1e-7 / 2e-6, rel=1e-9)


def test_a_loaded_state_shares_its_tensors() -> None:
    """As in PyTorch, what is not cast is not copied: two optimizers then move one momentum."""
    p, q = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    first = optim.SGD([p], lr=0.1, momentum=0.9)
    p.grad = torch.ones(1)
    first.step()
    second = optim.SGD([q], lr=0.1, momentum=0.9)
    second.load_state_dict(first.state_dict())
    assert second.state[q]["momentum_buffer"] is first.state[p]["momentum_buffer"]
