"""Gradients in symbols against SymPy's derivatives, on random programs.

    python -m benchmarks.symbols [COUNT]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from programs_in_symbols import differences, program


def main() -> None:
    """Print each gradient that differs, and their number."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.symbols", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("count", nargs="?", type=int, default=200, help="programs (200)")
    count = parser.parse_args().count
    start = time.process_time()
    wrong = [line for seed in range(count) for line in differences(program(seed))]
    print("\n".join(wrong))
    seconds = time.process_time() - start
    print(f"{count} programs, {len(wrong)} gradients that are not SymPy's, {seconds:.0f} s")
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
