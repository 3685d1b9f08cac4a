"""How far entries of arrays are from their gates, both ways, on random programs.

    python -m benchmarks.conversions          # 200 programs over arrays and 200 networks
    python -m benchmarks.conversions 1000 7   # so many, from this seed on

The long run of `tests/searches/conversions`, of which the tests make a short one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.conversions import main  # noqa: E402

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.conversions", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("count", nargs="?", type=int, default=200, help="programs each way (200)")
    parser.add_argument("start", nargs="?", type=int, default=0, help="the first seed (0)")
    asked = parser.parse_args()
    sys.exit(bool(main(asked.count, asked.start)))
