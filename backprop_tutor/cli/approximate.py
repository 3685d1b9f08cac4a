"""`backprop-tutor approximate`: a function learnt by more and more units, and by more and more layers."""

from __future__ import annotations

import click

from ..files import folder
from ..sentences import said
from .help_pages import PATH, Command, WholeNumber, language, option, with_seed
from .printing import out, wrote_all
from .train import sizes_of
from .training_tables import aligned
from .typed import typed_again

__all__ = ["approximate"]


@click.command(
    cls=Command,
    name="approximate",
    short_help="A function learnt by more and more units and layers.",
    epilog="""\b
Examples:
  backprop-tutor approximate "y = sin(3x)" -o run/
  backprop-tutor approximate "y = abs(abs(2x) - 2)" --widths 2,4 --depths 1,2,3 -o run/
""",
)
@click.argument("program")
@option(
    "--units",
    default="1,2,3,10,50",
    show_default=True,
    help="Units of the one hidden layer, in turn.",
)
@option(
    "--activation", default="tanh", show_default=True, help="Activation of the one hidden layer."
)
@option(
    "--widths",
    default="8,16",
    show_default=True,
    help="Units of each of several relu layers, in turn.",
)
@option("--depths", default="1,2,3,4", show_default=True, help="How many such layers, in turn.")
@option(
    "--epochs",
    type=WholeNumber(1, 100_000),
    default=800,
    show_default=True,
    help="How often to go through the data.",
)
@option("--lr", type=float, default=0.02, show_default=True, help="Learning rate.")
@option("--from", "low", type=float, default=-2.0, show_default=True, help="From which x.")
@option("--to", "high", type=float, default=2.0, show_default=True, help="Up to which x.")
@option(
    "--points",
    type=WholeNumber(10, 2000),
    default=80,
    show_default=True,
    help="At how many places.",
)
@with_seed()
@language
@option("-o", "--output", type=PATH, required=True, help="Folder for the page and the pictures.")
def approximate(
    program: str,
    units: str,
    activation: str,
    widths: str,
    depths: str,
    epochs: int,
    lr: float,
    low: float,
    high: float,
    points: int,
    seed: int,
    output: str,
) -> None:
    """Train networks of more and more units, and of more and more layers, on a function of one variable.

    The first picture has the curves of one hidden layer of 1, 2, 3, 10, 50 units; the second, the number of
    straight pieces of relu networks against depth and width. A layer of n units has at most n + 1 pieces, d
    such layers at most (n + 1) to the power d; training uses fewer.
    """
    from ..story.approximating import fitted  # numpy is loaded when it is needed
    from ..story.approximating_pictures import folds_picture, widths_picture
    from ..story.curve_data import curve_table
    from ..story.page import Section, page
    from ..story.written import of_pictures

    table = curve_table(program, low, high, points)
    wide = [fitted(table, (n, 1), activation, epochs, lr, seed) for n in _sizes("--units", units)]
    shapes = [(w, d) for w in _sizes("--widths", widths) for d in _sizes("--depths", depths)]
    folder(output)
    deep = [fitted(table, (*[w] * d, 1), "relu", epochs, lr, seed) for w, d in shapes]
    heads = (said("layers"), said("off by"), said("straight pieces"), said("at most"))
    rows = [(_layers(f.layers), f"{f.off:.4g}", "", "") for f in wide]
    rows += [
        (
            _layers(f.layers),
            f"{f.off:.4g}",
            str(f.pieces),
            str((f.layers[0] + 1) ** (len(f.layers) - 1)),
        )
        for f in deep
    ]
    out(aligned([heads, *rows], (0,)))
    pictures = {"widths": widths_picture(table, wide), "folds": folds_picture(table, deep)}
    told = {
        "widths": said(
            "One hidden layer comes as near as one likes, if it has units enough and finds the weights."
        ),
        "folds": said(
            "Each layer folds what comes from the one below; a piece ends where a unit's net input is 0."
        ),
    }
    sections = [
        Section(heading=p.title, told=told[name], svg=p.svg, wide=True)
        for name, p in pictures.items()
    ]
    command = typed_again(click.get_current_context())
    title = said("approximating {name}", name=table.name)
    wrote_all({"approximate.html": page(title, [], sections, command), **of_pictures(pictures)}, output)


def _sizes(name: str, text: str) -> tuple[int, ...]:
    """Return the whole numbers of an option, each 1 or more.

    Raises:
        OptionError: something that is none, or more than are drawn.
    """
    from ..errors import OptionError

    found = sizes_of(text)
    if len(found) > 9 or not all(1 <= each <= 500 for each in found):
        raise OptionError(
            said(
                "{option} {given}: expected at most 9 numbers from 1 to 500",
                option=name,
                given=text,
            )
        )
    return found


def _layers(sizes: tuple[int, ...]) -> str:
    return "–".join(map(str, (1, *sizes)))
