"""What tests of every room share: the cases, and derivations made in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parent / "cases"
ROOT = Path(__file__).parents[1]


def load_cases(name: str) -> Any:
    """Return a JSON file of tests/cases."""
    return json.loads((CASES / name).read_text(encoding="utf-8"))


@pytest.fixture
def in_new_python() -> Any:
    """Run code in a new interpreter with a given hash seed; return what it printed."""

    def run(code: str, seed: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
