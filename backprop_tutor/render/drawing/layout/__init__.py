"""Where the parts of a circuit stand: Graphviz arranges boxes of fixed size, once for all frames.

`lay_out` is the pipeline: boxes from text widths, rows where the circuit is long, a plan in DOT,
positions from an engine, columns straightened. This package knows no colours and no steps.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....choices import Layout
from ..bands import Stage
from ..circuit import Circuit
from .boxes import Boxes, measured
from .engines import Engine, checked_layout, find_engine
from .plan import plan
from .positions import Placement, below_one_another, placed
from .rows import Row, room_of, rows_within, wrapped_rows

__all__ = ["Placement", "checked_layout", "lay_out"]


def lay_out(
    circuit: Circuit, layout: Layout = "embedded", wrap: bool = True, page: Stage | None = None,
    room: float | None = None,
) -> Placement:  # fmt: skip
    """Return the places of everything in the circuit.

    Args:
        circuit: what is to be drawn.
        wrap: whether a long circuit stands in several rows.
        page: the format that rows are wrapped for; a slide if left out.
        room: how wide a row may be, in px, whatever the format.
        layout: "embedded" for the Graphviz that is installed with this package, "dot" for the
            system's own.

    Raises:
        OptionError: no such layout, or no system Graphviz for "dot".
    """
    engine = find_engine(layout)
    boxes = measured(circuit)
    if room is None and wrap and page is not None and page.height > page.width:
        room = room_of(page)  # an upright page is filled from its top
    if room is None:
        rows = wrapped_rows(circuit, boxes, page) if wrap else ()
        parts = _parts(circuit, rows, boxes, engine)
    else:
        rows, parts = _within(circuit, boxes, room, engine)
    return below_one_another(rows, parts) if len(rows) > 1 else parts[0]


_ATTEMPTS = 8
"""How often rows are cut anew where some came out wider than estimated."""


def _within(
    circuit: Circuit, boxes: Boxes, room: float, engine: Engine
) -> tuple[tuple[Row, ...], list[Placement]]:
    """Return rows of at most this width, as far as that can be: those too wide are cut otherwise."""
    too_wide: set[tuple[int, int]] = set()
    for _ in range(_ATTEMPTS):
        rows = rows_within(circuit, boxes, room, too_wide)
        parts = _parts(circuit, rows, boxes, engine)
        wide = {row.span for row, part in zip(rows, parts, strict=True) if part.width > room}
        if wide <= too_wide:
            break
        too_wide |= wide
    return rows, parts


def _parts(
    circuit: Circuit, rows: Sequence[Row], boxes: Boxes, engine: Engine
) -> list[Placement]:
    if len(rows) < 2:
        return [placed(circuit, boxes, engine(plan(circuit, boxes)))]
    parts = []
    for row in rows:
        sizes = measured(row.circuit)
        parts.append(placed(row.circuit, sizes, engine(plan(row.circuit, sizes))))
    return parts
