"""Seconds an epoch of the Fashion program, compiled, eager and in PyTorch: 784-128-10, Adam, batches of 32.

    python -m benchmarks.fashion [--pictures 60000] [--epochs 1] [--folder FOLDER]

Without a folder that holds Fashion-MNIST, files of the same form are made: four packed IDX files of random
pictures with labels. They are read as the real ones are; the loader shuffles; every step's loss and hits
are added up, as courses' programs do. All run on one core; time is that of the processor. Losses and
accuracy of the compiled training must be those of the eager one: the exit code says so.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402

from backprop_tutor import engine  # noqa: E402
from backprop_tutor.engine import datasets  # noqa: E402


def make_files(folder: Path, pictures: int) -> None:
    """Write four files of the form of Fashion-MNIST's: ten kinds of blurred squares, and noise."""
    rng = np.random.default_rng(0)
    shapes = rng.integers(0, 256, (10, 7, 7)).repeat(4, 1).repeat(4, 2)
    for part, count in (("train", pictures), ("t10k", max(1, pictures // 6))):
        labels = rng.integers(0, 10, count).astype(np.uint8)
        noise = rng.integers(0, 256, (count, 28, 28))
        images = ((shapes[labels] + 3 * noise) // 4).astype(np.uint8)
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
            with gzip.open(folder / f"{part}-{kind}-ubyte.gz", "wb", 1) as file:
                file.write(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes())


def train(torch: Any, x: Any, y: Any, epochs: int, compiled: bool = False) -> tuple[float, list[float]]:
    """Return the seconds an epoch, and each epoch's loss and accuracy."""
    torch.manual_seed(0)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters())
    criterion = nn.CrossEntropyLoss()
    data = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(y))
    loader = torch.utils.data.DataLoader(data, batch_size=32, shuffle=True)

    def train_step(images: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        outputs = model(images)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        return loss.item(), (outputs.argmax(1) == labels).sum().item()

    step = torch.compile(train_step) if compiled else train_step
    found: list[float] = []
    start = time.process_time()
    for _ in range(epochs):
        total = right = 0.0
        for images, labels in loader:
            loss, hits = step(images, labels)
            total += loss * len(labels)
            right += hits
        found += [total / len(y), right / len(y)]
    return (time.process_time() - start) / epochs, found


def main(arguments: list[str] | None = None) -> int:
    """Print the seconds of each; the exit code is 1 where compiled training is not the eager one."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fashion", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--pictures", type=int, default=60_000, help="how many are made (60000)")
    parser.add_argument("--epochs", type=int, default=1, help="how many (1)")
    parser.add_argument("--folder", help="where the files of Fashion-MNIST are")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        if not given.folder:
            make_files(Path(made), given.pictures)
        table = datasets.pictures(given.folder or made, fashion=True)
    x, y = table.features.astype(np.float32), table.targets.astype(np.int64)
    eager, told = train(engine, x, y, given.epochs)
    compiled, same = train(engine, x, y, given.epochs, compiled=True)
    loss, accuracy = told[-2:]
    print(f"{len(y)} pictures, {given.epochs} epochs; loss {loss:.4f}, accuracy {accuracy:.4f}")
    word = "the same numbers" if same == told else "OTHER NUMBERS"
    print(f"  compiled {compiled:.2f} s an epoch, {word}")
    print(f"  eager    {eager:.2f} s ({compiled / eager:.2f})")
    try:
        import torch
    except ImportError:
        print("  PyTorch is not installed")
    else:
        torch.set_num_threads(1)
        theirs, far = train(torch, x, y, given.epochs)
        apart = max(abs(a - b) for a, b in zip(told, far, strict=True))
        print(f"  PyTorch  {theirs:.2f} s ({compiled / theirs:.2f}), numbers apart by at most {apart:.1e}")
    return int(same != told)


if __name__ == "__main__":
    sys.exit(main())
