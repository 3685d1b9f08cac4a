"""Vectors and matrices on the command line: `W="[[1, 2], [3, 4]]"`, `W="1 2; 3 4"`, `X=@file.csv`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import FileError, OptionError, quoted
from ..files import read_text, special
from ..language import canonical_name
from ..matrices.given import array_given, entry_typed, looks_like_an_array, matrix_text
from ..sentences import said

__all__ = ["is_typed_array", "shape_typed", "shapes_typed", "typed_array"]

_MOST_BYTES = 100_000_000


def is_typed_array(value: str) -> bool:
    """Return whether a value's text is an array, or a file that holds one."""
    return value.lstrip().startswith("@") or looks_like_an_array(value)


def typed_array(name: str, value: str) -> Any:
    """Return the array that a value's text says, or that the file behind `@` holds.

    Raises:
        OptionError, ParseError: text that is no array of numbers.
        FileError: a file that cannot be read, or holds something else.
    """
    stripped = value.strip()
    if not stripped.startswith("@"):
        return _exactly(name, matrix_text(name, stripped))
    path = Path(stripped[1:].strip())
    if path.suffix.lower() == ".npy":
        return array_given(name, _of_numpy(path))
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return _exactly(name, _of_table(path))
    raise FileError(
        said("an array is read from {names}, not {path}", names=".csv, .tsv, .txt, .npy",
             path=quoted(str(path), 200))
    )  # fmt: skip


def _exactly(name: str, rows: Any) -> Any:
    """Return checked rows as an array; those with fractions as they are, which keep them."""
    from ..matrices.exact_pass import MOST_EXACT  # start-up time: NumPy

    found = array_given(name, rows)
    return rows if found.dtype.kind == "f" and found.size <= MOST_EXACT else found


def _of_table(path: Path) -> list[list[Any]]:
    """Return the rows of a table of numbers; a first row of words is a heading."""
    text = read_text(path)
    first = text.lstrip("\ufeff").splitlines()[:1] or [""]
    marks = [mark for mark in ("\t", ";", ",") if mark in first[0]]
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=marks[0] if marks else ",")
    rows: list[list[Any]] = []
    for number, cells in enumerate(lines, start=1):
        if not cells:
            continue
        try:
            rows.append([entry_typed(cell) for cell in cells])
        except ValueError as error:
            if number == 1 and not rows:
                continue  # a heading
            reason = str(error).splitlines()[0]
            raise FileError(
                said("{path}, line {line}: {reason}", path=quoted(str(path), 200), line=number,
                     reason=reason)
            ) from None  # fmt: skip
    if not rows:
        raise FileError(said("{path} holds no numbers", path=quoted(str(path), 200)))
    return rows


def _of_numpy(path: Path) -> Any:
    import numpy as np

    shown = quoted(str(path), 200)
    try:
        found = special(path)
        if found:
            raise FileError(said("{shown} {found}", shown=shown, found=found))
        if path.stat().st_size > _MOST_BYTES:
            raise FileError(said("{path} is larger than 100 MB", path=shown))
        return np.load(path, allow_pickle=False)
    except FileError:
        raise
    except FileNotFoundError:
        raise FileError(said("there is no file {shown}", shown=shown)) from None
    except (OSError, ValueError, EOFError):
        raise FileError(said("{path} is no array saved by NumPy", path=shown)) from None


def shapes_typed(arguments: Iterable[str]) -> dict[str, tuple[int | str, ...]]:
    """Return the shapes that arguments give, by name.

    >>> shapes_typed(["X=N,3", "b=3"])
    {'X': ('N', 3), 'b': (3,)}

    Raises:
        OptionError: an argument that gives no shape, or a name that is given twice.
    """
    sizes: dict[str, tuple[int | str, ...]] = {}
    for argument in arguments:
        for part in re.split(r"\s+(?=[^\s=]+\s*=)|\s*;\s*", argument.strip()):
            name, mark, value = part.partition("=")
            if not mark or not name.strip():
                raise OptionError(
                    said("{argument} gives no shape; expected name=sizes, such as X=N,3",
                         argument=quoted(part))
                )  # fmt: skip
            own = canonical_name(name.strip())
            if own in sizes:
                raise OptionError(said("{name} is given twice on the command line", name=quoted(own)))
            sizes[own] = shape_typed(name.strip(), value)
    return sizes


def shape_typed(name: str, text: str) -> tuple[int | str, ...]:
    """Return the shape that a text says: `N,3`, `4x3`, `5`; nothing for a single number.

    >>> shape_typed("X", "N,3"), shape_typed("b", "4"), shape_typed("s", "()")
    (('N', 3), (4,), ())

    Raises:
        OptionError: a size that is neither a whole number nor a symbol.
    """
    bare = text.strip().strip("()[]").replace("×", ",")
    if bare and not any(c.isalpha() and c != "x" for c in bare):
        bare = bare.replace("x", ",")
    sizes: list[int | str] = []
    for part in (part.strip() for part in bare.split(",") if part.strip()):
        if part.isdigit() and len(part) < 10:
            sizes.append(int(part))
        elif part.isidentifier() and part.isascii():
            sizes.append(part)
        else:
            raise OptionError(
                said("a size of {name} is a whole number or a symbol, not {size}", name=quoted(name),
                     size=quoted(part))
            )  # fmt: skip
    return tuple(sizes)
