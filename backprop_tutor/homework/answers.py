"""What students hand in: a `Sheet` of typed answers for each, read from a file or a folder of files.

Enters: a path and the problems. Leaves, one after the other, `Sheet`s, and beside them what could
not be read (`Refused`) and what is worth a remark (`Remark`); one bad cell, row or file never stops
the others. Nothing typed is evaluated here, and no name a student gives becomes a path.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..errors import FileError, TutorError, UnknownNameError, did_you_mean, quoted
from .problems import ProblemSet

__all__ = ["Event", "Given", "Refused", "Remark", "Sheet", "SheetDraft", "read_answers"]

Key = tuple[str, str]
"""A problem's id and a quantity's canonical text."""

LONGEST_NAME = 200


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


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, a row or a column that could not be read, and why."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a file that is worth knowing: its separator, a byte order mark."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


Event = Sheet | Refused | Remark


@dataclass(slots=True)
class SheetDraft:
    """A sheet while its answers are gathered; an answer given twice is refused, both places named."""

    problems: ProblemSet
    student: str
    source: str
    answers: dict[Key, Given] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def name(self, text: str, place: str, problem: str = "") -> Key | None:
        """Return what an answer is for, or None with the fault noted."""
        try:
            return find_key(self.problems, text, problem)
        except TutorError as error:
            self.faults.append(f"{place}: {error}")
            return None

    def add(self, key: Key, given: Given) -> None:
        """Add an answer; nothing typed is no answer."""
        if not given.text.strip() and not given.refused:
            return
        before = self.answers.get(key)
        if before is not None:
            given = Given(
                given.text, given.place,
                f"{quoted(key[1])} is answered twice: {before.place} and {given.place}",
            )  # fmt: skip
        self.answers[key] = given

    def done(self) -> Sheet:
        """Return the sheet."""
        return Sheet(self.student, self.answers, tuple(self.faults), self.source)


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
        listed = " or ".join(f"{one}: {quantity}" for one, quantity in matches[:6])
        raise UnknownNameError(f"{quoted(text)} is asked for in several problems; write {listed}")
    asked = [cell.text for one in problems for cell in one.cells]
    hint = did_you_mean(text, asked)
    raise UnknownNameError(
        f"{quoted(text)} is asked for in no problem; {hint or 'write the problem first: p1: q'}"
    )


def student_name(text: str) -> str:
    """Return a student's name as it is kept: blanks around it cut.

    Raises:
        FileError: none, or a longer one than 200 characters.
    """
    name = " ".join(text.split())
    if not name:
        raise FileError("no student is named")
    if len(name) > LONGEST_NAME:
        raise FileError(f"a student's name has at most {LONGEST_NAME} characters")
    return name


Reader = Callable[[Path, str, str, ProblemSet], Iterator[Event]]
"""`reader(path, place, student, problems)`: `place` names the file in messages; `student` is who
handed it in where the file does not say."""


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
    paths: str | Path | Iterable[str | Path], problems: ProblemSet
) -> Generator[Event, None, None]:
    """Yield the sheets of files and folders, and what could not be read, in order.

    A folder's files are read in the order of their names; each is one student's, named by the file,
    unless the file says. CSV (wide or long), JSON, JSONL and TOML are read.

    Raises:
        FileError: a path that is not there.
    """
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    for given in listed:
        path = Path(given)
        if path.is_dir():
            yield from _folder(path, problems)
        elif path.exists():
            yield from _file(path, path.name, problems)
        else:
            raise FileError(f"there is no file or folder {quoted(str(path), 200)}")


def _folder(path: Path, problems: ProblemSet) -> Iterator[Event]:
    found = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    if not found:
        yield Remark(printable(path.name), "the folder is empty")
    for entry in found:
        place = printable(f"{path.name}/{entry.name}")
        if entry.is_symlink():
            yield Refused(place, "a link is not followed; put the file itself here")
        elif entry.is_dir():
            yield Remark(place, "a folder inside the folder is not looked into")
        else:
            yield from _file(entry, place, problems)


def _file(path: Path, place: str, problems: ProblemSet) -> Iterator[Event]:
    readers = _readers()
    reader = readers.get(path.suffix.lower())
    if reader is None:
        hint = did_you_mean(path.suffix.lower(), readers)
        yield Refused(
            printable(place),
            f"files that end in {quoted(path.suffix or path.name)} are not read; "
            + (hint or f"answers end in {', '.join(readers)}"),
        )
        return
    try:
        yield from reader(path, printable(place), path.stem, problems)
    except FileError as error:
        yield Refused(printable(place), str(error))
    except OSError as error:
        yield Refused(printable(place), f"it cannot be read: {error.strerror or error}")


def printable(text: str, most: int = LONGEST_NAME) -> str:
    """Return a text that can be shown anywhere: cut, and without control characters."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"
