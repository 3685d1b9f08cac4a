"""The check on random programs: false alarms, and planted slopes that pass.

    python -m benchmarks.check_truth [--programs 1000] [--planted 50] [--seed 0]

The long run of `tests/searches/check_truth`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.check_truth import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
