"""`backprop-tutor exercise`: backward in NumPy as a file to fill in, and its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..files import folder, write_whole
from ..source.numpy_program import numpy_program
from .help_pages import PATH, language, option
from .inputs import ProgramCommand, derivation, program_options
from .printing import wrote

__all__ = ["exercise"]


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor exercise "z = w*x + b; L = (σ(z) - t)^2" w=1 x=2 b=-1 t=0 -o exercise/
  backprop-tutor exercise "Z = X@W + b; L = mean(Z**2)" X="1 2; 3 4" W="[[1], [0]]" b="[1]" -o exercise/
""",
)
@program_options
@language
@option("-o", "--output", "into", required=True, type=PATH, help="The folder for the two files.")
def exercise(into: str, **program: Any) -> None:
    """Write PROGRAM in NumPy: task.py, whose gradients are left to be filled in, and key.py.

    task.py runs as it is: it names what is still blank, and when nothing is, it compares the gradients with
    centred differences. `check-programs` marks what is handed in.
    """
    found = derivation(**program, arrays=True)
    target = folder(into)
    for name, text in (
        ("task.py", numpy_program(found, blanks=True)), ("key.py", numpy_program(found, check=True)),
    ):  # fmt: skip
        wrote(write_whole(Path(target) / name, text))
