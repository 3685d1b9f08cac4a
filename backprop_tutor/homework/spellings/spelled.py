"""The records of the reading layer: what a cell is read as, and what the reading may look at.

Enters: nothing but numbers and texts. Leaves: a `Spelled`, which says how a text was read, and the `Cell`
that the passes ask. No text is evaluated here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ...sentences import said

__all__ = ["Cell", "Kind", "Spelled", "Step", "ambiguous", "refused"]

Kind = Literal["read", "nothing", "ambiguous", "refused"]


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text, read.

    Attributes:
        text: what is judged, in the language's own spelling.
        kind: "read"; "nothing" for what says that there is no answer; "ambiguous" where it may mean
            several things; "refused" for what is no answer that can be judged.
        how: how it was read, for the student; empty where it stands as it was typed.
        readings: what else it may mean; one that is right where `text` is wrong is for a person to see.
        reason: why it is ambiguous or refused.
    """

    text: str
    kind: Kind = "read"
    how: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What a pass makes of a text, and how that is said; nothing is said of what everyone reads so."""

    text: str
    how: str = ""
    readings: tuple[str, ...] = ()


def refused(text: str, reason: str) -> Spelled:
    """Return that a text is no answer that can be judged, and why."""
    return Spelled(text, "refused", reason=reason)


def ambiguous(text: str, *readings: str, why: str = "") -> Spelled:
    """Return that a text may mean several things."""
    listed = said(" or ").join(f"`{reading}`" for reading in readings)
    reason = said("`{given}` may mean {readings}; {why}", given=text, readings=listed,
                  why=why or said("write which one"))  # fmt: skip
    return Spelled(text, "ambiguous", readings=readings, reason=reason)


def _nothing(text: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Cell:
    """What the reading of an answer may look at.

    Attributes:
        quantity: the cell's name, as `df/dx`.
        names: the names that formulas here may use.
        formula: whether a formula is asked for.
        mark: the decimal mark that the other numbers show: "," or "."; "" where they show none.
        quantity_of: the canonical name of a quantity of the program that a text spells; None if none.
        number_of: a text's number at the problem's point; None if it has none.
    """

    quantity: str = ""
    names: frozenset[str] = frozenset()
    formula: bool = False
    mark: str = ""
    quantity_of: Callable[[str], str | None] = _nothing
    number_of: Callable[[str], float | None] = _nothing
