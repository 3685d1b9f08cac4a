"""How a name looks: its letter, its accent, what stands above and below; and names that look alike.

Enters: a name as programs keep it, `y_hat_1`. Leaves: `ŷ₁`, or its parts for other notations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from .symbols import ACCENTS, GREEK, SUBSCRIPTS

__all__ = ["AsTyped", "NameParts", "name_parts", "shown_name", "told_apart"]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NAME = re.compile(
    rf"([A-Za-z]+?)(\d*)(?:_({'|'.join(ACCENTS)})(\d*))?(?:_([A-Za-z0-9]+(?:_[A-Za-z0-9]+)*))?\Z"
)


class AsTyped(str):
    """A name that is shown as it was typed, since another one of its program would look the same."""

    __slots__ = ()


class NameParts(NamedTuple):
    """A name as it is set: a letter (Greek by its name), an accent's name, what stands above and below."""

    stem: str
    accent: str
    above: str
    below: str


def name_parts(name: str) -> NameParts | None:
    """Return how a name is set; None for one that is set as a word.

    >>> name_parts("w2_21"), name_parts("price")
    (NameParts(stem='w', accent='', above='2', below='21'), None)
    >>> name_parts("y_hat_1")
    NameParts(stem='y', accent='hat', above='', below='1')
    """
    match = _NAME.match(name)
    if match is None or isinstance(name, AsTyped):
        return None
    stem, digits, accent, behind, below = match.groups()
    if len(stem) > 1 and stem not in GREEK:
        return None
    if below is None:
        if digits and behind:
            return None
        return NameParts(stem, accent or "", "", digits + (behind or ""))
    if behind or "_" in below:
        return None
    return NameParts(stem, accent or "", digits, below)


def told_apart(names: Iterable[str]) -> dict[str, AsTyped]:
    """Return those of the names that would be shown alike, `w1` and `w_1`, as they are to be shown.

    >>> told_apart(["w1", "w_1", "w2", "b_1"])
    {'w1': 'w1', 'w_1': 'w_1'}
    """
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        alike.setdefault(shown_name(name), []).append(name)
    return {name: AsTyped(name) for group in alike.values() if len(group) > 1 for name in group}


@lru_cache(maxsize=8192, typed=True)  # an AsTyped is equal to its text, and shown otherwise
def shown_name(name: str) -> str:
    """Return a name as it is shown: Greek letters, accents and subscripts where Unicode has them.

    >>> [shown_name(n) for n in ("w1", "theta_i", "y_hat", "w2_21", "net_h1", "x1w1", "y_hat_1")]
    ['w₁', 'θᵢ', 'ŷ', 'w⁽²⁾₂₁', 'net_h1', 'x1w1', 'ŷ₁']
    """
    parts = name_parts(name)
    if parts is None or not all(c in SUBSCRIPTS for c in parts.below):
        return str(name)
    if len(parts.below) > 2 and not parts.below.isdigit():
        return str(name)
    base = GREEK.get(parts.stem, parts.stem)
    if parts.accent:
        base = unicodedata.normalize("NFC", base + ACCENTS[parts.accent])
    above = f"⁽{parts.above.translate(_RAISED)}⁾" if parts.above else ""
    return base + above + "".join(SUBSCRIPTS[c] for c in parts.below)
