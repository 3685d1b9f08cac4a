"""XOR trained by numerical derivatives beside backpropagation: the same path, at very different cost.

A 2-6-1 network in float64, learning rate 0.01. A centred difference costs two forward passes for
each of its 25 parameters; backpropagation costs one forward and one backward pass for all.
"""

from __future__ import annotations

import argparse
import time

from backprop_tutor import engine as torch
from backprop_tutor.engine import nn

H = 1e-5
RATE = 1e-2

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
Y = torch.tensor([[0.0], [1.0], [1.0], [0.0]], dtype=torch.float64)


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 6), nn.Sigmoid(), nn.Linear(6, 1), nn.Sigmoid()).double()


def loss_of(model: nn.Sequential) -> torch.Tensor:
    return nn.functional.mse_loss(model(X), Y)


def numerical_step(model: nn.Sequential) -> float:
    """Move every parameter against its centred difference; return the loss before."""
    with torch.no_grad():
        before = loss_of(model).item()
        slopes = []
        for parameter in model.parameters():
            values = parameter.numpy(force=True).reshape(-1)
            slope = torch.zeros(values.size, dtype=torch.float64)
            for place in range(values.size):
                kept = values[place]
                values[place] = kept + H
                above = loss_of(model).item()
                values[place] = kept - H
                below = loss_of(model).item()
                values[place] = kept
                slope[place] = (above - below) / (2 * H)
            slopes.append(slope.reshape(parameter.shape))
        for parameter, slope in zip(model.parameters(), slopes, strict=True):
            parameter.sub_(slope * RATE)
    return before


def backprop_step(model: nn.Sequential, optimizer: torch.optim.SGD) -> float:
    """Take one step of gradient descent; return the loss before."""
    optimizer.zero_grad()
    loss = loss_of(model)
    loss.backward()
    optimizer.step()
    return loss.item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500)
    steps = parser.parse_args().steps
    by_differences, by_backprop = network(), network()
    optimizer = torch.optim.SGD(by_backprop.parameters(), lr=RATE)
    spent = [0.0, 0.0]
    furthest = 0.0
    for step in range(steps):
        start = time.perf_counter()
        numerical = numerical_step(by_differences)
        middle = time.perf_counter()
        exact = backprop_step(by_backprop, optimizer)
        spent[0] += middle - start
        spent[1] += time.perf_counter() - middle
        furthest = max(furthest, abs(numerical - exact))
        if step % 100 == 0:
            print(f"{step:5}  numerical {numerical:.9f}  backprop {exact:.9f}")
    print(f"furthest apart: {furthest:.1e}")
    print(f"numerical {spent[0] / steps * 1e6:.0f} µs a step, ", end="")
    print(f"backprop {spent[1] / steps * 1e6:.0f} µs: {spent[0] / spent[1]:.0f} times the cost")
    assert furthest < 1e-8
    assert spent[0] > 3 * spent[1]


if __name__ == "__main__":
    main()
