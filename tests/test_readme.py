"""What the README promises: its programs run, its commands work, its pictures are today's."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest
from PIL import Image
from shared import ROOT, here, process, said_to_serve

from backprop_tutor.cli import main
from backprop_tutor.cli.group import _COMMANDS
from backprop_tutor.serve import running

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


PROBLEMS = """\
[[problem]]
id = "gates"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["q", "df/dx", "df/dz"]
"""
ANSWERS = """\
student,problem,quantity,answer
anna,gates,q,3
anna,gates,df/dx,-4
anna,gates,df/dz,3
ben,gates,q,3
ben,gates,df/dx,4
ben,gates,df/dz,3
"""


def _explained(out: str, folder: Path) -> None:
    assert "f = wx + b is read as f = w·x + b" in out or "f = w·x + b" in out
    assert "downstream  ∂f/∂w = ∂f/∂v₁ × ∂v₁/∂w = 1 × 5 = 5" in out


def _drawn(out: str, folder: Path) -> None:
    svg = (folder / "f.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert svg.rstrip().endswith("</svg>")
    assert "−7" in svg


def _paths(out: str, folder: Path) -> None:
    assert "∂e/∂b: 2 paths" in out
    assert "sum  2 + 3 = 5" in out
    assert "  by one backward pass                 1          3              1" in out
    assert "       5      30    126     2,290                     929                   121" in out


def _three_ways(out: str, folder: Path) -> None:
    assert out.count(" agree\n") == 4
    assert "0.839949" in out


def _lesson(out: str, folder: Path) -> None:
    page = (folder / "lesson.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "sigmoid" in page


def _animated(out: str, folder: Path) -> None:
    with Image.open(folder / "f.gif") as image:
        assert (image.format, image.n_frames) == ("GIF", 5)


def _worksheets(out: str, folder: Path) -> None:
    names = {path.relative_to(folder / "out").parts[0] for path in (folder / "out").rglob("*")}
    assert {"worksheets", "keys", "answers"} <= names


def _marked(out: str, folder: Path) -> None:
    assert out.startswith("2 students, mean score 83%\n")
    table = (folder / "marks" / "class.csv").read_text(encoding="utf-8-sig")
    assert "anna" in table
    assert "ben" in table


def _looked_through(out: str, folder: Path) -> None:
    assert "  df/dx            −4   ✓ three ways\n" in out
    assert out.endswith("1 problem, 3 points\n")


def _trained(out: str, folder: Path) -> None:
    assert "linear  2 → 2        2×2     2  tanh                 6\n" in out
    assert "linear  2 → 1        1×2     1  sigmoid              3\n" in out
    assert "loss: binary cross-entropy\n" in out
    assert "\ntest accuracy: 1.0000 (on the 4 rows trained on)\n" in out


def _story(out: str, folder: Path) -> None:
    assert "4 of the 4 rows trained on are told right." in out
    with Image.open(folder / "run" / "story.gif") as moving:
        assert moving.n_frames == 12
    assert "<h2>the hidden space</h2>" in (folder / "run" / "story.html").read_text(encoding="utf-8")


def _activations(out: str, _folder: Path) -> None:
    row = next(line for line in out.splitlines() if line.startswith("sigmoid"))
    assert "vanishes" in row
    assert "1.74×10⁻⁶" in row


def _collapsed(out: str, _folder: Path) -> None:
    assert "y = W₂·W₁·x + (W₂·b₁ + b₂)\n" in out


def _approximated(out: str, folder: Path) -> None:
    assert "1–8–8–8–8–1" in out
    assert {"widths.png", "folds.svg"} <= {path.name for path in (folder / "run").iterdir()}


def _cost(out: str, _folder: Path) -> None:
    assert "       6      68  2,186    59,136                   4,622                   292" in out
    assert "64–128–10" in out


def _shapes(out: str, _place: Path) -> None:
    assert out.splitlines()[-1] == "  Z     N×4    ∂/∂Z      N×4"


def _to_fill_in(out: str, folder: Path) -> None:
    assert "    dw = ..." in (folder / "ex" / "task.py").read_text(encoding="utf-8")
    assert "    dw = df * x" in (folder / "ex" / "key.py").read_text(encoding="utf-8")


def _run(out: str, _folder: Path) -> None:
    assert out == "anna: 100%\n1 program, 0 not all right\n"


def _served(out: str, _folder: Path) -> None:
    assert out == "the page is at http://127.0.0.1:8000/ (Ctrl-C ends it)\n"


def _fitted(out: str, _folder: Path) -> None:
    assert "Every gradient is 0 within 10⁻¹⁰ after 180 epochs." in out
    assert out.endswith("  w       2\n  b       1\n")


RESULTS = {
    "explain": _explained, "draw": _drawn, "shapes": _shapes, "paths": _paths, "check-gradients": _three_ways,
    "lesson": _lesson, "serve": _served, "animate": _animated, "worksheet": _worksheets, "check": _marked,
    "problem-check": _looked_through, "exercise": _to_fill_in, "check-programs": _run, "train": _trained,
    "story": _story, "activations": _activations, "collapse": _collapsed,
    "cost": _cost, "approximate": _approximated,
    "fit": _fitted,
}  # fmt: skip
"""What each command of the table leaves behind; a command without a row here fails."""


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_table(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command of the table runs as it stands, ends with 0, and its result is what is promised."""
    (tmp_path / "problems.toml").write_text(PROBLEMS, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    (tmp_path / "data.csv").write_text("x,y\n0,1\n1,3\n2,5\n", encoding="utf-8")
    (tmp_path / "handed_in").mkdir()
    (tmp_path / "handed_in" / "anna.py").write_text("def backward(w, x, b): return x, w, 1\n", encoding="utf-8")
    words = shlex.split(command)
    if words[0] == "serve":  # a server ends when it is told to; `serve/test_running.py` has one
        monkeypatch.setattr(running, "run", said_to_serve)
        monkeypatch.setenv("BACKPROP_TUTOR_LANG", "en")
        with pytest.raises(SystemExit, match="0"):
            main(words)
        return RESULTS[words[0]](capsys.readouterr().out, tmp_path)
    done = here(*words, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    RESULTS[words[0]](done.stdout, tmp_path)


def test_every_command_is_in_the_table() -> None:
    """The table names every command there is, and no other."""
    assert [shlex.split(command)[0] for command in COMMANDS] == list(RESULTS)
    assert sorted(RESULTS) == sorted(_COMMANDS)


WX = ("f = wx + b", "w=-2", "x=5", "b=3")


@pytest.mark.parametrize(
    ("words", "file", "start"),
    [
        (("explain", *WX, "--format", "markdown"), "", "# "),
        (("explain", *WX, "--format", "latex"), "", "\\documentclass"),
        (("explain", *WX, "--format", "json"), "", '{\n  "schema"'),
        (("draw", *WX, "-o", "f.png"), "f.png", "\x89PNG"),
        (("draw", *WX, "-o", "f.pdf"), "f.pdf", "%PDF"),
        (("draw", *WX, "-o", "f.tex"), "f.tex", "% Compiles by itself."),
        (("draw", *WX, "--step", "2", "-o", "f.svg"), "f.svg", "<svg"),
        (("draw", *WX, "--steps", "-o", "steps"), "steps", ""),
        (("draw", *WX, "--lang", "ko", "-o", "k.svg"), "k.svg", "<svg"),
        (("animate", *WX, "-o", "f.apng"), "f.apng", "\x89PNG"),
        (("animate", *WX, "-o", "f.webp"), "f.webp", "RIFF"),
    ],
)
def test_forms_that_the_table_names(
    words: tuple[str, ...], file: str, start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Each format, suffix and option beside the commands gives what its name says."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert not ended.value.code
    out = capsys.readouterr().out
    if file == "steps":
        assert len(list((tmp_path / "steps").iterdir())) == 5
    elif file:
        assert (tmp_path / file).read_bytes().startswith(start.encode("latin-1"))
    else:
        assert out.startswith(start)


def test_descent_as_the_table_has_it(tmp_path: Path) -> None:
    """`--update lr=0.1 --steps 20 --wrt w` ends in a table of the course, `lr=-0.1` in an ascent."""
    assert "`--update lr=0.1 --steps 20 --wrt w`" in README
    done = here("explain", *WX, "--update", "lr=0.1", "--steps", "20", "--wrt", "w", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Update: 20 steps of gradient descent\n" in done.stdout
    assert done.stdout.endswith("  f goes from −7 to −57\n")
    done = here("explain", *WX, "--update", "lr=-0.1", cwd=tmp_path)
    assert "Update: one step of gradient ascent\n" in done.stdout


def test_a_program_comes_in_all_the_ways_that_are_named(tmp_path: Path) -> None:
    """Argument, --file, standard input; name=number, a TOML file, --random."""
    (tmp_path / "p.txt").write_text("f = wx + b", encoding="utf-8")
    (tmp_path / "v.toml").write_text('w = -2\nx = "1/3"\nb = "pi/2"\n', encoding="utf-8")
    values = ("w=-2", "x=1/3", "b=pi/2")
    ways = [
        here("explain", "f = wx + b", *values, cwd=tmp_path),
        here("explain", "--file", "p.txt", *values, cwd=tmp_path),
        process("explain", *values, cwd=tmp_path, stdin="f = wx + b"),
        here("explain", "f = wx + b", "--values", "v.toml", cwd=tmp_path),
    ]
    assert [done.returncode for done in ways] == [0] * 4
    assert len({done.stdout for done in ways}) == 1
    drawn = here("explain", "f = wx + b", "--random", "7", cwd=tmp_path)
    assert drawn.returncode == 0


def test_the_first_block_draws(tmp_path: Path) -> None:
    """What stands behind `pip install .` in the first block draws the picture."""
    (line,) = re.findall(r"^pip install \. && backprop-tutor (.*)$", README, re.MULTILINE)
    assert process(*shlex.split(line), cwd=tmp_path).returncode == 0
    _drawn("", tmp_path)


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
