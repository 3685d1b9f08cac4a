"""One set of cells over matrices with all that is known about it; marks its sheets.

Enters: what was written in each cell. Leaves: a `Marking`, as of numbers. A matrix is right where every
entry is; the wrong entries are listed, a wrong shape is told as such, what is wrong goes to the diagnosis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...ops.sizes import shown as shape_shown
from ...sentences import said
from ...steps import Derivation
from ...translation import sentence as _
from ..equivalence.array_formulas import ArrayFormulas
from ..quantities.array_quantities import true_array
from ..quantities.quantity_record import Quantity
from ..quantities.tolerance import Tolerance
from ..quantities.typed_arrays import TypedArray, compared, place_text, shape_fault
from ..slips.array_bends import ArrayBend, ArrayPlan
from ..slips.array_columns import ArrayGiven, ArrayKey, same_array
from ..slips.array_diagnosis import ArrayExplanation, explain_arrays
from ..spellings.decimal_marks import shown_mark
from ..spellings.spelled import Cell as Reading
from .found_slips import found_slips
from .statuses import (
    CORRECT,
    FOLLOWS,
    ROUNDED,
    SLIP,
    UNANSWERED,
    UNEXPLAINED,
    UNJUDGED,
    UNREADABLE,
)
from .verdicts import Cell, Cells, FoundSlip, Marking, WrongEntry, read_as, says
from .written_arrays import WrittenArray, read_array_answer

__all__ = ["MarkedArrays"]

_THROUGHOUT = 3
"""So many entries rounded to their last digits are a matrix that is rounded so throughout."""
_NAMED = 6
"""So many wrong entries are named in a sentence; all are in `Cell.entries`."""


def _before(derivation: Derivation, quantity: Quantity) -> Any:
    """Return a parameter before its update, or the entry that is asked for; None for other quantities."""
    if quantity.kind != "new" or quantity.part not in ("", "entry"):
        return None
    value = np.asarray(derivation.values[derivation.graph_table.nodes[quantity.node].name], float)
    return value[quantity.entry] if quantity.part == "entry" else value


class MarkedArrays:
    """One set of cells over matrices; marks sheets that have these cells."""

    asked: tuple[Quantity, ...]
    tolerances: list[Tolerance]
    points: list[Fraction]
    wants: list[str]
    possible: Fraction
    order: list[int]
    column: dict[int, int]
    key: ArrayKey
    formulas: ArrayFormulas

    def __init__(
        self, derivation: Derivation, plan: ArrayPlan, quantities: Sequence[Quantity], lr: Any,
        tolerances: list[Tolerance], points: list[Fraction], wants: list[str], formulas: ArrayFormulas,
    ) -> None:  # fmt: skip
        self.graph = derivation.graph_table
        self.asked = tuple(quantities)
        self.expected: list[Any] = [true_array(derivation, quantity, lr) for quantity in quantities]
        self.before: list[Any] = [_before(derivation, quantity) for quantity in quantities]
        self.tolerances, self.points, self.wants = tolerances, points, wants
        self.possible = sum(points, Fraction(0))
        self.order = sorted(range(len(quantities)), key=lambda i: quantities[i].order)
        self.column = {place: column for column, place in enumerate(self.order)}
        self.key = ArrayKey(derivation, plan, [quantities[i] for i in self.order], float(lr or 0))
        self.formulas = formulas

    def marked(self, answers: list[Any], share: Fraction, mark: str = "") -> Marking:
        """Return the marking of answers in the order asked.

        `mark` is the decimal mark that other numbers of the student, or of the file, show.
        """
        mark = shown_mark(answers, mark)
        written = [self._read(place, given, mark) for place, given in enumerate(answers)]
        cells = [self._at_once(place, each) for place, each in enumerate(written)]
        explanation = ArrayExplanation()
        notes: tuple[str, ...] = ()
        if any(cell is None for cell in cells):
            explanation = self._explained(written, cells)
            if explanation.policy:
                notes = (says("policy", policy=explanation.policy),)
        slips, found = found_slips(self.key, explanation)
        first = self._first_wrong(cells, explanation)
        roots = self._roots(written, cells, explanation)
        settled = [
            cell or self._judged(place, written[place], explanation, found, roots, share)
            for place, cell in enumerate(cells)
        ]
        settled = [
            read_as(cell, *answer.how.partition(": ")[::2])
            for cell, answer in zip(settled, written, strict=True)
        ]
        earned = sum((cell.points for cell in settled), Fraction(0))
        done = {cell.quantity: cell for cell in settled}
        root = next((s for s in slips if first is not None and first in s.cells), None)
        return Marking(Cells(self.graph, done), slips, root, first, earned, self.possible, notes)

    def _read(self, place: int, given: Any, mark: str) -> WrittenArray:
        quantity, want = self.asked[place], self.wants[place]
        cell = Reading(quantity.text, frozenset(self.graph.index), want == "formula", mark)
        return read_array_answer(given, quantity, np.shape(self._true(place)), self.formulas, want, cell)

    def _true(self, place: int) -> Any:
        return np.asarray(self.expected[place], float)

    def _cell(self, place: int, status: str, given: str, sentence: str, **more: Any) -> Cell:
        return Cell(
            self.asked[place].text, status, given, self.expected[place], sentence,
            possible=self.points[place], **more,
        )  # fmt: skip

    def _at_once(self, place: int, written: WrittenArray) -> Cell | None:
        """Return a cell that needs no diagnosis; None for one that is wrong so far."""
        full, text = self.points[place], written.text
        if written.fault:
            return self._cell(place, UNREADABLE, text, written.fault)
        if written.several:
            return self._cell(place, UNJUDGED, text, says("unjudged", reason=written.several))
        if written.formula is not None:
            return self._formula(place, written)
        if written.typed is None:
            return self._cell(place, UNANSWERED, text, says("unanswered"))
        if written.wrong_shape:
            return None
        if self.asked[place].part == "shape":
            if written.typed.numbers.tolist() == list(self.expected[place]):  # type: ignore[union-attr]
                return self._cell(place, CORRECT, text, says("correct"), points=full)
            return None
        if self.wants[place] == "formula":
            right = self._right(place, written.typed)
            told = says("number right, formula asked" if right else "formula asked")
            return self._cell(place, UNEXPLAINED, text, told)
        found, _reasons = self._compared(place, written.typed)
        if not found.any():
            return self._cell(place, CORRECT, text, says("correct"), points=full)
        if not (found == 2).any():
            return self._cell(place, ROUNDED, text, says("typed"), points=full)
        figures = self.tolerances[place].figures is not None or self.tolerances[place].digits is not None
        if figures and self._right(place, written.typed, Tolerance()):
            entries = self._entries(place, written.typed)
            told = says("figures of entries", places=_places(entries), reason=entries[0].reason)
            return self._cell(place, UNEXPLAINED, text, told, entries=entries)
        return None if figures else self._to_its_digits(place, written.typed, text)

    def _to_its_digits(self, place: int, typed: TypedArray, text: str) -> Cell | None:
        """Return the cell of a matrix that is the right one rounded to the digits typed, however few."""
        assert typed.numbers is not None  # read
        assert typed.halves is not None
        apart = np.abs(typed.numbers - self._true(place))
        rounded = (typed.halves > 0) & (apart <= typed.halves * (1 + 1e-9))
        if not np.all(rounded | (apart <= self.key.tiny)):
            return None
        before = self.before[place]
        if before is not None and np.sum(np.abs(typed.numbers - before)) < np.sum(apart):
            return self._cell(place, UNEXPLAINED, text, says("step to nothing"))
        if not np.any(typed.numbers):
            return self._cell(place, UNEXPLAINED, text, says("matrix to nothing"))
        if np.count_nonzero(rounded) < _THROUGHOUT:
            return None
        return self._cell(place, ROUNDED, text, says("typed"), points=self.points[place])

    def _compared(self, place: int, typed: TypedArray) -> tuple[Any, dict[tuple[int, ...], str]]:
        before, tolerance = self.before[place], self.tolerances[place]
        by_rule = tolerance.figures or tolerance.digits or tolerance.judge
        if before is None or by_rule or typed.numbers is None or typed.numbers.shape != before.shape:
            return compared(self._true(place), typed, tolerance, self.key.tiny)
        step = replace(typed, numbers=typed.numbers - before)  # one percent of W hides most steps
        return compared(self._true(place) - before, step, tolerance, self.key.tiny)

    def _right(self, place: int, typed: TypedArray, tolerance: Tolerance | None = None) -> bool:
        found, _reasons = compared(
            self._true(place), typed, tolerance or self.tolerances[place], self.key.tiny
        )
        return not (found == 2).any()

    def _entries(self, place: int, typed: TypedArray) -> tuple[WrongEntry, ...]:
        """Return the entries that are not right."""
        true = self._true(place)
        numbers = typed.numbers
        if numbers is None or numbers.shape != true.shape or not true.ndim or self.asked[place].part:
            return ()
        found, reasons = self._compared(place, typed)
        wrong = [tuple(map(int, at)) for at in np.argwhere(found == 2)]
        return tuple(WrongEntry(at, typed.entry(at), float(true[at]), reasons.get(at, "")) for at in wrong)

    def _formula(self, place: int, written: WrittenArray) -> Cell | None:
        verdict = written.formula
        assert verdict is not None  # asked of formulas
        if verdict.status == "right":
            told = says("matrix formula" if self._true(place).ndim else "formula")
            return self._cell(place, CORRECT, written.text, told, points=self.points[place])
        if verdict.status == "unjudged":
            return self._cell(place, UNJUDGED, written.text, says("unjudged", reason=verdict.reason))
        if verdict.here:
            told = says("matrix only here", reason=verdict.reason)
            return self._cell(place, UNEXPLAINED, written.text, told)
        if written.typed is None:
            told = says("matrix differs", reason=verdict.reason)
            return self._cell(place, UNEXPLAINED, written.text, told)
        return None

    def _explained(self, written: list[WrittenArray], cells: list[Cell | None]) -> ArrayExplanation:
        numbers: list[Any] = [None] * len(cells)
        halves: list[Any] = [None] * len(cells)
        right: set[int] = set()
        for place, (answer, cell) in enumerate(zip(written, cells, strict=True)):
            column = self.column[place]
            if answer.typed is None or (cell is not None and not cell.right):
                continue
            numbers[column], halves[column] = answer.typed.numbers, answer.typed.halves
            if cell is not None:
                right.add(column)
        loose = [float(self.tolerances[place].relative) for place in self.order]
        return explain_arrays(self.key, ArrayGiven(tuple(numbers), tuple(halves)), right, loose)

    def _first_wrong(self, cells: list[Cell | None], explanation: ArrayExplanation) -> str | None:
        for column, place in enumerate(self.order):
            cell = cells[place]
            wrong = cell is None and column not in explanation.rounded
            if wrong or (cell is not None and cell.status == UNEXPLAINED):
                return self.asked[place].text
        return None

    def _roots(
        self, written: list[WrittenArray], cells: list[Cell | None], explanation: ArrayExplanation
    ) -> dict[int, str]:
        """Return for each following column the first wrong cell that it follows from."""
        found: dict[int, str] = {}
        if not explanation.follows:
            return found
        key = self.key
        for column, place in enumerate(self.order):
            typed = written[place].typed
            settled = column in explanation.follows or column in explanation.rounded
            if cells[place] is not None or settled or typed is None:
                continue
            numbers: list[Any] = [None] * len(cells)
            numbers[column] = typed.numbers
            own = key.own(numbers)
            row = key.row(key.plan.run(ArrayBend(), own), ArrayBend(), own)
            for other in explanation.follows:
                if not same_array(row[other], key.true[other], key.tiny):
                    found.setdefault(other, self.asked[place].text)
        return found

    def _judged(
        self, place: int, written: WrittenArray, explanation: ArrayExplanation,
        found: dict[int, FoundSlip], roots: dict[int, str], share: Fraction,
    ) -> Cell:  # fmt: skip
        """Return a wrong cell with what the diagnosis says about it."""
        column, text, full = self.column[place], written.text, self.points[place]
        typed = written.typed
        assert typed is not None  # only what was read is judged
        if column in explanation.rounded:
            told = says("policy" if explanation.policy else "carried", policy=explanation.policy)
            return self._cell(place, ROUNDED, text, told, points=full)
        entries = self._entries(place, typed)
        if column in explanation.coarse:
            told = says("coarse", policy=explanation.policy)
            return self._cell(place, UNEXPLAINED, text, told, entries=entries)
        slip = found.get(column)
        explained = next((e for e in explanation.slips if column in e.cells), None)
        first = self.key.columns[explained.cells[0]].text if explained else ""
        if column in explanation.follows or (explained and column not in explained.direct):
            cell = roots.get(column) or first or _("the wrong cells above")
            empty = typed.numbers is None or not np.any(typed.numbers)
            told = says("nothing left" if empty else "follows", cell=cell)
            return self._cell(
                place, FOLLOWS, text, told, follows_from=cell, slip=slip, entries=entries,
                where=slip.where if slip else "", points=Fraction(0) if empty else full * share,
            )  # fmt: skip
        shape = self._shape_told(place, written)
        if slip is not None:
            told = f"{shape} {slip.sentence}" if shape else slip.sentence
            return self._cell(
                place, SLIP, text, told, hint=slip.hint, slip=slip, where=slip.where, entries=entries
            )
        return self._unexplained(place, written, entries, shape)

    def _shape_told(self, place: int, written: WrittenArray) -> str:
        """Return what is said of a wrong shape; nothing where it is right."""
        if not written.wrong_shape or written.typed is None or written.typed.numbers is None:
            return ""
        quantity = self.asked[place]
        node = self.graph.nodes[quantity.source if quantity.source >= 0 else quantity.node]
        return shape_fault(node.name, written.typed.numbers.shape, self._true(place).shape)

    def _unexplained(
        self, place: int, written: WrittenArray, entries: tuple[WrongEntry, ...], shape: str
    ) -> Cell:
        if shape:
            told = shape
            if written.formula is not None:
                told = says("matrix differs", reason=written.formula.reason)
            return self._cell(place, UNEXPLAINED, written.text, told)
        if written.formula is not None:
            told = says("matrix differs", reason=written.formula.reason)
            return self._cell(place, UNEXPLAINED, written.text, told, entries=entries)
        if self.asked[place].part == "shape":
            sizes = written.typed.numbers.astype(int).tolist()  # type: ignore[union-attr]
            told = said(
                "The shape is not {given}: a gradient has the shape of its value.",
                given=shape_shown(tuple(sizes)),
            )
            return self._cell(place, UNEXPLAINED, written.text, told)
        if not entries:
            return self._cell(place, UNEXPLAINED, written.text, says("unexplained"))
        total = self._true(place).size
        key = "one entry" if len(entries) == 1 else "no entry" if len(entries) == total else "entries"
        told = says(key, places=_places(entries), count=str(len(entries)), total=str(total))
        return self._cell(place, UNEXPLAINED, written.text, told, entries=entries)


def _places(entries: Sequence[WrongEntry]) -> str:
    named = ", ".join(place_text(entry.at) for entry in entries[:_NAMED])
    return named + (", …" if len(entries) > _NAMED else "")
