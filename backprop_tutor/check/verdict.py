"""Which of the numbers agree, and which to believe where they do not.

A gradient is compared with the truth: the chain of SymPy's derivatives, at as many digits as it takes
to know it. Where that is missing, or the reverse pass disagrees, a chain of differences of the
operations' definitions, at as many digits, is the judge. Whether a gradient that is off is wrong, or
only float64's round-off, is decided gate by gate: each value and each local gradient is compared with
what its operation's definition gives at the very float64 numbers that went in.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..numerics import Slope, close
from ..ops.balls import Ball
from ..slopes import branch
from ..steps import Derivation
from ..symbolic import Allowance
from .differences import measured
from .exactly import Exactly, number
from .gates import Gates
from .rows import Check, CheckRow, Status, ValueRow, ValueStatus

__all__ = ["check"]

_SECONDS = 1.0
"""How long SymPy may take in all, as `Allowance` counts."""

_FIRST = 192
_MOST = 8192
_CANCELLED = 8 * _FIRST
"""Enough bits to see the least float64 beside 1, where contributions cancel as far as float64 can tell."""

_LARGE = 1000
"""Programs of more operations than this are not computed with more than four times the first bits."""

_TRUE = 1e-9
_NUMERIC = 1e-6
_CLOSELY = 1e-8
"""Differences that are not as close as this are taken again with more digits."""

_ROUNDED = 1e-13
"""As much of the largest path's product as a sum of float64 products is off by nature."""

_LEAST = 2.3e-308
_DIFFERENCES = 20_000
"""So many operations may be computed for differences of more digits."""

_SETTLED = 1e-15


def check(derivation: Derivation) -> Check:
    """Return every gradient by the reverse pass, by SymPy and by differences, and every value."""
    graph = derivation.graph_table
    places = [
        i for i, node in enumerate(graph.nodes) if node.kind != "constant" and graph.varies[i]
    ]
    return _Checked(derivation, places).result()


class _Checked:
    """One check: the three columns, the truth, and the verdicts."""

    def __init__(self, derivation: Derivation, places: list[int]) -> None:
        self.derivation = derivation
        self.graph = derivation.graph_table
        self.places = places
        self.varied = frozenset(places)
        self.sizes = _path_sizes(derivation)
        self.kinks = _kinks(derivation)
        self.bent = _below(derivation, self.kinks)
        self.allowance = Allowance(_SECONDS)
        self._settle()
        self.gates = Gates(derivation, self.exactly, self.kinks)
        self.measured = measured(derivation, places)
        self.spent = 0

    # The truth

    def _settle(self) -> None:
        """Compute values and SymPy's chain with bits enough to know them, or to know that none are."""
        bits = _FIRST
        while True:
            self.exactly = Exactly(self.derivation, bits, self.allowance)
            self.values = self.exactly.values()
            self.by_sympy = self.exactly.chain(self._sympy)
            needed = self.exactly.needed()
            most = _MOST if self.graph.operations <= _LARGE else 4 * _FIRST
            if self._settled() or bits >= most:
                return
            if not needed and bits >= (_CANCELLED if self._cancelled() else 4 * _FIRST):
                return
            bits = min(max(2 * bits, -(-(needed + 128) // 64) * 64), most)

    def _sympy(self, place: int, slot: int) -> Ball | None:
        operands = [self.values[i] for i in self.graph.nodes[place].operands]
        return self.exactly.by_sympy(place, slot, operands)

    def _settled(self) -> bool:
        known = all(v is None or _known(v, 0.0) for v in self.values)
        return known and not self._cancelled() and all(
            ball is None or _known(ball, self.sizes[place])
            for place, ball in self.by_sympy.items()
        )

    def _cancelled(self) -> bool:
        """Return whether a gradient cancels in float64 to nothing, and its true number is not seen."""
        return any(
            ball is not None and self._nothing_left(place) and not _known(ball, 0.0)
            for place, ball in self.by_sympy.items()
            if place in self.varied
        )

    def _nothing_left(self, place: int) -> bool:
        """Return whether a gradient is no more than the rounding of what it is the sum of."""
        return abs(self._reverse(place)) < _ROUNDED * self.sizes[place]

    def _truth(self) -> dict[int, Ball | None]:
        """Return the gradients as they should be: at a kink the convention is the derivation's own."""
        if not self.kinks:
            return self.by_sympy
        return self.exactly.chain(lambda place, slot: self._convention(place, slot, self._sympy))

    def _judge(self) -> dict[int, Ball | None]:
        """Return the gradients by differences of the operations' definitions alone."""

        def slope(place: int, slot: int) -> Ball | None:
            operands = [self.values[i] for i in self.graph.nodes[place].operands]
            return self.exactly.by_differences(place, slot, operands)

        return self.exactly.chain(lambda place, slot: self._convention(place, slot, slope))

    def _convention(
        self, place: int, slot: int, slope: Callable[[int, int], Ball | None]
    ) -> Ball | None:
        if place not in self.kinks:
            return slope(place, slot)
        edge = self.derivation.contributions[self.graph.nodes[place].operands[slot], place, slot]
        local = float(edge.local)
        return None if math.isnan(local) else self.exactly.k.ball(edge.local)

    # The rows

    def result(self) -> Check:
        """Return all rows."""
        truth = self._truth()
        judge: dict[int, Ball | None] | None = None
        rows = []
        for place in self.places:
            right = truth[place]
            if not self._near(self._reverse(place), place, right):
                judge = judge if judge is not None else self._judge()
                right = self._decided(place, right, judge[place])
            rows.append(self._row(place, right))
        digits = int(self.exactly.k.bits * 0.30103)
        return Check(tuple(rows), self._value_rows(), self.gates.wrong_slopes, digits)

    def _reverse(self, place: int) -> float:
        found = self.derivation.upstreams[place]
        assert found is not None  # a node that varies has one
        return float(found)

    def _decided(self, place: int, by_sympy: Ball | None, judge: Ball | None) -> Ball | None:
        """Return the truth where the reverse pass and SymPy disagree: what the judge agrees with."""
        if judge is None or not _known(judge, self.sizes[place]):
            return by_sympy
        allowed = _ROUNDED * self.sizes[place] + _LEAST
        if by_sympy is not None and close(number(judge), number(by_sympy), _TRUE, allowed):
            return by_sympy
        return judge

    def _near(self, value: float, place: int, right: Ball | None) -> bool:
        """Return whether a number is the true one, as far as float64 can hold it."""
        if right is None or math.isnan(value):
            return False
        allowed = _ROUNDED * self.sizes[place] + _LEAST
        if not _known(right, self.sizes[place]):
            return False
        return close(value, number(right), _TRUE, allowed) and not self._lost(value, place, right)

    def _lost(self, value: float, place: int, right: Ball) -> bool:
        """Return whether a gradient cancelled to nothing and is certainly another number."""
        if not self._nothing_left(place) or right.zero or right.spread() > _SETTLED:
            return False
        true = number(right)
        return abs(true) > _LEAST and abs(value - true) > abs(true) / 2

    def _row(self, place: int, right: Ball | None) -> CheckRow:
        name = self.graph.nodes[place].name
        reverse, symbolic = self._reverse(place), number(self.by_sympy[place])
        slope = self.measured[place]
        late = self.by_sympy[place] is None and bool(self.exactly.late)
        numeric, digits = slope.value, 0
        coarse = not close(reverse, slope.value, _CLOSELY)
        coarse |= right is not None and self._lost(reverse, place, right)
        if coarse and place not in self.bent:
            better = self._measured_better(place)
            if better is not None:
                numeric, digits = number(better), max(50, int(self.exactly.k.bits * 0.30103))
        status = self._status(place, right, symbolic, Slope(numeric, 0.0 if digits else slope.error))
        return CheckRow(name, reverse, symbolic, numeric, status, digits, late)

    def _numeric_near(self, slope: Slope, value: float) -> bool:
        scale = abs(float(self.derivation.numbers[self.graph.output]))
        most = 1e-4 * max(abs(value), abs(slope.value))
        return close(value, slope.value, _NUMERIC, min(10 * slope.error, most) + 1e-12 * scale)

    def _measured_better(self, place: int) -> Ball | None:
        cost = 2 * (self.graph.output - place + 1)
        if self.spent + cost > _DIFFERENCES or not self.graph.relevant[place]:
            return None
        self.spent += cost
        return self.exactly.whole_difference(place, self.values)

    def _status(
        self, place: int, right: Ball | None, symbolic: float, slope: Slope
    ) -> Status:
        reverse = self._reverse(place)
        if math.isnan(reverse):
            return "undefined" if right is None or math.isnan(symbolic) else "differ"
        if right is None or not self._near(reverse, place, right):
            if self._fault_above(place):
                return "differ"
            return "kink" if place in self.bent else "round-off"
        allowed = _ROUNDED * self.sizes[place] + _LEAST
        agree = close(reverse, symbolic, _TRUE, allowed) and self._numeric_near(slope, reverse)
        if agree:
            return "agree"
        return "kink" if place in self.bent else "two of three"

    def _fault_above(self, place: int) -> bool:
        """Return whether the gradient is wrong because something on the way to it is."""
        return self.gates.wrong_values != frozenset() or place in self.gates.below_faults

    def _value_rows(self) -> tuple[ValueRow, ...]:
        rows = []
        for place, node in enumerate(self.graph.nodes):
            if node.kind != "operation":
                continue
            value, right = float(self.derivation.numbers[place]), self.values[place]
            status: ValueStatus = "agree"
            if place in self.gates.wrong_values:
                status = "differ"
            elif right is None or not (
                _known(right, 0.0) and close(value, number(right), _TRUE, _LEAST)
            ):
                status = "round-off"
            rows.append(ValueRow(node.name, value, number(right), status))
        return tuple(rows)


def _known(ball: Ball, scale: float) -> bool:
    """Return whether a ball is known to float64's digits, or to those of `scale`."""
    if ball.spread() <= _SETTLED or ball.size() < -1100:
        return True
    return scale > 0 and ball.size() < math.frexp(_SETTLED * scale)[1] and not ball.side


def _path_sizes(derivation: Derivation) -> list[float]:
    """Return for each node the sum of its paths' products, each without its sign."""
    graph = derivation.graph_table
    sizes = [0.0] * len(graph.nodes)
    sizes[graph.output] = 1.0
    for place in range(graph.output, -1, -1):
        if not graph.relevant[place]:
            continue
        for use in graph.uses[place]:
            edge = derivation.contributions.get((place, use.target, use.slot))
            if edge is not None and not math.isnan(edge.local):
                sizes[place] += sizes[use.target] * abs(float(edge.local))
    return sizes


def _kinks(derivation: Derivation) -> frozenset[int]:
    """Return the operations whose operands lie on a kink, where the slope is a convention."""
    graph = derivation.graph_table
    found = set()
    for place, node in enumerate(graph.nodes):
        if node.kind == "operation" and graph.relevant[place]:
            piece = branch(derivation, place)
            if piece is not None and piece.kink:
                found.add(place)
    return frozenset(found)


def _below(derivation: Derivation, gates: frozenset[int]) -> frozenset[int]:
    """Return the nodes from which a path leads through one of some operations."""
    graph = derivation.graph_table
    found: set[int] = set()
    for place in range(len(graph.nodes) - 1, -1, -1):
        if place in found or place in gates:
            found.update(graph.nodes[place].operands)
    return frozenset(found)
