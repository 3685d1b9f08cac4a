"""The records of what students hand in: a `Sheet` of typed answers, and what a name on it means.

Nothing typed is evaluated here; a name is looked up among the problems' own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ...errors import FileError, TutorError, UnknownNameError, did_you_mean, printable, quoted
from ...sentences import said
from ..problems.problem_set import ProblemSet
from .handed_in import Refused, Remark

__all__ = ["Event", "Given", "Key", "Sheet", "SheetDraft", "find_key", "known_keys"]

Key = tuple[str, str]
"""A problem's id and a quantity's canonical text."""

_LONGEST_CELL = 20_000
_LOOKED_UP = 100
"""After so many unknown names on a sheet only names as the problem file writes them are looked for."""
_MOST_ANSWERS = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as typed, and where it stood; or why it cannot be read."""

    text: str
    place: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One student's answers, by problem and quantity; what is not there is unanswered.

    Attributes:
        faults: what in it belongs to no cell, with its place.
        decimal: the decimal mark that other numbers of the file show, "," or "."; "" if they show none.
        source: where it stood.
        stamp: when it was sent, as the file writes it; "" where it does not.
    """

    student: str
    answers: Mapping[Key, Given]
    faults: tuple[str, ...] = ()
    source: str = ""
    decimal: str = ""
    stamp: str = ""


Event = Sheet | Refused | Remark


@dataclass(slots=True)
class SheetDraft:
    """A sheet while its answers are gathered; an answer given twice is refused, both places named."""

    problems: ProblemSet
    student: str
    source: str
    answers: dict[Key, Given] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _names: int = 0
    _unknown: int = 0

    def name(self, text: str, place: str, problem: str = "") -> Key | None:
        """Return what an answer is for, or None with the fault noted.

        Raises:
            FileError: the sheet has more names than any sheet needs.
        """
        self._names += 1
        if self._names > _MOST_ANSWERS:
            raise FileError(
                said(
                    "the sheet has too many answers; at most {most_answers:,} are read",
                    most_answers=_MOST_ANSWERS,
                )
            )
        if self._unknown >= _LOOKED_UP:
            return known_keys(self.problems).get((problem, text))
        try:
            return find_key(self.problems, text, problem)
        except TutorError as error:
            self._unknown += 1
            self.faults.append(f"{place}: {error}")
            if self._unknown == _LOOKED_UP:
                self.faults.append(
                    said(
                        "{source}: {looked_up} names are unknown; from here on only names written as in "
                        "the problem file are looked for",
                        source=self.source, looked_up=_LOOKED_UP,
                    )
                )
            return None

    def add(self, key: Key, given: Given) -> None:
        """Add an answer; nothing typed is no answer."""
        if not given.text.strip() and not given.refused:
            return
        given = _whole(given)
        before = self.answers.get(key)
        other = self._otherwise(key)
        if other is not None and before is None:
            told = said(
                "{key} is answered whole and by its entries: {first} and {again}",
                key=quoted(key[1].partition("[")[0]), first=self.answers[other].place, again=given.place,
            )
            self.answers[other] = Given(self.answers[other].text, given.place, told)
            return
        if before is not None:
            given = Given(
                given.text, given.place,
                said(
                    "{key} is answered twice: {first} and {again}",
                    key=quoted(key[1]), first=before.place, again=given.place,
                ),
            )  # fmt: skip
        self.answers[key] = given

    def _otherwise(self, key: Key) -> Key | None:
        """Return the answer to the whole of a matrix of which this is an entry, or to an entry of it."""
        problem = self.problems.problem(key[0])
        if not problem.of_arrays:
            return None
        asked = {cell.text for cell in problem.cells}
        whole, bracket, _ = key[1].partition("[")
        if bracket:
            return (key[0], whole) if key[1] not in asked and (key[0], whole) in self.answers else None
        begin = f"{key[1]}["
        return next(
            (k for k in self.answers if k[0] == key[0] and k[1].startswith(begin) and k[1] not in asked),
            None,
        )

    def done(self) -> Sheet:
        """Return the sheet."""
        return Sheet(self.student, self.answers, tuple(self.faults), self.source)


def _whole(given: Given) -> Given:
    """Return an answer that can be stored and shown; refused where what was typed cannot be."""
    lone = next((c for c in given.text if "\ud800" <= c <= "\udfff"), "")
    if lone:
        fault = said("{place}: {lone} is half a character", place=given.place, lone=printable(lone))
        return Given(printable(given.text)[:100], given.place, given.refused or fault)
    if len(given.text) > _LONGEST_CELL:
        fault = said("{place}: more than {most:,} characters", place=given.place, most=_LONGEST_CELL)
        return Given(given.text[:100], given.place, given.refused or fault)
    return given


@lru_cache(maxsize=4)
def known_keys(problems: ProblemSet) -> Mapping[Key, Key]:
    """Return what a problem's id (or none) and a name mean, for names written canonically."""
    found: dict[Key, list[Key]] = {}
    for problem in problems:
        for cell in problem.cells:
            key = (problem.id, cell.text)
            for spelled in (key, ("", cell.text), ("", f"{problem.id}: {cell.text}")):
                found.setdefault(spelled, []).append(key)
    return {spelled: keys[0] for spelled, keys in found.items() if len(keys) == 1}


@lru_cache(maxsize=4096)
def find_key(problems: ProblemSet, text: str, problem: str = "") -> Key:
    """Return the problem and the quantity that a name means: `df/dx`, or `p1: df/dx`.

    A quantity alone is enough where just one problem asks for it.

    Raises:
        UnknownNameError: no such problem or quantity, or one that several problems ask for.
    """
    head, colon, rest = text.partition(":")
    if not problem and colon:
        problem, text = head.strip(), rest.strip()
    if problem:
        found = problems.problem(problem)
        return found.id, found.name(text)
    if len(problems) == 1:
        only = problems.problems[0]
        return only.id, only.name(text)
    matches: list[Key] = []
    for one in problems:
        try:
            matches.append((one.id, one.name(text)))
        except UnknownNameError:
            continue
    if len(matches) == 1:
        return matches[0]
    if matches:
        listed = said(" or ").join(f"{one}: {quantity}" for one, quantity in matches[:6])
        raise UnknownNameError(
            said(
                "{given} is asked for in several problems; write {listed}",
                given=quoted(text), listed=listed,
            )
        )
    asked = [cell.text for one in problems for cell in one.cells]
    hint = did_you_mean(text, asked)
    raise UnknownNameError(
        said(
            "{given} is asked for in no problem; {hint}",
            given=quoted(text), hint=hint or said("write the problem first: p1: q"),
        )
    )
