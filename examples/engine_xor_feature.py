"""XOR made linear: with the product x₁·x₂ as a third input, one perceptron is enough."""

from __future__ import annotations

import argparse

from backprop_tutor import engine as torch
from backprop_tutor.engine import nn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5_000)
    steps = parser.parse_args().steps
    torch.manual_seed(777)
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    features = torch.cat([x, x[:, :1] * x[:, 1:]], dim=1)
    model = nn.Linear(3, 1)
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(model(features), y)
        loss.backward()
        optimizer.step()
    w1, w2, w12 = model.weight.tolist()[0]
    print(f"loss {loss.item():.4f}: {w1:.2f} x1 + {w2:.2f} x2 + {w12:.2f} x1 x2 + {model.bias.item():.2f}")
    assert ((model(features) > 0).float() == y).all()
    assert w1 > 0
    assert w2 > 0
    assert w12 < 0


if __name__ == "__main__":
    main()
