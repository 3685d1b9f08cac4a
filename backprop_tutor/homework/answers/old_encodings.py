"""Which of the encodings before Unicode a table is written in, as far as its own words show it.

Enters: the bytes of the cells that are not UTF-8. Leaves: the one encoding in which names, headings and
numbers read as such are written, or none, with an example of each reading. The candidates are what
spreadsheets write as plain "CSV". Each cell costs what is strange in it: a sign between letters, a capital
behind a small letter, half a pair of quotation marks. One encoding is known where it costs little, and
clearly less than every other; a name that is on the roster, or a heading, says more than its letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["OLD_ENCODINGS", "Guess", "Old", "cells_not_ascii", "guessed"]


@dataclass(frozen=True, slots=True)
class Old:
    """An encoding of one or two bytes a character: its name for people and for Python."""

    shown: str
    codec: str
    seldom: int = 0
    """What it costs to begin with: few write it nowadays."""


OLD_ENCODINGS = (
    Old("Windows-1252", "cp1252"),  # "CSV" of spreadsheets on Windows in Western Europe and America
    Old("MacRoman", "mac_roman"),  # "CSV (Macintosh)"
    Old("CP850", "cp850", seldom=1),  # "CSV (MS-DOS)"
    Old("CP949", "cp949"),  # "CSV" on Korean Windows
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What the bytes of a file are taken for.

    Attributes:
        encoding: the one that is known; None where none is.
        readings: of one cell that shows the difference, by the names of encodings.
    """

    encoding: Old | None
    readings: tuple[tuple[str, str], ...]


_STRANGE, _RARE = 4, 2
_CLEARLY = 3
_KNOWN = 8
_MOST_CELLS = 500
_LONGEST = 400
"""So many characters of a cell are looked at."""
_APART = bytes.maketrans(b',;\t\r"={}[]:', b"\n" * 11)
"""What parts cells in any of the kinds of files."""
_USUAL = frozenset("äöüßéèêëàâáåæøœçñíìîïóòôõúùûãÄÖÜÉÈÊËÀÂÁÅÆØŒÇÑÍÌÎÏÓÒÔÕÚÙÛ")
"""Letters of Western European names. Others are rarer."""
_NO_LETTER_BESIDE = r"(?<![^\W\d_]).(?![^\W\d_])"
_SIGNS: tuple[tuple[str, str], ...] = (
    ("½¼¾", _NO_LETTER_BESIDE),
    ("²³", r"(?<=[\w)\]]).(?![^\W\d_]{2})"),
    ("×÷·±≤≥≠≈−", r"(?<=[\d)\] ]).(?=[\d([ +-])|^.(?=\s*[\d.,(+-])"),
    ("×·", r"(?<=[\w)\]]).(?=[\w([])(?<![^\W\d_]{2}.)(?!.[^\W\d_]{2})"),
    ("°", r"(?<=\d)."),
    ("√", r".(?=[\d(])|(?<![^\W\d_]).(?=[^\W\d_])"),
    ("∂", r"(?:^|(?<=[\s/(*])).(?=[^\W\d_])"),
    ("π∞", _NO_LETTER_BESIDE),
    ("–—", r"(?:^|(?<=\s)).(?=[\s\d.,])|(?<=\d).(?=\d)"),
    ("’", r"(?<=\b[^\W\d_]).(?=[^\W\d_]{2})|(?<=[^\W\d_]).(?=(?:s|t|ll|re|ve|d|m)\b)"),
    ("‘“„«", r"(?<!\w).(?=\w[^’”“»]*[’”“»])"),
    ("’”“»", r"(?<=[\w.,?!]).(?!\w)"),
    ("…", r"(?<=[a-zß-ÿ.,?! ]).(?!\w)"),
    ("\u00a0", r"(?<=[\w.,]).(?=[\dA-ZÀ-Þ(]|$)|^.(?=[\d+-])"),
)
"""Signs, and where they stand: the character that `.` meets. A sign that is in no row is strange."""
_STANDS = {sign: re.compile("|".join(where for signs, where in _SIGNS if sign in signs))
           for signs, _ in _SIGNS for sign in signs}  # fmt: skip


def _letter(text: str, i: int) -> int:
    """Return what a Latin letter costs where it stands."""
    letter, before, after = text[i], text[i - 1 : i], text[i + 1 : i + 2]
    cost = 0 if letter in _USUAL else _RARE
    initial = letter.isupper() and after == "." and not before.isalpha()
    if not (before.isalpha() or after.isalpha() or initial) or before.isdigit() or letter in "ﬁﬂ":
        return _STRANGE
    if letter.isupper():
        return _STRANGE if before.islower() or (before.isupper() and after.islower()) else cost
    if after.isupper() or (not before.isalpha() and letter == "ÿ"):
        return _STRANGE
    if letter == "ß" and before.lower() not in "aäeiouöüáéóyr":
        return _STRANGE
    return _RARE if letter in "ãõ" and after not in "aeo" else cost


def _hangul(text: str, i: int) -> int:
    beside = text[i - 1 : i] + text[i + 1 : i + 2]
    if any(c.isalpha() and not "가" <= c <= "힣" for c in beside):
        return _STRANGE
    rare = len(text[i].encode("euc_kr")) > 2  # of the 11,172 syllables, one of those that hardly occur
    return _RARE if rare else 0


def _cost(text: str) -> int:
    """Return how strange a text is.

    >>> _cost("Müller"), _cost("M¸ller"), _cost("2½"), _cost("2Ω"), _cost("김민수")
    (0, 4, 0, 4, 0)
    """
    cost = 0
    for i, c in enumerate(text):
        if c.isascii():
            continue
        if "가" <= c <= "힣":
            cost += _hangul(text, i)
        elif c in _STANDS:
            cost += 0 if _STANDS[c].match(text, i) else _STRANGE
        elif c.isalpha() and unicodedata.name(c, "").startswith("LATIN"):
            cost += _letter(text, i)
        else:
            cost += _STRANGE
    return cost


def cells_not_ascii(path: Path) -> Iterator[bytes]:
    """Yield the cells of a file that have other bytes than ASCII, each once, the first ones."""
    seen: set[bytes] = set()
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(65_536):
            if chunk.isascii() and rest.isascii():
                rest = chunk[-1_000:]
                continue
            text = rest + chunk
            end = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 or len(text)
            rest = text[end:][:1_000_000]
            for cell in _not_ascii(text[:end]):
                if cell not in seen:
                    seen.add(cell)
                    yield cell
                if len(seen) == _MOST_CELLS:
                    return
        yield from (cell for cell in _not_ascii(rest) if cell not in seen)


def _not_ascii(text: bytes) -> Iterator[bytes]:
    return (cell for cell in text.translate(_APART).split(b"\n") if not cell.isascii())


def _as_utf_8(cell: bytes) -> bool:
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def guessed(cells: Iterable[bytes], known: Callable[[str], bool]) -> Guess | None:
    """Return what cells are written in; None where most are UTF-8, which the others were meant to be.

    >>> guess = guessed([b"M\\xfcller", b"2\\xbd"], lambda text: False)
    >>> guess.encoding.shown, guess.readings
    ('Windows-1252', (('Windows-1252', 'Müller'),))
    >>> guessed([b"Toma\\x9a"], lambda text: False).readings[:2]
    (('MacRoman', 'Tomaö'), ('Windows-1252', 'Tomaš'))
    """
    listed = [cell.strip() for cell in cells]
    if 2 * sum(map(_as_utf_8, listed)) >= len(listed):
        return None
    costs: list[tuple[int, int, Old, list[str]]] = []
    for old in OLD_ENCODINGS:
        try:
            texts = [cell.decode(old.codec)[:_LONGEST] for cell in listed]
        except UnicodeDecodeError:
            continue
        told = [known(text) for text in texts]
        strange = sum(_cost(text) for text, sure in zip(texts, told, strict=True) if not sure)
        costs.append((strange + old.seldom - _KNOWN * sum(told), strange, old, texts))
    costs.sort(key=lambda found: found[0])
    if not costs:
        return Guess(None, ())
    best, strange, old, texts = costs[0]
    clear = all(other >= best + _CLEARLY for other, _, _, others in costs[1:] if others != texts)
    if clear and strange <= len(listed):
        shown = next((text for text in texts if known(text)), texts[0])
        return Guess(old, ((old.shown, shown),))
    showing = max(range(len(listed)), key=lambda i: len({texts[i] for *_, texts in costs}))
    return Guess(None, tuple((old.shown, texts[showing]) for _, _, old, texts in costs[:3]))
