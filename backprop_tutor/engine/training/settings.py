"""`Settings`, what an experiment is asked to do, checked before anything is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...errors import OptionError
from ...sentences import said
from .choices import ACTIVATIONS, OPTIMIZERS, chosen

__all__ = ["MOST_EPOCHS", "Settings"]

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
