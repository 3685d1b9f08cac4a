"""Models opened in the tutor against the engine's own pass: `python -m benchmarks.matrices`.

Prints ratios of one run: the derivation of a 784-128-10 network on a batch of 32 against forward and
backward of the engine, the memory against its values, and how explaining grows with the number of layers.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from typing import Any

import numpy as np

import backprop_tutor as bt
from backprop_tutor import engine as torch
from backprop_tutor.engine import nn
from backprop_tutor.engine.nn import functional as F


def best(call: Any, times: int = 20) -> float:
    """Return the least of some times in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return min(found)


def deep(layers: int, width: int = 64) -> Any:
    """Return a network of so many layers of one width."""
    parts: list[Any] = []
    for _ in range(layers):
        parts += [nn.Linear(width, width), nn.Tanh()]
    return nn.Sequential(*parts, nn.Linear(width, 10))


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.matrices", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()  # fmt: skip
    torch.manual_seed(0)
    draw = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    x, y = draw.normal(size=(32, 784)).astype(np.float32), draw.integers(0, 10, 32)
    batch, labels = torch.tensor(x), torch.tensor(y)

    def own() -> None:
        F.cross_entropy(model(batch), labels).backward()

    engine, derive = best(own), best(lambda: bt.from_model(model, x, y))
    d = bt.from_model(model, x, y)
    again = best(lambda: d.moved())
    print(f"784-128-10, 32 rows: engine {engine * 1e3:.2f} ms, from_model {derive * 1e3:.2f} ms "
          f"({derive / engine:.1f}x), derived anew {again * 1e3:.2f} ms ({again / engine:.1f}x)")
    held = sum(np.asarray(value).nbytes for value in d.numbers)
    tracemalloc.start()
    start = time.perf_counter()
    text = d.explain(check=False)
    took = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"explain: {took:.2f} s, {len(text):,} characters, {peak / held:.2f}x the values' memory")
    tracemalloc.start()
    bt.from_model(model, x, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"derive: {peak / held:.2f}x the values' memory at its peak")
    x = draw.normal(size=(32, 64)).astype(np.float32)
    times = []
    for layers in (10, 20, 50):
        d = bt.from_model(deep(layers), x, y)
        times.append(best(lambda d=d: d.explain(check=False), 3))  # type: ignore[misc]
        each = times[-1] / layers * 1e3
        print(f"{layers} layers of 64: explained in {times[-1]:.3f} s, {each:.2f} ms a layer")


if __name__ == "__main__":
    main()
