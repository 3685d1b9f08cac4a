"""Milliseconds of starting a Python that imports a part of the package, next to NumPy alone.

Run `python -m benchmarks.imports [RUNS]`. Each line is a new process; the processes take turns, so
that whatever else the machine does meets all of them. Where Python may not write its compiled files
(PYTHONDONTWRITEBYTECODE), each start compiles anew, which the last line says.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

PROGRAMS = {
    "Python alone": "pass",
    "import numpy": "import numpy",
    "import backprop_tutor": "import backprop_tutor",
    "import backprop_tutor.engine": "import backprop_tutor.engine",
    "... and a first backward pass": (
        "from backprop_tutor import engine as torch\n"
        "x = torch.tensor([1.0, 2.0], requires_grad=True)\n(x * x).sum().backward()"
    ),
    "... and a first step of an optimizer": (
        "from backprop_tutor import engine as torch\nmodel = torch.nn.Linear(2, 1)\n"
        "model(torch.ones(3, 2)).sum().backward()\n"
        "torch.optim.SGD(model.parameters(), lr=0.1).step()"
    ),
}


def measure(program: str) -> float:
    """Return the milliseconds from start to end of a process that runs the program."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return (time.perf_counter() - start) * 1e3


def main(arguments: list[str]) -> int:
    """Print the fastest and the median start of each program."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.imports", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("runs", nargs="?", type=int, default=11, help="starts of each program (11)")
    runs = parser.parse_args(arguments).runs
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for turn in range(runs + 1):
        for name, program in PROGRAMS.items():
            found = measure(program)
            if turn:  # the first turn fills the caches
                taken[name].append(found)
    print(f"{'':38}{'fastest':>9}{'median':>9}   ms of {runs} starts")
    for name, times in taken.items():
        print(f"{name:38}{min(times):9.1f}{statistics.median(times):9.1f}")
    compiled = "each start compiles" if sys.dont_write_bytecode else "compiled files are kept"
    print(f"Python {sys.version.split()[0]}; {compiled}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
