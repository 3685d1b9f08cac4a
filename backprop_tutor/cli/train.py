"""`backprop-tutor train`: shows a network, trains it on a data set, and writes what came of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from ..errors import OptionError
from ..extras import need
from ..files import folder
from ..sentences import said
from .help_pages import PATH, Command, WholeNumber, language, option
from .printing import out, tell_written

if TYPE_CHECKING:
    from ..story.written import Written

__all__ = ["sizes_of", "train"]

_GATE = {"hidden": (8,), "activation": "tanh", "lr": 0.05, "epochs": 200, "batch_size": 4}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "and": _GATE, "or": _GATE, "xor": _GATE, "nand": _GATE, "nor": _GATE, "xnor": _GATE,
    "iris": {"hidden": (128, 64), "lr": 0.001, "epochs": 50, "batch_size": 16},
    "digits": {"hidden": (128,), "lr": 0.001, "epochs": 30, "batch_size": 32},
    "moons": {"hidden": (16, 16), "lr": 0.01, "epochs": 100, "batch_size": 32},
    "": {"hidden": (64, 32), "lr": 0.001, "epochs": 30, "batch_size": 32},
}  # fmt: skip
"""What suits each data set where an option is not given; the empty name is for all others."""

_RATES = {"sgd": 0.1, "adagrad": 0.1, "adadelta": 1.0}
"""Learning rates of the optimizers whose steps are not of the size of Adam's."""


def sizes_of(text: str) -> tuple[int, ...]:
    """Return the units of each layer in "128,64,3".

    Raises:
        OptionError: something between the commas is not a whole number.
    """
    sizes = []
    for place, part in enumerate(text.split(","), 1):
        if not re.fullmatch(r"\s*[0-9]{1,9}\s*", part):
            raise OptionError(
                said(
                    "--layers {given}: number {place} is `{part}`; expected whole numbers separated by "
                    "commas, such as 128,64,3",
                    given=text, place=place, part=part.strip(),
                )
            )
        sizes.append(int(part))
    return tuple(sizes)


def need_folder(data: str, given: str | None) -> None:
    """Refuse data of pictures without the folder that holds them.

    Raises:
        OptionError: mnist or fashion-mnist, and no --folder.
    """
    if data in ("mnist", "fashion-mnist") and given is None:
        raise OptionError(
            said("{data} is read from files you have: say where with --folder", data=data)
        )


@click.command(
    cls=Command,
    name="train",
    short_help="Train a small network on a data set.",
    epilog="""\b
Examples:
  backprop-tutor train xor --layers 2,1
  backprop-tutor train xor --layers 2,1 --activation sigmoid --optimizer sgd --lr 1 --epochs 10001
  backprop-tutor train iris --layers 128,64,3 --batchnorm -o run/
  backprop-tutor train cars.csv --target weight --one-hot origin --drop name
""",
)
@click.argument("data", metavar="DATA")
@option("--layers", help="Units of all layers, the output's the last: 128,64,3.")
@option("--activation", default=None, help="Activation of the hidden layers.")
@option("--batchnorm", is_flag=True, help="Normalise each hidden layer over the batch.")
@option("--dropout", type=float, default=0.0, show_default=True, help="Share dropped.")
@option("--optimizer", default="adam", show_default=True, help="sgd, adam, rmsprop, ...")
@option("--lr", type=float, help="Learning rate.")
@option("--epochs", type=int, help="How often to go through the data.")
@option("--batch-size", type=int, help="Samples in a batch.")
@option("--test-size", type=float, help="Share of the rows set aside; 0.2 if left out.")
@option("--patience", type=int, help="Stop after so many epochs without an improvement.")
@option("--seed", type=int, default=0, show_default=True, help="Seed of all random draws.")
@option("--target", help="Column of a CSV file to predict; the last one unless given.")
@option(
    "--kind",
    type=click.Choice(["classes", "numbers"]),
    help="What the target of a CSV file is; found out unless given.",
)
@option(
    "--one-hot", multiple=True, metavar="COLUMNS",
    help="Columns of a CSV file that become one of 0 and 1 for each value; all: those of text.",
)  # fmt: skip
@option("--drop", multiple=True, metavar="COLUMNS", help="Columns of a CSV file left out.")
@option("--header/--no-header", default=None, help="Whether a CSV file's first line is names.")
@option("--folder", type=PATH, help="Where the files of mnist or fashion-mnist are.")
@language
@option("-o", "--output", type=PATH, help="Folder for curves, weights and record.")
@option(
    "--frames", type=WholeNumber(0, 200), default=60, show_default=True,
    help="With -o: moments of the training that the story shows; 0 for no story.",
)  # fmt: skip
@option("--quiet", is_flag=True, help="Show no progress bar.")
def train(
    data: str, output: str | None, quiet: bool, layers: str | None, frames: int, **given: Any
) -> None:  # fmt: skip
    """Show a network, train it on DATA, and report its test accuracy and confusion matrix.

    DATA is and, or, xor, nand, nor, xnor, iris, digits, moons, mnist, fashion-mnist (the last two
    from a --folder), or a CSV file whose last column (or --target) is what to predict.

    The network is built as --layers says, the last size the output's: of two classes 1 (a sigmoid
    and binary cross-entropy) or 2, of more classes as many (a softmax and cross-entropy), of numbers
    1 (squared error). With -o, curves (PNG and SVG), the weights (npz), a JSON record of everything
    and the pictures of `story`, as far as the data have them, are written to a folder. Ctrl-C ends the
    training, keeps what was learnt, and the exit status is 130.
    """
    import logging

    # numpy is loaded when it is needed
    from ..engine.training.experiment import Settings, run, write
    from ..engine.training.planning import Plan
    from ..story.written import Written
    from .training_tables import network_table, report

    # Where the home cannot be written, matplotlib keeps its cache elsewhere and need not say so.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    options = dict(_DEFAULTS.get(data, _DEFAULTS[""]))
    if given["optimizer"] in _RATES:
        options["lr"] = _RATES[given["optimizer"]]
    options.update({name: value for name, value in given.items() if value is not None})
    sizes = None if layers is None else sizes_of(layers)
    if sizes is not None and len(sizes) == 1 and given["activation"] is None:
        options["activation"] = None  # the data set's own is for hidden layers
    need_folder(data, given["folder"])
    if output is not None:
        need("matplotlib")
        folder(output)  # before the training, whose result would be lost without it
    recorder = _recorder(frames) if output is not None and frames else None

    def begin(plan: Plan) -> None:
        out(network_table(plan) + "\n")
        if recorder is not None:
            recorder.begin(plan)

    outcome = run(
        Settings(data=data, layers=sizes, **options), progress=not quiet, before=begin,
        after_epoch=None if recorder is None else recorder.note,
    )  # fmt: skip
    # Written before more is printed, which may be refused: `| head -1`.
    written = Written([] if output is None else [*write(outcome, output)], "")
    if recorder is not None and len(outcome.history):
        told = _story(recorder, outcome, output)
        written = Written(written.paths + told.paths, told.remark)
    out(report(outcome))
    tell_written(written)
    if outcome.history.interrupted:
        raise click.exceptions.Exit(130)


def _recorder(frames: int) -> Any:
    from ..story.course import Recorder  # start-up time

    return Recorder(frames)


def _story(recorder: Any, outcome: Any, output: str | None) -> Written:
    """Write the pictures of the course of a training, and return their paths."""
    from ..story.view import View  # start-up time
    from ..story.written import write_story
    from .typed import typed_again

    assert output is not None  # there is a folder
    command = typed_again(click.get_current_context())
    return write_story(View(recorder.course(outcome)), output, command)
