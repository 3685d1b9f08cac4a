"""`backprop-tutor cost`: what all gradients take: counted by three ways, and timed on this machine."""

from __future__ import annotations

import itertools

import click

from ..objects.held import growth
from ..render.narration.document import Document
from ..render.narration.numbers import shown
from ..render.narration.routes import growth_section
from ..render.narration.text import text
from ..sentences import said, whole
from .help_pages import PATH, Command, WholeNumber, language, option
from .printing import columns, out
from .training_tables import aligned
from .typed import typed_again

__all__ = ["cost"]


@click.command(
    cls=Command,
    name="cost",
    short_help="Forward against backward: counted, and timed on this machine.",
    epilog="""\b
Examples:
  backprop-tutor cost
  backprop-tutor cost --depth 12 --width 3 -o cost/
  backprop-tutor cost --layers 32,64,64,10
""",
)
@option(
    "--depth",
    type=WholeNumber(1, 100),
    default=8,
    show_default=True,
    help="Count for networks of up to so many layers.",
)
@option(
    "--width",
    type=WholeNumber(1, 20),
    default=3,
    show_default=True,
    help="Neurons of each of their layers.",
)
@option(
    "--layers", multiple=True, help="Time a network of these units, the inputs first: 64,128,10."
)
@option(
    "--repeats",
    type=WholeNumber(1, 1000),
    default=7,
    show_default=True,
    help="Runs, of which the fastest counts.",
)
@language
@option("-o", "--output", type=PATH, help="Folder for the page and the plots.")
def cost(depth: int, width: int, layers: tuple[str, ...], repeats: int, output: str | None) -> None:
    """Show what the gradients of all weights take, and what one backward pass saves.

    Counted: multiplications by every path, by differences and by one backward pass, as a network grows.
    Timed: forward, backward and, by differences, what all weights would take, for networks on this machine.
    """
    from ..errors import OptionError  # numpy is loaded when it is needed
    from ..story.cost_measured import NETWORKS, timed
    from ..story.cost_pictures import counted_picture, measured_picture
    from ..story.page import Section, page
    from ..story.written import write_all
    from .train import sizes_of

    sizes = [sizes_of(each) for each in layers] or list(NETWORKS)
    for each in sizes:
        if (
            len(each) < 2
            or min(each) < 1
            or sum(a * b for a, b in itertools.pairwise(each)) > 20_000_000
        ):
            raise OptionError(
                said(
                    "--layers {given}: expected the inputs and a layer or more, at most 20,000,000 weights",
                    given=",".join(map(str, each)),
                )
            )
    grown = growth(depth, width)
    found = [timed(each, repeats) for each in sizes]
    table = text(Document(tuple(growth_section(grown))))
    out(text(Document(tuple(growth_section(grown))), columns()))
    heads = (
        said("network"),
        said("weights"),
        said("forward, ms"),
        said("backward, ms"),
        said("backward / forward"),
        said("all by differences"),
        said("differences / backward"),
    )
    rows = [
        (
            "–".join(map(str, each.sizes)),
            whole(each.weights),
            shown(1000 * each.recorded, 3),
            shown(1000 * each.backward, 3),
            f"{each.ratio:.2f}",
            said("{seconds} s", seconds=shown(each.differences, 3)),
            whole(round(each.differences / (each.recorded + each.backward))),
        )
        for each in found
    ]
    times = aligned([heads, *rows], (0,), whole=True)
    note = said(
        "batches of 16, the fastest of {repeats}; differences: the time of one weight's, times the weights",
        repeats=repeats,
    )
    out(aligned([heads, *rows], (0,)))
    out(note)
    if output is None:
        return
    drawn = {"cost-counted": counted_picture(grown), "cost-timed": measured_picture(found)}
    sections = [
        Section(
            heading=said("counted"),
            told="",
            svg=drawn["cost-counted"].svg,
            text=table,
            wide=True,
        ),
        Section(
            heading=said("timed"),
            told=note,
            svg=drawn["cost-timed"].svg,
            text=times,
            wide=True,
        ),
    ]
    command = typed_again(click.get_current_context())
    files: dict[str, str | bytes] = {
        "cost.html": page(said("what gradients cost"), [], sections, command)
    }
    for name, picture in drawn.items():
        files |= {f"{name}.svg": picture.svg, f"{name}.png": picture.png()}
    for path in write_all(files, output):
        out(said("wrote {output}", output=path))
