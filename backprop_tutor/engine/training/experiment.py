"""An experiment: plan, train, measure, record. What `backprop-tutor train` does.

The settings go in, an `Outcome` comes out, and goes into a folder as curves, weights and one JSON record;
the same settings give the same numbers.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...files import folder as make_folder
from ...files import write_whole
from .. import nn
from ..autograd.modes import no_grad
from ..autograd.tape import wrap
from ..datasets import Table
from ..utils.data import DataLoader, TensorDataset
from .choices import OPTIMIZERS, accuracy, confusion, loss_for, predicted_classes
from .history import EarlyStopping, History
from .loop import fit
from .networks import Network
from .planning import Plan, Scaling, Settings, planned

__all__ = ["Outcome", "Settings", "run", "write"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an experiment found; `score` is the test accuracy, or the mean squared error of numbers.

    Errors are in the target's own unit, and so are the losses of the history and what the model
    returns. `absolute` is the mean absolute error, `alone` the mean squared error of one who always
    says the training rows' mean; both are None for classes.
    """

    settings: Settings
    table: Table
    model: nn.Module
    network: Network
    history: History
    score: float
    matrix: np.ndarray[Any, Any] | None
    scaling: Scaling
    train_size: int
    test_size: int
    tested_on_all: bool
    absolute: float | None = None
    alone: float | None = None


def run(
    settings: Settings, progress: Any = True, before: Callable[[Plan], object] | None = None,
    after_epoch: Callable[[int, dict[str, float]], object] | None = None, table: Table | None = None,
) -> Outcome:
    """Train as the settings say and return what was found; `before` is told the plan, before it begins.
    A `table` stands in for the settings' data.

    Features are brought to mean 0 and deviation 1 by the training rows, pictures stay as they are.
    Numbers to be predicted are scaled so for the training alone: afterwards the last layer is, so
    that the network answers in their own unit. With batch normalisation a last batch of a single
    sample is left out of its epoch; where one batch holds all rows their order stays.

    Raises:
        OptionError: an unknown name, or a setting that is impossible or does not fit the data.
        FileError: data that cannot be read.
    """
    plan = planned(settings, table)
    if before is not None:
        before(plan)
    network, scaling, table = plan.network, plan.scaling, plan.table
    (x, y), (x_test, y_test) = plan.train, plan.test
    goal, goal_test = (_scaled(each, table, scaling) for each in (y, y_test))
    optimizer = OPTIMIZERS[settings.optimizer](network.model.parameters(), lr=settings.lr)
    stopping = None if settings.patience is None else EarlyStopping(patience=settings.patience)
    lonely = settings.batchnorm and len(x) % settings.batch_size == 1
    batches = DataLoader(
        TensorDataset(wrap(x), wrap(goal)), settings.batch_size,
        shuffle=settings.batch_size < len(x),
        drop_last=lonely and len(x) > settings.batch_size,  # one sample has no variance
    )
    history = fit(
        network.model, loss_for(network.output.loss), optimizer, batches, settings.epochs,
        (network.output.metric,),
        None if plan.tested_on_all else (wrap(x_test), wrap(goal_test)),
        early_stopping=stopping, progress=progress, after_epoch=after_epoch, compile=True,
    )
    network.model.eval()
    if not table.classes:
        _back_to_own_unit(network.model, history, scaling)
    with no_grad():
        answers = network.model(wrap(x_test)).numpy(force=True)
    return Outcome(
        settings=settings, table=table, model=network.model, network=network, history=history,
        scaling=scaling, train_size=len(x), test_size=len(x_test),
        tested_on_all=plan.tested_on_all, **_measured(table, answers, y_test, scaling),
    )


def _scaled(y: np.ndarray[Any, Any], table: Table, scaling: Scaling) -> np.ndarray[Any, Any]:
    if table.classes:
        return y
    wide = (y.astype(np.float64) - scaling.target_mean) / scaling.target_deviation
    return wide.astype(np.float32)


def _back_to_own_unit(model: nn.Sequential, history: History, scaling: Scaling) -> None:
    """Scale the last layer, and the errors of the epochs, to the target's unit."""
    last = model[-1]
    with no_grad():
        last.weight.mul_(scaling.target_deviation)
        last.bias.mul_(scaling.target_deviation).add_(scaling.target_mean)
    powers = {"loss": 2, "mae": 1}
    for name, values in history.history.items():
        factor = scaling.target_deviation ** powers[name.removeprefix("val_")]
        values[:] = [value * factor for value in values]


def _measured(
    table: Table, answers: np.ndarray[Any, Any], right: np.ndarray[Any, Any], scaling: Scaling
) -> dict[str, Any]:
    """Return how the answers to the test rows compare with what is right."""
    if table.classes:
        guessed = predicted_classes(answers)
        return {
            "score": accuracy(answers, right),
            "matrix": confusion(guessed, right, len(table.classes)),
        }
    wide = right.astype(np.float64)
    apart = answers.astype(np.float64) - wide
    return {
        "score": float(np.square(apart).mean()), "matrix": None,
        "absolute": float(np.abs(apart).mean()),
        "alone": float(np.square(wide - scaling.target_mean).mean()),
    }


def _record(outcome: Outcome) -> dict[str, Any]:
    table = outcome.table
    found = {
        "settings": asdict(outcome.settings),
        "data": {
            "name": table.name, "rows": len(table), "columns": list(table.columns),
            "classes": list(table.classes), "target": table.target,
            "train": outcome.train_size, "test": outcome.test_size,
        },
        "model": repr(outcome.model),
        "layers": list(outcome.network.sizes),
        "network": [asdict(part) for part in outcome.network.parts],
        "loss": outcome.network.output.said,
        "parameters": outcome.network.parameters,
        "scaling": {
            "mean": [float(each) for each in outcome.scaling.mean],
            "deviation": [float(each) for each in outcome.scaling.deviation],
            "target_mean": outcome.scaling.target_mean,
            "target_deviation": outcome.scaling.target_deviation,
        },
        "training": outcome.history.record(),
    }
    if outcome.matrix is None:
        found["test_mean_squared_error"] = outcome.score
        found["test_mean_absolute_error"] = outcome.absolute
        found["mean_squared_error_of_the_mean"] = outcome.alone
    else:
        found["test_accuracy"] = outcome.score
        found["confusion_matrix"] = outcome.matrix.tolist()
    return found


def write(outcome: Outcome, folder: str | Path) -> Sequence[Path]:
    """Write curves.png, curves.svg, weights.npz and record.json; return their paths.

    Raises:
        FileError: the folder or a file cannot be written.
    """
    from ..plots import save_figure  # matplotlib is loaded when something is drawn

    folder = make_folder(folder)
    written = []
    if len(outcome.history):
        figure = outcome.history.plot(outcome.table.name)
        written += [save_figure(figure, folder / f"curves.{kind}") for kind in ("png", "svg")]
    held = io.BytesIO()
    np.savez(held, **{name: each._a for name, each in outcome.model.state_dict().items()})
    write_whole(folder / "weights.npz", held.getvalue())
    text = json.dumps(_record(outcome), indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / "record.json", text)
    return [*written, folder / "weights.npz", folder / "record.json"]
