"""Many points: `sweep` against a derivation at each, as a ratio in one run.

    python -m benchmarks.sweeps
"""

from __future__ import annotations

import argparse
import time

import numpy as np

import backprop_tutor as bt

PROGRAMS = {
    "three operations": "f = (w*x + b)^2",
    "a neuron": "z = w*x + b; a = sigmoid(z); L = half_se(a, t)",
    "twenty operations": "; ".join(["a0 = w*x"] + [f"a{i} = tanh(a{i - 1}) + b" for i in range(1, 11)]),
}
MANY, FEW = 10_000, 200


def main() -> None:
    """Print, for each program, points a second by both ways and their ratio."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.sweeps", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()  # fmt: skip
    print(f"{'program':<20} {'sweep, 10,000':>15} {'derive, 200':>15} {'a point':>10}")
    for name, text in PROGRAMS.items():
        program = bt.parse(text, ["w", "x", "b", "t"])
        points = np.random.default_rng(1).uniform(-2, 2, (len(program.inputs), MANY))
        at = dict(zip(program.inputs, points, strict=True))
        bt.sweep(program, at)
        start = time.perf_counter()
        bt.sweep(program, at)
        swept = time.perf_counter() - start
        start = time.perf_counter()
        for i in range(FEW):
            bt.derive(program, {each: float(numbers[i]) for each, numbers in at.items()})
        derived = time.perf_counter() - start
        ratio = (derived / FEW) / (swept / MANY)
        print(f"{name:<20} {1e3 * swept:>12.1f} ms {1e3 * derived:>12.1f} ms {ratio:>9.0f}×")


if __name__ == "__main__":
    main()
