"""In which of Unicode's encodings a file is written, told by its first bytes, and the file as UTF-8.

Enters: bytes, or a file that is open. Leaves: the name of an encoding that is certain, or none, and a
file that gives UTF-8 for the bytes of another encoding. What is not certain is nobody's affair here.
"""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

__all__ = ["SHOWN", "Recoded", "unicode_kind"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
"""Byte order marks, the longer before one that is its beginning."""
SHOWN = {"utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32": "UTF-32"}
"""How encodings are called in messages."""


def unicode_kind(start: bytes) -> str | None:
    """Return the encoding that a file's first bytes tell; None where they tell none.

    A byte order mark tells it, and so do the zeros of ASCII letters in UTF-16: every other byte.

    >>> unicode_kind(b"\\xff\\xfea\\0"), unicode_kind(b"a\\0b\\0c\\0"), unicode_kind(b"a,b")
    ('utf-16', 'utf-16-le', None)
    """
    marked = next((kind for mark, kind in _MARKS if start.startswith(mark)), None)
    if marked is not None:
        return marked
    even, odd = start[::2], start[1::2]
    for kind, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros and zeros.count(0) > 0.6 * len(zeros) and not letters.count(0):
            return kind
    return None


class Recoded(io.RawIOBase):
    """A file that gives UTF-8 for the bytes of another encoding; what is none becomes U+FFFD.

    >>> io.BufferedReader(Recoded(io.BytesIO("ü\\nx".encode("utf-16")), "utf-16")).readline()
    b'\\xc3\\xbc\\n'
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = b""

    def readable(self) -> bool:
        """Return True: it is read, and nothing else."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Put some bytes into a buffer, and return how many; 0 at the end."""
        while not self._rest:
            chunk = self._file.read(8_192)
            self._rest = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "replace")
            if not chunk:
                break
        given, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)
