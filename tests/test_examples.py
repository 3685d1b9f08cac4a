"""Every example runs, from any folder, and leaves what it promises."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from shared import ROOT, place_of_example

EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))


@pytest.mark.parametrize("path", EXAMPLES[1:], ids=lambda p: p.stem)
def test_example_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The example ends without an error in an empty folder, and prints or writes something."""
    place = place_of_example(path, tmp_path)
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "argv", [str(path)])
    runpy.run_path(str(path), run_name="__main__")
    assert capfd.readouterr().out or any(place.iterdir())


def test_pictures_of_the_first_example(tmp_path: Path) -> None:
    """The first example, as a program of its own, leaves an SVG and a PNG that begin as such files do."""
    place = place_of_example(EXAMPLES[0], tmp_path)
    done = subprocess.run(
        [sys.executable, str(EXAMPLES[0])], cwd=place, capture_output=True, text=True, encoding="utf-8",
        check=False, env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert (place / "wx_plus_b.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (place / "wx_plus_b_step_5.png").read_bytes().startswith(b"\x89PNG")
