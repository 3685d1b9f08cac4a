"""`Table`, what every data set is once it is loaded, and how the cells of a file become its columns.

Numbers are features as they are, texts one-hot where that is asked for; whether a first line names the
columns is told from the lines below it.

A column of text among the features is never guessed at: it is one-hot, left out, or refused by its
name with both options.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import FileError, OptionError, ShapeError, UnknownNameError, did_you_mean, quoted
from ...sentences import counted, said

__all__ = [
    "Feature", "Table", "fault", "fits", "has_header", "named_columns", "names_rows", "number",
    "planned",
]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Features (n, d) in float32 and a target for each row.

    Targets are class numbers (n,) in int64 with `classes` naming them, or numbers (n, 1) in float32
    with no classes; `target` is what they are called. `shape` is the shape of one sample where it is
    a picture. `test` holds the rows that the publisher set aside, where there are such.
    """

    name: str
    features: np.ndarray[Any, Any]
    targets: np.ndarray[Any, Any]
    columns: tuple[str, ...]
    classes: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    target: str = ""
    test: Table | None = None

    def __post_init__(self) -> None:
        if self.features.ndim != 2 or len(self.features) != len(self.targets):
            targets = counted(len(self.targets), "1 target", "{count} targets")
            raise ShapeError(
                said(
                    "{name}: features of shape {shape} and {targets}; expected one target for each row",
                    name=self.name, shape=self.features.shape, targets=targets,
                )
            )
        if len(self.columns) != self.features.shape[1]:
            raise ShapeError(
                said(
                    "{name}: {shape} and {count}",
                    name=self.name,
                    shape=counted(self.features.shape[1], "1 column", "{count} columns"),
                    count=counted(len(self.columns), "1 name", "{count} names"),
                )
            )

    def __len__(self) -> int:
        return len(self.features)


LARGEST = float(np.finfo(np.float32).max)


def number(text: str) -> float | None:
    """Return the number a cell holds, None where it holds none (1_000 is Python's, not a table's)."""
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def fits(value: float) -> bool:
    """Return whether a number is finite in float32."""
    return abs(value) <= LARGEST


def fault(place: str, cell: str) -> str:
    """Return what is wrong with a cell that should hold a finite number, or the empty string."""
    if cell == "":
        return said("{place}: the cell is empty; expected a number", place=place)
    value = number(cell)
    if value is None:
        return said("{place}: {cell} is not a number", place=place, cell=quoted(cell))
    if not math.isfinite(value):
        return said("{place}: {cell} is not a finite number", place=place, cell=quoted(cell))
    if not fits(value):
        return said("{place}: {cell} is too large for float32", place=place, cell=quoted(cell))
    return ""


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


MOST_VALUES = 200
FEW_VALUES = 20

_SHOWN = 4
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+\Z")


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A column that is kept: its place in the file, its name, and its values where it is one-hot."""

    place: int
    name: str
    values: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns it becomes."""
        return tuple(f"{self.name}={value}" for value in self.values) or (self.name,)

    def numbers(self, cell: str) -> list[float]:
        """Return what a cell becomes: its number, or a 1 among zeros."""
        if self.values:
            return [float(cell == value) for value in self.values]
        return [float(cell)]

    def fault(self, line: int, cell: str) -> str:
        """Return what is wrong with a cell, or the empty string."""
        place = said("line {line}, column {name}", line=line, name=quoted(self.name))
        if self.values:
            empty = said("{place}: the cell is empty; expected a value", place=place)
            return empty if cell == "" else ""
        return fault(place, cell)


def names_rows(values: int, rows: int) -> bool:
    """Return whether a column of so many different values names rows rather than kinds."""
    return values > max(FEW_VALUES, min(MOST_VALUES, rows // 2))


def named_columns(
    path: Path, columns: Sequence[str], given: str | Iterable[str], what: str
) -> list[int]:
    """Return the places of the columns that an option names: "a,b", or a list of names.

    Raises:
        UnknownNameError: there is no such column.
        OptionError: two columns have the name.
    """
    names: list[str] = []
    for each in [given] if isinstance(given, str) else given:
        names += [each] if each in columns else [part.strip() for part in each.split(",")]
    places = []
    for name in names:
        if columns.count(name) > 1:
            raise OptionError(
                said(
                    "{path}: {what}: two columns are named {name}",
                    path=path, what=what, name=quoted(name),
                )
            )
        if name not in columns:
            hint = did_you_mean(name, columns)
            raise UnknownNameError(
                said(
                    "{path}: {what}: no column {name}; its columns: {names}",
                    path=path, what=what, name=quoted(name), names=", ".join(columns),
                )
                + (f" ({hint})" if hint else "")
            )
        places.append(columns.index(name))
    return list(dict.fromkeys(places))


def planned(
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    places: Iterable[int],
    one_hot: Iterable[int],
    all_text: bool,
) -> tuple[list[Feature], dict[int, str]]:
    """Return the features of the columns at `places`, and what is wrong with whole columns, by place.

    `cells` are the columns' cells; those at `one_hot` become a column a value, and where `all_text`
    is set, so does every column without a number.
    """
    features: list[Feature] = []
    faults: dict[int, str] = {}
    for place in places:
        held = sorted({cell for cell in cells[place] if cell}, key=_order)
        text = bool(held) and all(number(cell) is None for cell in held)
        name = columns[place]
        if place not in one_hot and not (text and all_text):
            if text:
                faults[place] = _of_text(name, held, len(cells[place]))
            features.append(Feature(place=place, name=name))
        elif names_rows(len(held), len(cells[place])):
            faults[place] = said(
                "column {name} has {count} different values in {rows} rows, too many for a column each; "
                "--drop {typed} leaves it out",
                name=quoted(name), count=len(held), rows=len(cells[place]), typed=_typed(name),
            )
        else:
            features.append(Feature(place=place, name=name, values=tuple(held)))
    return features, faults


def _order(cell: str) -> tuple[bool, float, str]:
    value = number(cell)
    return (value is None, value or 0.0, cell)


def _typed(name: str) -> str:
    """Return a name as it is typed in a shell."""
    return name if re.fullmatch(r"[\w.-]+", name) else '"' + name + '"'


def _of_text(name: str, held: Sequence[str], rows: int) -> str:
    shown = ", ".join(quoted(value) for value in held[:_SHOWN])
    more = said(" and {count} more", count=len(held) - _SHOWN) if len(held) > _SHOWN else ""
    start = said("column {name} is text ({shown}{more})", name=quoted(name), shown=shown, more=more)
    if all(_DECIMAL_COMMA.match(value) for value in held):
        right = held[0].replace(",", ".")
        return start + said("; a decimal point was expected, as in {right}", right=right)
    option = _typed(name)
    if names_rows(len(held), rows):
        return start + said("; --drop {option} leaves it out", option=option)
    return start + said(
        "; --one-hot {option} makes a column of 0 and 1 for each, --drop {option} leaves it out "
        "(in Python one_hot={names!r} and drop={names!r})",
        option=option, names=[name],
    )  # fmt: skip
