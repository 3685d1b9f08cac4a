"""Gradient descent on a program's own parameters, every gradient taken at the old values.

One step turns a point into the next; `descend` takes many and keeps the loss of each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .errors import DomainError, OptionError, did_you_mean, quoted
from .graph import Graph
from .language import canonical_name
from .ops import Number, exact, plain
from .passes import as_number, run
from .steps import Derivation, UpdateStep

__all__ = ["Descent", "descend", "parameters", "update_steps", "updated_point"]

_PARAMETER = re.compile(r"(?:[wWbB]|theta|Theta|weight|bias)(?:\d*(?:_\w+)?)?\Z")


def parameters(graph: Graph, wrt: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the names that gradient descent moves.

    Those in `wrt`; if that is None the inputs named like weights and biases (w, b, W, B, theta,
    with digits or a subscript), and where there are none, all inputs.

    Raises:
        OptionError: a name in `wrt` that is not an input.
    """
    inputs = graph.inputs
    if wrt is None:
        usual = tuple(name for name in inputs if _PARAMETER.match(name))
        return usual or inputs
    asked = wrt.replace(",", " ").split() if isinstance(wrt, str) else list(wrt)
    names = tuple(dict.fromkeys(canonical_name(str(name)) for name in asked))
    for name in names:
        if name not in inputs:
            hint = did_you_mean(name, inputs) or f"its inputs: {', '.join(inputs)}"
            raise OptionError(f"{quoted(name)} is not an input, so it cannot be updated; {hint}")
    return names


def learning_rate(lr: Any) -> Number:
    """Return a learning rate that is a positive number.

    Raises:
        OptionError: it is not.
    """
    rate = as_number(lr, "lr")
    if rate <= 0:
        raise OptionError(f"the learning rate lr is a positive number, not {rate}")
    return rate


def update_steps(
    derivation: Derivation, lr: Any, wrt: Iterable[str] | None = None
) -> tuple[UpdateStep, ...]:
    """Return one record a parameter: new = old − lr · gradient, from the old gradients.

    Raises:
        OptionError: a learning rate or a name that does not fit.
        DomainError: a gradient that is undefined, or a result beyond float64.
    """
    graph = derivation.graph_table
    rate = exact(learning_rate(lr))
    first = len(derivation.steps) + 1
    steps = []
    for number, name in enumerate(parameters(graph, wrt), first):
        place = graph.find(name)
        old, gradient = derivation.numbers[place], derivation.upstreams[place]
        assert gradient is not None  # an input varies
        try:
            new = exact(plain(old - rate * gradient))
        except OverflowError:
            new = math.inf
        if not math.isfinite(new):
            raise DomainError(
                f"{name} cannot be updated: {name} − lr·∂{derivation.output}/∂{name} is {new}"
            )
        steps.append(UpdateStep(number, place, old, gradient, rate, new))
    return tuple(steps)


def updated_point(
    derivation: Derivation, lr: Any, wrt: Iterable[str] | None = None
) -> dict[str, Number]:
    """Return the inputs' values one gradient-descent step later."""
    moved = {s.node: plain(s.new) for s in update_steps(derivation, lr, wrt)}
    index = derivation.graph_table.index
    return {name: moved.get(index[name], value) for name, value in derivation.at.items()}


@dataclass(frozen=True, slots=True)
class Descent:
    """Gradient descent on one program.

    Attributes:
        lr, wrt: the learning rate and the names that were moved.
        losses: the output at the start and after every step; `losses[0]` is the start's.
        at: the inputs' values after the last step.
    """

    lr: Number
    wrt: tuple[str, ...]
    losses: tuple[Number, ...]
    at: Mapping[str, Number]

    def table(self, rows: int = 11) -> list[tuple[int, Number]]:
        """Return (step, loss) for at most `rows` steps, evenly spread, first and last included."""
        if rows < 2:
            raise OptionError(f"a loss table has at least 2 rows, not {rows}")
        last = len(self.losses) - 1
        picked = sorted({round(i * last / (rows - 1)) for i in range(rows)})
        return [(step, self.losses[step]) for step in picked]


def descend(
    graph: Graph,
    at: Mapping[str, Any],
    wrt: Iterable[str] | None,
    lr: Any,
    steps: int,
    on_step: Callable[[int, Number], None] | None = None,
) -> Descent:
    """Return the course of `steps` steps of gradient descent on the graph's output.

    Values are float64 from the first step on, so that exact fractions do not grow.

    Raises:
        OptionError: a learning rate, a number of steps or a name that does not fit.
        DomainError: a step leaves the domain of an operation, or diverges.
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise OptionError(f"steps is a whole number, 0 or more, not {steps!r}")
    rate = learning_rate(lr)
    names = parameters(graph, wrt)
    now = run(graph, at, Derivation)
    losses = [now.values[now.output]]
    for step in range(steps):
        point = {
            name: float(value) if isinstance(value, (int, Fraction)) and name in names else value
            for name, value in updated_point(now, rate, names).items()
        }
        now = run(graph, point, Derivation)
        losses.append(now.values[now.output])
        if on_step is not None:
            on_step(step + 1, losses[-1])
    return Descent(rate, names, tuple(losses), dict(now.at))
