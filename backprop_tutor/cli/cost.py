"""`backprop-tutor cost`: what all gradients take: counted by three ways, and timed on this machine."""

from __future__ import annotations

import itertools
import os
import sys

import click

from ..objects.held import growth
from ..render.narration.document import Document
from ..render.narration.numbers import shown
from ..render.narration.routes import growth_section
from ..render.narration.text import text
from ..sentences import N_, said, whole
from .help_pages import PATH, Command, WholeNumber, language, option
from .printing import columns, out, wrote_all
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
  backprop-tutor cost --layers 32,64,64,10 --batch 32
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
    "--batch", "batches", type=WholeNumber(1, 4096), multiple=True,
    help="Rows that go through at once; 16 and 256 if left out.",
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
def cost(
    depth: int, width: int, layers: tuple[str, ...], batches: tuple[int, ...], repeats: int,
    output: str | None,
) -> None:  # fmt: skip
    """Show what the gradients of all weights take, and what one backward pass saves.

    Counted: multiplications by every path, by differences and by one backward pass, as a network grows.
    Timed: forward, backward and, by differences, what all weights would take, for networks on this machine.
    """
    one_core = _numpy_on_one_core()
    from ..errors import OptionError  # numpy is loaded when it is needed
    from ..story.cost_measured import BATCHES, NETWORKS, timed
    from ..story.cost_pictures import counted_picture, measured_picture
    from ..story.page import Section, page
    from ..story.written import of_pictures
    from .train import sizes_of
    from .training_tables import aligned

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
    rows_at_once = dict.fromkeys(batches or BATCHES)
    found = [timed(each, repeats, batch=batch) for batch in rows_at_once for each in sizes]
    table = text(Document(tuple(growth_section(grown))))
    out(text(Document(tuple(growth_section(grown))), columns()))
    heads = (
        said("network"),
        said("weights"),
        said("batch"),
        said("forward, ms"),
        said("forward, recorded"),
        said("backward, ms"),
        said("backward / forward"),
        said("counted"),
        said("all by differences"),
        said("differences / both passes"),
    )
    rows = [
        (
            "–".join(map(str, each.sizes)),
            whole(each.weights),
            whole(each.batch),
            shown(1000 * each.forward, 3),
            shown(1000 * each.recorded, 3),
            shown(1000 * each.backward, 3),
            f"{each.ratio:.2f}",
            f"{each.counted:.2f}",
            said("{seconds} s", seconds=shown(each.differences, 3)),
            whole(round(each.differences / (each.recorded + each.backward))),
        )
        for each in found
    ]
    times = aligned([heads, *rows], (0,), whole=True)
    note = said(
        N_("The fastest of {repeats} runs or more, on one core; differences: the time of one weight's, "
           "times the weights.") if one_core else
        N_("The fastest of {repeats} runs or more; differences: the time of one weight's, times the "
           "weights."),
        repeats=repeats,
    )  # fmt: skip
    why = said(
        "Counted are the products of matrices: a layer takes one forward and two backward, the first layer "
        "one, whose inputs need no gradient: less than 2. The clock says less still while a batch is "
        "small: each call takes its time whatever its size, and tanh is dear forward, while its slope "
        "1 − a² is not. Recording costs little."
    )
    out(aligned([heads, *rows], (0,)))
    out(note)
    out(why)
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
            told=f"{note} {why}",
            svg=drawn["cost-timed"].svg,
            text=times,
            wide=True,
        ),
    ]
    command = typed_again(click.get_current_context())
    told = page(said("what gradients cost"), [], sections, command)
    wrote_all({"cost.html": told, **of_pictures(drawn)}, output)


_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def _numpy_on_one_core() -> bool:
    """Load NumPy so that its products run on one core, whatever else the machine does; return whether.

    Threads that wait for a busy core make one pass slow and not the other. What decides is read from the
    environment while NumPy loads, and is as it was afterwards.
    """
    if "numpy" in sys.modules:
        return all(os.environ.get(name) == "1" for name in _THREADS)
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        import numpy  # noqa: F401  # what reads the environment
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    return True
