"""A CSV file's lines and rows as they are typed: its encoding, separator, line ends, broken rows.

Enters: a path. Leaves: rows with their numbers, and remarks on what the file is. Rows are read one by one.
Bytes of which it cannot be told what they are spoil the cell they stand in, not the file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import FileError
from ...files import lines_within
from ...reasons import reason
from ...sentences import said
from ..problems.file_limits import CLASS, Bounds, line_within, size_within
from .encoded import Known, of_a_heading, opened, whole_text
from .handed_in import Refused

__all__ = ["NOT_TEXT", "Lines", "Rows", "Tell", "table_text"]

_SEPARATORS = (",", ";", "\t")
NOT_TEXT = "\N{REPLACEMENT CHARACTER}"
_LOST = NOT_TEXT.encode()
_LONGEST_LINE = 1_000_000


@dataclass(slots=True)
class Lines:
    """The lines of a file as text; remembers what is worth a remark and which were not UTF-8."""

    path: Path
    bounds: Bounds
    known: Known = of_a_heading
    bad: dict[int, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        size_within(self.path, self.bounds)
        with opened(self.path, self.known) as file:
            self.remarks += file.remarks
            for number, raw in enumerate(lines_within(file.stream, _LONGEST_LINE), 1):
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
                if file.recoded and _LOST in raw:
                    self.bad[number] = 1
                try:
                    yield raw.decode("utf-8")
                except UnicodeDecodeError as error:
                    self.bad[number] = len(raw[: error.start].decode("utf-8", "replace")) + 1
                    if len(self.bad) > 10_000:
                        raise FileError(said("the file is not UTF-8 text")) from None
                    yield raw.decode("utf-8", "replace")

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


Tell = Callable[[str], None]
"""Called with a remark that a person should see."""


def table_text(path: str | Path, tell: Tell | None = None, bounds: Bounds = CLASS) -> str:
    """Return the text of a small table: a roster, corrections, a gradebook.

    Args:
        path: where it is.
        tell: called with a remark where it is in an encoding before Unicode; without it such a file is
            refused, since nobody would hear of it.
        bounds: how large it may be.

    Raises:
        FileError: no such file, larger than is read, or it cannot be told what it is written in.
    """
    place = Path(path)
    try:
        text, remarks = whole_text(place, bounds.bytes, of_a_heading, certain=tell is None)
    except FileError as error:
        if place.name in str(error):
            raise
        raise FileError(f"{place.name}: {error}") from None
    if tell is not None:
        for remark in remarks:
            tell(f"{place.name}: {remark}")
    return text.removeprefix("\ufeff")


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
