"""Seeded trainings print PyTorch's losses, line by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backprop_tutor import engine as torch
from backprop_tutor.engine import datasets, nn, optim
from backprop_tutor.engine.training import fit
from backprop_tutor.engine.utils.data import DataLoader, TensorDataset, random_split

EXPECTED = json.loads(
    (Path(__file__).parents[2] / "cases" / "engine_training.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("name", "kind", "tolerance"), [("xor", torch.float32, 2e-6), ("xor64", torch.float64, 1e-12)]
)
def test_xor(name: str, kind: Any, tolerance: float) -> None:
    """XOR by a 2-2-1 network: 200 losses as PyTorch prints them."""
    torch.manual_seed(0)
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]], dtype=kind)
    y = torch.tensor([[0.0], [1], [1], [0]], dtype=kind)
    model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 1), nn.Sigmoid()).to(kind)
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    losses = []
    for _ in range(200):
        optimizer.zero_grad()
        loss = nn.BCELoss()(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == pytest.approx(EXPECTED[name], rel=tolerance)


def _iris_parts(drop: float) -> tuple[Any, Any, nn.Module]:
    torch.manual_seed(1)
    table = datasets.iris()
    data = TensorDataset(torch.from_numpy(table.features), torch.from_numpy(table.targets))
    train, test = random_split(data, [112, 38])
    model = nn.Sequential(
        nn.Linear(4, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(drop), nn.Linear(32, 16),
        nn.ReLU(), nn.Linear(16, 3),
    )
    return train, test, model


OPTIMIZERS: dict[str, tuple[Callable[[Any], optim.Optimizer], float]] = {
    "iris_sgd": (lambda p: optim.SGD(p, lr=0.01, momentum=0.9), 0.0),
    "iris_adam": (lambda p: optim.Adam(p, lr=0.003), 0.2),
    "iris_rmsprop": (lambda p: optim.RMSprop(p, lr=0.001), 0.0),
    "iris_adagrad": (lambda p: optim.Adagrad(p, lr=0.01), 0.0),
    "iris_adamw": (lambda p: optim.AdamW(p, lr=0.003), 0.0),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_iris(name: str) -> None:
    """Iris, shuffled in batches of 4, normalised, dropped out: every loss, and the test accuracy."""
    make, drop = OPTIMIZERS[name]
    train, test, model = _iris_parts(drop)
    optimizer = make(model.parameters())
    losses = []
    for _ in range(3):
        for x, y in DataLoader(train, batch_size=4, shuffle=True):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    model.eval()
    x, y = test.dataset.tensors
    rows = torch.tensor(test.indices)
    accuracy = (model(x[rows]).argmax(1) == y[rows]).float().mean().item()
    assert losses == pytest.approx(EXPECTED[name][:-1], rel=2e-3, abs=2e-4)
    assert losses[:20] == pytest.approx(EXPECTED[name][:20], rel=2e-4)
    assert accuracy == pytest.approx(EXPECTED[name][-1], abs=0.03)


@pytest.mark.parametrize(
    ("name", "kind", "tolerance"),
    [("iris_course", torch.float32, 1e-5), ("iris_course64", torch.float64, 1e-12)],
)
def test_iris_as_the_course_trains_it(name: str, kind: Any, tolerance: float) -> None:
    """Five layers, three of them normalised, lr 0.001: the 140 losses of five epochs."""
    torch.manual_seed(777)
    table = datasets.iris()
    x, y = torch.from_numpy(table.features).float(), torch.from_numpy(table.targets).long()
    model = nn.Sequential(
        nn.Linear(4, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64), nn.BatchNorm1d(64),
        nn.ReLU(), nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(),
        nn.Linear(16, 3),
    ).to(kind)
    train, _ = random_split(TensorDataset(x.to(kind), y), [112, 38])
    optimizer = optim.SGD(model.parameters(), lr=0.001)
    losses = []
    for _ in range(5):
        for batch, classes in DataLoader(train, batch_size=4, shuffle=True):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(batch), classes)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert losses == pytest.approx(EXPECTED[name], rel=tolerance)


def test_fit_is_the_loop_by_hand() -> None:
    """`fit` draws and computes as the loop written out: the same losses, epoch for epoch."""
    train, _, model = _iris_parts(0.0)
    history = fit(
        model, nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.01, momentum=0.9),
        DataLoader(train, batch_size=4, shuffle=True), 3, progress=False,
    )
    by_hand = [sum(EXPECTED["iris_sgd"][28 * e : 28 * e + 28]) / 28 for e in range(3)]
    assert history["loss"] == pytest.approx(by_hand, rel=1e-3)
