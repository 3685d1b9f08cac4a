"""Before the training: `Settings`, checked before anything is loaded, become divided data and a network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import OptionError
from ...sentences import counted, said
from ..autograd.tape import wrap
from ..datasets import Table, load
from ..tensors.randomness import manual_seed
from ..utils.data import TensorDataset, random_split
from .choices import ACTIVATIONS, OPTIMIZERS, chosen
from .networks import Network, built

__all__ = ["MOST_EPOCHS", "Plan", "Scaling", "Settings", "planned"]

MOST_EPOCHS = 1_000_000
"""So often a training goes through its data at most; the numbers of every epoch are kept."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an experiment is asked to do; `data` is a name or a CSV file.

    `layers` are the units of all layers, the output's included, and are what is built; where they
    are None the `hidden` ones and the usual output are. `target`, `one_hot`, `drop`, `header` and
    `kind` belong to a CSV file, `folder` to mnist and fashion-mnist.
    """

    data: str
    layers: tuple[int, ...] | None = None
    hidden: tuple[int, ...] = (16,)
    activation: str | None = None
    batchnorm: bool = False
    dropout: float = 0.0
    optimizer: str = "adam"
    lr: float = 0.01
    epochs: int = 50
    batch_size: int = 16
    test_size: float | None = None
    patience: int | None = None
    seed: int = 0
    target: str | None = None
    one_hot: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    header: bool | None = None
    kind: str | None = None
    folder: str | None = None

    def __post_init__(self) -> None:
        chosen("optimizer", self.optimizer, OPTIMIZERS)
        if self.activation is not None:
            chosen("activation", self.activation, ACTIVATIONS)
        if self.layers is not None and not self.layers:
            raise OptionError(said("no layers; expected at least the output's size"))
        for size in (*self.hidden, *(self.layers or ())):
            if size < 1:
                raise OptionError(said("a layer of {size} units; expected at least 1", size=size))
        if not 0 < self.lr < math.inf:
            raise OptionError(said("learning rate {lr}; expected a number above 0", lr=self.lr))
        if self.epochs < 1:
            raise OptionError(said("{epochs} epochs; expected at least 1", epochs=self.epochs))
        if self.epochs > MOST_EPOCHS:
            raise OptionError(
                said(
                    "{epochs} epochs; at most {most}", epochs=f"{self.epochs:,}", most=f"{MOST_EPOCHS:,}"
                )
            )
        if self.batch_size < 1:
            raise OptionError(
                said("batches of {batch_size}; expected at least 1", batch_size=self.batch_size)
            )
        if self.batchnorm and self.batch_size < 2:
            raise OptionError(said("batch normalisation needs batches of at least 2 samples"))
        if not 0 <= self.dropout < 1:
            raise OptionError(
                said("dropout {dropout}; expected a fraction below 1", dropout=self.dropout)
            )
        if self.test_size is not None and not 0 < self.test_size < 1:
            raise OptionError(
                said(
                    "test size {test_size}; expected a fraction between 0 and 1",
                    test_size=self.test_size,
                )
            )
        if self.patience is not None and self.patience < 1:
            raise OptionError(
                said("patience {patience}; expected at least 1 epoch", patience=self.patience)
            )
        if not -(2**63) <= self.seed < 2**63:
            raise OptionError(
                said("seed {seed}; expected a number of at most 63 bits", seed=self.seed)
            )


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """What is subtracted and divided by before the network sees a number; 0 and 1 leave it alone.

    `mean` and `deviation` (d,) are of the features; those of the target are numbers.
    """

    mean: np.ndarray[Any, Any]
    deviation: np.ndarray[Any, Any]
    target_mean: float = 0.0
    target_deviation: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that is settled before the training: the data divided and scaled, and the network.

    `tested_on_all` is whether there are too few rows to set some aside, as XOR has.
    """

    settings: Settings
    table: Table
    network: Network
    scaling: Scaling
    train: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
    test: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
    tested_on_all: bool


_FEW = 10
"""Tables of fewer rows are tested on what they were trained on, as XOR must be."""


def _divided(table: Table, share: float | None) -> tuple[Any, Any, Any, Any]:
    """Return features and targets to train on, and those to test on."""
    if table.test is not None or len(table) < _FEW:
        if share is not None:
            held = counted(len(table), "1 row", "{count} rows")
            why = (
                said("has rows of its own for testing")
                if table.test
                else said("has {held} only", held=held)
            )
            raise OptionError(
                said(
                    "test size {share:g}: {name} {why}; nothing is set aside",
                    share=share, name=table.name, why=why,
                )
            )
        tested = table.test or table
        return table.features, table.targets, tested.features, tested.targets
    count = max(1, round(len(table) * (0.2 if share is None else share)))
    if count >= len(table):
        whole = counted(len(table), "the 1 row", "the {count} rows")
        raise OptionError(
            said("test size {share:g} leaves none of {whole} to train on", share=share, whole=whole)
        )
    rows = TensorDataset(wrap(np.arange(len(table))))
    train, test = random_split(rows, [len(table) - count, count])
    return (
        table.features[train.indices], table.targets[train.indices],
        table.features[test.indices], table.targets[test.indices],
    )


def _scaling(table: Table, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> Scaling:
    """Return what brings features, and targets that are numbers, to mean 0 and deviation 1.

    Pictures and small tables keep their features, whose scale is meant.
    """
    mean, deviation = np.zeros(x.shape[1], np.float32), np.ones(x.shape[1], np.float32)
    if not table.shape and len(table) >= _FEW:
        # float64: the sum of many large float32 numbers may not be one
        mean = x.mean(0, dtype=np.float64).astype(np.float32)
        deviation = x.std(0, dtype=np.float64).astype(np.float32)
        deviation[deviation == 0] = 1
    if table.classes:
        return Scaling(mean=mean, deviation=deviation)
    values = y.astype(np.float64)
    return Scaling(
        mean=mean, deviation=deviation, target_mean=float(values.mean()),
        target_deviation=float(values.std()) or 1.0,
    )


def planned(settings: Settings, table: Table | None = None) -> Plan:
    """Return the plan of an experiment: nothing is trained yet. A `table` stands in for the settings' data.

    Raises:
        OptionError: an unknown name, or a setting that is impossible or does not fit the data.
        FileError: data that cannot be read.
    """
    if table is None:
        table = load(
            settings.data, folder=settings.folder, target=settings.target, one_hot=settings.one_hot,
            drop=settings.drop, header=settings.header, kind=settings.kind,
        )
    manual_seed(settings.seed)
    x, y, x_test, y_test = _divided(table, settings.test_size)
    scaling = _scaling(table, x, y)
    network = built(
        table, settings.layers, hidden=settings.hidden, activation=settings.activation,
        batchnorm=settings.batchnorm, dropout=settings.dropout,
    )
    return Plan(
        settings=settings, table=table, network=network, scaling=scaling,
        train=((x - scaling.mean) / scaling.deviation, y),
        test=((x_test - scaling.mean) / scaling.deviation, y_test),
        tested_on_all=table.test is None and len(table) < _FEW,
    )
