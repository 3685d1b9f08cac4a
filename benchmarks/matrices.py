"""Models opened in the tutor against the engine's own pass: `python -m benchmarks.matrices`.

Prints medians of processor time on one core, the rivals in turn: the derivation of a 784-128-10 network on
a batch of 32 against forward and backward of the engine, explaining it, the memory against its values, and
how explaining grows with the number of layers.
"""

from __future__ import annotations

import argparse
import os
import time
import tracemalloc
from collections.abc import Callable
from statistics import median
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # threads that wait for each other are not what is compared

import numpy as np  # noqa: E402

import backprop_tutor as bt  # noqa: E402
from backprop_tutor import engine as torch  # noqa: E402
from backprop_tutor.engine import nn  # noqa: E402
from backprop_tutor.engine.nn import functional as F  # noqa: E402


def in_turn(rounds: int, *calls: Callable[[], object]) -> list[float]:
    """Return the median processor time of each call in seconds, one after the other in every round."""
    found: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()  # what is made once is no part of it
    for _ in range(rounds):
        for times, call in zip(found, calls, strict=True):
            start = time.process_time()
            call()
            times.append(time.process_time() - start)
    return [median(times) for times in found]


def peak_of(call: Callable[[], object]) -> int:
    """Return the bytes that a call holds at most."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


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

    d = bt.from_model(model, x, y)
    engine, derive, again = in_turn(
        200, own, lambda: bt.from_model(model, x, y), lambda: d.moved()
    )
    print(f"784-128-10, 32 rows: engine {engine * 1e3:.2f} ms, from_model {derive * 1e3:.2f} ms "
          f"({derive / engine:.1f}x), derived anew {again * 1e3:.2f} ms ({again / engine:.1f}x)")
    held = sum(np.asarray(value).nbytes for value in d.numbers)
    (took,) = in_turn(5, lambda: bt.from_model(model, x, y).explain(check=False))
    peak = peak_of(lambda: d.explain(check=False))
    length = len(d.explain(check=False))
    print(f"opened and explained: {took * 1e3:.1f} ms, {length:,} characters, "
          f"{peak / held:.2f}x the values' memory")
    peak = peak_of(lambda: bt.from_model(model, x, y))
    print(f"derive: {peak / held:.2f}x the values' memory at its peak")
    x = draw.normal(size=(32, 64)).astype(np.float32)
    counts = (10, 20, 50, 100)
    nets = [deep(layers) for layers in counts]
    times = in_turn(3, *(lambda net=net: bt.from_model(net, x, y).explain(check=False) for net in nets))  # type: ignore[misc]
    for layers, each in zip(counts, times, strict=True):
        print(f"{layers} layers of 64: opened and explained in {each:.3f} s, "
              f"{each / layers * 1e3:.2f} ms a layer")


if __name__ == "__main__":
    main()
