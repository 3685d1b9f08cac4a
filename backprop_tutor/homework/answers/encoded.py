"""A file of answers opened as UTF-8, whatever it is written in, with a remark on what that was.

Enters: a path, and which texts are known to be names or headings. Leaves: UTF-8, and what is worth saying.
UTF-8, UTF-16 and UTF-32 tell themselves. What is none of these is read as one of `OLD_ENCODINGS` where its
own cells show which, and that is said; where they do not, nothing is read as another text than it may be.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ...errors import FileError, quoted
from ...files import read_text
from ...files.encodings import SHOWN, Recoded, unicode_kind
from ...sentences import said
from ..problems.columns import role_of
from ..problems.problem_set import ProblemSet
from .headings import ANSWER, PROBLEM, QUANTITY
from .old_encodings import cells_not_ascii, guessed
from .sheets import known_keys
from .speakers import Speaker

__all__ = ["Known", "Opened", "known_words", "of_a_heading", "opened", "whole_text"]

Known = Callable[[str], bool]
"""`known(text)`: whether a cell is a name or a heading that is known: then it is read rightly."""

_START = 400
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as UTF-8.

    Attributes:
        stream: its bytes.
        remarks: on its encoding.
        recoded: whether it was in another one.
    """

    stream: BinaryIO
    remarks: tuple[str, ...] = ()
    recoded: bool = False


@dataclass(frozen=True, slots=True)
class _Codec:
    """What a file is written in: Python's name, a remark, and what cannot be told."""

    name: str = "utf-8-sig"
    remark: str = ""
    unclear: str = ""
    """What is said where it cannot be told, or must not be guessed."""


def of_a_heading(text: str) -> bool:
    """Return whether a text is a word that heads columns."""
    word = " ".join(text.split()).casefold()
    return word in PROBLEM | QUANTITY | ANSWER or role_of(text) is not None


def known_words(speaker: Speaker, problems: ProblemSet) -> Known:
    """Return the test for texts that are on the roster, head a column or are a cell's name."""

    def known(text: str) -> bool:
        if len(text) > _LONGEST:
            return False
        if of_a_heading(text) or (speaker.roster is not None and speaker.roster.known(text) is not None):
            return True
        cell = " ".join(text.split()).replace("∂", "d").rpartition(": ")[2]
        return ("", cell) in known_keys(problems)

    return known


def _codec(path: Path, known: Known) -> _Codec:
    with path.open("rb") as file:
        kind = unicode_kind(file.read(_START))
    if kind == "utf-8-sig":
        return _Codec()
    if kind is not None:
        return _Codec(kind, said("it is {encoding} text", encoding=SHOWN[kind]))
    guess = guessed(cells_not_ascii(path), known)
    if guess is None:
        return _Codec()
    if guess.encoding is None:
        return _Codec(unclear=_unclear(guess.readings))
    ((shown, example),) = guess.readings
    return _Codec(
        guess.encoding.codec,
        said("it is not UTF-8 text; it was read as {encoding}, as in {example}; save it as UTF-8 if that "
             "is wrong", encoding=shown, example=quoted(example, 60)),
        _unclear(guess.readings),
    )  # fmt: skip


def _unclear(readings: Sequence[tuple[str, str]]) -> str:
    if not readings:
        return said("it is not UTF-8 text; save it as UTF-8")
    listed = ", ".join(
        said("{example} in {encoding}", example=quoted(text, 60), encoding=encoding)
        for encoding, text in readings
    )
    return said(
        "it is not UTF-8 text, and what it is written in is not certain: {readings}; save it as UTF-8",
        readings=listed,
    )


@contextmanager
def opened(path: Path, known: Known) -> Iterator[Opened]:
    """Open a file as UTF-8; where it cannot be told what it is in, its bytes come as they are."""
    codec = _codec(path, known)
    with path.open("rb") as file:
        if codec.name == "utf-8-sig":
            yield Opened(file, (codec.unclear,) if codec.unclear else ())
        else:
            stream = cast(BinaryIO, io.BufferedReader(Recoded(file, codec.name)))
            yield Opened(stream, (codec.remark,), recoded=True)


def whole_text(
    path: Path, most: int, known: Known, certain: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Return a file's text, and remarks on its encoding.

    Args:
        path: where it is.
        most: so many bytes are read.
        known: which texts are read rightly.
        certain: whether only encodings are read that need not be told.

    Raises:
        FileError: no such file, larger than `most` bytes, or it cannot be told what it is written in.
    """
    codec = _codec(path, known) if path.is_file() and path.stat().st_size <= most else _Codec()
    if codec.unclear and (certain or not codec.remark):
        raise FileError(codec.unclear)
    return read_text(path, most, codec.name), (codec.remark,) if codec.remark else ()
