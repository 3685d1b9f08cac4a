"""The options --scale and --fit of explain, draw and animate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backprop_tutor.cli import main

Run = Callable[..., tuple[int, str]]
NETWORK = ["h = σ(w*x + b); y = v*h + c; E = (y - t)^2/2", "--random", "7"]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command line; return its exit status and all that it printed."""

    def command(*arguments: str) -> tuple[int, str]:
        status = 0
        try:
            main(list(arguments))
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return command


def test_explain_takes_a_scale(run: Run) -> None:
    """The steps are the neurons'."""
    code, output = run("explain", *NETWORK, "--scale", "neurons", "--no-check")
    assert code == 0
    assert "  1  neuron h   [gate steps 1–3]" in output


def test_draw_takes_a_scale_a_size_and_a_format(run: Run, tmp_path: Path) -> None:
    """A word is the scale and a number the size of a PNG, in either order."""
    for number, scales in enumerate((["neurons", "0.5"], ["0.5", "neurons"])):
        path = tmp_path / f"{number}.png"
        options = [word for scale in scales for word in ("--scale", scale)]
        code, output = run("draw", *NETWORK, *options, "--fit", "4:3", "-o", str(path))
        assert code == 0, output
        content = path.read_bytes()
        assert int.from_bytes(content[16:20]) == 512
    code, output = run("draw", *NETWORK, "--scale", "neurons", "--steps", "-o", str(tmp_path / "s"))
    assert code == 0, output
    assert len(list((tmp_path / "s").glob("step-*.svg"))) == 7


@pytest.mark.parametrize(
    ("name", "more"),
    [("a.gif", ["--scale", "0.5"]), ("a.tex", []), ("a.tex", ["--step", "3"]), ("a.svg", ["--contact"])],
)
def test_animate_takes_a_scale(run: Run, tmp_path: Path, name: str, more: list[str]) -> None:
    """Neurons are animated, put on one page and written as LaTeX."""
    path = tmp_path / name
    code, output = run("animate", *NETWORK, "--scale", "neurons", *more, "-o", str(path))
    assert code == 0, output
    assert path.stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--scale", "neuron"],
         "--scale takes a scale, or a number for the size; not `neuron`; did you mean `neurons`?"),
        (["--scale", "gates", "--scale", "neurons"], "--scale is given twice: gates, neurons"),
        (["--scale", "1", "--scale", "2"], "--scale is given twice: 1.0, 2.0"),
        (["--scale", "neurons", "--blank", "values"],
         "blank is for the scale of gates, and neurons are shown"),
        (["--scale", "neurons", "--force"], "force is for the scale of gates, and neurons are shown"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    """Nothing is written, and the message says what would do."""
    path = tmp_path / "n.svg"
    code, output = run("draw", *NETWORK, *arguments, "-o", str(path))
    assert (code, output) == (2, f"Error: {message}\n")
    assert not path.exists()


def test_a_program_without_neurons_is_drawn_as_gates(run: Run, tmp_path: Path) -> None:
    """It is said, and the gates are drawn."""
    path = tmp_path / "f.svg"
    code, output = run("draw", "f = x*y", "x=1", "y=2", "--scale", "neurons", "-o", str(path))
    assert code == 0
    assert "f has no neuron: no activation of a weighted sum; its gates are shown" in output
    assert "gate-" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("option", [("--blank", "values"), ("--layout", "dot")])
def test_options_of_circuits_are_refused_over_arrays(run: Run, tmp_path: Path, option: tuple[str, str]) -> None:
    """A program over arrays is drawn as layers, and what layers have not is refused by name."""
    path = tmp_path / "l.svg"
    code, output = run("draw", "L = sum(X)", "X=1 2; 3 4", *option, "-o", str(path))
    assert (code, output) == (2, f"Error: {option[0]} is not for a program over arrays\n")
    assert not path.exists()
    assert run("draw", "L = sum(X)", "X=1 2; 3 4", "--fit", "4:3", "-o", str(path))[0] == 0


NUMBERS = "h1 = tanh(w1*x + b1); h2 = tanh(w2*x + b2); y = w3*h1 + w4*h2 + b3; L = (y - t)^2/2"


def test_numbers_are_shown_as_layers_and_arrays_as_numbers(run: Run, tmp_path: Path) -> None:
    """Each command takes each scale, whatever the program's values are; what is not there is said."""
    code, output = run("explain", NUMBERS, "--random", "3", "--scale", "layers", "--no-check")
    assert code == 0
    assert "  h = tanh(z₁)\n" in output
    over = ("Z = X@W + b; L = mean(Z**2)", "X=1 2; 3 4", "W=[[1], [0]]", "b=[1]")
    code, output = run("explain", *over, "--scale", "gates", "--no-check")
    assert code == 0
    assert "  Z₁₀ = X₁₀·W₀₀ + X₁₁·W₁₀ + b₀\n" in output
    path = tmp_path / "l.svg"
    code, output = run("draw", *over, "--scale", "neurons", "-o", str(path))
    assert (code, output) == (0, f"wrote {path}\n")
    assert "Neurons of L" in path.read_text("utf-8")
    code, output = run("draw", "f = x*y", "x=1", "y=2", "--scale", "layers", "-o", str(path))
    said = "f has no layer: no neurons whose weights are a matrix; its gates are shown"
    assert (code, output) == (0, f"{said}\nwrote {path}\n")
    moving = tmp_path / "l.gif"
    code, output = run("animate", *over, "-o", str(moving), "--scale", "0.5")
    assert code == 0
    assert moving.read_bytes()[:3] == b"GIF"
    code, output = run("explain", NUMBERS, "--random", "3", "--scale", "layers", "--update", "lr=0.1")
    assert (code, output) == (2, "Error: update is for the scale of gates, and layers are shown\n")


def test_a_network_is_drawn_neuron_by_neuron_unless_something_else_is_asked(run: Run, tmp_path: Path) -> None:
    """Without --scale a network's neurons are drawn and explained; what only gates have, and --binary, ask for gates."""
    path = tmp_path / "n.svg"
    headings = {
        (): "Neurons of E", ("--binary",): "Computational graph of E",
        ("--blank", "gradients"): "Computational graph of E", ("--scale", "layers"): "E as layers",
    }  # fmt: skip
    for options, heading in headings.items():
        assert run("draw", *NETWORK, *options, "-o", str(path)) == (0, f"wrote {path}\n")
        assert f"<title>{heading}</title>" in path.read_text("utf-8")
    _code, output = run("explain", *NETWORK, "--no-check")
    assert output == run("explain", *NETWORK, "--no-check", "--scale", "neurons")[1]
    _code, output = run("explain", *NETWORK, "--format", "json")
    assert output == run("explain", *NETWORK, "--format", "json", "--scale", "gates")[1]
