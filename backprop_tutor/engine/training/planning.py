"""Before the training: settings become data divided and scaled, and a network. Nothing is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import OptionError
from ...sentences import counted, said
from ..autograd.tape import wrap
from ..datasets import Table, load
from ..tensors.randomness import manual_seed
from ..utils.data import TensorDataset, random_split
from .networks import Network, built
from .settings import Settings

__all__ = ["Plan", "Scaling", "planned"]


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


def planned(settings: Settings) -> Plan:
    """Return the plan of an experiment: nothing is trained yet.

    Raises:
        OptionError: a name or a setting that is none, or does not fit the data.
        FileError: data that cannot be read.
    """
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
