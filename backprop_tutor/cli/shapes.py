"""`backprop-tutor shapes`: every shape of a program over vectors and matrices, before any number."""

from __future__ import annotations

import click

from ..language import parse, shown_name
from ..matrices.shape_table import gradient_name
from ..objects.arrays import shapes as shapes_of
from ..ops.sizes import shown
from ..render.narration.document import Document, Table
from ..render.narration.text import text
from ..translation import sentence as _
from .array_values import shapes_typed
from .help_pages import language
from .inputs import ProgramCommand
from .printing import columns, out

__all__ = ["shapes"]


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor shapes "Z = X@W + b" X=N,3 W=3,4 b=4
  backprop-tutor shapes "H = relu(X@W1); S = H@W2; L = cross_entropy(S, y)" X=N,784 W1=784,128 W2=128,10 y=N
""",
)
@click.argument("arguments", nargs=-1, metavar="PROGRAM [NAME=SIZES]...", required=True)
@language
def shapes(arguments: tuple[str, ...]) -> None:
    """Show the shape of every name of PROGRAM; sizes are whole numbers or symbols.

    A gradient has the shape of its value; labels, masks and class weights have none.
    """
    program, *given = arguments
    sizes = shapes_typed(given)
    found = shapes_of(parse(program, list(sizes), arrays=True), sizes)
    rows = tuple(
        (
            (shown_name(name),), (shown(shape) if shape else _("a number"),),
            (gradient_name(found, name) if name in found.gradients else "—",),
            ((shown(shape) if shape else _("a number")) if name in found.gradients else "—",),
        )
        for name, shape in found.items()
    )  # fmt: skip
    headers = (_("name"), _("shape"), _("gradient"), _("its shape"))
    out(text(Document((Table(headers, rows),)), columns()), newline=False)
