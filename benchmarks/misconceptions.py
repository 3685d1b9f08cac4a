"""How often the cause of a wrong sheet is named, on sheets made without the tutor's own slips.

    python -m benchmarks.misconceptions [--rounds N] [--right N] [--typos N] [--pairs N] [--missed N]

The long run of `tests/searches/causes`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.causes.run import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
