"""Rosenblatt's perceptron: a sign for an output, w ← w + lr·(target − output)·x for a rule.

No derivative is taken: the step function has none worth the name. The rule finds a line for AND and
OR in a few rounds, and goes round in circles on XOR.
"""

from __future__ import annotations

from backprop_tutor import engine as torch

X = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
GATES = {"AND": [-1, -1, -1, 1], "OR": [-1, 1, 1, 1], "XOR": [-1, 1, 1, -1]}


def sign(x: torch.Tensor) -> torch.Tensor:
    return torch.where(x > 0, torch.ones(()), -torch.ones(()))


def learn(targets: torch.Tensor, rounds: int = 50, rate: float = 0.1) -> tuple[int | None, list[float]]:
    """Return in which round the last mistake was made good, None if never; and the outputs."""
    weights, bias = torch.zeros(2), torch.zeros(())
    for number in range(1, rounds + 1):
        mistakes = 0
        for x, target in zip(X, targets, strict=True):
            error = target - sign(weights @ x + bias)
            if error.item() != 0:
                weights += rate * error * x
                bias += rate * error
                mistakes += 1
        if not mistakes:
            return number, sign(X @ weights + bias).tolist()
    return None, sign(X @ weights + bias).tolist()


def main() -> None:
    for name, outputs in GATES.items():
        found, said = learn(torch.tensor([float(out) for out in outputs]))
        print(f"{name:4} " + (f"learnt in round {found}" if found else "never learnt"), said)
        assert (found is None) == (name == "XOR")
        assert name == "XOR" or said == outputs


if __name__ == "__main__":
    main()
