"""`backprop-tutor fit`: weights fitted to a table of samples, the loss on its way, and what came out."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import OptionError, quoted
from ..language import canonical_name, shown_name
from ..objects.fitted import told
from ..objects.questions import fit as fitted
from ..render.narration.document import Document, Paragraph, Table
from ..render.narration.text import text
from ..sentences import counted, said
from ..studies.fits import Fit
from ..translation import sentence as _
from .help_pages import PATH, language, option
from .inputs import ProgramCommand, learning_rate
from .printing import columns, out, wrote

__all__ = ["fit"]


@click.command(
    cls=ProgramCommand,
    epilog="""\b
Examples:
  backprop-tutor fit "L = (w*x + b - y)^2" data.csv w=0 b=0
  backprop-tutor fit "L = (w*x + b - y)^2" data.csv w=0 b=1 --wrt w --lr 0.05 --epochs 200 --sum
  backprop-tutor fit "L = (w*x + b - y)^2" data.csv w=0 b=0 -o fit.svg
""",
)
@click.argument("program", metavar="PROGRAM")
@click.argument("data", metavar="DATA.csv")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@option("--wrt", metavar="NAMES", help="What is fitted, with commas between; else all that are no columns.")
@option("--lr", metavar="RATE", default="0.1", help="The learning rate.", show_default=True)
@option("--epochs", type=click.IntRange(0), metavar="N", default=1000, show_default=True,
        help="The most steps.")
@option("--sum", "total", is_flag=True, help="Go down the sum over the rows, not their mean.")
@option("--rows", type=click.IntRange(2), metavar="N", default=11, show_default=True,
        help="How many epochs are shown.")
@option("-o", "--output", type=PATH,
        help="Draw what was learnt, the loss and the weights: a file ending in .svg or .png.")
@language
def fit(
    program: str, data: str, values: tuple[str, ...], wrt: str | None, lr: str, epochs: int, total: bool,
    rows: int, output: str | None,
) -> None:  # fmt: skip
    """Fit the weights of PROGRAM, the loss of one sample, to the rows of a CSV file.

    The first line of the file names the columns; NAME=VALUE are what the weights start from. With -o the
    curve through the points is drawn where there is one input, regions where there are two and the targets
    are 0 and 1, else predictions against targets.
    """
    if output is not None and Path(output).suffix.lower() not in (".svg", ".png"):
        raise OptionError(
            said("a plot's file name ends in .svg or .png, not {suffix}",
                 suffix=quoted(Path(output).suffix or output))
        )  # fmt: skip
    given = {}
    for argument in values:
        name, mark, value = argument.partition("=")
        if not mark:
            raise OptionError(
                said("{argument} is no value; expected name=value, such as w=0", argument=quoted(argument))
            )
        given[canonical_name(name.strip())] = value.strip()
    found = fitted(
        program, data, given, wrt=wrt, lr=learning_rate(lr) or 0.1, epochs=epochs,
        total="sum" if total else "mean",
    )
    ended = Paragraph((" ".join(filter(None, (_ended(found), told(found)))),))
    out(text(Document((_course(found, rows), ended, _weights(found))), columns()), newline=False)
    if output is not None:
        wrote(found.picture().save(output))


def _course(found: Fit, rows: int) -> Table:
    lines = tuple(
        (
            (str(epoch),), (f"{float(found.losses[epoch]):.6g}",),
            *((f"{value:.6g}",) for value in found.points[epoch]),
        )
        for epoch in found.shown(rows)
    )  # fmt: skip
    return Table((_("epoch"), _("loss"), *map(shown_name, found.wrt)), lines)


def _weights(found: Fit) -> Table:
    lines = tuple(((shown_name(name),), (f"{float(found.at[name]):.10g}",)) for name in found.wrt)
    return Table((_("weight"), _("value")), lines)


def _ended(found: Fit) -> str:
    epochs = counted(len(found.losses) - 1, "1 epoch", "{count} epochs")
    if found.converged:
        return said("Every gradient is 0 within 10⁻¹⁰ after {epochs}.", epochs=epochs)
    return said("Ended after {epochs}; the gradients are not 0 yet.", epochs=epochs)
