"""The gallery: pictures that the examples and a few commands make, each with what made it."""

from __future__ import annotations

import ast
import contextlib
import io
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from backprop_tutor.cli import main as command

__all__ = ["gallery"]

PICTURES = (".svg", ".png", ".gif")
_MAZUR = (
    '"net_h1 = w1*i1 + w2*i2 + b1; h1 = σ(net_h1); net_h2 = w3*i1 + w4*i2 + b1; h2 = σ(net_h2); '
    "net_o1 = w5*h1 + w6*h2 + b2; o1 = σ(net_o1); net_o2 = w7*h1 + w8*h2 + b2; o2 = σ(net_o2); "
    'E = (t1 - o1)^2/2 + (t2 - o2)^2/2" i1=0.05 i2=0.1 t1=0.01 t2=0.99 b1=0.35 b2=0.6 w1=0.15 w2=0.2 '
    "w3=0.25 w4=0.3 w5=0.4 w6=0.45 w7=0.5 w8=0.55"
)
COMMANDS = (
    ("Gates: a formula and every gradient in it", "draw", 'draw "f = wx + b" w=-2 x=5 b=3 -o gates.svg'),
    ("Gates: one backward step of a sigmoid neuron", "step",
     'draw "f = σ(w0*x0 + w1*x1 + w2)" w0=2 x0=-1 w1=-3 x1=-2 w2=-3 --expand sigmoid --step 12 '
     "-o step.svg"),
    ("Neurons: a hidden neuron's gradient comes back", "neurons",
     f"draw {_MAZUR} --scale neurons --step 11 -o neurons.svg"),
    ("Layers: a batch in matrices", "layers",
     'draw "Z = X@W + b; A = σ(Z); L = mean(A**2)" X="1 2; 3 4; 5 6" W="[[0.5, -1], [0.25, 1]]" '
     'b="[0.1, 0.2]" -o layers.svg'),
    ("Symbols: the chain rule without a number", "symbols",
     'draw "z = x^2 + y; x = u + v; y = u*v" -o symbols.svg'),
    ("A network in symbols", "network", "draw --network 2,2,1 -o network.svg"),
)  # fmt: skip
"""A title, a name, and a command whose file is the name's."""


def gallery(pictures: Path, examples: Path, ran: Path | None) -> str:
    """Return the gallery's page; its pictures are put into a folder beside the page.

    Args:
        pictures: where they are put.
        examples: the programs.
        ran: where each was run, in a folder of its own name; None runs those here that draw something.

    Raises:
        SystemExit: a command or an example failed, or drew nothing.
    """
    page = [
        "# Gallery",
        "",
        "Each picture is made anew with this page, by the command or the program beside it.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for title, name, line in COMMANDS:
            _drawn(line)
            kept = shutil.copy(_file(line), pictures / f"gallery-{name}.svg")
            page += [f"## {title}", "", f"![{title}](pictures/{Path(kept).name})", "",
                     "```", f"backprop-tutor {line}", "```", ""]  # fmt: skip
        for program in sorted(examples.glob("*.py")):
            page += _example(
                program, pictures, ran / program.stem if ran else _ran(program, Path(folder))
            )
    return "\n".join(page)


def _drawn(line: str) -> None:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            command(shlex.split(line))
    except SystemExit as end:
        if end.code:
            raise SystemExit(
                f"the gallery's command failed: backprop-tutor {line}\n{said.getvalue()}"
            ) from None


def _file(line: str) -> str:
    return line.rpartition("-o ")[2]


def _ran(program: Path, folder: Path) -> Path:
    """Return the folder in which an example was run now, empty where its source names no picture."""
    place = folder / program.stem
    place.mkdir()
    if any(f'{end}"' in program.read_text(encoding="utf-8") for end in PICTURES):
        done = subprocess.run(
            [sys.executable, str(program)], cwd=place, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{program.name} failed:\n{done.stderr}")
    return place


def _example(program: Path, pictures: Path, place: Path) -> list[str]:
    """Return what the page says of an example that drew something, and keep its pictures."""
    found = sorted(path for path in place.rglob("*") if path.suffix in PICTURES)[:2]
    if not found:
        return []
    told = ast.get_docstring(ast.parse(program.read_text(encoding="utf-8"))) or program.stem
    title = told.partition("\n")[0].rstrip(".")
    lines = [f"## {title}", ""]
    for path in found:
        kept = f"{program.stem}-{path.name}"
        shutil.copy(path, pictures / kept)
        lines += [f"![{title}](pictures/{kept})", ""]
    return [*lines, "```", f"python examples/{program.name}", "```", ""]
