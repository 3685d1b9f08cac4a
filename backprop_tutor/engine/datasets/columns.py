"""The columns of a CSV file as features: numbers as they are, texts one-hot where that is asked for.

A column of text among the features is never guessed at: it is one-hot, left out, or refused by its
name with both options.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import OptionError, UnknownNameError, did_you_mean, quoted
from ...sentences import said
from .cells import fault, number

__all__ = ["Feature", "named_columns", "names_rows", "planned"]

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
