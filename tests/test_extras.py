"""Where an extra is not installed, one message names it, and everything else works."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from shared import ROOT, environment

import backprop_tutor as bt
from backprop_tutor.extras import EXTRAS
from backprop_tutor.render.typesetting.fonts import font_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BLOCKED = "import sys\nfor name in {names!r}: sys.modules[name] = None\n"


def without(*names: str, run: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Return what became of a program where modules are not installed."""
    return subprocess.run(
        [sys.executable, "-c", BLOCKED.format(names=names) + run], cwd=cwd, env=environment(),
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


def test_the_extras_are_those_of_the_project() -> None:
    """Each extra that a message names brings the project that it names, and the tests install it."""
    extras = PROJECT["optional-dependencies"]
    for project, extra, _ in EXTRAS.values():
        (line,) = (line for line in extras[extra] if line.lower().startswith(project.lower()))
        assert line in extras["test"]
        assert line not in PROJECT["dependencies"]


COMMAND = "from backprop_tutor.cli import main; main({words!r})"
ANIMATED = ["animate", "f = wx + b", "w=-2", "x=5", "b=3", "-o", "f.gif"]
TRAINED = ["train", "xor", "--epochs", "2", "--frames", "0", "-o", "run"]


@pytest.mark.parametrize(
    ("module", "words", "told"),
    [
        ("PIL", ANIMATED,
         'Pillow is not installed, which is needed for animations: pip install "backprop-tutor[animate]"'),
        ("matplotlib", TRAINED,
         "matplotlib is not installed, which is needed for curves and other plots of training: "
         'pip install "backprop-tutor[plots]"'),
    ],
)  # fmt: skip
def test_a_command_names_the_extra_that_it_needs(
    module: str, words: list[str], told: str, tmp_path: Path
) -> None:
    """It ends with 2, before any work, says what to install, and writes nothing."""
    done = without(module, run=COMMAND.format(words=words), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_library_names_the_extra_that_it_needs(tmp_path: Path) -> None:
    """Animations and plots are refused as everything is that a user can cause."""
    code = """
import backprop_tutor as bt
from backprop_tutor import engine as torch
def tried(call):
    try:
        call()
    except bt.OptionError as error:
        print(error)
tried(bt.derive("f = x", at={"x": 1}).animation)
tried(lambda: torch.plots)
"""
    done = without("PIL", "matplotlib", run=code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"backprop-tutor\[(\w+)\]", done.stdout) == ["animate", "plots"]


def test_the_plain_install_draws(tmp_path: Path) -> None:
    """Pictures, pixels of any script, lessons, contact sheets and training need no extra."""
    code = """
import backprop_tutor as bt
from backprop_tutor.cli import main
d = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
d.diagram().save("f.svg"), d.diagram().save("f.png"), d.contact_sheet().save("sheet.png")
d.lesson().save("f.html"), d.frames().save("steps")
from backprop_tutor.render.typesetting.raster import in_no_font
assert in_no_font("w\\u0378") == "\\u0378"
main(["train", "xor", "--epochs", "2"])
"""
    done = without("PIL", "matplotlib", run=code, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    derivation = bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3})
    assert (tmp_path / "f.svg").read_text(encoding="utf-8") == derivation.diagram().svg
    assert (tmp_path / "f.png").read_bytes() == derivation.diagram().png()


def test_the_fonts_are_those_that_matplotlib_carries() -> None:
    """The package's fonts are byte for byte the files that pictures were always measured with."""
    theirs = {Path(str(file)).name: file for file in distribution("matplotlib").files or ()}
    for path in font_files().values():
        assert path.read_bytes() == Path(theirs[path.name].locate()).read_bytes()
    folder = font_files()["regular"].parent
    assert "Bitstream Vera" in (folder / "LICENSE_DEJAVU").read_text(encoding="utf-8")
