"""What packages import that add to this one: operations, slips, formats, layouts, tolerances.

`docs/library.md` has one worked example of each, and `examples/course_extras` is a package of them.
The names are loaded when they are first asked for.

>>> from backprop_tutor.extending import Interval
>>> str(Interval(0, 1))
'(0, 1)'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .check.battery import battery_faults
    from .homework.quantities.tolerance import Tolerance
    from .homework.slips.broken_pass import Handed
    from .homework.slips.slip_record import EdgeView, Slip, handed_on_edges
    from .ops import Branch, Interval, Keras, Operation, Torch
    from .registering import register
    from .render.drawing.layout.engines import ENGINES
    from .render.narration.document import (
        Bullets,
        Document,
        Formulas,
        Grid,
        Heading,
        Math,
        Paragraph,
        Table,
    )
    from .sentences import N_

_HOMES = {
    "Branch": "ops", "Bullets": "render.narration.document", "Document": "render.narration.document",
    "ENGINES": "render.drawing.layout.engines", "EdgeView": "homework.slips.slip_record",
    "Formulas": "render.narration.document", "Grid": "render.narration.document",
    "Handed": "homework.slips.broken_pass", "Heading": "render.narration.document",
    "Interval": "ops", "Keras": "ops", "Math": "render.narration.document", "N_": "sentences",
    "Operation": "ops", "Paragraph": "render.narration.document",
    "Slip": "homework.slips.slip_record", "Table": "render.narration.document",
    "Tolerance": "homework.quantities.tolerance", "Torch": "ops",
    "battery_faults": "check.battery", "handed_on_edges": "homework.slips.slip_record",
    "register": "registering",
}  # fmt: skip
"""Where each name lives."""

__all__ = [
    "ENGINES",
    "N_",
    "Branch",
    "Bullets",
    "Document",
    "EdgeView",
    "Formulas",
    "Grid",
    "Handed",
    "Heading",
    "Interval",
    "Keras",
    "Math",
    "Operation",
    "Paragraph",
    "Slip",
    "Table",
    "Tolerance",
    "Torch",
    "battery_faults",
    "handed_on_edges",
    "register",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{home}", __package__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
