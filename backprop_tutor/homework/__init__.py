"""Homework: problem and answer files, the equivalence of formulas, marking, diagnosis and reports.

What a student hands in is compared with what the graph derives; the expected answers are never
typed. Everything here computes; sentences for readers live in the records' reasons and in reports.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .equivalence.equivalent import Equivalence, equivalent
    from .marking.marker import Marker, mark
    from .marking.verdicts import Cell, FoundSlip, Marking

_HOMES = {
    "Cell": "marking.verdicts",
    "Equivalence": "equivalence.equivalent",
    "FoundSlip": "marking.verdicts",
    "Marker": "marking.marker",
    "Marking": "marking.verdicts",
    "equivalent": "equivalence.equivalent",
    "mark": "marking.marker",
}
"""Where each public name lives; loaded when first used, as NumPy comes with them."""

__all__ = ["Cell", "Equivalence", "FoundSlip", "Marker", "Marking", "equivalent", "mark"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value
