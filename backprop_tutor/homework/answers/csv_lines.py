"""A CSV file's lines and rows as they are typed: its encoding, separator, line ends, broken rows.

Enters: a path. Leaves: rows with their numbers, and remarks on what the file is. Rows are read one by one.
UTF-8 and UTF-16 are read; bytes that are neither spoil the cell they stand in, not the file.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from ...errors import FileError
from ...files import lines_within, read_text
from ...reasons import reason
from ...sentences import said
from ..problems.file_limits import CLASS, Bounds, line_within, size_within
from .handed_in import Refused

__all__ = ["NOT_TEXT", "Lines", "Rows", "table_text"]

_SEPARATORS = (",", ";", "\t")
NOT_TEXT = "\N{REPLACEMENT CHARACTER}"
_LONGEST_LINE = 1_000_000


class _Recoded:
    """A file that gives UTF-8 for the bytes of another encoding."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, most: int) -> bytes:
        """Return some bytes; none at the end."""
        while chunk := self._file.read(most):
            if text := self._decoder.decode(chunk):
                return text.encode("utf-8")
        return self._decoder.decode(b"", final=True).encode("utf-8")


def _utf_16(start: bytes) -> str | None:
    """Return the kind of UTF-16 that a file begins as; None where it is none.

    Without a byte order mark, ASCII letters show it: every other byte is zero.

    >>> _utf_16(b"\\xff\\xfea\\0"), _utf_16(b"a\\0b\\0c\\0"), _utf_16(b"a,b")
    ('utf-16', 'utf-16-le', None)
    """
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = start[::2], start[1::2]
    for kind, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros and zeros.count(0) > 0.6 * len(zeros) and not letters.count(0):
            return kind
    return None


@dataclass(slots=True)
class Lines:
    """The lines of a file as text; remembers what is worth a remark and which were not UTF-8."""

    path: Path
    bounds: Bounds
    bad: dict[int, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        size_within(self.path, self.bounds)
        with self.path.open("rb") as file:
            for number, raw in enumerate(lines_within(self._as_utf8(file), _LONGEST_LINE), 1):
                line_within(number, self.bounds)
                if len(raw) >= _LONGEST_LINE:
                    raise FileError(
                        said(
                            "line {number:,} has {longest_line:,} bytes or more; the rest of the "
                            "file is not read",
                            number=number, longest_line=_LONGEST_LINE,
                        )
                    )
                if number == 1:
                    raw = self._first(raw)
                try:
                    yield raw.decode("utf-8")
                except UnicodeDecodeError as error:
                    self.bad[number] = len(raw[: error.start].decode("utf-8", "replace")) + 1
                    if len(self.bad) > 10_000:
                        raise FileError(said("the file is not UTF-8 text")) from None
                    yield raw.decode("utf-8", "replace")

    def _as_utf8(self, file: BinaryIO) -> BinaryIO:
        """Return the file, or what gives it as UTF-8 where it is UTF-16."""
        start = file.read(400)
        file.seek(0)
        encoding = _utf_16(start)
        if encoding is None:
            return file
        self.remarks.append(said("it is UTF-16 text"))
        return cast(BinaryIO, _Recoded(file, encoding))  # `lines_within` asks for `read` alone

    def _first(self, raw: bytes) -> bytes:
        if b"\0" in raw[:200]:
            raise FileError(said("the file is not text: it has zero bytes"))
        if raw.startswith(b"\xef\xbb\xbf"):
            self.remarks.append(said("a byte order mark at the beginning was left out"))
            raw = raw[3:]
        if raw.endswith(b"\r\n"):
            self.remarks.append(said("its lines end in CRLF, as on Windows"))
        elif raw.endswith(b"\r"):
            self.remarks.append(said("its lines end in CR alone"))
        return raw


def table_text(path: str | Path, bounds: Bounds = CLASS) -> str:
    """Return the text of a small table: a roster, corrections, a gradebook. UTF-16 is read, too.

    Raises:
        FileError: no such file, neither UTF-8 nor UTF-16, or larger than is read.
    """
    with Path(path).open("rb") if Path(path).is_file() else nullcontext() as file:
        encoding = None if file is None else _utf_16(file.read(400))
    if encoding is None:
        return read_text(path, bounds.bytes)
    lines = Lines(Path(path), bounds)
    return "".join(lines).removeprefix("\ufeff")


def _separator(header: str) -> str:
    """Return the separator of a header line: the one that stands in it most often unquoted."""
    outside = "".join(header.split('"')[::2])
    bare = outside
    while "(" in bare and ")" in bare[bare.index("(") :]:
        start = bare.index("(")
        bare = bare[:start] + bare[bare.index(")", start) + 1 :]
    counts = {separator: bare.count(separator) for separator in _SEPARATORS}
    return max(_SEPARATORS, key=lambda s: (counts[s], -_SEPARATORS.index(s)))


def _told_separator(first: str) -> str | None:
    r"""Return the separator that a first line of its own tells, as Excel reads it; None where it is none.

    >>> _told_separator("sep=;\r\n"), _told_separator("student;q")
    (';', None)
    """
    line = first.rstrip("\r\n")
    return line[4] if len(line) == 5 and line[:4].lower() == "sep=" else None


@dataclass(slots=True)
class Rows:
    """The rows of a CSV file with their numbers; broken ones come as `Refused`."""

    lines: Lines
    place: str
    separator: str = ","

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Refused]:
        source = iter(self.lines)
        first = next(source, None)
        if first is None:
            return
        if (told := _told_separator(first)) is not None:
            self.separator = told
            first = next(source, "")
        else:
            self.separator = _separator(first)

        def again() -> Iterator[str]:
            yield first
            yield from source

        reader = csv.reader(again(), delimiter=self.separator, strict=False)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Refused(
                    said("{place}, row {line_num}", place=self.place, line_num=reader.line_num),
                    said("it is not CSV: {error}", error=reason(error)),
                )
                continue
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
