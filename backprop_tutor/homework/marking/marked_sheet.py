"""One set of cells with all that is known about it: its key, tolerances, points; marks its sheets.

Enters: what was written in each cell. Leaves: a `Marking`. A cell that is right is settled at once;
the others go to `diagnosis`, and what comes back is put into words from the table of verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...errors import DomainError
from ...graph import Graph
from ...language import Expression
from ...ops import Number
from ...render.narration.numbers import shown
from ...sentences import said
from ...steps import Derivation
from ...translation import sentence as _
from ..equivalence.cell_formulas import presupposed, same_formula
from ..equivalence.domains import DomainSpec
from ..equivalence.effort import FORMULA, NUMBER, answering
from ..equivalence.equivalent import Equivalence
from ..equivalence.shares import Shares, label_groups
from ..equivalence.stand_ins import StoodIn
from ..quantities.quantity import Quantity, true_number
from ..quantities.subgradients import Subgradients
from ..quantities.tolerance import Tolerance
from ..quantities.typed_numbers import as_fraction, compare, is_rounding, near
from ..slips.broken_pass import Bend, Plan
from ..slips.diagnosis import Explanation, explain_sheet
from ..slips.sheet_columns import Given, SheetKey
from ..spellings.decimal_marks import shown_mark
from ..spellings.numerals import other_readings
from ..spellings.spelled import Cell as Reading
from ..spellings.spelled import ambiguous
from .cell_reader import CellReader
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
from .update_cells import Digits, Updates
from .verdicts import Cell, Cells, FoundSlip, Marking, read_as, says
from .written_answers import Written, half_units, read_answer, sheet_mark

__all__ = ["MarkedSheet"]

_ANY_ROUNDING = Tolerance(rounding=Fraction(1))


class MarkedSheet:
    """One set of cells with what is known about them; marks sheets that have these cells."""

    def __init__(
        self, derivation: Derivation, plan: Plan, quantities: Sequence[Quantity],
        lr: Number | None, tolerances: list[Tolerance], points: list[Fraction], wants: list[str],
        domain: DomainSpec = None, subgradients: Subgradients | None = None,
    ) -> None:  # fmt: skip
        self.graph: Graph = derivation.graph_table
        self.lr: Number | None = lr
        self.domain: DomainSpec = domain
        self.shares: tuple[Shares, ...] = label_groups(self.graph, plan.numbers)
        self.asked: tuple[Quantity, ...] = tuple(quantities)
        self.expected: list[Number] = [true_number(derivation, quantity, lr) for quantity in quantities]
        for quantity, number in zip(quantities, self.expected, strict=True):
            if isinstance(number, float) and not math.isfinite(number):
                raise DomainError(said("{given} has no value at this point", given=quantity.text))
        self.floats: list[float] = [float(number) for number in self.expected]
        self.tolerances: list[Tolerance] = tolerances
        self.points: list[Fraction] = points
        self.wants: list[str] = wants
        self.quick: list[float] = [
            -1.0 if t.figures is not None or t.digits is not None or t.judge is not None
            else float(t.relative) * 0.999
            for t in tolerances
        ]
        self.spans = [
            None if subgradients is None else subgradients.interval(quantity, lr)
            for quantity in quantities
        ]
        self.possible: Fraction = sum(points, Fraction(0))
        self.updates: Updates = Updates({
            i: (derivation.numbers[q.node], self.expected[i])
            for i, q in enumerate(quantities)
            if q.kind == "new" and self.quick[i] >= 0
        })  # fmt: skip
        order = sorted(range(len(quantities)), key=lambda i: quantities[i].order)
        self.order = order
        self.column: dict[int, int] = {place: column for column, place in enumerate(order)}
        self.key: SheetKey = SheetKey(plan, [quantities[i] for i in order], float(lr or 0))
        self.readers: list[CellReader] = [
            CellReader(self.key, quantity.text, want == "formula")
            for quantity, want in zip(quantities, wants, strict=True)
        ]

    def marked(self, answers: list[Any], share: Fraction, mark: str = "") -> Marking:
        """Return the marking of answers in the order asked.

        `mark` is the decimal mark that other numbers of the student, or of the file, show.
        """
        own = sheet_mark(answers, mark)
        written = [self._read(place, given, own) for place, given in enumerate(answers)]
        verdicts: dict[int, Equivalence] = {}
        digits = self.updates.digits(written)
        cells: list[Cell | None] = [
            self._at_once(i, w, verdicts, digits) for i, w in enumerate(written)
        ]
        for place, cell in enumerate(cells):
            if cell is None and written[place].formula is None:
                cells[place] = self._otherwise(place, written[place], answers, own or mark)
        notes: tuple[str, ...] = ()
        explanation = Explanation()
        if any(cell is None for cell in cells):
            self._fixed_decimals(written, cells)
        if any(cell is None for cell in cells):
            explanation = self._explained(written, cells)
            if explanation.policy:
                notes = (says("policy", policy=explanation.policy),)
        slips, found = found_slips(self.key, explanation)
        first = self._first_wrong(written, cells, explanation)
        roots = self._roots(written, cells, explanation)
        settled = [
            cell or self._judged(place, written[place], explanation, found, roots, share)
            for place, cell in enumerate(cells)
        ]
        slipped = any(cell.status in (SLIP, UNEXPLAINED, UNREADABLE) for cell in settled)
        for place, verdict in verdicts.items():
            if cells[place] is None:
                settled[place] = self._formula_differs(settled[place], verdict, slipped)
        settled = [
            read_as(cell, answer.shown, ", ".join(answer.how))
            for cell, answer in zip(settled, written, strict=True)
        ]
        earned = sum((cell.points for cell in settled), Fraction(0))
        done = {cell.quantity: cell for cell in settled}
        root = next((s for s in slips if first is not None and first in s.cells), None)
        return Marking(
            Cells(self.graph, done), slips, root, first, earned, self.possible, notes
        )  # fmt: skip

    def _read(self, place: int, given: Any, mark: str = "") -> Written:
        want = self.wants[place]
        with answering(NUMBER if want == "number" else FORMULA):
            return read_answer(given, self.key, self.readers[place].at(mark))

    def _otherwise(
        self, place: int, written: Written, answers: list[Any], mark: str
    ) -> Cell | None:
        """Return the cell of a number that is wrong as it was read, and right as it may be meant."""
        readings = written.readings
        if not readings and isinstance(answers[place], str):
            plain = Reading(mark=mark or shown_mark(answers))
            readings = other_readings(written.spelling or written.text, plain)
        for reading in readings:
            other = self._read(place, reading, ".")
            if other.number is None or other.fault or other.several:
                continue
            if compare(self.expected[place], other.typed(), self.tolerances[place]):
                several = ambiguous(written.text, written.spelling or written.text, reading).reason
                return self._unjudged(place, written, several)
        return None

    def _cell(self, place: int, status: str, given: str, sentence: str, **more: Any) -> Cell:
        return Cell(
            self.asked[place].text, status, given, self.expected[place], sentence,
            possible=self.points[place], **more,
        )  # fmt: skip

    def _at_once(
        self, place: int, written: Written, verdicts: dict[int, Equivalence], digits: Digits
    ) -> Cell | None:
        """Return a cell that needs no diagnosis; None for one that is wrong so far."""
        number, full = written.number, self.points[place]
        if written.fault:
            return self._cell(place, UNREADABLE, written.text, written.fault)
        if written.several:
            return self._unjudged(place, written, written.several)
        want = self.wants[place]
        if written.unsure and (written.too_much or (written.formula is None and want != "formula")):
            return self._unjudged(place, written, written.unsure)
        if number is None and not written.unsure:
            return self._cell(place, UNANSWERED, written.text, says("unanswered"))
        if written.formula is not None or want == "formula":
            return self._formula(place, written, want, verdicts)
        assert number is not None
        true = self.floats[place]
        if place in self.updates:
            return self._updated(place, written, digits)
        if abs(number - true) <= self.quick[place] * max(abs(number), abs(true)):
            return self._cell(place, CORRECT, written.text, says("correct"), points=full)
        found = compare(self.expected[place], written.typed(), self.tolerances[place])
        if found.verdict == "right":
            return self._cell(place, CORRECT, written.text, says("correct"), points=full)
        if found.verdict == "rounded":
            return self._cell(place, ROUNDED, written.text, says("typed"), points=full)
        if self.spans[place] is not None:
            between = self._between(place, written)
            if between is not None:
                return between
        if self.quick[place] < 0 and near(number, true):
            # The number is right, and only its figures are not as asked: no slip is behind that.
            told = says("figures", reason=found.reason)
            return self._cell(place, UNEXPLAINED, written.text, told)
        if self._rounded_to_nothing(place, written):
            return self._cell(place, UNEXPLAINED, written.text, says("to nothing"))
        return None

    def _updated(self, place: int, written: Written, digits: Digits) -> Cell | None:
        """Return the cell of a parameter after its update, judged by the step; None if that is wrong."""
        found = self.updates.compared(place, written, self.tolerances[place], digits)
        if found == "wrong":
            return None if self.spans[place] is None else self._between(place, written)
        status, told = (CORRECT, "correct") if found == "right" else (ROUNDED, "typed")
        return self._cell(place, status, written.text, says(told), points=self.points[place])

    def _between(self, place: int, written: Written) -> Cell | None:
        """Return the cell of a number that is right on a kink, though not the convention's."""
        low, high = self.spans[place] or (0, 0)
        typed = written.typed()
        nearest = min(max(typed.exact, as_fraction(low)), as_fraction(high))
        if compare(nearest, typed, self.tolerances[place]).verdict == "wrong":
            return None
        told = says("kink", low=shown(low), high=shown(high))
        return self._cell(place, CORRECT, written.text, told, points=self.points[place])

    def _rounded_to_nothing(self, place: int, written: Written) -> bool:
        """Return whether a 0 with decimals stands for a number that these decimals make 0."""
        precision = written.precision
        return (
            precision is not None
            and precision.value == 0
            and precision.decimals > 0
            and 0 < abs(Fraction(self.expected[place])) <= precision.unit / 2
        )

    def _unjudged(self, place: int, written: Written, reason: str) -> Cell:
        told = says("unjudged", reason=reason)
        return self._cell(place, UNJUDGED, written.text, told)

    def _formula(
        self, place: int, written: Written, want: str, verdicts: dict[int, Equivalence]
    ) -> Cell | None:
        if want == "number":
            fault = _("a number is asked for, and this is a formula")
            return self._cell(place, UNREADABLE, written.text, fault)
        tree: str | Expression | StoodIn = written.spelling or written.text
        needed = ""
        if written.formula is not None:
            tree = written.stood or written.formula
            needed = presupposed(self.graph, self.asked[place], written.formula, written.stood)
        if needed:
            fault = _("the value of {name} is what is asked for, or needs it; write what it is made of")
            return self._cell(place, UNREADABLE, written.text, fault.format(name=f"`{needed}`"))
        with answering(FORMULA):
            verdict = same_formula(
                self.graph, self.asked[place], tree, lr=self.lr, domain=self.domain, shares=self.shares
            )
        if not verdict.decided:
            return self._unjudged(place, written, verdict.note)
        if verdict:
            told = says("formula")
            return self._cell(place, CORRECT, written.text, told, points=self.points[place])
        if written.formula is None:
            right = math.isclose(written.number or 0.0, self.floats[place], rel_tol=1e-2)
            told = says("number right, formula asked" if right else "formula asked")
            return self._cell(place, UNEXPLAINED, written.text, told)
        verdicts[place] = verdict
        if written.number is None:
            return self._formula_differs(
                self._cell(place, UNEXPLAINED, written.text, ""), verdict, True
            )
        near = math.isclose(written.number, self.floats[place], rel_tol=1e-9)
        if near:
            told = says("only here", witness=str(verdict.witness or _("elsewhere")))
            return self._cell(place, UNEXPLAINED, written.text, told)
        return None

    def _formula_differs(self, cell: Cell, verdict: Equivalence, slipped: bool) -> Cell:
        """Return a wrong formula's cell with the point at which it differs, if no slip explains it.

        Without a slip on the sheet there is nothing that it could follow from.
        """
        if cell.status != UNEXPLAINED and (cell.status != FOLLOWS or slipped):
            return cell
        note = f" ({verdict.note})" if verdict.note else ""
        sentence = says("formulas differ", verdict=f"{verdict}{note}")
        return replace(
            cell, status=UNEXPLAINED, sentence=sentence, follows_from="", points=Fraction(0)
        )

    def _fixed_decimals(self, written: list[Written], cells: list[Cell | None]) -> None:
        """Settle cells of a sheet that is rounded to so many decimals throughout."""
        precisions = [w.precision for w in written]
        decimals = [p.decimals for p in precisions if p is not None]
        most = max(decimals, default=0)
        if not most or sum(count == most for count in decimals) < 3:
            return
        for place, precision in enumerate(precisions):
            if cells[place] is not None or precision is None or precision.decimals != most:
                continue
            text = written[place].text
            if self.quick[place] < 0:
                continue
            if is_rounding(self.expected[place], written[place].typed(), _ANY_ROUNDING):
                points = self.points[place]
                cells[place] = self._cell(place, ROUNDED, text, says("typed"), points=points)

    def _explained(self, written: list[Written], cells: list[Cell | None]) -> Explanation:
        numbers, halves = np.full(len(cells), np.nan), np.zeros(len(cells))
        units = half_units(written)
        right = np.zeros(len(cells), dtype=bool)
        for place, (answer, cell) in enumerate(zip(written, cells, strict=True)):
            column = self.column[place]
            if answer.number is None or (cell is not None and not cell.right):
                continue
            numbers[column], halves[column] = answer.number, self.updates.half(place, units[place])
            right[column] = cell is not None
        loose = [self.updates.loose(i, float(self.tolerances[i].relative)) for i in self.order]
        return explain_sheet(self.key, Given(numbers, halves), right, np.array(loose))

    def _first_wrong(
        self, written: list[Written], cells: list[Cell | None], explanation: Explanation
    ) -> str | None:
        for column, place in enumerate(self.order):
            cell = cells[place]
            wrong = cell is None and column not in explanation.rounded
            if wrong or (cell is not None and cell.status == UNEXPLAINED):
                return self.asked[place].text
        return None

    def _roots(
        self, written: list[Written], cells: list[Cell | None], explanation: Explanation
    ) -> dict[int, str]:
        """Return for each following column the first wrong cell that it follows from."""
        found: dict[int, str] = {}
        if not explanation.follows:
            return found
        for column, place in enumerate(self.order):
            number = written[place].number
            settled = column in explanation.follows or column in explanation.rounded
            if cells[place] is not None or settled or number is None:
                continue
            numbers = np.full(len(cells), np.nan)
            numbers[column] = number
            own = self.key.own(numbers)
            for by_output in (False, True):
                row = self.key.row(self.key.plan.run(Bend(), own, by_output=by_output), own)
                for other in explanation.follows:
                    apart = abs(row[other] - self.key.true[other])
                    if not apart <= 1e-9 * abs(self.key.true[other]):
                        found.setdefault(other, self.asked[place].text)
        return found

    def _judged(
        self, place: int, written: Written, explanation: Explanation,
        found: dict[int, FoundSlip], roots: dict[int, str], share: Fraction,
    ) -> Cell:  # fmt: skip
        """Return a wrong cell with what the diagnosis says about it."""
        column, text = self.column[place], written.text
        full = self.points[place]
        hidden = self.updates.hidden(place, written)
        if hidden and (column in explanation.rounded or column in explanation.coarse):
            return self._cell(place, UNEXPLAINED, text, says("step to nothing"))
        if column in explanation.rounded:
            told = says("policy" if explanation.policy else "carried", policy=explanation.policy)
            return self._cell(place, ROUNDED, text, told, points=full)
        if column in explanation.coarse:
            told = says("coarse", policy=explanation.policy)
            return self._cell(place, UNEXPLAINED, text, told)
        slip = found.get(column)
        explained = next((e for e in explanation.slips if column in e.cells), None)
        first = self.key.columns[explained.cells[0]].text if explained else ""
        if column in explanation.follows or (explained and column not in explained.direct):
            cell = roots.get(column) or first or _("the wrong cells above")
            empty = written.number == 0 or not math.isfinite(written.number or 0)
            told = says("nothing left" if empty else "follows", cell=cell)
            return self._cell(
                place, FOLLOWS, text, told, follows_from=cell, slip=slip,
                where=slip.where if slip else "",
                points=Fraction(0) if empty else full * share,
            )  # fmt: skip
        if slip is not None:
            return self._cell(
                place, SLIP, text, slip.sentence, hint=slip.hint, slip=slip, where=slip.where
            )
        return self._cell(place, UNEXPLAINED, text, says("unexplained"))
