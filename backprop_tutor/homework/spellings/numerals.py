"""Numerals with commas, points, apostrophes and spaces in them: which are decimals, which group digits.

Enters: a text and the decimal mark that the other numbers show. Leaves: the text with decimal points and
nothing else in its numerals, or that a numeral may mean two numbers. Nothing is guessed: `1,000` is
decided by the other numbers, or by nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ...sentences import said
from .spelled import Cell, Spelled, Step, ambiguous

__all__ = ["numerals", "other_readings"]

_BODY = re.compile(
    r"(?<![\w.,'’·])(?:\d{1,3}(?: \d{3})+(?![\d ])(?:[.,]\d+)?|\d+(?:[.,'’_·]\d+)*|[.,]\d+)"
    r"(?:(?P<power>[eE][+\-]?\d+)(?!\w))?(?![\d'’]|·\d)"
)
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:(?P<sign>[.,'’_ ·])\d{3})(?:(?P=sign)\d{3})*\Z")
_LAKHS = re.compile(r"[1-9]\d?(?:,\d{2})*,\d{3}\Z")
_THOUSAND = re.compile(r"[1-9]\d{0,2}[.,]\d{3}\Z")
_POINTED = re.compile(r"[+\-−]?[1-9]\d{0,2}\.\d{3}\Z")
_PLAIN = re.compile(r"[+\-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d+)?\Z")

How = Literal["", "comma", "grouped", "middle"]


@dataclass(frozen=True, slots=True)
class _Numeral:
    """One numeral, read: its digits with a decimal point, and what else they may be."""

    text: str
    how: How = ""
    other: str = ""
    open: bool = False


def numerals(text: str, cell: Cell) -> Step | Spelled | None:
    """Return the text with its numerals in the language's spelling; None where they are.

    >>> step = numerals("1.234,5", Cell())
    >>> step.text, numerals("0,5", Cell()).text, numerals("1'000", Cell()).text
    ('1234.5', '0.5', '1000')
    >>> numerals("1,000", Cell()).readings, numerals("1,000", Cell(mark=",")).text
    (('1.000', '1000'), '1.000')
    """
    if _PLAIN.match(text) and not (cell.mark != "." and _POINTED.match(text)):
        return None
    if cell.formula and not any(character.isalpha() for character in text):
        return None  # no number answers where a formula is asked for; the language says the rest
    found: list[str] = []
    others: list[str] = []
    hows: list[How] = []
    start, doubtful = 0, False
    for match in _BODY.finditer(text):
        alone = text[: match.start()].strip("+-− ") == "" and match.end() == len(text)
        if _in_a_call(text, match.start(), match.end()) or ("·" in match.group() and not alone):
            continue  # arguments and products stay what they are
        read = _numeral(match.group().removesuffix(match["power"] or ""), match["power"] or "", cell.mark)
        if read is None:
            return None  # the language says what is wrong there
        between = text[start : match.start()]
        found += [between, read.text + (match["power"] or "")]
        others += [between, (read.other or read.text) + (match["power"] or "")]
        doubtful |= read.open
        if read.how:
            hows.append(read.how)
        start = match.end()
    whole, other = "".join([*found, text[start:]]), "".join([*others, text[start:]])
    if doubtful:
        return ambiguous(text, whole, other, why=said("the other numbers do not show which"))
    if whole == text and other == whole:
        return None
    return Step(whole, _told(hows, whole), (other,) if other != whole else ())


def other_readings(text: str, cell: Cell) -> tuple[str, ...]:
    """Return what a plain number with a point may mean besides: `1.234` is 1234 where commas are decimal.

    >>> other_readings("1.234", Cell()), other_readings("1.234", Cell(mark="."))
    (('1234',), ())
    """
    if cell.mark == "." or not _POINTED.match(text):
        return ()
    return (text.replace(".", ""),)


def _told(hows: list[How], text: str) -> str:
    if "comma" in hows:
        return said("the comma as the decimal mark")
    if "middle" in hows:
        return said("the raised point as the decimal mark")
    if "grouped" in hows:
        return said("digits in groups of three")
    return ""


def _in_a_call(text: str, start: int, stop: int) -> bool:
    """Return whether a numeral with a comma stands in brackets, where commas part arguments."""
    if "," not in text[start:stop]:
        return False
    before = text[:start]
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")


def _numeral(body: str, power: str, mark: str) -> _Numeral | None:
    """Return one numeral read; None for what is none, as `1.2.3`."""
    signs = [c for c in body if not c.isdigit()]
    if not signs:
        return _Numeral(body)
    kinds = list(dict.fromkeys(signs))
    if len(kinds) > 2:
        return None
    if len(kinds) == 2:
        last = kinds[1]
        whole, _, part = body.rpartition(last)
        if last in whole or last not in ".," or not (_GROUPS.match(whole) or _LAKHS.match(whole)):
            return None
        return _Numeral(f"{_digits(whole)}.{part}", "comma" if last == "," else "grouped")
    (sign,) = kinds
    if len(signs) > 1:
        grouped = _GROUPS.match(body) or (sign == "," and _LAKHS.match(body))
        return _Numeral(_digits(body), "grouped") if grouped and sign != "·" else None
    whole, _, part = body.partition(sign)
    if sign in "'’_ ":
        return _Numeral(_digits(body), "grouped") if _GROUPS.match(body) else None
    point = f"{whole}.{part}"
    if sign == "·":
        return _middle(whole, part, point)
    if power or not _THOUSAND.match(body):
        return _Numeral(point, "comma" if sign == "," else "")
    return _thousand(sign, point, _digits(body), mark)


def _middle(whole: str, part: str, point: str) -> _Numeral | None:
    """Return `0·5`: a decimal in British hands; a product where that is right and the decimal is not."""
    product = f"{whole}*{part}"
    return _Numeral(point, "middle", product, open=whole.strip("0") != "")


def _thousand(sign: str, point: str, digits: str, mark: str) -> _Numeral:
    """Return a numeral such as `1,234` or `1.234`, which may be either."""
    if mark == sign:
        return _Numeral(point, "comma" if sign == "," else "", digits if sign == "," else "")
    if mark:
        return _Numeral(digits, "grouped", point)
    if sign == ".":
        return _Numeral(point, "", digits)
    return _Numeral(point, "comma", digits, open=True)


def _digits(body: str) -> str:
    return "".join(c for c in body if c.isdigit())
