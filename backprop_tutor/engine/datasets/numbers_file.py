"""Reading a user's CSV file: numbers in columns, one column the target, every fault with its place.

The first line is a header if any of its cells is not a number. The separator is the comma, the
semicolon or the tab, whichever the first line has most of. All faults are reported at once: a cell
that is not a finite number, an empty cell, a row of another length.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import FileError, UnknownNameError, did_you_mean, quoted
from .table import Table

__all__ = ["read_csv"]

MOST_FAULTS = 20
MOST_CLASSES = 50
LARGEST = float(np.finfo(np.float32).max)


def _number(text: str) -> float | None:
    """Return the number a cell holds, None where it holds none (1_000 is Python's, not a table's)."""
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return the file's rows that are not empty, each with its line number from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise FileError(
            f"{path}: not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        ) from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror or error}") from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = []
    reader = csv.reader(text.splitlines(), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [cell.strip() for cell in row]))
    except csv.Error as error:
        raise FileError(f"{path}: line {reader.line_num}: {error}") from None
    return rows


def _target_place(path: Path, columns: list[str], target: str | None) -> int:
    if target is None:
        return len(columns) - 1
    if target in columns:
        return columns.index(target)
    offered = ", ".join(columns)
    hint = did_you_mean(target, columns)
    raise UnknownNameError(
        f"{path}: no column {quoted(target)}; its columns: {offered}"
        + (f" ({hint})" if hint else "")
    )


def _fault(line: int, column: str, cell: str) -> str:
    """Return what is wrong with a cell that should hold a finite number, or the empty string."""
    if cell == "":
        return f"line {line}, column {quoted(column)}: the cell is empty; expected a number"
    value = _number(cell)
    if value is None:
        return f"line {line}, column {quoted(column)}: {quoted(cell)} is not a number"
    if not math.isfinite(value):
        return f"line {line}, column {quoted(column)}: {quoted(cell)} is not a finite number"
    if abs(value) > LARGEST:
        return f"line {line}, column {quoted(column)}: {quoted(cell)} is too large for float32"
    return ""


def _refuse(path: Path, faults: list[str]) -> None:
    if faults:
        more = len(faults) - MOST_FAULTS
        listed = faults[:MOST_FAULTS] + ([f"and {more} more"] if more > 0 else [])
        raise FileError("\n".join(f"{path}: {fault}" for fault in listed))


def _targets(cells: list[str]) -> tuple[np.ndarray[Any, Any], tuple[str, ...]]:
    """Return class numbers and names, or numbers (n, 1) where there are too many to be classes."""
    values = [_number(cell) for cell in cells]
    numeric = all(value is not None and math.isfinite(value) for value in values)
    distinct = sorted(set(cells))
    if numeric:
        found = sorted({value for value in values if value is not None})
        whole = all(value == int(value) for value in found)
        if not whole or len(found) > min(MOST_CLASSES, max(2, len(cells) // 2)):
            return np.array(values, np.float32).reshape(-1, 1), ()
        number = {value: place for place, value in enumerate(found)}
        classes = tuple(str(int(value)) for value in found)
        return np.array([number[v] for v in values if v is not None], np.int64), classes
    place = {name: number for number, name in enumerate(distinct)}
    return np.array([place[cell] for cell in cells], np.int64), tuple(distinct)


def read_csv(path: str | Path, target: str | None = None) -> Table:
    """Return the table in a CSV file; the target is the last column unless named.

    A target of text is classes, sorted by name; whole numbers are classes where they repeat; other
    numbers are values to be predicted.

    Raises:
        FileError: the file cannot be read; or all that is wrong in it, each with line and column.
        UnknownNameError: there is no such column.
    """
    path = Path(path)
    rows = _lines(path)
    if not rows:
        raise FileError(f"{path}: the file is empty; expected rows of numbers")
    head = rows[0][1]
    if len(head) < 2:
        raise FileError(
            f"{path}: line {rows[0][0]}: one column; expected numbers and a target, "
            "separated by commas, semicolons or tabs"
        )
    has_header = any(_number(cell) is None for cell in head[:-1]) or all(
        _number(cell) is None for cell in head
    )
    columns = head if has_header else [f"column {i + 1}" for i in range(len(head))]
    if has_header:
        rows = rows[1:]
    if not rows:
        raise FileError(f"{path}: a header and no rows")
    place = _target_place(path, columns, target)
    faults, features, cells = [], [], []
    for line, row in rows:
        if len(row) != len(columns):
            faults.append(f"line {line}: {len(row)} cells; expected {len(columns)}")
            continue
        wrong = [
            _fault(line, columns[i], cell) for i, cell in enumerate(row) if i != place
        ]
        given = row[place]
        value = _number(given)
        if given == "" or (value is not None and not abs(value) <= LARGEST):
            said = "the cell is empty" if given == "" else f"{quoted(given)} is no target"
            wrong.append(f"line {line}, column {quoted(columns[place])}: {said}")
        faults += [each for each in wrong if each]
        if not any(wrong):
            features.append([float(cell) for i, cell in enumerate(row) if i != place])
            cells.append(row[place])
    _refuse(path, faults)
    targets, classes = _targets(cells)
    return Table(
        name=path.stem,
        features=np.array(features, np.float32),
        targets=targets,
        columns=tuple(name for i, name in enumerate(columns) if i != place),
        classes=classes,
    )
