"""Where the parts of a circuit stand: Graphviz arranges boxes of fixed size, once for all frames.

`lay_out` is the pipeline: boxes from text widths, rows where the circuit is long, a plan in DOT,
positions from an engine, columns straightened. This package knows no colours and no steps.
"""

from __future__ import annotations

from ....choices import Layout
from ..bands import Stage
from ..circuit import Circuit
from .boxes import measured
from .engines import checked_layout, find_engine
from .plan import plan
from .positions import Placement, below_one_another, placed
from .rows import wrapped_rows

__all__ = ["Placement", "checked_layout", "lay_out"]


def lay_out(
    circuit: Circuit, layout: Layout = "embedded", wrap: bool = True, page: Stage | None = None
) -> Placement:
    """Return the places of everything in the circuit.

    Args:
        circuit: what is to be drawn.
        wrap: whether a long circuit stands in several rows.
        page: the format that rows are wrapped for; a slide if left out.
        layout: "embedded" for the Graphviz that is installed with this package, "dot" for the
            system's own.

    Raises:
        OptionError: no such layout, or no system Graphviz for "dot".
    """
    engine = find_engine(layout)
    boxes = measured(circuit)
    rows = wrapped_rows(circuit, boxes, page) if wrap else ()
    if len(rows) < 2:
        return placed(circuit, boxes, engine(plan(circuit, boxes)))
    parts = []
    for row in rows:
        sizes = measured(row.circuit)
        parts.append(placed(row.circuit, sizes, engine(plan(row.circuit, sizes))))
    return below_one_another(rows, parts)
