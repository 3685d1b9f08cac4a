"""Lines broken to the columns of a terminal: between words, before an operator, indented as they began.

Enters: a line in pieces with their roles, and the columns there are. Leaves: one line or several, none
wider, unless not even one character fits behind the indent.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from ...errors import columns_of

__all__ = ["Segment", "columns", "folded", "folded_text", "hang_of"]

Segment = tuple[str, str]
"""A piece of a line and its role."""

_OPERATORS = frozenset("=+−-×·/÷@→≈<>≤≥Σ")
"""What stands before what it belongs to: a line never ends in one."""

_SIGNS = frozenset(",;·/)]_|+−=")
"""Behind these a word is broken that is wider than the terminal."""

_MARKER = re.compile(r"\s*(?:(?:[•*-]|\d{1,4}[.:%]?|\d{1,4}/\d{1,4})\s+|[^\s=]{1,14}\s{2,})?")
"""A line's indent and what its text stands behind: a bullet, a number, a label with two blanks or more."""


def columns(line: Sequence[Segment]) -> int:
    """Return how many columns a line in pieces takes."""
    return sum(columns_of(piece) for piece, _ in line)


def hang_of(line: str) -> int:
    """Return the column at which what follows of a line begins: where its own text does.

    >>> hang_of("  • one"), hang_of("      local       d"), hang_of("  prose")
    (4, 18, 2)
    """
    found = _MARKER.match(line)
    return columns_of(found.group()) if found is not None else 0


def folded_text(text: str, width: int | None) -> str:
    """Return lines of text, each broken to a width; None for no width.

    A line with carets under it stays as it is: they point at its characters.

    >>> print(folded_text("  • one two three", 12))
      • one two
        three
    """
    if width is None:
        return text
    lines = text.split("\n")
    out: list[str] = []
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if columns_of(line) <= width or _carets(line) or _carets(below):
            out.append(line)
            continue
        for part in folded([(line, "")], width, hang_of(line)):
            out.append("".join(piece for piece, _ in part))
    return "\n".join(out)


def _carets(line: str) -> bool:
    return "^" in line and not line.strip(" ^")


def folded(line: Sequence[Segment], width: int, hang: int) -> Iterator[list[Segment]]:
    """Yield a line broken to a width, what follows behind `hang` blanks."""
    if columns(line) <= width:
        yield list(line)
        return
    text = "".join(piece for piece, _ in line)
    ends = _ends(text)
    indent = min(hang, width // 2)
    # What a line begins with, a bullet or a label, does not stand alone.
    words = [(stop, after) for stop, after in _breaks(text) if ends[stop - 1] >= hang]
    reached = [ends[stop - 1] for stop, _ in words]
    starts = [0, *accumulate(len(piece) for piece, _ in line)]
    start = first = 0
    while start < len(text):
        most = (ends[start - 1] if start else 0) + width - (indent if start else 0)
        stop = following = len(text)
        if ends[-1] > most:
            last = bisect_right(reached, most)
            first = bisect_right(words, (start, len(text)), first)
            stop, following = _chosen(words[first:last], reached[first:last], most - width // 2)
            if not stop:
                stop = following = _inside(text, ends, start, most)
        yield ([(" " * indent, "")] if start else []) + _cut(line, starts, start, stop)
        start = following


def _ends(text: str) -> list[int]:
    """Return for each character the column behind it."""
    if columns_of(text) == len(text):
        return list(range(1, len(text) + 1))
    found, at = [], 0
    for character in text:
        at += columns_of(character)
        found.append(at)
    return found


def _breaks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a line may be broken: where a word ends, and where the next one begins."""
    for word, after in pairwise(re.finditer(r"\S+", text)):
        if word.group() not in _OPERATORS:
            yield word.end(), after.start()


def _chosen(
    words: Sequence[tuple[int, int]], reached: Sequence[int], least: int
) -> tuple[int, int]:
    """Return the break that is taken: before a remark (three blanks) that is far enough, else the last."""
    for (stop, following), column in zip(reversed(words), reversed(reached), strict=True):
        if column < least:
            break
        if following - stop >= 3:
            return stop, following
    return words[-1] if words else (0, 0)


def _inside(text: str, ends: Sequence[int], start: int, most: int) -> int:
    """Return where a word is broken that is wider than the terminal: behind a sign, if it has one."""
    last = max(start + 1, bisect_right(ends, most))
    signs = (place for place in range(last, start + 1, -1) if text[place - 1] in _SIGNS)
    return next(signs, last)


def _cut(line: Sequence[Segment], starts: Sequence[int], start: int, stop: int) -> list[Segment]:
    """Return the pieces between two characters of a line, whose pieces begin at `starts`."""
    found = []
    for place in range(bisect_right(starts, start) - 1, bisect_left(starts, stop)):
        piece, role = line[place]
        part = piece[max(0, start - starts[place]) : stop - starts[place]]
        if part:
            found.append((part, role))
    return found
