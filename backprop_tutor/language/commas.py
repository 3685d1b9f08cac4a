"""Assignments parted by commas: `w = -2, x = 5` are values, and formulas are parted by `;`.

Enters: statements as the scanner found them. Leaves: the statements, one an assignment, and the
fault of a comma between formulas, which may as well belong to a list.
"""

from __future__ import annotations

from ..errors import Fault
from ..sentences import said
from .tokens import CLOSES, OPENS, Statement, Token

__all__ = ["parted"]

_CONSTANT = frozenset({"NUMBER", "MINUS", "PLUS", "TIMES", "DIVIDE", "POWER", "LPAR", "RPAR", "super"})
_NAMED = frozenset({"pi", "e", "⟨pi⟩", "sqrt"})


def parted(statements: list[Statement], text: str) -> tuple[list[Statement], list[Fault]]:
    """Return the statements, those with several assignments cut at their commas, and the faults."""
    found: list[Statement] = []
    faults: list[Fault] = []
    for statement in statements:
        cuts = _cuts(statement.tokens)
        if not cuts:
            found.append(statement)
            continue
        pieces = _pieces(statement, cuts)
        formula = next((i for i, piece in enumerate(pieces[1:]) if not _is_value(piece)), None)
        if formula is not None:
            comma = statement.tokens[cuts[formula]].span
            shown = "; ".join(
                text[p.tokens[0].span.start : p.tokens[-1].span.stop] for p in pieces if p.tokens
            )
            hint = said(
                "assignments are parted by `;`: {which}",
                which=shown if len(shown) <= 80 else "a = …; b = …",
            )
            faults.append(Fault(said("a comma between two assignments"), comma, hint))
        found += pieces
    return found, faults


def _cuts(tokens: list[Token]) -> list[int]:
    """Return the commas behind which an assignment begins, except those of a left side."""
    cuts: list[int] = []
    depth, comma, begun = 0, -1, False
    for i, token in enumerate(tokens):
        if token.kind in OPENS:
            depth += 1
        elif token.kind in CLOSES:
            depth -= 1
        elif depth == 0 and token.kind == "COMMA":
            comma = i
        elif depth == 0 and token.kind == "EQUALS":
            left = tokens[:comma]
            names = all(t.kind in ("word", "COMMA") for t in left)
            if comma > 0 and (begun or not names) and tokens[comma + 1].kind == "word":
                cuts.append(comma)
            begun = True
    return cuts


def _pieces(statement: Statement, cuts: list[int]) -> list[Statement]:
    pieces = []
    for start, stop in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(statement.tokens)], strict=True):
        tokens = statement.tokens[start:stop]
        last = stop == len(statement.tokens)
        end = statement.stop if last else statement.tokens[stop].span.start
        equals = next((i for i, t in enumerate(tokens) if t.kind == "EQUALS"), None)
        pieces.append(Statement(tokens, equals, end))
    return [piece for piece in pieces if piece.tokens]


def _is_value(statement: Statement) -> bool:
    right = statement.tokens[(statement.equals or 0) + 1 :]
    return bool(right) and all(
        t.kind in _CONSTANT or (t.kind == "word" and t.text in _NAMED) for t in right
    )
