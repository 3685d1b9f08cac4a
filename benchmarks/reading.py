"""What a text costs to read, a character, as its length grows: a ratio near 1 is a linear cost.

    python -m benchmarks.reading

The tests count calls, which is the same on every machine; here are the seconds, matching of patterns
included. Each figure is the best of three runs.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable

from backprop_tutor.errors import TutorError
from backprop_tutor.language import parse

KINDS: dict[str, Callable[[int], str]] = {
    "sum": lambda n: "+".join(["x"] * n),
    "chain": lambda n: "v0 = x\n" + "\n".join(f"v{i} = v{i - 1} + x" for i in range(1, n // 5)),
    "letters": lambda n: "x" * n,
    "brackets": lambda n: "(" * n,
    "bars": lambda n: "|x|+" * (n // 4) + "1",
    "commands": lambda n: r"\frac" * (n // 5),
    "subscripts": lambda n: "x_{" * (n // 3),
    "names": lambda n: "sin " * (n // 4),
}
SIZES = (2_500, 10_000, 40_000)


def seconds(text: str) -> float:
    """Return the best of three times."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        with contextlib.suppress(TutorError):
            parse(text)
        times.append(time.perf_counter() - begin)
    return min(times)


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.reading", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()  # fmt: skip
    print(f"{'':>12}" + "".join(f"{size:>12,}" for size in SIZES) + "   µs a character, and the ratio")
    for name, text in KINDS.items():
        each = [seconds(text(size)) / size * 1e6 for size in SIZES]
        print(f"{name:>12}" + "".join(f"{value:>12.2f}" for value in each) + f"{each[-1] / each[1]:>9.2f}")


if __name__ == "__main__":
    main()
