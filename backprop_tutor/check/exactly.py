"""A program in balls: its values, its slopes by SymPy and by differences, at as many digits as asked.

Enters: a derivation's graph and point. Leaves: balls, of which it is known how many digits are right,
or None where there is no value or none that can be computed. This file compares nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mpmath import libmp

from ..graph import Graph
from ..ops import OPS
from ..ops.balls import Ball, Undefined, Unreachable, top
from ..ops.precise import Precise, applied
from ..steps import Derivation
from ..symbolic import Allowance, Late, local_ball

__all__ = ["Exactly", "number"]

_NAMED = {"π": "pi", "e": "e"}
_STEP = 140
"""A difference is taken over 2^−140, nearer to a point that is itself near 0: so much nearer than any
float64 lies to a kink or pole that it is not its own, that the error of the method is below 1e-25."""

_DEEPEST = 2500
"""A difference that is below 2^−2500 of its step is 0, for float64 and whatever it is multiplied by."""


def number(ball: Ball | None) -> float:
    """Return a ball's middle as a float, nan for none; an infinity where it is too large for one."""
    return float("nan") if ball is None else float(libmp.to_float(ball.raw))


class Exactly:
    """A derivation's program with numbers of so many bits.

    `allowance` is what SymPy may take; after it is over, and for operations that are too large for
    it, `late` holds their places.
    """

    def __init__(self, derivation: Derivation, bits: int, allowance: Allowance) -> None:
        self.derivation = derivation
        self.graph: Graph = derivation.graph_table
        self.k: Precise = Precise(bits)
        self.allowance = allowance
        self.late: set[int] = set()
        self.lost: dict[int, int] = {}

    def leaf(self, place: int) -> Ball:
        """Return an input's or a constant's number; π and e are themselves."""
        node = self.graph.nodes[place]
        if node.kind == "constant" and node.text in _NAMED:
            return self.k.ball(_NAMED[node.text])
        return self.k.ball(self.derivation.numbers[place])

    def values(self) -> list[Ball | None]:
        """Return every node's value from the inputs on."""
        found: list[Ball | None] = []
        for place, node in enumerate(self.graph.nodes):
            if node.kind == "operation":
                found.append(self.operation(place, [found[i] for i in node.operands]))
            else:
                found.append(self.leaf(place))
        return found

    def operation(self, place: int, operands: Sequence[Ball | None]) -> Ball | None:
        """Return one operation's value; None without all operands, or where it has none."""
        node = self.graph.nodes[place]
        given = [a for a in operands if a is not None]
        if len(given) < len(operands):
            return None
        self.k.precision.needed = 0
        try:
            found = applied(self.k, OPS[node.op], node.options, given)
        except (Undefined, Unreachable, ZeroDivisionError, OverflowError):
            return None
        if self.k.precision.needed:
            self.lost[place] = max(self.lost.get(place, 0), self.k.precision.needed)
        return found

    def exact_operands(self, place: int) -> list[Ball]:
        """Return the operands' values as the derivation has them: exact numbers."""
        return [self.k.ball(self.derivation.numbers[i]) for i in self.graph.nodes[place].operands]

    def by_sympy(self, place: int, slot: int, operands: Sequence[Ball | None]) -> Ball | None:
        """Return a local gradient from SymPy's derivative; None where it has no value, or is late."""
        given = [a for a in operands if a is not None]
        if len(given) < len(operands) or place in self.late:
            return None
        self.k.precision.needed = 0
        try:
            self.allowance.spend()
            found = local_ball(self.k, self.graph, place, slot, given)
        except Late:
            self.late.add(place)
            return None
        except (Undefined, Unreachable, ZeroDivisionError, OverflowError):
            return None
        if self.k.precision.needed:
            self.lost[place] = max(self.lost.get(place, 0), self.k.precision.needed)
        return found

    def by_differences(
        self, place: int, slot: int, operands: Sequence[Ball | None]
    ) -> Ball | None:
        """Return a local gradient measured from the operation's definition alone."""
        node = self.graph.nodes[place]
        given = [a for a in operands if a is not None]
        if len(given) < len(operands):
            return None
        op = OPS[node.op]

        def at(k: Precise, moved: Ball) -> Ball:
            fixed = [Ball(k.precision, a.raw) for a in given]
            fixed[slot] = moved
            return applied(k, op, node.options, fixed)

        return self._slope(at, given[slot])

    def sides(
        self, place: int, slot: int, operands: Sequence[Ball]
    ) -> tuple[float, float] | None:
        """Return the slopes below and above a kink; None where one side has none."""
        op, options = OPS[self.graph.nodes[place].op], self.graph.nodes[place].options
        step = _STEP + 2 * max(0, -top(operands[slot].raw) if operands[slot].raw[1] else 0)
        k = Precise(4 * step)
        values = []
        for side in (-1, 0, 1):
            moved = [Ball(k.precision, a.raw) for a in operands]
            moved[slot] += Ball(k.precision, libmp.mpf_shift(libmp.from_int(side), -step))
            try:
                values.append(applied(k, op, options, moved))
            except (Undefined, Unreachable, ZeroDivisionError, OverflowError):
                return None
        below, above = values[1] - values[0], values[2] - values[1]
        raws = [libmp.mpf_shift(apart.raw, step) for apart in (below, above)]
        return libmp.to_float(raws[0]), libmp.to_float(raws[1])

    def whole_difference(self, place: int, values: Sequence[Ball | None]) -> Ball | None:
        """Return ∂output/∂node measured from the whole program, the node moved after its assignment."""
        middle = values[place]
        if middle is None:
            return None
        nodes = self.graph.nodes

        def at(k: Precise, moved: Ball) -> Ball:
            inner = Exactly(self.derivation, k.bits, self.allowance)
            inner.k = k
            found: dict[int, Ball | None] = {place: moved}
            for i in range(self.graph.output + 1):
                node = nodes[i]
                if i == place:
                    continue
                if node.kind != "operation":
                    found[i] = inner.leaf(i)
                elif self.graph.relevant[i]:
                    found[i] = inner.operation(i, [found.get(j) for j in node.operands])
            out = found[self.graph.output]
            if out is None:
                raise Undefined
            return out

        return self._slope(at, middle)

    def _slope(self, at: Callable[[Precise, Ball], Ball], middle: Ball) -> Ball | None:
        """Return a centred difference, with as many bits as it takes to see it."""
        size = top(middle.raw) if middle.raw[1] else 0
        if abs(size) > _DEEPEST:
            return None  # far beyond float64 in size
        step = _STEP + 2 * max(0, -size)
        bits = 2 * step + 80 + max(0, size)
        while True:
            k = Precise(bits)
            h = Ball(k.precision, libmp.mpf_shift(libmp.fone, -step))
            point = Ball(k.precision, middle.raw)
            try:
                apart = at(k, point + h) - at(k, point - h)
            except (Undefined, Unreachable, ZeroDivisionError, OverflowError):
                return None
            if apart.zero:
                return self.k.nothing
            if apart.spread() < 1e-18:
                raw = libmp.mpf_shift(apart.raw, step - 1)
                # The method's own error counts as the last of sixty bits.
                return Ball(self.k.precision, raw, 1.0, top(raw) + self.k.bits - 60)
            if apart.size() + step < -_DEEPEST:
                return self.k.nothing
            if bits > 2 * _DEEPEST + 2 * step + max(0, size):
                return None
            bits *= 2

    def chain(
        self, slope: Callable[[int, int], Ball | None]
    ) -> dict[int, Ball | None]:
        """Return ∂output/∂node for every node, by the chain rule over given local gradients.

        None for a node below a local gradient that is None.
        """
        graph = self.graph
        total: dict[int, Ball | None] = dict.fromkeys(range(len(graph.nodes)), self.k.nothing)
        total[graph.output] = self.k.one
        for place in range(graph.output, -1, -1):
            node, upstream = graph.nodes[place], total[place]
            if node.kind != "operation" or not graph.relevant[place] or not graph.varies[place]:
                continue
            for slot, source in enumerate(node.operands):
                if not graph.varies[source] or (upstream is not None and upstream.zero):
                    continue
                local, so_far = slope(place, slot), total[source]
                if upstream is None or local is None or so_far is None:
                    total[source] = None
                else:
                    total[source] = so_far + upstream * local
        return total

    def needed(self) -> int:
        """Return the most bits that anything lost would have taken; 0 where nothing was lost."""
        return max(self.lost.values(), default=0)
