"""A sheet is marked: each cell right, rounded, following, a slip, or unexplained; and the points.

Enters: a derivation and a student's answers. Leaves: a `Marking`. A `Marker` is made once for a
problem and marks any number of sheets; what it has worked out for the first wrong sheet serves all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

from ...accepted import AnswerLike
from ...choices import Kinks, Want, words
from ...errors import OptionError, UnknownNameError, did_you_mean, quoted
from ...graph import Graph
from ...matrices.array_graph import ArrayGraph
from ...ops import Number
from ...sentences import said
from ...steps import Derivation
from ..equivalence.array_formulas import ArrayFormulas
from ..equivalence.domains import DomainSpec
from ..quantities.quantity import Quantity, asked_quantities, parse_quantity
from ..quantities.subgradients import Subgradients
from ..quantities.tolerance import DEFAULT, ToleranceLike, read_tolerance
from ..slips.array_bends import ArrayPlan
from ..slips.broken_pass import Plan
from ..slips.slip_table import Slip, checked_slips
from .array_sheet import MarkedArrays
from .assembled import assembled
from .marked_sheet import MarkedSheet
from .verdicts import Marking

__all__ = ["Marker", "mark"]

_RATES = (0.5, 0.1, 0.05, 0.01, 1.0)
"""Learning rates that are tried where none is given."""

KINKS = words(Kinks)
"""What counts as right on a kink: the convention's number, or any between the one-sided ones."""

_WANTS = words(Want)


class Marker:
    """Marks sheets of one problem.

    Args:
        derivation: the problem at its point.
        asked: the cells of the sheet: quantities, "all values", "all gradients". Without it a sheet
            has the cells that were answered.
        tolerance: relative, as `read_tolerance` takes it; 1 % if not given.
        tolerances: other tolerances, by cell.
        points: for each cell, or by cell (1 for those not named).
        follow_through: the share of the points for a right consequence of an earlier slip.
        want: "number", "formula", or "either"; for all cells or by cell.
        lr: the learning rate of the problem, for `new(w)` and for slips of the update.
        domain: where names of formulas may lie, as `equivalent` takes it.
        previous: the derivation before the last update, for values left over from it; by default
            the one that `derivation` remembers.
        kinks: "convention", or "any": on a kink every number from one one-sided slope to the other
            is right.
        slips: slips of one's own, tried besides the table's.
    """

    def __init__(
        self, derivation: Derivation, *,
        asked: str | Iterable[str] | None = None,
        tolerance: ToleranceLike = DEFAULT,
        tolerances: Mapping[str, ToleranceLike] | None = None,
        points: float | Fraction | Mapping[str, float | Fraction] = 1,
        follow_through: float | Fraction = 1.0,
        want: Want | Mapping[str, Want] = "either",
        lr: Number | None = None,
        domain: DomainSpec = None,
        previous: Derivation | None = None,
        kinks: Kinks = "convention",
        slips: Iterable[Slip] = (),
    ) -> None:  # fmt: skip
        self.graph: Graph = derivation.graph_table
        self._derivation = derivation
        self._tolerance = read_tolerance(tolerance)
        self._tolerances = {self._text(k): read_tolerance(v) for k, v in (tolerances or {}).items()}
        by_cell = points if isinstance(points, Mapping) else {}
        self._points = {self._text(k): _points(v) for k, v in by_cell.items()}
        self._each = Fraction(1) if isinstance(points, Mapping) else _points(points)
        self._share = _share(follow_through)
        wants = want if isinstance(want, Mapping) else {}
        self._wants = {self._text(k): _want(v) for k, v in wants.items()}
        self._want = "either" if isinstance(want, Mapping) else _want(want)
        self._lr, self._domain = lr, domain
        arrays = isinstance(self.graph, ArrayGraph)
        if arrays and _kinks(kinks) == "any":
            raise OptionError(
                said("over arrays the slope on a kink is the convention's: kinks is convention")
            )
        self._subgradients = Subgradients(derivation) if _kinks(kinks) == "any" else None
        previous = previous if previous is not None else derivation.previous
        if previous is not None and len(previous.numbers) != len(derivation.numbers):
            raise OptionError(said("`previous` is a derivation of another program"))
        rates = _RATES if lr is None else (float(lr),)
        own = checked_slips(slips)
        if arrays and own:
            raise OptionError(
                said("`slips` is for programs of single numbers, and this one is over arrays")
            )
        self._plan = None if arrays else Plan(derivation, previous=previous, rates=rates, slips=own)
        self._arrays = ArrayPlan(derivation, rates) if arrays else None
        self._formulas = ArrayFormulas(derivation, lr) if arrays else None  # type: ignore[arg-type]
        self._asked = None if asked is None else asked_quantities(self.graph, asked)
        self._sheets: dict[tuple[str, ...], MarkedSheet | MarkedArrays] = {}
        if self._asked is not None:
            self._sheet(self._asked)

    @property
    def asked(self) -> tuple[Quantity, ...]:
        """Return the cells of the sheet; nothing where a sheet has those that were answered."""
        return self._asked or ()

    def _text(self, quantity: str) -> str:
        return parse_quantity(quantity, self.graph).text

    def mark(self, answers: Mapping[str, AnswerLike], *, decimal: str = "") -> Marking:
        """Return a student's sheet, marked.

        Args:
            decimal: the decimal mark that the file's other numbers show, "," or "."; it decides what the
                answers do not show themselves.
            answers: texts or numbers by quantity, of matrices lists and arrays; None or an empty text is no
                answer. A matrix that is asked for may be answered entry by entry: `dL/dW[0,2]`.

        Raises:
            UnknownNameError: a quantity that the graph does not have, or that is not asked for.
            OptionError: a quantity answered twice under two spellings.
        """
        if not isinstance(answers, Mapping):
            raise OptionError(
                said(
                    "answers map quantities to answers; {kind} was given",
                    kind=quoted(type(answers).__name__),
                )
            )
        if self._asked is not None and self._arrays is not None:
            answers = assembled(answers, self._asked, self.graph)
        sheet = self._sheets.get(tuple(answers)) if self._asked is None else None
        if sheet is not None:
            return sheet.marked([answers[name] for name in answers], self._share, decimal)
        given: dict[str, Any] = {}
        quantities: list[Quantity] = []
        for name, answer in answers.items():
            quantity = parse_quantity(name, self.graph)
            if quantity.text in given:
                raise OptionError(
                    said(
                        "{given} is answered twice, once as {name}",
                        given=quantity.text,
                        name=quoted(name),
                    )
                )
            given[quantity.text] = answer
            quantities.append(quantity)
        if self._asked is None:
            sheet = self._sheet(tuple(quantities), tuple(answers))
            return sheet.marked(list(given.values()), self._share, decimal)
        asked = [quantity.text for quantity in self._asked]
        for text in given:
            if text not in asked:
                hint = did_you_mean(text, asked) or said(
                    "asked for: {names}", names=", ".join(asked[:12])
                )
                raise UnknownNameError(
                    said("{given} is not asked for; {hint}", given=quoted(text), hint=hint)
                )
        listed = [given.get(text) for text in asked]
        return self._sheet(self._asked).marked(listed, self._share, decimal)

    def _sheet(
        self, quantities: Sequence[Quantity], spelled: tuple[str, ...] = ()
    ) -> MarkedSheet | MarkedArrays:
        names = tuple(quantity.text for quantity in quantities)
        key = spelled or names
        if key not in self._sheets:
            if len(self._sheets) >= _SHEETS:
                self._sheets.pop(next(iter(self._sheets)))
            self._sheets[key] = self._made(quantities, names)
        return self._sheets[key]

    def _made(self, quantities: Sequence[Quantity], names: Sequence[str]) -> MarkedSheet | MarkedArrays:
        tolerances = [self._tolerances.get(name, self._tolerance) for name in names]
        points = [self._points.get(name, self._each) for name in names]
        wants = [self._wants.get(name, self._want) for name in names]
        if self._arrays is not None and self._formulas is not None:
            return MarkedArrays(
                self._derivation, self._arrays, quantities, self._lr, tolerances, points, wants,
                self._formulas,
            )  # fmt: skip
        assert self._plan is not None  # of single numbers there is one
        return MarkedSheet(
            self._derivation, self._plan, quantities, self._lr, tolerances, points, wants,
            self._domain, self._subgradients,
        )  # fmt: skip


_SHEETS = 64
"""So many different sets of answered cells are kept ready."""


def _points(given: Any) -> Fraction:
    if isinstance(given, bool) or not isinstance(given, int | float | Fraction):
        raise OptionError(said("points are a number, not {given}", given=quoted(str(given))))
    if not math.isfinite(given) or given < 0:
        raise OptionError(said("points are 0 or more, not {given}", given=given))
    return Fraction(given).limit_denominator(10**6)


def _share(given: Any) -> Fraction:
    number = isinstance(given, int | float | Fraction) and not isinstance(given, bool)
    if not number or not 0 <= given <= 1:
        raise OptionError(
            said("follow_through is a share from 0 to 1, not {given}", given=quoted(str(given)))
        )
    return Fraction(given).limit_denominator(10**6)


def _want(given: str) -> str:
    if given not in _WANTS:
        hint = did_you_mean(str(given), _WANTS) or said("it is {names}", names=", ".join(_WANTS))
        raise OptionError(
            said("`want` is not {given}; {hint}", given=quoted(str(given)), hint=hint)
        )
    return given


def _kinks(given: str) -> str:
    if given not in KINKS:
        hint = did_you_mean(str(given), KINKS) or said("it is {names}", names=", ".join(KINKS))
        raise OptionError(
            said("`kinks` is not {given}; {hint}", given=quoted(str(given)), hint=hint)
        )
    return given


_MARKERS: WeakKeyDictionary[Derivation, tuple[tuple[Any, ...], Marker]] = WeakKeyDictionary()
"""The last marker of each derivation still in use, so that `mark` in a loop is fast."""


def mark(
    derivation: Derivation, answers: Mapping[str, AnswerLike], *,
    asked: str | Iterable[str] | None = None,
    tolerance: ToleranceLike = DEFAULT,
    tolerances: Mapping[str, ToleranceLike] | None = None,
    points: float | Fraction | Mapping[str, float | Fraction] = 1,
    follow_through: float | Fraction = 1.0,
    want: Want | Mapping[str, Want] = "either",
    lr: Number | None = None,
    domain: DomainSpec = None,
    previous: Derivation | None = None,
    kinks: Kinks = "convention",
    slips: Iterable[Slip] = (),
) -> Marking:  # fmt: skip
    """Return a student's answers, marked and explained.

    Args:
        derivation: the problem at its point; every right answer is taken from it.
        answers: texts or numbers by quantity: `q`, `df/dq` or `∂f/∂q`, `local(q, x)`, `down(q, x)`.

    The other arguments are those of `Marker`; for many sheets of one problem make a `Marker` once.

    Raises:
        UnknownNameError: a quantity that the graph does not have.
        OptionError: an argument that does not fit.

    >>> from backprop_tutor import derive
    >>> marking = mark(derive("f = x*y", at={"x": 2, "y": 3}), {"f": "6", "df/dx": "2"})
    >>> print(marking.cells["df/dx"].sentence)
    The gradients of the two factors were swapped: the slope along one factor is the other factor.
    """
    slips = checked_slips(slips)
    settings = (
        repr(asked), repr(tolerance), repr(tolerances), repr(points), repr(follow_through),
        repr(want), repr(lr), repr(domain), id(previous), repr(kinks), slips,
    )  # fmt: skip
    known = _MARKERS.get(derivation)
    if known is None or known[0] != settings or previous is not None:
        asked = list(asked) if asked is not None and not isinstance(asked, str) else asked
        marker = Marker(
            derivation, asked=asked, tolerance=tolerance, tolerances=tolerances, points=points,
            follow_through=follow_through, want=want, lr=lr, domain=domain, previous=previous,
            kinks=kinks, slips=slips,
        )  # fmt: skip
        known = (settings, marker)
        _MARKERS[derivation] = known
    return known[1].mark(answers)
