"""The tokens of the language: what a word of it is, and which tokens open, part and close.

The scanner, the matching of bars and the messages about brackets all go by these sets.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Span

__all__ = [
    "BETWEEN",
    "CLOSES",
    "ENDS_OPERAND",
    "OPENS",
    "PARTS",
    "STARTS_OPERAND",
    "Reach",
    "Statement",
    "Token",
]


@dataclass(frozen=True, slots=True)
class Reach:
    """Over which numbers a sum or a product goes, and what its index is called."""

    index: str
    low: int
    high: int
    product: bool = False


@dataclass(slots=True)
class Token:
    """One word of the language: its kind (a terminal of the grammar), its text, its place.

    `tight` tells that nothing stood between it and the token before. `layer` is for a name with a
    raised number in brackets, `z^{(2)}`: the name without it, and the number. `note` is to be said
    where the token is read as its text tells; `reach` is a sum's range.
    """

    kind: str
    text: str
    span: Span
    tight: bool = False
    layer: tuple[str, str] | None = None
    note: str = ""
    reach: Reach | None = None


@dataclass(slots=True)
class Statement:
    """The tokens of one assignment or formula; `equals` is where its `=` stands, if any.

    `stop` is where it ends in the text; it begins where the one before ended.
    """

    tokens: list[Token]
    equals: int | None = None
    stop: int = 0


OPENS = frozenset(
    {"LPAR", "LIST_OPEN", "LBRACE", "FRAC", "ROOT", "ROOT_INDEX", "BAR_OPEN", "BASED", "CASES"}
)
"""Behind these something begins that has an end; those with braces or parts are of LaTeX."""

BETWEEN = frozenset({"OVER", "ROOT_OF"})
"""These end one part and begin the next."""

CLOSES = frozenset({"RPAR", "LIST_CLOSE", "RBRACE", "CLOSE", "BAR_CLOSE", "BASE_END", "CASES_END"})

PARTS = OPENS | BETWEEN | CLOSES

ENDS_OPERAND = frozenset({"NUMBER", "NAME", "TRANSPOSED", "INDEX"}) | CLOSES
STARTS_OPERAND = frozenset({"NUMBER", "NAME", "FUNCTION", "DEFINED", "INDICATOR"}) | OPENS
"""Between the end of one operand and the start of the next a multiplication sign was left out."""
