"""What the columns of a table hold: whose row it is, when it was sent, which cell a heading asks for.

Enters: the first row. Leaves: a `Header`. A heading is a cell's name, a word of `ROLES`, a whole question
with a cell's name in it, as forms have it, or what the problem file's table `[headings]` says it is. One
that may mean two cells is refused with both, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ...errors import TutorError, UnknownNameError, quoted
from ...sentences import N_, counted, said
from ..problems.columns import ROLES, heading_key, role_of
from ..problems.problem_set import ProblemSet
from .handed_in import Refused
from .sheets import Key, find_key, known_keys

__all__ = [
    "ANSWER", "PROBLEM", "QUANTITY", "Header", "cells_within", "header_place", "read_header",
]  # fmt: skip

PROBLEM = frozenset({"problem", "exercise", "task", "question", "문제", "문항"})
QUANTITY = frozenset({"quantity", "node", "cell", "양", "칸", "노드"})
ANSWER = frozenset({"answer", "value", "given", "response", "답", "답안", "값"})

_MOST_FAULTS = 100
"""So many columns that name nothing are listed; the header's other ones are only counted."""
_MOST_SHOWN = 80
_FORMS_TIMES = frozenset(
    ("start time", "completion time", "startzeit", "fertigstellungszeit", "시작 시간", "완료 시간")
)
_LONGEST = 2_000

_ARTICLES = frozenset({"a", "A", "I"})
"""Names that are words of a question, too: they are names only where a question ends in them."""


@dataclass(slots=True)
class Header:
    """The columns of a table.

    Attributes:
        who: the columns that may name the student, the surest first.
        time: the column that says when a row was sent.
        columns: the columns of answers, each with its cell.
        faults: what is wrong with the others.
        remarks: which questions were read as which cells, and what is passed over.
    """

    who: list[int] = field(default_factory=list)
    time: int | None = None
    columns: list[tuple[int, Key]] = field(default_factory=list)
    faults: list[Refused] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def _sureness(heading: str) -> int:
    """Return how sure a heading is to name the student; the least is the surest."""
    text = heading_key(heading).rstrip(":")
    words = ROLES["student"]
    return words.index(text) if text in words else 0


def read_header(header: Sequence[str], place: str, problems: ProblemSet) -> Header:
    """Return what each column of a header holds."""
    found = Header()
    taken: dict[Key, int] = {}
    twice: set[Key] = set()
    unknown = 0
    cells = {cell.text for problem in problems for cell in problem.cells}
    for number, heading in enumerate(header):
        if not heading:
            continue
        where = header_place(place, number + 1)
        written = problems.headings.get(heading_key(heading))
        role = role_of(heading) if heading not in cells and written is None else None
        if written in ROLES:
            role = written
        if role is not None:
            _given_role(found, role, number, heading)
            continue
        try:
            key = _cell_of(problems, heading, written, unknown >= _MOST_FAULTS, found, number)
        except TutorError as error:
            unknown += 1
            found.faults.append(Refused(where, f"{error}{_comma(heading)}"))
            continue
        if key is None:
            unknown += 1
        elif key in taken:
            first = taken[key] + 1
            found.faults.append(
                Refused(where, said("{cell} is column {taken} already", cell=quoted(key[1]), taken=first))
            )
            twice.add(key)
        else:
            taken[key] = number
            found.columns.append((number, key))
    if unknown > _MOST_FAULTS:
        more = counted(
            unknown - _MOST_FAULTS, N_("1 more column names no quantity"),
            N_("{count} more columns name no quantity"),
        )  # fmt: skip
        found.faults.append(Refused(said("{place}, row {row}", place=place, row=1), more))
    found.columns = [(number, key) for number, key in found.columns if key not in twice]
    keys = {heading_key(heading) for heading in header}
    found.who.sort(key=lambda n: (_counts_rows(heading_key(header[n]), keys), _sureness(header[n])))
    return found


def _counts_rows(key: str, keys: Collection[str]) -> bool:
    """Return whether a column `ID` numbers the rows, as Microsoft Forms has it beside the times."""
    return key == "id" and not _FORMS_TIMES.isdisjoint(keys)


def _given_role(found: Header, role: str, number: int, heading: str) -> None:
    if role == "student":
        found.who.append(number)
    elif role == "time" and found.time is None:
        found.time = number
    else:
        found.remarks.append(said("the column {heading} is passed over", heading=_shown(heading)))


def _cell_of(
    problems: ProblemSet, heading: str, written: str | None, many: bool, found: Header, number: int
) -> Key | None:
    """Return the cell that a heading means; None for one of many that name nothing.

    Raises:
        TutorError: it names no cell, or several.
    """
    if written is not None:
        return find_key(problems, written)
    if many:
        return known_keys(problems).get(("", heading))
    try:
        return find_key(problems, heading)
    except TutorError:
        named = cells_within(problems, heading)
        if not named or _flat(heading) in dict(_spellings(problems)):
            raise  # a cell's bare name says best itself what is wrong with it
    key = _the_one(problems, named, heading)
    label = key[1] if len(problems) == 1 else f"{key[0]}: {key[1]}"
    found.remarks.append(
        said("column {number}, {heading}, is read as {cell}",
             number=number + 1, heading=_shown(heading), cell=quoted(label))
    )  # fmt: skip
    return key


def _the_one(problems: ProblemSet, named: Sequence[Key], heading: str) -> Key:
    """Return the one cell that a heading names.

    Raises:
        TutorError: it names several.
    """
    if len(named) == 1:
        return named[0]
    listed = ", ".join(f"{problem}: {cell}" if len(problems) > 1 else cell for problem, cell in named[:6])
    raise UnknownNameError(
        said(
            "{heading} may mean {cells}; say which in the problem file's table [headings] "
            "(`check --headings` writes it)",
            heading=_shown(heading), cells=listed,
        )
    )


def header_place(place: str, column: int) -> str:
    """Return how a column of the header is named in messages."""
    return said("{place}, row {row}, column {column}", place=place, row=1, column=column)


def _shown(heading: str) -> str:
    return quoted(heading, _MOST_SHOWN)


def _comma(heading: str) -> str:
    if heading.count("(") == heading.count(")"):
        return ""
    return said('; a name with a comma stands in quotation marks: "local(q, x)"')


def cells_within(problems: ProblemSet, heading: str) -> list[Key]:
    """Return the cells that a question names, each once, in the order of the problem file.

    A longer name is found before one that is a part of it: `df/dx` is not `x`.
    """
    text = _flat(heading)[:_LONGEST]
    ids = [p.id for p in problems if len(problems) > 1 and _names(text, _flat(p.id)) is not None]
    found: set[Key] = set()
    for spelling, keys in _spellings(problems):
        place = _names(text, spelling)
        if place is None:
            continue
        named = [key for key in keys if not ids or key[0] in ids]
        if named:
            found.update(named)
            text = f"{text[: place[0]]}{' ' * (place[1] - place[0])}{text[place[1] :]}"
    return [key for key in _all_cells(problems) if key in found]


@lru_cache(maxsize=4)
def _all_cells(problems: ProblemSet) -> tuple[Key, ...]:
    """Return all cells in the order of the problem file."""
    return tuple((problem.id, cell.text) for problem in problems for cell in problem.cells)


@lru_cache(maxsize=4)
def _spellings(problems: ProblemSet) -> tuple[tuple[str, Collection[Key]], ...]:
    found: dict[str, list[Key]] = {}
    for key in _all_cells(problems):
        found.setdefault(_flat(key[1]), []).append(key)
    return tuple(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))


def _flat(text: str) -> str:
    """Return a text as names are looked for in it: subscripts and ∂ plain, no blanks beside signs.

    >>> _flat("What is ∂f / ∂w₁ ?")
    'What is df/dw1?'
    """
    plain = unicodedata.normalize("NFKC", " ".join(text.split()))
    for sign, read in (("∂", "d"), ("`", "'"), ("$", " "), ("_{", "_"), ("}", "")):
        plain = plain.replace(sign, read)
    called = re.sub(r"\b(local|down|new|shape) \(", r"\1(", plain)  # a remark in brackets keeps its blank
    return re.sub(r"\s*([/,?\[])\s*|(\()\s+|\s+([)\]])", r"\1\2\3", called)


def _names(text: str, spelling: str) -> tuple[int, int] | None:
    """Return where a text has a name that is not a part of another."""
    last = r"(?=['\"”»)\]]*\s*(?:[=:.,;?]|(?:\([^()]*\)\s*)?$))"
    end = last if spelling in _ARTICLES else r"(?![\w/(\[])"
    found = re.search(rf"(?<![\w/]){re.escape(spelling)}{end}", text)
    return None if found is None else found.span()
