"""How large a file of tables may be, looked at before it is parsed: bytes, keys, depth, digits.

Enters: the text of a TOML or JSON file. Leaves: its tables, or a `FileError` that names the limit.
The text is walked once, token by token, without recursion and without building anything; only what
is within its `Bounds` reaches a parser, whose time then grows with the size alone.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import FileError
from ...reasons import reason
from ...sentences import said

__all__ = ["CLASS", "PROBLEMS", "ROWS", "SHEET", "Bounds", "Numeral", "Object", "json_within",
    "line_within", "size_within", "toml_within",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that is read of one file.

    Attributes:
        bytes: its size.
        keys: its keys, and the items of its lists.
        lines: its lines.
        depth: how deep tables and lists may lie in each other, dotted keys included.
        digits: the digits of one number.
    """

    bytes: int
    keys: int
    lines: int
    depth: int = 12
    digits: int = 400


SHEET = Bounds(bytes=250_000, keys=10_000, lines=20_000)
"""Of a file that is one student's."""

CLASS = Bounds(bytes=20_000_000, keys=1_000_000, lines=1_000_000)
"""Of a file that may hold a class."""

ROWS = Bounds(bytes=200_000_000, keys=10_000, lines=2_000_000)
"""Of a file that may hold a class and is read row by row; its keys are those of one row."""

PROBLEMS = Bounds(bytes=5_000_000, keys=200_000, lines=100_000)
"""Of a problem file, which may list sets of values."""


class Numeral(str):
    """A number of a file, as its text."""


class Object(dict[str, Any]):
    """A JSON object that remembers keys which stood twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs)
        self.twice: set[str] = {key for key, count in counts.items() if count > 1}


_TOML = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)|' + r"'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)|"
    r'"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)|' + r"'[^'\n]*+'?|#[^\n]*+|[\[{]|[\]}]|[=,.\n]|"
    r"[^\s\"'#\[\]{}=,.]+",
    re.DOTALL,
)
_JSON = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]|[:,]|[^\s"\[\]{}:,]+', re.DOTALL
)
"""Tokens, each found in one go: what is not closed goes to the end, so that none is tried twice."""

_NAME_ENDS = frozenset("\n=,[{")


def toml_within(text: str, bounds: Bounds, **options: Callable[[str], Any]) -> dict[str, Any]:
    """Return the tables of a TOML text.

    Raises:
        FileError: it is larger than the bounds, or not TOML.

    >>> toml_within("a.b = 1", SHEET)
    {'a': {'b': 1}}
    """
    text = text.replace("\r\n", "\n")
    _size(text, bounds)
    walk = _Walk(text, bounds)
    dots = 0
    for token in _TOML.finditer(text):
        mark = token.group()
        if mark == ".":
            dots += 1
            walk.deep(token.start(), dots)
            continue
        if mark in _NAME_ENDS:
            dots = 0
        if mark in "[{":
            walk.opened(token.start())
            walk.counted(token.start())  # a heading is a key, too
        elif mark in "]}":
            walk.closed()
        elif mark in ("=", ","):
            walk.counted(token.start())
        elif mark[0] not in "\"'#\n":
            walk.word(token.start(), mark)
    try:
        return tomllib.loads(text, **options)
    except tomllib.TOMLDecodeError as error:
        raise FileError(said("it is not TOML: {error}", error=reason(error))) from None


def json_within(text: str, bounds: Bounds) -> Any:
    """Return what a JSON text says: objects as `Object`, numbers as `Numeral`, digit for digit.

    Raises:
        FileError: it is larger than the bounds, or not JSON; with line and column.

    >>> json_within('{"q": 1.50}', SHEET)
    {'q': '1.50'}
    """
    _size(text, bounds)
    walk = _Walk(text, bounds)
    for token in _JSON.finditer(text):
        mark = token.group()
        if mark in "[{":
            walk.opened(token.start())
            walk.counted(token.start())
        elif mark in "]}":
            walk.closed()
        elif mark == ",":  # what stands first was counted with its bracket
            walk.counted(token.start())
    try:
        return json.loads(
            text, object_pairs_hook=Object, parse_float=Numeral, parse_int=Numeral,
            parse_constant=Numeral,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise FileError(
            said(
                "it is not JSON: line {lineno}, column {colno}: {msg}",
                lineno=error.lineno, colno=error.colno, msg=reason(error.msg),
            )
        ) from None


def size_within(path: Path, bounds: Bounds) -> None:
    """Look at a file's size before it is opened.

    Raises:
        FileError: it is larger than the bounds.
    """
    size = path.stat().st_size
    if size > bounds.bytes:
        raise FileError(
            said("it has {size:,} bytes; at most {bytes:,} are read", size=size, bytes=bounds.bytes)
        )


def line_within(number: int, bounds: Bounds) -> None:
    """Look at the number of a line that was just read.

    Raises:
        FileError: it is beyond the bounds.
    """
    if number > bounds.lines:
        raise FileError(
            said("it has more than {lines:,} lines; the rest is not read", lines=bounds.lines)
        )


def _size(text: str, bounds: Bounds) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > bounds.bytes:
        raise FileError(
            said("it has {size:,} bytes; at most {bytes:,} are read", size=size, bytes=bounds.bytes)
        )
    lines = text.count("\n") + 1
    if lines > bounds.lines:
        raise FileError(
            said(
                "it has {lines:,} lines; at most {most:,} are read",
                lines=lines, most=bounds.lines,
            )
        )


class _Walk:
    """What was met so far on the way through a text."""

    def __init__(self, text: str, bounds: Bounds) -> None:
        self._text = text
        self._bounds = bounds
        self._depth = 0
        self._keys = 0

    def _line(self, place: int) -> int:
        return self._text.count("\n", 0, place) + 1

    def opened(self, place: int) -> None:
        self._depth += 1
        self.deep(place, 0)

    def closed(self) -> None:
        self._depth = max(0, self._depth - 1)  # the parser tells of one that was never opened

    def deep(self, place: int, further: int) -> None:
        if self._depth + further > self._bounds.depth:
            raise FileError(
                said(
                    "line {place}: it nests too deep; at most {depth} levels are read",
                    place=self._line(place), depth=self._bounds.depth,
                )
            )

    def counted(self, place: int) -> None:
        self._keys += 1
        if self._keys > self._bounds.keys:
            raise FileError(
                said(
                    "line {place}: it has too many keys and items; at most {keys:,} are read",
                    place=self._line(place), keys=self._bounds.keys,
                )
            )

    def word(self, place: int, mark: str) -> None:
        if len(mark) > self._bounds.digits:
            raise FileError(
                said(
                    "line {place}: a number or a bare key has {count:,} characters; at most "
                    "{digits} are read",
                    place=self._line(place), count=len(mark), digits=self._bounds.digits,
                )
            )
