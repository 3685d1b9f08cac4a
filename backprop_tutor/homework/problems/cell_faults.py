"""Cells that mark badly: one that cannot fail, and one in which a usual right answer would be refused.

Enters: a problem and its derivation. Leaves: sentences for `problem-check`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...ops import Number
from ...render.narration.numbers import shown
from ...sentences import said
from ...steps import Derivation
from ..equivalence.shares import label_groups
from ..equivalence.usual_forms import refused_forms
from ..quantities.figures import shows_step
from ..quantities.quantity import true_number
from ..quantities.typed_numbers import Typed, compare
from .problem_record import Cell, Problem

__all__ = ["cannot_fail", "usual_answers_refused"]

_WRONG = (Fraction(0), Fraction(-1), Fraction(2), Fraction(1, 2))
"""What usual mistakes make of a number: nothing, the sign, a factor of two either way."""


def cannot_fail(problem: Problem, derivation: Derivation) -> list[str]:
    """Return which cells a wrong number would pass, and which one.

    An update whose step three figures do not show is one: no step, and a step the wrong way, look the same.
    """
    found = []
    for cell in problem.cells:
        if cell.want == "formula":
            continue
        true = true_number(derivation, cell.quantity, problem.lr)
        if cell.quantity.kind == "new":
            before = derivation.numbers[cell.quantity.node]
            if not shows_step(before, true):
                found.append(
                    said(
                        "{cell} goes from {before} to {after}: three figures do not show the step, so that "
                        "none at all passes, too; a larger lr shows it",
                        cell=cell.text, before=shown(float(before)), after=shown(float(true), 6),
                    )
                )  # fmt: skip
            continue
        passes = _passing(cell, true)
        if passes is not None:
            found.append(
                said(
                    "{cell} is {true}, and its tolerance takes {wrong} for it: it cannot fail",
                    cell=cell.text, true=shown(float(true)), wrong=shown(float(passes)),
                )
            )
    return found


def _passing(cell: Cell, true: Number) -> Fraction | None:
    """Return a wrong number that the cell's tolerance lets pass."""
    if not true or cell.tolerance.judge is not None:
        return None
    for factor in _WRONG:
        wrong = factor * Fraction(true)
        if compare(true, Typed(wrong), cell.tolerance):
            return wrong
    return None


def usual_answers_refused(problem: Problem, derivation: Derivation) -> list[str]:
    """Return for which formula cells a usual right answer would be refused, and which."""
    numbers: Any = derivation.numbers
    shares = label_groups(problem.graph, [float(number) for number in numbers])
    cells: dict[str, list[str]] = {}
    for cell in problem.cells:
        if cell.want != "formula":
            continue
        told = refused_forms(
            problem.graph, cell.quantity, numbers, lr=problem.lr, domain=problem.domain, shares=shares
        )
        for each in told:
            cells.setdefault(each, []).append(cell.text)
    return [
        said("a usual answer to {cells} is refused: {told}", cells=", ".join(names), told=told)
        for told, names in cells.items()
    ]
