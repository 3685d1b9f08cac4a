"""Where the parts of a circuit stand: Graphviz arranges boxes of fixed size, once for all frames.

`lay_out` is the pipeline: boxes from text widths, a plan in DOT, positions from an engine, columns
straightened. This package knows no colours and no steps.
"""

from __future__ import annotations

from ....choices import Layout
from ..circuit import Circuit
from .boxes import measured
from .engines import checked_layout, find_engine
from .plan import plan
from .positions import Placement, placed

__all__ = ["Placement", "checked_layout", "lay_out"]


def lay_out(circuit: Circuit, layout: Layout = "embedded") -> Placement:
    """Return the places of everything in the circuit.

    Args:
        circuit: what is to be drawn.
        layout: "embedded" for the Graphviz that is installed with this package, "dot" for the
            system's own.

    Raises:
        OptionError: no such layout, or no system Graphviz for "dot".
    """
    engine = find_engine(layout)
    boxes = measured(circuit)
    return placed(circuit, boxes, engine(plan(circuit, boxes)))
