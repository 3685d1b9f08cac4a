"""How often each slip is told apart from all others on random graphs.

    python -m benchmarks.slips [--quick] [--graphs N] [--seeds N] [--right N]

The long run of `tests/searches/slips`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.slips import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
