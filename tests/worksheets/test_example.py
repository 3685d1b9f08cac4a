from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from shared import ROOT, environment, place_of_example


def test_the_example_runs(tmp_path: Path) -> None:
    """examples/worksheets.py writes a class's worksheets, and its key scores full marks."""
    program = ROOT / "examples" / "worksheets.py"
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path)],
        cwd=place_of_example(program, tmp_path), capture_output=True, text=True, encoding="utf-8", timeout=120,
        check=False, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "the key scores 100%" in done.stdout
    assert (tmp_path / "circuit.gif").is_file()
