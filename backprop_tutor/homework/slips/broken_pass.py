"""The ordinary forward and backward pass in float64, with one rule replaced where a `Bend` says so.

A `Plan` is a graph made ready for many passes. A `Bend` is what is done differently: an operation's
value, what an edge hands down, how a node's contributions are put together, the seed. A `Scene` is
the plan with the numbers of a pass, from which slips make their bends. A pass may be run on a
student's own numbers: `own` gives what stands on the sheet, and every number is worked out from
those before it (the marking rule "right given the student's own upstream").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ...graph import Graph
from ...once import cached_property
from ...ops import Number
from ...steps import Derivation
from .operators import Operator, operator_at

__all__ = ["Bend", "Edge", "Handed", "Own", "Pass", "Plan", "Rounding", "Rule", "Scene", "tried"]

Edge = tuple[int, int, int]
"""Source, target, slot."""

Forward = Callable[[Sequence[float]], float]
Renewed = Callable[[float, float], float]
"""From a parameter's value and its gradient to what stands for its new value."""
Rounding = Callable[[float], float]
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


def _nothing() -> Mapping[Any, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class Handed:
    """What an edge hands down instead of upstream · local: `factor · upstream + plus`.

    Attributes:
        gate: whether only the positive part of the upstream counts.
        local: what someone who hands this down takes for the local gradient; None if that is right.
    """

    factor: float
    plus: float = 0.0
    gate: bool = False
    local: float | None = None

    def down(self, upstream: float) -> float:
        """Return what is handed down for an upstream gradient."""
        return self.factor * (max(upstream, 0.0) if self.gate else upstream) + self.plus


Rule = Handed | Callable[["Scene"], Handed]


_FIELDS = ("edges", "values", "instead", "numbers", "gathers", "totals", "answers", "news")


@dataclass(frozen=True, kw_only=True)
class Bend:
    """What a broken pass does differently. Everything not named is done by the ordinary rules.

    Attributes:
        values: for an operation, its value from its operands' values.
        instead: for an operation, the nodes before it that are used, and its value from theirs.
        numbers: for a node, a number in place of its value.
        edges: for an edge, what it hands down; a function of the scene where values change too.
        gathers: for a node, the weight of each contribution in their sum; () for their product.
        totals: for a node, (a, b): its gradient becomes a·gradient + b, and is handed on so.
        answers: for a node, (a, b): a·gradient + b is written down, the gradient handed on.
        news: for a parameter, its value after the step of descent.
        seed: where the backward pass starts, instead of 1.
    """

    values: Mapping[int, Forward] = field(default_factory=_nothing)
    instead: Mapping[int, tuple[tuple[int, ...], Forward]] = field(default_factory=_nothing)
    numbers: Mapping[int, float] = field(default_factory=_nothing)
    edges: Mapping[Edge, Rule] = field(default_factory=_nothing)
    gathers: Mapping[int, tuple[float, ...]] = field(default_factory=_nothing)
    totals: Mapping[int, tuple[float, float]] = field(default_factory=_nothing)
    answers: Mapping[int, tuple[float, float]] = field(default_factory=_nothing)
    news: Mapping[int, Renewed] = field(default_factory=_nothing)
    seed: float = 1.0

    @property
    def forward(self) -> bool:
        """Return whether forward values change."""
        return bool(self.values or self.numbers or self.instead)

    @staticmethod
    def union(bends: Iterable[Bend]) -> Bend:
        """Return the bend that does what all of them do."""
        parts = list(bends)
        merged: dict[str, dict[Any, Any]] = {}
        for part in parts:
            for name in _FIELDS:
                there = getattr(part, name)
                if there:
                    merged.setdefault(name, {}).update(there)
        seed = next((part.seed for part in parts if part.seed != 1.0), 1.0)
        return Bend(**merged, seed=seed)


@dataclass(frozen=True, slots=True)
class Own:
    """The numbers on a student's sheet, by what they are of."""

    values: Mapping[int, float] = field(default_factory=_nothing)
    gradients: Mapping[int, float] = field(default_factory=_nothing)
    locals: Mapping[Edge, float] = field(default_factory=_nothing)
    downs: Mapping[Edge, float] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass comes to at each place, worked out from the numbers before it."""

    values: list[float]
    gradients: list[float]
    locals: Mapping[Edge, float]
    downs: Mapping[Edge, float]
    news: Mapping[int, Renewed] = field(default_factory=_nothing)


class Plan:
    """A derivation's graph, made ready for many passes.

    Attributes:
        graph, output: the graph, and the place of its output.
        numbers: the true values, by place.
        operators: the operations, in forward order.
        edges: the edges along which something is handed down, from the output down.
        gathered: for each node, its edges, in the order typed.
        previous: the values of the pass before the last update, by place, where known.
        rates: the learning rates that a student may have used.
        slips: slips that are tried besides those of the table.
    """

    def __init__(
        self,
        derivation: Derivation,
        *,
        previous: Derivation | None = None,
        rates: Sequence[Number] = (),
        slips: tuple[Any, ...] = (),
    ) -> None:
        self.slips = slips
        graph = derivation.graph_table
        self.graph: Graph = graph
        self.output: int = graph.output
        self.numbers: list[float] = [float(number) for number in derivation.numbers]
        self.operators: tuple[Operator, ...] = tuple(
            operator_at(graph, place)
            for place, node in enumerate(graph.nodes)
            if node.kind == "operation"
        )
        self.at: dict[int, Operator] = {operator.place: operator for operator in self.operators}
        self.by_output: bool = any(operator.by_output for operator in self.operators)
        self.edges: tuple[Edge, ...] = tuple(
            (source, target, slot)
            for target in range(graph.output, -1, -1)
            if graph.relevant[target] and graph.varies[target]
            for slot, source in enumerate(graph.nodes[target].operands)
            if graph.varies[source]
        )
        gathered: list[list[Edge]] = [[] for _ in graph.nodes]
        known = set(self.edges)
        for place in range(len(graph.nodes)):
            for use in graph.uses[place]:
                if (place, use.target, use.slot) in known:
                    gathered[place].append((place, use.target, use.slot))
        self.gathered: tuple[tuple[Edge, ...], ...] = tuple(map(tuple, gathered))
        self.from_target: dict[int, tuple[Edge, ...]] = {}
        for edge in self.edges:
            self.from_target[edge[1]] = (*self.from_target.get(edge[1], ()), edge)
        self.previous: list[float] | None = (
            None if previous is None else [float(n) for n in previous.numbers]
        )
        self.rates: tuple[float, ...] = tuple(map(float, rates))

    @cached_property
    def scene(self) -> Scene:
        """Return the true numbers."""
        return Scene(self, self.numbers)

    def forward(
        self, bend: Bend, own: Own, rounding: Rounding | None = None
    ) -> tuple[list[float], list[float]]:
        """Return the values to go on with, and what each came to before `own` replaced it."""
        values, found = list(self.numbers), list(self.numbers)
        for place, number in bend.numbers.items():
            values[place] = found[place] = number
        for operator in self.operators:
            place = operator.place
            if place not in bend.numbers:
                used, rule = bend.instead.get(place, (operator.operands, bend.values.get(place)))
                operands = [values[i] for i in used]
                value = operator.value(operands) if rule is None else tried(rule, operands)
                found[place] = value if rounding is None else rounding(value)
            values[place] = own.values.get(place, found[place])
        return values, found

    def run(self, bend: Bend, own: Own, *, by_output: bool = False) -> Pass:
        """Return what a pass comes to, from the student's own numbers where there are any.

        With `by_output` slopes that can be written with the operation's output are worked out from it,
        not from what went in.
        """
        if not (own.values or bend.forward):
            return self.backward(self.scene, bend, own, list(self._forward_values))
        values, found = self.forward(bend, own)
        return self.backward(Scene(self, values, by_output), bend, own, found)

    @cached_property
    def _forward_values(self) -> list[float]:
        """Return what the ordinary forward pass comes to: most slips leave it as it is."""
        return self.forward(Bend(), Own())[1]

    def rounded(
        self, own: Own, rounding: Rounding, *, values: bool, slopes: bool, by_output: bool = False
    ) -> Pass:
        """Return the ordinary pass, each gradient (value, slope) rounded as it is found."""
        there, found = self.forward(Bend(), own, rounding if values else None)
        scene = Scene(self, there, by_output)
        if slopes:
            scene.locals = {edge: rounding(local) for edge, local in scene.locals.items()}
        return self.backward(scene, Bend(), own, found, rounding)

    def backward(
        self, scene: Scene, bend: Bend, own: Own, found: list[float],
        rounding: Rounding | None = None,
    ) -> Pass:  # fmt: skip
        """Return the backward pass at the values of a scene."""
        count = len(self.graph.nodes)
        gradients, ups = [0.0] * count, [0.0] * count
        locals_: dict[Edge, float] = {}
        downs: dict[Edge, float] = {}
        carried: dict[Edge, float] = {}
        for place in range(self.output, -1, -1):
            edges = self.gathered[place]
            if place == self.output:
                gradient = bend.seed
            elif edges:
                gradient = _put_together([carried[e] for e in edges], bend.gathers.get(place))
            else:
                continue
            if place in bend.totals:
                a, b = bend.totals[place]
                gradient = a * gradient + b
            if rounding is not None:
                gradient = rounding(gradient)
            answer = gradient
            if place in bend.answers:
                a, b = bend.answers[place]
                answer = a * gradient + b
            gradients[place] = answer
            ups[place] = up = own.gradients.get(place, gradient)
            for edge in self.from_target.get(place, ()):
                rule = bend.edges.get(edge)
                local = scene.locals[edge]
                handed = rule(scene) if callable(rule) else rule
                if handed is not None and handed.local is not None:
                    local = handed.local
                locals_[edge] = local
                local = own.locals.get(edge, local)
                if handed is None or (handed.local is not None and edge in own.locals):
                    down = up * local
                else:
                    down = handed.down(up)
                if rounding is not None:
                    down = rounding(down)
                downs[edge] = down
                carried[edge] = own.downs.get(edge, down)
        return Pass(found, gradients, locals_, downs, bend.news)


def tried(rule: Callable[..., float], *given: Any) -> float:
    """Return what a wrong rule comes to; nan where it has no value.

    >>> tried(lambda operands: 1 / operands[0], [0.0])
    nan
    """
    try:
        found = rule(*given)
        return math.nan if isinstance(found, complex) else float(found)
    except (ArithmeticError, ValueError):
        return math.nan


def _put_together(contributions: list[float], weights: tuple[float, ...] | None) -> float:
    if weights is None:
        return sum(contributions)
    if not weights:
        return math.prod(contributions)
    return sum(w * c for w, c in zip(weights, contributions, strict=True) if w)


class Scene:
    """A plan with the numbers of one forward pass: what slips look at to make their bends."""

    def __init__(self, plan: Plan, values: list[float], by_output: bool = False) -> None:
        self.plan = plan
        self.values = values
        self.by_output = by_output
        self.notes: dict[str, Any] = {}
        """What those who look at the scene have worked out, under their names, to be worked out once."""

    @cached_property
    def locals(self) -> dict[Edge, float]:
        """Return the ordinary local gradient of every edge."""
        found: dict[Edge, float] = {}
        values = self.values
        for target, edges in self.plan.from_target.items():
            operator = self.plan.at[target]
            if self.by_output and operator.by_output:
                found.update((edge, operator.slope_by_output(edge[2], values)) for edge in edges)
                continue
            operands = [values[i] for i in operator.operands]
            for edge in edges:
                found[edge] = operator.slope(edge[2], values[target], operands)
        return found

    @cached_property
    def gradients(self) -> list[float]:
        """Return the ordinary gradients."""
        return self.plan.backward(self, Bend(), Own(), self.values).gradients
