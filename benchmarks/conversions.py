"""How far entries of arrays are from their gates, both ways, on random programs.

    python -m benchmarks.conversions          # 200 programs over arrays and 200 networks
    python -m benchmarks.conversions 1000 7   # so many, from this seed on

The long run of `tests/searches/conversions`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.conversions import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
