"""What is said of shapes that do not fit, on random programs, held to what happens when it is done.

    python -m benchmarks.misfits             # three thousand programs
    python -m benchmarks.misfits 20000 7     # so many, from this seed

The long run of `tests/searches/misfits`, of which the tests make a short one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.misfits import main  # noqa: E402

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.misfits", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("count", nargs="?", type=int, default=3000, help="programs (3000)")
    parser.add_argument("seed", nargs="?", type=int, default=0, help="the seed (0)")
    asked = parser.parse_args()
    sys.exit(bool(main(asked.count, asked.seed)))
