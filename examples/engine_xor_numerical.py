"""XOR trained by numerical derivatives beside backpropagation: the same path, at very different cost.

A 2-6-1 sigmoid network in float64, weights drawn from [0, 1), the sum of binary cross-entropies over
the four points, gradient descent. A centred difference costs two forward passes for each of its 25
parameters, 50 a step; backpropagation costs one forward and one backward pass for all.

Programs of this kind are published with a learning rate of 0.01 and 20,001 steps, which `--published`
(or `--steps 20001`) runs in a minute or two; without it 600 steps of 0.5 learn XOR as well.
"""

from __future__ import annotations

import argparse
import time

from backprop_tutor import engine as torch

H = 1e-5
STEPS, RATE = 600, 0.5
PUBLISHED_STEPS, PUBLISHED_RATE = 20_001, 0.01

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
Y = torch.tensor([[0.0], [1.0], [1.0], [0.0]], dtype=torch.float64)

Parameters = list[torch.Tensor]


def parameters(seed: int) -> Parameters:
    torch.manual_seed(seed)
    shapes = ((2, 6), (6,), (6, 1), (1,))
    return [torch.rand(*shape, dtype=torch.float64, requires_grad=True) for shape in shapes]


def predicted(weights: Parameters) -> torch.Tensor:
    w1, b1, w2, b2 = weights
    return torch.sigmoid(torch.sigmoid(X @ w1 + b1) @ w2 + b2)


def loss_of(weights: Parameters) -> torch.Tensor:
    """Return −Σ [y ln p + (1 − y) ln(1 − p)] over the four points."""
    return torch.nn.functional.binary_cross_entropy(predicted(weights), Y, reduction="sum")


def numerical_step(weights: Parameters, rate: float) -> tuple[float, int]:
    """Move every parameter against its centred difference; return the loss before, and the passes."""
    passes = 0
    with torch.no_grad():
        before = loss_of(weights).item()
        slopes = []
        for parameter in weights:
            values = parameter.numpy(force=True).reshape(-1)
            slope = torch.zeros(values.size, dtype=torch.float64)
            for place in range(values.size):
                kept = values[place]
                values[place] = kept + H
                above = loss_of(weights).item()
                values[place] = kept - H
                below = loss_of(weights).item()
                values[place] = kept
                slope[place] = (above - below) / (2 * H)
                passes += 2
            slopes.append(slope.reshape(parameter.shape))
        for parameter, slope in zip(weights, slopes, strict=True):
            parameter.sub_(slope * rate)
    return before, passes


def backprop_step(weights: Parameters, optimizer: torch.optim.SGD) -> float:
    """Take one step of gradient descent; return the loss before."""
    optimizer.zero_grad()
    loss = loss_of(weights)
    loss.backward()
    optimizer.step()
    return loss.item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--rate", type=float, help="learning rate; 0.5, from 20001 steps on 0.01")
    parser.add_argument("--published", action="store_true", help="20001 steps of 0.01")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    steps = PUBLISHED_STEPS if given.published else given.steps
    if steps < 1:
        parser.error("--steps is at least 1")
    rate = given.rate
    if rate is None:
        rate = PUBLISHED_RATE if steps >= PUBLISHED_STEPS else RATE
    by_differences, by_backprop = parameters(given.seed), parameters(given.seed)
    optimizer = torch.optim.SGD(by_backprop, lr=rate)
    spent = [0.0, 0.0]
    furthest = 0.0
    for step in range(steps):
        start = time.perf_counter()
        numerical, passes = numerical_step(by_differences, rate)
        middle = time.perf_counter()
        exact = backprop_step(by_backprop, optimizer)
        spent[0] += middle - start
        spent[1] += time.perf_counter() - middle
        furthest = max(furthest, abs(numerical - exact))
        if step % max(1, steps // 10) == 0:
            print(f"{step:5}  numerical {numerical:.9f}  backprop {exact:.9f}")
    print(f"furthest apart: {furthest:.1e}")
    print(f"a step costs {passes} forward passes by differences, 1 forward and 1 backward pass by backprop")
    print(f"numerical {spent[0] / steps * 1e6:.0f} µs a step, ", end="")
    print(f"backprop {spent[1] / steps * 1e6:.0f} µs: {spent[0] / spent[1]:.0f} times the cost")
    with torch.no_grad():
        answers = predicted(by_differences)
    print("predicted", [round(p, 3) for p in answers.flatten().tolist()], f"loss {numerical:.4f}")
    assert furthest < 1e-6
    if steps * rate >= min(STEPS * RATE, PUBLISHED_STEPS * PUBLISHED_RATE):
        assert ((answers > 0.5) == (Y > 0.5)).all()


if __name__ == "__main__":
    main()
