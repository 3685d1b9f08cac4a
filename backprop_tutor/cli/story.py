"""`backprop-tutor story`: a training told in pictures, as one page with a slider and as an animation."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from ..errors import OptionError
from ..files import folder
from ..sentences import said
from .help_pages import PATH, Command, WholeNumber, language, option
from .printing import out, say, tell_written
from .train import need_folder, sizes_of
from .typed import typed_again

if TYPE_CHECKING:
    from ..story.written import Written

__all__ = ["story"]

_GATE = {"layers": (2, 1), "activation": "tanh", "lr": 0.05, "epochs": 300, "batch_size": 4}
_DEFAULTS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("and", "or", "nand", "nor", "xor", "xnor"), _GATE),
    "moons": {"layers": (8, 1), "activation": "tanh", "lr": 0.02, "epochs": 120, "batch_size": 32},
    "iris": {"layers": (3, 3), "activation": "tanh", "lr": 0.02, "epochs": 150, "batch_size": 16},
    "": {"hidden": (8,), "activation": "tanh", "lr": 0.02, "epochs": 120, "batch_size": 32},
}
"""What suits each data set where an option is not given; the empty name is for all others."""

_CURVE = {"layers": (8, 1), "activation": "tanh", "lr": 0.02, "epochs": 600, "batch_size": 64}
"""What suits a function."""

_OF_CURVES = {"from_": -2.0, "to": 2.0, "points": 60, "noise": 0.0}
"""Where a function is looked at, where nothing is said."""

_TRAINING = ("activation", "optimizer", "lr", "epochs", "batch_size", "seed")

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
  backprop-tutor story "y = sin(3x)" --from -2 --to 2 --noise 0.1 -o run/
  backprop-tutor story perceptron -o run/
  backprop-tutor story or --rule perceptron -o run/
""",
)
@click.argument("data", metavar="DATA")
@option("--layers", help="Units of all layers, the output's the last: 2,1.")
@option("--activation", default=None, help="Activation of the hidden layers.")
@option(
    "--rule",
    type=click.Choice(["descent", "perceptron"]),
    default="descent",
    show_default=True,
    help="Gradient descent of a network, or the perceptron's own rule.",
)
@option("--optimizer", help="sgd, adam, rmsprop, ...; adam if left out.")
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
@option("--from", "from_", type=float, help="A function: from which x; -2 if left out.")
@option("--to", type=float, help="A function: up to which x; 2 if left out.")
@option(
    "--points", type=WholeNumber(2, 2000), help="A function: at how many places; 60 if left out."
)
@option(
    "--noise", type=float, help="A function: standard deviation of what is added; 0 if left out."
)
@option("--target", help="Column of a CSV file to predict; the last one unless given.")
@option("--folder", "pictures", type=PATH, help="Where the files of mnist or fashion-mnist are.")
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
    rule: str,
    **given: Any,
) -> None:
    """Train a small network on DATA and tell in pictures what it learns.

    DATA is and, or, xor, nand, nor, xnor, moons, iris, digits, mnist and fashion-mnist (these two from a
    --folder), a CSV file, or a function of one variable such as "y = sin(3x)"; perceptron is the
    perceptron's own rule on and, or and xor, mistake by mistake. Written to a folder: story.html, a page
    with a slider over the training; story.gif, the same, animated; each picture as SVG and PNG: regions
    with the points and the line of each hidden unit, the points after the hidden layer, the points lifted
    by a feature, the curve through the points, loss, accuracy and weights over the epochs, the network
    neuron by neuron.
    """
    # numpy is loaded when it is needed
    from ..engine.training.experiment import Settings
    from ..story.course import followed
    from ..story.told import lead
    from ..story.view import View
    from ..story.written import write_story

    if rule == "perceptron" or data == "perceptron":
        _perceptron(data, output, columns, given, frames)
        return
    curve = "=" in data
    options = dict(_CURVE if curve else _DEFAULTS.get(data, _DEFAULTS[""]))
    options |= {name: given[name] for name in _TRAINING if given[name] is not None}
    if layers is not None:
        options["layers"] = sizes_of(layers)
        if len(options["layers"]) == 1 and given["activation"] is None:
            options["activation"] = None  # it is for hidden layers
    table = _table(data, columns, given, options["seed"])
    folder(output)  # before the training, whose result would be lost without it
    course = followed(Settings(data=data, **options), progress=not quiet, table=table, count=frames)
    view = View(course)
    written = write_story(view, output, typed_again(click.get_current_context()))
    _report([*lead(view), ""], written)
    if course.outcome.history.interrupted:
        raise click.exceptions.Exit(130)


def _table(data: str, columns: str | None, given: dict[str, Any], seed: int) -> Any:
    """Return the table that is learnt: a function's values, a data set or a CSV file."""
    from ..engine.datasets import load  # start-up time
    from ..story.curve_data import curve_table
    from ..story.selecting import with_columns

    ranges = {name: given[name] for name in _OF_CURVES if given[name] is not None}
    if "=" in data:
        if columns or given["target"]:
            raise OptionError(
                said("--columns and --target choose from a table, not from a function")
            )
        if given["pictures"] is not None:
            raise OptionError(
                said("{option} is not for {what}", option="--folder", what=said("a function"))
            )
        low, high, count, noise = ({**_OF_CURVES, **ranges}[name] for name in _OF_CURVES)
        return curve_table(data, low, high, count, noise, seed)
    if ranges:
        shown = ", ".join("--" + name.removesuffix("_") for name in ranges)
        raise OptionError(
            said("{options} belong to a function, such as y = sin(3x)", options=shown)
        )
    need_folder(data, given["pictures"])
    named = {"target": given["target"], "folder": given["pictures"]}
    table = load(data, **{name: value for name, value in named.items() if value is not None})
    return with_columns(table, columns or _COLUMNS.get(data))


def _perceptron(
    data: str, output: str, columns: str | None, given: dict[str, Any], frames: int
) -> None:
    """Tell the perceptron's own rule on one table, or on and, or and xor side by side."""
    from ..story.perceptron import learn  # start-up time
    from ..story.perceptron_page import perceptron_files, perceptron_lines
    from ..story.written import write_all

    kept = [name for name in _TRAINING if given[name] is not None and name != "seed"]
    if kept:
        raise OptionError(
            said(
                "--{option} is for a network; the perceptron's rule has no such setting",
                option=kept[0].replace("_", "-"),
            )
        )
    names = ("and", "or", "xor") if data == "perceptron" else (data,)
    tables = [_table(name, columns, given, 0) for name in names]
    for table in tables:
        if len(table.columns) != 2:
            raise OptionError(
                said(
                    "{name} has {count} columns; the perceptron's line is drawn over two: --columns",
                    name=table.name,
                    count=len(table.columns),
                )
            )
    found = [learn(table) for table in tables]
    files = perceptron_files(found, typed_again(click.get_current_context()), frames)
    _report([*perceptron_lines(found), ""], write_all(files, output))


def _report(lines: list[str], written: Written) -> None:
    for line in lines:
        out(line)
    tell_written(written)
    if find_spec("PIL") is None:
        say(said('no story.gif: Pillow is not installed: pip install "backprop-tutor[animate]"'))
