"""What columns of answer files may hold besides cells, how they are headed, and the table `[headings]`.

Enters: headings, and what a problem file says of them. Leaves: roles ("student", "time", "" for what is
passed over) and cells by heading. The rows of `ROLES` are all that is known of headings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress

from ...errors import OptionError, TutorError, UnknownNameError, did_you_mean, quoted
from ...sentences import said
from .problem_record import Problem

__all__ = ["ROLES", "heading_key", "read_headings", "role_of"]

ROLES: Mapping[str, tuple[str, ...]] = {
    "student": (
        "student", "student_id", "studentid", "student id", "student number", "id number", "sid",
        "matriculation", "matriculation number", "matrikelnummer", "id", "user", "username", "user name",
        "login", "benutzername", "nutzername", "email", "e-mail", "email address", "e-mail address",
        "e-mail-adresse", "e-mail adresse", "student name", "name", "full name", "학생", "학번", "아이디",
        "이메일", "이메일 주소", "학생 이름", "이름",
    ),
    "time": (
        "timestamp", "time stamp", "zeitstempel", "completion time", "submitted at", "submission time",
        "submitted", "fertigstellungszeit", "abgegeben", "타임스탬프", "완료 시간", "제출 시간",
    ),
    "": (
        "start time", "startzeit", "시작 시간", "score", "total score", "points", "total points",
        "gesamtpunktzahl", "punkte", "점수", "총점", "status", "section", "group", "gruppe", "grade",
        "first name", "last name", "vorname", "nachname", "surname", "성", "duration", "dauer",
        "last modified time", "quiz feedback",
    ),
}  # fmt: skip
"""What a column may hold besides answers, and how it is headed, the surest heading first. A column of the
role "" is passed over."""

_ASKED_FOR = {
    "student": ("student id", "student number", "matriculation number", "matrikelnummer", "학번"),
    "time": ("timestamp", "zeitstempel"),
}
"""Words by which a whole question asks for these."""


def heading_key(text: str) -> str:
    """Return a heading as it is looked up: blanks and case do not count.

    >>> heading_key("  What is\\nDF/dx? ")
    'what is df/dx?'
    """
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def role_of(heading: str) -> str | None:
    """Return the role of a column; None where it has none.

    >>> role_of("E-Mail-Adresse"), role_of("Zeitstempel"), role_of("Score"), role_of("df/dx")
    ('student', 'time', '', None)
    """
    text = heading_key(heading).rstrip(":")
    for role, words in ROLES.items():
        if text in words:
            return role
    for role, words in _ASKED_FOR.items():
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words):
            return role
    return None


def read_headings(
    given: Mapping[str, str], problems: Sequence[Problem], faults: list[str]
) -> dict[str, str]:
    """Return what columns hold, by their headings; a cell that is not asked for is a fault."""
    cells = {f"{problem.id}: {cell.text}" for problem in problems for cell in problem.cells}
    found: dict[str, str] = {}
    for heading, meant in given.items():
        place = f"headings, {quoted(heading, 80)}"
        try:
            found[heading_key(heading)] = _column(meant, problems)
        except TutorError as error:
            hint = did_you_mean(meant, {*ROLES, *cells}) or said(
                'a column holds a cell, such as {cell}, "student", "time", or "" to be passed over',
                cell=quoted(next(iter(cells), "q")),
            )
            faults.append(f"{place}: {error}; {hint}")
    return found


def _column(meant: str, problems: Sequence[Problem]) -> str:
    """Return what a column holds, a cell with its problem.

    Raises:
        TutorError: no cell, or one that several problems ask for.
    """
    if meant in ROLES:
        return meant
    head, colon, rest = meant.partition(":")
    cells: list[str] = []
    for problem in problems:
        if colon and problem.id != head.strip():
            continue
        with suppress(UnknownNameError):
            cells.append(f"{problem.id}: {problem.name(rest.strip() if colon else meant)}")
    if len(cells) != 1:
        raise OptionError(
            said("{given} is asked for in {count} problems", given=quoted(meant), count=len(cells))
        )
    return cells[0]
