"""The table `[headings]` of a problem file, begun: every column of the answers and what it is read as.

Enters: answer files and the problems. Leaves: TOML for a person to complete. A heading that names no cell,
or several, stands there with an empty meaning and the cells to choose from beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ...errors import FileError, TutorError, quoted
from ...sentences import said
from ..problems.columns import ROLES, heading_key, role_of
from ..problems.problem_record import ProblemSet
from .csv_files import csv_header
from .handed_in import HandedIn, handed_in
from .headings import cells_within
from .sheets import Key, find_key

__all__ = ["heading_table"]

_CSV = (".csv", ".tsv")
_LISTED = 8


def heading_table(paths: Iterable[str | Path], problems: ProblemSet) -> str:
    """Return the table of all headings of CSV files, each once, in their order.

    Raises:
        FileError: there is no CSV file among them, or one cannot be read.
    """
    headings: dict[str, str] = {}
    files = [
        found.path
        for path in paths
        for found in handed_in(Path(path), _CSV, None)
        if isinstance(found, HandedIn) and found.path.suffix.lower() in _CSV
    ]
    if not files:
        raise FileError(said("no CSV file is among the answers; only these have headings"))
    for file in files:
        try:
            for heading in csv_header(file):
                headings.setdefault(heading_key(heading), heading)
        except OSError as error:
            raise FileError(said("{file} cannot be read", file=quoted(str(file), 200))) from error
    lines = [_line(problems, heading) for heading in headings.values() if heading]
    return "\n".join(["[headings]", *lines]) + "\n"


def _line(problems: ProblemSet, heading: str) -> str:
    """Return what a heading is read as, or may mean."""
    key = json.dumps(heading, ensure_ascii=False).replace("\x7f", "\\u007f")
    meant, note = _meaning(problems, heading)
    return f"{key} = {json.dumps(meant, ensure_ascii=False)}" + (f"  # {note}" if note else "")


def _meaning(problems: ProblemSet, heading: str) -> tuple[str, str]:
    written = problems.headings.get(heading_key(heading))
    if written is not None:
        return written, ""
    role = role_of(heading)
    if role is not None and heading not in {cell.text for p in problems for cell in p.cells}:
        return role, "" if role in ROLES and role else said("passed over")
    try:
        return _label(problems, find_key(problems, heading)), ""
    except TutorError:
        named = cells_within(problems, heading)
    if len(named) == 1:
        return _label(problems, named[0]), ""
    if named:
        return "", said("may be {cells}", cells=", ".join(_label(problems, key) for key in named[:_LISTED]))
    return "", said('names no cell; "student", "time", a cell, or "" to pass it over')


def _label(problems: ProblemSet, key: Key) -> str:
    return key[1] if len(problems) == 1 else f"{key[0]}: {key[1]}"
