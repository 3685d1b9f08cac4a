"""Microseconds a training step: this engine next to PyTorch eager and teaching engines, as ratios.

Run `python -m benchmarks.engine` with the extra `bench` installed; what is missing is skipped and
said. The exit code is 1 where PyTorch is not as many times slower as wanted. Three networks in
float32 on one thread: XOR (2-2-1 sigmoid, batch 4, BCE, SGD), iris (4-128-64-32-16-3 with
BatchNorm and ReLU, batch 4, cross-entropy, SGD) and 784-128-10 (ReLU, batch 32, cross-entropy,
Adam). The libraries take turns, so that whatever else the machine does meets all of them; the
best of the turns counts.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[1]))

from backprop_tutor import engine  # noqa: E402
from benchmarks.engine_others import OTHERS, Unable  # noqa: E402


def xor(torch: Any) -> Callable[[], None]:
    """Return one training step of the XOR network."""
    torch.manual_seed(0)
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    nn = torch.nn
    model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 1), nn.Sigmoid())
    loss = nn.BCELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    return _step(model, loss, optimizer, x, y)


def iris(torch: Any) -> Callable[[], None]:
    """Return one training step of the iris network."""
    torch.manual_seed(0)
    x = torch.rand(4, 4)
    y = torch.tensor([0, 1, 2, 1])
    nn = torch.nn
    model = nn.Sequential(
        nn.Linear(4, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64), nn.BatchNorm1d(64),
        nn.ReLU(), nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(),
        nn.Linear(16, 3),
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    return _step(model, nn.CrossEntropyLoss(), optimizer, x, y)


def digits(torch: Any) -> Callable[[], None]:
    """Return one training step of the 784-128-10 network."""
    torch.manual_seed(0)
    x = torch.rand(32, 784)
    y = torch.randint(0, 10, (32,))
    nn = torch.nn
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters())
    return _step(model, nn.CrossEntropyLoss(), optimizer, x, y)


def _step(model: Any, loss: Any, optimizer: Any, x: Any, y: Any) -> Callable[[], None]:
    def step() -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


def best(steps: dict[str, Callable[[], None]], turns: int, count: int) -> dict[str, float]:
    """Return, for each library, the microseconds a step takes in its best turn."""
    found = dict.fromkeys(steps, float("inf"))
    for step in steps.values():
        for _ in range(20):
            step()
    for _ in range(turns):
        for library, step in steps.items():
            start = time.process_time()
            for _ in range(count):
                step()
            found[library] = min(found[library], (time.process_time() - start) / count * 1e6)
    return found


def main() -> int:
    """Measure the three networks and print a table of microseconds and ratios."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.engine", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()  # fmt: skip
    libraries: dict[str, Any] = {"this engine": engine}
    try:
        import torch

        torch.set_num_threads(1)
        libraries["PyTorch eager"] = torch
    except ImportError as error:
        print(f"skipped: PyTorch: not installed ({error})")
    print(f"{'network':18}{'engine':16}{'a step':>12}{'times ours':>12}{'wanted':>8}")
    worst = 0
    for name, build, turns, count, wanted in (
        ("XOR 2-2-1", xor, 15, 200, 2.0), ("iris, BatchNorm", iris, 15, 100, 2.0),
        ("784-128-10, Adam", digits, 15, 50, 1.0),
    ):
        steps = {library: build(module) for library, module in libraries.items()}
        unable = []
        for other, build_other in OTHERS.items():
            try:
                steps[other] = build_other(build.__name__)
            except Unable as reason:
                unable.append(f"{name:18}{other:16}skipped: {reason}")
        found = best(steps, turns, count)
        for library, spent in found.items():
            ratio = spent / found["this engine"]
            line = f"{name:18}{library:16}{spent:>9.0f} µs{ratio:>12.2f}"
            if library == "PyTorch eager":
                line += f"{wanted:>8.1f}"
                worst += ratio < wanted
            print(line)
        print("\n".join(unable), end="\n" if unable else "")
    print(f"NumPy {np.__version__}, Python {sys.version.split()[0]}")
    return int(worst > 0)


if __name__ == "__main__":
    sys.exit(main())
