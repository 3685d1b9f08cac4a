"""Mutated and odd inputs in every reader, and a table of what came out.

    python -m benchmarks.fuzz [--seed 1] [--count 100000] [--only 4711] [TARGET ...]

The long run of `tests/searches/fuzz`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.fuzz.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
