"""Equalities in a cell: `df/dx = 0.5`, `1/2 = 0.5`, `a*b = 0.5 ≈ 0.50`: what was worked out stands last.

Enters: a text in plain characters. Leaves: the part that answers. Two numbers that are not the same, or
another quantity's name, are refused by name.
"""

from __future__ import annotations

import re

from ...sentences import said
from .around import alone
from .spelled import Cell, Spelled, Step, refused

__all__ = ["last_of_equals"]

_SIGN = re.compile(
    r"\s*(?:(?<![<>!=:])={1,2}(?![=>])|:=|≈|→|->|\\approx\b|(?<=\S) (?:is|ist|equals) (?=\S)"
    r"|(?<=\w|\)):(?=\s))\s*"
)
_SIGNS = ("=", "≈", "→", "->", "\\approx", " is ", " ist ", " equals ", ": ")
_BESIDE = re.compile(r"([+\-]?[\d.,/]+) ?\( ?[=≈~] ?([+\-]?[\d.,/]+) ?\)\Z")
_NUMERAL = re.compile(r"(?<![\w.])[+\-]?\.?\d")
_CALLED = re.compile(r"[^\W\d][\w']*\([^()]*\)\Z")
_WORK = 0.06
"""Work and result may differ by a rounding to two figures."""


def last_of_equals(text: str, cell: Cell) -> Step | Spelled | None:
    """Return the part of an equality that answers; None where there is no `=`.

    >>> last_of_equals("answer here = 0.5", Cell()).text
    '0.5'
    """
    if not any(sign in text for sign in _SIGNS):
        return None
    beside = _BESIDE.match(text)
    parts = [beside[1], beside[2]] if beside else [part.strip() for part in _SIGN.split(text)]
    parts = [part for part in parts if part]
    if any(part.count("(") != part.count(")") for part in parts):
        return None
    if len(parts) < 2:
        return Step(parts[0]) if parts and parts[0] != text else None
    answer = _answer(parts, cell)
    bare = alone(answer, cell)
    value = cell.number_of(bare.text if isinstance(bare, Step) else answer)
    for place, part in enumerate(parts):
        if part is answer:
            continue
        fault = _fault(text, part, answer, value, cell, place == 0)
        if fault is not None:
            return fault
    if len(parts) == 2 and cell.quantity_of(parts[0]) == cell.quantity:
        return Step(answer)
    if answer is parts[-1]:
        left = " = ".join(parts[:-1])
        return Step(answer, said("without {remark} before it", remark=f"`{left}`"))
    return Step(answer, said("the formula alone"))


def _answer(parts: list[str], cell: Cell) -> str:
    """Return the part that answers: the last; where a formula is asked for the last that has names."""
    if cell.formula:
        named = [part for part in parts[1:] if _has_names(part, cell)]
        if named:
            return named[-1]
        if _has_names(parts[0], cell) and cell.quantity_of(parts[0]) is None:
            return parts[0]
    return parts[-1]


def _has_names(text: str, cell: Cell) -> bool:
    return any(word in cell.names for word in re.findall(r"[^\W\d_]\w*", text))


def _fault(
    text: str, part: str, answer: str, value: float | None, cell: Cell, first: bool
) -> Spelled | None:
    """Return why a part of an equality makes it no answer; None where it may stand there."""
    named = cell.quantity_of(part)
    if named == cell.quantity:
        return None
    number = cell.number_of(part)
    same = number is not None and value is not None and _near(number, value)
    if named is not None:
        if same or not first:
            return None
        return refused(text, said("this is about {named}, and the cell asks for {quantity}",
                                  named=f"`{named}`", quantity=f"`{cell.quantity}`"))  # fmt: skip
    if number is None and _NUMERAL.search(part) and not _CALLED.match(part):
        return refused(text, said("`{one}` and `{other}` both say a number; write the one you mean",
                                  one=part, other=answer))  # fmt: skip
    if number is None or value is None or same or _has_names(part, cell) or _has_names(answer, cell):
        return None
    return refused(text, said("`{one}` and `{other}` are not the same number; write the one you mean",
                              one=part, other=answer))  # fmt: skip


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _WORK * max(abs(one), abs(other)) + 1e-12
