"""A marking as plain dicts and lists, ready for JSON; the models are its published schema.

Enters: a `Marking`, whose file asks this one, so its types are not named here. Leaves: what
`Marking.to_dict` returns (`docs/schemas/marking.schema.json`).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

__all__ = ["MarkingData", "marking_data"]


class _Model(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")


class ExactNumber(_Model):
    """An exact number that is not whole: its fraction, and the nearest float64."""

    exact: str
    float: float


Expected = int | float | ExactNumber | list[Any] | None


class SlipData(_Model):
    """A slip that was found: which rule, where, in words, and the others that give the same numbers."""

    name: str
    family: str
    variant: str
    where: str
    sentence: str
    hint: str
    cells: list[str]
    ties: list[str]


class CellData(_Model):
    """A cell: what was asked, written and expected, and the verdict."""

    quantity: str
    status: str
    given: str
    expected: Expected
    sentence: str
    hint: str
    slip: str | None
    where: str
    follows_from: str
    points: float
    possible: float


class MarkingData(_Model):
    """A marked sheet."""

    score: float
    points: float
    possible: float
    first_wrong: str | None
    root: str | None
    cells: list[CellData]
    slips: list[SlipData]
    notes: list[str]


def _number(value: Any) -> Any:
    """Return a number or an array as JSON has it; None where there is none."""
    if getattr(value, "shape", None):
        return [_number(each) for each in value.tolist()]
    if isinstance(value, list | tuple):
        return [_number(each) for each in value]
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return value.numerator
        return {"exact": str(value), "float": float(value)}
    if isinstance(value, bool | int):
        return int(value)
    return float(value) if math.isfinite(value) else None


def _cell(cell: Any) -> dict[str, Any]:
    return {
        "quantity": cell.quantity, "status": cell.status, "given": cell.given,
        "expected": _number(cell.expected), "sentence": cell.sentence, "hint": cell.hint,
        "slip": cell.slip.name if cell.slip else None, "where": cell.where,
        "follows_from": cell.follows_from, "points": float(cell.points),
        "possible": float(cell.possible),
    }  # fmt: skip


def _slip(slip: Any) -> dict[str, Any]:
    return {
        "name": slip.name, "family": slip.family, "variant": slip.variant, "where": slip.where,
        "sentence": slip.sentence, "hint": slip.hint, "cells": list(slip.cells),
        "ties": [tie.name for tie in slip.ties],
    }  # fmt: skip


def marking_data(marking: Any) -> dict[str, Any]:
    """Return a marking as dicts and lists, in the schema's order."""
    return {
        "score": marking.score, "points": float(marking.points), "possible": float(marking.possible),
        "first_wrong": marking.first_wrong, "root": marking.root.name if marking.root else None,
        "cells": [_cell(cell) for cell in marking.cells.values()],
        "slips": [_slip(slip) for slip in marking.slips], "notes": list(marking.notes),
    }  # fmt: skip
