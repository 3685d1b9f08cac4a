"""What type checkers know of the package, and what they find in a user's program with planted mistakes.

    python -m benchmarks.typed_programs [--missing]

The long run of `tests/searches/typed_programs`, of which the tests make a short one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from searches.typed_programs import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
