"""What is said besides the number: `answer: 0.5`, `≈ 0.5`, `0.5 (rounded)`, `0.5 m`, `50 %`, `0.5.`.

Enters: a text in plain characters. Leaves: the number alone, and what was left out. A word that is a
name of the program, or nearly one, is a formula's; a word that changes a number is never left out.
"""

from __future__ import annotations

import re
import unicodedata

from ...errors import did_you_mean
from ...ops import FUNCTIONS
from ...sentences import said
from .nothing import is_product
from .numerals import numerals
from .spelled import Cell, Spelled, Step, ambiguous

__all__ = ["alone"]

_NUMERAL = (
    r"[+\-]?\s*(?:\d{1,3}(?: \d{3})+(?![\d ])(?:[.,]\d+)?|\d+(?:[.,'·_]\d+)*\.?|[.,]\d+"
    r"|\\d?frac\s*\{\d+\}\s*\{\d+\})"
    r"(?:\s?[eE][+\-]?\d+(?!\w)|\s*(?:[*·×x]|\\times|\\cdot)\s*10\s*"
    r"(?:(?:\^|\*\*)\s*[({]?\s*[+\-]?\d+\s*[)}]?|[⁻⁺]?[⁰¹²³⁴-⁹]+))?"
)
_VALUE = rf"(?:{_NUMERAL}(?:\s*/\s*{_NUMERAL})?|[+\-]?[¼-¾⅐-⅞])"
_LEAD = re.compile(
    r"(?:(?:=+>?|:=?|->|-->|→|≈+|~+|≙|\\approx\b|\\sim\b|\\simeq\b)"
    r"|(?:(?:the |my |final |so |its? |value |it's |it is )*"
    r"(?:ans(?:wer)?|result|value|solution|approx(?:imately)?\.?|about|around|roughly|nearly|circa|ca?\.|ungefähr|etwa"
    r"|rund|gerundet|antwort|ergebnis|lösung|env\.|environ|aprox\.?|réponse|respuesta|답은?|정답은?"
    r"|약|대략|값은?|maybe|probably|perhaps|i think|i guess|so|thus|hence|therefore|∴|also|daher|vielleicht"
    r"|it's|it is|equals?|is)"
    r"(?: is| ist| equals)?\s*[:=≈~]*)(?=[\s\d.,+\-(:=≈~]))\s*",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"(?P<number>{_VALUE})\s*(?:%|\\%|percent|per cent|pct\.?|prozent|퍼센트|프로)\W*\Z",
    re.IGNORECASE,
)
_MILLE = re.compile(rf"(?P<number>{_VALUE})\s*‰\Z")
_ELLIPSIS = re.compile(r"(?P<number>[+\-]?\d*[.,]\d+)\s*(?:\.{2,}|…|\\[lc]?dots)\Z")
_POINT_AT_END = re.compile(rf"(?P<number>{_VALUE}|[+\-]?\d+[.,]\d+)\s*(?P<end>[.;,:?!…]+|=+)\Z")
_REMARK = re.compile(
    rf"(?P<number>{_VALUE}(?:\s*[%‰])?)(?P<gap>\s*)(?P<remark>(?:[^\d\s+\-*/^=<>.,'_%‰°]|//|to ).*)\Z",
    re.DOTALL,
)
_COMMENT = re.compile(
    r"(?P<formula>.*[^\s(])\s+(?:[(\[](?P<words>[^()\[\]\d=+*/^<>]*[^\W\d][^()\[\]\d=+*/^<>]*)[)\]])\Z"
)
_ROUNDED_TO = re.compile(
    r"(?:(?:rounded|correct|accurate|gerundet)\s+)?(?:(?:to|auf)\s+)?\d{1,2}\s*"
    r"(?:s\.?\s?f\.?|d\.?\s?p\.?|sig(?:nificant)?\.?\s*(?:fig(?:ure)?s?|digits?)\.?|decimals?(?:\s+places?)?"
    r"|places|digits|figures|stellen|자리)(?![\w.])",
    re.IGNORECASE,
)
"""How far a number was rounded, in words: `(3 s.f.)`, `to 2 decimal places`."""

_SIGNED = re.compile(r"(?P<sign>minus|negative|neg\.?|plus|positive) (?=[\d.,(√πe\\½¼¾])", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CHANGES = frozenset({
    "plus", "minus", "times", "over", "by", "squared", "cubed", "half", "third", "quarter", "thousand",
    "million", "billion", "hundred", "dozen", "percent", "percentage", "per", "or", "and", "not", "to",
    "until", "between", "less", "more", "than", "mod", "root", "power", "divided", "multiplied",
    "negative", "positive", "oder", "und", "nicht", "mal", "durch", "bis", "pi",
})  # fmt: skip
"""Words that make another number of the one before them."""

_UNITS = frozenset({
    "m", "s", "g", "V", "A", "N", "J", "W", "C", "Ω", "Hz", "kg", "cm", "mm", "km", "ms", "ns", "mol",
    "rad", "unit", "units", "px", "bit", "bits", "nat", "nats", "pts", "point", "points", "eur", "usd",
    "nm", "um", "kW", "mV", "mA", "kV", "MHz", "GHz", "kHz", "Pa", "kPa", "bar", "cal", "m/s", "s/m",
    "px/s",
})  # fmt: skip


def alone(text: str, cell: Cell) -> Step | Spelled | None:
    """Return a number without what is said besides it; None where nothing is.

    >>> [alone(t, Cell()).text for t in ("approx. 0.5", "0.5 (rounded)", "50 %", "0.5.", "answer: 1/2")]
    ['0.5', '0.5', '50e-2', '0.5', '1/2']
    >>> alone("2 x", Cell(names=frozenset("x"))), alone("0.5 thousand", Cell())
    (None, None)
    """
    signed = _SIGNED.match(text)
    if signed and not _names(signed.group(), cell):
        sign = "" if signed["sign"][0] in "pP" else "-"
        return Step(f"{sign}{text[signed.end() :]}")
    lead = _LEAD.match(text)
    if lead and lead.end() < len(text) and not _names(lead.group(), cell):
        return Step(text[lead.end() :].strip())
    percent = _PERCENT.match(text)
    if percent:
        return _scaled(text, percent["number"], -2, said("a percentage: a hundredth of it"), cell)
    mille = _MILLE.match(text)
    if mille:
        return _scaled(text, mille["number"], -3, said("a thousandth of it"), cell)
    dots = _ELLIPSIS.match(text)
    if dots:
        return Step(dots["number"], said("the digits that are typed"), (_repeated(dots["number"]),))
    end = _POINT_AT_END.match(text)
    if end and not (end["end"].startswith("!") and end["number"].isdigit()):
        return Step(end["number"].strip())
    return _without_remark(text, cell) or _without_comment(text, cell)


def _without_comment(text: str, cell: Cell) -> Step | None:
    """Return a formula before words in brackets of which none is a name."""
    found = _COMMENT.match(text)
    if not found:
        return None
    words = _WORD.findall(found["words"] or "")
    if any(len(w) < 3 or is_product(w, cell.names) or w in FUNCTIONS for w in words):
        return None
    remark = text[found.end("formula") :].strip()
    return Step(found["formula"], said("without the remark {remark}", remark=f"`{remark}`"))


def _names(text: str, cell: Cell) -> bool:
    return any(word in cell.names for word in _WORD.findall(text))


def _scaled(text: str, number: str, power: int, how: str, cell: Cell) -> Step | Spelled:
    """Return a numeral times a power of ten, with the figures that were typed."""
    read = numerals(number.strip(), cell)
    if isinstance(read, Spelled):
        return ambiguous(text, *(f"{reading}e{power}" for reading in read.readings))
    number = number.strip() if read is None else read.text
    plain = re.fullmatch(r"[+\-]?[\d.]+", number)
    told = ", ".join(each for each in ("" if read is None else read.how, how) if each)
    return Step(f"{number}e{power}" if plain else f"({number})/1{'0' * -power}", told)


def _repeated(number: str) -> str:
    """Return a decimal with its last digit going on: 0.33… is a third."""
    return number + number[-1] * 12


def _without_remark(text: str, cell: Cell) -> Step | None:
    """Return the number before a unit or a remark in words."""
    found = _REMARK.match(text)
    if not found:
        return None
    remark = found["remark"].strip()
    comment = remark.startswith(("#", "//"))
    plain = _ROUNDED_TO.sub("rounded", remark)
    if not comment and any(character.isdigit() or character in "+*^=<>√π∞±%‰°" for character in plain):
        return None
    words = _WORD.findall(plain)
    if words and not comment and not _only_words(words, plain, cell, bool(found["gap"])):
        return None
    if not words and any(unicodedata.category(character)[0] not in "SZCM" for character in remark):
        return None
    if not words and any(character in "$|~`^°" for character in remark):
        return None
    return Step(found["number"].strip(), said("without the remark {remark}", remark=f"`{remark}`"))


def _only_words(words: list[str], remark: str, cell: Cell, gap: bool) -> bool:
    """Return whether words behind a number leave it what it is."""
    first = words[0]
    if is_product(first, cell.names) or first in FUNCTIONS or first.casefold() in FUNCTIONS:
        return False
    if any(word.casefold() in _CHANGES for word in words):
        return False
    if remark.strip("[]()") in _UNITS:
        return not any(name.startswith(first) for name in cell.names)
    if len(words) > 1 or remark[0] in "([{":
        return len(first) > 1 or len(words) > 1
    return gap and (len(first) > 2 or not first.isascii()) and not did_you_mean(first, cell.names)
