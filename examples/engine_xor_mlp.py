"""XOR learnt by two sigmoid units and one: the settings of the perceptron, with a hidden layer."""

from __future__ import annotations

import argparse

from backprop_tutor import engine as torch
from backprop_tutor.engine import nn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    steps = parser.parse_args().steps
    torch.manual_seed(777)
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 1), nn.Sigmoid())
    criterion = nn.BCELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1)
    first = None
    for step in range(steps + 1):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        first = loss.item() if first is None else first
        if step % 1000 == 0:
            print(f"{step:6} {loss.item():.6f}")
    with torch.no_grad():
        hypothesis = model(x)
    print(hypothesis.flatten().tolist())
    assert loss.item() < first
    if steps >= 10_000:
        assert ((hypothesis > 0.5).float() == y).all()


if __name__ == "__main__":
    main()
