"""`backprop-tutor paths`: every path from a node to the output, and what backprop saves."""

from __future__ import annotations

from typing import Any

import click

from ..language import shown_name
from ..paths import Paths
from ..render.numbers import shown
from .inputs import ProgramCommand, derivation, emit, program_options

__all__ = ["paths"]


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor paths "e = (a + b)*(b + 1)" a=2 b=1
  backprop-tutor paths "h = wx; y = h*h + h" w=2 x=3 --wrt w
""",
)
@program_options
@click.option(
    "--wrt", metavar="NAMES", help="The nodes the paths start from; all inputs if left out."
)
@click.option(
    "--limit", type=int, default=1000, show_default=True, help="List at most this many paths."
)
@click.option(
    "--precision", type=int, default=4, show_default=True, help="Significant figures shown."
)
@click.option("-o", "--output", type=click.Path(), help="Write to a file instead of the terminal.")
def paths(wrt: str | None, limit: int, precision: int, output: str | None, **program: Any) -> None:
    """List every path from a node to the output with its product of local gradients."""
    found = derivation(**program)
    names = wrt.replace(",", " ").split() if wrt else list(found.graph_table.inputs)
    blocks = [_written(found.paths(name, limit), precision) for name in names]
    emit("\n".join(blocks), output)


def _written(listed: Paths, digits: int) -> str:
    gradient = f"∂{shown_name(listed.of)}/∂{shown_name(listed.wrt)}"
    count = len(listed)
    lines = [f"{gradient}: {count} path{'' if count == 1 else 's'}"]
    for path in listed:
        chain = " → ".join(shown_name(name) for name in path.nodes)
        factors = " × ".join(_wrapped(shown(v, digits)) for v in path.locals)
        product = shown(path.product, digits)
        lines.append(f"  {chain}")
        lines.append(f"    {factors} = {product}" if len(path.locals) > 1 else f"    {product}")
    if count > 1:
        terms = " + ".join(_wrapped(shown(p.product, digits)) for p in listed)
        lines.append(f"  sum  {terms} = {shown(listed.total, digits)}")
    lines.append(
        f"  {listed.by_path} multiplications path by path, {listed.by_backprop} by backprop"
    )
    return "\n".join(lines) + "\n"


def _wrapped(number: str) -> str:
    return f"({number})" if number.startswith("−") else number
