"""What students hand in: a `Sheet` of typed answers for each, read from a file or a folder of files.

Enters: a path and the problems. Leaves, one after the other, `Sheet`s, and beside them what could
not be read (`Refused`) and what is worth a remark (`Remark`); one bad cell, row or file never stops
the others. Nothing typed is evaluated here, and no name a student gives becomes a path.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..errors import FileError, TutorError, UnknownNameError, did_you_mean, printable, quoted
from ..reasons import reason
from ..sentences import said
from .handed_in import HandedIn, Refused, Remark, handed_in
from .problems import ProblemSet
from .speakers import Roster, Speaker, own_keys

__all__ = ["Event", "Given", "Refused", "Remark", "Sheet", "SheetDraft", "read_answers"]

Key = tuple[str, str]
"""A problem's id and a quantity's canonical text."""

_LONGEST_CELL = 20_000
_LOOKED_UP = 100
"""After so many unknown names on a sheet only names as the problem file writes them are looked for."""
_MOST_ANSWERS = 10_000
_REFUSED, _REFUSED_ALONE = 500, 20
"""So many faults are listed of a file that may hold a class, and of one that is a student's."""


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
    """

    student: str
    answers: Mapping[Key, Given]
    faults: tuple[str, ...] = ()
    source: str = ""


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
        if before is not None:
            given = Given(
                given.text, given.place,
                said(
                    "{key} is answered twice: {first} and {again}",
                    key=quoted(key[1]), first=before.place, again=given.place,
                ),
            )  # fmt: skip
        self.answers[key] = given

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
        return found.id, found.cell(text).text
    if len(problems) == 1:
        only = problems.problems[0]
        return only.id, only.cell(text).text
    matches: list[Key] = []
    for one in problems:
        try:
            matches.append((one.id, one.cell(text).text))
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


Reader = Callable[[Path, str, Speaker, ProblemSet], Iterator[Event]]
"""`reader(path, place, speaker, problems)`: `place` names the file in messages; `speaker` says whose
answers the file may hold."""


def _readers() -> Mapping[str, Reader]:
    from . import answers_csv, answers_tables  # these build on the records above

    return {
        ".csv": answers_csv.read_csv,
        ".tsv": answers_csv.read_csv,
        ".json": answers_tables.read_json,
        ".jsonl": answers_tables.read_jsonl,
        ".ndjson": answers_tables.read_jsonl,
        ".toml": answers_tables.read_toml,
    }


def read_answers(
    paths: str | Path | Iterable[str | Path], problems: ProblemSet, roster: Roster | None = None
) -> Generator[Event, None, None]:
    """Return the sheets of files and folders, and what could not be read, in order.

    A folder's files are read in the order of their names; each is one student's, named by the file,
    and speaks for nobody else. So does the file in a folder that a learning platform made for a
    student, or that is named after one on the roster. A file given by its own path may hold a class,
    but no student who has a file of their own. CSV (wide or long), JSON, JSONL and TOML are read.

    Raises:
        FileError: a path that is not there; all of them are named, before anything is read.
    """
    listed = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    missing = [quoted(str(path), 200) for path in listed if not _stands(path)]
    if missing:
        raise FileError(said("there is no file or folder {names}", names=", ".join(missing[:20])))
    return _events(listed, problems, roster)


def _stands(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a zero byte in the name
        return False


def _events(
    listed: list[Path], problems: ProblemSet, roster: Roster | None
) -> Generator[Event, None, None]:
    found = [item for path in listed for item in handed_in(path, _readers(), roster)]
    files = [item for item in found if isinstance(item, HandedIn)]
    elsewhere = (
        {key: file.place for file in files for key in own_keys(file.own or file.stem)}
        if len(files) > 1
        else {}
    )
    for item in found:
        if isinstance(item, HandedIn):
            speaker = Speaker(
                item.stem, alone=item.alone, elsewhere=elsewhere, roster=roster, own=item.own
            )
            yield from _file(item, speaker, problems)
        else:
            yield item


def _file(file: HandedIn, speaker: Speaker, problems: ProblemSet) -> Iterator[Event]:
    readers = _readers()
    suffix = file.path.suffix
    reader = readers.get(suffix.lower())
    if reader is None:
        hint = did_you_mean(suffix.lower(), readers)
        yield Refused(
            file.place,
            said("files that end in {suffix} are not read; ", suffix=quoted(suffix or file.path.name))
            + (hint or said("answers end in {names}", names=", ".join(readers))),
        )
        return
    try:
        yield from _listed(reader(file.path, file.place, speaker, problems), file)
    except FileError as error:
        yield Refused(file.place, str(error))
    except OSError as error:
        yield Refused(
            file.place, said("it cannot be read: {strerror}", strerror=reason(error))
        )


def _listed(events: Iterable[Event], file: HandedIn) -> Iterator[Event]:
    """Yield a file's events; what is refused in it must not hide what is refused in others."""
    most = _REFUSED_ALONE if file.alone else _REFUSED
    refused = 0
    for event in events:
        if isinstance(event, Refused):
            refused += 1
            if refused > most:
                continue
        yield event
    if refused > most:
        yield Refused(
            file.place,
            said("{refused:,} more of its rows or columns are refused", refused=refused - most),
        )
