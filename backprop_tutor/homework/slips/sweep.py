"""Many broken passes at once: one array entry for each bend.

The same rules as `Plan.run`, which stays the specification; a test compares the two. A value that no bend
moves is one number for all of them, so that bends of the way back alone share their forward values.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .broken_pass import Bend, Edge, Forward, Handed, Own, Plan, Renewed, Scene, tried

__all__ = ["Sweep", "Swept"]

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _EdgeBends:
    """The bends of one edge: which rows, and what they hand down."""

    rows: Rows
    factor: Numbers
    plus: Numbers
    gated: Rows
    gated_factor: Numbers
    local_rows: Rows
    local: Numbers


Many = float | Numbers
"""A number for all bends, or one for each."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What the passes come to: values of all nodes, and the rest where it was asked for."""

    values: list[Many]
    gradients: dict[int, Numbers]
    locals: dict[Edge, Numbers]
    downs: dict[Edge, Numbers]


class Sweep:
    """Bends of passes, sorted by where they act."""

    def __init__(self, plan: Plan, bends: Sequence[Bend]) -> None:
        self.plan = plan
        self.count: int = len(bends)
        self.seeds = np.array([bend.seed for bend in bends])
        self.numbers: dict[int, list[tuple[int, float]]] = {}
        self.values: dict[int, list[tuple[int, tuple[int, ...], Forward]]] = {}
        self.news: dict[int, list[tuple[int, Renewed]]] = {}
        self.late: dict[Edge, list[tuple[int, Callable[[Scene], Handed]]]] = {}
        edges: dict[Edge, list[tuple[int, Handed]]] = {}
        self.gathers: dict[int, list[tuple[int, tuple[float, ...]]]] = {}
        totals: dict[int, list[tuple[int, float, float]]] = {}
        answers: dict[int, list[tuple[int, float, float]]] = {}
        for row, bend in enumerate(bends):
            for place, number in bend.numbers.items():
                self.numbers.setdefault(place, []).append((row, number))
            for place, forward in bend.values.items():
                self.values.setdefault(place, []).append((row, plan.at[place].operands, forward))
            for place, (used, forward) in bend.instead.items():
                self.values.setdefault(place, []).append((row, used, forward))
            for place, renewed in bend.news.items():
                self.news.setdefault(place, []).append((row, renewed))
            for edge, rule in bend.edges.items():
                if isinstance(rule, Handed):
                    edges.setdefault(edge, []).append((row, rule))
                else:
                    self.late.setdefault(edge, []).append((row, rule))
            for place, weights in bend.gathers.items():
                self.gathers.setdefault(place, []).append((row, weights))
            for place, (a, b) in bend.totals.items():
                totals.setdefault(place, []).append((row, a, b))
            for place, (a, b) in bend.answers.items():
                answers.setdefault(place, []).append((row, a, b))
        self.fixed = edges
        self.edges: dict[Edge, _EdgeBends] = {edge: _edge_bends(made) for edge, made in edges.items()}
        self.totals: dict[int, tuple[Rows, Numbers, Numbers]] = {
            place: _affine(made) for place, made in totals.items()
        }
        self.answers: dict[int, tuple[Rows, Numbers, Numbers]] = {
            place: _affine(made) for place, made in answers.items()
        }

    def run(
        self, own: Own, nodes: Container[int], edges_asked: Container[Edge]
    ) -> Swept:
        """Return what `Plan.run` gives for each bend, in one pass over the graph.

        Gradients of `nodes` alone, and of edges those in `edges_asked`, are kept: memory stays small.
        """
        with np.errstate(all="ignore"):
            there, found = self._forward(own)
            return self._backward(there, found, own, nodes, edges_asked)

    def _forward(self, own: Own) -> tuple[list[Many], list[Many]]:
        """Return the values to go on with, and what each came to before `own` replaced it."""
        plan = self.plan
        values: list[Many] = list(plan.numbers)
        found: list[Many] = list(plan.numbers)
        for place, changed in self.numbers.items():
            values[place] = found[place] = self._changed(values[place], changed)
        for operator in plan.operators:
            place = operator.place
            operands = [values[i] for i in operator.operands]
            value: Many
            if any(isinstance(operand, np.ndarray) for operand in operands):
                many = [np.broadcast_to(operand, (self.count,)) for operand in operands]
                value = np.asarray(operator.values_of(many), dtype=float)
            else:
                value = operator.value(operands)  # type: ignore[arg-type]
            if place in self.values:
                bent = [
                    (row, tried(rule, [_one(values[i], row) for i in used]))
                    for row, used, rule in self.values[place]
                ]
                value = self._changed(value, bent)
            if place in self.numbers:
                value = self._changed(value, self.numbers[place])
            found[place] = value
            values[place] = own.values.get(place, value)
        return values, found

    def _changed(self, value: Many, changed: Sequence[tuple[int, float]]) -> Numbers:
        made = np.array(np.broadcast_to(value, (self.count,)))
        made[[row for row, _ in changed]] = [number for _, number in changed]
        return made

    def _locals(self, edge: Edge, values: list[Many]) -> Many:
        """Return the ordinary local gradient along an edge."""
        operator = self.plan.at[edge[1]]
        operands = [values[i] for i in operator.operands]
        out = values[edge[1]]
        if isinstance(out, np.ndarray) or any(isinstance(o, np.ndarray) for o in operands):
            many = [np.broadcast_to(operand, (self.count,)) for operand in operands]
            out = np.broadcast_to(out, (self.count,))
            return np.asarray(operator.slopes_of(edge[2], out, many), dtype=float)
        return operator.slope(edge[2], out, operands)  # type: ignore[arg-type]

    def _backward(
        self, values: list[Many], found: list[Many], own: Own, nodes: Container[int],
        edges_asked: Container[Edge],
    ) -> Swept:  # fmt: skip
        gradients: dict[int, Numbers] = {}
        locals_: dict[Edge, Numbers] = {}
        downs: dict[Edge, Numbers] = {}
        carried: dict[Edge, Numbers] = {}
        plan = self.plan
        bends = self._bends(values)
        for place in range(plan.output, -1, -1):
            edges = plan.gathered[place]
            if place == plan.output:
                gradient = self.seeds.copy()
            elif edges:
                gradient = self._gathered(place, [carried.pop(edge) for edge in edges])
            else:
                continue
            _apply(gradient, self.totals.get(place))
            answer = gradient
            if place in self.answers:
                answer = gradient.copy()
                _apply(answer, self.answers[place])
            if place in nodes:
                gradients[place] = answer
            up = gradient
            if place in own.gradients:
                up = np.full(self.count, own.gradients[place])
            for edge in plan.from_target.get(place, ()):
                local, down = _handed(edge, up, self._locals(edge, values), own, bends.get(edge))
                if edge in edges_asked:
                    locals_[edge], downs[edge] = local, down
                if edge in own.downs:
                    down = np.full(self.count, own.downs[edge])
                carried[edge] = down
        return Swept(found, gradients, locals_, downs)

    def _bends(self, values: list[Many]) -> dict[Edge, _EdgeBends]:
        """Return what edges hand down, with the rules that look at the values of their own pass."""
        if not self.late:
            return self.edges
        made = dict(self.edges)
        scenes: dict[int, Scene] = {}
        for edge, rules in self.late.items():
            late = []
            for row, rule in rules:
                if row not in scenes:
                    scenes[row] = Scene(self.plan, [_one(value, row) for value in values])
                late.append((row, rule(scenes[row])))
            made[edge] = _edge_bends([*self.fixed.get(edge, []), *late])
        return made

    def _gathered(self, place: int, contributions: list[Numbers]) -> Numbers:
        total = contributions[0].copy()
        for contribution in contributions[1:]:
            total += contribution
        for row, weights in self.gathers.get(place, ()):
            single = [float(c[row]) for c in contributions]
            if weights:
                total[row] = sum(w * c for w, c in zip(weights, single, strict=True) if w)
            else:
                total[row] = np.prod(single)
        return total


def _one(value: Many, row: int) -> float:
    return float(value[row]) if isinstance(value, np.ndarray) else value


def _handed(
    edge: Edge, up: Numbers, ordinary: Many, own: Own, bends: _EdgeBends | None
) -> tuple[Numbers, Numbers]:
    """Return the local gradients taken for right along an edge, and what is handed down."""
    local = np.array(np.broadcast_to(ordinary, up.shape))
    if bends is not None:
        local[bends.local_rows] = bends.local
    used: Any = own.locals.get(edge, ordinary)
    down = up * used
    if bends is not None:
        bent = bends.factor * up[bends.rows] + bends.plus
        if edge in own.locals:
            # Who gave a wrong local gradient goes on with what stands on the sheet.
            keep = ~np.isin(bends.rows, bends.local_rows)
            down[bends.rows[keep]] = bent[keep]
        else:
            down[bends.rows] = bent
        if len(bends.gated):
            down[bends.gated] = bends.gated_factor * np.maximum(up[bends.gated], 0.0)
    return local, down


def _apply(numbers: Numbers, bends: tuple[Rows, Numbers, Numbers] | None) -> None:
    if bends is not None:
        rows, a, b = bends
        numbers[rows] = a * numbers[rows] + b


def _affine(made: list[tuple[int, float, float]]) -> tuple[Rows, Numbers, Numbers]:
    rows = np.array([row for row, _, _ in made], dtype=np.intp)
    return rows, np.array([a for _, a, _ in made]), np.array([b for _, _, b in made])


def _edge_bends(made: list[tuple[int, Handed]]) -> _EdgeBends:
    plain = [(row, rule) for row, rule in made if not rule.gate]
    gated = [(row, rule) for row, rule in made if rule.gate]
    given = [(row, rule.local) for row, rule in made if rule.local is not None]
    return _EdgeBends(
        np.array([row for row, _ in plain], dtype=np.intp),
        np.array([rule.factor for _, rule in plain]),
        np.array([rule.plus for _, rule in plain]),
        np.array([row for row, _ in gated], dtype=np.intp),
        np.array([rule.factor for _, rule in gated]),
        np.array([row for row, _ in given], dtype=np.intp),
        np.array([local for _, local in given], dtype=float),
    )
