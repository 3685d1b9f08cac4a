"""Programs of TensorFlow's own pages, run as they stand but for the imports, print what they print there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shared import CASES
from tensorflow_data import stand_in

PROGRAMS = CASES / "tensorflow"
SAME = [path.stem for path in sorted(PROGRAMS.glob("*.out"))]
TIMED = re.compile(r" \d+s(?: -)? \d+[mu]?s/step")
TRAINED = {
    "fashion_classification": [
        r"True", r"\(300, 28, 28\) 300 uint8 \(100, 28, 28\) 100",
        *[line for e in range(1, 11) for line in (rf"Epoch {e}/10", r"10/10 ━{20}T - accuracy: \d\.\d{4} - loss: \S+")],
        r"4/4 -T - accuracy: 1\.0000 - loss: \S+", r"", r"Test accuracy: 1\.0", r"4/4 ━{20}T", r"True",
        r"\(28, 28\)", r"\(1, 28, 28\)", r"1/1 ━{20}T", r"\(1, 10\)", r"True",
    ],
    "quickstart_beginner": [
        r"TensorFlow version: True", r"\(1, 10\)", r"1\.0", r"True",
        *[line for e in range(1, 6) for line in (rf"Epoch {e}/5", r"10/10 ━{20}T - accuracy: \d\.\d{4} - loss: \S+")],
        r"4/4 -T - accuracy: 1\.0000 - loss: \S+", r"\(5, 10\)",
    ],
}  # fmt: skip
"""What is printed where pictures are learnt from: T stands for the time that it took."""


def ran(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a program with its imports turned to this package; return what it printed."""
    text = (PROGRAMS / f"{name}.txt").read_text(encoding="utf-8")
    turned = re.sub(r"^(import|from) tensorflow", r"\1 backprop_tutor.tf", text, flags=re.MULTILINE)
    assert turned.count("tensorflow as") == 0
    exec(compile(turned, name, "exec"), {"__name__": "__main__"})  # noqa: S102  the test's own program
    return capsys.readouterr().out


@pytest.mark.parametrize("name", SAME)
def test_prints_what_tensorflow_prints(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same text, character by character, as TensorFlow 2.21 printed from the same file."""
    assert ran(name, capsys) == (PROGRAMS / f"{name}.out").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TRAINED)
def test_pictures_are_learnt(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The tutorials run whole on a small stand-in, with Keras's lines, and learn it."""
    plt = pytest.importorskip("matplotlib.pyplot")
    monkeypatch.setenv("BACKPROP_TUTOR_DATA", str(stand_in(tmp_path)))
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    lines = TIMED.sub("T", ran(name, capsys)).splitlines()
    assert len(lines) == len(TRAINED[name])
    for line, wanted in zip(lines, TRAINED[name], strict=True):
        assert re.fullmatch(wanted, line), line


def test_every_program_is_run() -> None:
    """Each file is compared with TensorFlow's output, or with what training prints."""
    assert {path.stem for path in PROGRAMS.glob("*.txt")} == {*SAME, *TRAINED}
    assert len(SAME) >= 12
