"""Upstream and downstream gradients of a graph's edges as formulas, operation by operation."""

from __future__ import annotations

from ..graph import Graph
from ..language import Expression
from .gradients import symbolic_pass

__all__ = ["SYMBOLS", "symbolic_edges"]

SYMBOLS = 100
"""On edges a gradient is a formula up to so many operations."""


def symbolic_edges(table: Graph) -> dict[tuple[int, int, int], tuple[Expression | None, Expression | None]]:
    """Return for each edge that a gradient passes its upstream and downstream gradient as trees.

    They are over the nodes' names; None where one takes more than `SYMBOLS` operations.
    """
    found = symbolic_pass(table, "gates", SYMBOLS)
    quantities = found.chain.quantities
    edges: dict[tuple[int, int, int], tuple[Expression | None, Expression | None]] = {}
    for parts in found.parts:
        for part in parts:
            link = part.link
            key = quantities[link.source].place, quantities[link.target].place, link.slot
            edges[key] = part.upstream, part.downstream
    return edges
