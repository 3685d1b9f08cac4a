"""Iris by a 4-128-64-32-16-3 network, with batch normalisation after the first three layers.

ReLU, cross-entropy, gradient descent with learning rate 0.001, batches of 4, 200 epochs. With the course's
seed, 777, 37 of the 38 flowers set aside are told right: 0.97. Writes the curves of loss and accuracy; over
several seeds the test accuracy is at least 0.94 on average.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from backprop_tutor import engine as torch
from backprop_tutor.engine import datasets, nn, plots
from backprop_tutor.engine.training import History, evaluate, fit
from backprop_tutor.engine.utils.data import DataLoader, TensorDataset, random_split


class Iris(nn.Module):
    """Five layers, the first three normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(4, 128), nn.BatchNorm1d(128), nn.ReLU(),
            nn.Linear(128, 64), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Linear(32, 16), nn.ReLU(),
            nn.Linear(16, 3),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return one score a species."""
        return self.layers(x)


def run(seed: int, epochs: int) -> tuple[float, History]:
    """Return the test accuracy and the history of one training."""
    torch.manual_seed(seed)
    table = datasets.iris()
    data = TensorDataset(torch.from_numpy(table.features), torch.from_numpy(table.targets))
    train, test = random_split(data, [112, 38])
    model = Iris()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    loader = DataLoader(train, batch_size=4, shuffle=True)
    checks = DataLoader(test, batch_size=38)
    history = fit(
        model, criterion, optimizer, loader, epochs, ["accuracy"], checks, progress=False, compile=True
    )
    return evaluate(model, criterion, checks, ["accuracy"])["accuracy"], history


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("-o", "--output", type=Path, default=Path("iris_curves.png"))
    given = parser.parse_args()
    found = []
    for seed in (777, *range(given.seeds - 1)):
        accuracy, history = run(seed, given.epochs)
        print(f"seed {seed}: loss {history['loss'][-1]:.4f}, test accuracy {accuracy:.4f}")
        found.append(accuracy)
    plots.save_figure(history.plot("iris"), given.output)
    mean = sum(found) / len(found)
    print(f"mean test accuracy {mean:.4f}; curves in {given.output}")
    assert history["loss"][-1] < history["loss"][0]
    assert given.epochs != 200 or (round(found[0] * 38), round(found[0], 2)) == (37, 0.97)
    assert given.epochs < 200 or mean >= 0.94


if __name__ == "__main__":
    main()
