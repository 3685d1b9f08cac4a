"""The path data of an SVG as moves, lines and curves in absolute points.

Reads the commands M, L, H, V, C, Q, Z and their relative forms; a quadratic curve becomes a cubic
one, a horizontal or vertical line becomes a line (SVG 1.1, section 8.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["path_commands"]

Point = tuple[float, float]

_TOKEN = re.compile(r"([MLHVCQZmlhvcqz])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}


def path_commands(data: str, at: Point = (0.0, 0.0)) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """Yield the commands M, L, C and Z with their points, moved by `at`.

    >>> list(path_commands("M1,2H5l0 3z", (10, 0)))
    [('M', ((11.0, 2.0),)), ('L', ((15.0, 2.0),)), ('L', ((15.0, 5.0),)), ('Z', ())]
    """
    here = start = (0.0, 0.0)
    for letter, numbers in _pieces(data):
        kind = letter.upper()
        base = here if letter.islower() else (0.0, 0.0)
        if kind == "Z":
            here = start
            yield "Z", ()
            continue
        if kind == "H":
            points = [(numbers[0] + base[0], here[1])]
        elif kind == "V":
            points = [(here[0], numbers[0] + base[1])]
        else:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            points = [(x + base[0], y + base[1]) for x, y in pairs]
        if kind == "Q":
            points = _cubic(here, *points)
        here = points[-1]
        if kind == "M":
            start = here
        name = {"M": "M", "C": "C", "Q": "C"}.get(kind, "L")
        yield name, tuple((x + at[0], y + at[1]) for x, y in points)


def _pieces(data: str) -> Iterator[tuple[str, list[float]]]:
    letter, numbers = "", list[float]()
    for command, number in _TOKEN.findall(data):
        if command:
            letter = command
            if _TAKES[letter.upper()] == 0:
                yield letter, []
        else:
            numbers.append(float(number))
            if len(numbers) == _TAKES[letter.upper()]:
                yield letter, numbers
                numbers = []
                # More pairs after a move are lines.
                letter = {"M": "L", "m": "l"}.get(letter, letter)


def _cubic(start: Point, control: Point, end: Point) -> list[Point]:
    first, second = (
        (p[0] + 2 / 3 * (control[0] - p[0]), p[1] + 2 / 3 * (control[1] - p[1]))
        for p in (start, end)
    )
    return [first, second, end]
