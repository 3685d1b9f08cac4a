"""How much one layout for all frames saves: all frames of a 200-operation graph on one layout
against one layout a frame, measured in one run.

    python -m benchmarks.pictures

Prints seconds, and the ratio that matters: the second way's time over the first's. For the second
way only the layouts are timed, on every twentieth frame and scaled up, and the first way's time for
the drawing is added: the two differ in nothing but the number of layouts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import backprop_tutor as bt
from backprop_tutor.render.drawing.diagram import Plate

OPERATIONS = 200
EVERY = 20


def recurrence(operations: int) -> bt.Derivation:
    """Return the derivation of y ← y·w + b, repeated: `operations` operations."""
    lines = ["y0 = x*w", "y1 = y0 + b"]
    for i in range(2, operations):
        lines.append(f"y{i} = y{i - 1}{'*w' if i % 2 == 0 else ' + b'}")
    return bt.derive("\n".join(lines), at={"x": 1.0, "w": 0.5, "b": 0.25})


def seconds(work: Callable[[], object]) -> float:
    """Return the best of three times."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.pictures", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()  # fmt: skip
    derivation = recurrence(OPERATIONS)
    begin = time.perf_counter()
    size = len(bt.derive("f = x", at={"x": 1}).diagram().svg)
    start = time.perf_counter() - begin
    assert size
    steps = len(derivation.steps)
    one = seconds(lambda: [frame.svg for frame in derivation.frames()])
    some = range(1, steps + 1, EVERY)
    layouts = seconds(lambda: [Plate(derivation).placement for _ in some]) * steps / len(some)
    each = one + layouts * (steps - 1) / steps
    print(f"start of the layout engine, once a process   {start:8.2f} s")
    print(f"{steps} frames on one layout                    {one:8.2f} s")
    print(f"{steps} frames, one layout a frame              {each:8.2f} s")
    print(f"ratio                                        {each / one:8.0f} x")


if __name__ == "__main__":
    main()
