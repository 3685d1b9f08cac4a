"""Microseconds a training step, its loss computed: compiled, by hand, eager, PyTorch and JAX, in one run.

    python -m benchmarks.compiled [TURNS] [--case NAME] [--skip NAME] [--memory]

Four networks in float32 on one core: XOR 2-2-1 (sigmoid, BCE, SGD), iris 4-128-64-32-16-3 with batch
normalisation (ReLU, cross-entropy, SGD), 784-128-10 (ReLU, batch 32, Adam) and 784-512-512-10 (batch 256,
SGD). Of the last one the matrix products with the update alone are measured, too. What is missing is
skipped and said. The contenders take many short turns, in another order each time; of each the best turn is
printed, and ours over it, the median of both times' ratios turn by turn with its quartiles. Time is that of
the processor, so that whatever else the machine does is left out. `--memory` prints instead what Python and
NumPy hold at most during a step, compiled and eager: the model, its optimizer and the batch included.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
import tracemalloc
import warnings
from statistics import median, quantiles

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

from backprop_tutor import engine  # noqa: E402

from .compiled_rivals import ROUNDS, SIZES, Step, contenders, of_torch  # noqa: E402


def timed(steps: dict[str, Step], rounds: int, turns: int) -> dict[str, list[float]]:
    """Return the microseconds of a step in each turn; every turn has all contenders, in another order."""
    found: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        for _ in range(3):
            step()
    order = list(steps)
    for turn in range(turns):
        first = turn % len(order)
        for name in order[first:] + order[:first]:
            step = steps[name]
            step()  # what the one before left in the caches is nobody's affair
            start = time.process_time()
            for _ in range(rounds):
                step()
            found[name].append((time.process_time() - start) / rounds * 1e6)
    return found


def compared(own: list[float], other: list[float]) -> str:
    """Return the best time of another, and ours over its: of the best turns, and turn by turn.

    >>> compared([2.0, 3.0, 6.0], [2.0, 2.0, 2.0])
    '2.0 (1.00; turn by turn 1.50, half of them 1.25 to 2.25)'
    """
    ratios = sorted(a / b for a, b in zip(own, other, strict=True))
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return (f"{min(other):.1f} ({min(own) / min(other):.2f}; turn by turn {middle:.2f}, "
            f"half of them {low:.2f} to {high:.2f})")


def memory(case: str) -> dict[str, int]:
    """Return the bytes held at most during a step, compiled and eager, once there is a program."""
    found: dict[str, int] = {}
    of_torch(engine, case, engine.compile)()  # modules that are loaded at the first call count for nobody
    for name, wrapped in (("compiled", engine.compile), ("eager", None)):
        gc.collect()
        tracemalloc.start()
        step = of_torch(engine, case, wrapped)
        for _ in range(4):
            step()
        gc.collect()
        tracemalloc.reset_peak()
        for _ in range(3):
            step()
        found[name] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        del step
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print the table: microseconds, and the compiled step's ratio to each."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compiled", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("turns", nargs="?", type=int, default=100, help="turns of each, at least 2 (100)")
    parser.add_argument("--case", choices=SIZES, help="one network (all)")
    parser.add_argument("--skip", action="append", default=[], metavar="NAME",
                        help='leave out a contender, such as "torch.compile", which takes minutes to begin')
    parser.add_argument("--memory", action="store_true", help="bytes instead of microseconds")
    given = parser.parse_args(arguments)
    for case in [given.case] if given.case else SIZES:
        count, sizes = SIZES[case]
        if given.memory:
            bytes_of = memory(case)
            ratio = bytes_of["compiled"] / bytes_of["eager"]
            listed = ", ".join(f"{name} {value / 1e3:,.0f} kB" for name, value in bytes_of.items())
            listed += f" ({ratio:.2f})"
        else:
            found = timed(contenders(case, given.skip), ROUNDS[case], given.turns)
            own = found.pop("compiled")
            listed = f"compiled {min(own):.1f} (median {median(own):.1f})"
            listed += "".join(f"\n  {name} {compared(own, other)}" for name, other in found.items())
        print(f"{'-'.join(map(str, sizes))}, batch {count}: {listed}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
