"""What the README promises: its programs run, its commands work, its pictures are today's."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from shared import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    command.replace("backprop-tutor ", "", 1)
    for command in re.findall(r"^\| `(backprop-tutor [^`]+)`", README, re.MULTILINE)
]


def test_python_blocks_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's Python runs from top to bottom, and its numbers are as written there."""
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 3
    (tmp_path / "blocks.py").write_text("\n".join(blocks), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names = runpy.run_path(str(tmp_path / "blocks.py"))
    assert (names["d"].values["f"], names["d"].gradients["x"]) == (-12, -4)
    assert names["marking"].score == pytest.approx(2 / 3)
    assert names["x"].grad.tolist() == [[4.5, 4.5], [4.5, 4.5]]
    assert (tmp_path / "f.svg").exists()
    assert len(list((tmp_path / "steps").iterdir())) == len(names["d"].steps)


@pytest.mark.parametrize("command", [c for c in COMMANDS if "toml" not in c and "train" not in c])
def test_commands_of_the_table(command: str, tmp_path: Path) -> None:
    """Each command of the table that needs no files of the user's runs as it stands."""
    done = subprocess.run(
        [sys.executable, "-m", "backprop_tutor", *shlex.split(command)],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_error_shown_is_the_error() -> None:
    """The refusal that the README shows is what is printed."""
    import backprop_tutor as bt

    with pytest.raises(bt.ParseError) as caught:
        bt.parse("f = sine(x)")
    assert str(caught.value) in README


def test_pictures_are_todays() -> None:
    """The documentation's pictures are what the code draws today (`python docs/pictures/make.py`)."""
    made = runpy.run_path(str(ROOT / "docs" / "pictures" / "make.py"))["pictures"]()
    for name, svg in made.items():
        assert (ROOT / "docs" / "pictures" / name).read_text(encoding="utf-8") == svg, name
