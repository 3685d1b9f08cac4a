"""The circuit as DOT for a layout engine: boxes of fixed size without texts, nothing to escape.

Ids are made of numbers alone: `w3` is the wire of node 3 with its gate, `a5` the label of arrow 5.
Every arrow runs wire → label → gate, so a label lies on its arrow and nothing else lies there.
Nothing needs quoting, so the lines of the many are written as they stand: five times as fast.
"""

from __future__ import annotations

from itertools import pairwise

import graphviz

from ..circuit import Circuit
from .boxes import Boxes, gap
from .lanes import columns_of, far_arrows

__all__ = ["plan"]

_POINTS = 72.0
_LARGE = 150


def plan(circuit: Circuit, boxes: Boxes) -> str:
    """Return the DOT that a layout engine is given; it leaves out the arrows that run in lanes."""
    graph_attr = {"rankdir": "LR", "nodesep": "0.11", "ranksep": _inches(gap(circuit.arrows))}
    if len(circuit.arrows) > _LARGE:
        # The searches for fewer crossings and shorter edges end early: seconds become tenths.
        graph_attr |= {"nslimit": "2", "nslimit1": "2", "mclimit": "0.5"}
    graph = graphviz.Digraph(
        graph_attr=graph_attr,
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"dir": "none", "tailport": "e", "headport": "w"},
    )
    columns = columns_of(circuit)
    far = far_arrows(circuit, columns)
    if far:
        _keep_columns(graph, columns)
    for wire, box in zip(circuit.wires, boxes.wires, strict=True):
        high = _inches(box.height) + (" ordering=in" if wire.gate else "")
        graph.body.append(f"\tw{wire.place} [height={high} width={_inches(box.width)}]\n")
    for places in circuit.together:
        _one_below_the_other(graph, places)
    for arrow, label in zip(circuit.arrows, boxes.labels, strict=True):
        name = f"a{arrow.number}"
        graph.body.append(f"\t{name} [height={_inches(label.height)} width={_inches(label.width)}]\n")
        if arrow.number not in far:
            graph.body.append(f"\tw{arrow.source} -> {name}\n")
        # A gate stands level with its near operands; those from a lane give way.
        weight = "1" if arrow.number in far else "6" if far else "3"
        graph.body.append(f"\t{name} -> w{arrow.target} [weight={weight}]\n")
    return str(graph.source)


def _keep_columns(graph: graphviz.Digraph, columns: tuple[int, ...]) -> None:
    """Fix every wire's column by a spine, as the arrows left out no longer do."""
    members: dict[int, list[int]] = {}
    for place, column in enumerate(columns):
        members.setdefault(column, []).append(place)
    order = sorted(members)
    for column in order:
        with graph.subgraph(graph_attr={"rank": "same"}) as same:
            same.node(f"c{column}", width="0.01", height="0.01")
            for place in members[column]:
                same.node(f"w{place}")
    for column, following in pairwise(order):
        gap = str(2 * (following - column))
        graph.edge(f"c{column}", f"c{following}", minlen=gap, weight="9", style="invis")


def _one_below_the_other(graph: graphviz.Digraph, places: tuple[int, ...]) -> None:
    """Keep the outputs of one gate in one column, in their order."""
    with graph.subgraph(graph_attr={"rank": "same"}) as same:
        for upper, lower in pairwise(places):
            same.edge(f"w{upper}", f"w{lower}", style="invis", tailport="c", headport="c")


def _inches(px: float) -> str:
    return f"{px / _POINTS:.4f}"
