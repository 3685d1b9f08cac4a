"""Slopes measured in float64: centred differences of the whole program, many points at once.

Only forward values are used; a node is overridden *after its own assignment*. Where float64 is too
coarse for that, `exactly.py` measures with more digits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..graph import Graph
from ..numerics import Slope, ladder, settled_slope
from ..ops import OPS
from ..ops.numpy_kernel import NUMPY
from ..steps import Derivation, Exact

__all__ = ["measured"]

_LANES = 4096


def measured(derivation: Derivation, places: Sequence[int]) -> dict[int, Slope]:
    """Return each node's measured slope and how far off it may be."""
    graph = derivation.graph_table
    found: dict[int, Slope] = {}
    for group in _groups([p for p in places if graph.relevant[p]], derivation.numbers):
        columns = [(p, h) for p in group for h in ladder(float(derivation.numbers[p]))]
        upper, lower, widths = _both_sides(graph, derivation.numbers, columns)
        for place in group:
            lanes = [i for i, (p, _) in enumerate(columns) if p == place]
            found[place] = settled_slope(*(side[lanes].tolist() for side in (widths, upper, lower)))
    for place in places:
        found.setdefault(place, Slope(0.0, 0.0))
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
    with np.errstate(over="ignore"):  # at the largest numbers of all
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
