"""What students hand in: a `Sheet` of typed answers for each, read from a file or a folder of files.

Enters: a path and the problems. Leaves, one after the other, `Sheet`s, and beside them what could
not be read (`Refused`) and what is worth a remark (`Remark`); one bad cell, row or file never stops
the others. Nothing typed is evaluated here, and no name a student gives becomes a path.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path

from ...errors import FileError, did_you_mean, quoted
from ...reasons import reason
from ...sentences import said
from ..problems.problem_set import ProblemSet
from .csv_files import read_csv
from .file_marks import with_decimal_marks
from .handed_in import HandedIn, Refused, handed_in
from .sheets import Event
from .speakers import Roster, Speaker, own_keys
from .table_files import read_json, read_jsonl, read_toml

__all__ = ["read_answers"]

_REFUSED, _REFUSED_ALONE = 500, 20
"""So many faults are listed of a file that may hold a class, and of one that is a student's."""
Reader = Callable[[Path, str, Speaker, ProblemSet], Iterator[Event]]
"""`reader(path, place, speaker, problems)`: `place` names the file in messages; `speaker` says whose
answers the file may hold."""


READERS: Mapping[str, Reader] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".toml": read_toml,
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
    found = [item for path in listed for item in handed_in(path, READERS, roster)]
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
    suffix = file.path.suffix
    reader = READERS.get(suffix.lower())
    if reader is None:
        hint = did_you_mean(suffix.lower(), READERS)
        yield Refused(
            file.place,
            said("files that end in {suffix} are not read; ", suffix=quoted(suffix or file.path.name))
            + (hint or said("answers end in {names}", names=", ".join(READERS))),
        )
        return
    try:
        events = reader(file.path, file.place, speaker, problems)
        yield from _listed(with_decimal_marks(events, file.path), file)
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
