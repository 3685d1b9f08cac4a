"""`backprop-tutor train`: trains a small network on a data set and writes what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..errors import OptionError, printable
from ..files import folder
from .printing import out

if TYPE_CHECKING:
    from ..engine.training.experiment import Outcome

__all__ = ["train"]

_DEFAULTS: dict[str, dict[str, Any]] = {
    "xor": {"layers": "4", "activation": "tanh", "lr": 0.05, "epochs": 200, "batch_size": 4},
    "iris": {"layers": "128,64", "lr": 0.001, "epochs": 50, "batch_size": 16},
    "digits": {"layers": "128", "lr": 0.001, "epochs": 30, "batch_size": 32},
    "moons": {"layers": "16,16", "lr": 0.01, "epochs": 100, "batch_size": 32},
    "": {"layers": "64,32", "lr": 0.001, "epochs": 30, "batch_size": 32},
}
"""What suits each data set where an option is not given; the empty name is for all others."""


def _sizes(text: str) -> tuple[int, ...]:
    """Return the units of each layer in "128,64,3".

    Raises:
        OptionError: something between the commas is not a whole number.
    """
    sizes = []
    for place, part in enumerate(text.split(","), 1):
        try:
            sizes.append(int(part))
        except ValueError:
            raise OptionError(
                f"--layers {text}: number {place} is `{part.strip()}`; "
                "expected whole numbers separated by commas, such as 128,64,3"
            ) from None
    return tuple(sizes)


def _matrix(names: Sequence[str], matrix: Any) -> str:
    """Return the confusion matrix as text, true classes down and predicted ones across."""
    cells = [[str(count) for count in row] for row in matrix.tolist()]
    names = [printable(name) for name in names]
    short = [name if len(name) <= 12 else name[:11] + "…" for name in names]
    first = max(len("true \\ predicted"), *map(len, short))
    widths = [
        max(len(short[column]), *(len(row[column]) for row in cells))
        for column in range(len(short))
    ]
    head = "true \\ predicted".ljust(first) + "".join(
        "  " + name.rjust(width) for name, width in zip(short, widths, strict=True)
    )
    lines = [
        name.ljust(first)
        + "".join("  " + cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for name, row in zip(short, cells, strict=True)
    ]
    return "\n".join([head, *lines])


def _report(outcome: Outcome) -> str:
    table = outcome.table
    lines = [
        f"{printable(table.name)}: {outcome.train_size} rows to train on, {outcome.test_size} to test on",
    ]
    if outcome.history.stopped:
        lines.append(f"stopped early: {outcome.history.stopped}")
    if outcome.matrix is None:
        lines.append(f"test mean squared error: {outcome.score:.6g}")
    else:
        lines += [f"test accuracy: {outcome.score:.4f}", "", _matrix(table.classes, outcome.matrix)]
    return "\n".join(lines)


@click.command(name="train", short_help="Train a small network on a data set.")
@click.argument("data", metavar="DATA")
@click.option("--layers", help="Units of the layers, such as 128,64,3.")
@click.option("--activation", default=None, help="Activation of the hidden layers.")
@click.option("--batchnorm", is_flag=True, help="Normalise each hidden layer over the batch.")
@click.option("--dropout", type=float, default=0.0, show_default=True, help="Share dropped.")
@click.option("--optimizer", default="adam", show_default=True, help="sgd, adam, rmsprop, ...")
@click.option("--lr", type=float, help="Learning rate.")
@click.option("--epochs", type=int, help="How often to go through the data.")
@click.option("--batch-size", type=int, help="Samples in a batch.")
@click.option("--test-size", type=float, default=0.2, show_default=True, help="Share set aside.")
@click.option("--patience", type=int, help="Stop after so many epochs without an improvement.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of all random draws.")
@click.option("--target", help="Column of a CSV file to predict; the last one unless given.")
@click.option("--folder", type=click.Path(), help="Where the files of mnist or fashion-mnist are.")
@click.option("-o", "--output", type=click.Path(), help="Folder for curves, weights and record.")
@click.option("--quiet", is_flag=True, help="Show no progress bar.")
def train(data: str, output: str | None, quiet: bool, layers: str | None, **given: Any) -> None:
    """Train a network on DATA and report its test accuracy and confusion matrix.

    DATA is xor, iris, digits, moons, mnist, fashion-mnist (the last two from a --folder), or a CSV
    file whose last column (or --target) is what to predict. With -o, curves (PNG and SVG), the
    weights (npz) and a JSON record of everything are written to a folder. Ctrl-C ends the training
    and keeps what was learnt.
    """
    from ..engine.training.experiment import Settings, run, write  # numpy loads when it is needed

    options = dict(_DEFAULTS.get(data, _DEFAULTS[""]))
    options.update({name: value for name, value in given.items() if value is not None})
    sizes = _sizes(options.pop("layers") if layers is None else layers)
    options.pop("layers", None)
    if data in ("mnist", "fashion-mnist") and options.get("folder") is None:
        raise OptionError(f"{data} is read from files you have: say where with --folder")
    if output is not None:
        folder(output)  # before the training, whose result would be lost without it
    outcome = run(Settings(data=data, layers=sizes, **options), progress=not quiet)
    out(_report(outcome))
    if output is not None:
        for path in write(outcome, output):
            out(f"wrote {path}")
