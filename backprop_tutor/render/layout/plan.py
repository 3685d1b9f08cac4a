"""The circuit as DOT for a layout engine: boxes of fixed size without texts, nothing to escape.

Ids are made of numbers alone: `w3` is the wire of node 3 with its gate, `a5` the label of arrow 5.
Every arrow runs wire → label → gate, so a label lies on its arrow and nothing else lies there.
"""

from __future__ import annotations

import graphviz

from ..circuit import Circuit
from .boxes import WIRE_HEIGHT, Boxes

__all__ = ["plan"]

_POINTS = 72.0
_LARGE = 150


def plan(circuit: Circuit, boxes: Boxes) -> str:
    """Return the DOT that a layout engine is given."""
    graph_attr = {"rankdir": "LR", "nodesep": "0.11", "ranksep": "0.32"}
    if len(circuit.arrows) > _LARGE:
        # The searches for fewer crossings and shorter edges end early: seconds become tenths.
        graph_attr |= {"nslimit": "2", "nslimit1": "2", "mclimit": "0.5"}
    graph = graphviz.Digraph(
        graph_attr=graph_attr,
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"dir": "none", "tailport": "e", "headport": "w"},
    )
    for wire, box in zip(circuit.wires, boxes.wires, strict=True):
        order = {"ordering": "in"} if wire.gate else {}
        graph.node(f"w{wire.place}", width=_inches(box.width), height=_inches(WIRE_HEIGHT), **order)
    for arrow, label in zip(circuit.arrows, boxes.labels, strict=True):
        name = f"a{arrow.number}"
        graph.node(name, width=_inches(label.width), height=_inches(label.height))
        graph.edge(f"w{arrow.source}", name)
        graph.edge(name, f"w{arrow.target}", weight="3")
    return str(graph.source)


def _inches(px: float) -> str:
    return f"{px / _POINTS:.4f}"
