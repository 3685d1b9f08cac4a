"""A point that a student can check by hand at which two formulas differ.

Enters: the point at which they were found to differ. Leaves: a `Witness`, at small whole numbers or
halves where these show the difference too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...language import shown_name, told_apart
from ...particles import agreed_text
from ...translation import sentence as _
from .domains import Domain
from .instructions import Instructions
from .judging import Judgement, judged
from .sampling import evaluated

__all__ = ["Witness", "readable_witness", "witness_at"]

_EASY = (2.0, 3.0, -1.0, 0.5, -2.0, 1.5, 4.0, -3.0, 0.25, 5.0, -0.5, 7.0)
_VISIBLE = 1e-3


@dataclass(frozen=True, slots=True)
class Witness:
    """A point, and the two formulas' values there; None where one has no value."""

    point: Mapping[str, float]
    expected: float | None
    student: float | None

    def __str__(self) -> str:
        apart = told_apart(self.point)
        where = ", ".join(
            f"{shown_name(apart.get(name, name))} = {_shown(v)}" for name, v in self.point.items()
        )
        one, other = _apart(self.expected, self.student)
        if one == other:
            return agreed_text(_alike(where, one))
        if not where:
            return _("the expected one is {one}, the other {other}").format(one=one, other=other)
        text = _("at {where} the expected one is {one}, the other {other}")
        return agreed_text(text.format(where=where, one=one, other=other))

    def as_dict(self) -> dict[str, Any]:
        """Return the witness for JSON."""
        return {"point": dict(self.point), "expected": self.expected, "student": self.student}


def _shown(value: float | None, digits: int = 6) -> str:
    if value is None:
        return _("without a value")
    return f"{value:.{digits}g}".replace("-", "−")


def _apart(one: float | None, other: float | None) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to tell them apart, at most 17."""
    for digits in (6, 9, 12, 15):
        shown = _shown(one, digits), _shown(other, digits)
        if shown[0] != shown[1]:
            return shown
    return _shown(one, 17), _shown(other, 17)


def _alike(where: str, shown: str) -> str:
    """Return the sentence on two numbers that no float64 tells apart."""
    if not where:
        return _("they differ beyond the digits of float64, in which both are {value}").format(
            value=shown
        )
    text = _("at {where} they differ beyond the digits of float64, in which both are {value}")
    return text.format(where=where, value=shown)


def witness_at(point: Mapping[str, float], judgement: Judgement) -> Witness:
    """Return the witness of a judgement at its point."""
    return Witness(dict(point), _float(judgement.expected), _float(judgement.student))


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def readable_witness(
    listed: Instructions,
    domains: Mapping[str, Domain],
    point: dict[str, float],
    judgement: Judgement,
) -> Witness:
    """Return a witness at easy numbers if they show a difference, else at the point given."""
    easy = _easy_points(listed, domains)
    values = evaluated(listed, easy)
    count = easy.shape[1]
    one, other = (np.broadcast_to(values[r], (count,)) for r in listed.results)
    with np.errstate(all="ignore"):
        apart = np.absolute(one - other) > _VISIBLE * np.maximum(
            np.absolute(one), np.absolute(other)
        )
    for place in np.flatnonzero(apart & np.isfinite(one) & np.isfinite(other))[:3]:
        tried = {name: float(v) for name, v in zip(listed.names, easy[:, place], strict=True)}
        if all(value in domains[name] for name, value in tried.items()):
            found = judged(listed, tried)
            if found.outcome == "differ":
                return witness_at(tried, found)
    for digits in (2, 4, 8):
        rounded = {name: float(f"{value:.{digits}g}") for name, value in point.items()}
        if all(value in domains[name] for name, value in rounded.items()):
            found = judged(listed, rounded)
            if found.outcome == judgement.outcome:
                return witness_at(rounded, found)
    return witness_at(point, judgement)


def _easy_points(listed: Instructions, domains: Mapping[str, Domain]) -> Any:
    """Return a point a column, of easy numbers; other numbers for every name."""
    points = np.empty((len(listed.names), len(_EASY)))
    for row, name in enumerate(listed.names):
        usable = [v for v in _EASY if v in domains[name]] or [2.0]
        for column in range(len(_EASY)):
            points[row, column] = usable[(column + row * (1 + column // len(usable))) % len(usable)]
    return points
