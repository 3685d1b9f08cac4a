"""Each gate on its own: its value and its local gradients at the float64 numbers that went in.

Here conditioning plays no part: whatever was lost before, an operation's value is its definition's at
its operands, and a local gradient its derivative there, to a few roundings of the operands.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from ..graph import Graph
from ..numerics import close
from ..once import cached_property
from ..ops.balls import Ball
from ..steps import Derivation, Exact
from .exactly import Exactly, number
from .rows import WrongSlope

__all__ = ["Gates"]

_TRUE = 1e-9
_LEAST = 2.3e-308
_ROUNDINGS = Fraction(4, 2**52)
"""An operand may be off by so much of itself before a slope is called wrong."""

_SUM = 1e-12
_JUMP = 1e9
"""Sides so far apart are those of a jump, which has no slope at all."""

Computed = Callable[[list[Ball | None]], "Ball | None"]


class Gates:
    """The gates of a derivation, compared with their definitions."""

    def __init__(self, derivation: Derivation, exactly: Exactly, kinks: frozenset[int]) -> None:
        self.derivation = derivation
        self.graph: Graph = derivation.graph_table
        self.exactly = exactly
        self.kinks = kinks
        self._right: dict[tuple[object, ...], float] = {}

    @cached_property
    def wrong_values(self) -> frozenset[int]:
        """Return the operations whose value is not their definition's at their operands."""
        numbers = self.derivation.numbers
        return frozenset(
            place
            for place, node in enumerate(self.graph.nodes)
            if node.kind == "operation"
            and not self._right_value(place, [numbers[i] for i in node.operands])
        )

    def _right_value(self, place: int, operands: list[Exact]) -> bool:
        def value(given: list[Ball | None]) -> Ball | None:
            return self.exactly.operation(place, given)

        said = float(self.derivation.numbers[place])
        return self._agrees(said, operands, value) is not False

    @cached_property
    def wrong_slopes(self) -> tuple[WrongSlope, ...]:
        """Return the local gradients that are not their operation's, in the graph's order."""
        nodes = self.graph.nodes
        found = []
        for source, place, slot in self.wrong_edges:
            edge = self.derivation.contributions[source, place, slot]
            operands: list[Ball | None] = [*self.exactly.exact_operands(place)]
            right = number(self.exactly.by_differences(place, slot, operands))
            found.append(
                WrongSlope(nodes[place].name, nodes[source].name, slot, float(edge.local), right)
            )
        return tuple(found)

    @cached_property
    def wrong_edges(self) -> tuple[tuple[int, int, int], ...]:
        """Return the places of the wrong local gradients."""
        known: dict[tuple[object, ...], bool] = {}
        found = []
        for key, edge in sorted(self.derivation.contributions.items()):
            _source, place, slot = key
            if place in self.kinks:
                if not self._between(place, slot, float(edge.local)):
                    found.append(key)
                continue
            node = self.graph.nodes[place]
            operands = tuple(self.derivation.numbers[i] for i in node.operands)
            kinds = tuple(self.graph.nodes[i].kind for i in node.operands)
            same = (node.op, node.options, slot, operands, kinds, edge.local)
            if same not in known:
                known[same] = self._right_slope(place, slot, list(operands), float(edge.local))
            if not known[same]:
                found.append(key)
        return tuple(found)

    def _right_slope(self, place: int, slot: int, operands: list[Exact], local: float) -> bool:
        """Return whether a local gradient is SymPy's, or else what differences of the value give."""

        def by_sympy(given: list[Ball | None]) -> Ball | None:
            return self.exactly.by_sympy(place, slot, given)

        def by_differences(given: list[Ball | None]) -> Ball | None:
            return self.exactly.by_differences(place, slot, given)

        if self._agrees(local, operands, by_sympy):
            return True
        return self._agrees(local, operands, by_differences) is not False

    def _between(self, place: int, slot: int, local: float) -> bool:
        """Return whether a convention at a kink lies between the slopes of its two sides."""
        sides = self.exactly.sides(place, slot, self.exactly.exact_operands(place))
        if sides is None or math.isnan(local):
            return True
        low, high = min(sides), max(sides)
        jumps = high - low > _JUMP or max(-low, high) > _JUMP  # to one side, or to both
        return jumps or low - _TRUE <= local <= high + _TRUE

    def _agrees(self, said: float, operands: list[Exact], compute: Computed) -> bool | None:
        """Return whether a number is what `compute` gives at operands; None where nothing is given.

        Beside the operands, by a few roundings of each, what is given may be another number: by so
        much it may be off.
        """
        exact: list[Ball | None] = [self.exactly.k.ball(a) for a in operands]
        right = compute(exact)
        if right is None or (right.spread() > _SUM and not right.zero):
            return None
        if math.isnan(said):
            return False
        given = number(right)
        if close(said, given, _TRUE, _LEAST):
            return True
        allowed = 0.0
        for slot, operand in enumerate(operands):
            for side in (1, -1):
                moved = [*exact]
                moved[slot] = self.exactly.k.ball(Fraction(operand) * (1 + side * _ROUNDINGS))
                beside = compute(moved)
                if beside is not None:  # within the domain
                    allowed = max(allowed, abs(number(beside) - given))
        return close(said, given, _TRUE, allowed + _LEAST)

    @cached_property
    def below_faults(self) -> frozenset[int]:
        """Return the nodes whose gradient is made from a wrong local gradient, or added up wrongly."""
        graph = self.graph
        wrong: set[int] = set()
        edges = set(self.wrong_edges)
        for place in range(graph.output, -1, -1):
            if not graph.varies[place] or not graph.relevant[place]:
                continue
            keys = [
                key
                for use in graph.uses[place]
                if (key := (place, use.target, use.slot)) in self.derivation.contributions
            ]
            faulty = any(key in edges or key[1] in wrong for key in keys)
            if faulty or not self._adds_up(place, keys):
                wrong.add(place)
        return frozenset(wrong)

    def _adds_up(self, place: int, keys: list[tuple[int, int, int]]) -> bool:
        """Return whether a gradient is the sum of upstream times local over its node's uses."""
        upstreams = self.derivation.upstreams
        total = upstreams[place]
        if total is None:
            return True
        if place == self.graph.output:
            return total == 1
        products = []
        for key in keys:
            edge, upstream = self.derivation.contributions[key], upstreams[key[1]]
            if upstream is None:
                return False
            products.append(float(upstream) * float(edge.local))
        if any(math.isnan(product) for product in products):
            return math.isnan(total)
        size = sum(map(abs, products))
        return close(float(total), math.fsum(products), _TRUE, _SUM * size + _LEAST)
