"""How many right consequences of a wrong cell are refused, and how many right sheets accused.

    python -m benchmarks.follow_through [--cells 5000] [--right 10000] [--seed 1]

The long run of `tests/searches/follow_through`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.follow_through import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
