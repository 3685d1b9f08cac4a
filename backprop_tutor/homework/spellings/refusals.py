"""What is typed for a number and is none, each refused by its name: dates, ranges, inequalities, ratios.

Enters: a text in plain characters. Leaves: why it is refused, with the remedy. A rule is a row of `_ROWS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...sentences import N_, sentence
from .spelled import Cell, Spelled, ambiguous, refused

__all__ = ["refusal"]

_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|mär(?:z)?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?)\.?"
)
_NUMBER = r"[+\-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:e[+\-]?\d+)?"
_DAY_OR_MONTH = r"(?:0?[1-9]|[12]\d|3[01])"


@dataclass(frozen=True, slots=True)
class _Row:
    """A kind of text that is no number: how it looks, what it is, and what to do."""

    looks: re.Pattern[str]
    reason: str


def _row(pattern: str, reason: str) -> _Row:
    return _Row(re.compile(pattern + r"\Z", re.IGNORECASE), reason)


_DATE = N_(
    "`{text}` is a date: a spreadsheet makes one of a fraction such as 1/2; type 0.5, or set the column to "
    "text first"
)

_ROWS = (
    _row(rf"\d{{1,2}}(?:st|nd|rd|th)?[-./ ]*{_MONTH}[-./, ]*(?:\d{{2,4}})?(?:[ t]\d[\d:.]*)?", _DATE),
    _row(rf"{_MONTH}[-./ ]*\d{{1,4}}(?:st|nd|rd|th)?(?:[-./, ]+\d{{2,4}})?", _DATE),
    _row(r"(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}\.?(?:[ t]\d.*)?", _DATE),
    _row(rf"{_DAY_OR_MONTH}([-./]){_DAY_OR_MONTH}\1(?:19|20)\d\d(?:[ t]\d.*)?", _DATE),
    _row(rf"{_DAY_OR_MONTH}([./]){_DAY_OR_MONTH}\1\d\d|0[1-9]([-./])0[1-9]\2(?:\d\d)?", _DATE),
    _row(r"(?:0[1-9]|[12]\d|3[01])\. ?(?:0[1-9]|1[0-2])\.", _DATE),
    _row(r"(?:(?:19|20)\d\d년 ?)?\d{1,2}월 ?\d{1,2}일", _DATE),
    _row(r"\d{1,2}-(?:19|20)\d\d", _DATE),
    _row(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?",
         N_("`{text}` is a time of day: a spreadsheet makes one of a ratio; type it as 1/2 or 0.5")),
    _row(rf"{_NUMBER} ?: ?{_NUMBER}", N_("`{text}` is a ratio; a division is written with `/`: 1/2")),
    _row(r"#(?:div/0!|name\?|value!|ref!|num!|null!|wert!|bezug!|zahl!)|#{2,}",
         N_("`{text}` is a spreadsheet's error, and no number")),
    _row(rf"(?:[<>≤≥≠]|<=|>=|!=|\\[lg]e?q?\b) ?{_NUMBER}.*|.*[\dA-Za-z)] ?(?:[<>≤≥]=?) ?[\dA-Za-z(.\-].*",
         N_("`{text}` is an inequality; one number is expected")),
    _row(rf"(?:±|\+/-|\+-|-/\+|\\pm ?) ?{_NUMBER}.*",
         N_("`{text}` says two numbers; write the one you mean")),
    _row(rf"{_NUMBER} ?(?:±|\+/-|\+-|-\+|\\pm ?) ?{_NUMBER}.*",
         N_("`{text}` is a number and how far it may be off; write the number alone")),
    _row(rf"(?:between |zwischen |from |von )?{_NUMBER} ?(?:to|bis|until|\.{{2,3}}|…|~) ?{_NUMBER}",
         N_("`{text}` is a range; one number is expected")),
    _row(rf"(?:between|zwischen) {_NUMBER} (?:and|und) {_NUMBER}",
         N_("`{text}` is a range; one number is expected")),
    _row(rf"{_NUMBER}(?: ?[;&|\n] ?| ?, | (?:or|and|oder|und|또는|then|not|vs\.?) ){_NUMBER}.*",
         N_("`{text}` is two numbers; write the one you mean")),
    _row(r"[+\-]?\d*[.,]\d*\(\d+\)|[+\-]?\d*[.,]\d*(?:\d[\u0304\u0305\u0307])+|.*\\overline\{?\d+\}?.*",
         N_("`{text}` has digits that repeat; write a fraction such as 1/3, or enough digits")),
    _row(r"(?:minus |negative |plus )?(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|half|eins"
         r"|zwei|drei|halb|영|일|이|삼)(?: (?:half|third|quarter|point|halves|thirds|quarters|fourths).*)?",
         N_("`{text}` is a number in words; type it in digits")),
    _row(rf"{_NUMBER} ?(?:k|thousand|million|mio\.?|mil|mn|bn|billion|mrd\.?|hundred|dozen|tausend"
         r"|tsd\.?|lakh|crore|십|백|천|만|억)",
         N_("`{text}` has a multiplier in words; write all its digits, or 5e3")),
    _row(rf"{_NUMBER} ?(?:°|deg|degrees?|grad|도)",
         N_("`{text}` is an angle in degrees; numbers here have no unit: write it in radians")),
    _row(rf"{_NUMBER} ?-", N_("`{text}` has its sign behind it; write the sign before the number")),
    _row(rf"{_NUMBER}[ij]", N_("`{text}` is an imaginary number; answers are real numbers")),
)  # fmt: skip

_MIXED = re.compile(r"(?P<sign>[+\-]?) ?(?P<whole>\d+) (?P<part>\d+ ?/ ?\d+)\Z")
_VULGAR = re.compile(r"(?P<sign>[+\-]?) ?(?P<whole>\d+) ?(?P<part>[¼-¾⅐-⅞↉])\Z")
_DASHED = re.compile(rf"(?P<low>{_NUMBER}) ?[–—] ?(?P<high>{_NUMBER})\Z")
_TWICE = re.compile(r"-- ?(?P<number>\d+(?:\.\d+)?)\Z")
_APART = re.compile(
    r"(?P<number>[+\-]?(?:\d+(?:\.\d*)?|\.\d+)) ?[eE](?: (?P<a>[+\-]) ?|(?P<b>[+\-]) )(?P<power>\d{1,3})\Z"
)
_LOST = re.compile(r"(?P<number>[+\-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)) ?[*·×xX] ?10 ?(?P<power>[+\-]\d{1,3})\Z")
_BESIDE = re.compile(r"(?P<number>[+\-]?\d+(?:\.\d+)?) \((?P<other>[+\-]?\d+(?:\.\d+)?)\)\Z")
_DAY = re.compile(r"(?P<day>0[1-9]|[12]\d|3[01])\.(?P<month>0[1-9]|1[0-2])\Z")


def refusal(text: str, cell: Cell) -> Spelled | None:
    """Return why a text is refused, or that it may mean several things; None where it may be an answer.

    >>> refusal("1-Feb", Cell()).kind, refusal("-2 1/2", Cell()).readings
    ('refused', ('-(2 + 1/2)', '-2*1/2'))
    """
    if len(text) > 200:
        return None
    for row in _ROWS:
        if row.looks.match(text) and not _of_names(text, cell):
            return refused(text, sentence(row.reason).format(text=text))
    return None if cell.formula else _open(text)


def _of_names(text: str, cell: Cell) -> bool:
    """Return whether a word in the text is a name of the program."""
    return any(word in cell.names for word in re.findall(r"[^\W\d_]\w*", text))


def _open(text: str) -> Spelled | None:
    """Return the readings of a text that has several."""
    mixed = _MIXED.match(text) or _VULGAR.match(text)
    if mixed:
        sign, whole, part = mixed["sign"], mixed["whole"], mixed["part"]
        return ambiguous(text, f"{sign}({whole} + {part})", f"{sign}{whole}*{part}")
    dashed = _DASHED.match(text)
    if dashed:
        return ambiguous(text, f"{dashed['low']} - {dashed['high']}", f"{dashed['low']} … {dashed['high']}")
    twice = _TWICE.match(text)
    if twice:
        return ambiguous(text, twice["number"], f"-{twice['number']}")
    apart = _APART.match(text)
    if apart:
        sign = apart["a"] or apart["b"]
        power = f"{sign}{apart['power']}"
        return ambiguous(text, f"{apart['number']}e{power}", f"{apart['number']}*e {sign} {apart['power']}")
    lost = _LOST.match(text)
    if lost:
        number, power = lost["number"], lost["power"]
        return ambiguous(text, f"{number}e{power}", f"{number}*10 {power[0]} {power[1:]}")
    beside = _BESIDE.match(text)
    if beside:
        return ambiguous(text, beside["number"], f"{beside['number']}*{beside['other']}")
    day = _DAY.match(text)
    if day:
        first = int(day["day"])
        return ambiguous(text, f"{first}.{day['month']}", f"{first}/{int(day['month'])}")
    return None
