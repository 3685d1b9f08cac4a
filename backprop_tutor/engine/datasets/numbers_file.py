"""Reading a user's CSV file: columns to predict from, one column to predict, every fault in its place.

The separator is the comma, the semicolon or the tab, whichever the first line has most of; lines end
with LF, CR LF or CR. All faults are reported at once: a cell that is not a finite number, an empty
cell, a row of another length, a column of text that nothing was said about.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import FileError, OptionError, did_you_mean, quoted
from ...files import special
from ...reasons import reason
from ...sentences import counted, said
from .tables import Table, fits, has_header, named_columns, names_rows, number, planned

__all__ = ["KINDS", "read_csv"]

MOST_FAULTS = 20
MOST_CLASSES = 50
KINDS = ("classes", "numbers")


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return the file's rows that are not empty, each with its line number from 1."""
    try:
        found = special(path)
        if found:
            raise FileError(said("{path}: it {found}", path=path, found=found))
        text = path.read_bytes().decode("utf-8-sig")
    except FileError:
        raise
    except FileNotFoundError:
        raise FileError(said("{path}: there is no such file", path=path)) from None
    except UnicodeDecodeError as error:
        raise FileError(
            said(
                "{path}: not UTF-8 text: byte {start} is {object:#04x}",
                path=path, start=error.start, object=error.object[error.start],
            )
        ) from None
    except OSError as error:
        raise FileError(
            said("{path}: cannot be read: {strerror}", path=path, strerror=reason(error))
        ) from None
    # An empty `newline` tells lines by all three ends and keeps them, for breaks within quotes.
    lines = io.StringIO(text, newline="")
    first = next(iter(io.StringIO(text, newline="")), "")
    separator = max(",;\t", key=first.count)
    rows = []
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [cell.strip() for cell in row]))
    except csv.Error as error:
        raise FileError(
            said(
                "{path}: line {line}: {error}",
                path=path, line=reader.line_num, error=reason(error),
            )
        ) from None
    return rows


def _refuse(path: Path, faults: list[str]) -> None:
    if faults:
        more = len(faults) - MOST_FAULTS
        listed = faults[:MOST_FAULTS] + ([said("and {more} more", more=more)] if more > 0 else [])
        raise FileError("\n".join(f"{path}: {fault}" for fault in listed))


def _target_fault(line: int, name: str, cell: str, kind: str | None) -> str:
    """Return what is wrong with a cell of the target, or the empty string."""
    value = number(cell)
    place = said("line {line}, column {name}", line=line, name=quoted(name))
    if cell == "":
        return said("{place}: the cell is empty", place=place)
    if value is None and kind == "numbers":
        return said("{place}: {cell} is not a number", place=place, cell=quoted(cell))
    if value is not None and kind != "classes" and not fits(value):
        return said("{place}: {cell} is no target", place=place, cell=quoted(cell))
    return ""


def _targets(
    cells: Sequence[str], kind: str | None
) -> tuple[np.ndarray[Any, Any], tuple[str, ...]]:
    """Return class numbers and names, or numbers (n, 1) where there are too many to be classes."""
    values = [number(cell) for cell in cells]
    found = sorted({value for value in values if value is not None and fits(value)})
    numeric = all(value is not None and fits(value) for value in values)
    if numeric and kind is None:
        whole = all(value == int(value) for value in found)
        few = len(found) <= min(MOST_CLASSES, max(2, len(cells) // 2))
        kind = "classes" if whole and few else "numbers"
    if kind == "numbers":
        return np.array(values, np.float32).reshape(-1, 1), ()
    if numeric:
        place = {value: i for i, value in enumerate(found)}
        names = tuple(f"{value:.15g}" for value in found)
        return np.array([place[value] for value in values if value is not None], np.int64), names
    order = {name: i for i, name in enumerate(sorted(set(cells)))}
    return np.array([order[cell] for cell in cells], np.int64), tuple(order)


def _checked_kind(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS)
        raise OptionError(
            said(
                "a target is {names}, not {kind}", names=said(" or ").join(KINDS), kind=quoted(str(kind))
            )
            + (f"; {hint}" if hint else "")
        )


def read_csv(
    path: str | Path,
    target: str | None = None,
    *,
    one_hot: str | Iterable[str] = (),
    drop: str | Iterable[str] = (),
    header: bool | None = None,
    kind: str | None = None,
) -> Table:
    """Return the table in a CSV file; the target is the last column unless named.

    A target of text is classes, sorted by name; integers are classes where they repeat; other
    numbers are values to be predicted. `kind` ("classes" or "numbers") says otherwise.

    Args:
        path: the file.
        target: the column to be predicted.
        one_hot: columns that become one column of 0 and 1 for each of their values, named
            `column=value`; "all" is every column of text.
        drop: columns to leave out.
        header: whether the first line names the columns; found out unless given.
        kind: what the target is.

    Raises:
        FileError: the file cannot be read; or all that is wrong in it, each with line and column.
        UnknownNameError: there is no such column.
        OptionError: options that contradict each other.
    """
    _checked_kind(kind)
    path = Path(path)
    rows = _lines(path)
    if not rows:
        raise FileError(said("{path}: the file is empty; expected rows of numbers", path=path))
    head = rows[0][1]
    if len(head) < 2:
        raise FileError(
            said(
                "{path}: line {line}: one column; expected numbers and a target, separated by commas, "
                "semicolons or tabs",
                path=path, line=rows[0][0],
            )
        )
    columns = [f"column {i + 1}" for i in range(len(head))]
    if has_header(path, rows, header):
        columns, rows = [name or own for name, own in zip(head, columns, strict=True)], rows[1:]
    if not rows:
        raise FileError(said("{path}: a header and no rows", path=path))
    goal = named_columns(path, columns, [target], "target")[0] if target is not None else -1
    goal %= len(columns)
    places, chosen, all_text = _chosen(path, columns, goal, one_hot, drop)
    whole = [row for _, row in rows if len(row) == len(columns)]
    cells = [[row[place] for row in whole] for place in range(len(columns))]
    features, of_columns = planned(columns, cells, places, chosen, all_text)
    checked = [feature for feature in features if feature.place not in of_columns]
    faults = list(of_columns.values())
    for line, row in rows:
        if len(row) != len(columns):
            held = counted(len(row), "1 cell", "{count} cells")
            faults.append(
                said("line {line}: {held}; expected {count}", line=line, held=held, count=len(columns))
            )
            continue
        wrong = [feature.fault(line, row[feature.place]) for feature in checked]
        wrong.append(_target_fault(line, columns[goal], row[goal], kind))
        faults += [each for each in wrong if each]
    texts = {cell for cell in cells[goal] if number(cell) is None}
    if names_rows(len(texts), len(whole)):
        faults.append(
            said(
                "column {name} has {count} different texts in {rows} rows, too many to be "
                "classes; choose another with --target",
                name=quoted(columns[goal]), count=len(texts), rows=len(whole),
            )
        )
    _refuse(path, faults)
    targets, classes = _targets(cells[goal], kind)
    values = [[v for f in features for v in f.numbers(row[f.place])] for row in whole]
    return Table(
        name=path.stem,
        features=np.array(values, np.float32),
        targets=targets,
        columns=tuple(name for feature in features for name in feature.names),
        classes=classes,
        target=columns[goal],
    )


def _chosen(
    path: Path, columns: list[str], goal: int, one_hot: str | Iterable[str], drop: str | Iterable[str]
) -> tuple[list[int], list[int], bool]:
    """Return the places of the features, of those that become one-hot, and whether all text does.

    Raises:
        OptionError: the target among them, a column in both, or none left.
    """
    wanted = [one_hot] if isinstance(one_hot, str) else list(one_hot)
    all_text = "all" in wanted
    if all_text and "all" in columns:
        raise OptionError(
            said("{path}: one-hot: `all` is a column and means every column of text too", path=path)
        )
    named = [name for name in wanted if name != "all"]
    chosen = named_columns(path, columns, named, "one-hot") if named else []
    left_out = named_columns(path, columns, drop, "drop") if drop else []
    for what, places in (("one-hot", chosen), ("drop", left_out)):
        if goal in places:
            raise OptionError(
                said(
                    "{path}: {what}: {name} is the target",
                    path=path, what=what, name=quoted(columns[goal]),
                )
            )
    both = [columns[place] for place in chosen if place in left_out]
    if both:
        raise OptionError(
            said("{path}: {both} is to be one-hot and to be left out", path=path, both=quoted(both[0]))
        )
    places = [i for i in range(len(columns)) if i != goal and i not in left_out]
    if not places:
        raise OptionError(
            said(
                "{path}: no column is left to predict {name} from",
                path=path, name=quoted(columns[goal]),
            )
        )
    return places, chosen, all_text
