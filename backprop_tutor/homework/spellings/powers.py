"""Powers of ten as people write them: `4.386 x 10^-4`, `·10⁻⁴`, `5 e-1`, `1.5D-3`.

Enters: a text in plain characters. Leaves: the same number as `4.386e-4`, with the figures typed.
"""

from __future__ import annotations

import re

from ...sentences import said
from .spelled import Cell, Spelled, Step

__all__ = ["powers"]

_NUMBER = r"(?P<number>[+\-]?\s?(?:\d[\d'_]*(?:[.,·]\d+)?|\d+\.|[.,]\d+))"
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TEN = re.compile(
    rf"{_NUMBER}\s*(?:[*·×xX]|\\times|\\cdot|\s)\s*10\s*"
    r"(?:(?:\^|\*\*)\s*[({]?\s*(?P<power>[+\-]?\s?\d{1,3})\s*[)}]?|(?P<raised>[⁻⁺]?[⁰¹²³⁴-⁹]{1,3}))\Z"
)
_SPACED = re.compile(rf"{_NUMBER} [eE](?P<power>[+\-]?\d{{1,3}})\Z")
_OTHER = re.compile(rf"{_NUMBER}(?:[dD](?P<a>[+\-]?\d{{1,3}})|\*\^(?P<b>[+\-]?\d{{1,3}}))\Z")


def powers(text: str, cell: Cell) -> Step | Spelled | None:
    """Return a number with a power of ten as `4.386e-4`; None where it has none, or has that form.

    >>> [powers(t, Cell()).text for t in ("4.386 x 10^-4", "4.386·10⁻⁴", "5 e-1", "1.5D-3")]
    ['4.386e-4', '4.386e-4', '5e-1', '1.5e-3']
    """
    if cell.formula and cell.names & {"x", "X", "e", "d", "D"}:
        return None
    ten = _TEN.match(text)
    if ten:
        power = (ten["power"] or ten["raised"].translate(_RAISED)).replace(" ", "")
        return Step(f"{_joined(ten['number'])}e{power}", said("a power of ten"))
    spaced = _SPACED.match(text)
    if spaced:
        return Step(f"{_joined(spaced['number'])}e{spaced['power']}", said("a power of ten"))
    other = _OTHER.match(text)
    if other and not cell.names & {"d", "D"}:
        return Step(f"{_joined(other['number'])}e{other['a'] or other['b']}", said("a power of ten"))
    return None


def _joined(number: str) -> str:
    return number.replace(" ", "")
