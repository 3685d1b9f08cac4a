"""A compiled training leaves what an eager one leaves: losses, parameters, gradients, states, draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tutor import engine as torch

nn, F = torch.nn, torch.nn.functional

LOSSES: dict[str, Any] = {
    "cross_entropy": nn.CrossEntropyLoss(), "smoothed": nn.CrossEntropyLoss(label_smoothing=0.1),
    "nll": lambda out, y: F.nll_loss(F.log_softmax(out, dim=1), y),
    "added": lambda out, y: F.cross_entropy(out, y) + 0.01 * (out**2).mean(),
}
LAYERS: dict[str, Callable[[], list[Any]]] = {
    "relu": lambda: [nn.ReLU()], "sigmoid": lambda: [nn.Sigmoid()], "tanh": lambda: [nn.Tanh()],
    "gelu": lambda: [nn.LayerNorm(8), nn.GELU()], "norm": lambda: [nn.BatchNorm1d(8), nn.LeakyReLU()],
    "dropout": lambda: [nn.ELU(), nn.Dropout(0.3)], "softplus": lambda: [nn.Softplus()],
    "silu": lambda: [nn.SiLU(), nn.Dropout(0.5)],
}
OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    "damped": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, dampening=0.3, maximize=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01), "amsgrad": lambda p: torch.optim.Adam(p, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, centered=True, momentum=0.5),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05, lr_decay=0.1),
    "adadelta": lambda p: torch.optim.Adadelta(p), "adamax": lambda p: torch.optim.Adamax(p, lr=0.01),
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.01, weight_decay=0.1),
}
ORDERS = {"norm": 2.0, "largest": float("inf"), "sum": 1.0}
CASES = [
    # layers, loss, optimizer, gradients clipped, schedule
    ("relu", "cross_entropy", "sgd", "", ""), ("sigmoid", "cross_entropy", "momentum", "norm", "step"),
    ("tanh", "smoothed", "adam", "", "cycle"), ("gelu", "nll", "adamw", "value", ""),
    ("norm", "cross_entropy", "rmsprop", "", "step"), ("dropout", "added", "amsgrad", "largest", ""),
    ("softplus", "cross_entropy", "adagrad", "", ""), ("silu", "cross_entropy", "nadam", "sum", "step"),
    ("relu", "added", "adadelta", "", ""), ("norm", "smoothed", "adamax", "value", ""),
    ("dropout", "nll", "damped", "", "step"), ("tanh", "cross_entropy", "nadam", "", ""),
]


def _training(case: tuple[str, ...], dtype: Any) -> tuple[Any, Any, Callable[..., Any], Any]:
    layers, loss, optimizer, clipped, schedule = case
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(4, 8), *LAYERS[layers](), nn.Linear(8, 3)).to(dtype)
    steps = OPTIMIZERS[optimizer](model.parameters())
    compare = LOSSES[loss]

    def train_step(x: Any, y: Any) -> Any:
        steps.zero_grad()
        error = compare(model(x), y)
        error.backward()
        if clipped in ORDERS:
            nn.utils.clip_grad_norm_(model.parameters(), 0.2, norm_type=ORDERS[clipped])
        elif clipped == "value":
            nn.utils.clip_grad_value_(model.parameters(), 0.05)
        steps.step()
        return error.item()

    scheduler = {
        "": lambda: None, "step": lambda: torch.optim.lr_scheduler.StepLR(steps, 3, 0.5),
        "cycle": lambda: torch.optim.lr_scheduler.OneCycleLR(steps, 0.05, total_steps=30),
    }[schedule]()
    return model, steps, train_step, scheduler


def _left(case: tuple[str, ...], dtype: Any, compiled: bool) -> tuple[list[Any], Any]:
    """Return what a training of 20 batches, each fifth a short one, leaves, and its step."""
    model, optimizer, train_step, scheduler = _training(case, dtype)
    step = torch.compile(train_step) if compiled else train_step
    rng = np.random.default_rng(0)
    found: list[Any] = []
    for i in range(20):
        count = 5 if i % 5 == 4 else 12
        x = torch.tensor(rng.normal(size=(count, 4))).to(dtype)
        found.append(step(x, torch.tensor(rng.integers(0, 3, count))))
        if scheduler is not None:
            scheduler.step()
    found += [value._a.copy() for value in model.state_dict().values()]
    for p in model.parameters():
        found += [p.grad._a.copy(), p._version]
        found += [each._a.copy() for each in optimizer.state[p].values() if hasattr(each, "_a")]
    return [*found, torch.get_rng_state()._a], step


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_a_compiled_training_leaves_what_an_eager_one_leaves(case: tuple[str, ...], dtype: Any) -> None:
    """Losses, parameters, buffers, `.grad`, versions, states and the generator are those of eager training."""
    eager, _ = _left(case, dtype, False)
    written, step = _left(case, dtype, True)
    share = 1e-5 if dtype is torch.float32 else 1e-12
    for a, b in zip(written, eager, strict=True):
        np.testing.assert_allclose(a, b, rtol=share, atol=share)
    assert step.calls["written"] >= 15, step.reason
