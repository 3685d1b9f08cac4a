"""Where a comparison may stand: first in `where(x > 0, a, b)`, alone in an indicator `1[x > 0]`.

Enters: the tokens of a formula, its words read. Leaves: the same, the 1 before a comparison in
brackets marked as an indicator and its brackets as round ones, and a fault for every comparison that
stands elsewhere: a comparison is no number.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Fault
from ..sentences import said
from .tokens import CLOSES, OPENS, Token

__all__ = ["mark_comparisons"]

_ONES = frozenset({("NUMBER", "1"), ("NAME", "I"), ("ONE", "1")})
"""What an indicator is written with; 𝟙 has become a 1, and a ONE is LaTeX's alone."""


@dataclass(slots=True)
class _Bracket:
    """An open bracket: its token, what stands before it, its argument at present."""

    left: Token | None
    before: Token | None
    argument: int = 0
    compared: bool = False

    @property
    def chooses(self) -> bool:
        return self.before is not None and (self.before.kind, self.before.text) == ("FUNCTION", "where")

    @property
    def indicates(self) -> bool:
        return self.before is not None and (self.before.kind, self.before.text) in _ONES


def mark_comparisons(tokens: list[Token]) -> list[Fault]:
    """Mark the indicators, and return the faults of comparisons that stand where none can."""
    if all(token.kind not in ("COMPARE", "ONE") for token in tokens):
        return []
    faults: list[Fault] = []
    opened = [_Bracket(None, None)]
    for i, token in enumerate(tokens):
        inside = opened[-1]
        if token.kind in OPENS:
            before = tokens[i - 1] if i and token.kind in ("LPAR", "LBRACE") else None
            opened.append(_Bracket(token, before))
        elif token.kind in CLOSES and len(opened) > 1:
            opened.pop()
            if inside.compared and inside.indicates:
                _indicate(inside, token)
        elif token.kind == "COMMA":
            inside.argument += 1
            if inside.compared and inside.indicates:
                faults.append(Fault(said("an indicator holds one comparison alone"), token.span))
        elif token.kind == "COMPARE":
            fault = _misplaced(inside, token)
            faults += [fault] if fault else []
            inside.compared = True
    return faults + [_without(token) for token in tokens if token.kind == "ONE"]


def _without(token: Token) -> Fault:
    return Fault(
        said("an indicator without its comparison"), token.span, said("write \\mathbb{1}[x > 0]")
    )


def _misplaced(inside: _Bracket, token: Token) -> Fault | None:
    if not (inside.indicates or inside.chooses) or inside.argument:
        return Fault(
            said('a comparison is no number'), token.span,
            said('it stands first in where(x > 0, a, b), or in an indicator 1[x > 0]'),
        )  # fmt: skip
    if inside.compared:
        return Fault(
            said('a chain of comparisons'), token.span,
            said('one at a time: where(0 < x, where(x < 1, a, b), b), or 1[0 < x]*1[x < 1]'),
        )  # fmt: skip
    return None


def _indicate(inside: _Bracket, right: Token) -> None:
    assert inside.left is not None  # an indicator has both
    assert inside.before is not None
    inside.before.kind = "INDICATOR"
    inside.left.kind, inside.left.text = "LPAR", "("
    right.kind, right.text = "RPAR", ")"
