"""Whether two formulas are the same function of the reals, and if not, where they differ.

Enters: two formulas, as text or trees. Leaves: an `Equivalence` with a witness where they differ.

Both are evaluated in float64 at seeded points (`sampling`); float64 only *finds* points that may
tell something. They are equal only where enough points, one in every region between kinks among
them, were judged the same with many digits of which the error is bounded (`comparing`, `judging`), so
that 0.333333333333333·x² is not x²/3. Points where neither formula has a value do not count; where
exactly one has, over more than single points, the formulas differ. Where no digit is known, as of
sin(10^10^10·x), nothing is decided. SymPy may prove what was found equal, on request; it never rejects.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ...language import Expression
from ...language.tree import free_names
from ...translation import sentence as _
from .comparing import Comparison, Found
from .domains import Domain, DomainSpec, read_domains
from .effort import COMPARISON, TooMuchWork, limited
from .instructions import Instructions, compiled
from .judging import Judgement
from .pairs_read import Defining, Names, Pair, read_pair
from .shares import Shares, as_shares, one_hot_cases, read_shares, true_shares
from .witnesses import Witness, readable_witness, witness_at

__all__ = ["Equivalence", "Witness", "equivalent"]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The verdict on two formulas; as a bool it is `equal`.

    Attributes:
        equal: whether they are the same function wherever either has a value.
        decided: False where that could not be judged: a person has to look at it.
        witness: a point at which they differ, and the two values; None where they are equal.
        proved: whether SymPy showed it too; only looked at on request.
        note: a remark for the user, or nothing.
        compared: at how many points both were certainly the same.
    """

    equal: bool
    witness: Witness | None = None
    proved: bool = False
    note: str = ""
    compared: int = 0
    decided: bool = True

    def __bool__(self) -> bool:
        return self.equal

    def __str__(self) -> str:
        if self.equal:
            return _("the formulas are equal (proved)" if self.proved else "the formulas are equal")
        if not self.decided:
            text = _("whether the formulas are equal could not be judged: {reason}")
            return text.format(reason=self.note)
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
    program: Defining | None = None,
    prove: float | None = None,
    shares: Sequence[Shares] = (),
) -> Equivalence:
    """Return whether two formulas are equal over the reals, with a witness if they are not.

    Args:
        expected, student: formulas, as text or trees.
        names: the names that may be used. Without them, those of `expected` and of `program`; what
            else a text uses is then read as a name of its own.
        domain: "positive", "integer" ..., an interval, or one of these for each name; for several names
            together "onehot", or "probabilities", which sum to 1: {"y": "onehot"} for y1, y2, y3.
        definitions: what names of nodes stand for, in terms of leaves and of each other.
        program: a program, graph or derivation whose assigned names are definitions.
        prove: seconds that SymPy may take to prove what was found equal; None for no proof.
        shares: further names that sum to 1.

    Raises:
        ParseError: text that is not a formula, or uses a name that is not in `names`.
        OptionError, UnknownNameError: a domain or definitions that do not fit.

    >>> bool(equivalent("tanh(x)/2 + 1/2", "1/(1+exp(-2x))"))
    True
    >>> print(equivalent("abs(x)", "x"))
    the formulas differ: at x = −1 the expected one is 1, the other −1
    >>> equivalent("x", "sin(10^10^10^10*x)").decided
    False
    >>> bool(equivalent("σ(z)*(1-σ(z))", "a*(1-a)", names="z a", definitions={"a": "σ(z)"}))
    True
    """
    pair = read_pair(expected, student, names, definitions, program)
    known = sorted({*free_names(pair.expected), *free_names(pair.student), *pair.names})
    domain, groups = read_shares(domain, known)
    named = {name for group in groups for name in group.names}
    groups = tuple(
        group for group in (*groups, *(s for s in shares if not named & set(s.names)))
        if not set(group.names) & set(pair.definitions)
    )  # fmt: skip
    meant, inside = as_shares(groups)
    if groups:
        pair = replace(pair, definitions={**pair.definitions, **meant})
    listed = compiled((pair.expected, pair.student), pair.definitions)
    domains = read_domains(domain, sorted({*listed.names, *pair.names})) | read_domains(inside, inside)
    verdict = _verdict(listed, domains)
    if groups and verdict.witness is not None:
        verdict = replace(verdict, witness=replace(
            verdict.witness, point=true_shares(groups, verdict.witness.point)
        ))  # fmt: skip
        if any(group.onehot for group in groups):
            verdict = _one_hot(pair, groups, domains)
    if verdict.equal and prove is not None:
        from .prove import proved  # start-up time: SymPy

        shown = proved(pair.expected, pair.student, pair.definitions, domains, prove)
        return Equivalence(True, None, shown, verdict.note, verdict.compared)
    return verdict


def _one_hot(pair: Pair, groups: Sequence[Shares], domains: Mapping[str, Domain]) -> Equivalence:
    """Return the verdict at all one-hot labels; that of the first at which the formulas are not equal."""
    compared = 0
    for constants, values in one_hot_cases(groups):
        listed = compiled((pair.expected, pair.student), {**pair.definitions, **constants})
        verdict = _verdict(listed, domains)
        if not verdict:
            witness = verdict.witness
            if witness is not None:
                point = true_shares([g for g in groups if not g.onehot], witness.point) | values
                witness = replace(witness, point=dict(sorted(point.items())))
            return replace(verdict, witness=witness)
        compared += verdict.compared
    return Equivalence(True, compared=compared)


def _verdict(listed: Instructions, domains: Mapping[str, Domain]) -> Equivalence:
    if listed.results[0] == listed.results[1]:
        return Equivalence(True, note=_("the same formula"))
    try:
        with limited(COMPARISON):
            return _compared(listed, domains)
    except TooMuchWork:
        return Equivalence(False, note=TooMuchWork.why(), decided=False)


def _compared(listed: Instructions, domains: Mapping[str, Domain]) -> Equivalence:
    """Return what the points say.

    Raises:
        TooMuchWork: past a limit of the work.
    """
    found = Comparison(listed, domains).found()
    if found.same:
        return Equivalence(True, compared=found.compared)
    if found.point is None or found.judgement is None:
        return Equivalence(False, note=_why(found), compared=found.compared, decided=False)
    judgement = found.judgement
    witness = witness_at(found.point, judgement)
    if listed.names:
        with suppress(TooMuchWork):  # the formulas differ, whatever the numbers look like
            witness = readable_witness(listed, domains, found.point, judgement)
    return Equivalence(False, witness, note=_note(judgement), compared=found.compared)


def _why(found: Found) -> str:
    """Return why two formulas could not be judged."""
    if found.undefined:
        return _("neither formula has a value anywhere that was looked at")
    if found.hidden:
        return _("a piece of it may lie between the points that were looked at")
    if found.lost[1]:
        return _("no digit of it can be relied on: it is too steep, too large or too small to compute")
    return _("they could be compared with certainty at too few points")


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
