"""Matrices as students type them, cut into the texts of their entries, each with its place.

Enters: nested lists, MATLAB's `1 2; 3 4`, a `bmatrix`, or what NumPy prints. Leaves: a grid of texts, or
what is wrong, every fault with its place. No entry is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ...errors import quoted
from ...sentences import said

__all__ = ["Grid", "is_matrix_text", "matrix_grid", "nested_grid", "nested_text"]

_WRAPPED = re.compile(
    r"(?:np\.|numpy\.|torch\.)?(?:array|tensor|matrix)\s*\((?P<in>.*?)(?:,\s*(?:dtype|device)\s*=[^\[\]]*)*\)\s*\Z",
    re.DOTALL,
)
_LATEX = re.compile(
    r"\$*\s*(?:\\left\s*[\[(|.]\s*)?\\begin\{(?P<env>[bpBvV]?matrix|array)\}(?:\{[lcr|\s]*\})?(?P<in>.*)"
    r"\\end\{(?P=env)\}(?:\s*\\right\s*[\])|.])?\s*\$*\Z",
    re.DOTALL,
)
_PARTS = re.compile(r"[\[\],]|[^\[\],]+")
_DEEPEST = 4
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Nested tuples of entries' texts (or numbers) with their shape; or the faults of what was typed."""

    entries: tuple[Any, ...] = ()
    shape: tuple[int, ...] = ()
    faults: tuple[str, ...] = ()


def is_matrix_text(text: str) -> bool:
    """Return whether a text says a vector or a matrix, and no number or formula.

    >>> [is_matrix_text(t) for t in ("[[1, 2]]", "1 2; 3 4", "0.1 -2", "1/3", "Xᵀ(P - Y)/N", "2 x")]
    [True, True, True, False, False, False]
    """
    stripped = text.strip()
    if _LATEX.match(stripped) or _WRAPPED.match(stripped):
        return True
    if stripped.startswith("["):
        return True
    if any(c.isalpha() and c not in "eE" for c in stripped):
        return False
    return ";" in stripped or bool(re.search(r"[\d.]\s+[-−+]?\s?[\d.]|\n", stripped))


def matrix_grid(text: str) -> Grid:
    """Return the entries of a text, row by row.

    >>> matrix_grid("1 2; 3 4").entries, matrix_grid("[[1, 2], [3]]").faults
    ((('1', '2'), ('3', '4')), ('row 1 has 1 entry; row 0 has 2',))
    """
    stripped = text.strip()
    wrapped = _WRAPPED.match(stripped)
    if wrapped:
        stripped = wrapped["in"].strip()
    latex = _LATEX.match(stripped)
    if latex:
        inside = latex["in"].replace(r"\hline", "")
        rows = [row for row in re.split(r"\\\\(?:\[[^\]]*\])?|\\cr\b", inside) if row.strip()]
        return _of_rows([[each.strip() for each in row.split("&")] for row in rows])
    if stripped.startswith("[") and ";" not in stripped:
        inner = stripped[1:].lstrip()
        if not inner.startswith("[") and "\n" in stripped.strip("[] \n"):
            return _of_lines(stripped)
        return _of_brackets(stripped)
    return _of_lines(stripped)


def _of_lines(text: str) -> Grid:
    """Return MATLAB's rows: parted by semicolons or lines, entries by commas or spaces."""
    inside = text.strip()
    if inside.startswith("[") != inside.endswith("]"):
        return Grid(faults=(said("a bracket is not closed"),))
    inside = inside.removeprefix("[").removesuffix("]")
    rows = [row.strip() for row in re.split(r"[;\n]", inside)]
    found = [_row(row) for row in rows if row]
    if len(found) == 1 and ";" not in inside:
        return _checked(tuple(found[0]))
    return _of_rows(found)


def _row(text: str) -> list[str]:
    """Return a row's entries: parted by commas where there are any, else by spaces."""
    if "," in text:
        return [each.strip() for each in text.removesuffix(",").split(",")]
    return text.split()


def _of_rows(rows: list[list[str]]) -> Grid:
    return _checked(tuple(map(tuple, rows)))


def _of_brackets(text: str) -> Grid:
    """Return `[[1, 2], [3, 4]]`, or without commas as NumPy prints it, as nested tuples."""
    stack: list[list[Any]] = [[]]
    comma = False  # whether the last thing was a comma
    for part in _PARTS.findall(text):
        if not part.strip():
            continue
        if part == "[":
            if len(stack) > _DEEPEST:
                return Grid(faults=(said("more than {most} brackets lie in each other", most=_DEEPEST),))
            stack.append([])
        elif part == "]":
            if len(stack) < 2:
                return Grid(faults=(said("a bracket is closed that was not opened"),))
            closed = tuple(stack.pop())
            stack[-1].append(closed)
        elif part == ",":
            if comma or not stack[-1]:
                stack[-1].append("")  # nothing stands there
        else:
            words = part.split()
            stack[-1] += words if len(words) > 1 and "," not in text else [part.strip()]
        comma = part == ","
    if len(stack) != 1:
        return Grid(faults=(said("a bracket is not closed"),))
    if len(stack[0]) != 1 or not isinstance(stack[0][0], tuple):
        return Grid(faults=(said("something stands outside of the brackets"),))
    return _checked(stack[0][0])


def nested_grid(given: Any) -> Grid:
    """Return nested lists or tuples of numbers and texts as a grid, without recursion into texts."""
    made: list[Any] = []
    waiting: list[tuple[Any, list[Any], int]] = [(given, made, 1)]
    while waiting:
        listed, into, depth = waiting.pop()
        if depth > _DEEPEST:
            return Grid(faults=(said("more than {most} lists lie in each other", most=_DEEPEST),))
        for item in listed:
            if len(getattr(item, "shape", ())) > 0:
                item = item.tolist()
            if isinstance(item, list | tuple):
                inner: list[Any] = []
                into.append(inner)
                waiting.append((item, inner, depth + 1))
            else:
                into.append(item)
    return _checked(_frozen(made))


def _frozen(lists: list[Any]) -> tuple[Any, ...]:
    """Return nested lists, at most four deep, as tuples."""
    return tuple(_frozen(each) if isinstance(each, list) else each for each in lists)


def _checked(entries: tuple[Any, ...]) -> Grid:
    """Return the grid with its shape; faults where rows differ in length, or numbers and rows are mixed."""
    if not entries:
        return Grid(faults=(said("it has no entries"),))
    shape: list[int] = []
    level: list[tuple[tuple[int, ...], Any]] = [((), entries)]
    while True:
        length = len(level[0][1])
        faults = [
            _uneven(at, len(each), length) for at, each in level if len(each) != length
        ]  # fmt: skip
        if faults:
            return Grid(faults=tuple(faults))
        shape.append(length)
        below = [((*at, i), item) for at, each in level for i, item in enumerate(each)]
        rows = [isinstance(item, tuple) for _, item in below]
        if len(below) > _MOST:
            return Grid(faults=(said("it has more than {most:,} entries", most=_MOST),))
        if not any(rows):
            return Grid(entries, tuple(shape))
        if not all(rows):
            at, item = next(found for found, row in zip(below, rows, strict=True) if row != rows[0])
            place = ", ".join(map(str, at))
            return Grid(
                faults=(
                    said("[{place}] is a row, where the entries before are numbers", place=place)
                    if isinstance(item, tuple)
                    else said(
                        "[{place}] is {given}, where a row is expected",
                        place=place, given=quoted(str(item)),
                    ),
                )
            )
        level = below
        if any(not row for _, row in level):
            return Grid(faults=(said("a row is empty"),))


def _uneven(at: tuple[int, ...], length: int, first: int) -> str:
    where = ", ".join(map(str, at))
    if length == 1:
        return said("row {where} has 1 entry; row 0 has {first}", where=where, first=first)
    return said(
        "row {where} has {count} entries; row 0 has {first}", where=where, count=length, first=first
    )


def nested_text(value: Any) -> str:
    """Return nested lists as a text, digit for digit; nothing stands where an entry is missing.

    >>> nested_text([["0.10", None], [2, 3.5]])
    '[[0.10, ], [2, 3.5]]'
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(nested_text, value))}]"
    return "" if value is None else " ".join(str(value).split())
