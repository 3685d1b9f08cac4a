"""`backprop-tutor activations`: each one's formula, slope and range, and gradients through many layers."""

from __future__ import annotations

from typing import Any

import click

from ..sentences import said
from .help_pages import PATH, Command, Number, WholeNumber, language, option, with_seed
from .printing import out, wrote_all
from .training_tables import aligned
from .typed import typed_again

__all__ = ["activations"]


@click.command(
    cls=Command,
    name="activations",
    short_help="Activations, their slopes, and gradients through many layers.",
    epilog="""\b
Examples:
  backprop-tutor activations
  backprop-tutor activations sigmoid tanh relu -o activations/
  backprop-tutor activations --depth 10 -o depth/
  backprop-tutor activations relu selu --depth 30 --scale 1.5
""",
)
@click.argument("names", nargs=-1, metavar="[NAMES]...")
@option("--depth", type=WholeNumber(1, 200), help="Gradients through so many layers of each.")
@option(
    "--width",
    type=WholeNumber(1, 1024),
    default=64,
    show_default=True,
    help="With --depth: units a layer.",
)
@option(
    "--scale",
    type=Number(0, 1000, min_open=True),
    default=1.0,
    show_default=True,
    help="With --depth: weights have this deviation over √width.",
)
@with_seed()
@language
@option("-o", "--output", type=PATH, help="Folder for the page and the pictures.")
def activations(
    names: tuple[str, ...],
    depth: int | None,
    width: int,
    scale: float,
    seed: int,
    output: str | None,
) -> None:
    """Show every activation, or those named: formula, slope, range, where it dies or saturates.

    With --depth: the gradient's size at every layer of a network of random weights, and how many units are
    dead or saturated. With -o, a page and its pictures are written to a folder.
    """
    ctx = click.get_current_context()
    if depth is None:
        _refuse_without_depth(ctx)
    command = typed_again(ctx)
    files = (
        _facts(names, command)
        if depth is None
        else _depth(names, depth, width, scale, seed, command)
    )
    if output is not None:
        wrote_all(files(), output)


def _refuse_without_depth(ctx: click.Context) -> None:
    for name in ("width", "scale", "seed"):
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(said("--{name} belongs to --depth", name=name), ctx)


def _facts(names: tuple[str, ...], command: str) -> Any:
    """Print the table of activations, and return what makes its files."""
    from ..story.activation_facts import facts  # start-up time: NumPy
    from ..story.activation_files import activation_files, flat_text

    found = facts(names)
    heads = (said("activation"), said("range"), said("flat"), said("formula"), said("slope"))
    rows = [(f.name, f.range, flat_text(f), f.formula, f.slope) for f in found]
    out(aligned([heads, *rows], range(5)))
    return lambda: activation_files(found, command)


def _depth(
    names: tuple[str, ...], depth: int, width: int, scale: float, seed: int, command: str
) -> Any:
    """Print what is left of the gradient, and return what makes the files."""
    from ..render.narration.numbers import shown  # start-up time: NumPy
    from ..story.activation_files import depth_files
    from ..story.depth import through_layers

    found = through_layers(names, depth, width, scale, seed)
    heads = (
        said("activation"),
        said("layer {n}", n=1),
        said("layer {n}", n=depth),
        said("first / last"),
        said("verdict"),
        said("dead units"),
        said("slopes 0"),
        said("saturated"),
    )
    rows = [
        (
            f.name,
            shown(f.sizes[0], 3),
            shown(f.sizes[-1], 3),
            shown(f.share, 3),
            f.verdict,
            f"{f.dead}/{f.units}",
            f"{f.shut:.1%}",
            f"{f.saturated:.1%}",
        )
        for f in found
    ]
    out(aligned([heads, *rows], (0, 4)))
    return lambda: depth_files(found, scale, command)
