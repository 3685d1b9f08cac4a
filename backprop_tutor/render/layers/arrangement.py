"""The layout of a program's picture: sizes tried from large to small, columns spread, strips if need be.

Enters: a derivation over arrays and a stage. Leaves: an `Arrangement`, shared by all frames: it depends on
the program, its numbers and the options, never on a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...language import shown_name
from ...matrices.array_derivation import ArrayDerivation
from ...matrices.array_graph import record_of
from ..drawing.bands import Stage
from .cells import ArrangedCell, arranged
from .figures import Figure, measured
from .gates import Parts
from .lines import Plan, make_plan
from .strips import Scene, cuts_of, staged
from .wiring import wired

__all__ = ["Arrangement", "arrange", "columns_of_vectors", "landing_names"]

_SIZES = ((13.0, 3, 4), (12.0, 3, 4), (12.0, 2, 3))
"""Text size, figures and most decimals, in the order in which they are tried."""

_GAP, _LIGHT_GAP, _WIDEST_GAP = 22.0, 13.0, 46.0


@dataclass(frozen=True, eq=False)
class Arrangement:
    """Boxes measured and placed, with what decided it: the size of entries, their figures."""

    parts: Parts
    plan: Plan
    figures: Mapping[int, Figure]
    scene: Scene
    size: float
    digits: int
    strips: int


def arrange(
    derivation: ArrayDerivation, parts: Parts, stage: Stage, precision: int | None = None
) -> Arrangement:
    """Return the layout: the largest text whose one line fits, else smaller, fewer figures, more lines."""
    plan = make_plan(parts)
    sizes = _SIZES if precision is None else tuple((s, precision, precision + 1) for s in (13.0, 12.0))
    room = stage.right - stage.left
    for size in sizes:
        figures = _figures(derivation, parts, size)
        cells, edges, gaps = _spread(plan, figures)
        if _reach(cells, edges)[-1] <= room:
            break
    else:
        size = sizes[-1] if precision is not None else _SIZES[1]
        figures = _figures(derivation, parts, size)
        cells, edges, gaps = _spread(plan, figures)
    names = landing_names(parts)
    cuts: list[float] = []
    if _reach(cells, edges)[-1] > room:
        wires = wired(plan, cells, figures)
        ends = [edge + gap / 2 for edge, gap in zip(edges, [*gaps, 0.0], strict=True)]
        boxed = {cell.column for cell in cells if cell.box is not None}
        cut_after = cuts_of(ends, _reach(cells, edges), wires, room - 60.0, boxed)
        cuts = [ends[k] for k in cut_after]
    else:
        spare = room - edges[-1]
        more = min(spare / max(len(gaps), 1), _WIDEST_GAP - _GAP)
        cells, edges, gaps = _spread(plan, figures, more)
        start = (room - edges[-1]) / 2
        for cell in cells:
            cell.x += start
    scene = staged(
        cells, wired(plan, cells, figures), figures, cuts, stage, len(plan.lines), names
    )
    return Arrangement(parts, plan, figures, scene, size[0], size[1], len(cuts) + 1)


def _figures(
    derivation: ArrayDerivation, parts: Parts, size: tuple[float, int, int]
) -> dict[int, Figure]:
    upright = columns_of_vectors(parts)
    found = {}
    for place in sorted(parts.boxes):
        figure = measured(
            place, shown_name(parts.graph.nodes[place].name), derivation.numbers[place],
            derivation.upstreams[place], place in parts.data, column=place in upright,
            size=size[0], figures=size[1], most=size[2],
        )  # fmt: skip
        found[place] = figure
    return found


def _spread(
    plan: Plan, figures: Mapping[int, Figure], more: float = 0.0
) -> tuple[list[ArrangedCell], list[float], list[float]]:
    """Return the cells with their x, where each column ends, and the gaps between columns."""
    cells = [arranged(plan, cell, figures) for cell in plan.cells]
    columns: list[list[ArrangedCell]] = [[] for _ in range(plan.columns)]
    for cell in cells:
        columns[cell.column].append(cell)
    edges: list[float] = []
    gaps: list[float] = []
    x = 0.0
    for number, column in enumerate(columns):
        wide = max((cell.wide for cell in column), default=0.0)
        for cell in column:
            cell.x = x + (wide - cell.wide) / 2 if len(column) > 1 else x
        x += wide
        edges.append(x)
        if number + 1 < len(columns):
            light = any(
                column and all(cell.is_light for cell in column)
                for column in columns[number : number + 2]
            )
            own = _LIGHT_GAP if light else _GAP
            gaps.append(max(own, _overhanging(column, columns[number + 1])) + more)
            x += gaps[-1]
    return cells, edges, gaps


def _reach(cells: list[ArrangedCell], edges: list[float]) -> list[float]:
    """Return how far each column and its heads reach to the right."""
    over = [0.0] * len(edges)
    for cell in cells:
        over[cell.column] = max([over[cell.column], *(more for more, _low, _high in cell.heads)])
    return [edge + more for edge, more in zip(edges, over, strict=True)]


def _overhanging(column: list[ArrangedCell], following: list[ArrangedCell]) -> float:
    """Return the gap that keeps heads wider than their boxes off what stands in the next column."""
    return max(
        (over + 8.0 for cell in column for over, low, high in cell.heads for other in following
         if other.line == cell.line and low < other.down and -other.up < high),
        default=0.0,
    )  # fmt: skip


def landing_names(parts: Parts) -> dict[int, str]:
    """Return how each array is called where its wire goes on: by its name, without a box by its gate."""
    return {
        i: parts.gates[parts.gate_of[i]].sign if i not in parts.boxes and i in parts.gate_of
        else shown_name(node.name)
        for i, node in enumerate(parts.graph.nodes)
    }  # fmt: skip


def columns_of_vectors(parts: Parts) -> frozenset[int]:
    """Return the vectors that stand upright: those that a matrix multiplies from the left, and their like.

    A vector added to each row of a batch lies; so does one that multiplies a matrix from the left.
    """
    graph = parts.graph
    upright: set[int] = set()
    for place, node in enumerate(graph.nodes):
        record = record_of(node)
        shapes = [graph.shapes[i] for i in node.operands]
        if record is not None and record.name == "matmul" and len(shapes[0]) == 2 and len(shapes[1]) == 1:
            upright |= {node.operands[1], place}
    changed = bool(upright)
    while changed:
        changed = False
        for place, node in enumerate(graph.nodes):
            together = [i for i in (place, *node.operands) if len(graph.shapes[i]) == 1]
            apart = record_of(node)
            if (apart is not None and apart.name in ("expand", "matmul")) or len(together) < 2:
                continue
            if any(i in upright for i in together) and not set(together) <= upright:
                upright |= set(together)
                changed = True
    return frozenset(upright)
