"""The perceptron on AND, OR and XOR: a line separates the first two, and no line the third.

Linear, sigmoid, binary cross-entropy, gradient descent with learning rate 1, seed 777. The loss of
XOR stays at ln 2 = 0.693: the best a line can say is "half" everywhere.
"""

from __future__ import annotations

import argparse
import math

from backprop_tutor import engine as torch
from backprop_tutor.engine import nn

GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}


def train(outputs: list[int], steps: int) -> tuple[float, list[int]]:
    """Return the last loss and the predicted classes."""
    torch.manual_seed(777)
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[float(out)] for out in outputs])
    model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
    criterion = nn.BCELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        predicted = (model(x) > 0.5).int().flatten().tolist()
    return loss.item(), predicted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    steps = parser.parse_args().steps
    for name, outputs in GATES.items():
        loss, predicted = train(outputs, steps)
        print(f"{name:4} loss {loss:.6f}  predicted {predicted}")
        if name == "XOR":
            assert abs(loss - math.log(2)) < 1e-3
        else:
            assert predicted == outputs


if __name__ == "__main__":
    main()
