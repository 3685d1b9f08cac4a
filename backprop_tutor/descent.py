"""Gradient descent on a program's own parameters, every gradient taken at the old values.

One step turns a point into the next; `descend` takes many and keeps the loss and the point of each. A
negative learning rate climbs: gradient ascent, which `maximize` asks for too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .asked import names_of
from .cells import table
from .errors import DomainError, OptionError, did_you_mean, quoted
from .graph import Graph
from .language import canonical_name
from .ops import Number, exact, plain
from .passes import as_number, run
from .sentences import said
from .steps import Derivation, UpdateStep

__all__ = [
    "Descent", "Updating", "descend", "parameters", "update_steps", "updated_point", "updating",
]

MOST_STEPS = 100_000
"""So many steps an explanation takes; half a minute for a line of a few operations."""

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
    names = tuple(dict.fromkeys(canonical_name(name) for name in names_of(wrt, "wrt")))
    for name in names:
        if name not in inputs:
            hint = did_you_mean(name, inputs) or said("its inputs: {names}", names=", ".join(inputs))
            raise OptionError(
                said(
                    "{name} is not an input, so it cannot be updated; {hint}",
                    name=quoted(name), hint=hint,
                )
            )
    return names


def learning_rate(lr: Any, maximize: bool = False) -> Number:
    """Return the rate of new = old − rate · gradient: positive to descend, negative to climb.

    `maximize` climbs by a positive rate.

    Raises:
        OptionError: it is 0 or no number; or negative where `maximize` turns it round already.
    """
    rate = as_number(lr, "lr")
    if rate == 0:
        raise OptionError(
            said(
                "the learning rate lr is positive to descend or negative to climb, not {rate}",
                rate=rate,
            )
        )
    if maximize and rate < 0:
        raise OptionError(
            said("a negative lr climbs already, and so does maximize: give one of them, not both")
        )
    return -rate if maximize else rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Updating:
    """What an explanation is to say of gradient descent: the signed rate, the names, how many steps."""

    rate: Number
    names: tuple[str, ...]
    steps: int = 1

    @property
    def climbs(self) -> bool:
        """Whether it is gradient ascent."""
        return self.rate < 0


def updating(
    graph: Graph, lr: Any, wrt: Iterable[str] | None = None, steps: Any = None, maximize: bool = False
) -> Updating | None:
    """Return what is asked for, None where no learning rate is given.

    Raises:
        OptionError: something that does not fit, or that belongs to an update where there is none.
    """
    if lr is None:
        for name, given in (("wrt", wrt), ("steps", steps), ("maximize", maximize or None)):
            if given is not None:
                raise OptionError(
                    said("{name} belongs to an update: give its learning rate too", name=quoted(name))
                )
        return None
    count = 1 if steps is None else steps
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise OptionError(
            said("steps of an update is a whole number, 1 or more, not {steps}", steps=repr(steps))
        )
    if count > MOST_STEPS:
        raise OptionError(
            said("an explanation takes at most {most} steps of an update", most=f"{MOST_STEPS:,}")
        )
    return Updating(rate=learning_rate(lr, maximize), names=parameters(graph, wrt), steps=count)


def update_steps(
    derivation: Derivation, lr: Any, wrt: Iterable[str] | None = None, maximize: bool = False
) -> tuple[UpdateStep, ...]:
    """Return one record a parameter: new = old − lr · gradient, from the old gradients.

    Raises:
        OptionError: a learning rate or a name that does not fit.
        DomainError: a gradient that is undefined, or a result beyond float64.
    """
    graph = derivation.graph_table
    rate = exact(learning_rate(lr, maximize))
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
                said(
                    "{name} cannot be updated: {name} − lr·∂{output}/∂{name} is {new}",
                    name=name, output=derivation.output, new=new,
                )
            )
        steps.append(UpdateStep(number, graph.nodes[place].name, old, gradient, rate, new, place))
    return tuple(steps)


def updated_point(
    derivation: Derivation, lr: Any, wrt: Iterable[str] | None = None, maximize: bool = False
) -> dict[str, Number]:
    """Return the inputs' values one gradient-descent step later."""
    moved = {s.place: plain(s.new) for s in update_steps(derivation, lr, wrt, maximize)}
    index = derivation.graph_table.index
    return {name: moved.get(index[name], value) for name, value in derivation.at.items()}


@dataclass(frozen=True, slots=True)
class Descent:
    """Gradient descent on one program.

    Attributes:
        lr, wrt: the learning rate, negative where it climbs, and the names that were moved.
        losses: the output at the start and after every step; `losses[0]` is the start's.
        points: the moved names' values at the start and after every step, in the order of `wrt`.
        at: the inputs' values after the last step.
    """

    lr: Number
    wrt: tuple[str, ...]
    losses: tuple[Number, ...]
    points: tuple[tuple[Number, ...], ...]
    at: Mapping[str, Number]

    def __repr__(self) -> str:
        way = f"{len(self.losses) - 1} steps along {', '.join(self.wrt[:4])}"
        more = ", …" if len(self.wrt) > 4 else ""
        return f"<Descent of {way}{more}: from {self.losses[0]} to {self.losses[-1]}>"

    def _repr_html_(self) -> str:
        rows = [(step, self.losses[step], *self.points[step]) for step in self.shown()]
        return table(("step", "output", *self.wrt), rows, repr(self).strip("<>"))

    def shown(self, rows: int = 11) -> list[int]:
        """Return the numbers of at most `rows` steps, evenly spread, first and last included.

        Raises:
            OptionError: fewer than two rows.
        """
        if rows < 2:
            raise OptionError(said("a loss table has at least 2 rows, not {rows}", rows=rows))
        last = len(self.losses) - 1
        return sorted({round(i * last / (rows - 1)) for i in range(rows)})

    def table(self, rows: int = 11) -> list[tuple[int, Number]]:
        """Return (step, loss) for at most `rows` steps, evenly spread, first and last included."""
        return [(step, self.losses[step]) for step in self.shown(rows)]


def descend(
    graph: Graph,
    at: Mapping[str, Any],
    wrt: Iterable[str] | None,
    lr: Any,
    steps: int,
    on_step: Callable[[int, Number], None] | None = None,
    maximize: bool = False,
) -> Descent:
    """Return the course of `steps` steps of gradient descent on the graph's output.

    Where there are several, values are float64 from the first step on, so that exact fractions do
    not grow.

    Raises:
        OptionError: a learning rate, a number of steps or a name that does not fit.
        DomainError: a step leaves the domain of an operation, or diverges.
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise OptionError(said("steps is a whole number, 0 or more, not {steps!r}", steps=steps))
    rate = learning_rate(lr, maximize)
    names = parameters(graph, wrt)
    rounded = names if steps > 1 else ()
    now = run(graph, at, Derivation)
    losses, points = [now.values[now.output]], [_values(now, names)]
    for step in range(1, steps + 1):
        try:
            point = {
                name: float(value) if isinstance(value, (int, Fraction)) and name in rounded else value
                for name, value in updated_point(now, rate, names).items()
            }
            now = run(graph, point, Derivation)
        except DomainError as error:
            raise DomainError(
                said("step {step} of gradient descent: {error}", step=step, error=str(error))
            ) from None
        losses.append(now.values[now.output])
        points.append(_values(now, names))
        if on_step is not None:
            on_step(step, losses[-1])
    return Descent(rate, names, tuple(losses), tuple(points), dict(now.at))


def _values(derivation: Derivation, names: tuple[str, ...]) -> tuple[Number, ...]:
    return tuple(derivation.at[name] for name in names)
