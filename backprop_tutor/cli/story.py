"""`backprop-tutor story`: a training told in pictures, as one page with a slider and as an animation."""

from __future__ import annotations

import shlex
from importlib.util import find_spec
from typing import Any

import click

from ..files import folder
from ..sentences import said
from .help_pages import PATH, Command, WholeNumber, language, option
from .printing import out, say
from .train import sizes_of

__all__ = ["story", "typed_again"]

_GATE = {"layers": (2, 1), "activation": "tanh", "lr": 0.05, "epochs": 300, "batch_size": 4}
_DEFAULTS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("and", "or", "nand", "nor", "xor", "xnor"), _GATE),
    "moons": {"layers": (8, 1), "activation": "tanh", "lr": 0.02, "epochs": 120, "batch_size": 32},
    "iris": {"layers": (3, 3), "activation": "tanh", "lr": 0.02, "epochs": 150, "batch_size": 16},
    "": {"hidden": (8,), "activation": "tanh", "lr": 0.02, "epochs": 120, "batch_size": 32},
}
"""What suits each data set where an option is not given; the empty name is for all others."""

_COLUMNS = {"iris": "petal_length,petal_width"}
"""Which two columns are looked at where nothing is said."""


@click.command(
    cls=Command,
    name="story",
    short_help="A training told in pictures.",
    epilog="""\b
Examples:
  backprop-tutor story xor -o run/
  backprop-tutor story moons --layers 16,16,1 --activation relu -o run/
  backprop-tutor story iris --columns sepal_length,petal_length -o run/
  backprop-tutor story points.csv --target kind --layers 3,1 -o run/
""",
)
@click.argument("data", metavar="DATA")
@option("--layers", help="Units of all layers, the output's the last: 2,1.")
@option("--activation", default=None, help="Activation of the hidden layers.")
@option("--optimizer", default="adam", show_default=True, help="sgd, adam, rmsprop, ...")
@option("--lr", type=float, help="Learning rate.")
@option("--epochs", type=int, help="How often to go through the data.")
@option("--batch-size", type=int, help="Samples in a batch.")
@option(
    "--frames",
    type=WholeNumber(2, 200),
    default=60,
    show_default=True,
    help="Moments of the training that are shown.",
)
@option("--seed", type=int, default=0, show_default=True, help="Seed of all random draws.")
@option(
    "--columns", metavar="NAMES", help="The columns that are looked at; two of them make a plane."
)
@option("--target", help="Column of a CSV file to predict; the last one unless given.")
@language
@option(
    "-o",
    "--output",
    type=PATH,
    required=True,
    help="Folder for the page, the animation and the pictures.",
)
@option("--quiet", is_flag=True, help="Show no progress bar.")
def story(
    data: str,
    output: str,
    quiet: bool,
    layers: str | None,
    columns: str | None,
    frames: int,
    **given: Any,
) -> None:
    """Train a small network on DATA and tell in pictures what it learns.

    DATA is and, or, xor, nand, nor, xnor, moons, iris, or a CSV file. Written to a folder: story.html, a
    page with a slider over the training; story.gif, the same as an animation; each picture as SVG and
    PNG: regions with the points and the line of each hidden unit, the points after the hidden layer, the
    points lifted by a feature, loss, accuracy and weights over the epochs, the network neuron by neuron.
    """
    # numpy is loaded when it is needed
    from ..engine.datasets import load
    from ..engine.training.experiment import Settings
    from ..story.course import followed
    from ..story.selecting import with_columns
    from ..story.view import View
    from ..story.written import write_story

    options = dict(_DEFAULTS.get(data, _DEFAULTS[""]))
    options |= {name: value for name, value in given.items() if value is not None}
    if layers is not None:
        options["layers"] = sizes_of(layers)
        if len(options["layers"]) == 1 and given["activation"] is None:
            options["activation"] = None  # it is for hidden layers
    table = load(data, **({} if given["target"] is None else {"target": given["target"]}))
    table = with_columns(table, columns or _COLUMNS.get(data))
    settings = Settings(data=data, **options)
    folder(output)  # before the training, whose result would be lost without it
    course = followed(settings, progress=not quiet, table=table, count=frames)
    view = View(course)
    written = write_story(view, output, typed_again(click.get_current_context()))
    for line in _told(view):
        out(line)
    for path in written:
        out(said("wrote {output}", output=path))
    if find_spec("PIL") is None:
        say(said('no story.gif: Pillow is not installed: pip install "backprop-tutor[animate]"'))
    if course.outcome.history.interrupted:
        raise click.exceptions.Exit(130)


def typed_again(ctx: click.Context) -> str:
    """Return the command line that a command was called by, its options in the order of the help page."""
    words = ["backprop-tutor", ctx.command.name or ""]
    for parameter in ctx.command.params:
        name = parameter.name or ""
        if ctx.get_parameter_source(name) is not click.core.ParameterSource.COMMANDLINE:
            continue
        value = ctx.params.get(name)
        if value is None or name == "quiet":
            continue
        if isinstance(parameter, click.Argument):
            words += [str(value)]
        elif getattr(parameter, "is_flag", False):
            words.append(parameter.opts[0])
        else:
            words += [parameter.opts[0], str(value)]
    return shlex.join(words)


def _told(view: Any) -> list[str]:
    from ..story.told import lead  # start-up time

    return [*lead(view), ""]
