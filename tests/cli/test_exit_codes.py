"""How commands end, as processes: 0 done, 1 faults found, 2 a user's mistake, 130 stopped.

Outputs that are closed, full or cut are in `test_streams.py`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from shared import environment, process

from backprop_tutor.cli import main
from backprop_tutor.cli.group import _COMMANDS
from backprop_tutor.homework.problems.lint import Finding, ProblemLint

GOOD = """\
[[problem]]
id = "p"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["df/dz"]
"""
WARNED = GOOD.replace("y = 5", "y = 3").replace('["df/dz"]', '["q", "f"]').replace("z = -4", "z = 0")
WX = ("f = wx + b", "w=-2", "x=5", "b=3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a good problem file, one with warnings, a broken one, and answers."""
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "warned.toml").write_text(WARNED, encoding="utf-8")
    (tmp_path / "broken.toml").write_text('[[problem]]\nid = "p"\nprogram = "f = "\n', encoding="utf-8")
    (tmp_path / "a.csv").write_text("student,problem,quantity,answer\nanna,p,df/dz,3\n", encoding="utf-8")
    return tmp_path


MISTAKES = {
    "explain": ("explain", "f = sine(x)", "x=1"),
    "draw": ("draw", *WX, "-o", "f.bmp"),
    "shapes": ("shapes", "Z = X@W", "X=N,3"),
    "paths": ("paths", "f = w*x", "w=1"),
    "check-gradients": ("check-gradients", "f = 1/x", "x=0"),
    "lesson": ("lesson", *WX, "-o", "nowhere/f.html"),
    "animate": ("animate", *WX, "-o", "f.mp4"),
    "check": ("check", "nothing.toml", "a.csv"),
    "problem-check": ("problem-check", "broken.toml"),
    "worksheet": ("worksheet", "nothing.toml", "-o", "out"),
    "serve": ("serve", "--host", "1.2.3.4"),
    "train": ("train", "xor", "--layers", "4"),
    "story": ("story", "xro", "-o", "out"),
    "activations": ("activations", "sigmoit"),
    "collapse": ("collapse", "h = W1 x; y = W2 h", "--input", "z"),
    "approximate": ("approximate", "y = x", "--units", "1,x", "-o", "out"),
    "cost": ("cost", "--layers", "64"),
    "fit": ("fit", "L = (w*x - y)^2", "nothing.csv", "w=0"),
    "exercise": ("exercise", "f = x^2", "-o", "ex"),
    "check-programs": ("check-programs", "f = x^2", "x=2", "--programs", "none.py"),
}


Ended = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ended:
    """Return how a command ends in the folder, and what it prints: in this process, from `main` on."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BACKPROP_TUTOR_LANG", "en")

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(list(words))
        said = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, said.out, said.err

    return run


@pytest.mark.parametrize("words", MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_2(words: tuple[str, ...], folder: Path, ended: Ended) -> None:
    """Every command: one message on standard error, nothing on standard output, no file, and 2."""
    before = sorted(folder.iterdir())
    status, out, err = ended(*words)
    assert (status, out) == (2, "")
    assert err.startswith("Error: ")
    assert "Traceback" not in err
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("name", ["explain", "check"])
def test_a_mistake_of_a_process_is_2(name: str, folder: Path) -> None:
    """What `main` exits with is the process's status, and the message is on its standard error."""
    done = process(*MISTAKES[name], cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")


@pytest.mark.parametrize("words", [("explan",), ("explain", "--precison", "3"), ("draw", *WX), ("train",)])
def test_a_command_line_that_is_none_is_2(words: tuple[str, ...], ended: Ended) -> None:
    """An unknown command or option, an option or an argument that is missing."""
    status, out, err = ended(*words)
    assert (status, out) == (2, "")
    assert "Error: " in err


def test_every_command_has_a_mistake() -> None:
    """The table above names every command."""
    assert sorted(MISTAKES) == sorted(_COMMANDS)


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("train", "--help")])
def test_help_is_0(words: tuple[str, ...], ended: Ended) -> None:
    """Asking for help or the version is no mistake."""
    assert ended(*words)[::2] == (0, "")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("good.toml",), 0), (("warned.toml",), 0), (("warned.toml", "--strict"), 1),
        (("broken.toml", "--strict"), 2), (("nowhere.toml", "--strict"), 2),
    ],
)  # fmt: skip
def test_problem_check(words: tuple[str, ...], status: int, ended: Ended) -> None:
    """Warnings count under --strict; what cannot be read is a mistake, not a fault."""
    found, out, err = ended("problem-check", *words)
    assert found == status, out + err
    assert ("warning: " in out) == (words[0] == "warned.toml")


def test_problem_check_of_a_fault_is_1(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that makes a problem unfit ends with 1 without --strict too."""
    fault = ProblemLint("p", {}, (), (Finding("error", "differ", "df/dz: they differ"),))
    monkeypatch.setattr("backprop_tutor.cli.problem_check.lint_problem", lambda problem: fault)
    with pytest.raises(SystemExit) as ended:
        main(["problem-check", str(folder / "good.toml")])
    assert ended.value.code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_is_130(tmp_path: Path) -> None:
    """A training that is stopped says so, keeps what was learnt, and ends with 130."""
    started = subprocess.Popen(
        [sys.executable, "-u", "-m", "backprop_tutor", "train", "xor", "--epochs", "999999", "--quiet",
         "--frames", "0", "-o", "run"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=environment(),
    )  # fmt: skip
    assert started.stdout is not None
    try:
        while not started.stdout.readline().startswith("optimizer:"):
            assert started.poll() is None
        time.sleep(1)  # into the training
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=60)
    finally:
        started.kill()  # nothing where it has ended; a training that goes on would never end
    assert started.returncode == 130, err
    assert "stopped early: interrupted in epoch " in out
    assert "Traceback" not in err
    assert (tmp_path / "run" / "weights.npz").exists()
