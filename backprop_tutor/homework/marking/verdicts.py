"""The records of a marked sheet: `Marking`, its cells, the slips found, and the words for verdicts.

Nothing is worked out here. Cells are found by any spelling of their quantity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ...errors import UnknownNameError
from ...graph import Graph
from ...ops.record import N_
from ...particles import agreed_text
from ...sentences import said
from ...translation import sentence as _
from ..quantities.quantity import parse_quantity
from .statuses import CORRECT, ROUNDED, STATUSES, UNANSWERED, VERDICTS

__all__ = ["SAYS", "Cell", "Cells", "FoundSlip", "Marking", "WrongEntry", "read_as", "says"]

SAYS = {
    "correct": N_("Right."),
    "formula": N_("Right: the formula is equivalent."),
    "kink": N_("Right: on a kink here, where any number from {low} to {high} is accepted."),
    "typed": N_("Right to the precision typed."),
    "carried": N_("Right, worked out from the rounded numbers above it."),
    "policy": N_("Right method: the numbers on the way were {policy}."),
    "coarse": N_("The numbers on the way were {policy}: too coarsely for what is left here."),
    "follows": N_("Right, given {cell}."),
    "nothing left": N_("It follows from {cell}, but as a 0 it tests nothing any more."),
    "unexplained": N_("Not right, and no known slip gives this number."),
    "to nothing": N_("Rounded to 0, nothing of the number is left: give a significant figure."),
    "step to nothing": N_("Rounded until nothing of the step is left: give more digits."),
    "only here": N_("The number is right here, but the formula is another function: {witness}."),
    "formula asked": N_("A formula is asked for, and this is a number."),
    "number right, formula asked": N_("The number is right, but a formula is asked for."),
    "formulas differ": N_("Not right: {verdict}."),
    "unjudged": N_(
        "This could not be judged, so a person will look at it; until then it has no points. "
        "The reason: {reason}."
    ),
    "figures": N_("The number is right, but not its figures: {reason}."),
    "unanswered": N_("No answer."),
    "read as": N_("Read as {reading}: {how}."),
    "copied": N_("The answer of {cell} stands here."),
    "one entry": N_("Not right at {places}, and no known slip gives this matrix."),
    "entries": N_("Not right at {count} of {total} entries: {places}. No known slip gives this matrix."),
    "no entry": N_("Not right at any entry, and no known slip gives this matrix."),
    "figures of entries": N_("The numbers are right, but not their figures, at {places}: {reason}."),
    "matrix to nothing": N_("Rounded to 0, nothing of the matrix is left: give a significant figure."),
    "matrix formula": N_("Right: the formula has the right shape and the right numbers."),
    "matrix differs": N_("Not right: {reason}."),
    "matrix only here": N_("The numbers are right here, but the formula is another one: {reason}."),
}
"""Sentences for the verdicts that no slip explains."""


def says(key: str, **fields: str) -> str:
    """Return a sentence of `SAYS` in the current language, filled in.

    >>> says("follows", cell="q")
    'Right, given q.'
    """
    return agreed_text(_(SAYS[key]).format(**fields))


@dataclass(frozen=True, slots=True)
class FoundSlip:
    """A slip found on a sheet.

    Attributes:
        name, family: of its record in the table of slips.
        variant: which of the record's wrong rules; may be empty.
        where: "at q → f", "at q", "everywhere", ...
        sentence, hint: for the student.
        cells: the cells that it explains.
        ties: other slips that give the same numbers here, the readiest first.
        equal: of a tie, whether it is as likely as the slip that is named first.
    """

    name: str
    family: str
    variant: str
    where: str
    sentence: str
    hint: str
    cells: tuple[str, ...] = ()
    ties: tuple[FoundSlip, ...] = ()
    equal: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return its name and those of its ties."""
        return (self.name, *(tie.name for tie in self.ties))

    def __str__(self) -> str:
        ties = (
            said(" (the same numbers: {names})", names=", ".join(t.name for t in self.ties))
            if self.ties
            else ""
        )
        return f"{self.name} ({self.where}): {self.sentence}{ties}"


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """One entry of a matrix that is not right.

    Attributes:
        at: its place, from 0.
        given: as the student wrote it.
        expected: the right number.
        reason: what is wrong with its figures, where they are asked for; else empty.
    """

    at: tuple[int, ...]
    given: str
    expected: float
    reason: str = ""

    def __repr__(self) -> str:
        return f"<entry [{', '.join(map(str, self.at))}] = {self.given}>"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a marked sheet.

    Attributes:
        quantity: its canonical name.
        status: one of `STATUSES`.
        given: what the student wrote.
        expected: the right number; of a matrix an array, of a shape its sizes.
        sentence: the verdict in words.
        hint: what to look at; empty where there is nothing to mend.
        slip: the slip that explains it; None if none does.
        where: where that slip was made; empty if there is none.
        follows_from: the cell that a following cell follows from.
        points, possible: what it earns, and could have earned.
        entries: of a matrix of the right shape the entries that are wrong.
    """

    quantity: str
    status: str
    given: str
    expected: Any
    sentence: str
    hint: str = ""
    slip: FoundSlip | None = None
    where: str = ""
    follows_from: str = ""
    points: Fraction = Fraction(0)
    possible: Fraction = Fraction(0)
    entries: tuple[WrongEntry, ...] = ()

    def __repr__(self) -> str:
        return f"<Cell {self.quantity} = {self.given[:40] or '…'}: {self.status}>"

    @property
    def slips(self) -> tuple[FoundSlip, ...]:
        """Return the slip and those that give the same numbers."""
        return () if self.slip is None else (self.slip, *self.slip.ties)

    @property
    def right(self) -> bool:
        """Return whether it is correct, rounded or not."""
        return self.status in (CORRECT, ROUNDED)


def read_as(cell: Cell, reading: str, how: str) -> Cell:
    """Return a cell that says how its answer was read, where that is not plain."""
    if not how or cell.status == UNANSWERED:
        return cell
    return replace(cell, sentence=f"{cell.sentence} {says('read as', reading=reading, how=how)}")


class Cells(Mapping[str, Cell]):
    """A sheet's cells by quantity, in the order asked; `∂f/∂w₁` finds `df/dw1`."""

    def __init__(self, graph: Graph, cells: dict[str, Cell]) -> None:
        self._graph = graph
        self._cells = cells

    def __getitem__(self, quantity: str) -> Cell:
        if quantity in self._cells:
            return self._cells[quantity]
        text = parse_quantity(quantity, self._graph).text
        if text not in self._cells:
            raise _NoCell(
                said(
                    "`{given}` is not on this sheet; its cells: {names}",
                    given=text, names=", ".join(self._cells),
                )
            )
        return self._cells[text]

    def __contains__(self, quantity: object) -> bool:
        try:
            self[str(quantity)]
        except UnknownNameError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __repr__(self) -> str:
        names = ", ".join(list(self._cells)[:6])
        return f"<Cells: {names}{', …' if len(self._cells) > 6 else ''}>"


class _NoCell(UnknownNameError, KeyError):
    """A cell that a sheet does not have, where a mapping raises KeyError."""


@dataclass(frozen=True)
class Marking:
    """A marked sheet.

    Attributes:
        cells: the cells, by quantity.
        slips: the slips that explain the wrong cells, in step order; ties are named in each.
        root: the slip behind the first wrong step; None where no known slip explains it.
        first_wrong: the first wrong cell in step order; None where there is none.
        points, possible: the sums over the cells.
        notes: remarks, such as how the student rounded.

    >>> from backprop_tutor import derive, mark
    >>> marking = mark(derive("f = x*y", at={"x": 2, "y": 3}), {"df/dx": "2"})
    >>> marking.score, marking.root.name
    (0.0, 'product-rule')
    """

    cells: Cells
    slips: tuple[FoundSlip, ...] = ()
    root: FoundSlip | None = None
    first_wrong: str | None = None
    points: Fraction = Fraction(0)
    possible: Fraction = Fraction(0)
    notes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {status}" for status, count in self.counts().items())
        return f"<Marking: score {self.score:.0%}; {counts or 'no cells'}>"

    @property
    def score(self) -> float:
        """Return the share of the points earned, from 0 to 1."""
        return float(self.points / self.possible) if self.possible else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the marking as dicts and lists, ready for `json.dumps`.

        `docs/schemas/marking.schema.json` describes it.
        """
        from .marking_data import marking_data  # start-up time: pydantic

        return marking_data(self)

    def counts(self) -> dict[str, int]:
        """Return how many cells have each status."""
        found = dict.fromkeys(STATUSES, 0)
        for cell in self.cells.values():
            found[cell.status] += 1
        return {status: count for status, count in found.items() if count}

    def _repr_html_(self) -> str:
        from .notebook_cells import marked_html  # start-up time: only notebooks show cells

        rows = [
            (cell.quantity, cell.given, VERDICTS[cell.status], cell.sentence)
            for cell in self.cells.values()
        ]
        return marked_html(rows, self.score, self.notes)

    def __str__(self) -> str:
        lines = [f"score {self.score:.0%}"]
        for cell in self.cells.values():
            lines.append(f"{cell.quantity} = {cell.given or '…'}: {cell.status}. {cell.sentence}")
        return "\n".join(lines)
