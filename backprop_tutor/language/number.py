"""A number typed as an answer or a value: `-2`, `1/3`, `pi/2`, `1e-3`, `sqrt(2)`.

Enters: the text of one number. Leaves: a `Value`, exact where it was typed exactly. What is refused
here and nowhere else: decimal commas, percentages, lists, truth values, infinities.
"""

from __future__ import annotations

import re

from ..errors import DomainError, Fault, ParseError, Span, quoted
from ..sentences import said
from .evaluate import Value, evaluated
from .limits import NUMBER
from .parser import parse_formula

__all__ = ["parse_number"]

_NOT_FINITE = re.compile(r"[+\-−]?\s*(?:inf|infinity|nan|∞|\\infty)\Z", re.IGNORECASE)
_COMMA = re.compile(r"\s*([+\-−]?\d+),(\d+)\s*\Z")
_TRUTH = re.compile(r"(?:true|false|yes|no|none|null)\Z", re.IGNORECASE)
_IMAGINARY = re.compile(r"[\d.+\-−()*\s]*\d\s*[ijIJ]\Z")


def parse_number(text: str, *, source: str = "") -> Value:
    """Return the number that a text says, with remarks on how it was read.

    Whole numbers and fractions of them stay exact (`Fraction`); decimals and functions are float64.

    Raises:
        ParseError: text that is not a number; with line, column and caret.
        LimitError: more than 400 characters.
        DomainError: no finite real value: a division by zero, an overflow, `inf`, `nan`.

    >>> parse_number("1/3").value, parse_number("−2").value, parse_number("1e-3").value
    (Fraction(1, 3), Fraction(-2, 1), 0.001)
    >>> parse_number("1e-400")
    Value(value=0.0, notes=('`1e-400` is too small for float64 and was read as 0',))
    """
    stripped = text.strip()
    if len(stripped) <= NUMBER.characters:
        _refuse(text, stripped, source)
    tree, notes = parse_formula(text, (), limits=NUMBER, source=source)
    value = evaluated(tree, {})
    return Value(value.value, (*notes, *value.notes))


def _refuse(text: str, stripped: str, source: str) -> None:
    """Refuse what people type for numbers and what is none, each with its own remedy."""
    start = text.find(stripped) if stripped else 0
    whole = Span(start, start + max(1, len(stripped)))

    def refused(message: str, hint: str, span: Span = whole) -> ParseError:
        return ParseError(text, [Fault(message, span, hint)], source)

    if not stripped:
        raise refused(
            said("no number is written here"), said("write a number, such as 0.25 or 1/4")
        )
    if _NOT_FINITE.match(stripped):
        raise DomainError(said("{stripped} is not a finite number", stripped=quoted(stripped)))
    if _TRUTH.match(stripped):
        raise refused(
            said("{stripped} is not a number", stripped=quoted(stripped)),
            said("a truth value is not 1 or 0"),
        )
    comma = _COMMA.match(text)
    if comma:
        before, after = comma.groups()
        place = Span(comma.start(2) - 1, comma.start(2))
        grouped = (
            said("; if it groups thousands, write {before}{after}", before=before, after=after)
            if len(after) == 3
            else ""
        )
        raise refused(
            said("a comma in a number"),
            said(
                "write {before}.{after}: the decimal mark is a point{grouped}",
                before=before,
                after=after,
                grouped=grouped,
            ),
            place,
        )
    if stripped.endswith("%"):
        place = Span(start + len(stripped) - 1, start + len(stripped))
        raise refused(
            said("a percentage is not accepted"), said("write it as a decimal: 52% is 0.52"), place
        )
    if stripped[0] in "[{<":
        raise refused(
            said("a list is not a number"), said("write one number, without brackets around it")
        )
    if _IMAGINARY.match(stripped):
        raise refused(said("an imaginary number is not accepted"), said("answers are real numbers"))
