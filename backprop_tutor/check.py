"""Three independent numbers for every gradient, side by side: reverse pass, SymPy, differences.

The reverse pass uses the slopes of `OPS`; the symbolic chain uses derivatives that SymPy derives
from the operations' definitions; centred differences use only forward values, with the node
overridden *after its own assignment*. Where all three agree, the number is right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .graph import Graph
from .numerics import close, ladder, settled_slope
from .ops import OPS
from .ops.numpy_kernel import NUMPY
from .slopes import branch
from .steps import Derivation, Exact
from .symbolic import local_number

__all__ = ["Check", "CheckRow", "check"]

_LANES = 4096
_SYMBOLIC = 1e-9
_NUMERIC = 1e-6


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One node's gradient three ways.

    `status` is "agree", "kink" (the point lies on a kink below this node, where differences see
    both sides and the convention decides), "undefined" (no slope there), or "differ".
    """

    name: str
    reverse: float
    symbolic: float
    numeric: float
    status: str

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong: only "differ" is."""
        return self.status != "differ"


@dataclass(frozen=True, slots=True)
class Check:
    """The rows of all nodes; usable as a bool."""

    rows: tuple[CheckRow, ...]

    @property
    def ok(self) -> bool:
        """Return whether no row differs."""
        return all(row.ok for row in self.rows)

    def __bool__(self) -> bool:
        return self.ok

    def __getitem__(self, name: str) -> CheckRow:
        return next(row for row in self.rows if row.name == name)


def check(derivation: Derivation) -> Check:
    """Return every node's gradient by the reverse pass, by SymPy and by centred differences."""
    graph = derivation.graph_table
    places = [
        i for i, node in enumerate(graph.nodes) if node.kind != "constant" and graph.varies[i]
    ]
    symbolic = _symbolic(derivation)
    numeric = _differences(derivation, places)
    bent = _bent(derivation)
    scale = abs(float(derivation.numbers[graph.output]))
    rows = []
    for place in places:
        reverse = derivation.upstreams[place]
        assert reverse is not None  # a node that varies has one
        value, error = numeric[place]
        allowed = min(10 * error, 1e-4 * max(abs(float(reverse)), abs(value))) + 1e-12 * scale
        status = _status(float(reverse), symbolic[place], value, allowed, place in bent)
        rows.append(
            CheckRow(graph.nodes[place].name, float(reverse), symbolic[place], value, status)
        )
    return Check(tuple(rows))


def _status(reverse: float, symbolic: float, numeric: float, allowed: float, bent: bool) -> str:
    """Return a row's status; `allowed` is how far off the measured slope may be besides."""
    if math.isnan(reverse) and math.isnan(symbolic):
        return "undefined"
    by_sympy = close(reverse, symbolic, _SYMBOLIC, 1e-300)
    by_differences = close(reverse, numeric, _NUMERIC, allowed)
    if by_sympy and by_differences:
        return "agree"
    return "kink" if bent else "differ"


def _bent(derivation: Derivation) -> set[int]:
    """Return the places of all nodes above an operation whose operands lie on a kink."""
    graph = derivation.graph_table
    found: set[int] = set()
    for place in range(len(graph.nodes) - 1, -1, -1):
        piece = branch(derivation, place) if graph.relevant[place] else None
        if place in found or (piece is not None and piece.kink):
            found.update(graph.nodes[place].operands)
    return found


def _symbolic(derivation: Derivation) -> dict[int, float]:
    """Return each node's gradient with local derivatives by SymPy."""
    graph = derivation.graph_table
    total = dict.fromkeys(range(len(graph.nodes)), 0.0)
    total[graph.output] = 1.0
    known: dict[tuple[object, ...], float] = {}
    for place in range(graph.output, -1, -1):
        node = graph.nodes[place]
        if node.kind != "operation" or not graph.relevant[place] or not graph.varies[place]:
            continue
        for slot, source in enumerate(node.operands):
            if not graph.varies[source]:
                continue
            key = (
                node.op, node.options, slot,
                tuple((derivation.numbers[i], graph.nodes[i].kind) for i in node.operands),
            )  # fmt: skip
            if key not in known:
                known[key] = local_number(graph, place, slot, derivation.numbers)
            total[source] += total[place] * known[key]
    return total


def _differences(derivation: Derivation, places: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Return each node's measured slope and its error, many points at once as array lanes."""
    graph = derivation.graph_table
    found: dict[int, tuple[float, float]] = {}
    for group in _groups([p for p in places if graph.relevant[p]], derivation.numbers):
        columns = [(p, h) for p in group for h in ladder(float(derivation.numbers[p]))]
        upper, lower, widths = _both_sides(graph, derivation.numbers, columns)
        for place in group:
            lanes = [i for i, (p, _) in enumerate(columns) if p == place]
            slope = settled_slope(*(side[lanes].tolist() for side in (widths, upper, lower)))
            found[place] = (slope.value, slope.error)
    for place in places:
        found.setdefault(place, (0.0, 0.0))
    return found


def _groups(places: Sequence[int], numbers: tuple[Exact, ...]) -> list[list[int]]:
    size = max(1, _LANES // 18)
    return [list(places[i : i + size]) for i in range(0, len(places), size)]


def _both_sides(
    graph: Graph, numbers: tuple[Exact, ...], columns: list[tuple[int, float]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the output above and below each column's point, and the distance between them."""
    count = len(columns)
    by_place: dict[int, list[int]] = {}
    for lane, (place, _) in enumerate(columns):
        by_place.setdefault(place, []).append(lane)
    step = np.array([h for _, h in columns])
    middle = np.array([float(numbers[p]) for p, _ in columns])
    top, bottom = middle + step, middle - step
    last_use = {i: max((u.target for u in uses), default=i) for i, uses in enumerate(graph.uses)}
    values: dict[int, np.ndarray] = {}
    first = min(by_place)
    with np.errstate(all="ignore"):
        for place, node in enumerate(graph.nodes[: graph.output + 1]):
            moved = any(i in values for i in node.operands)
            if moved:
                record = OPS[node.op]
                options = (
                    record.with_options(node.options) if record.options or record.outputs else {}
                )
                operands = [values.get(i, np.float64(numbers[i])) for i in node.operands]
                result = np.asarray(record.value(NUMPY, *operands, **options), dtype=float)
                values[place] = np.broadcast_to(result, (2 * count,)).copy()
            if place in by_place:
                lanes = by_place[place]
                if place not in values:
                    values[place] = np.full(2 * count, float(numbers[place]))
                values[place][lanes] = top[lanes]
                values[place][[count + lane for lane in lanes]] = bottom[lanes]
            if place > first:
                for operand in node.operands:
                    if last_use[operand] == place and operand != graph.output:
                        values.pop(operand, None)
        output = values[graph.output]
    return output[:count], output[count:], top - bottom
