"""`backprop-tutor paths`: every path from a node to the output, and what backprop saves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ..objects.held import growth
from ..objects.numbers import Derivation
from ..render.narration.document import Block, Document
from ..render.narration.numbers import checked_precision
from ..render.narration.routes import costs_section, growth_section, paths_lines, too_many
from ..render.narration.text import text
from ..studies.paths import TooManyPathsError
from .help_pages import PATH, language, option
from .inputs import ProgramCommand, derivation, emit, program_options
from .printing import columns

__all__ = ["paths"]


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor paths "e = (a + b)*(b + 1)" a=2 b=1
  backprop-tutor paths "h = wx; y = h*h + h" w=2 x=3 --wrt w
  backprop-tutor paths "f = wx + b" w=-2 x=5 b=3 --depth 64 --width 3
""",
)
@program_options
@option("--wrt", metavar="NAMES", help="The nodes the paths start from; all inputs if left out.")
@option("--limit", type=int, default=1000, show_default=True, help="List at most this many paths.")
@option(
    "--depth", type=int, default=5, show_default=True,
    help="End with the multiplications for networks of up to so many layers; 0 for none.",
)  # fmt: skip
@option("--width", type=int, default=2, show_default=True, help="With --depth: neurons a layer.")
@option("--precision", type=int, default=4, show_default=True, help="Significant figures shown.")
@language
@option("-o", "--output", type=PATH, help="Write to a file instead of the terminal.")
def paths(
    wrt: str | None, limit: int, depth: int, width: int, precision: int, output: str | None,
    **program: Any,
) -> None:  # fmt: skip
    """List every path from a node to the output; compare what all gradients take, three ways."""
    digits = checked_precision(precision)
    found = derivation(**program)
    names = wrt.replace(",", " ").split() if wrt else list(found.graph_table.inputs)
    grown = growth(depth, width) if depth else None
    most = columns() if output is None else None
    parts = [text(Document(tuple(_listed(found, name, limit, digits))), most) for name in names]
    parts.append(text(Document(tuple(costs_section(found.costs()))), most))
    if grown is not None:
        parts.append(text(Document(tuple(growth_section(grown))), most))
    emit("\n".join(part for part in parts if part.strip()), output)


def _listed(found: Derivation, name: str, limit: int, digits: int) -> Iterator[Block]:
    """Yield the paths from a node, or how many they are where they are too many to list."""
    try:
        listed = found.paths(name, limit)
    except TooManyPathsError as error:
        wrt = found.graph_table.nodes[found.graph_table.find(name)].name
        yield from too_many(found.output, wrt, error.count, error.by_path, limit)
    else:
        yield from paths_lines(listed, digits)
