"""How long forward, backward and differences take on this machine, for networks of three sizes.

Enters: sizes. Leaves: seconds, each the least of several runs, when the machine was least busy. All is the
tensor engine's: a batch through linear layers with tanh, a mean squared error, and its backward pass.
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

__all__ = ["NETWORKS", "Timed", "timed"]

NETWORKS = ((64, 128, 10), (100, 160, 100, 10), (128, 128, 128, 128, 10))
"""The units of the layers of the networks that are timed, the inputs first."""

BATCH = 16
"""Small enough that products of these networks run on one core, whatever else the machine does."""

_LEAST = 0.3
"""Seconds that the runs of one network go on at least: a busy machine needs many to show its best."""


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What one network takes, in seconds.

    Attributes:
        sizes: units of its layers, the inputs first.
        weights: how many weights and biases it has.
        forward: a forward pass and the loss, with nothing recorded.
        recorded: the same while it is recorded for the backward pass.
        backward: the backward pass.
        measured: how many weights' differences were really run; the rest would take as long each.
        differences: what central differences of all weights would take, two passes each.
    """

    sizes: tuple[int, ...]
    weights: int
    forward: float
    recorded: float
    backward: float
    measured: int
    differences: float

    @property
    def ratio(self) -> float:
        """Return the backward pass as a multiple of the forward pass that it belongs to."""
        return self.backward / self.recorded


def timed(
    sizes: Sequence[int], repeats: int = 7, clock: Callable[[], float] = time.perf_counter
) -> Timed:
    """Return what a network of these sizes takes: forward, backward, and by differences."""
    manual_seed(0)
    modules: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        modules += [nn.Linear(inputs, outputs), nn.Tanh()]
    model = nn.Sequential(*modules[:-1])
    random = np.random.RandomState(0)
    x = wrap(random.normal(size=(BATCH, sizes[0])).astype(np.float32))
    y = wrap(random.normal(size=(BATCH, sizes[-1])).astype(np.float32))
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
