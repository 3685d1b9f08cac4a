"""Many broken backward passes at once, over the same forward values: one array entry for each bend.

The same rules as `Plan.backward`, which stays the specification; a test compares the two. Bends that
change forward values are no part of a sweep.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .broken_pass import Bend, Edge, Handed, Own, Plan, Scene

__all__ = ["Sweep"]

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


class Sweep:
    """Bends of backward passes, sorted by where they act."""

    def __init__(self, plan: Plan, bends: Sequence[Bend]) -> None:
        self.plan = plan
        self.count: int = len(bends)
        self.seeds = np.array([bend.seed for bend in bends])
        edges: dict[Edge, list[tuple[int, Handed]]] = {}
        self.gathers: dict[int, list[tuple[int, tuple[float, ...]]]] = {}
        totals: dict[int, list[tuple[int, float, float]]] = {}
        answers: dict[int, list[tuple[int, float, float]]] = {}
        for row, bend in enumerate(bends):
            for edge, rule in bend.edges.items():
                if not isinstance(rule, Handed):
                    raise TypeError("a sweep takes bends of the backward pass only")
                edges.setdefault(edge, []).append((row, rule))
            for place, weights in bend.gathers.items():
                self.gathers.setdefault(place, []).append((row, weights))
            for place, (a, b) in bend.totals.items():
                totals.setdefault(place, []).append((row, a, b))
            for place, (a, b) in bend.answers.items():
                answers.setdefault(place, []).append((row, a, b))
        self.edges: dict[Edge, _EdgeBends] = {edge: _edge_bends(made) for edge, made in edges.items()}
        self.totals = {place: _affine(made) for place, made in totals.items()}
        self.answers = {place: _affine(made) for place, made in answers.items()}

    def run(
        self, scene: Scene, own: Own, nodes: Container[int], edges_asked: Container[Edge]
    ) -> tuple[dict[int, Numbers], dict[Edge, Numbers], dict[Edge, Numbers]]:
        """Return gradients by node, and locals and downstream gradients by edge, as `Plan.run`.

        Only those of `nodes` and `edges_asked` are kept, so that memory stays small.
        """
        gradients: dict[int, Numbers] = {}
        locals_: dict[Edge, Numbers] = {}
        downs: dict[Edge, Numbers] = {}
        carried: dict[Edge, Numbers] = {}
        plan = self.plan
        with np.errstate(all="ignore"):
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
                    local, down = self._handed(edge, up, scene, own)
                    if edge in edges_asked:
                        locals_[edge], downs[edge] = local, down
                    if edge in own.downs:
                        down = np.full(self.count, own.downs[edge])
                    carried[edge] = down
        return gradients, locals_, downs

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

    def _handed(
        self, edge: Edge, up: Numbers, scene: Scene, own: Own
    ) -> tuple[Numbers, Numbers]:
        """Return the local gradients taken for right along an edge, and what is handed down."""
        bends = self.edges.get(edge)
        local = np.full(self.count, scene.locals[edge])
        if bends is not None:
            local[bends.local_rows] = bends.local
        used = own.locals.get(edge, scene.locals[edge])
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
