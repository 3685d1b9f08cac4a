"""Every command that the documentation shows does what stands beside it, some as processes; it installs."""

from __future__ import annotations

import re
import shlex
import shutil
import struct
import subprocess
import sys
import venv
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest
from shared import ROOT, environment, process, said_to_serve

from backprop_tutor.cli import main
from backprop_tutor.serve import running

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^(?:\$ )?(backprop-tutor .*?)(?:\s+#.*)?$", re.MULTILINE)


def shown(path: Path) -> list[str]:
    """Return the commands in the fenced blocks of a document."""
    blocks = _FENCE.findall(path.read_text(encoding="utf-8"))
    return [command for block in blocks for command in _COMMAND.findall(block)]


COMMANDS = sorted({command for path in DOCUMENTS for command in shown(path)})

PROBLEMS = """\
[[problem]]
id = "gates"
program = "q = x + y; f = q*z"
values = { x = -2, y = 5, z = -4 }
ask = ["q", "df/dx"]
"""
ANSWERS = "student,problem,quantity,answer\nanna,gates,q,3\nanna,gates,df/dx,4\n"
ROSTER = "student,name\nk1,Anna\nk2,Ben\n"


def prepared(folder: Path) -> None:
    """Write the files that the documentation's commands read."""
    (folder / "problems.toml").write_text(PROBLEMS, encoding="utf-8")
    (folder / "answers").mkdir()
    (folder / "answers" / "anna.csv").write_text(ANSWERS, encoding="utf-8")
    stamped = "student,timestamp,problem,quantity,answer\nk1,2026-01-01T10:00:00+00:00,gates,q,3\n"
    (folder / "answers.csv").write_text(stamped, encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    rows = [f"{i % 7}.5,{i % 5}.25,{'long' if i % 7 > 3 else 'short'}" for i in range(40)]
    (folder / "flowers.csv").write_text("\n".join(["length,width,species", *rows]), encoding="utf-8")
    cars = [f"car{i},{'usa' if i % 3 else 'japan'},{i % 9 + 1},{1000.5 + 37 * i}" for i in range(40)]
    (folder / "cars.csv").write_text("\n".join(["name,origin,size,weight", *cars]), encoding="utf-8")
    (folder / "x.csv").write_text("1,2\n3,4\n", encoding="utf-8")
    np.save(folder / "w.npy", np.array([[1.0], [0.0]]))
    (folder / "data" / "fashion").mkdir(parents=True)
    for part, count in (("train", 60), ("t10k", 20)):
        pixels = bytes((i // 784 % 10 * 25) for i in range(count * 784))
        images = struct.pack(">IIII", 2051, count, 28, 28) + pixels
        labels = struct.pack(">II", 2049, count) + bytes(i % 10 for i in range(count))
        (folder / "data" / "fashion" / f"{part}-images-idx3-ubyte").write_bytes(images)
        (folder / "data" / "fashion" / f"{part}-labels-idx1-ubyte").write_bytes(labels)


Check = Callable[[str, Path], bool]


def accuracy(least: float) -> Check:
    return lambda out, _: float(re.search(r"^test accuracy: ([\d.]+)", out, re.MULTILINE)[1]) >= least  # type: ignore[index]


NEURON = 'backprop-tutor {} "h = σ(w*x + b); y = v*h + c; E = (y - t)^2/2" --random 7 --scale neurons'
EXERCISE = 'backprop-tutor {} "Z = X@W + b; L = mean(Z**2)" X="1 2; 3 4" W="[[1], [0]]" b="[1]"'
LAYERS = 'backprop-tutor draw "Z = X@W + b; L = mean(Z**2)" X="1 2; 3 4" W="[[1], [0]]" b="[1]"'

RESULTS: dict[str, tuple[int, Check]] = {
    f"{NEURON.format('animate')} -o n.gif": (0, lambda _, to: (to / "n.gif").read_bytes().startswith(b"GIF")),
    f"{NEURON.format('draw')} --scale 3 --step 5 -o n.png": (
        0, lambda _, to: (to / "n.png").read_bytes().startswith(b"\x89PNG"),
    ),
    f"{NEURON.format('draw')} -o n.svg": (0, lambda _, to: "hidden" in (to / "n.svg").read_text(encoding="utf-8")),
    NEURON.format("explain"): (0, lambda out, _: "neuron h" in out),
    f"{LAYERS} --steps -o layers/": (0, lambda _, to: len(list((to / "layers").glob("*.svg"))) == 7),
    'backprop-tutor draw "Z = X@W + b; A = sigmoid(Z); L = sum(A)" --shape X=N,3 --shape W=3,4 --shape b=4 '
    "-o rules.svg": (0, lambda _, to: "N×4" in (to / "rules.svg").read_text(encoding="utf-8")),
    f"{LAYERS} -o layers.svg": (0, lambda _, to: "2×2" in (to / "layers.svg").read_text(encoding="utf-8")),
    "backprop-tutor problem-check problems.toml": (0, lambda out, _: out.endswith("1 problem, 2 points\n")),
    "backprop-tutor check problems.toml answers/ -o marks/": (
        0, lambda out, to: "1 student, mean score 50%" in out and (to / "marks" / "class.csv").exists(),
    ),
    "backprop-tutor worksheet problems.toml -o out/ --students roster.csv --seed 7": (
        0, lambda _, to: len(list((to / "out" / "answers").glob("*.csv"))) == 2,
    ),
    "backprop-tutor check problems.toml answers/ --corrections marks/review.csv -o marks/": (
        0, lambda out, _: "1 student, 1 from an earlier run, mean score 50%" in out or "1 student, mean score 50%" in out,
    ),
    "backprop-tutor check out/problems.toml out/answers/ -o marks/": (
        0, lambda out, _: out.startswith("2 students, mean score 0%"),
    ),
    "backprop-tutor worksheet --random-graphs 6 --operations add,multiply,sigmoid --size 4 -o out/": (
        0, lambda _, to: (to / "out" / "problems.toml").read_text(encoding="utf-8").count("[[problem]]") == 2,
    ),
    "backprop-tutor animate \"f = wx + b\" w=-2 x=5 b=3 -o f.gif": (
        0, lambda _, to: (to / "f.gif").read_bytes().startswith(b"GIF"),
    ),
    "backprop-tutor train iris --layers 128,64,3 --batchnorm --optimizer adam --lr 0.001 --epochs 50 -o run/": (
        0, lambda out, to: accuracy(0.9)(out, to) and (to / "run" / "curves.png").exists(),
    ),
    "backprop-tutor train moons": (0, accuracy(0.9)),
    "backprop-tutor train flowers.csv --target species": (0, accuracy(0.8)),
    "backprop-tutor train cars.csv --target weight --one-hot origin --drop name": (
        0, lambda out, _: "in the unit of `weight`: off by" in out,
    ),
    "backprop-tutor train fashion-mnist --folder ~/data/fashion": (
        0, lambda out, to: accuracy(0)(out, to) and "Ankle boot" in out,
    ),
    "backprop-tutor explain \"f = wx + b\" w=-2 x=5 b=3 --lang ko": (0, lambda out, _: "상류" in out and "−10" in out),
    "backprop-tutor draw \"f = wx + b\" w=-2 x=5 b=3 -o f.svg --lang ko": (
        0, lambda _, to: "−7" in (to / "f.svg").read_text(encoding="utf-8"),
    ),
    "backprop-tutor draw \"f = wx + b\" w=-2 x=5 b=3 --steps -o steps --lang ko": (
        0, lambda _, to: len(list((to / "steps").iterdir())) == 5,
    ),
    "backprop-tutor explain \"f = x*x + x\" x=3 --lang ko": (0, lambda out, _: "∂f/∂x" in out and "7" in out),
    "backprop-tutor lesson \"f = sigmoid(w*x + b)\" w=1 x=2 b=-1 -o lesson.html --lang ko": (
        0, lambda _, to: 'lang="ko"' in (to / "lesson.html").read_text(encoding="utf-8"),
    ),
    "backprop-tutor explain \"f = Sin(x\" x=1 --lang ko": (2, lambda out, _: out == ""),
    "backprop-tutor problem-check problems.toml --lang ko": (0, lambda out, _: "문제 1개" in out),
    "backprop-tutor worksheet problems.toml -o sheets --lang ko": (
        0, lambda _, to: any("문제,양,답" in p.read_text("utf-8-sig") for p in (to / "sheets" / "answers").glob("*.csv")),
    ),
    "backprop-tutor check problems.toml sheets/answers -o marks --lang ko": (
        0, lambda _, to: "학생" in (to / "marks" / "class.csv").read_text("utf-8-sig"),
    ),
    "backprop-tutor train xor --layers 4,1 --lang ko": (0, lambda out, _: "정확도" in out and "1.00" in out),
    "backprop-tutor explain \"Z = X@W + b; L = mean(Z**2)\" X=\"1 2; 3 4\" W=\"[[1], [0]]\" b=\"[1]\"": (
        0, lambda out, _: "∂L/∂W = Xᵀ·δ = [ 14 ]" in out,
    ),
    "backprop-tutor explain \"Z = X@W + b; A = sigmoid(Z); L = sum(A)\" --shape X=N,3 --shape W=3,4 --shape b=4": (
        0, lambda out, _: "  X     N×3          input\n" in out and "∂L/∂Aᵢⱼ = δ" in out,
    ),
    "backprop-tutor explain \"Z = X@W + b; L = mean(Z**2)\" X=@x.csv W=@w.npy b=\"[1]\" --entry \"W[1,0]\"": (
        0, lambda out, _: "∂L/∂W[1, 0] = 20" in out,
    ),
    "backprop-tutor explain \"z = w*x + b; L = (σ(z) - t)^2\" w=1 x=2 b=-1 t=0 -o backward.py --check": (
        0, lambda _, to: "gradient_check(forward, backward, " in (to / "backward.py").read_text(encoding="utf-8"),
    ),
    "backprop-tutor explain \"z = w*x + b; a = σ(z)\" w=1 x=2 b=-1 --format torch --own a": (
        0, lambda out, _: "class Own(torch.autograd.Function):" in out and "grad * (out * (1 - out))" in out,
    ),
    f"{EXERCISE.format('exercise')} -o exercise/": (
        0, lambda _, to: "dW = ..." in (to / "exercise" / "task.py").read_text(encoding="utf-8"),
    ),
    f"{EXERCISE.format('check-programs')} --programs exercise/": (
        1, lambda out, _: "key: 100%" in out and "3 gradients are still blank" in out,
    ),
    "backprop-tutor serve": (0, lambda out, _: "the page is at http://127.0.0.1:8000/" in out),
    "backprop-tutor serve --problems problems.toml --answers answers.csv --students roster.csv": (
        0, lambda out, _: "the teacher looks on at http://127.0.0.1:8000/teacher#token" in out,
    ),
    "backprop-tutor check problems.toml answers.csv -o marks/": (
        0, lambda out, to: "k1" in "".join(p.name for p in (to / "marks").rglob("*")),
    ),
    "backprop-tutor serve --host 0.0.0.0 --port 8080 --workers 4 --allow-host tutor.example.org": (
        0, lambda out, _: "the page is at http://0.0.0.0:8080/" in out,
    ),
    "backprop-tutor explain \"y1 = u*v; y2 = u + v^2\" u=2 v=3 --jacobian y1,y2": (
        0, lambda out, _: "∂(y₁, y₂)/∂(u, v) = [ v    u ]" in out and "[ 1  6 ]" in out,
    ),
    "backprop-tutor draw \"z = x^2 + y; x = u + v; y = u*v\" -o symbols.svg": (
        0, lambda _, to: "x² + y" in (to / "symbols.svg").read_text(encoding="utf-8"),
    ),
    "backprop-tutor explain \"z = x^2 + y; x = u + v; y = u*v\"": (
        0, lambda out, _: "∂z/∂u = ∂z/∂x·∂x/∂u + ∂z/∂y·∂y/∂u = 2·x·1 + 1·v = 2·x + v = 2·u + 3·v" in out,
    ),
    "backprop-tutor shapes \"Z = X@W + b\" X=N,3 W=3,4 b=4": (0, lambda out, _: "Z     N×4" in out),
    "backprop-tutor draw \"f = wx + b\" w=-2 x=5 b=3 -o f.svg": (
        0, lambda _, to: "−10" in (to / "f.svg").read_text(encoding="utf-8"),
    ),
    "backprop-tutor explain \"f = wx + b\" w=-2 x=5 b=3": (
        0, lambda out, _: "downstream  ∂f/∂w = ∂f/∂v₁ × ∂v₁/∂w = 1 × 5 = 5" in out and "1 × (−2) = −2" in out,
    ),
    "backprop-tutor explain \"q = x + y; f = q*z\" x=-2 y=5 z=-4": (
        0, lambda out, _: "∂f/∂x = ∂f/∂q × ∂q/∂x = −4 × 1 = −4" in out and "∂f/∂q = upstream × local = 1 × (−4) = −4" in out,
    ),
    "backprop-tutor explain \"f = x*x + x\" x=3": (0, lambda out, _: "sum  ∂f/∂x = 3 + 3 + 1 = 7" in out),
    "backprop-tutor explain \"z = w*x + b; a = σ(z); L = (a - t)^2/2\" w=2 x=1 b=-1 t=1 --update lr=1 --steps 3 --wrt w,b": (
        0, lambda out, _: all(said in out for said in ("−0.05288    2.053", "L goes from 0.03616 to 0.02362", "σ(1) = 0.7311")),
    ),
    "backprop-tutor lesson \"q = x + y; f = q*z\" x=-2 y=5 z=-4 -o lesson.html": (
        0, lambda _, to: "<title>" in (to / "lesson.html").read_text(encoding="utf-8"),
    ),
    "backprop-tutor draw --network 2,2,1 --seed 7 --scale neurons -o network.svg": (
        0, lambda _, to: "hidden" in (to / "network.svg").read_text(encoding="utf-8"),
    ),
    "backprop-tutor exercise --network 2,2,1 --seed 7 -o exercise/": (
        0, lambda _, to: " = ..." in (to / "exercise" / "task.py").read_text(encoding="utf-8"),
    ),
}  # fmt: skip
"""The status that each command ends with, and what it leaves; a command without a row here fails."""

BEFORE = {
    f"{EXERCISE.format('check-programs')} --programs exercise/": f"{EXERCISE.format('exercise')} -o exercise/",
    "backprop-tutor check problems.toml sheets/answers -o marks --lang ko":
        "backprop-tutor worksheet problems.toml -o sheets --lang ko",
    "backprop-tutor check problems.toml answers/ --corrections marks/review.csv -o marks/":
        "backprop-tutor check problems.toml answers/ -o marks/",
    "backprop-tutor check out/problems.toml out/answers/ -o marks/":
        "backprop-tutor worksheet problems.toml -o out/ --students roster.csv --seed 7",
}  # fmt: skip
"""What was run before, where a command marks what another one wrote."""


def test_every_command_has_a_result() -> None:
    """No command is shown whose result is not looked at here, and none is here that is not shown."""
    assert sorted(RESULTS) == COMMANDS


def test_the_korean_table_is_the_readmes() -> None:
    """The commands of the Korean README's table are those of the README, which are run elsewhere."""
    english, korean = (
        re.findall(r"^\| `(backprop-tutor [^`]+)`", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in (ROOT / "README.md", ROOT / "docs" / "ko" / "README.md")
    )
    assert korean == english


AS_PROCESSES = {
    "backprop-tutor explain \"f = Sin(x\" x=1 --lang ko", "backprop-tutor train xor --layers 4,1 --lang ko",
    f"{LAYERS} -o layers.svg",
}  # fmt: skip
"""Those that start a process of their own; the others need no start, which is the same for all."""


SHORTER = {
    "backprop-tutor train iris --layers 128,64,3 --batchnorm --optimizer adam --lr 0.001 --epochs 50 -o run/":
        ("--frames", "3"),
    "backprop-tutor worksheet --random-graphs 6 --operations add,multiply,sigmoid --size 4 -o out/":
        ("--random-graphs", "2"),
}  # fmt: skip
"""What is added where a film of 51 frames or the search for exercises is the most of the cost.

The README's `story` has a film of its own; how many exercises are made is seen where they are.
"""


def ran(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run a command in this process; return its status, output and messages."""
    try:
        main(words)
        status: object = 0
    except SystemExit as end:
        status = end.code or 0
    assert isinstance(status, int)
    return (status, *capsys.readouterr())


@pytest.mark.parametrize("command", RESULTS)
def test_documented_commands(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A documented command, run as it stands, ends with its status and leaves what is promised."""
    prepared(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKPROP_TUTOR_LANG", "en")
    monkeypatch.setattr(running, "run", said_to_serve)  # a server ends when it is told to
    for line in filter(None, (BEFORE.get(command), command)):
        words = shlex.split(line.replace("~/", f"{shlex.quote(str(tmp_path))}/"))
        words += SHORTER.get(line, ())
        if command in AS_PROCESSES:
            done = process(*words[1:], cwd=tmp_path)
            status, out, err = done.returncode, done.stdout, done.stderr
        else:
            status, out, err = ran(words[1:], capsys)
    expected, holds = RESULTS[command]
    assert (status, "Traceback" in err) == (expected, False), err
    assert holds(out, tmp_path), out


INSTALLED = """
import backprop_tutor
from backprop_tutor.cli import main
print(backprop_tutor.__file__)
for words in (["explain", "f = wx + b", "w=-2", "x=5", "b=3", "--lang", "ko"],
              ["lesson", "f = x*x", "x=3", "-o", "f.html"], ["train", "xor", "--epochs", "2"]):
    try:
        main(words)
    except SystemExit as end:
        assert not end.code, words
"""


def test_it_installs(tmp_path: Path) -> None:
    """`pip install .` gives a package that draws, speaks Korean, writes a lesson and trains, by itself."""
    assert 'pip install . && backprop-tutor draw "f = wx + b"' in (ROOT / "README.md").read_text("utf-8")
    try:
        if int(version("setuptools").split(".")[0]) < 77:
            pytest.skip("the setuptools here are too old to build the package")
        version("pip")
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing.name} is not installed here")
    source = tmp_path / "source"
    shutil.copytree(ROOT / "backprop_tutor", source / "backprop_tutor", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / name, source)
    where = {"cwd": tmp_path, "env": environment(PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONPATH=""), "check": True,
             "capture_output": True, "text": True, "encoding": "utf-8"}  # fmt: skip
    pip = [sys.executable, "-m", "pip"]
    offline = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
    subprocess.run([*pip, "wheel", *offline, "-w", "wheels", "./source"], **where)  # type: ignore[call-overload]
    shutil.rmtree(source)
    venv.create(tmp_path / "fresh", with_pip=False)
    programs = tmp_path / "fresh" / ("Scripts" if sys.platform == "win32" else "bin")
    (packages,) = (tmp_path / "fresh").rglob("site-packages")
    seen = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "dependencies.pth").write_text("\n".join(seen), encoding="utf-8")
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    # The package may be in the environment that runs this test, which the new one sees.
    target = ["--python", str(programs / "python"), "install", "--ignore-installed", "--no-compile", *offline, str(wheel)]
    subprocess.run([*pip, *target], **where)  # type: ignore[call-overload]

    def command(*words: str) -> str:
        return str(subprocess.run([str(programs / words[0]), *words[1:]], **where).stdout)  # type: ignore[call-overload]

    command("backprop-tutor", "draw", "f = wx + b", "w=-2", "x=5", "b=3", "-o", "f.svg")
    assert "−7" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    told = command("python", "-c", INSTALLED).splitlines()
    assert Path(told[0]).is_relative_to(packages)
    assert any("상류" in line for line in told)
    assert (tmp_path / "f.html").exists()
    assert any("test accuracy" in line for line in told)


def test_the_second_install_has_its_extra() -> None:
    """`pip install -e ".[test]"` names an extra that brings pytest."""
    assert 'pip install -e ".[test]" && pytest' in (ROOT / "README.md").read_text(encoding="utf-8")
    extras = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.optional-dependencies]")[2]
    assert re.match(r'\s*test = \[\s*"pytest', extras)
