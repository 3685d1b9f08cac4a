"""Between which numbers an answer lies that takes any subgradient where the point is on a kink.

At a kink two or more pieces meet, each with a slope of its own; the convention takes one of them, or a
number between them, and so may a student. Enters: a derivation and a quantity. Leaves: the least and
the largest number that the backward pass gives when every kinked gate takes the slopes of one of its
pieces: what lies between is a subgradient of each gate, handed on by the chain rule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from ...graph import Graph
from ...ops import OPS, SCALAR, Number, exact
from ...slopes import branch
from ...steps import Derivation, Exact
from .quantity import Quantity

__all__ = ["Subgradients"]

Slopes = tuple[Exact, ...]
_MOST = 1024
"""So many choices of pieces are tried; past that the convention alone counts."""

_NEAR = Fraction(1, 2**60)
_JUMP = 1e-9
"""A value that moves by more than this share beside the point has a jump there, and no slope."""


class Subgradients:
    """The kinked gates of a derivation, with the slopes of the pieces that meet at each.

    >>> import backprop_tutor as bt
    >>> from backprop_tutor.homework.quantities.quantity import parse_quantity
    >>> d = bt.derive("f = 3*relu(x)", at={"x": 0})
    >>> low, high = Subgradients(d).interval(parse_quantity("df/dx", d.graph_table))
    >>> float(low), float(high)
    (0.0, 3.0)
    """

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.graph: Graph = derivation.graph_table
        self.pieces: dict[int, list[Slopes]] = {}
        for place, node in enumerate(self.graph.nodes):
            if node.kind != "operation" or not self.graph.relevant[place]:
                continue
            piece = branch(derivation, place) if self.graph.varies[place] else None
            if piece is not None and piece.kink:
                found = self._slopes(place)
                if len(found) > 1:
                    self.pieces[place] = found

    def interval(self, quantity: Quantity, lr: Number | None = None) -> tuple[Exact, Exact] | None:
        """Return the least and the largest number; None where there is only the convention's."""
        if not self.pieces or quantity.kind == "value":
            return None
        if quantity.kind == "local":
            found = self.pieces.get(quantity.node)
            return _ends([slopes[quantity.slot] for slopes in found]) if found else None
        places = self._above(quantity)
        if math.prod(len(self.pieces[place]) for place in places) > _MOST:
            return None
        numbers = [
            self._number(quantity, dict(zip(places, chosen, strict=True)), lr)
            for chosen in product(*(self.pieces[place] for place in places))
        ]
        return _ends(numbers)

    def _above(self, quantity: Quantity) -> list[int]:
        """Return the kinked gates that the quantity's gradient passes on its way down."""
        reached = {quantity.node}
        for place in range(quantity.node, self.graph.output + 1):
            if place in reached:
                reached.update(use.target for use in self.graph.uses[place])
        own = {quantity.node} if quantity.kind != "down" else set()
        return [place for place in self.pieces if place in reached - own]

    def _number(self, quantity: Quantity, chosen: dict[int, Slopes], lr: Number | None) -> Exact:
        """Return a quantity where kinked gates take the slopes chosen for them."""
        graph = self.graph
        gradients: list[Any] = [Fraction(0)] * len(graph.nodes)
        gradients[graph.output] = Fraction(1)
        down: Any = Fraction(0)
        for place in range(graph.output, -1, -1):
            for slot, source in enumerate(graph.nodes[place].operands):
                edge = self.derivation.contributions.get((source, place, slot))
                if edge is None:
                    continue
                local = chosen[place][slot] if place in chosen else edge.local
                handed = gradients[place] * local
                gradients[source] += handed
                if (source, place, slot) == (quantity.source, quantity.node, quantity.slot):
                    down = handed
        if quantity.kind == "down":
            return exact(down)
        gradient = gradients[quantity.node]
        if quantity.kind == "new":
            return exact(self.derivation.numbers[quantity.node] - exact(lr or 0) * gradient)
        return exact(gradient)

    def _slopes(self, place: int) -> list[Slopes]:
        """Return the slopes of the pieces that meet, each once, the convention's first."""
        node = self.graph.nodes[place]
        op = OPS[node.op]
        options = op.with_options(node.options) if op.options or op.outputs else {}
        operands = [self.derivation.numbers[i] for i in node.operands]
        value = self.derivation.numbers[place]
        found = [_slopes(op, value, operands, options)]
        for slot, number in enumerate(operands):
            for side in (1, -1):
                beside = list(operands)
                beside[slot] = _beside(number, side)
                there = exact(op.value(SCALAR, *beside, **options))
                if abs(float(there) - float(value)) > _JUMP * (1 + abs(float(value))):
                    continue
                slopes = _slopes(op, there, beside, options)
                if slopes not in found:
                    found.append(slopes)
        return found


def _slopes(op: Any, value: Any, operands: Sequence[Any], options: dict[str, Any]) -> Slopes:
    slots = range(len(operands))
    return tuple(exact(op.slope(slot)(SCALAR, value, *operands, **options)) for slot in slots)


def _beside(number: Exact, side: int) -> Exact:
    """Return the number just above (`side` 1) or below (−1)."""
    if isinstance(number, float):
        return math.nextafter(number, side * math.inf)
    return number + side * _NEAR * max(Fraction(1), abs(number))


def _ends(numbers: Sequence[Exact]) -> tuple[Exact, Exact] | None:
    """Return the least and the largest, or None where they are one number."""
    low, high = min(numbers), max(numbers)
    return None if low == high or not all(math.isfinite(n) for n in (low, high)) else (low, high)
