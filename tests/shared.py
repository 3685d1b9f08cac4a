"""Where the cases lie, and how a test reads one of their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"


def load_cases(name: str) -> Any:
    """Return a JSON file of tests/cases."""
    return json.loads((CASES / name).read_text(encoding="utf-8"))
