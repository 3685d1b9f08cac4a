"""Whether two formulas are the same function of the reals, and if not, where they differ.

Enters: two formulas, as text or trees. Leaves: an `Equivalence` with a witness where they differ.

Both are evaluated in float64 at seeded points (`sampling`); float64 only *finds* suspicious points,
and high precision decides each of them (`judging`). What agrees everywhere is looked at once more
with high precision in every region between kinks, so that 0.333333333333333·x² is not x²/3. Points
where neither formula has a value do not count; where exactly one has, over more than single points,
the formulas differ. SymPy may prove what was found equal, on request; it never rejects.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..language import Expression
from ..translation import sentence as _
from .domains import Domain, DomainSpec, read_domains
from .instructions import Instructions, compiled
from .judging import Judgement, judged
from .reading import Names, read_pair
from .sampling import (
    Points,
    beside_bends,
    evaluated,
    first_points,
    more_points,
    signs,
    whole_points,
)
from .witnesses import Witness, readable_witness, witness_at

__all__ = ["Equivalence", "Witness", "equivalent"]

_SUSPICIOUS = 1e-9
_ENOUGH = 6
_REGIONS = 12


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The verdict on two formulas; as a bool it is `equal`.

    Attributes:
        equal: whether they are the same function wherever either has a value.
        witness: a point at which they differ, and the two values; None where they are equal.
        proved: whether SymPy showed it too; only looked at on request.
        note: a remark for the user, or nothing.
        compared: at how many points both had a value.
    """

    equal: bool
    witness: Witness | None = None
    proved: bool = False
    note: str = ""
    compared: int = 0

    def __bool__(self) -> bool:
        return self.equal

    def __str__(self) -> str:
        if self.equal:
            return _("the formulas are equal (proved)" if self.proved else "the formulas are equal")
        if self.witness is None:
            return _("the formulas differ")
        return _("the formulas differ: {witness}").format(witness=self.witness)


def equivalent(
    expected: str | Expression,
    student: str | Expression,
    names: Names = None,
    domain: DomainSpec = None,
    *,
    definitions: Mapping[str, str | Expression] | None = None,
    program: Any = None,
    prove: float | None = None,
) -> Equivalence:
    """Return whether two formulas are equal over the reals, with a witness if they are not.

    Args:
        expected, student: formulas, as text or trees.
        names: the names that may be used. Without them, those of `expected` and of `program`; what
            else a text uses is then read as a name of its own.
        domain: "positive", "integer" ..., an interval, or one of these for each name.
        definitions: what names of nodes stand for, in terms of leaves and of each other.
        program: a program, graph or derivation whose assigned names are definitions.
        prove: seconds that SymPy may take to prove what was found equal; None for no proof.

    Raises:
        ParseError: text that is not a formula, or uses a name that is not in `names`.
        OptionError, UnknownNameError: a domain or definitions that do not fit.

    >>> bool(equivalent("tanh(x)/2 + 1/2", "1/(1+exp(-2x))"))
    True
    >>> print(equivalent("abs(x)", "x"))
    the formulas differ: at x = −1 the expected one is 1, the other −1
    >>> bool(equivalent("σ(z)*(1-σ(z))", "a*(1-a)", names="z a", definitions={"a": "σ(z)"}))
    True
    """
    pair = read_pair(expected, student, names, definitions, program)
    listed = compiled((pair.expected, pair.student), pair.definitions)
    domains = read_domains(domain, sorted({*listed.names, *pair.names}))
    verdict = _Comparison(listed, domains).verdict()
    if verdict.equal and prove is not None:
        from .prove import proved  # start-up time: SymPy

        shown = proved(pair.expected, pair.student, pair.definitions, domains, prove)
        return Equivalence(True, None, shown, verdict.note, verdict.compared)
    return verdict


@dataclass(slots=True)
class _Comparison:
    """One pair on its way through the passes; counts what was compared."""

    listed: Instructions
    domains: Mapping[str, Domain]
    compared: int = 0
    beyond: bool = False
    alone: dict[bool, Judgement] = field(default_factory=dict)

    def verdict(self) -> Equivalence:
        listed = self.listed
        if not listed.names:
            return self._constants()
        if listed.results[0] == listed.results[1]:
            return Equivalence(True, note=_("the same formula"))
        first = first_points(listed.names, self.domains, listed.constants)
        values = evaluated(listed, first)
        more = beside_bends(listed, values, first, self.domains)
        found = self._differs(first, values)
        if found is None and more is not None:
            found = self._differs(more, evaluated(listed, more))
        if found is None and self.compared < _ENOUGH:
            wide = more_points(listed.names, self.domains, listed.constants)
            found = self._differs(wide, evaluated(listed, wide))
        if found is None and self.compared == 0:
            whole = whole_points(listed.names, self.domains)
            found = self._differs(whole, evaluated(listed, whole), whole=True)
        if found is not None:
            return self._different(found)
        if self.compared == 0:
            return Equivalence(
                False, note=_("neither formula has a value anywhere that was looked at")
            )
        return Equivalence(True, compared=self.compared)

    def _constants(self) -> Equivalence:
        judgement = judged(self.listed, {})
        if judgement.outcome == "same":
            return Equivalence(True, compared=1)
        if judgement.outcome == "neither":
            same = self.listed.results[0] == self.listed.results[1]
            return Equivalence(same, note=_("neither formula has a value"))
        return Equivalence(False, witness_at({}, judgement), note=_note(judgement))

    def _different(self, found: tuple[dict[str, float], Judgement]) -> Equivalence:
        witness = readable_witness(self.listed, self.domains, *found)
        return Equivalence(False, witness, note=_note(found[1]), compared=self.compared)

    def _differs(
        self, points: Points, values: list[Any], whole: bool = False
    ) -> tuple[dict[str, float], Judgement] | None:
        """Return a point at which the formulas differ, or None if there is none among these."""
        count = points.shape[1]
        clean = [self._clean(values, formula, count) for formula in (0, 1)]
        both = clean[0] & clean[1]
        for places in (
            self._suspicious(values, both, count),
            _some(np.flatnonzero(clean[0] != clean[1]), 6),
        ):
            for place in places:
                judgement = self._judged(points[:, place])
                if judgement.outcome == "differ" or (judgement.outcome == "one" and not whole):
                    if judgement.outcome == "one" and not judgement.reached:
                        continue
                    return self._point(points[:, place]), judgement
        for place in self._regions(values, both, count):
            judgement = self._judged(points[:, place])
            if judgement.outcome == "differ":
                return self._point(points[:, place]), judgement
        usable = int(both.sum())
        if usable < _ENOUGH:
            usable += self._unclear(points, ~clean[0] & ~clean[1]) if not whole else 0
            found = self._found
            if found is not None:
                return found
        self.compared += usable
        return None

    _found: tuple[dict[str, float], Judgement] | None = None

    def _unclear(self, points: Points, unclear: npt.NDArray[np.bool_]) -> int:
        """Look at points where float64 has no number for either, as in (x − a)^6000."""
        usable = 0
        for place in _some(np.flatnonzero(unclear), 10):
            judgement = self._judged(points[:, place])
            if judgement.outcome == "same":
                usable += 1
            elif judgement.outcome == "differ" or (
                judgement.outcome == "one" and judgement.reached
            ):
                self._found = self._point(points[:, place]), judgement
                break
        return usable

    def _clean(self, values: list[Any], formula: int, count: int) -> npt.NDArray[np.bool_]:
        """Return where every step of a formula is a finite number."""
        good = np.ones(count, dtype=np.bool_)
        for place in self.listed.reach[formula]:
            good &= np.isfinite(values[place])
        return good

    def _suspicious(
        self, values: list[Any], both: npt.NDArray[np.bool_], count: int
    ) -> npt.NDArray[np.int64]:
        """Return the points that look different in float64, the most telling first."""
        one, other = (np.broadcast_to(values[r], (count,)) for r in self.listed.results)
        with np.errstate(all="ignore"):
            noise = np.zeros(count)
            for place in {*self.listed.reach[0], *self.listed.reach[1]}:
                np.maximum(noise, np.absolute(values[place]), out=noise)
            allowed = _SUSPICIOUS * np.maximum(np.absolute(one), np.absolute(other))
            ratio = np.absolute(one - other) / (allowed + 1e-13 * noise + 1e-300)
        ratio = np.where(both, ratio, 0.0)
        places = np.flatnonzero(ratio > 1)
        ordered = places[np.argsort(-ratio[places], kind="stable")]
        return np.concatenate([ordered[:4], _some(ordered[4:], 6)])

    def _regions(self, values: list[Any], both: npt.NDArray[np.bool_], count: int) -> list[int]:
        """Return points of both formulas' domain: three anywhere, one in every region."""
        places = np.flatnonzero(both)
        chosen = dict.fromkeys(int(p) for p in _some(places, 3))
        sides = signs(self.listed, values, count)[places]
        _, first = np.unique(sides, return_index=True)
        if len(first) > 1:
            chosen.update(dict.fromkeys(int(places[i]) for i in first[:_REGIONS]))
        return list(chosen)

    def _point(self, column: Points) -> dict[str, float]:
        return {name: float(v) for name, v in zip(self.listed.names, column, strict=True)}

    def _judged(self, column: Points) -> Judgement:
        return judged(self.listed, self._point(column))


def _some(places: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """Return at most so many of the places, evenly spread."""
    if len(places) <= most:
        return places
    spread = np.linspace(0, len(places) - 1, most).astype(np.int64)
    chosen: npt.NDArray[np.int64] = places[spread]
    return chosen


def _note(judgement: Judgement) -> str:
    if judgement.outcome == "one":
        if judgement.expected is None:
            return _("the expected formula has no value there")
        return _("the other formula has no value there")
    apart = abs(judgement.expected - judgement.student)
    largest = max(abs(judgement.expected), abs(judgement.student))
    relative = float(apart / largest) if largest else 0.0
    if 0 < relative < 1e-5 and math.isfinite(relative):
        text = _("the values differ by {share} of their size: perhaps a rounded constant")
        return text.format(share=f"{relative:.1g}")
    return ""
