"""An experiment from data to a folder: split, scale, train, measure, write down.

What `backprop-tutor train` does. The settings go in, a folder with the curves, the weights and one
JSON record comes out; the same settings give the same numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import OptionError
from ...files import folder as make_folder
from ...files import write_whole
from .. import nn
from ..datasets import Table, load
from ..modes import no_grad
from ..randomness import manual_seed
from ..tape import wrap
from ..utils.data import DataLoader, TensorDataset, random_split
from .choices import ACTIVATIONS, OPTIMIZERS, chosen, loss_for
from .history import History
from .loop import evaluate, fit
from .metrics import confusion, predicted_classes
from .stopping import EarlyStopping

__all__ = ["Outcome", "Settings", "run", "write"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an experiment is asked to do; `data` is a name or a CSV file."""

    data: str
    layers: tuple[int, ...] = (16,)
    activation: str = "relu"
    batchnorm: bool = False
    dropout: float = 0.0
    optimizer: str = "adam"
    lr: float = 0.01
    epochs: int = 50
    batch_size: int = 16
    test_size: float = 0.2
    patience: int | None = None
    seed: int = 0
    target: str | None = None
    folder: str | None = None

    def __post_init__(self) -> None:
        chosen("optimizer", self.optimizer, OPTIMIZERS)
        chosen("activation", self.activation, ACTIVATIONS)
        for size in self.layers:
            if size < 1:
                raise OptionError(f"a layer of {size} units; expected at least 1")
        if not self.lr > 0:
            raise OptionError(f"learning rate {self.lr}; expected a number above 0")
        if self.epochs < 1:
            raise OptionError(f"{self.epochs} epochs; expected at least 1")
        if self.batch_size < 1:
            raise OptionError(f"batches of {self.batch_size}; expected at least 1")
        if self.batchnorm and self.batch_size < 2:
            raise OptionError("batch normalisation needs batches of at least 2 samples")
        if not 0 <= self.dropout < 1:
            raise OptionError(f"dropout {self.dropout}; expected a fraction below 1")
        if not 0 < self.test_size < 1:
            raise OptionError(f"test size {self.test_size}; expected a fraction between 0 and 1")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an experiment found; `score` is the test accuracy, or the test error for numbers."""

    settings: Settings
    table: Table
    model: nn.Module
    history: History
    score: float
    matrix: np.ndarray[Any, Any] | None
    mean: np.ndarray[Any, Any]
    deviation: np.ndarray[Any, Any]
    train_size: int
    test_size: int


def _network(settings: Settings, inputs: int, outputs: int) -> nn.Sequential:
    """Return the network: its last layer has as many outputs as there are classes."""
    hidden = settings.layers
    if hidden and hidden[-1] == outputs:
        hidden = hidden[:-1]
    parts: list[nn.Module] = []
    for size in hidden:
        parts.append(nn.Linear(inputs, size))
        if settings.batchnorm:
            parts.append(nn.BatchNorm1d(size))
        parts.append(ACTIVATIONS[settings.activation]())
        if settings.dropout:
            parts.append(nn.Dropout(settings.dropout))
        inputs = size
    parts.append(nn.Linear(inputs, outputs))
    return nn.Sequential(*parts)


def _divided(table: Table, share: float) -> tuple[Any, Any, Any, Any]:
    """Return features and targets to train on, and those to test on.

    Tables of fewer than 10 rows are tested on what they were trained on, as XOR must be.
    """
    if table.test is not None:
        return table.features, table.targets, table.test.features, table.test.targets
    if len(table) < 10:
        return table.features, table.targets, table.features, table.targets
    tested = max(1, round(len(table) * share))
    rows = TensorDataset(wrap(np.arange(len(table))))
    train, test = random_split(rows, [len(table) - tested, tested])
    return (
        table.features[train.indices], table.targets[train.indices],
        table.features[test.indices], table.targets[test.indices],
    )


def run(settings: Settings, progress: Any = True) -> Outcome:
    """Train as the settings say and return what was found.

    Features are brought to mean 0 and deviation 1 by the training rows, pictures stay as they are.
    With batch normalisation a last batch of a single sample is left out of its epoch.

    Raises:
        OptionError: a name or a setting that is none.
        FileError: data that cannot be read.
    """
    table = load(settings.data, folder=settings.folder, target=settings.target)
    manual_seed(settings.seed)
    x, y, x_test, y_test = _divided(table, settings.test_size)
    mean = np.zeros(x.shape[1], np.float32)
    deviation = np.ones(x.shape[1], np.float32)
    if not table.shape and len(table) >= 10:
        mean, deviation = x.mean(0), x.std(0)
        deviation[deviation == 0] = 1
    x, x_test = (x - mean) / deviation, (x_test - mean) / deviation
    outputs = len(table.classes) or 1
    model = _network(settings, x.shape[1], outputs)
    compare = loss_for("cross_entropy" if table.classes else "mse")
    metrics = ("accuracy",) if table.classes else ("mae",)
    optimizer = OPTIMIZERS[settings.optimizer](model.parameters(), lr=settings.lr)
    stopping = None if settings.patience is None else EarlyStopping(patience=settings.patience)
    lonely = settings.batchnorm and len(x) % settings.batch_size == 1
    batches = DataLoader(
        TensorDataset(wrap(x), wrap(y)), settings.batch_size, shuffle=True,
        drop_last=lonely and len(x) > settings.batch_size,  # one sample has no variance
    )
    history = fit(
        model, compare, optimizer, batches, settings.epochs, metrics, (wrap(x_test), wrap(y_test)),
        early_stopping=stopping, progress=progress,
    )
    measured = evaluate(model, compare, (wrap(x_test), wrap(y_test)), metrics)
    matrix = None
    if table.classes:
        model.eval()
        with no_grad():
            guessed = predicted_classes(model(wrap(x_test)))
        matrix = confusion(guessed, y_test, len(table.classes))
    return Outcome(
        settings=settings, table=table, model=model, history=history,
        score=measured["accuracy"] if table.classes else measured["loss"],
        matrix=matrix, mean=mean, deviation=deviation, train_size=len(x), test_size=len(x_test),
    )


def _record(outcome: Outcome) -> dict[str, Any]:
    table = outcome.table
    found = {
        "settings": asdict(outcome.settings),
        "data": {
            "name": table.name, "rows": len(table), "columns": list(table.columns),
            "classes": list(table.classes), "train": outcome.train_size, "test": outcome.test_size,
        },
        "model": repr(outcome.model),
        "parameters": sum(p.numel() for p in outcome.model.parameters()),
        "scaling": {
            "mean": [float(each) for each in outcome.mean],
            "deviation": [float(each) for each in outcome.deviation],
        },
        "training": outcome.history.record(),
    }
    if outcome.matrix is None:
        found["test_mean_squared_error"] = outcome.score
    else:
        found["test_accuracy"] = outcome.score
        found["confusion_matrix"] = outcome.matrix.tolist()
    return found


def write(outcome: Outcome, folder: str | Path) -> Sequence[Path]:
    """Write curves.png, curves.svg, weights.npz and record.json; return their paths.

    Raises:
        FileError: the folder or a file cannot be written.
    """
    import io

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
