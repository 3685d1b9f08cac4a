"""`backprop-tutor check-gradients`: every gradient three ways; exit status 1 where they differ."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..render.narration.appendix import check_section
from ..render.narration.document import Document
from ..render.narration.narrate import Narrator
from ..render.narration.numbers import checked_precision
from .help_pages import PATH, language, option
from .inputs import ProgramCommand, derivation, program_options, tell

__all__ = ["check_gradients"]


@click.command(
    "check-gradients",
    cls=ProgramCommand,
    epilog="""\b
Example:
  backprop-tutor check-gradients "f = tanh(w*x)" w=0.5 x=2 --precision 8
""",
)
@program_options
@option(
    "--precision", type=int, default=6, show_default=True, help="Significant figures shown."
)
@language
@option("-o", "--output", type=PATH, help="Write to a file instead of the terminal.")
def check_gradients(precision: int, output: str | None, **program: Any) -> None:
    """Compare every gradient: reverse pass, SymPy's derivatives, centred differences."""
    found = derivation(**program)
    narrator = Narrator(found, checked_precision(precision), markup=False)
    tell(Document(tuple(check_section(narrator))), output)
    if not found.check().ok:
        sys.exit(1)
