"""A training whose weights are kept on its way: `Course`, its moments, and what the model says at each.

Enters: settings. Leaves: the outcome, and the weights at the beginning, at the end and between. What is
shown of a moment is computed by the model with the weights of that moment, never by a formula beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine import nn
from ..engine.autograd.modes import no_grad
from ..engine.autograd.tape import wrap
from ..engine.datasets import Table
from ..engine.training.experiment import Outcome, Settings, run
from ..engine.training.planning import Plan
from ..once import cached_property

__all__ = ["Course", "Moment", "Recorder", "epochs_shown", "followed"]

MOMENTS = 60
"""How many moments of a training are kept, the first weights and the last included."""

_MOST_NUMBERS = 6_000_000
"""So many numbers are kept on the way at most; of a larger network there are fewer moments."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The weights after an epoch (0: before the first), by their names in the model."""

    epoch: int
    state: dict[str, np.ndarray[Any, Any]]


def epochs_shown(epochs: int, count: int) -> list[int]:
    """Return which epochs are kept: at most `count`, more of them early, when most is learnt.

    >>> epochs_shown(100, 6), epochs_shown(3, 60)
    ([0, 4, 16, 36, 64, 100], [0, 1, 2, 3])
    """
    if epochs < count:
        return list(range(epochs + 1))
    last = count - 1
    found = {round(epochs * (i / last) ** 2) for i in range(count)}
    free = iter(sorted(set(range(1, min(epochs, 4 * count))) - found))
    while len(found) < count:  # the first steps fall on the same epochs; the next ones are free
        found.add(next(free))
    return sorted(found)


class Recorder:
    """Keeps the weights while a training runs: `begin` is told the plan, `note` each epoch."""

    def __init__(self, count: int = MOMENTS) -> None:
        self._count = count
        self._shown: set[int] = set()
        self._model: nn.Sequential | None = None
        self.moments: list[Moment] = []
        self.plan: Plan | None = None

    def begin(self, plan: Plan) -> None:
        """Keep the first weights, and choose the epochs to be kept."""
        self.plan, self._model = plan, plan.network.model
        count = max(2, min(self._count, _MOST_NUMBERS // max(1, plan.network.parameters)))
        self._shown = set(epochs_shown(plan.settings.epochs, count))
        self._keep(0)

    def note(self, epoch: int, values: dict[str, float]) -> None:
        """Keep the weights, if this epoch is one of those that are shown."""
        if epoch in self._shown:
            self._keep(epoch)

    def _keep(self, epoch: int) -> None:
        assert self._model is not None  # begin comes first
        state = {name: each._a.copy() for name, each in self._model.state_dict().items()}
        self.moments.append(Moment(epoch=epoch, state=state))

    def course(self, outcome: Outcome) -> Course:
        """Return the course of a training that has ended; its last moment are the outcome's weights."""
        plan, moments = self.plan, self.moments
        assert plan is not None  # begin comes first
        if not plan.table.classes:
            moments = [_own_unit(moment, plan) for moment in moments]
        state = {name: each._a.copy() for name, each in outcome.model.state_dict().items()}
        history = outcome.history
        ended = history.best_epoch or (history.epoch[-1] if len(history) else 0)
        kept = [moment for moment in moments if moment.epoch < ended]
        return Course(
            plan=plan,
            outcome=outcome,
            moments=(*kept, Moment(epoch=ended, state=state)),
        )


def _own_unit(moment: Moment, plan: Plan) -> Moment:
    """Return a moment whose last layer answers in the target's own unit, as the outcome's does."""
    place = len(plan.network.model) - 1
    scaling, state = plan.scaling, dict(moment.state)
    weight, bias = f"{place}.weight", f"{place}.bias"
    state[weight] = (state[weight] * scaling.target_deviation).astype(np.float32)
    state[bias] = (state[bias] * scaling.target_deviation + scaling.target_mean).astype(np.float32)
    return Moment(epoch=moment.epoch, state=state)


@dataclass(frozen=True, kw_only=True)
class Course:
    """A training and its moments, the first before any step and the last the weights that were kept."""

    plan: Plan
    outcome: Outcome
    moments: tuple[Moment, ...]

    @property
    def table(self) -> Table:
        """Return the data."""
        return self.plan.table

    @property
    def model(self) -> nn.Sequential:
        """Return the network."""
        return self.plan.network.model

    @cached_property
    def linears(self) -> tuple[int, ...]:
        """Return the places of the linear layers in the network."""
        return tuple(i for i, part in enumerate(self.model) if isinstance(part, nn.Linear))

    def weights(self, moment: Moment) -> Iterator[tuple[Any, Any]]:
        """Yield weight (outputs, inputs) and bias (outputs,) of each linear layer, float64."""
        for place in self.linears:
            yield (
                moment.state[f"{place}.weight"].astype(np.float64),
                moment.state[f"{place}.bias"].astype(np.float64),
            )

    def answers(self, moment: Moment, features: Any) -> tuple[Any, Any]:
        """Return what the last hidden layer and the network say of rows in the data's own unit.

        The hidden values (n, h) are the features themselves, scaled, where there is no hidden layer.
        """
        scaling = self.plan.scaling
        rows = ((np.asarray(features, np.float32) - scaling.mean) / scaling.deviation).astype(
            np.float32
        )
        model, training = self.model, self.model.training
        before = {name: each._a.copy() for name, each in model.state_dict().items()}
        self._load(moment.state)
        model.eval()
        try:
            with no_grad():
                hidden = wrap(rows)
                for part in list(model)[: self.linears[-1]]:
                    hidden = part(hidden)
                found = hidden
                for part in list(model)[self.linears[-1] :]:
                    found = part(found)
        finally:
            self._load(before)
            model.train(training)
        return hidden._a, found._a

    def _load(self, state: dict[str, Any]) -> None:
        with no_grad():
            for name, each in self.model.state_dict().items():
                each._a[...] = state[name]

    def net_lines(self, moment: Moment) -> list[tuple[float, float, float]]:
        """Return a, b, c of a·x₁ + b·x₂ + c, the net input of each unit of the first layer.

        In the data's own unit. Of a normalised layer it is what goes into the activation.
        """
        (weight, bias) = next(self.weights(moment))
        scaling = self.plan.scaling
        mean, deviation = scaling.mean.astype(np.float64), scaling.deviation.astype(np.float64)
        weight = weight / deviation
        bias = bias - weight @ mean
        place = self.linears[0] + 1
        if place < len(self.model) and isinstance(self.model[place], nn.BatchNorm1d):
            state = {
                n: moment.state[f"{place}.{n}"].astype(np.float64)
                for n in ("weight", "bias", "running_mean", "running_var")
            }
            factor = state["weight"] / np.sqrt(state["running_var"] + self.model[place].eps)
            weight = weight * factor[:, None]
            bias = (bias - state["running_mean"]) * factor + state["bias"]
        return [(float(w[0]), float(w[1]), float(c)) for w, c in zip(weight, bias, strict=True)]


def followed(
    settings: Settings,
    progress: Any = True,
    table: Table | None = None,
    before: Sequence[Any] = (),
    count: int = MOMENTS,
) -> Course:
    """Train as the settings say, and return the course of it; each of `before` is told the plan."""
    recorder = Recorder(count)

    def begin(plan: Plan) -> None:
        recorder.begin(plan)
        for each in before:
            each(plan)

    outcome = run(settings, progress, begin, recorder.note, table)
    return recorder.course(outcome)
