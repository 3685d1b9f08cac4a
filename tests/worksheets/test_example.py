from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_example_runs(tmp_path: Path) -> None:
    """examples/worksheets.py writes a class's worksheets, and its key scores full marks."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "worksheets.py"), str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "the key scores 100%" in done.stdout
    assert (tmp_path / "circuit.gif").is_file()
