"""Commands killed at random moments: what they leave, what they say, and whether a rerun completes.

    python -m benchmarks.kills [--count 30] [--seed 1] [COMMAND ...]

The long run of `tests/searches/kills`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.kills import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
