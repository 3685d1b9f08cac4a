"""How long forward, backward and differences take on this machine, for networks of three sizes.

Enters: sizes and a batch. Leaves: seconds, each the least of several runs, when the machine was least
busy. All is the tensor engine's: rows through linear layers with tanh, a mean squared error, and its
backward pass. Beside the seconds stands what is counted: the multiplications of both passes' products.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..engine import nn
from ..engine.autograd.modes import no_grad
from ..engine.autograd.tape import Tensor, wrap
from ..engine.tensors.randomness import manual_seed

__all__ = ["BATCHES", "NETWORKS", "Timed", "timed"]

NETWORKS = ((64, 128, 10), (100, 160, 100, 10), (128, 128, 128, 128, 10))
"""The units of the layers of the networks that are timed, the inputs first."""

BATCHES = (16, 256)
"""Rows of a batch: a few, where what each call takes whatever its size rules; many, where products do."""

_LEAST = 0.3
"""Seconds that the runs of one network go on at least: a busy machine needs many to show its best."""


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What one network takes, in seconds.

    Attributes:
        sizes: units of its layers, the inputs first.
        batch: rows that go through it at once.
        weights: how many weights and biases it has.
        forward: a forward pass and the loss, with nothing recorded.
        recorded: the same while it is recorded for the backward pass.
        backward: the backward pass.
        measured: how many weights' differences were really run; the rest would take as long each.
        differences: what central differences of all weights would take, two passes each.
    """

    sizes: tuple[int, ...]
    batch: int
    weights: int
    forward: float
    recorded: float
    backward: float
    measured: int
    differences: float

    @property
    def ratio(self) -> float:
        """Return the backward pass as a multiple of the forward pass alone."""
        return self.backward / self.forward

    @property
    def counted(self) -> float:
        """Return the same of the multiplications in products of matrices.

        A layer takes one product forward and two backward, for its weights and for its inputs; the first
        layer's inputs need no gradient.

        >>> Timed(sizes=(3, 4, 2), batch=1, weights=26, forward=1, recorded=1, backward=1, measured=1,
        ...       differences=1).counted
        1.4
        """
        products = [a * b for a, b in itertools.pairwise(self.sizes)]
        return 2 - products[0] / sum(products)


def timed(
    sizes: Sequence[int], repeats: int = 7, clock: Callable[[], float] = time.perf_counter,
    batch: int = BATCHES[0],
) -> Timed:  # fmt: skip
    """Return what a network of these sizes takes: forward, backward, and by differences."""
    manual_seed(0)
    modules: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        modules += [nn.Linear(inputs, outputs), nn.Tanh()]
    model = nn.Sequential(*modules[:-1])
    random = np.random.RandomState(0)
    x = wrap(random.normal(size=(batch, sizes[0])).astype(np.float32))
    y = wrap(random.normal(size=(batch, sizes[-1])).astype(np.float32))
    weights = sum(parameter.numel() for parameter in model.parameters())
    forward: list[float] = []
    recorded: list[float] = []
    backward: list[float] = []
    nn.functional.mse_loss(model(x), y).backward()  # the first run loads what all others find
    begun = clock()
    while len(forward) < repeats or clock() - begun < _LEAST:
        with no_grad():
            start = clock()
            nn.functional.mse_loss(model(x), y)
            forward.append(clock() - start)
        model.zero_grad()
        start = clock()
        loss = nn.functional.mse_loss(model(x), y)
        between = clock()
        loss.backward()
        recorded.append(between - start)
        backward.append(clock() - between)
    tried = min(20, weights)
    each = _difference(model, x, y, tried, clock)
    return Timed(
        sizes=tuple(sizes),
        batch=batch,
        weights=weights,
        forward=min(forward),
        recorded=min(recorded),
        backward=min(backward),
        measured=tried,
        differences=each * weights,
    )


def _difference(
    model: nn.Sequential, x: Tensor, y: Tensor, count: int, clock: Callable[[], float]
) -> float:
    """Return the seconds that the central difference of one weight takes, from `count` of them."""
    flat = next(iter(model.parameters()))._a.reshape(-1)
    taken = []
    with no_grad():
        for place in range(count):
            kept = float(flat[place % len(flat)])
            start = clock()
            for step in (1e-3, -1e-3):
                flat[place % len(flat)] = kept + step
                nn.functional.mse_loss(model(x), y)
            taken.append(clock() - start)
            flat[place % len(flat)] = kept
    return min(taken)
