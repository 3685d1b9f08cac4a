"""What the spine costs, as ratios measured in one run.

    python -m benchmarks.spine            # all
    python -m benchmarks.spine growth     # cost per operation, 100 to 20,000 operations
    python -m benchmarks.spine gradients  # a 2-2-2 network: backprop against SymPy's closed forms
    python -m benchmarks.spine start      # cold start of `explain` against the bare interpreter

(All frames of one graph on one layout against a layout a frame: `python -m benchmarks.pictures`.)

Every figure is the median of several runs, and rivals run in turn, so that a machine whose speed
drifts does not decide.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import backprop_tutor as bt


def median_seconds(action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def chain(operations: int) -> str:
    """Return a program of that many operations: half products, half sigmoids, one fan-out node."""
    lines = ["a0 = w*x"]
    lines += [f"a{i} = sigmoid(w*a{i - 1})" for i in range(1, operations // 2)]
    return "\n".join(lines)


def growth() -> None:
    print("cost per operation (median of 5), and its ratio to that at 1,000 operations")
    print(f"{'operations':>12} {'derive':>12} {'explain':>12} {'ratio':>8} {'ratio':>8}")
    sizes = (100, 1_000, 5_000, 20_000)
    point = {"w": 0.7, "x": 0.5}
    measured = {}
    for size in sizes:
        text = chain(size)
        runs = 5 if size < 20_000 else 3
        derive = median_seconds(lambda text=text: bt.derive(text, at=point), runs)
        d = bt.derive(text, at=point)
        explain = median_seconds(lambda d=d: d.explain(check=False), runs)
        measured[size] = (derive / size, explain / size)
    base = measured[1_000]
    for size, (derive, explain) in measured.items():
        print(
            f"{size:>12,} {derive * 1e6:>9.1f} µs {explain * 1e6:>9.1f} µs "
            f"{derive / base[0]:>8.2f} {explain / base[1]:>8.2f}"
        )


def gradients() -> None:
    import sympy

    program = bt.network([2, 2, 2], activation="sigmoid", loss="half_squared_error")
    d = bt.derive(program)
    weights = [name for name in d.graph_table.inputs if name.startswith("w")]
    # The loss as one closed expression, by the graph's own operations.
    from backprop_tutor.ops import OPS
    from backprop_tutor.ops.sympy_kernel import SYMPY

    table: dict[int, object] = {}
    for place, node in enumerate(d.graph_table.nodes):
        if node.kind == "operation":
            table[place] = OPS[node.op].forward(SYMPY, *(table[i] for i in node.operands))
        elif node.kind == "input":
            table[place] = sympy.Symbol(node.name)
        else:
            table[place] = sympy.Rational(node.value) if node.value is not None else None
    loss = table[d.graph_table.output]
    point = {sympy.Symbol(k): float(v) for k, v in d.at.items()}

    def closed() -> list[float]:
        from sympy.core.cache import clear_cache

        clear_cache()
        return [float(sympy.diff(loss, sympy.Symbol(w)).xreplace(point)) for w in weights]

    ours = median_seconds(lambda: bt.derive(program), 15)
    theirs = median_seconds(closed, 3)
    for w, value in zip(weights, closed(), strict=True):
        assert abs(value - d.gradients[w]) < 1e-12
    print(f"all gradients of a 2-2-2 network: derive {ours * 1e3:.2f} ms, sympy.diff of the closed form "
          f"per weight {theirs * 1e3:.0f} ms: {theirs / ours:.0f} times")  # fmt: skip


def start() -> None:
    command = ["-m", "backprop_tutor", "explain", "f = wx + b", "w=-2", "x=5", "b=3"]
    rivals = {
        "explain": [sys.executable, *command],
        "import backprop_tutor": [sys.executable, "-c", "import backprop_tutor"],
        "bare interpreter": [sys.executable, "-c", "pass"],
        "import sympy": [sys.executable, "-c", "import sympy"],
    }
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(7):
        for name, rival in rivals.items():
            begin = time.perf_counter()
            subprocess.run(rival, check=True, capture_output=True)
            times[name].append(time.perf_counter() - begin)
    bare = statistics.median(times["bare interpreter"])
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"{name:24} {middle * 1e3:7.0f} ms   {middle / bare:5.1f} × the bare interpreter")


PARTS = {"growth": growth, "gradients": gradients, "start": start}


def main() -> None:
    """Measure the parts that are asked for, and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.spine", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked = parser.parse_args().parts or list(PARTS)
    for name in asked:
        if name not in PARTS:
            parser.error(f"no part {name!r}; the parts: {', '.join(PARTS)}")
    for name in asked:
        PARTS[name]()


if __name__ == "__main__":
    main()
