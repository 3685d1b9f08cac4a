"""Which files were handed in, and whose each is: a path, a folder of files, a folder a student.

Enters: a path. Leaves: `HandedIn`, the files to be read in the order of their names, and beside them
what there is not (`Refused`) and what is worth a remark (`Remark`). Learning platforms export a folder
a student (Moodle: `Anna Smith_1234_assignsubmission_file_/answers.csv`); whatever the file in it is
called, it is the answers of the student whom the folder names. Nothing is opened here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import printable
from ...files import special
from ...reasons import reason
from ...sentences import said
from .speakers import Roster, platform_name

__all__ = ["HandedIn", "Refused", "Remark", "handed_in", "shortened"]

_ONLINE_TEXT = "onlinetext.html"
_SHOWN = 5


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


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file to be read.

    Attributes:
        path: where it is.
        place: how it is named in messages.
        stem: the name that says whose it is: the file's, or its student's folder's.
        alone: whether it is one student's.
        own: the student's name, where the platform wrote it and no roster says it; empty if not.
    """

    path: Path
    place: str
    stem: str
    alone: bool
    own: str = ""


Found = HandedIn | Refused | Remark


def handed_in(path: Path, endings: Collection[str], roster: Roster | None) -> Iterator[Found]:
    """Yield the files at a path, and what there is not.

    Args:
        path: a file, which may hold a class, or a folder, in which each file or platform's folder is
            one student's.
        endings: those of files that can be read.
        roster: the students there are, where that is known: a folder named after one is theirs.
    """
    place = shortened(path.name)
    try:
        wrong = special(path)
        if wrong:
            yield Refused(place, wrong)
        elif path.is_dir():
            yield from _folder(path, endings, roster)
        else:
            yield HandedIn(path, place, path.stem, alone=False)
    except OSError as error:
        yield _unreadable(place, error)


def _unreadable(place: str, error: OSError) -> Refused:
    return Refused(place, said("it cannot be read: {strerror}", strerror=reason(error)))


def _entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _folder(path: Path, endings: Collection[str], roster: Roster | None) -> Iterator[Found]:
    entries = _entries(path)
    if not entries:
        yield Remark(shortened(path.name), said("the folder is empty"))
    owners = {written for entry in entries if (written := platform_name(entry.name)) is not None}
    namesakes = Counter(name for name, _ in owners)
    for entry in entries:
        place = shortened(f"{path.name}/{entry.name}")
        refused = _not_to_be_opened(entry, place)
        if refused is not None:
            yield refused
        elif not entry.is_dir():
            yield HandedIn(entry, place, entry.stem, alone=True)
        elif (written := platform_name(entry.name)) is not None:
            name, number = written
            own = name if namesakes[name] == 1 else f"{name} {number}"
            yield from _own_folder(entry, place, endings, own)
        elif roster is not None and roster.owner(entry.name) is not None:
            yield from _own_folder(entry, place, endings, "")
        else:
            yield Remark(place, said("a folder inside the folder is not looked into"))


def _not_to_be_opened(entry: Path, place: str) -> Refused | None:
    wrong = special(entry)
    if entry.is_symlink():
        return Refused(place, said("a link is not followed; put the file itself here"))
    return Refused(place, wrong) if wrong else None


def _own_folder(
    folder: Path, place: str, endings: Collection[str], own: str
) -> Iterator[Found]:
    """Yield the one file of answers in a student's folder; of several nobody knows which is meant."""
    try:
        entries = _entries(folder)
    except OSError as error:
        yield _unreadable(place, error)
        return
    answers: list[Path] = []
    others: list[Path] = []
    for entry in entries:
        refused = _not_to_be_opened(entry, shortened(f"{place}/{entry.name}"))
        if refused is not None:
            yield refused
        elif entry.is_file() and entry.suffix.lower() in endings:
            answers.append(entry)
        else:
            others.append(entry)
    if len(answers) > 1:
        names = _listed(answers)
        yield Refused(
            place,
            said(
                "the student's folder has {count} files of answers, {names}; leave one",
                count=len(answers), names=names,
            ),
        )
    elif not answers:
        yield Refused(place, _nothing_to_read(others, endings))
    else:
        (entry,) = answers
        yield HandedIn(entry, shortened(f"{place}/{entry.name}"), folder.name, True, own)
        for other in others:
            yield Remark(shortened(f"{place}/{other.name}"), said("no file of answers; it is not read"))


def _nothing_to_read(others: list[Path], endings: Collection[str]) -> str:
    names = ", ".join(endings)
    if any(other.name == _ONLINE_TEXT for other in others):
        return said("text typed online is not read; answers are a file that ends in {names}", names=names)
    if not others:
        return said("the student's folder is empty")
    return said(
        "no file of answers is in the student's folder, only {others}; answers end in {names}",
        others=_listed(others), names=names,
    )  # fmt: skip


def _listed(paths: list[Path]) -> str:
    shown = ", ".join(shortened(path.name, 60) for path in paths[:_SHOWN])
    return shown + (", …" if len(paths) > _SHOWN else "")


def shortened(text: str, most: int = 200) -> str:
    """Return a text that can be shown anywhere: cut, and what does not show as escapes."""
    return printable(text if len(text) <= most else text[: most - 1] + "…")
