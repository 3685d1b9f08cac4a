"""Whether the first line of a CSV file names its columns: what the lines below say of it.

A rule a line, the first that speaks decides; where none does, the user is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...errors import FileError, quoted
from ...sentences import said
from .cells import number

__all__ = ["has_header"]


def has_header(path: Path, rows: Sequence[tuple[int, list[str]]], given: bool | None) -> bool:
    """Return whether the first row is a header; `given` is what the user says of it, if anything.

    It is one if it has no number where all rows below have one, or is all text. It is none if all
    columns are numbers, or if a text of it stands below in the same column again.

    Raises:
        FileError: neither can be told.
    """
    if given is not None:
        return given
    head = rows[0][1]
    if len(rows) == 1:
        return all(number(cell) is None for cell in head)
    below = [
        [row[place] for _, row in rows[1:] if place < len(row)] for place in range(len(head))
    ]
    numeric = [sum(number(cell) is not None for cell in cells) * 2 > len(cells) for cells in below]
    text_in_head = [place for place, cell in enumerate(head) if number(cell) is None]
    if any(numeric[place] for place in text_in_head):
        return True
    if not text_in_head or any(head[place] in below[place] for place in text_in_head):
        return False
    if len(text_in_head) == len(head):
        return True
    named = quoted(head[text_in_head[0]])
    raise FileError(
        said(
            "{path}: line {line} may be a header or a row: {named} stands nowhere else in its "
            "column, and the rest are numbers; say which with --header or --no-header (in Python "
            "header=True or header=False)",
            path=path, line=rows[0][0], named=named,
        )
    )
