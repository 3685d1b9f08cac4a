"""Students' programs: files to fill in, their keys, and what is handed in, run apart and marked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import backprop_tutor as bt
from backprop_tutor.cli import main
from backprop_tutor.homework.marking import program_runner, student_program
from backprop_tutor.source.numpy_program import numpy_program
from backprop_tutor.testing import NotRightError, check_program

D = bt.derive("Z = X@W + b; L = mean(Z**2)", at={"X": [[1.0, 2.0]], "W": [[3.0], [4.0]], "b": [0.5]})
KEY = numpy_program(D)
HEAD = "import numpy as np\ndef backward(X, W, b):\n"

FAULTS = {
    "nothing": ("x = 1", "no function backward"),
    "syntax": ("def backward(X W", "line 1: SyntaxError: invalid syntax (one.py, line 1)"),
    "error": (HEAD + "    return {'W': 1/0}", "line 3: ZeroDivisionError: division by zero"),
    "exit": ("import os; os._exit(0)", "it ended without a result: it took too much memory, or stopped by itself"),
    "polite exit": ("raise SystemExit", "line 1: SystemExit: "),
    "None": (HEAD + "    pass", "backward returned None"),
    "text": (HEAD + "    return {'W': 'many'}", "ValueError: could not convert string to float: 'many'"),
    "parameter": ("def backward(X, V):\n    return X", "NameError: the parameter V is no input"),
    "blank": (HEAD + "    return {'X': ..., 'W': ..., 'b': [0.5]}", "2 gradients are still blank: X, W"),
    "one blank": (HEAD + "    return {'X': ...}", "1 gradient is still blank: X"),
    "count": (HEAD + "    return 1.0, 2.0, 3.0, 4.0",
              "the function returned 4 gradients; expected 2, the gradients of W, b, or a mapping by name"),
    "forged": ("import sys\nopen(sys.argv[2], 'w').write('[1]')\nimport os\nos._exit(0)",
               "it ended without a result: it took too much memory, or stopped by itself"),
    "loud": (HEAD + "    raise ValueError('\\x1b[2J' * 200)", "line 3: ValueError: " + r"\x1b[2J" * 35),
}  # fmt: skip


def fault_of(tmp_path: Path, text: str, seconds: float = 30.0) -> NotRightError:
    path = tmp_path / "one.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotRightError) as caught:
        check_program(path, D, seconds=seconds)
    return caught.value


def test_the_key_is_right(tmp_path: Path) -> None:
    """What the package writes is right as a student's program; so is a tuple in the order of the parameters."""
    path = tmp_path / "key.py"
    path.write_text(KEY, encoding="utf-8")
    assert check_program(path, D).score == 1
    returned = KEY.replace('{"X": dX, "W": dW, "b": db}', "dX, dW, db")
    path.write_text(returned, encoding="utf-8")
    assert check_program(path, D).score == 1


def test_a_wrong_gradient_is_named_with_its_slip(tmp_path: Path) -> None:
    """The message is that of `check_function`; the score is the share of all gradients that there are."""
    error = fault_of(tmp_path, KEY.replace("X.T @ dZ", "dZ.T @ X"))
    assert "1×2 where W is 2×1: transposed?" in str(error)
    assert error.score == pytest.approx(2 / 3)
    error = fault_of(tmp_path, KEY.replace('"W": dW, ', ""))
    assert str(error) == "missing: dL/dW"
    assert error.score == pytest.approx(2 / 3)


def in_process(command: list[str], given: str, folder: str, seconds: float) -> None:
    """Do what the process does, without starting one: what the text does is harmless."""
    inputs = {name: np.array(value) for name, value in json.loads(given).items()}
    Path(command[5]).write_text(json.dumps(program_runner.outcome(command[4], inputs)), encoding="utf-8")


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_run_is_told(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line and the error, on one line, and nothing of ours."""
    text, told = FAULTS[name]
    if "_exit" not in text:
        monkeypatch.setattr(student_program, "_finished", in_process)
    error = fault_of(tmp_path, text)
    assert str(error).startswith(told)
    assert len(str(error)) < 1600
    assert "\n" not in str(error)
    assert error.score == 0


def test_a_program_that_does_not_end_is_killed(tmp_path: Path) -> None:
    """With what it started."""
    left = tmp_path / "left"
    child = f"import time\nwhile True: open({str(left)!r}, 'a').write('x'); time.sleep(0.02)"
    text = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {child!r}])\nwhile True: pass\n"
    for seconds in (1.5, 30):  # on a busy machine the child may not have begun
        assert str(fault_of(tmp_path, text, seconds=seconds)) == f"it did not end within {seconds:g} s"
        if left.exists():
            break
    written = left.stat().st_size
    time.sleep(0.3)
    assert left.stat().st_size == written > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limit")
def test_memory_is_limited(tmp_path: Path) -> None:
    """Five gigabytes are refused by the system, and the program's own error is told."""
    assert str(fault_of(tmp_path, "x = bytearray(5 << 30)")).startswith("line 1: MemoryError")


def test_numbers_and_names_that_python_keeps(tmp_path: Path) -> None:
    """A program of single numbers, with an input called lambda."""
    d = bt.derive("f = lambda*np^2", at={"lambda": "1/3", "np": 3})
    path = tmp_path / "key.py"
    path.write_text(numpy_program(d), encoding="utf-8")
    assert check_program(path, d).score == 1


def test_no_file(tmp_path: Path) -> None:
    """A path at which there is none is refused."""
    with pytest.raises(bt.FileError, match=r"^there is no file `"):
        check_program(tmp_path / "none.py", D)


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`exercise` writes a file that names its blanks and a key; `check-programs` runs both and writes marks."""
    given = ["Z = X@W + b; L = mean(Z**2)", "X=1 2", "W=[[3], [4]]", "b=[0.5]"]
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["exercise", *given, "-o", str(tmp_path / "ex")])
    task = tmp_path / "ex" / "task.py"
    done = subprocess.run([sys.executable, "-I", task], capture_output=True, text=True, check=True)
    assert done.stdout == "still to be filled in: X W b\n"
    assert "dW = ...                                      # ∂L/∂W   2×1" in task.read_text(encoding="utf-8")
    capsys.readouterr()
    marks = tmp_path / "marks.csv"
    with pytest.raises(SystemExit, match=r"^1$"):
        main(["check-programs", *given, "--programs", str(task.parent), "-o", str(marks)])
    assert capsys.readouterr().out.splitlines() == [
        "key: 100%", "task: 0%", "  3 gradients are still blank: X, W, b", "2 programs, 1 not all right",
    ]  # fmt: skip
    assert marks.read_text(encoding="utf-8").splitlines() == [
        "student,score,remarks", "key,100%,", 'task,0%,"3 gradients are still blank: X, W, b"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--programs", ".", "--seconds", "0"], "--seconds is above 0 and at most 600, not 0"),
        (["--programs", "."], "there is no file of Python (.py) in `.`"),
        (["--programs", "none.py"], "there is no file `none.py`"),
    ],
)
def test_what_the_command_refuses(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Limits and places that do not fit, in one message."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"^2$"):
        main(["check-programs", "f = x^2", "x=2", *words])
    assert told in capsys.readouterr().err


def test_only_one_file_runs_programs() -> None:
    """`program_runner` is imported by nothing; `runpy` is named there alone."""
    imports = re.compile(r"^\s*(?:from|import)\s.*\b(?:program_runner|runpy)\b", re.MULTILINE)
    package = Path(bt.__file__).parent
    found = [path for path in package.rglob("*.py") if imports.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in found] == ["program_runner.py"]
